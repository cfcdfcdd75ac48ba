// What happens at each position by itself: layer norm, biases, rectifiers, softmax; and the optimiser.
#include "CKernels.h"
#include "internal.h"
#include <math.h>

#define NORM_EPSILON 1e-5f

BODY void layer_norm(long rows, long channels, const float *in, const float *gain, const float *bias, int rectify,
                          float *out, float *mean, float *scale) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *x = in + r * channels;
    float *y = out + r * channels;
    float sum = 0, squares = 0;
    for (long c = 0; c < channels; c++) sum += x[c];
    const float m = sum / (float)channels;
    for (long c = 0; c < channels; c++) squares += (x[c] - m) * (x[c] - m);
    const float s = 1 / sqrtf(squares / (float)channels + NORM_EPSILON);
    mean[r] = m;
    scale[r] = s;
    if (rectify)
      for (long c = 0; c < channels; c++) {
        float v = (x[c] - m) * s * gain[c] + bias[c];
        y[c] = v > 0 ? v : 0;
      }
    else
      for (long c = 0; c < channels; c++) y[c] = (x[c] - m) * s * gain[c] + bias[c];
  }
}

BODY void layer_norm_backward(long rows, long channels, const float *in, const float *restrict gain,
                                   const float *out, const float *restrict mean, const float *restrict scale,
                                   const float *d_out, float *d_in, float *restrict d_gain, float *restrict d_bias) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++) {
    const float *x = in + r * channels, *d = d_out + r * channels, *y = out ? out + r * channels : 0;
    float *dx = d_in + r * channels;
    const float m = mean[r], s = scale[r];
    float sum = 0, dot = 0;
    for (long c = 0; c < channels; c++) {
      float live = y ? (y[c] > 0 ? d[c] : 0) : d[c];
      float normal = (x[c] - m) * s;
      d_bias[c] += live;
      d_gain[c] += live * normal;
      float g = live * gain[c];
      sum += g;
      dot += g * normal;
      dx[c] = g;
    }
    sum /= (float)channels;
    dot /= (float)channels;
    for (long c = 0; c < channels; c++) dx[c] = s * (dx[c] - sum - (x[c] - m) * s * dot);
  }
}

BODY void add_bias(long rows, long channels, const float *restrict bias, float *restrict x) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < channels; c++) x[r * channels + c] += bias[c];
}

BODY void add_bias_rectify(long rows, long channels, const float *restrict bias, float *restrict x) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < channels; c++) {
      float v = x[r * channels + c] + bias[c];
      x[r * channels + c] = v > 0 ? v : 0;
    }
}

BODY void drop(long count, long place, unsigned seed, unsigned below, float scale, float *restrict x) {
  for (long i = 0; i < count; i++) {
    // The finaliser of MurmurHash3 over the place.
    unsigned h = (unsigned)(place + i) * 0x9E3779B1u + seed;
    h = (h ^ h >> 16) * 0x85EBCA6Bu;
    h = (h ^ h >> 13) * 0xC2B2AE35u;
    h ^= h >> 16;
    x[i] = h < below ? 0 : x[i] * scale;
  }
}

BODY void rectify_backward(long count, const float *restrict y, float *restrict d) {
  for (long i = 0; i < count; i++) d[i] = y[i] > 0 ? d[i] : 0;
}

BODY void sum_rows(long rows, long channels, const float *restrict d, float *restrict d_bias) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < channels; c++) d_bias[c] += d[r * channels + c];
}

BODY void add(long count, const float *restrict x, float *restrict y) {
  for (long i = 0; i < count; i++) y[i] += x[i];
}

void grapheion_log_softmax(long rows, long classes, float *x) {
  for (long r = 0; r < rows; r++, x += classes) {
    float top = x[0], sum = 0;
    for (long c = 1; c < classes; c++) top = x[c] > top ? x[c] : top;
    for (long c = 0; c < classes; c++) sum += expf(x[c] - top);
    const float log_sum = top + logf(sum);
    for (long c = 0; c < classes; c++) x[c] -= log_sum;
  }
}

BODY double sum_squares(long count, const float *x) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (long i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}

BODY void scale(long count, float factor, float *x) {
  for (long i = 0; i < count; i++) x[i] *= factor;
}

BODY void adamw_step(const struct grapheion_adamw *o, long count, const float *restrict gradient,
                     float *restrict first, float *restrict second, float *restrict parameters) {
  const struct grapheion_adamw s = *o;
  const float keep = 1 - s.rate * s.decay;
  for (long i = 0; i < count; i++) {
    const float g = gradient[i];
    const float m = first[i] = s.beta1 * first[i] + (1 - s.beta1) * g;
    const float v = second[i] = s.beta2 * second[i] + (1 - s.beta2) * g * g;
    parameters[i] = keep * parameters[i] - s.rate * (m / s.correction1) / (sqrtf(v / s.correction2) + s.epsilon);
  }
}

BODY void average(long count, float share, const float *restrict x, float *restrict mean) {
  for (long i = 0; i < count; i++) mean[i] += share * (x[i] - mean[i]);
}

FOR_EACH_PROCESSOR(void, layer_norm, (long rows, long channels, const float *in, const float *gain, const float *bias, int rectify, float *out, float *mean, float *scale),
                   (rows, channels, in, gain, bias, rectify, out, mean, scale))
FOR_EACH_PROCESSOR(void, layer_norm_backward, (long rows, long channels, const float *in, const float *gain, const float *out, const float *mean, const float *scale, const float *d_out, float *d_in, float *d_gain, float *d_bias),
                   (rows, channels, in, gain, out, mean, scale, d_out, d_in, d_gain, d_bias))
FOR_EACH_PROCESSOR(void, add_bias, (long rows, long channels, const float *bias, float *x),
                   (rows, channels, bias, x))
FOR_EACH_PROCESSOR(void, add_bias_rectify, (long rows, long channels, const float *bias, float *x),
                   (rows, channels, bias, x))
FOR_EACH_PROCESSOR(void, drop, (long count, long place, unsigned seed, unsigned below, float scale, float *x),
                   (count, place, seed, below, scale, x))
FOR_EACH_PROCESSOR(void, rectify_backward, (long count, const float *y, float *d),
                   (count, y, d))
FOR_EACH_PROCESSOR(void, sum_rows, (long rows, long channels, const float *d, float *d_bias),
                   (rows, channels, d, d_bias))
FOR_EACH_PROCESSOR(void, add, (long count, const float *x, float *y),
                   (count, x, y))
FOR_EACH_PROCESSOR(double, sum_squares, (long count, const float *x),
                   (count, x))
FOR_EACH_PROCESSOR(void, scale, (long count, float factor, float *x),
                   (count, factor, x))
FOR_EACH_PROCESSOR(void, adamw_step, (const struct grapheion_adamw *o, long count, const float *gradient, float *first, float *second, float *parameters),
                   (o, count, gradient, first, second, parameters))
FOR_EACH_PROCESSOR(void, average, (long count, float share, const float *x, float *mean),
                   (count, share, x, mean))
