// Products of stored matrices with few columns: row by row, as the bytes stand in the file. What limits them is how fast memory
// gives the rows.
#include "stored.h"
#include <math.h>

long grapheion_rounded_bytes(int kind, long k) {
  return ((is_whole(kind) ? 4 * (k / 32) + 4 * (k / shared_of(kind)) + k : 4 * k) + 63) & ~63L;
}

long grapheion_stored_bytes(int kind, long k) {
  return k / (is_whole(kind) ? 32 * groups_of(kind) : 1) * block_bytes(kind);
}

// Rounding ----------------------------------------------------------------------------------

/// Bytes of 32 numbers and their sums.
BODY void round_group(const float *x, float factor, int shared, signed char *q, float scale, float *sums) {
  for (int h = 0; h < 32; h += shared) {
    int sum = 0;
    for (int i = h; i < h + shared; i++) {
      const float v = rintf(x[i] * factor);
      const int whole = (int)(v > 127 ? 127 : v < -127 ? -127 : v);
      q[i] = (signed char)whole;
      sum += whole;
    }
    sums[h / shared] = scale * (float)sum;
  }
}

/// The largest size of some numbers. Without their signs floats are in the order of their bits, and those of whole numbers are compared
/// several at once.
BODY float largest(long count, const float *x) {
  int top = 0;
  for (long i = 0; i < count; i++) {
    int bits;
    memcpy(&bits, x + i, 4);
    bits &= 0x7FFFFFFF;
    top = bits > top ? bits : top;
  }
  return float_of((unsigned)top);
}

/// The same with its sign; of two that are as large the first counts.
BODY float largest_signed(long count, const float *x) {
  int most = 0, least = 0;
  for (long i = 0; i < count; i++) {
    int bits;
    memcpy(&bits, x + i, 4);
    const int other = bits ^ (int)0x80000000;
    most = bits > most ? bits : most;
    least = other > least ? other : least;
  }
  if (most != least) return most > least ? float_of((unsigned)most) : -float_of((unsigned)least);
  for (long i = 0; i < count; i++)
    if (fabsf(x[i]) == float_of((unsigned)most)) return x[i];
  return 0;
}

BODY void round_column(int kind, long k, const float *x, void *out) {
  if (!is_whole(kind)) {
    float *y = out;
    if (kind == F32) memcpy(y, x, 4 * (size_t)k);
    if (kind == F16)
      for (long i = 0; i < k; i++) y[i] = (float)(_Float16)x[i];
    if (kind == BF16)
      for (long i = 0; i < k; i++) {
        unsigned u;
        memcpy(&u, x + i, 4);
        y[i] = float_of((u + 0x7FFF + (u >> 16 & 1)) & 0xFFFF0000);
      }
    return;
  }
  float *scales = out, *sums = scales + k / 32;
  const int shared = shared_of(kind);
  signed char *q = (signed char *)(sums + k / shared);
  const long size = is_super(kind) ? 256 : 32;
  for (long p = 0; p < k; p += size) {
    float factor = 0, scale = 0;
    if (size == 32) {  // ggml's Q8_0: the scale is a half
      const float top = largest(32, x + p);
      scale = (float)(_Float16)(top / 127);
      factor = top > 0 ? 127 / top : 0;
    } else {           // ggml's Q8_K: the largest number becomes -127
      const float top = largest_signed(256, x + p);
      if (top != 0) factor = -127 / top, scale = 1 / factor;
    }
    for (long g = 0; g < size; g += 32) {
      scales[(p + g) / 32] = scale;
      round_group(x + p + g, factor, shared, q + p + g, scale, sums + (p + g) / shared);
    }
  }
}

BODY void round_columns(int kind, long m, long k, const float *x, long ldx, void *out, long stride) {
  for (long c = 0; c < m; c++) {
    char *to = (char *)out + c * stride;
    const float *from = x + c * ldx;
    switch (kind) {
      case F32: round_column(F32, k, from, to); break;
      case F16: round_column(F16, k, from, to); break;
      case BF16: round_column(BF16, k, from, to); break;
      case Q6_K: round_column(Q6_K, k, from, to); break;
      case Q4_K: case Q5_K: round_column(Q4_K, k, from, to); break;
      default: round_column(Q8_0, k, from, to);
    }
  }
}

FOR_EACH_PROCESSOR(void, round_columns, (int kind, long m, long k, const float *x, long ldx, void *out, long stride),
                   (kind, m, k, x, ldx, out, stride))

/// Numbers as q8_0 or halves: a row of a cache.
BODY void store_row(int kind, long k, const float *x, void *out) {
  unsigned char *b = out;
  if (kind != Q8_0) {
    for (long i = 0; i < k; i++) {
      const _Float16 h = (_Float16)x[i];
      memcpy(b + 2 * i, &h, 2);
    }
    return;
  }
  for (long p = 0; p < k; p += 32, b += 34) {
    const float top = largest(32, x + p);
    const _Float16 scale = (_Float16)(top / 127);
    const float factor = top > 0 ? 127 / top : 0;
    memcpy(b, &scale, 2);
    for (long i = 0; i < 32; i++) b[2 + i] = (unsigned char)(signed char)rintf(x[p + i] * factor);
  }
}

FOR_EACH_PROCESSOR(void, store_row, (int kind, long k, const float *x, void *out), (kind, k, x, out))

// One row with one column -------------------------------------------------------------------

static float plain_dot(int kind, long k, const unsigned char *row, const void *column) {
  float sum = 0;
  if (!is_whole(kind)) {
    const float *x = column;
    for (long i = 0; i < k; i++) {
      float w;
      if (kind == F32) memcpy(&w, row + 4 * i, 4);
      else w = kind == F16 ? half_value(short_at(row + 2 * i)) : float_of((unsigned)short_at(row + 2 * i) << 16);
      sum += w * x[i];
    }
    return sum;
  }
  const float *scales = scales_of(column), *sums = sums_of(column, k);
  const signed char *q = bytes_of(kind, column, k);
  const int groups = groups_of(kind), shared = shared_of(kind);
  for (long g = 0; g < k / 32; g++) {
    const unsigned char *b = row + g / groups * block_bytes(kind);
    unsigned char values[32];
    float scale[2], offset[2];
    plain_values(kind, b, (int)(g % groups), values);
    plain_scales(kind, b, (int)(g % groups), scale, offset);
    for (int h = 0; h < 32; h += shared) {
      int whole = 0;
      for (int i = h; i < h + shared; i++) whole += values[i] * q[32 * g + i];
      sum += scale[h / 16] * scales[g] * (float)whole - offset[h / 16] * sums[(32 * g + h) / shared];
    }
  }
  return sum;
}

void grapheion_stored_values(int kind, long k, const void *row, float *out) {
  const unsigned char *b = row;
  if (!is_whole(kind)) {
    for (long i = 0; i < k; i++) {
      if (kind == F32) memcpy(out + i, b + 4 * i, 4);
      else out[i] = kind == F16 ? half_value(short_at(b + 2 * i)) : float_of((unsigned)short_at(b + 2 * i) << 16);
    }
    return;
  }
  const int groups = groups_of(kind);
  for (long g = 0; g < k / 32; g++) {
    const unsigned char *block = b + g / groups * block_bytes(kind);
    unsigned char values[32];
    float scale[2], offset[2];
    plain_values(kind, block, (int)(g % groups), values);
    plain_scales(kind, block, (int)(g % groups), scale, offset);
    for (int i = 0; i < 32; i++) out[32 * g + i] = scale[i / 16] * (float)values[i] - offset[i / 16];
  }
}

#if defined(__x86_64__)
/// Sums of four products each, of bytes without and with a sign.
#define DOTS_V3 static inline __attribute__((target("arch=x86-64-v3"), always_inline))
#define DOTS_VNNI static inline __attribute__((target("arch=x86-64-v4,avx512vnni"), always_inline))

DOTS_V3 __m256i dots_v3(int kind, __m256i values, __m256i q) {
  const __m256i ones = _mm256_set1_epi16(1);
  if (kind != Q8_0) return _mm256_madd_epi16(_mm256_maddubs_epi16(values, q), ones);
  // Pairs of full bytes would not fit: the sign goes to the other side, and the offset is put back.
  const __m256i x = _mm256_xor_si256(values, _mm256_set1_epi8((char)0x80));
  return _mm256_madd_epi16(_mm256_maddubs_epi16(_mm256_abs_epi8(x), _mm256_sign_epi8(q, x)), ones);
}

DOTS_VNNI __m256i dots_vnni(int kind, __m256i values, __m256i q) {
  (void)kind;
  return _mm256_dpbusd_epi32(_mm256_setzero_si256(), values, q);
}

#define DEFINE_DOT(PATH, TARGET, OFFSET)                                                                          \
  static inline __attribute__((target(TARGET), always_inline)) float whole_dot_##PATH(                           \
      int kind, long k, const unsigned char *row, const void *column) {                                          \
    const float *scales = scales_of(column), *sums = sums_of(column, k);                                         \
    const signed char *q = bytes_of(kind, column, k);                                                            \
    __m256 sum = _mm256_setzero_ps(), less = _mm256_setzero_ps();                                                \
    float lone = 0;                                                                                              \
    if (!is_super(kind)) {                                                                                       \
      for (long g = 0; g < k / 32; g++, row += block_bytes(kind), q += 32) {                                     \
        const float scale = _cvtsh_ss(short_at(row));                                                            \
        const __m256i whole = dots_##PATH(kind, values32(kind, row, 0), _mm256_loadu_si256((const __m256i *)q)); \
        sum = _mm256_fmadd_ps(_mm256_set1_ps(scale * scales[g]), _mm256_cvtepi32_ps(whole), sum);                \
        lone += scale * sums[g];                                                                                 \
      }                                                                                                          \
      return sum8(sum) - (kind == Q4_0 ? 8 : (OFFSET)) * lone;                                                   \
    }                                                                                                            \
    for (long p = 0; p < k / 256; p++, row += block_bytes(kind), q += 256, scales += 8) {                        \
      float by[16];                                                                                              \
      const __m256 common = _mm256_set1_ps(scales[0]);                                                           \
      if (kind == Q6_K) {                                                                                        \
        const __m256 low = scales6(row, 0), high = scales6(row, 8);                                              \
        less = _mm256_fmadd_ps(_mm256_mul_ps(low, _mm256_set1_ps(32)), _mm256_loadu_ps(sums), less);             \
        less = _mm256_fmadd_ps(_mm256_mul_ps(high, _mm256_set1_ps(32)), _mm256_loadu_ps(sums + 8), less);        \
        _mm256_storeu_ps(by, _mm256_mul_ps(low, common));                                                        \
        _mm256_storeu_ps(by + 8, _mm256_mul_ps(high, common));                                                   \
        sums += 16;                                                                                              \
      } else {                                                                                                   \
        __m256 scale, offset;                                                                                    \
        scales8(row, &scale, &offset);                                                                           \
        less = _mm256_fmadd_ps(offset, _mm256_loadu_ps(sums), less);                                             \
        _mm256_storeu_ps(by, _mm256_mul_ps(scale, common));                                                      \
        sums += 8;                                                                                               \
      }                                                                                                          \
      _Pragma("clang loop unroll(full)") for (int g = 0; g < 8; g++) {                                           \
        const __m256i whole =                                                                                    \
            dots_##PATH(kind, values32(kind, row, g), _mm256_loadu_si256((const __m256i *)(q + 32 * g)));        \
        const __m256 scale = kind == Q6_K                                                                        \
            ? _mm256_set_m128(_mm_set1_ps(by[2 * g + 1]), _mm_set1_ps(by[2 * g])) : _mm256_set1_ps(by[g]);       \
        sum = _mm256_fmadd_ps(scale, _mm256_cvtepi32_ps(whole), sum);                                            \
      }                                                                                                          \
    }                                                                                                            \
    return sum8(_mm256_sub_ps(sum, less));                                                                       \
  }                                                                                                              \
  static inline __attribute__((target(TARGET), always_inline)) float float_dot_##PATH(                           \
      int kind, long k, const unsigned char *row, const float *x) {                                              \
    const long step = block_bytes(kind);                                                                         \
    __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;                                                  \
    long i = 0;                                                                                                  \
    for (; i + 32 <= k; i += 32, row += 32 * step) {                                                             \
      s0 = _mm256_fmadd_ps(floats8(kind, row), _mm256_loadu_ps(x + i), s0);                                      \
      s1 = _mm256_fmadd_ps(floats8(kind, row + 8 * step), _mm256_loadu_ps(x + i + 8), s1);                       \
      s2 = _mm256_fmadd_ps(floats8(kind, row + 16 * step), _mm256_loadu_ps(x + i + 16), s2);                     \
      s3 = _mm256_fmadd_ps(floats8(kind, row + 24 * step), _mm256_loadu_ps(x + i + 24), s3);                     \
    }                                                                                                            \
    return sum8(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3))) +                                   \
           (i < k ? plain_dot(kind, k - i, row, x + i) : 0);                                                     \
  }                                                                                                              \
  __attribute__((target(TARGET))) static void rows_##PATH(int kind, long k, const unsigned char *rows, long pitch, \
                                                          long count, long m, const char *columns, long stride,  \
                                                          float *out, long ldc) {                                \
    for (long r = 0; r < count; r++, rows += pitch)                                                              \
      for (long c = 0; c < m; c++) {                                                                             \
        const void *x = columns + c * stride;                                                                    \
        float *y = out + c * ldc + r;                                                                            \
        switch (kind) {                                                                                          \
          case F32: *y = float_dot_##PATH(F32, k, rows, x); break;                                               \
          case F16: *y = float_dot_##PATH(F16, k, rows, x); break;                                               \
          case BF16: *y = float_dot_##PATH(BF16, k, rows, x); break;                                             \
          case Q4_0: *y = whole_dot_##PATH(Q4_0, k, rows, x); break;                                             \
          case Q8_0: *y = whole_dot_##PATH(Q8_0, k, rows, x); break;                                             \
          case Q4_K: *y = whole_dot_##PATH(Q4_K, k, rows, x); break;                                             \
          case Q5_K: *y = whole_dot_##PATH(Q5_K, k, rows, x); break;                                             \
          default: *y = whole_dot_##PATH(Q6_K, k, rows, x);                                                      \
        }                                                                                                        \
      }                                                                                                          \
  }

DEFINE_DOT(v3, "arch=x86-64-v3", 0)
DEFINE_DOT(vnni, "arch=x86-64-v4,avx512vnni", 128)
#endif

int grapheion_stored_best(void) {
  const int path = grapheion_best_path();
#if defined(__x86_64__)
  if (path == GRAPHEION_AVX512 && !__builtin_cpu_supports("avx512vnni")) return GRAPHEION_AVX2;
#endif
  return path;
}

void grapheion_stored_rows(int path, int kind, long k, const void *rows, long pitch, long count, long m, const void *columns,
                           long stride, float *out, long ldc) {
#if defined(__x86_64__)
  if (path == GRAPHEION_AVX512) return rows_vnni(kind, k, rows, pitch, count, m, columns, stride, out, ldc);
  if (path == GRAPHEION_AVX2) return rows_v3(kind, k, rows, pitch, count, m, columns, stride, out, ldc);
#endif
  (void)path;
  for (long r = 0; r < count; r++)
    for (long c = 0; c < m; c++)
      out[c * ldc + r] = plain_dot(kind, k, (const unsigned char *)rows + r * pitch, (const char *)columns + c * stride);
}
