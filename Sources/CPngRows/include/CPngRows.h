// Reads and writes PNG rows. libpng reports errors with longjmp, which must not cross
// Swift frames: every entry here keeps its setjmp inside and returns a status instead.
#ifndef GRAPHEION_CPNGROWS_H
#define GRAPHEION_CPNGROWS_H
const char *grapheion_png_version(void);
#endif
