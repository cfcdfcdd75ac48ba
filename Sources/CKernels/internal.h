// Shared by the kernels: how one body is compiled for several processors.
#ifndef GRAPHEION_KERNELS_INTERNAL_H
#define GRAPHEION_KERNELS_INTERNAL_H
#include "CKernels.h"

/// A kernel's body; it is inlined into each of the functions below, and vectorised there.
#define BODY static inline __attribute__((always_inline))

#if defined(__x86_64__)
/// Defines grapheion_NAME from the body NAME: compiled for AVX-512, AVX2 and any x86-64, chosen by the processor.
#define FOR_EACH_PROCESSOR(result, name, parameters, arguments)                                        \
  __attribute__((target("arch=x86-64-v4"))) static result name##_v4 parameters { return name arguments; } \
  __attribute__((target("arch=x86-64-v3"))) static result name##_v3 parameters { return name arguments; } \
  static result name##_plain parameters { return name arguments; }                                     \
  result grapheion_##name parameters {                                                                 \
    switch (grapheion_best_path()) {                                                                   \
      case GRAPHEION_AVX512: return name##_v4 arguments;                                               \
      case GRAPHEION_AVX2: return name##_v3 arguments;                                                 \
      default: return name##_plain arguments;                                                          \
    }                                                                                                  \
  }
#else
#define FOR_EACH_PROCESSOR(result, name, parameters, arguments) \
  result grapheion_##name parameters { return name arguments; }
#endif

BODY long least(long a, long b) { return a < b ? a : b; }
BODY long most(long a, long b) { return a > b ? a : b; }

#endif
