#include "visual_gate.h"
#include "dispatch.h"
#include <math.h>
#include <string.h>

enum { spatial_kernel = 7, spatial_padding = 3, widest_block = 16 };

static float sigmoid(float x) { return 1 / (1 + expf(-x)); }

VITRINE_CLONES
static void pool_channels(
    size_t blocks, size_t area, size_t lanes, const float *restrict input, float *restrict means,
    float *restrict maxima) {
  for (size_t b = 0; b < blocks; b++) {
    float sum[widest_block] = {0}, largest[widest_block];
    for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
    const float *plane = input + b * area * lanes;
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        float value = plane[p * lanes + l];
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
    size_t blocks, size_t area, size_t lanes, const float *restrict input,
    const float *restrict gates, float *restrict sums, float *restrict largest,
    float *restrict maxima, float *restrict means) {
  for (size_t i = 0; i < area * lanes; i++) {
    sums[i] = 0;
    largest[i] = -INFINITY;
  }
  for (size_t b = 0; b < blocks; b++) {
    const float *plane = input + b * area * lanes;
    float gate[widest_block];
    memcpy(gate, gates + b * lanes, lanes * sizeof(float));
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = p * lanes + l;
        float value = plane[i] * gate[l];
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

VITRINE_CLONES
static void apply(
    size_t blocks, size_t area, size_t lanes, const float *restrict input,
    const float *restrict channel_gates, const float *restrict space_gates,
    float *restrict result) {
  for (size_t b = 0; b < blocks; b++) {
    float gate[widest_block];
    memcpy(gate, channel_gates + b * lanes, lanes * sizeof(float));
    for (size_t p = 0; p < area; p++) {
      float space = space_gates[p];
      for (size_t l = 0; l < lanes; l++) {
        size_t i = (b * area + p) * lanes + l;
        float value = input[i] * gate[l] * space + result[i];
        result[i] = value < 0 ? 0 : value;
      }
    }
  }
}

size_t vitrine_gate_scratch(const vitrine_gate *g) {
  size_t area = g->height * g->width;
  return 3 * g->channels + g->hidden + (3 + 2 * g->lanes) * area;
}

void vitrine_gate_apply(
    const vitrine_gate *g, const float *input, float *result, float *scratch) {
  size_t area = g->height * g->width, blocks = g->channels / g->lanes;
  float *means = scratch, *maxima = means + g->channels, *channel_gates = maxima + g->channels;
  float *hidden = channel_gates + g->channels, *maps = hidden + g->hidden;
  float *space_gates = maps + 2 * area, *sums = space_gates + area;
  float *largest = sums + area * g->lanes;
  pool_channels(blocks, area, g->lanes, input, means, maxima);
  gate_channels(g, means, maxima, hidden, channel_gates);
  pool_space(
      blocks, area, g->lanes, input, channel_gates, sums, largest, maps, maps + area);
  gate_space(g, maps, space_gates);
  apply(blocks, area, g->lanes, input, channel_gates, space_gates, result);
}

VITRINE_CLONES
void vitrine_blocked_max_pool(
    size_t blocks, size_t height, size_t width, size_t lanes, const float *restrict input,
    float *restrict output) {
  size_t rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;
  for (size_t b = 0; b < blocks; b++)
    for (size_t y = 0; y < rows; y++)
      for (size_t x = 0; x < columns; x++) {
        float largest[widest_block];
        for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
        for (size_t i = y ? 2 * y - 1 : 0; i <= 2 * y + 1 && i < height; i++)
          for (size_t j = x ? 2 * x - 1 : 0; j <= 2 * x + 1 && j < width; j++) {
            const float *from = input + ((b * height + i) * width + j) * lanes;
            for (size_t l = 0; l < lanes; l++)
              largest[l] = from[l] > largest[l] ? from[l] : largest[l];
          }
        memcpy(output, largest, lanes * sizeof(float));
        output += lanes;
      }
}

VITRINE_CLONES
void vitrine_blocked_mean(
    size_t blocks, size_t area, size_t lanes, const float *restrict input,
    float *restrict means) {
  for (size_t b = 0; b < blocks; b++) {
    float sum[widest_block] = {0};
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) sum[l] += input[(b * area + p) * lanes + l];
    for (size_t l = 0; l < lanes; l++) means[b * lanes + l] = sum[l] / (float)area;
  }
}
