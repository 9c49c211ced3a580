#include "visual_gate.h"
#include "dispatch.h"
#include "elements.h"
#include <math.h>
#include <string.h>

enum { spatial_kernel = 7, spatial_padding = 3, widest_block = 16 };

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

VITRINE_CLONES
static void pool_channels(
    const vitrine_gate *g, const float *restrict input, float *restrict means,
    float *restrict maxima) {
  size_t lanes = g->lanes, blocks = g->channels / lanes, area = g->height * g->width;
  for (size_t b = 0; b < blocks; b++) {
    float sum[widest_block] = {0}, largest[widest_block];
    for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
    const float *plane = input + b * g->block_stride;
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        float value = plane[p * g->pixel_stride + l];
        sum[l] += value;
        largest[l] = value > largest[l] ? value : largest[l];
      }
    for (size_t l = 0; l < lanes; l++) {
      means[b * lanes + l] = sum[l] / (float)area;
      maxima[b * lanes + l] = largest[l];
    }
  }
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

/* The maximum and the mean over the gated channels at every pixel. `sums` and `largest` hold
   [area, lanes]. */
VITRINE_CLONES
static void pool_space(
    const vitrine_gate *g, const float *restrict input, const float *restrict gates,
    float *restrict sums, float *restrict largest, float *restrict maxima,
    float *restrict means) {
  size_t lanes = g->lanes, blocks = g->channels / lanes, area = g->height * g->width;
  for (size_t i = 0; i < area * lanes; i++) {
    sums[i] = 0;
    largest[i] = -INFINITY;
  }
  for (size_t b = 0; b < blocks; b++) {
    const float *plane = input + b * g->block_stride;
    float gate[widest_block];
    memcpy(gate, gates + b * lanes, lanes * sizeof(float));
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = p * lanes + l;
        float value = plane[p * g->pixel_stride + l] * gate[l];
        sums[i] += value;
        largest[i] = value > largest[i] ? value : largest[i];
      }
  }
  for (size_t p = 0; p < area; p++) {
    float sum = 0, most = -INFINITY;
    for (size_t l = 0; l < lanes; l++) {
      sum += sums[p * lanes + l];
      float value = largest[p * lanes + l];
      most = value > most ? value : most;
    }
    maxima[p] = most;
    means[p] = sum / (float)(blocks * lanes);
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

/* Elements `from` and `to` are constants where this is inlined, so each pair has a loop of its own. */
static inline __attribute__((always_inline)) void apply_elements(
    const vitrine_gate *g, const float *restrict input, const float *restrict channel_gates,
    const float *restrict space_gates, const vitrine_residual *r, vitrine_element from,
    vitrine_element to) {
  size_t lanes = g->lanes, blocks = g->channels / lanes, area = g->height * g->width;
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

VITRINE_CLONES
static void apply(
    const vitrine_gate *g, const float *input, const float *channel_gates,
    const float *space_gates, const vitrine_residual *r) {
#define APPLY(from, to) apply_elements(g, input, channel_gates, space_gates, r, from, to)
#define APPLY_FROM(from)                                          \
  switch (r->result_element) {                                    \
    case vitrine_float32: APPLY(from, vitrine_float32); break;    \
    case vitrine_bfloat16: APPLY(from, vitrine_bfloat16); break;  \
    case vitrine_unsigned8: APPLY(from, vitrine_unsigned8); break; \
  }
  switch (r->shortcut_element) {
    case vitrine_float32: APPLY_FROM(vitrine_float32) break;
    case vitrine_bfloat16: APPLY_FROM(vitrine_bfloat16) break;
    case vitrine_unsigned8: APPLY_FROM(vitrine_unsigned8) break;
  }
#undef APPLY_FROM
#undef APPLY
}

size_t vitrine_gate_scratch(const vitrine_gate *g) {
  size_t area = g->height * g->width;
  return 3 * g->channels + g->hidden + (3 + 2 * g->lanes) * area;
}

void vitrine_gate_apply(
    const vitrine_gate *g, const float *input, const vitrine_residual *residual,
    float *scratch) {
  size_t area = g->height * g->width;
  float *means = scratch, *maxima = means + g->channels, *channel_gates = maxima + g->channels;
  float *hidden = channel_gates + g->channels, *maps = hidden + g->hidden;
  float *space_gates = maps + 2 * area, *sums = space_gates + area;
  float *largest = sums + area * g->lanes;
  pool_channels(g, input, means, maxima);
  gate_channels(g, means, maxima, hidden, channel_gates);
  pool_space(g, input, channel_gates, sums, largest, maps, maps + area);
  gate_space(g, maps, space_gates);
  apply(g, input, channel_gates, space_gates, residual);
}
