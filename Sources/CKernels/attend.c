// What a decoder of the Mistral family does beside its matrices: norms, rotary positions, attention, gates.
#include "stored.h"
#include <math.h>

BODY void rms_norm(long rows, long channels, const float *in, const float *gain, float epsilon, float *out) {
  for (long r = 0; r < rows; r++, in += channels, out += channels) {
    double squares = 0;
    {
#pragma clang fp reassociate(on)
      for (long c = 0; c < channels; c++) squares += (double)(in[c] * in[c]);
    }
    const float scale = 1 / sqrtf((float)(squares / (double)channels) + epsilon);
    for (long c = 0; c < channels; c++) out[c] = in[c] * scale * gain[c];
  }
}

BODY void rotate(long heads, long size, long turned, const float *cosines_and_sines, float *x) {
  for (long h = 0; h < heads; h++, x += size)
    for (long i = 0; i < turned; i += 2) {
      const float c = cosines_and_sines[i], s = cosines_and_sines[i + 1], a = x[i], b = x[i + 1];
      x[i] = a * c - b * s;
      x[i + 1] = a * s + b * c;
    }
}

BODY void gate(long count, const float *g, float *up) {
  for (long i = 0; i < count; i++) up[i] *= g[i] / (1 + exp_of(-g[i]));
}

BODY void softmax(long count, float scale, float *x) {
#pragma clang fp reassociate(on)
  float top = -INFINITY, sum = 0;
  for (long i = 0; i < count; i++) {
    x[i] *= scale;
    top = x[i] > top ? x[i] : top;
  }
  for (long i = 0; i < count; i++) sum += x[i] = exp_of(x[i] - top);
  const float factor = 1 / sum;
  for (long i = 0; i < count; i++) x[i] *= factor;
}

BODY float log_sum(long count, const float *x) {
#pragma clang fp reassociate(on)
  float top = -INFINITY, sum = 0;
  for (long i = 0; i < count; i++) top = x[i] > top ? x[i] : top;
  for (long i = 0; i < count; i++) sum += exp_of(x[i] - top);
  return top + logf(sum);
}

FOR_EACH_PROCESSOR(void, rms_norm, (long rows, long channels, const float *in, const float *gain, float epsilon, float *out),
                   (rows, channels, in, gain, epsilon, out))
FOR_EACH_PROCESSOR(void, rotate, (long heads, long size, long turned, const float *cosines_and_sines, float *x),
                   (heads, size, turned, cosines_and_sines, x))
FOR_EACH_PROCESSOR(void, gate, (long count, const float *g, float *up), (count, g, up))
FOR_EACH_PROCESSOR(void, softmax, (long count, float scale, float *x), (count, scale, x))
FOR_EACH_PROCESSOR(float, log_sum, (long count, const float *x), (count, x))

// Mixing rows -------------------------------------------------------------------------------

/// out[m][n] += weights[m][count] rows[count][n]: plain.
static void mix_plain(int kind, long n, const unsigned char *rows, long pitch, long count, long m, const float *weights,
                      long ldw, float *out, long ldo) {
  float row[1024];
  for (long r = 0; r < count; r++, rows += pitch)
    for (long from = 0; from < n; from += 1024) {
      const long some = least(1024, n - from);
      grapheion_stored_values(kind, some, rows + grapheion_stored_bytes(kind, from), row);
      for (long c = 0; c < m; c++) {
        const float w = weights[c * ldw + r];
        for (long i = 0; i < some; i++) out[c * ldo + from + i] += w * row[i];
      }
    }
}

#if defined(__x86_64__)
/// Sixteen values of a row that begins at `b`, from the sixteenth `part` on.
#define MIX_512 __attribute__((target("arch=x86-64-v4"), always_inline)) static inline
#define MIX_256 __attribute__((target("arch=x86-64-v3"), always_inline)) static inline

MIX_512 __m512 floats16(int kind, const unsigned char *b, long part) {
  if (kind == F16) return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(b + 32 * part)));
  b += part / 2 * 34;
  const __m128i q = _mm_loadu_si128((const __m128i *)(b + 2 + part % 2 * 16));
  return _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(q)), _mm512_set1_ps(_cvtsh_ss(short_at(b))));
}

MIX_512 void mix_tile_512(int kind, int live, long part, const unsigned char *rows, long pitch, long count, const float *weights,
                          long ldw, float *out, long ldo) {
  __m512 sum[8];
#pragma clang loop unroll(full)
  for (int c = 0; c < live; c++) sum[c] = _mm512_loadu_ps(out + c * ldo + 16 * part);
  for (long r = 0; r < count; r++) {
    const __m512 x = floats16(kind, rows + r * pitch, part);
#pragma clang loop unroll(full)
    for (int c = 0; c < live; c++) sum[c] = _mm512_fmadd_ps(x, _mm512_set1_ps(weights[c * ldw + r]), sum[c]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < live; c++) _mm512_storeu_ps(out + c * ldo + 16 * part, sum[c]);
}

MIX_256 __m256 mixed8(int kind, const unsigned char *b, long part) {
  if (kind == F16) return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(b + 16 * part)));
  b += part / 4 * 34;
  const __m128i q = _mm_loadl_epi64((const __m128i *)(b + 2 + part % 4 * 8));
  return _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(q)), _mm256_set1_ps(_cvtsh_ss(short_at(b))));
}

MIX_256 void mix_tile_256(int kind, int live, long part, const unsigned char *rows, long pitch, long count, const float *weights,
                          long ldw, float *out, long ldo) {
  __m256 sum[8];
#pragma clang loop unroll(full)
  for (int c = 0; c < live; c++) sum[c] = _mm256_loadu_ps(out + c * ldo + 8 * part);
  for (long r = 0; r < count; r++) {
    const __m256 x = mixed8(kind, rows + r * pitch, part);
#pragma clang loop unroll(full)
    for (int c = 0; c < live; c++) sum[c] = _mm256_fmadd_ps(x, _mm256_set1_ps(weights[c * ldw + r]), sum[c]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < live; c++) _mm256_storeu_ps(out + c * ldo + 8 * part, sum[c]);
}

#define DEFINE_MIX(WIDTH, TARGET, STEP)                                                                                     \
  __attribute__((target(TARGET))) static void mix_##WIDTH(int kind, long n, const unsigned char *rows, long pitch, long count, \
                                                          long m, const float *weights, long ldw, float *out, long ldo) {   \
    for (long c = 0; c < m;) {                                                                                              \
      const long live = m - c >= 8 ? 8 : m - c >= 4 ? 4 : 1;                                                                \
      const float *w = weights + c * ldw;                                                                                   \
      float *to = out + c * ldo;                                                                                            \
      for (long part = 0; part < n / STEP; part++) {                                                                        \
        if (kind == F16) {                                                                                                  \
          if (live == 8) mix_tile_##WIDTH(F16, 8, part, rows, pitch, count, w, ldw, to, ldo);                               \
          else if (live == 4) mix_tile_##WIDTH(F16, 4, part, rows, pitch, count, w, ldw, to, ldo);                          \
          else mix_tile_##WIDTH(F16, 1, part, rows, pitch, count, w, ldw, to, ldo);                                         \
        } else {                                                                                                            \
          if (live == 8) mix_tile_##WIDTH(Q8_0, 8, part, rows, pitch, count, w, ldw, to, ldo);                              \
          else if (live == 4) mix_tile_##WIDTH(Q8_0, 4, part, rows, pitch, count, w, ldw, to, ldo);                         \
          else mix_tile_##WIDTH(Q8_0, 1, part, rows, pitch, count, w, ldw, to, ldo);                                        \
        }                                                                                                                   \
      }                                                                                                                     \
      c += live;                                                                                                            \
    }                                                                                                                       \
  }

DEFINE_MIX(512, "arch=x86-64-v4", 16)
DEFINE_MIX(256, "arch=x86-64-v3", 8)
#endif

void grapheion_stored_mix(int path, int kind, long n, const void *rows, long pitch, long count, long m, const float *weights,
                          long ldw, float *out, long ldo) {
#if defined(__x86_64__)
  if (path == GRAPHEION_AVX512 && n % 16 == 0) return mix_512(kind, n, rows, pitch, count, m, weights, ldw, out, ldo);
  if (path != GRAPHEION_PLAIN && n % 8 == 0) return mix_256(kind, n, rows, pitch, count, m, weights, ldw, out, ldo);
#endif
  (void)path;
  mix_plain(kind, n, rows, pitch, count, m, weights, ldw, out, ldo);
}
