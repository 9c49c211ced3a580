#pragma once
#include <stddef.h>

/* Passes over activations of one image in blocks of channels, [blocks, area, lanes], where block b
   and lane l hold channel b * lanes + l. `lanes` is 8 or 16. */

/* The gates of one residual block (CBAM, Woo et al. 2018; with a category, CSCNN, Liu et al. 2020),
   everything that is constant for a category already added up. */
typedef struct {
  size_t channels, hidden, height, width, lanes;
  /* [hidden, channels]: the first layer over pooled channels. */
  const float *hidden_weights;
  /* [hidden]: its bias, with the first layer over the channel code. */
  const float *hidden_bias;
  /* [channels, hidden] and [channels]. */
  const float *output_weights;
  const float *output_bias;
  /* [2, 7, 7] over the maximum and the mean, batch normalisation folded in. */
  const float *spatial_weights;
  /* [height, width]: the bias, with the convolution over the spatial code. */
  const float *spatial_bias;
} vitrine_gate;

/* Floats of scratch memory that `vitrine_gate_apply` needs. */
size_t vitrine_gate_scratch(const vitrine_gate *gate);

/* result = ReLU(gates(input) * input + result). */
void vitrine_gate_apply(
    const vitrine_gate *gate, const float *input, float *result, float *scratch);

/* The maximum under 3x3 windows two apart, padded by one. */
void vitrine_blocked_max_pool(
    size_t blocks, size_t height, size_t width, size_t lanes, const float *input, float *output);

/* The mean of every channel. */
void vitrine_blocked_mean(
    size_t blocks, size_t area, size_t lanes, const float *input, float *means);
