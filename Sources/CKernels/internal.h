// Shared by the kernels: how one body is compiled for several processors.
#ifndef GRAPHEION_KERNELS_INTERNAL_H
#define GRAPHEION_KERNELS_INTERNAL_H
#include "CKernels.h"
#include <math.h>

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

BODY float exp_of(float x) {
  // e^x = 2^n e^r with |r| <= ln 2 / 2 in two parts (Cody & Waite 1980); a polynomial for e^r. Some 2e-7 off at most.
  x = x > 88 ? 88 : x < -87 ? -87 : x;
  const float n = rintf(x * 1.44269504f);
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  float power;
  const unsigned bits = (unsigned)((int)n + 127) << 23;
  __builtin_memcpy(&power, &bits, 4);
  return (p * r * r + r + 1) * power;
}

#endif
