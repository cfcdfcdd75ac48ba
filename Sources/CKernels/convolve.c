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

BODY void enlarge_add(long rows, long columns, long channels, const float *restrict in, float *restrict out) {
  for (long y = 0; y < rows; y++)
    for (long x = 0; x < columns; x++) {
      const float *from = in + (y / 2 * (columns / 2) + x / 2) * channels;
      float *to = out + (y * columns + x) * channels;
      for (long c = 0; c < channels; c++) to[c] += from[c];
    }
}

BODY void enlarge_add_backward(long rows, long columns, long channels, const float *restrict d_out,
                               float *restrict d_in) {
  const long row = columns * channels;
  for (long y = 0; y < rows / 2; y++)
    for (long x = 0; x < columns / 2; x++, d_in += channels) {
      const float *from = d_out + 2 * y * row + 2 * x * channels;
      for (long c = 0; c < channels; c++)
        d_in[c] = from[c] + from[channels + c] + from[row + c] + from[row + channels + c];
    }
}

/// The taps of a window of `size` at `place` that fall inside `from ..< to`.
struct taps {
  long first, last;
};
BODY struct taps taps_at(long place, long size, long from, long to) {
  return (struct taps){most(0, from - place + size / 2), least(size, to - place + size / 2)};
}

/// One position and `width` channels from c0 on, at most 64: their sums stay in registers over the taps.
BODY void filter(const struct grapheion_depthwise_shape *s, const long width, long t, long y, long c0,
                 struct taps along, struct taps across, const float *restrict in, const float *restrict weights,
                 const float *restrict bias, float *restrict out) {
#pragma clang fp contract(fast)
  float sum[64];
  for (long c = 0; c < width; c++) sum[c] = bias[c0 + c];
  for (long i = along.first; i < along.last; i++) {
    const float *x = in + ((t + i - s->size_x / 2) * s->height + y + across.first - s->size_y / 2) * s->channels + c0;
    const float *f = weights + (i * s->size_y + across.first) * s->channels + c0;
    for (long j = across.first; j < across.last; j++, x += s->channels, f += s->channels)
      for (long c = 0; c < width; c++) sum[c] += f[c] * x[c];
  }
  for (long c = 0; c < width; c++) out[c0 + c] = sum[c];
}

BODY void depthwise(const struct grapheion_depthwise_shape *s, long lines, const long *starts, const float *restrict in,
                    const float *restrict weights, const float *restrict bias, float *restrict out) {
#pragma clang fp contract(fast)
  const long channels = s->channels, height = s->height;
  for (long l = 0; l < lines; l++)
    for (long t = starts[l]; t < starts[l + 1]; t++) {
      const struct taps along = taps_at(t, s->size_x, starts[l], starts[l + 1]);
      for (long y = 0; y < height; y++) {
        const struct taps across = taps_at(y, s->size_y, 0, height);
        float *o = out + (t * height + y) * channels;
        long c0 = 0;
        for (; c0 + 64 <= channels; c0 += 64) filter(s, 64, t, y, c0, along, across, in, weights, bias, o);
        for (; c0 + 32 <= channels; c0 += 32) filter(s, 32, t, y, c0, along, across, in, weights, bias, o);
        for (; c0 + 16 <= channels; c0 += 16) filter(s, 16, t, y, c0, along, across, in, weights, bias, o);
        for (; c0 < channels; c0++) filter(s, 1, t, y, c0, along, across, in, weights, bias, o);
      }
    }
}

/// What one position of the input gets back from the outputs it went into, `width` channels from c0 on, at most 64.
BODY void filter_back(const struct grapheion_depthwise_shape *s, const long width, long t, long y, long c0,
                      struct taps along, struct taps across, const float *restrict d_out, const float *restrict weights,
                      float *restrict d_in) {
#pragma clang fp contract(fast)
  float sum[64];
  for (long c = 0; c < width; c++) sum[c] = d_in[c0 + c];
  for (long i = along.first; i < along.last; i++)
    for (long j = across.first; j < across.last; j++) {
      const float *d = d_out + ((t + i - s->size_x / 2) * s->height + y + j - s->size_y / 2) * s->channels + c0;
      const float *f = weights + ((s->size_x - 1 - i) * s->size_y + s->size_y - 1 - j) * s->channels + c0;
      for (long c = 0; c < width; c++) sum[c] += f[c] * d[c];
    }
  for (long c = 0; c < width; c++) d_in[c0 + c] = sum[c];
}

/// The gradient of one tap's weights from the outputs of column t, rows first ..< last, with inputs `shift` positions on.
BODY void tap_back(const struct grapheion_depthwise_shape *s, const long width, long t, long first, long last,
                   long shift, long c0, const float *restrict in, const float *restrict d_out, float *restrict d_weights) {
#pragma clang fp contract(fast)
  float sum[64];
  for (long c = 0; c < width; c++) sum[c] = d_weights[c0 + c];
  for (long y = first; y < last; y++) {
    const float *d = d_out + (t * s->height + y) * s->channels + c0;
    const float *x = in + (t * s->height + y + shift) * s->channels + c0;
    for (long c = 0; c < width; c++) sum[c] += d[c] * x[c];
  }
  for (long c = 0; c < width; c++) d_weights[c0 + c] = sum[c];
}

BODY void depthwise_backward(const struct grapheion_depthwise_shape *s, long lines, const long *starts,
                             const float *restrict in, const float *restrict weights, const float *restrict d_out,
                             float *restrict d_in, float *restrict d_weights, float *restrict d_bias) {
  const long channels = s->channels, height = s->height;
  for (long l = 0; l < lines; l++)
    for (long t = starts[l]; t < starts[l + 1]; t++) {
      const struct taps along = taps_at(t, s->size_x, starts[l], starts[l + 1]);
      for (long y = 0; y < height; y++) {
        const struct taps across = taps_at(y, s->size_y, 0, height);
        const float *d = d_out + (t * height + y) * channels;
        float *dx = d_in + (t * height + y) * channels;
        for (long c = 0; c < channels; c++) d_bias[c] += d[c];
        long c0 = 0;
        for (; c0 + 64 <= channels; c0 += 64) filter_back(s, 64, t, y, c0, along, across, d_out, weights, dx);
        for (; c0 + 32 <= channels; c0 += 32) filter_back(s, 32, t, y, c0, along, across, d_out, weights, dx);
        for (; c0 + 16 <= channels; c0 += 16) filter_back(s, 16, t, y, c0, along, across, d_out, weights, dx);
        for (; c0 < channels; c0++) filter_back(s, 1, t, y, c0, along, across, d_out, weights, dx);
      }
      for (long i = along.first; i < along.last; i++)
        for (long j = 0; j < s->size_y; j++) {
          const long up = j - s->size_y / 2, shift = (i - s->size_x / 2) * height + up;
          const long first = most(0, -up), last = least(height, height - up);
          float *dw = d_weights + (i * s->size_y + j) * channels;
          long c0 = 0;
          for (; c0 + 64 <= channels; c0 += 64) tap_back(s, 64, t, first, last, shift, c0, in, d_out, dw);
          for (; c0 + 32 <= channels; c0 += 32) tap_back(s, 32, t, first, last, shift, c0, in, d_out, dw);
          for (; c0 + 16 <= channels; c0 += 16) tap_back(s, 16, t, first, last, shift, c0, in, d_out, dw);
          for (; c0 < channels; c0++) tap_back(s, 1, t, first, last, shift, c0, in, d_out, dw);
        }
    }
}

FOR_EACH_PROCESSOR(void, scatter, (const struct grapheion_window *w, const float *gathered, long columns, long from, long to, float *line),
                   (w, gathered, columns, from, to, line))
FOR_EACH_PROCESSOR(void, depthwise, (const struct grapheion_depthwise_shape *s, long lines, const long *starts, const float *in, const float *weights, const float *bias, float *out),
                   (s, lines, starts, in, weights, bias, out))
FOR_EACH_PROCESSOR(void, depthwise_backward, (const struct grapheion_depthwise_shape *s, long lines, const long *starts, const float *in, const float *weights, const float *d_out, float *d_in, float *d_weights, float *d_bias),
                   (s, lines, starts, in, weights, d_out, d_in, d_weights, d_bias))
FOR_EACH_PROCESSOR(void, enlarge_add, (long rows, long columns, long channels, const float *in, float *out),
                   (rows, columns, channels, in, out))
FOR_EACH_PROCESSOR(void, enlarge_add_backward, (long rows, long columns, long channels, const float *d_out, float *d_in),
                   (rows, columns, channels, d_out, d_in))
