#include "visual_gate.h"
#include "dispatch.h"
#include "elements.h"
#include <math.h>
#include <string.h>

enum { spatial_kernel = 7, spatial_padding = 3, widest_block = 16 };

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

/* Every function below that loops over lanes is inlined into one where their number is a constant,
   so that a block of channels is a register. */
#define INLINED static inline __attribute__((always_inline))

/* Blocks lie one behind the other: sums stay in registers. */
INLINED void pool_block(
    const vitrine_gate *g, size_t lanes, const float *restrict plane, float *restrict sums,
    float *restrict maxima) {
  size_t area = g->height * g->width;
  float sum[widest_block] = {0}, largest[widest_block];
  for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
  for (size_t p = 0; p < area; p++)
    for (size_t l = 0; l < lanes; l++) {
      float value = plane[p * lanes + l];
      sum[l] += value;
      largest[l] = value > largest[l] ? value : largest[l];
    }
  memcpy(sums, sum, lanes * sizeof(float));
  memcpy(maxima, largest, lanes * sizeof(float));
}

/* Channels of a pixel lie side by side: memory is read in its order. */
INLINED void pool_pixels(
    const vitrine_gate *g, const float *restrict input, float *restrict sums,
    float *restrict maxima) {
  size_t area = g->height * g->width, channels = g->channels;
  for (size_t c = 0; c < channels; c++) {
    sums[c] = 0;
    maxima[c] = -INFINITY;
  }
  for (size_t p = 0; p < area; p++, input += channels)
    for (size_t c = 0; c < channels; c++) {
      sums[c] += input[c];
      maxima[c] = input[c] > maxima[c] ? input[c] : maxima[c];
    }
}

VITRINE_CLONES
static void pool_channels(
    const vitrine_gate *g, const float *restrict input, float *restrict means,
    float *restrict maxima) {
  size_t blocks = g->channels / g->lanes, area = g->height * g->width;
  if (g->pixel_stride != g->lanes) {
    pool_pixels(g, input, means, maxima);
  } else if (g->lanes == 16) {
    for (size_t b = 0; b < blocks; b++)
      pool_block(g, 16, input + b * g->block_stride, means + b * 16, maxima + b * 16);
  } else {
    for (size_t b = 0; b < blocks; b++)
      pool_block(g, 8, input + b * g->block_stride, means + b * 8, maxima + b * 8);
  }
  for (size_t c = 0; c < g->channels; c++) means[c] /= (float)area;
}

VITRINE_CLONES
static float dot(size_t n, const float *restrict x, const float *restrict y) {
#pragma clang fp reassociate(on)
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/* gates = sigmoid(MLP(means) + MLP(maxima)); the second layer is linear, so it runs once. */
static void gate_channels(
    const vitrine_gate *g, const float *means, const float *maxima, float *hidden, float *gates) {
  for (size_t h = 0; h < g->hidden; h++) {
    const float *weights = g->hidden_weights + h * g->channels;
    float a = dot(g->channels, weights, means) + g->hidden_bias[h];
    float b = dot(g->channels, weights, maxima) + g->hidden_bias[h];
    hidden[h] = (a < 0 ? 0 : a) + (b < 0 ? 0 : b);
  }
  for (size_t c = 0; c < g->channels; c++)
    gates[c] = sigmoid(
        dot(g->hidden, g->output_weights + c * g->hidden, hidden) + 2 * g->output_bias[c]);
}

/* The maximum and the mean over the gated channels at every pixel. */
INLINED void pool_space_lanes(
    const vitrine_gate *g, size_t lanes, const float *restrict input, const float *restrict gates,
    float *restrict maxima, float *restrict means) {
  size_t blocks = g->channels / lanes, area = g->height * g->width;
  for (size_t p = 0; p < area; p++) {
    const float *pixel = input + p * g->pixel_stride;
    float sums[widest_block] = {0}, largest[widest_block];
    for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
    for (size_t b = 0; b < blocks; b++)
      for (size_t l = 0; l < lanes; l++) {
        float value = pixel[b * g->block_stride + l] * gates[b * lanes + l];
        sums[l] += value;
        largest[l] = value > largest[l] ? value : largest[l];
      }
    float sum = 0, most = -INFINITY;
    for (size_t l = 0; l < lanes; l++) {
      sum += sums[l];
      most = largest[l] > most ? largest[l] : most;
    }
    maxima[p] = most;
    means[p] = sum / (float)g->channels;
  }
}

VITRINE_CLONES
static void pool_space(
    const vitrine_gate *g, const float *input, const float *gates, float *maxima, float *means) {
  if (g->lanes == 16) {
    pool_space_lanes(g, 16, input, gates, maxima, means);
  } else {
    pool_space_lanes(g, 8, input, gates, maxima, means);
  }
}

/* maps: [2, height, width]. */
VITRINE_CLONES
static void gate_space(const vitrine_gate *g, const float *restrict maps, float *restrict gates) {
  size_t area = g->height * g->width;
  memcpy(gates, g->spatial_bias, area * sizeof(float));
  for (size_t m = 0; m < 2; m++)
    for (size_t i = 0; i < spatial_kernel; i++)
      for (size_t j = 0; j < spatial_kernel; j++) {
        float weight = g->spatial_weights[(m * spatial_kernel + i) * spatial_kernel + j];
        size_t first = j < spatial_padding ? spatial_padding - j : 0;
        if (g->width + spatial_padding <= j) continue;
        size_t last = g->width + spatial_padding - j;
        if (last > g->width) last = g->width;
        for (size_t y = 0; y < g->height; y++) {
          if (y + i < spatial_padding || y + i >= g->height + spatial_padding) continue;
          const float *row = maps + m * area + (y + i - spatial_padding) * g->width;
          float *to = gates + y * g->width;
          for (size_t x = first; x < last; x++) to[x] += weight * row[x + j - spatial_padding];
        }
      }
  for (size_t p = 0; p < area; p++) gates[p] = sigmoid(gates[p]);
}

/* Elements `from` and `to` are constants where this is inlined, so each pair has its own loop. */
INLINED void apply_elements(
    const vitrine_gate *g, size_t lanes, const float *restrict input,
    const float *restrict channel_gates, const float *restrict space_gates,
    const vitrine_residual *r, vitrine_element from, vitrine_element to) {
  size_t blocks = g->channels / lanes, area = g->height * g->width;
  float scale = r->shortcut_scale, units = r->result_units;
  for (size_t b = 0; b < blocks; b++) {
    float gate[widest_block];
    memcpy(gate, channel_gates + b * lanes, lanes * sizeof(float));
    for (size_t p = 0; p < area; p++) {
      float space = space_gates[p];
      size_t start = b * g->block_stride + p * g->pixel_stride;
      for (size_t l = 0; l < lanes; l++) {
        size_t i = start + l;
        float sum = input[i] * gate[l] * space + load_element(r->shortcut, i, from, scale);
        store_element(r->result, i, to, units, sum < 0 ? 0 : sum);
      }
    }
  }
}

/* Bytes and bfloat16 only occur with channels last, whose blocks are 16 wide. */
VITRINE_CLONES
static void apply(
    const vitrine_gate *g, const float *input, const float *channel_gates,
    const float *space_gates, const vitrine_residual *r) {
#define APPLY(lanes, from, to) \
  apply_elements(g, lanes, input, channel_gates, space_gates, r, from, to)
  if (g->lanes != 16) {
    APPLY(8, vitrine_float32, vitrine_float32);
    return;
  }
  switch (3 * r->shortcut_element + r->result_element) {
    case 3 * vitrine_float32 + vitrine_float32:
      APPLY(16, vitrine_float32, vitrine_float32);
      break;
    case 3 * vitrine_float32 + vitrine_bfloat16:
      APPLY(16, vitrine_float32, vitrine_bfloat16);
      break;
    case 3 * vitrine_float32 + vitrine_unsigned8:
      APPLY(16, vitrine_float32, vitrine_unsigned8);
      break;
    case 3 * vitrine_bfloat16 + vitrine_float32:
      APPLY(16, vitrine_bfloat16, vitrine_float32);
      break;
    case 3 * vitrine_bfloat16 + vitrine_bfloat16:
      APPLY(16, vitrine_bfloat16, vitrine_bfloat16);
      break;
    case 3 * vitrine_unsigned8 + vitrine_float32:
      APPLY(16, vitrine_unsigned8, vitrine_float32);
      break;
    case 3 * vitrine_unsigned8 + vitrine_unsigned8:
      APPLY(16, vitrine_unsigned8, vitrine_unsigned8);
      break;
  }
#undef APPLY
}

size_t vitrine_gate_scratch(const vitrine_gate *g) {
  return 3 * g->channels + g->hidden + 3 * g->height * g->width;
}

void vitrine_gate_apply(
    const vitrine_gate *g, const float *input, const vitrine_residual *residual,
    float *scratch) {
  size_t area = g->height * g->width;
  float *means = scratch, *maxima = means + g->channels, *channel_gates = maxima + g->channels;
  float *hidden = channel_gates + g->channels, *maps = hidden + g->hidden;
  float *space_gates = maps + 2 * area;
  pool_channels(g, input, means, maxima);
  gate_channels(g, means, maxima, hidden, channel_gates);
  pool_space(g, input, channel_gates, maps, maps + area);
  gate_space(g, maps, space_gates);
  apply(g, input, channel_gates, space_gates, residual);
}
