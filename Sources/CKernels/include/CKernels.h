// Numeric kernels of the reader: plain C loops, compiled for several processors and chosen at
// run time. All matrices are row-major; a leading dimension (lda, ldb, ldc) is the distance
// between rows in floats. No kernel allocates; none keeps state. Buffers of one call must not
// overlap unless the comment says so.
//
// Images of lines are held column by column: [x][y][channel]. A batch is ragged: the columns
// of all its lines stand one after the other, and `starts` (lines + 1 entries) says where each
// begins. Convolutions see zeros beyond the ends of a line, never its neighbour, so that a
// line gives the same result to the bit in any batch.
#ifndef GRAPHEION_CKERNELS_H
#define GRAPHEION_CKERNELS_H

/// Which instructions the matrix product uses.
enum grapheion_path {
  GRAPHEION_PLAIN = 0,  ///< C for any processor
  GRAPHEION_AVX2 = 1,   ///< AVX2 and FMA, register tile 6x16
  GRAPHEION_AVX512 = 2  ///< AVX-512F and VL, register tile 14x32
};
/// The fastest path this processor has; GRAPHEION_PROCESSOR=avx512 (without tiles), avx2 or plain in the
/// environment holds it to less, to see what others will see.
int grapheion_best_path(void);

/// Tells the processor that this thread waits for another by asking again and again.
static inline void grapheion_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Matrix products ---------------------------------------------------------------------------

/// Floats of scratch that a product with `n` columns of C needs.
long grapheion_sgemm_scratch(long n);
/// C[m][n] = op(A)[m][k] op(B)[k][n], added to C where `accumulate`; op is the transpose where ta or tb.
/// The order of summation depends on k alone, so a row of C does not depend on its neighbours.
void grapheion_sgemm(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b, long ldb,
                     int accumulate, float *c, long ldc, float *scratch);
/// The same by a chosen path, which must not be above `grapheion_best_path()`.
void grapheion_sgemm_by(int path, int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b,
                        long ldb, int accumulate, float *c, long ldc, float *scratch);
/// The same as three plain loops: the reference.
void grapheion_sgemm_reference(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b,
                               long ldb, int accumulate, float *c, long ldc);
/// Runs `rounds` register tiles over cached panels and returns the operations done: the peak to compare with.
double grapheion_peak_work(long rounds, float *scratch);

// Products in bfloat16 ----------------------------------------------------------------------

/// Whether this processor multiplies halves (AVX-512 BF16); without it the functions below, but for packing, must not be called.
int grapheion_has_halves(void);
/// Halves that a packed B[k][n] takes.
long grapheion_halves_packed(long n, long k);
/// Packs op(B)[k][n] for `grapheion_halves_product`, rounded to bfloat16.
void grapheion_halves_pack(int tb, long n, long k, const float *b, long ldb, unsigned short *packed);
/// Floats of scratch that a product of `n` columns needs.
long grapheion_halves_scratch(long n);
/// C[m][n] = A[m][k] B[k][n], added to C where `accumulate`; A is rounded to bfloat16 on the way, sums are floats.
/// The order of summation depends on k alone.
void grapheion_halves_product(long m, long n, long k, const float *a, long lda, const unsigned short *packed,
                              int accumulate, float *c, long ldc, float *scratch);
/// C[m][n] = op(A)[m][k] op(B)[k][n], op the transpose where ta or tb, both rounded on the way; else as above.
void grapheion_halves_gemm(int ta, int tb, long m, long n, long k, const float *a, long lda, const float *b, long ldb,
                           int accumulate, float *c, long ldc, float *scratch);
/// Whether those products are made by the tiles of AMX. Asked of the system once a process.
int grapheion_has_tiles(void);
/// As `grapheion_peak_work`, for halves.
double grapheion_halves_peak_work(long rounds, float *scratch);

// Products in whole numbers -----------------------------------------------------------------

/// Whether products in whole numbers are the fastest that this processor has (AVX2 and no more); else the functions below, but for packing, must not be called.
int grapheion_has_wholes(void);
/// Numbers that a packed B[k][n] takes.
long grapheion_wholes_packed(long n, long k);
/// Packs B[k][n] for `grapheion_wholes_product`: each column as whole numbers of twelve bits, and what they are to be multiplied by again.
void grapheion_wholes_pack(long n, long k, const float *b, long ldb, short *packed, float *scales);
/// Floats of scratch that a product of `n` columns needs.
long grapheion_wholes_scratch(long n);
/// C[m][n] = A[m][k] B[k][n], added to C where `accumulate`; rows of A are rounded to twelve bits on the way, up to 384 numbers by one scale.
void grapheion_wholes_product(long m, long n, long k, const float *a, long lda, const short *packed, const float *scales,
                              int accumulate, float *c, long ldc, float *scratch);
/// As `grapheion_peak_work`, for whole numbers.
double grapheion_wholes_peak_work(long rounds, float *scratch);

// Convolutions ------------------------------------------------------------------------------

/// A convolution over [x][y][channel] maps, zero-padded by size / 2.
struct grapheion_window {
  long height, channels;       ///< of the input map
  long size;                   ///< the window is size x size (odd)
  long stride_x, stride_y;
};
/// Gathers the windows of output columns `from ..< to` of one line `columns` wide: [(to-from) * height/stride_y][size*size*channels].
void grapheion_gather(const struct grapheion_window *w, const float *line, long columns, long from, long to, float *out);
/// The adjoint: adds gathered gradients back onto the line's map.
void grapheion_scatter(const struct grapheion_window *w, const float *gathered, long columns, long from, long to,
                       float *line);

/// Adds a map [rows / 2][columns / 2][channels] to one of twice its sides, each place to the four it covers.
void grapheion_enlarge_add(long rows, long columns, long channels, const float *in, float *out);
/// The adjoint: in[y][x] = the sum of the four places of `out` that it covers.
void grapheion_enlarge_add_backward(long rows, long columns, long channels, const float *d_out, float *d_in);

/// A depthwise convolution over [x][y][channel] maps: size_x x size_y taps (odd), one filter a channel. Along a line of
/// frames `height` and `size_y` are 1.
struct grapheion_depthwise_shape {
  long height, channels, size_x, size_y;
};
/// weights [size_x][size_y][channels]: out[t][y][c] = bias[c] + sum_ij weights[i][j][c] in[t + i - size_x/2][y + j - size_y/2][c],
/// zeros beyond the line's ends and the map's edges.
void grapheion_depthwise(const struct grapheion_depthwise_shape *s, long lines, const long *starts, const float *in,
                         const float *weights, const float *bias, float *out);
/// Its backward pass: adds to d_in, d_weights and d_bias.
void grapheion_depthwise_backward(const struct grapheion_depthwise_shape *s, long lines, const long *starts,
                                  const float *in, const float *weights, const float *d_out, float *d_in,
                                  float *d_weights, float *d_bias);

// By position -------------------------------------------------------------------------------

/// Layer norm over the channels of each row, then gain and bias, then max(0, .) where `rectify`.
/// mean and scale (1 / standard deviation) of each row are kept for the way back. In place (out == in) is allowed.
void grapheion_layer_norm(long rows, long channels, const float *in, const float *gain, const float *bias, int rectify,
                          float *out, float *mean, float *scale);
/// Backward from d_out to d_in (written; may be d_out itself), adding to d_gain and d_bias.
/// `out` is the forward result where it was rectified, else NULL. `in` is the forward input.
void grapheion_layer_norm_backward(long rows, long channels, const float *in, const float *gain, const float *out,
                                   const float *mean, const float *scale, const float *d_out, float *d_in,
                                   float *d_gain, float *d_bias);
/// x[r][c] += bias[c].
void grapheion_add_bias(long rows, long channels, const float *bias, float *x);
/// x[r][c] = max(0, x[r][c] + bias[c]).
void grapheion_add_bias_rectify(long rows, long channels, const float *bias, float *x);
/// Dropout: x[i] = 0 where a number drawn from the seed and `place` + i is less than `below` of 2^32, else x[i] * scale.
void grapheion_drop(long count, long place, unsigned seed, unsigned below, float scale, float *x);
/// d[i] = 0 where y[i] is not positive.
void grapheion_rectify_backward(long count, const float *y, float *d);
/// d_bias[c] += sum over rows of d[r][c].
void grapheion_sum_rows(long rows, long channels, const float *d, float *d_bias);
/// y += x.
void grapheion_add(long count, const float *x, float *y);
/// Log of the softmax of each row, in place.
void grapheion_log_softmax(long rows, long classes, float *x);

// Connectionist temporal classification -----------------------------------------------------

/// Floats of scratch for a line of `frames` frames and `letters` letters.
long grapheion_ctc_scratch(long frames, long letters);
/// Minus log probability of `letters` (classes, none of them 0, the blank) given log probabilities [frames][classes],
/// by the forward-backward sums of Graves et al. (2006) in log space. d_logits, where not NULL, receives the gradient
/// with respect to the logits under the softmax. Infinite, with a zero gradient, where the frames are too few.
float grapheion_ctc(long frames, long classes, const float *log_probabilities, long letters, const int *label,
                    float *d_logits, float *scratch);

// Optimiser ---------------------------------------------------------------------------------

/// Sum of squares.
double grapheion_sum_squares(long count, const float *x);
/// x *= factor.
void grapheion_scale(long count, float factor, float *x);
struct grapheion_adamw {
  float rate, beta1, beta2, epsilon;
  float decay;                      ///< decoupled weight decay (Loshchilov and Hutter 2019), multiplied by rate
  float correction1, correction2;   ///< 1 - beta^step
};
/// One AdamW step on `count` parameters.
void grapheion_adamw_step(const struct grapheion_adamw *o, long count, const float *gradient, float *first, float *second,
                     float *parameters);
/// average += share * (x - average).
void grapheion_average(long count, float share, const float *x, float *average);

// Matrices as a file stores them ------------------------------------------------------------
//
// Kinds are numbered as in GGUF: f32, f16, bf16, q4_0, q8_0, q4_K, q5_K, q6_K. Rows are `pitch` bytes apart. A product needs its columns
// rounded for the kind of the matrix: bytes by 32 or 256 numbers with one scale, as ggml does it, halves, or plain floats.

/// The fastest path that the functions of this section have here: AVX-512 with VNNI, AVX2, or plain.
int grapheion_stored_best(void);
/// Bytes of `k` values of a kind, whole blocks.
long grapheion_stored_bytes(int kind, long k);
/// The values of part of a row that begins with a block: the reference of all others.
void grapheion_stored_values(int kind, long k, const void *row, float *out);
/// Numbers as a row of halves (f16) or of q8_0; `k` whole blocks.
void grapheion_store_row(int kind, long k, const float *x, void *out);
/// Bytes of a column of `k` numbers when it is rounded.
long grapheion_rounded_bytes(int kind, long k);
/// Rounds `m` columns, `ldx` floats apart, into ones that are `stride` bytes apart (a multiple of 4, at least `grapheion_rounded_bytes`).
/// For kinds that are no whole numbers this may be done in place.
void grapheion_round_columns(int kind, long m, long k, const float *x, long ldx, void *out, long stride);
/// out[m][count]: the products of `count` rows with `m` rounded columns, row by row.
void grapheion_stored_rows(int path, int kind, long k, const void *rows, long pitch, long count, long m, const void *columns,
                           long stride, float *out, long ldc);
/// Bytes of scratch for the function below.
long grapheion_panel_bytes(int kind, long k);
/// The same, by panels of sixteen rows where there are columns enough.
void grapheion_stored_product(int path, int kind, long k, const void *rows, long pitch, long count, long m, const void *columns,
                              long stride, float *out, long ldc, void *panel);
/// out[m][n] += weights[m][count] rows[count][n], rows of f16 or q8_0.
void grapheion_stored_mix(int path, int kind, long n, const void *rows, long pitch, long count, long m, const float *weights,
                          long ldw, float *out, long ldo);

// A decoder's other steps -------------------------------------------------------------------

/// Each row divided by its root mean square, times gain (Zhang & Sennrich 2019).
void grapheion_rms_norm(long rows, long channels, const float *in, const float *gain, float epsilon, float *out);
/// Turns the first `turned` numbers of each head by pairs (Su and others 2021): cosine and sine of each pair.
void grapheion_rotate(long heads, long size, long turned, const float *cosines_and_sines, float *x);
/// up *= g * sigmoid(g) (Shazeer 2020).
void grapheion_gate(long count, const float *g, float *up);
/// Softmax of scale * x, in place.
void grapheion_softmax(long count, float scale, float *x);
/// The logarithm of the sum of the exponentials.
float grapheion_log_sum(long count, const float *x);

// Hashes ------------------------------------------------------------------------------------

/// Takes `count` blocks of 64 bytes into the eight words of a SHA-256 state.
void grapheion_sha256(const unsigned char *blocks, long count, unsigned *state);
/// The same on any processor; the reference for the other.
void grapheion_sha256_plain(const unsigned char *blocks, long count, unsigned *state);

// The way back through them -----------------------------------------------------------------

/// From d_out to d_in and d_gain, added to both.
void grapheion_rms_norm_backward(long rows, long channels, const float *in, const float *gain, float epsilon, const float *d_out,
                                 float *d_in, float *d_gain);
/// out = up * g / (1 + e^-g) (Shazeer 2020).
void grapheion_gated(long count, const float *g, const float *up, float *out);
/// Its way back, to both factors (written).
void grapheion_gated_backward(long count, const float *g, const float *up, const float *d_out, float *d_g, float *d_up);
/// From the gradient at a softmax's result p to that before its scale, in place.
void grapheion_softmax_backward(long count, float scale, const float *p, float *d);
/// Sum of the minus log probabilities of the targets (-1: none) under the softmax of each row of logits, which become its gradient times `factor`.
double grapheion_next_token_loss(long rows, long classes, const int *targets, float factor, float *logits);

#endif
