// Matrix products in whole numbers of twelve bits with sums of 32: up to twice the work a cycle of plain floats on a processor that has AVX2 and no bfloat16
// (VPMADDWD multiplies sixteen pairs and adds them by twos). Each row of A and each column of B has a scale of its own, so that its
// largest number is 2047: 384 products of two such stay below 2^31. B is packed once and used often; rows of A are rounded as they come.
#include "CKernels.h"
#include "internal.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KC 384  // depth of a panel: 384x16 numbers of B are a third of a first-level cache
#define MC 96   // rows of A rounded at a time
#define ROWS 6
#define COLUMNS 16
#define MOST 2047

int grapheion_has_wholes(void) { return grapheion_best_path() == GRAPHEION_AVX2; }

/// Depth of the panels of a product: all alike, even, KC at most.
static long depth_of(long k) {
  long panels = k > 0 ? (k + KC - 1) / KC : 1;
  return ((k + panels - 1) / panels + 1) & ~1L;
}

static long columns_of(long n) { return (n + COLUMNS - 1) / COLUMNS * COLUMNS; }

long grapheion_wholes_packed(long n, long k) { return columns_of(n) * ((k + depth_of(k) - 1) / depth_of(k)) * depth_of(k); }

long grapheion_wholes_scratch(long n) {
  (void)n;
  return MC * KC / 2 + MC + ROWS * COLUMNS + 64;
}

/// What numbers of at most `top` are multiplied by to be whole numbers of at most MOST; 0 for none worth it.
BODY float factor_of(float top) { return top > 1e-30f ? MOST / top : 0; }

void grapheion_wholes_pack(long n, long k, const float *b, long ldb, short *packed, float *scales) {
  const long kc = depth_of(k);
  for (long column = 0; column < n; column++) {
    float top = 0;
    for (long row = 0; row < k; row++) top = __builtin_fmaxf(top, __builtin_fabsf(b[row * ldb + column]));
    scales[column] = top / MOST;
  }
  // [panel of k][panel of columns][pair of k][column][2]
  for (long p = 0; p < k; p += kc)
    for (long j = 0; j < n; j += COLUMNS)
      for (long q = 0; q < kc; q += 2)
        for (long c = 0; c < COLUMNS; c++)
          for (long h = 0; h < 2; h++) {
            const long row = p + q + h, column = j + c;
            const int inside = row < k && column < n;
            *packed++ = inside ? (short)__builtin_rintf(b[row * ldb + column] * factor_of(scales[column] * MOST)) : 0;
          }
}

#if defined(__x86_64__)
#define WHOLES __attribute__((target("arch=x86-64-v3")))

/// Rows of A as whole numbers: [row][kc], columns from `live` on zero; and what they are to be multiplied by again.
WHOLES static void round_rows(const float *a, long lda, long rows, long live, long kc, short *out, float *scales) {
  const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FFFFFFF));
  for (long r = 0; r < rows; r++, a += lda, out += kc) {
    __m256 tops = _mm256_setzero_ps();
    long p = 0;
    for (; p + 8 <= live; p += 8) tops = _mm256_max_ps(tops, _mm256_and_ps(magnitude, _mm256_loadu_ps(a + p)));
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(tops), _mm256_extractf128_ps(tops, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    float top = _mm_cvtss_f32(_mm_max_ss(four, _mm_shuffle_ps(four, four, 1)));
    for (; p < live; p++) top = __builtin_fmaxf(top, __builtin_fabsf(a[p]));
    scales[r] = top / MOST;
    const float factor = factor_of(top);
    const __m256 factors = _mm256_set1_ps(factor);
    for (p = 0; p + 16 <= live; p += 16) {
      const __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(factors, _mm256_loadu_ps(a + p)));
      const __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(factors, _mm256_loadu_ps(a + p + 8)));
      _mm256_storeu_si256((__m256i *)(out + p), _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8));
    }
    for (; p < live; p++) out[p] = (short)_mm_cvtss_si32(_mm_set_ss(a[p] * factor));
    for (; p < kc; p++) out[p] = 0;
  }
}

WHOLES __attribute__((noinline)) static void tile(long kc, const short *restrict a, const short *restrict b, const float *restrict rows,
                                                  const float *restrict columns, float *c, long ldc, int accumulate) {
  __m256i sums[ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; i++) sums[i][0] = sums[i][1] = _mm256_setzero_si256();
  for (long p = 0; p < kc; p += 2, a += 2, b += 2 * COLUMNS) {
    const __m256i b0 = _mm256_loadu_si256((const __m256i *)b), b1 = _mm256_loadu_si256((const __m256i *)(b + COLUMNS));
#pragma clang loop unroll(full)
    for (int i = 0; i < ROWS; i++) {
      int two;
      memcpy(&two, a + i * kc, 4);
      const __m256i x = _mm256_set1_epi32(two);
      sums[i][0] = _mm256_add_epi32(sums[i][0], _mm256_madd_epi16(b0, x));
      sums[i][1] = _mm256_add_epi32(sums[i][1], _mm256_madd_epi16(b1, x));
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; i++)
    for (int h = 0; h < 2; h++) {
      float *out = c + i * ldc + 8 * h;
      const __m256 scale = _mm256_mul_ps(_mm256_set1_ps(rows[i]), _mm256_loadu_ps(columns + 8 * h));
      const __m256 sum = _mm256_mul_ps(scale, _mm256_cvtepi32_ps(sums[i][h]));
      _mm256_storeu_ps(out, accumulate ? _mm256_add_ps(_mm256_loadu_ps(out), sum) : sum);
    }
}

void grapheion_wholes_product(long m, long n, long k, const float *a, long lda, const short *packed, const float *scales, int accumulate,
                              float *c, long ldc, float *scratch) {
  const long kc = depth_of(k);
  float *edge = scratch, *row_scales = edge + ROWS * COLUMNS;
  short *rows = (short *)(row_scales + MC);
  for (long p = 0; p < k; p += kc, packed += columns_of(n) * kc)
    for (long i = 0; i < m; i += MC) {
      const long mc = least(MC, m - i);
      const int add = accumulate || p > 0;
      round_rows(a + i * lda + p, lda, mc, least(kc, k - p), kc, rows, row_scales);
      for (long j = 0; j < n; j += COLUMNS) {
        const long columns = least(COLUMNS, n - j);
        float edge_scales[COLUMNS] = {0};
        memcpy(edge_scales, scales + j, (size_t)columns * sizeof(float));
        for (long r = 0; r < mc; r += ROWS) {
          const long live = least(ROWS, mc - r);
          float *out = c + (i + r) * ldc + j;
          if (live == ROWS && columns == COLUMNS) {
            tile(kc, rows + r * kc, packed + j * kc, row_scales + r, edge_scales, out, ldc, add);
          } else {
            // Rows that a tile has too many are those of the block before: what they give is thrown away.
            tile(kc, rows + r * kc, packed + j * kc, row_scales + r, edge_scales, edge, COLUMNS, 0);
            for (long y = 0; y < live; y++)
              for (long x = 0; x < columns; x++) out[y * ldc + x] = edge[y * COLUMNS + x] + (add ? out[y * ldc + x] : 0);
          }
        }
      }
    }
}

double grapheion_wholes_peak_work(long rounds, float *scratch) {
  float *scales = scratch + ROWS * COLUMNS;
  short *a = (short *)(scales + MC), *b = a + ROWS * KC;
  memset(scales, 0, MC * sizeof(float));
  for (long i = 0; i < (ROWS + COLUMNS) * KC; i++) a[i] = 3;
  for (long i = 0; i < rounds; i++) tile(KC, a, b, scales, scales, scratch, COLUMNS, 0);
  return 2.0 * (double)(rounds * ROWS * COLUMNS * KC);
}
#else
void grapheion_wholes_product(long m, long n, long k, const float *a, long lda, const short *packed, const float *scales, int accumulate,
                              float *c, long ldc, float *scratch) {
  (void)m, (void)n, (void)k, (void)a, (void)lda, (void)packed, (void)scales, (void)accumulate, (void)c, (void)ldc, (void)scratch;
  __builtin_trap();
}
double grapheion_wholes_peak_work(long rounds, float *scratch) {
  (void)rounds, (void)scratch;
  return 0;
}
#endif
