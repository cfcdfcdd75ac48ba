// Matrix products in bfloat16 with sums in float: twice the work a cycle of plain floats where the processor has it (AVX-512
// BF16). B is packed once and used often; rows of A are rounded as they come. Register tile 14x32, two steps of k at a time.
//
// Processors with AMX have registers of 16 rows of 64 bytes and multiply two of them at once: a tile of 32x32, 32 steps of k at a time, four to
// seven times the work again. What they read lies as for the other tile, but for a transposed A, which is turned.
#include "CKernels.h"
#include "internal.h"
#include "tiles.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define KC 384  // depth of a panel: 384x32 halves of B fill three quarters of a first-level cache
#define MC 192  // rows of A rounded at a time, of which a tile of 14 rows takes 182
#define ROWS 14
#define COLUMNS 32
#define EDGE (32 * COLUMNS)  // floats of the largest tile

int grapheion_has_halves(void) {
#if defined(__x86_64__)
  return grapheion_best_path() == GRAPHEION_AVX512 && __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

/// Depth of the panels of a product: all alike, whole steps of a tile, KC at most.
static long depth_of(long k) {
  const long panels = k > 0 ? (k + KC - 1) / KC : 1, step = grapheion_has_tiles() ? GRAPHEION_TILE_DEPTH : 2;
  return ((k + panels - 1) / panels + step - 1) / step * step;
}

/// Rows of A that are rounded together: whole tiles.
static long rows_at_once(void) { return grapheion_has_tiles() ? MC : MC / ROWS * ROWS; }

static long columns_of(long n) { return (n + COLUMNS - 1) / COLUMNS * COLUMNS; }

long grapheion_halves_packed(long n, long k) { return columns_of(n) * ((k + depth_of(k) - 1) / depth_of(k)) * depth_of(k); }

long grapheion_halves_scratch(long n) { return (MC * KC + KC * columns_of(n) + 1) / 2 + EDGE + 64; }

/// To the nearest, ties to even, as the processor does it.
static unsigned short half_of(float x) {
  unsigned u;
  memcpy(&u, &x, 4);
  if ((u & 0x7FFFFFFF) > 0x7F800000) return (unsigned short)(u >> 16 | 64);
  return (unsigned short)((u + 0x7FFF + (u >> 16 & 1)) >> 16);
}

void grapheion_halves_pack(int tb, long n, long k, const float *b, long ldb, unsigned short *packed) {
  const long kc = depth_of(k);
  // [panel of k][panel of columns][pair of k][column][2]
  for (long p = 0; p < k; p += kc)
    for (long j = 0; j < n; j += COLUMNS)
      for (long q = 0; q < kc; q += 2)
        for (long c = 0; c < COLUMNS; c++)
          for (long h = 0; h < 2; h++) {
            long row = p + q + h, column = j + c;
            int inside = row < k && column < n;
            *packed++ = inside ? half_of(tb ? b[column * ldb + row] : b[row * ldb + column]) : 0;
          }
}

#if defined(__x86_64__)
#define HALVES __attribute__((target("arch=x86-64-v4,avx512bf16")))

/// Rows of A as halves: [row][kc], columns from `live` on zero.
HALVES static void round_rows(const float *a, long lda, long rows, long live, long kc, unsigned short *out) {
  for (long r = 0; r < rows; r++, a += lda, out += kc) {
    long p = 0;
    for (; p + 32 <= live; p += 32)  // the lower numbers of the result are those of the second factor
      _mm512_storeu_si512(out + p, (__m512i)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(a + p + 16), _mm512_loadu_ps(a + p)));
    for (; p + 16 <= live; p += 16)
      _mm256_storeu_si256((__m256i *)(out + p), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(a + p)));
    if (p < live) {
      const __mmask16 some = (__mmask16)((1u << (live - p)) - 1);
      __m256i halves = (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(some, a + p));
      _mm256_mask_storeu_epi16(out + p, some, halves);
    }
    for (p = live; p < kc; p++) out[p] = 0;
  }
}

/// Two rows of 16 floats as 16 pairs of halves, one from each row; columns from `live` on and a missing second row are zero.
HALVES static __m512i pairs_of(const float *first, const float *second, long live) {
  const __mmask16 some = live >= 16 ? 0xFFFF : (__mmask16)((1u << live) - 1);
  const __m512 a = _mm512_maskz_loadu_ps(some, first), b = second ? _mm512_maskz_loadu_ps(some, second) : _mm512_setzero_ps();
  const __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(a));
  const __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(b));
  return _mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// As `round_rows`, of the transposed A[k][m], the pairs of all rows side by side: out[p / 2][row].
HALVES static void round_columns(const float *a, long lda, long rows, long live, long kc, unsigned short *out) {
  for (long p = 0; p < kc; p += 2, out += 2 * MC)
    for (long r = 0; r < rows; r += 16) {
      const long some = least(16, rows - r);
      const __m512i pairs = p < live ? pairs_of(a + p * lda + r, p + 1 < live ? a + (p + 1) * lda + r : 0, some)
                                     : _mm512_setzero_si512();
      _mm512_mask_storeu_epi32(out + 2 * r, (__mmask16)((1u << some) - 1), pairs);
    }
}

/// Sixteen vectors of sixteen words, words and vectors changed about.
HALVES static void turn(__m512i *r) {
  __m512i a[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 2) {
    a[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; i += 4)
    for (int h = 0; h < 2; h++) {
      r[i + 2 * h] = _mm512_unpacklo_epi64(a[i + h], a[i + 2 + h]);
      r[i + 2 * h + 1] = _mm512_unpackhi_epi64(a[i + h], a[i + 2 + h]);
    }
  // r[4 g + c]: of the rows 4 g ... 4 g + 3 the words c, c + 4, c + 8, c + 12, four rows of each together.
#pragma clang loop unroll(full)
  for (int c = 0; c < 4; c++) {
    const __m512i low = _mm512_shuffle_i32x4(r[c], r[4 + c], 0x88), high = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0x88);
    const __m512i odd = _mm512_shuffle_i32x4(r[c], r[4 + c], 0xDD), odder = _mm512_shuffle_i32x4(r[8 + c], r[12 + c], 0xDD);
    a[c] = _mm512_shuffle_i32x4(low, high, 0x88);
    a[8 + c] = _mm512_shuffle_i32x4(low, high, 0xDD);
    a[4 + c] = _mm512_shuffle_i32x4(odd, odder, 0x88);
    a[12 + c] = _mm512_shuffle_i32x4(odd, odder, 0xDD);
  }
  memcpy(r, a, sizeof a);
}

/// As `round_columns`, but turned into rows: out[row][kc].
HALVES static void turn_columns(const float *a, long lda, long rows, long live, long kc, unsigned short *out) {
  for (long p = 0; p < kc; p += 32)
    for (long r = 0; r < rows; r += 16) {
      const long some = least(16, rows - r);
      __m512i pairs[16];
#pragma clang loop unroll(full)
      for (int i = 0; i < 16; i++) {
        const long q = p + 2 * i;
        pairs[i] = q < live ? pairs_of(a + q * lda + r, q + 1 < live ? a + (q + 1) * lda + r : 0, some) : _mm512_setzero_si512();
      }
      turn(pairs);
      for (long i = 0; i < some; i++) _mm512_storeu_si512(out + (r + i) * kc + p, pairs[i]);
    }
}

/// A panel of B[k][n], as `grapheion_halves_pack` lays it out.
HALVES static void pack_panel(const float *b, long ldb, long n, long live, long kc, unsigned short *packed) {
  for (long j = 0; j < n; j += COLUMNS)
    for (long p = 0; p < kc; p += 2, packed += 2 * COLUMNS)
      for (long h = 0; h < COLUMNS; h += 16) {
        const long some = n - j - h;
        const __m512i pairs = p < live && some > 0
            ? pairs_of(b + p * ldb + j + h, p + 1 < live ? b + (p + 1) * ldb + j + h : 0, some)
            : _mm512_setzero_si512();
        _mm512_storeu_si512(packed + 2 * h, pairs);
      }
}

/// The same of the transposed B[n][k].
HALVES static void pack_turned(const float *b, long ldb, long n, long live, long kc, unsigned short *packed) {
  for (long j = 0; j < n; j += COLUMNS)
    for (long h = 0; h < COLUMNS; h += 16) {
      unsigned short *out = packed + j * kc + 2 * h;
      for (long p = 0; p < kc; p += 32) {
        __m512i rows[16];
        for (long i = 0; i < 16; i++) {
          const long there = j + h + i < n ? least(32, most(0, live - p)) : 0;
          const float *from = b + (j + h + i) * ldb + p;
          const __mmask16 low = there >= 16 ? 0xFFFF : (__mmask16)((1u << there) - 1);
          const __mmask16 high = there >= 32 ? 0xFFFF : there > 16 ? (__mmask16)((1u << (there - 16)) - 1) : 0;
          // The lower numbers of the result are those of the second factor.
          rows[i] = (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(high, from + 16), _mm512_maskz_loadu_ps(low, from));
        }
        turn(rows);
        for (long i = 0; i < 16 && p + 2 * i < kc; i++) _mm512_storeu_si512(out + (p / 2 + i) * 2 * COLUMNS, rows[i]);
      }
    }
}

/// Pairs of A's rows stand `row` halves apart, those of one row `pair`.
HALVES __attribute__((always_inline)) static inline void tile_of(long kc, const unsigned short *restrict a, const long row,
                                                                 const long pair, const unsigned short *restrict b,
                                                                 float *c, long ldc, int accumulate) {
  __m512 r[ROWS][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; i++) r[i][0] = r[i][1] = _mm512_setzero_ps();
  for (long p = 0; p < kc; p += 2, a += pair, b += 2 * COLUMNS) {
    const __m512bh b0 = (__m512bh)_mm512_loadu_si512(b), b1 = (__m512bh)_mm512_loadu_si512(b + COLUMNS);
#pragma clang loop unroll(full)
    for (int i = 0; i < ROWS; i++) {
      int two;
      memcpy(&two, a + i * row, 4);
      const __m512bh x = (__m512bh)_mm512_set1_epi32(two);
      r[i][0] = _mm512_dpbf16_ps(r[i][0], b0, x);
      r[i][1] = _mm512_dpbf16_ps(r[i][1], b1, x);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < ROWS; i++)
    for (int h = 0; h < 2; h++) {
      float *out = c + i * ldc + 16 * h;
      _mm512_storeu_ps(out, accumulate ? _mm512_add_ps(_mm512_loadu_ps(out), r[i][h]) : r[i][h]);
    }
}

HALVES __attribute__((noinline)) static void tile(long kc, const unsigned short *a, const unsigned short *b, float *c,
                                                  long ldc, int accumulate) {
  tile_of(kc, a, kc, 2, b, c, ldc, accumulate);
}

HALVES __attribute__((noinline)) static void tile_of_pairs(long kc, const unsigned short *a, const unsigned short *b,
                                                           float *c, long ldc, int accumulate) {
  tile_of(kc, a, 2, 2 * MC, b, c, ldc, accumulate);
}

/// C[mc][n] (+)= the rounded rows (or, where `paired`, columns) times one packed panel.
static void multiply_block(long mc, long n, long kc, const unsigned short *rows, int paired,
                           const unsigned short *packed, int add, float *c, long ldc, float *edge) {
  const int tiles = grapheion_has_tiles();
  const long row = paired && !tiles ? 2 : kc, high = tiles ? 32 : ROWS;
  void (*run)(long, const unsigned short *, const unsigned short *, float *, long, int) =
      tiles ? grapheion_tile : paired ? tile_of_pairs : tile;
  for (long j = 0; j < n; j += COLUMNS) {
    const long columns = least(COLUMNS, n - j);
    for (long r = 0; r < mc; r += high) {
      const long live = least(high, mc - r);
      float *out = c + r * ldc + j;
      if (live == high && columns == COLUMNS) {
        run(kc, rows + r * row, packed + j * kc, out, ldc, add);
      } else {
        // Rows that a tile has too many are those of the block before: what they give is thrown away.
        if (add)
          for (long y = 0; y < live; y++) memcpy(edge + y * COLUMNS, out + y * ldc, (size_t)columns * sizeof(float));
        run(kc, rows + r * row, packed + j * kc, edge, COLUMNS, add);
        for (long y = 0; y < live; y++) memcpy(out + y * ldc, edge + y * COLUMNS, (size_t)columns * sizeof(float));
      }
    }
  }
}

void grapheion_halves_product(long m, long n, long k, const float *a, long lda, const unsigned short *packed,
                              int accumulate, float *c, long ldc, float *scratch) {
  const long kc = depth_of(k), stride = columns_of(n) * kc, together = rows_at_once();
  unsigned short *rows = (unsigned short *)(scratch + EDGE);
  grapheion_tiles_begin();
  for (long p = 0; p < k; p += kc, packed += stride)
    for (long i = 0; i < m; i += together) {
      const long mc = least(together, m - i);
      round_rows(a + i * lda + p, lda, mc, least(kc, k - p), kc, rows);
      multiply_block(mc, n, kc, rows, 0, packed, accumulate || p > 0, c + i * ldc, ldc, scratch);
    }
  grapheion_tiles_end();
}

void grapheion_halves_gemm(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b, long ldb,
                           int accumulate, float *c, long ldc, float *scratch) {
  const long kc = depth_of(k), together = rows_at_once();
  unsigned short *rows = (unsigned short *)(scratch + EDGE), *packed = rows + MC * KC;
  const int turned = grapheion_has_tiles();
  grapheion_tiles_begin();
  for (long p = 0; p < k; p += kc) {
    const long live = least(kc, k - p);
    if (tb) pack_turned(b + p, ldb, n, live, kc, packed);
    else pack_panel(b + p * ldb, ldb, n, live, kc, packed);
    for (long i = 0; i < m; i += together) {
      const long mc = least(together, m - i);
      if (ta) (turned ? turn_columns : round_columns)(a + p * lda + i, lda, mc, live, kc, rows);
      else round_rows(a + i * lda + p, lda, mc, live, kc, rows);
      multiply_block(mc, n, kc, rows, ta, packed, accumulate || p > 0, c + i * ldc, ldc, scratch);
    }
  }
  grapheion_tiles_end();
}

HALVES double grapheion_halves_peak_work(long rounds, float *scratch) {
  const int tiles = grapheion_has_tiles();
  const long rows = tiles ? 32 : ROWS;
  unsigned short *a = (unsigned short *)(scratch + EDGE), *b = a + rows * KC;
  for (long i = 0; i < (rows + COLUMNS) * KC; i++) a[i] = 0x3F00;
  grapheion_tiles_begin();
  for (long i = 0; i < rounds; i++) (tiles ? grapheion_tile : tile)(KC, a, b, scratch, COLUMNS, 0);
  grapheion_tiles_end();
  return 2.0 * (double)(rounds * rows * COLUMNS * KC);
}
#else
void grapheion_halves_product(long m, long n, long k, const float *a, long lda, const unsigned short *packed,
                              int accumulate, float *c, long ldc, float *scratch) {
  (void)m, (void)n, (void)k, (void)a, (void)lda, (void)packed, (void)accumulate, (void)c, (void)ldc, (void)scratch;
  __builtin_trap();
}
void grapheion_halves_gemm(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b, long ldb,
                           int accumulate, float *c, long ldc, float *scratch) {
  (void)ta, (void)tb, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)accumulate, (void)c, (void)ldc, (void)scratch;
  __builtin_trap();
}
double grapheion_halves_peak_work(long rounds, float *scratch) {
  (void)rounds, (void)scratch;
  return 0;
}
#endif
