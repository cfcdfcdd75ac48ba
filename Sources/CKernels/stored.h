// Matrices as a GGUF file stores them: what a block of each kind holds, read as bytes that a scale multiplies and an offset is taken from.
//
//   value = scale * byte - offset            byte: 0 ... 255; scale and offset of each 16 or 32 values
//
// Layouts are ggml's (Gerganov and others). Kinds of whole numbers stand in blocks of 32 (q4_0, q8_0) or 256 values (q4_K, q5_K, q6_K).
#ifndef GRAPHEION_STORED_H
#define GRAPHEION_STORED_H
#include "internal.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { F32 = 0, F16 = 1, Q4_0 = 2, Q8_0 = 8, Q4_K = 12, Q5_K = 13, Q6_K = 14, BF16 = 30 };

BODY int is_whole(int kind) { return kind == Q4_0 || kind == Q8_0 || kind == Q4_K || kind == Q5_K || kind == Q6_K; }
BODY int is_super(int kind) { return kind == Q4_K || kind == Q5_K || kind == Q6_K; }
/// Groups of 32 values in a block.
BODY int groups_of(int kind) { return is_super(kind) ? 8 : 1; }
/// Values that share a scale.
BODY int shared_of(int kind) { return kind == Q6_K ? 16 : 32; }
BODY long block_bytes(int kind) {
  switch (kind) {
    case F32: return 4;
    case F16: case BF16: return 2;
    case Q4_0: return 18;
    case Q8_0: return 34;
    case Q4_K: return 144;
    case Q5_K: return 176;
    default: return 210;
  }
}

BODY float float_of(unsigned bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

BODY unsigned short short_at(const unsigned char *b) {
  unsigned short x;
  memcpy(&x, b, 2);
  return x;
}

/// A half as a float, on any processor.
BODY float half_value(unsigned short h) {
  const unsigned sign = (unsigned)(h & 0x8000) << 16, rest = (unsigned)(h & 0x7FFF);
  if (rest >= 0x7C00) return float_of(sign | 0x7F800000 | (rest & 0x3FF) << 13);
  const float size = rest >= 0x400 ? float_of((rest << 13) + 0x38000000) : (float)rest * 0x1p-24f;
  return sign ? -size : size;
}

/// The 32 bytes of group `g` of a block.
BODY void plain_values(int kind, const unsigned char *b, int g, unsigned char *out) {
  for (int i = 0; i < 32; i++) switch (kind) {
      case Q4_0: out[i] = i < 16 ? b[2 + i] & 15 : b[2 + i - 16] >> 4; break;
      case Q8_0: out[i] = b[2 + i] ^ 0x80; break;
      case Q4_K: out[i] = b[16 + g / 2 * 32 + i] >> (g & 1) * 4 & 15; break;
      case Q5_K: out[i] = (unsigned char)((b[48 + g / 2 * 32 + i] >> (g & 1) * 4 & 15) | (b[16 + i] >> g & 1) << 4); break;
      default:
        out[i] = (unsigned char)((b[g / 4 * 64 + (g & 1) * 32 + i] >> (g >> 1 & 1) * 4 & 15) |
                                 (b[128 + g / 4 * 32 + i] >> (g & 3) * 2 & 3) << 4);
    }
}

/// Scale and offset of each half of group `g`.
BODY void plain_scales(int kind, const unsigned char *b, int g, float *scale, float *offset) {
  switch (kind) {
    case Q4_0: scale[0] = scale[1] = half_value(short_at(b)), offset[0] = offset[1] = 8 * scale[0]; return;
    case Q8_0: scale[0] = scale[1] = half_value(short_at(b)), offset[0] = offset[1] = 128 * scale[0]; return;
    case Q6_K:
      for (int h = 0; h < 2; h++) {
        scale[h] = half_value(short_at(b + 208)) * (float)(signed char)b[192 + 2 * g + h];
        offset[h] = 32 * scale[h];
      }
      return;
    default: {
      const unsigned char *s = b + 4;
      const int of_scale = g < 4 ? s[g] & 63 : (s[g + 4] & 15) | s[g - 4] >> 6 << 4;
      const int of_offset = g < 4 ? s[g + 4] & 63 : s[g + 4] >> 4 | s[g] >> 6 << 4;
      scale[0] = scale[1] = half_value(short_at(b)) * (float)of_scale;
      offset[0] = offset[1] = half_value(short_at(b + 2)) * (float)of_offset;
    }
  }
}

// A column that has been rounded for a kind of whole numbers: what its bytes are multiplied by (a float each 32), the sum of each
// `shared_of(kind)` values, then the bytes.
BODY const float *scales_of(const void *column) { return column; }
BODY const float *sums_of(const void *column, long k) { return (const float *)column + k / 32; }
BODY const signed char *bytes_of(int kind, const void *column, long k) {
  return (const signed char *)((const float *)column + k / 32 + k / shared_of(kind));
}

#if defined(__x86_64__)
#define V3 __attribute__((target("arch=x86-64-v3"), always_inline)) static inline

/// As `plain_values`; `g` is to be known when this is compiled.
V3 __m256i values32(int kind, const unsigned char *b, int g) {
  const __m256i four = _mm256_set1_epi8(15);
  switch (kind) {
    case Q8_0:
      return _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(b + 2)), _mm256_set1_epi8((char)0x80));
    case Q4_0: {
      const __m128i x = _mm_loadu_si128((const __m128i *)(b + 2));
      return _mm256_and_si256(_mm256_set_m128i(_mm_srli_epi16(x, 4), x), four);
    }
    case Q4_K: {
      const __m256i x = _mm256_loadu_si256((const __m256i *)(b + 16 + g / 2 * 32));
      return _mm256_and_si256(g & 1 ? _mm256_srli_epi16(x, 4) : x, four);
    }
    case Q5_K: {
      const __m256i x = _mm256_loadu_si256((const __m256i *)(b + 48 + g / 2 * 32));
      const __m256i high = _mm256_srl_epi16(_mm256_loadu_si256((const __m256i *)(b + 16)), _mm_cvtsi32_si128(g));
      return _mm256_or_si256(_mm256_and_si256(g & 1 ? _mm256_srli_epi16(x, 4) : x, four),
                             _mm256_slli_epi16(_mm256_and_si256(high, _mm256_set1_epi8(1)), 4));
    }
    default: {
      const __m256i x = _mm256_loadu_si256((const __m256i *)(b + g / 4 * 64 + (g & 1) * 32));
      const __m256i high = _mm256_srl_epi16(_mm256_loadu_si256((const __m256i *)(b + 128 + g / 4 * 32)), _mm_cvtsi32_si128((g & 3) * 2));
      return _mm256_or_si256(_mm256_and_si256(g & 2 ? _mm256_srli_epi16(x, 4) : x, four),
                             _mm256_slli_epi16(_mm256_and_si256(high, _mm256_set1_epi8(3)), 4));
    }
  }
}

/// Scales and offsets of a block of q4_K or q5_K.
V3 void scales8(const unsigned char *b, __m256 *scale, __m256 *offset) {
  unsigned u[3];
  memcpy(u, b + 4, 12);
  const __m128i both = _mm_set_epi32(
      (int)((u[2] >> 4 & 0x0F0F0F0F) | (u[1] >> 6 & 0x03030303) << 4), (int)(u[1] & 0x3F3F3F3F),
      (int)((u[2] & 0x0F0F0F0F) | (u[0] >> 6 & 0x03030303) << 4), (int)(u[0] & 0x3F3F3F3F));
  *scale = _mm256_mul_ps(_mm256_set1_ps(_cvtsh_ss(short_at(b))), _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(both)));
  *offset = _mm256_mul_ps(_mm256_set1_ps(_cvtsh_ss(short_at(b + 2))),
                          _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_srli_si128(both, 8))));
}

/// Eight of the sixteen scales of a block of q6_K.
V3 __m256 scales6(const unsigned char *b, int from) {
  const __m128i s = _mm_loadl_epi64((const __m128i *)(b + 192 + from));
  return _mm256_mul_ps(_mm256_set1_ps(_cvtsh_ss(short_at(b + 208))), _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(s)));
}

/// Eight values of a row of floats.
V3 __m256 floats8(int kind, const unsigned char *b) {
  if (kind == F32) return _mm256_loadu_ps((const float *)b);
  const __m128i x = _mm_loadu_si128((const __m128i *)b);
  return kind == F16 ? _mm256_cvtph_ps(x) : _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(x), 16));
}

V3 float sum8(__m256 x) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}
#endif

#endif
