// Convolutions over lines held column by column. Two-dimensional ones are gathered into rows for
// the matrix product; depthwise ones along the line run directly.
#include "CKernels.h"
#include "internal.h"
#include <string.h>

void grapheion_gather(const struct grapheion_window *w, const float *line, long columns, long from, long to,
                      float *out) {
  const long rows = w->height / w->stride_y, half = w->size / 2, c = w->channels, run = w->size * c;
  const long column = w->height * c;
  for (long x = from; x < to; x++)
    for (long y = 0; y < rows; y++)
      for (long k = 0; k < w->size; k++, out += run) {
        long at = x * w->stride_x + k - half, top = y * w->stride_y - half;
        if (at < 0 || at >= columns) {
          memset(out, 0, (size_t)run * sizeof(float));
          continue;
        }
        long first = most(0, -top), last = least(w->size, w->height - top);
        const float *in = line + at * column + top * c;
        if (first > 0) memset(out, 0, (size_t)(first * c) * sizeof(float));
        for (long i = first * c; i < last * c; i++) out[i] = in[i];
        if (last < w->size) memset(out + last * c, 0, (size_t)((w->size - last) * c) * sizeof(float));
      }
}

BODY void scatter(const struct grapheion_window *w, const float *gathered, long columns, long from, long to,
                       float *line) {
  const long rows = w->height / w->stride_y, half = w->size / 2, c = w->channels, run = w->size * c;
  const long column = w->height * c;
  for (long x = from; x < to; x++)
    for (long y = 0; y < rows; y++)
      for (long k = 0; k < w->size; k++, gathered += run) {
        long at = x * w->stride_x + k - half, top = y * w->stride_y - half;
        if (at < 0 || at >= columns) continue;
        long first = most(0, -top), last = least(w->size, w->height - top);
        float *in = line + at * column + top * c;
        for (long i = first * c; i < last * c; i++) in[i] += gathered[i];
      }
}

BODY void depthwise(long lines, const long *starts, long channels, long size, const float *restrict in,
                         const float *restrict weights, const float *restrict bias, float *restrict out) {
#pragma clang fp contract(fast)
  const long half = size / 2;
  for (long l = 0; l < lines; l++)
    for (long t = starts[l]; t < starts[l + 1]; t++) {
      float *o = out + t * channels;
      long first = most(0, starts[l] - t + half), last = least(size, starts[l + 1] - t + half);
      for (long c0 = 0; c0 < channels; c0 += 64) {  // a run of channels stays in registers over the taps
        long width = least(64, channels - c0);
        float sum[64];
        for (long c = 0; c < width; c++) sum[c] = bias[c0 + c];
        for (long k = first; k < last; k++) {
          const float *x = in + (t + k - half) * channels + c0, *f = weights + k * channels + c0;
          if (width == 64)
            for (long c = 0; c < 64; c++) sum[c] += f[c] * x[c];
          else
            for (long c = 0; c < width; c++) sum[c] += f[c] * x[c];
        }
        for (long c = 0; c < width; c++) o[c0 + c] = sum[c];
      }
    }
}

BODY void depthwise_backward(long lines, const long *starts, long channels, long size, const float *restrict in,
                                  const float *restrict weights, const float *restrict d_out, float *restrict d_in,
                                  float *restrict d_weights, float *restrict d_bias) {
#pragma clang fp contract(fast)
  const long half = size / 2;
  for (long l = 0; l < lines; l++)
    for (long t = starts[l]; t < starts[l + 1]; t++) {
      const float *d = d_out + t * channels;
      long first = most(0, starts[l] - t + half), last = least(size, starts[l + 1] - t + half);
      for (long c = 0; c < channels; c++) d_bias[c] += d[c];
      for (long k = first; k < last; k++) {
        const float *x = in + (t + k - half) * channels, *f = weights + k * channels;
        float *dx = d_in + (t + k - half) * channels, *df = d_weights + k * channels;
        for (long c = 0; c < channels; c++) {
          dx[c] += f[c] * d[c];
          df[c] += x[c] * d[c];
        }
      }
    }
}

FOR_EACH_PROCESSOR(void, scatter, (const struct grapheion_window *w, const float *gathered, long columns, long from, long to, float *line),
                   (w, gathered, columns, from, to, line))
FOR_EACH_PROCESSOR(void, depthwise, (long lines, const long *starts, long channels, long size, const float *in, const float *weights, const float *bias, float *out),
                   (lines, starts, channels, size, in, weights, bias, out))
FOR_EACH_PROCESSOR(void, depthwise_backward, (long lines, const long *starts, long channels, long size, const float *in, const float *weights, const float *d_out, float *d_in, float *d_weights, float *d_bias),
                   (lines, starts, channels, size, in, weights, d_out, d_in, d_weights, d_bias))
