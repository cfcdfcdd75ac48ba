// ncurses with its wide functions, plus accessors for what Swift cannot see:
// macros, variadics and the shared mutable globals.
#ifndef GRAPHEION_CNCURSESW_H
#define GRAPHEION_CNCURSESW_H
#define NCURSES_WIDECHAR 1
#include <locale.h>
#include <ncurses.h>
static inline WINDOW *gr_stdscr(void) { return stdscr; }
#endif
