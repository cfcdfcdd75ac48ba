// The way back through a decoder's steps: norms, gates, attention, and the loss of the next token.
#include "CKernels.h"
#include "internal.h"
#include <math.h>

BODY void rms_norm_backward(long rows, long channels, const float *in, const float *restrict gain, float epsilon,
                            const float *d_out, float *restrict d_in, float *restrict d_gain) {
#pragma clang fp reassociate(on) contract(fast)
  for (long r = 0; r < rows; r++, in += channels, d_out += channels, d_in += channels) {
    float squares = 0, dot = 0;
    for (long c = 0; c < channels; c++) {
      squares += in[c] * in[c];
      dot += in[c] * d_out[c] * gain[c];
    }
    const float scale = 1 / sqrtf(squares / (float)channels + epsilon);
    const float along = dot / (float)channels * scale * scale * scale;
    for (long c = 0; c < channels; c++) {
      d_gain[c] += d_out[c] * in[c] * scale;
      d_in[c] += d_out[c] * gain[c] * scale - in[c] * along;
    }
  }
}

BODY void gated(long count, const float *restrict g, const float *restrict up, float *restrict out) {
  for (long i = 0; i < count; i++) out[i] = up[i] * g[i] / (1 + exp_of(-g[i]));
}

BODY void gated_backward(long count, const float *restrict g, const float *restrict up, const float *restrict d_out,
                         float *restrict d_g, float *restrict d_up) {
  for (long i = 0; i < count; i++) {
    const float open = 1 / (1 + exp_of(-g[i])), d = d_out[i];
    d_up[i] = d * g[i] * open;
    d_g[i] = d * up[i] * open * (1 + g[i] * (1 - open));
  }
}

BODY void softmax_backward(long count, float scale, const float *restrict p, float *restrict d) {
#pragma clang fp reassociate(on) contract(fast)
  float dot = 0;
  for (long i = 0; i < count; i++) dot += p[i] * d[i];
  for (long i = 0; i < count; i++) d[i] = scale * p[i] * (d[i] - dot);
}

BODY double next_token_loss(long rows, long classes, const int *targets, float factor, float *x) {
#pragma clang fp reassociate(on)
  double loss = 0;
  for (long r = 0; r < rows; r++, x += classes) {
    const int target = targets[r];
    if (target < 0) {
      for (long c = 0; c < classes; c++) x[c] = 0;
      continue;
    }
    float top = x[0], sum = 0;
    for (long c = 1; c < classes; c++) top = x[c] > top ? x[c] : top;
    const float wanted = x[target] - top;
    for (long c = 0; c < classes; c++) sum += x[c] = exp_of(x[c] - top);
    loss += logf(sum) - wanted;
    for (long c = 0; c < classes; c++) x[c] *= factor / sum;
    x[target] -= factor;
  }
  return loss;
}

FOR_EACH_PROCESSOR(void, rms_norm_backward, (long rows, long channels, const float *in, const float *gain, float epsilon, const float *d_out, float *d_in, float *d_gain),
                   (rows, channels, in, gain, epsilon, d_out, d_in, d_gain))
FOR_EACH_PROCESSOR(void, gated, (long count, const float *g, const float *up, float *out), (count, g, up, out))
FOR_EACH_PROCESSOR(void, gated_backward, (long count, const float *g, const float *up, const float *d_out, float *d_g, float *d_up),
                   (count, g, up, d_out, d_g, d_up))
FOR_EACH_PROCESSOR(void, softmax_backward, (long count, float scale, const float *p, float *d), (count, scale, p, d))
FOR_EACH_PROCESSOR(double, next_token_loss, (long rows, long classes, const int *targets, float factor, float *x),
                   (rows, classes, targets, factor, x))
