#pragma once
#include "activation_pass.h"

/* The gates of one residual block (CBAM, Woo et al. 2018; with a category, CSCNN, Liu et al. 2020),
   everything that is constant for a category already added up. */
typedef struct {
  size_t channels, hidden, height, width, lanes;
  /* Channel b * lanes + l of pixel p lies at b * block_stride + p * pixel_stride + l: in blocks
     [blocks, area, lanes] or channels last [area, channels]. `lanes` is 8 or 16. */
  size_t block_stride, pixel_stride;
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

/* The shortcut that the gated activations are added to, and where the sum goes; in the same order
   as the activations. Both may be the same memory where the elements are the same. */
typedef struct {
  const void *shortcut;
  vitrine_element shortcut_element;
  /* What one unit of an unsigned8 is worth. */
  float shortcut_scale;
  void *result;
  vitrine_element result_element;
  /* Units of an unsigned8 in one. */
  float result_units;
} vitrine_residual;

/* result = ReLU(gates(input) * input + shortcut). */
void vitrine_gate_apply(
    const vitrine_gate *gate, const float *input, const vitrine_residual *residual,
    float *scratch);
