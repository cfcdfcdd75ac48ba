// Tiles of AMX: registers of sixteen rows of 64 bytes, and products of two of them.
#ifndef GRAPHEION_TILES_H
#define GRAPHEION_TILES_H

#define GRAPHEION_TILE_DEPTH 32  // halves of a row

/// Before and after products of a thread: makes the registers, and gives them back, so that a change of threads need not save them. Nothing without tiles.
void grapheion_tiles_begin(void);
void grapheion_tiles_end(void);
/// C[32][32] (+)= rows[32][kc] times a packed panel [kc / 2][32][2]; kc is a multiple of 32.
void grapheion_tile(long kc, const unsigned short *rows, const unsigned short *packed, float *c, long ldc, int accumulate);

#endif
