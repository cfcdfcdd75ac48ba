// Connectionist temporal classification (Graves, Fernandez, Gomez and Schmidhuber 2006): the
// probability of a label is the sum over all ways to spread it over the frames, with blanks
// between; forward and backward sums over the label interleaved with blanks, in log space.
#include "CKernels.h"
#include <math.h>

static inline float log_add(float a, float b) {
  if (a < b) {
    float t = a;
    a = b;
    b = t;
  }
  return b == -INFINITY ? a : a + log1pf(expf(b - a));
}

long grapheion_ctc_scratch(long frames, long letters) { return 2 * frames * (2 * letters + 1) + 64; }

float grapheion_ctc(long frames, long classes, const float *log_probabilities, long letters, const int *label,
                    float *d_logits, float *scratch) {
  const long states = 2 * letters + 1;
  float *alpha = scratch, *beta = scratch + frames * states;
  if (d_logits)
    for (long i = 0; i < frames * classes; i++) d_logits[i] = 0;
  if (frames == 0) return letters == 0 ? 0 : INFINITY;
#define CLASS(s) ((s) % 2 ? label[(s) / 2] : 0)
#define JUMPS(s) ((s) % 2 && (s) > 1 && label[(s) / 2] != label[(s) / 2 - 1])
  for (long s = 0; s < states; s++) alpha[s] = s < 2 ? log_probabilities[CLASS(s)] : -INFINITY;
  for (long t = 1; t < frames; t++) {
    const float *before = alpha + (t - 1) * states, *p = log_probabilities + t * classes;
    float *now = alpha + t * states;
    for (long s = 0; s < states; s++) {
      float sum = before[s];
      if (s > 0) sum = log_add(sum, before[s - 1]);
      if (JUMPS(s)) sum = log_add(sum, before[s - 2]);
      now[s] = sum + p[CLASS(s)];
    }
  }
  const float *end = alpha + (frames - 1) * states;
  const float total = letters > 0 ? log_add(end[states - 1], end[states - 2]) : end[0];
  if (total == -INFINITY || total != total) return INFINITY;
  if (!d_logits) return -total;

  for (long t = frames - 1; t >= 0; t--) {  // beta leaves out the frame's own probability
    float *now = beta + t * states;
    if (t == frames - 1) {
      for (long s = 0; s < states; s++) now[s] = s >= states - 2 ? 0 : -INFINITY;
    } else {
      const float *after = beta + (t + 1) * states, *p = log_probabilities + (t + 1) * classes;
      for (long s = 0; s < states; s++) {
        float sum = after[s] + p[CLASS(s)];
        if (s + 1 < states) sum = log_add(sum, after[s + 1] + p[CLASS(s + 1)]);
        if (s + 2 < states && JUMPS(s + 2)) sum = log_add(sum, after[s + 2] + p[CLASS(s + 2)]);
        now[s] = sum;
      }
    }
    float *d = d_logits + t * classes;
    const float *p = log_probabilities + t * classes;
    for (long c = 0; c < classes; c++) d[c] = expf(p[c]);
    for (long s = 0; s < states; s++) d[CLASS(s)] -= expf(alpha[t * states + s] + now[s] - total);
  }
  return -total;
}
