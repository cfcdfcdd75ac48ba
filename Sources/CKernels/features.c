// What the processor can do.
#include "CKernels.h"

int grapheion_best_path(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return GRAPHEION_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return GRAPHEION_AVX2;
#endif
  return GRAPHEION_PLAIN;
}
