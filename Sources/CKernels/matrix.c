// Matrix products: panels of B packed, a 14x32 register tile for AVX-512, 6x16 for AVX2 and 4x8
// elsewhere (the scheme of BLIS, Van Zee and van de Geijn 2015). Rows of A are read where they
// lie: a tile only broadcasts from them, so packing them would not pay.
#include "CKernels.h"
#include "internal.h"
#include <string.h>

#define KC 192   // depth of a panel: 192x32 floats of B fill three quarters of a first-level cache
#define MC 168   // rows of a transposed A packed at a time: a multiple of 14, 6 and 4
#define TILE_MOST (14 * 32)

void grapheion_sgemm_reference(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b,
                               long ldb, int accumulate, float *c, long ldc) {
  for (long i = 0; i < m; i++)
    for (long j = 0; j < n; j++) {
      float sum = accumulate ? c[i * ldc + j] : 0;
      for (long p = 0; p < k; p++) sum += (ta ? a[p * lda + i] : a[i * lda + p]) * (tb ? b[j * ldb + p] : b[p * ldb + j]);
      c[i * ldc + j] = sum;
    }
}

/// Rows `row ..< row + live` of op(A) as [p][width], missing rows zero.
static void pack_rows(const float *a, long lda, int ta, long row, long live, long p0, long kc, long width, float *out) {
  for (long p = 0; p < kc; p++)
    for (long r = 0; r < width; r++)
      out[p * width + r] = r >= live ? 0 : ta ? a[(p0 + p) * lda + row + r] : a[(row + r) * lda + p0 + p];
}

/// Panels of `width` columns of op(B), one k after the other; missing columns are zero.
static void pack_columns(const float *b, long ldb, int tb, long n, long p0, long kc, long width, float *out) {
  for (long j = 0; j < n; j += width, out += kc * width) {
    long live = least(width, n - j);
    if (tb) {
      for (long p = 0; p < kc; p++) {
        for (long c = 0; c < live; c++) out[p * width + c] = b[(j + c) * ldb + p0 + p];
        for (long c = live; c < width; c++) out[p * width + c] = 0;
      }
    } else {
      for (long p = 0; p < kc; p++) {
        const float *from = b + (p0 + p) * ldb + j;
        float *to = out + p * width;
        if (live == width) {
          memcpy(to, from, (size_t)width * sizeof(float));
        } else {
          for (long c = 0; c < live; c++) to[c] = from[c];
          for (long c = live; c < width; c++) to[c] = 0;
        }
      }
    }
  }
}

// A tile: C[rows][columns] (+)= sum over kc of a[i * row_step + p * step] b[p * columns + j].
#if defined(__x86_64__)
typedef float v16 __attribute__((vector_size(64), aligned(4)));
typedef float v8 __attribute__((vector_size(32), aligned(4)));

__attribute__((target("avx512f,avx512vl,fma"), noinline)) static void tile_avx512(long kc, const float *restrict a,
                                                                                 long row_step, long step,
                                                                                 const float *restrict b, float *c,
                                                                                 long ldc, int accumulate) {
#pragma clang fp contract(fast)
  v16 r[14][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 14; i++) r[i][0] = r[i][1] = (v16){0};
  for (long p = 0; p < kc; p++, a += step, b += 32) {
    v16 b0 = *(const v16 *)b, b1 = *(const v16 *)(b + 16);
#pragma clang loop unroll(full)
    for (int i = 0; i < 14; i++) {
      float s = a[i * row_step];
      v16 x = {s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s};
      r[i][0] += x * b0;
      r[i][1] += x * b1;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 14; i++) {
    v16 *out = (v16 *)(c + i * ldc);
    out[0] = accumulate ? out[0] + r[i][0] : r[i][0];
    out[1] = accumulate ? out[1] + r[i][1] : r[i][1];
  }
}

__attribute__((target("avx2,fma"), noinline)) static void tile_avx2(long kc, const float *restrict a, long row_step,
                                                                    long step, const float *restrict b, float *c,
                                                                    long ldc, int accumulate) {
#pragma clang fp contract(fast)
  v8 r[6][2];
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; i++) r[i][0] = r[i][1] = (v8){0};
  for (long p = 0; p < kc; p++, a += step, b += 16) {
    v8 b0 = *(const v8 *)b, b1 = *(const v8 *)(b + 8);
#pragma clang loop unroll(full)
    for (int i = 0; i < 6; i++) {
      float s = a[i * row_step];
      v8 x = {s, s, s, s, s, s, s, s};
      r[i][0] += x * b0;
      r[i][1] += x * b1;
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 6; i++) {
    v8 *out = (v8 *)(c + i * ldc);
    out[0] = accumulate ? out[0] + r[i][0] : r[i][0];
    out[1] = accumulate ? out[1] + r[i][1] : r[i][1];
  }
}
#endif

static void tile_plain(long kc, const float *restrict a, long row_step, long step, const float *restrict b, float *c,
                       long ldc, int accumulate) {
  float r[4][8] = {{0}};
  for (long p = 0; p < kc; p++, a += step, b += 8)
    for (int i = 0; i < 4; i++)
      for (int j = 0; j < 8; j++) r[i][j] += a[i * row_step] * b[j];
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 8; j++) c[i * ldc + j] = accumulate ? c[i * ldc + j] + r[i][j] : r[i][j];
}

typedef struct {
  void (*run)(long, const float *, long, long, const float *, float *, long, int);
  long rows, columns;
} Tile;

static Tile tile_of(int path) {
#if defined(__x86_64__)
  if (path == GRAPHEION_AVX512) return (Tile){tile_avx512, 14, 32};
  if (path == GRAPHEION_AVX2) return (Tile){tile_avx2, 6, 16};
#endif
  (void)path;
  return (Tile){tile_plain, 4, 8};
}

long grapheion_sgemm_scratch(long n) { return TILE_MOST + (MC + 14) * KC + KC * ((n + 31) / 32 * 32) + 64; }

void grapheion_sgemm_by(int path, int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b,
                        long ldb, int accumulate, float *c, long ldc, float *scratch) {
  const Tile t = tile_of(path);
  float *edge = scratch, *pa = edge + TILE_MOST, *pb = pa + (MC + 14) * KC;
  if (k == 0 && !accumulate)
    for (long i = 0; i < m; i++) memset(c + i * ldc, 0, (size_t)n * sizeof(float));
  for (long p = 0; p < k; p += KC) {
    long kc = least(KC, k - p);
    int add = accumulate || p > 0;
    pack_columns(b, ldb, tb, n, p, kc, t.columns, pb);
    for (long i = 0; i < m; i += MC) {
      long mc = least(MC, m - i);
      for (long r = 0; r < mc; r += t.rows)  // packed only where transposed, or fewer rows than a tile has
        if (ta || r + t.rows > mc) pack_rows(a, lda, ta, i + r, least(t.rows, mc - r), p, kc, t.rows, pa + r * kc);
      for (long j = 0; j < n; j += t.columns) {
        long columns = least(t.columns, n - j);
        for (long r = 0; r < mc; r += t.rows) {
          long rows = least(t.rows, mc - r);
          int packed = ta || rows < t.rows;
          const float *from = packed ? pa + r * kc : a + (i + r) * lda + p;
          long row_step = packed ? 1 : lda, step = packed ? t.rows : 1;
          float *out = c + (i + r) * ldc + j;
          if (rows == t.rows && columns == t.columns) {
            t.run(kc, from, row_step, step, pb + j * kc, out, ldc, add);
          } else {
            t.run(kc, from, row_step, step, pb + j * kc, edge, t.columns, 0);
            for (long y = 0; y < rows; y++)
              for (long x = 0; x < columns; x++)
                out[y * ldc + x] = edge[y * t.columns + x] + (add ? out[y * ldc + x] : 0);
          }
        }
      }
    }
  }
}

void grapheion_sgemm(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b, long ldb,
                     int accumulate, float *c, long ldc, float *scratch) {
  grapheion_sgemm_by(grapheion_best_path(), ta, tb, m, n, k, a, lda, b, ldb, accumulate, c, ldc, scratch);
}

double grapheion_peak_work(long rounds, float *scratch) {
  const Tile t = tile_of(grapheion_best_path());
  float *a = scratch + TILE_MOST, *b = a + (MC + 14) * KC;
  for (long i = 0; i < t.rows * KC; i++) a[i] = 0.5f;
  for (long i = 0; i < t.columns * KC; i++) b[i] = 0.25f;
  for (long i = 0; i < rounds; i++) t.run(KC, a, 1, t.rows, b, scratch, t.columns, 0);
  return 2.0 * (double)(rounds * t.rows * t.columns * KC);
}
