// What ncurses knows of terminals (terminfo), plus accessors for what Swift cannot see: macros and variadics.
#ifndef GRAPHEION_CNCURSESW_H
#define GRAPHEION_CNCURSESW_H
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <sys/ioctl.h>

// <term.h> defines macros with everyday names (`lines`, `columns`); this is all we need of it.
extern int setupterm(const char *name, int descriptor, int *status);

// A capability of the terminal by its terminfo name; NULL where it has none.
static inline const char *gr_string(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}
// A capability with its parameters filled in; valid until the next call.
static inline const char *gr_filled(const char *capability, int first, int second) {
  return tparm(capability, (long)first, (long)second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}
static inline int gr_flag(const char *name) { return tigetflag(name) > 0; }

static inline int gr_window_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

// The window in pixels, where the system knows.
static inline int gr_window_pixels(int descriptor, int *width, int *height) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_xpixel == 0 || size.ws_ypixel == 0) return -1;
  *width = size.ws_xpixel;
  *height = size.ws_ypixel;
  return 0;
}

// A file without a name, in memory.
int memfd_create(const char *, unsigned int);
static inline int gr_memory_file(void) { return memfd_create("grapheion-stderr", 1 /* close on exec */); }
#endif
