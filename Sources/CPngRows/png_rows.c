#include "CPngRows.h"
#include <png.h>
const char *grapheion_png_version(void) { return png_get_libpng_ver(0); }
