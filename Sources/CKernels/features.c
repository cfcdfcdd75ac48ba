// What the processor can do, and what it is held to.
#include "CKernels.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static int path_of(const char *held) {
#if defined(__x86_64__)
  int most = GRAPHEION_AVX512;
  if (held && !strcmp(held, "avx2")) most = GRAPHEION_AVX2;
  if (held && !strcmp(held, "plain")) most = GRAPHEION_PLAIN;
  if (most >= GRAPHEION_AVX512 && __builtin_cpu_supports("x86-64-v4")) return GRAPHEION_AVX512;
  if (most >= GRAPHEION_AVX2 && __builtin_cpu_supports("x86-64-v3")) return GRAPHEION_AVX2;
#endif
  (void)held;
  return GRAPHEION_PLAIN;
}

int grapheion_best_path(void) {
  static _Atomic int known = -1;
  int path = atomic_load_explicit(&known, memory_order_relaxed);
  if (path < 0) {
    path = path_of(getenv("GRAPHEION_PROCESSOR"));
    atomic_store_explicit(&known, path, memory_order_relaxed);
  }
  return path;
}
