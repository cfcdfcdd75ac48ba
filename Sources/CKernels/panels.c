// Products of stored matrices with many columns: sixteen rows at a time are unpacked into a panel, whose words of four bytes (or floats)
// stand row beside row, so that one instruction multiplies a word of a column with those of sixteen rows. What unpacking costs is shared
// by all columns.
#include "stored.h"

#define ROWS 16
#define MOST 12    // columns of a tile
#define AHEAD 512  // bytes

/// A panel's bytes (or floats), then the scales and the offsets of each row's groups.
long grapheion_panel_bytes(int kind, long k) {
  return (is_whole(kind) ? ROWS * k + 2 * 4 * ROWS * (k / shared_of(kind)) : 4 * ROWS * k) + 64;
}

#if defined(__x86_64__)
/// Eight vectors of eight words, words and vectors changed about.
V3 void transpose(__m256i *r) {
  __m256i a[8], b[8];
  for (int i = 0; i < 8; i += 2) {
    a[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
    a[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4)
    for (int h = 0; h < 2; h++) {
      b[i + 2 * h] = _mm256_unpacklo_epi64(a[i + h], a[i + 2 + h]);
      b[i + 2 * h + 1] = _mm256_unpackhi_epi64(a[i + h], a[i + 2 + h]);
    }
  for (int i = 0; i < 4; i++) {
    r[i] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x20);
    r[i + 4] = _mm256_permute2x128_si256(b[i], b[i + 4], 0x31);
  }
}

/// Asks for what is wanted soon: sixteen rows are too many for the processor to guess.
V3 void fetch_ahead(const unsigned char *const *rows, long at, long bytes) {
  for (int r = 0; r < ROWS; r++)
    for (long line = 0; line < bytes; line += 64) __builtin_prefetch(rows[r] + at + AHEAD + line);
}

/// Bytes as [k / 4][16 rows][4]; scales and offsets as [group][16 rows]. `isSigned`: q8_0 keeps its signs and has no offset.
V3 void unpack_wholes(int kind, int is_signed, long k, const unsigned char *const *rows, unsigned char *out) {
  const int groups = groups_of(kind);
  const long blocks = k / (32 * groups), bytes = block_bytes(kind);
  float *scales = (float *)(out + ROWS * k), *offsets = scales + ROWS * (k / shared_of(kind));
  for (long p = 0; p < blocks; p++) {
    fetch_ahead(rows, p * bytes, bytes);
    for (int half = 0; half < 2; half++)
#pragma clang loop unroll(full)
      for (int g = 0; g < 8; g++) {
        if (g >= groups) break;
        __m256i v[8];
#pragma clang loop unroll(full)
        for (int r = 0; r < 8; r++) {
          v[r] = values32(kind, rows[8 * half + r] + p * bytes, g);
          if (is_signed) v[r] = _mm256_xor_si256(v[r], _mm256_set1_epi8((char)0x80));
        }
        transpose(v);
        unsigned char *to = out + (p * groups + g) * 32 * ROWS + 32 * half;
#pragma clang loop unroll(full)
        for (int i = 0; i < 8; i++) _mm256_storeu_si256((__m256i *)(to + 64 * i), v[i]);
      }
    for (int r = 0; r < ROWS; r++) {
      const unsigned char *b = rows[r] + p * bytes;
      if (!is_super(kind)) {
        const float scale = _cvtsh_ss(short_at(b));
        scales[p * ROWS + r] = scale;
        offsets[p * ROWS + r] = is_signed ? 0 : (kind == Q4_0 ? 8 : 128) * scale;
        continue;
      }
      float scale[16], offset[16];
      const int parts = kind == Q6_K ? 16 : 8;
      if (kind == Q6_K) {
        _mm256_storeu_ps(scale, scales6(b, 0));
        _mm256_storeu_ps(scale + 8, scales6(b, 8));
        for (int g = 0; g < 16; g++) offset[g] = 32 * scale[g];
      } else {
        __m256 s, o;
        scales8(b, &s, &o);
        _mm256_storeu_ps(scale, s);
        _mm256_storeu_ps(offset, o);
      }
      for (int g = 0; g < parts; g++) {
        scales[(p * parts + g) * ROWS + r] = scale[g];
        offsets[(p * parts + g) * ROWS + r] = offset[g];
      }
    }
  }
}

/// Floats as [k][16 rows].
V3 void unpack_floats(int kind, long k, const unsigned char *const *rows, float *out) {
  const long step = block_bytes(kind);
  long i = 0;
  for (; i + 8 <= k; i += 8) {
    if (i % 32 == 0) fetch_ahead(rows, i * step, 32 * step);
    for (int half = 0; half < 2; half++) {
      __m256i v[8];
#pragma clang loop unroll(full)
      for (int r = 0; r < 8; r++) v[r] = _mm256_castps_si256(floats8(kind, rows[8 * half + r] + i * step));
      transpose(v);
#pragma clang loop unroll(full)
      for (int j = 0; j < 8; j++) _mm256_storeu_si256((__m256i *)(out + (i + j) * ROWS + 8 * half), v[j]);
    }
  }
  for (; i < k; i++)
    for (int r = 0; r < ROWS; r++) grapheion_stored_values(kind, 1, rows[r] + i * step, out + i * ROWS + r);
}

__attribute__((target("arch=x86-64-v3"))) static void unpack(int kind, int is_signed, long k, const unsigned char *const *rows, void *out) {
  switch (kind) {
    case F32: unpack_floats(F32, k, rows, out); return;
    case F16: unpack_floats(F16, k, rows, out); return;
    case BF16: unpack_floats(BF16, k, rows, out); return;
    case Q4_0: unpack_wholes(Q4_0, 0, k, rows, out); return;
    case Q8_0:
      if (is_signed) unpack_wholes(Q8_0, 1, k, rows, out);
      else unpack_wholes(Q8_0, 0, k, rows, out);
      return;
    case Q4_K: unpack_wholes(Q4_K, 0, k, rows, out); return;
    case Q5_K: unpack_wholes(Q5_K, 0, k, rows, out); return;
    default: unpack_wholes(Q6_K, 0, k, rows, out);
  }
}

// Tiles: sixteen rows by `n` columns -------------------------------------------------------

#define VNNI __attribute__((target("arch=x86-64-v4,avx512vnni"), always_inline)) static inline
#define AVX512 __attribute__((target("arch=x86-64-v4,avx512vnni"), noinline)) static
#define AVX2 __attribute__((target("arch=x86-64-v3"), noinline)) static

/// What a tile is made of: the columns, and where their products go.
struct tile {
  long k;
  const unsigned char *panel;
  const char *columns[MOST];
  float *out[MOST];
  unsigned mask;  // the rows that are wanted
};

VNNI void whole_tile_512(const int n, const int shared, const struct tile *t) {
  const long k = t->k;
  const float *scales = (const float *)(t->panel + ROWS * k), *offsets = scales + ROWS * (k / shared);
  __m512 sum[MOST];
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) sum[c] = _mm512_setzero_ps();
  const unsigned char *panel = t->panel;
  const long bytes = 4 * (k / 32) + 4 * (k / shared);
  for (long g = 0; g < k / shared; g++, panel += ROWS * shared) {
    __m512i whole[MOST];
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) whole[c] = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int w = 0; w < shared / 4; w++) {
      const __m512i values = _mm512_loadu_si512(panel + 64 * w);
#pragma clang loop unroll(full)
      for (int c = 0; c < n; c++) {
        int word;
        memcpy(&word, t->columns[c] + bytes + g * shared + 4 * w, 4);
        whole[c] = _mm512_dpbusd_epi32(whole[c], values, _mm512_set1_epi32(word));
      }
    }
    const __m512 scale = _mm512_loadu_ps(scales + ROWS * g), offset = _mm512_loadu_ps(offsets + ROWS * g);
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) {
      const float *column = (const float *)t->columns[c];
      const __m512 by = _mm512_mul_ps(scale, _mm512_set1_ps(column[g * shared / 32]));
      sum[c] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(whole[c]), by, sum[c]);
      sum[c] = _mm512_fnmadd_ps(offset, _mm512_set1_ps(column[k / 32 + g]), sum[c]);
    }
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) _mm512_mask_storeu_ps(t->out[c], (__mmask16)t->mask, sum[c]);
}

VNNI void float_tile_512(const int n, const struct tile *t) {
  __m512 sum[MOST];
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) sum[c] = _mm512_setzero_ps();
  const float *panel = (const float *)t->panel;
  for (long i = 0; i < t->k; i++, panel += ROWS) {
    const __m512 values = _mm512_loadu_ps(panel);
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++)
      sum[c] = _mm512_fmadd_ps(values, _mm512_set1_ps(((const float *)t->columns[c])[i]), sum[c]);
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) _mm512_mask_storeu_ps(t->out[c], (__mmask16)t->mask, sum[c]);
}

/// Eight floats of sixteen rows, those that are wanted.
V3 void store_half(float *out, __m256 sum, unsigned mask) {
  float all[8];
  _mm256_storeu_ps(all, sum);
  for (int r = 0; r < 8; r++)
    if (mask >> r & 1) out[r] = all[r];
}

/// `together`: words of a column whose products fit into 16 bits when added up; 0 where both sides have signs.
V3 void whole_tile_256(const int n, const int shared, const int together, const struct tile *t) {
  const long k = t->k;
  const __m256i ones = _mm256_set1_epi16(1);
  const float *scales = (const float *)(t->panel + ROWS * k), *offsets = scales + ROWS * (k / shared);
  const long bytes = 4 * (k / 32) + 4 * (k / shared);
  for (int half = 0; half < 2; half++) {
    __m256 sum[4];
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) sum[c] = _mm256_setzero_ps();
    const unsigned char *panel = t->panel + 32 * half;
    for (long g = 0; g < k / shared; g++, panel += ROWS * shared) {
      __m256i whole[4], pairs[4];
#pragma clang loop unroll(full)
      for (int c = 0; c < n; c++) whole[c] = pairs[c] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
      for (int w = 0; w < shared / 4; w++) {
        const __m256i values = _mm256_loadu_si256((const __m256i *)(panel + 64 * w));
#pragma clang loop unroll(full)
        for (int c = 0; c < n; c++) {
          int word;
          memcpy(&word, t->columns[c] + bytes + g * shared + 4 * w, 4);
          const __m256i x = _mm256_set1_epi32(word);
          const __m256i two = together ? _mm256_maddubs_epi16(values, x)
                                       : _mm256_maddubs_epi16(_mm256_abs_epi8(values), _mm256_sign_epi8(x, values));
          if (together > 1 && w % together) pairs[c] = _mm256_add_epi16(pairs[c], two);
          else pairs[c] = two;
          if (together < 2 || w % together == together - 1)
            whole[c] = _mm256_add_epi32(whole[c], _mm256_madd_epi16(pairs[c], ones));
        }
      }
      const __m256 scale = _mm256_loadu_ps(scales + ROWS * g + 8 * half), offset = _mm256_loadu_ps(offsets + ROWS * g + 8 * half);
#pragma clang loop unroll(full)
      for (int c = 0; c < n; c++) {
        const float *column = (const float *)t->columns[c];
        const __m256 by = _mm256_mul_ps(scale, _mm256_set1_ps(column[g * shared / 32]));
        sum[c] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(whole[c]), by, sum[c]);
        sum[c] = _mm256_fnmadd_ps(offset, _mm256_set1_ps(column[k / 32 + g]), sum[c]);
      }
    }
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) store_half(t->out[c] + 8 * half, sum[c], t->mask >> 8 * half);
  }
}

V3 void float_tile_256(const int n, const struct tile *t) {
  __m256 low[6], high[6];
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) low[c] = high[c] = _mm256_setzero_ps();
  const float *panel = (const float *)t->panel;
  for (long i = 0; i < t->k; i++, panel += ROWS) {
    const __m256 first = _mm256_loadu_ps(panel), second = _mm256_loadu_ps(panel + 8);
#pragma clang loop unroll(full)
    for (int c = 0; c < n; c++) {
      const __m256 x = _mm256_set1_ps(((const float *)t->columns[c])[i]);
      low[c] = _mm256_fmadd_ps(first, x, low[c]);
      high[c] = _mm256_fmadd_ps(second, x, high[c]);
    }
  }
#pragma clang loop unroll(full)
  for (int c = 0; c < n; c++) {
    store_half(t->out[c], low[c], t->mask);
    store_half(t->out[c] + 8, high[c], t->mask >> 8);
  }
}

AVX512 void whole12_32(const struct tile *t) { whole_tile_512(12, 32, t); }
AVX512 void whole8_32(const struct tile *t) { whole_tile_512(8, 32, t); }
AVX512 void whole4_32(const struct tile *t) { whole_tile_512(4, 32, t); }
AVX512 void whole12_16(const struct tile *t) { whole_tile_512(12, 16, t); }
AVX512 void whole8_16(const struct tile *t) { whole_tile_512(8, 16, t); }
AVX512 void whole4_16(const struct tile *t) { whole_tile_512(4, 16, t); }
AVX512 void float12(const struct tile *t) { float_tile_512(12, t); }
AVX512 void float8(const struct tile *t) { float_tile_512(8, t); }
AVX512 void float4(const struct tile *t) { float_tile_512(4, t); }
AVX2 void whole4_q4(const struct tile *t) { whole_tile_256(4, 32, 8, t); }
AVX2 void whole4_q5(const struct tile *t) { whole_tile_256(4, 32, 4, t); }
AVX2 void whole4_q6(const struct tile *t) { whole_tile_256(4, 16, 2, t); }
AVX2 void whole4_q8(const struct tile *t) { whole_tile_256(4, 32, 0, t); }
AVX2 void float6_256(const struct tile *t) { float_tile_256(6, t); }

/// Tiles of a kind: as many columns as still are to be done, or a few more.
static void run_tiles(int path, int kind, struct tile *t, long m, const char *columns, long stride, float *out, long ldc) {
  for (long c = 0; c < m;) {
    const long left = m - c;
    long n;
    void (*run)(const struct tile *);
    if (path == GRAPHEION_AVX512) {
      n = left > 8 ? 12 : left > 4 ? 8 : 4;
      if (!is_whole(kind)) run = n == 12 ? float12 : n == 8 ? float8 : float4;
      else if (kind == Q6_K) run = n == 12 ? whole12_16 : n == 8 ? whole8_16 : whole4_16;
      else run = n == 12 ? whole12_32 : n == 8 ? whole8_32 : whole4_32;
    } else {
      n = is_whole(kind) ? 4 : 6;
      run = !is_whole(kind) ? float6_256 : kind == Q8_0 ? whole4_q8 : kind == Q6_K ? whole4_q6 : kind == Q5_K ? whole4_q5 : whole4_q4;
    }
    for (long i = 0; i < n; i++) {  // columns that a tile has too many are the last one again
      const long column = c + (i < left ? i : left - 1);
      t->columns[i] = columns + column * stride;
      t->out[i] = out + column * ldc;
    }
    run(t);
    c += n;
  }
}
#endif

void grapheion_stored_product(int path, int kind, long k, const void *rows, long pitch, long count, long m, const void *columns,
                              long stride, float *out, long ldc, void *panel) {
#if defined(__x86_64__)
  if (path != GRAPHEION_PLAIN && m >= 3) {
    struct tile t = {.k = k, .panel = panel};
    for (long r = 0; r < count; r += ROWS) {
      const long live = least(ROWS, count - r);
      const unsigned char *from[ROWS];
      for (long i = 0; i < ROWS; i++) from[i] = (const unsigned char *)rows + (r + least(i, live - 1)) * pitch;
      unpack(kind, path == GRAPHEION_AVX2 && kind == Q8_0, k, from, panel);
      t.mask = live == ROWS ? 0xFFFF : (1u << live) - 1;
      run_tiles(path, kind, &t, m, columns, stride, out + r, ldc);
    }
    return;
  }
#endif
  (void)panel;
  grapheion_stored_rows(path, kind, k, rows, pitch, count, m, columns, stride, out, ldc);
}
