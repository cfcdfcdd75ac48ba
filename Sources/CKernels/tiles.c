// Products of bfloat16 by the tiles of AMX (Intel, Architecture Instruction Set Extensions, chapter 3): where the processor has them
// and Linux lends them to the process.
#include "tiles.h"
#include "CKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TILES __attribute__((target("amx-tile,amx-bf16")))
#define ASK_FOR_STATE 0x1023  // ARCH_REQ_XCOMP_PERM
#define TILE_DATA 18          // XFEATURE_XTILEDATA

static int ask(void) {
  const char *held = getenv("GRAPHEION_PROCESSOR");
  unsigned a, b, c, d;
  if ((held && !strcmp(held, "avx512")) || !grapheion_has_halves() || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const unsigned needed = 1u << 22 | 1u << 24;  // AMX-BF16, AMX-TILE
  return (d & needed) == needed && syscall(SYS_arch_prctl, ASK_FOR_STATE, TILE_DATA) == 0;
}

int grapheion_has_tiles(void) {
  static _Atomic int known = -1;
  int has = atomic_load_explicit(&known, memory_order_relaxed);
  if (has < 0) {
    has = ask();
    atomic_store_explicit(&known, has, memory_order_relaxed);
  }
  return has;
}

TILES static void begin(void) {
  struct {
    unsigned char palette, start, unused[14];
    unsigned short bytes[16];
    unsigned char rows[16];
  } shapes;
  memset(&shapes, 0, sizeof shapes);
  shapes.palette = 1;
  for (int i = 0; i < 8; i++) {
    shapes.bytes[i] = 64;
    shapes.rows[i] = 16;
  }
  _tile_loadconfig(&shapes);
}

TILES static void end(void) { _tile_release(); }

void grapheion_tiles_begin(void) {
  if (grapheion_has_tiles()) begin();
}

void grapheion_tiles_end(void) {
  if (grapheion_has_tiles()) end();
}

TILES void grapheion_tile(long kc, const unsigned short *rows, const unsigned short *packed, float *c, long ldc, int accumulate) {
  const long step = ldc * (long)sizeof(float), pitch = kc * (long)sizeof(short);
  if (accumulate) {
    _tile_loadd(0, c, step);
    _tile_loadd(1, c + 16, step);
    _tile_loadd(2, c + 16 * ldc, step);
    _tile_loadd(3, c + 16 * ldc + 16, step);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  for (long p = 0; p < kc; p += GRAPHEION_TILE_DEPTH) {
    _tile_loadd(4, rows + p, pitch);
    _tile_loadd(6, packed + 32 * p, 128);
    _tile_loadd(7, packed + 32 * p + 32, 128);
    _tile_loadd(5, rows + 16 * kc + p, pitch);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, c, step);
  _tile_stored(1, c + 16, step);
  _tile_stored(2, c + 16 * ldc, step);
  _tile_stored(3, c + 16 * ldc + 16, step);
}
#else
int grapheion_has_tiles(void) { return 0; }
void grapheion_tiles_begin(void) {}
void grapheion_tiles_end(void) {}
void grapheion_tile(long kc, const unsigned short *rows, const unsigned short *packed, float *c, long ldc, int accumulate) {
  (void)kc, (void)rows, (void)packed, (void)c, (void)ldc, (void)accumulate;
  __builtin_trap();
}
#endif
