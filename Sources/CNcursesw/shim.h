// ncurses with its wide functions, plus accessors for what Swift cannot see:
// macros, variadics and the shared mutable globals.
#ifndef GRAPHEION_CNCURSESW_H
#define GRAPHEION_CNCURSESW_H
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <ncurses.h>
#include <stdio.h>
#include <sys/ioctl.h>

// <term.h> defines macros with everyday names (`lines`, `columns`); this is all we need of it.
extern int setupterm(const char *name, int descriptor, int *status);

static inline SCREEN *gr_open(void) { return newterm(NULL, stdout, stdin); }
static inline WINDOW *gr_stdscr(void) { return stdscr; }
static inline int gr_colours(void) { return COLORS; }
static inline int gr_pairs(void) { return COLOR_PAIRS; }

static inline attr_t gr_bold(void) { return A_BOLD; }
static inline attr_t gr_dim(void) { return A_DIM; }
static inline attr_t gr_underline(void) { return A_UNDERLINE; }
static inline attr_t gr_reverse(void) { return A_REVERSE; }

// Puts one cell: a letter with its marks (at most CCHARW_MAX wide characters,
// ended by 0), attributes, and a colour pair beyond the 8 bits of a chtype.
static inline int gr_put(int y, int x, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
  return mvwadd_wch(stdscr, y, x, &cell);
}

// A capability of the terminal by its terminfo name; NULL where it has none.
static inline const char *gr_string(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}
static inline int gr_flag(const char *name) { return tigetflag(name) > 0; }

static inline int gr_window_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

// A file without a name, in memory.
int memfd_create(const char *, unsigned int);
static inline int gr_memory_file(void) { return memfd_create("grapheion-stderr", 1 /* close on exec */); }
#endif
