#include "slate.h"

#include <math.h>
#include <string.h>

#include "elementary.h"
#include "rows.h"

// One vector of the widest processor; narrower ones get it in two or four pieces.
enum { LANES = 64 / sizeof(vitrine_scalar) };
typedef vitrine_scalar lanes_t __attribute__((vector_size(64), aligned(sizeof(vitrine_scalar))));

#define INLINE static inline __attribute__((always_inline))

/// A tile of `height` rows and `vectors` * LANES columns, summed in registers over the depth in
/// order, so that a result does not depend on the tile it fell into.
INLINE void tile(
    const vitrine_scalar *x, const vitrine_scalar *weights, const vitrine_scalar *bias,
    vitrine_scalar *out, size_t depth, size_t columns, const int height, const int vectors) {
  lanes_t sums[4][8];
  for (int v = 0; v < vectors; v++) {
    lanes_t start = {0};
    if (bias) start = *(const lanes_t *)(bias + v * LANES);
    for (int r = 0; r < height; r++) sums[r][v] = start;
  }
  for (size_t k = 0; k < depth; k++) {
    const lanes_t *row = (const lanes_t *)(weights + k * columns);
    for (int r = 0; r < height; r++)
      for (int v = 0; v < vectors; v++) sums[r][v] += x[r * depth + k] * row[v];
  }
  for (int r = 0; r < height; r++)
    for (int v = 0; v < vectors; v++) *(lanes_t *)(out + r * columns + v * LANES) = sums[r][v];
}

VITRINE_CLONES void vitrine_dense(
    const vitrine_scalar *x, const vitrine_scalar *weights, const vitrine_scalar *bias,
    vitrine_scalar *out, size_t rows, size_t depth, size_t columns) {
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const vitrine_scalar *in = x + r * depth;
    vitrine_scalar *to = out + r * columns;
    size_t c = 0;
    for (; c + 2 * LANES <= columns; c += 2 * LANES)
      tile(in, weights + c, bias ? bias + c : 0, to + c, depth, columns, 4, 2);
    for (; c + LANES <= columns; c += LANES)
      tile(in, weights + c, bias ? bias + c : 0, to + c, depth, columns, 4, 1);
  }
  for (; r < rows; r++) {
    const vitrine_scalar *in = x + r * depth;
    vitrine_scalar *to = out + r * columns;
    size_t c = 0;
    for (; c + 8 * LANES <= columns; c += 8 * LANES)
      tile(in, weights + c, bias ? bias + c : 0, to + c, depth, columns, 1, 8);
    for (; c + LANES <= columns; c += LANES)
      tile(in, weights + c, bias ? bias + c : 0, to + c, depth, columns, 1, 1);
  }
  for (size_t c = columns - columns % LANES; c < columns; c++)
    for (r = 0; r < rows; r++) {
      vitrine_scalar sum = bias ? bias[c] : 0;
      for (size_t k = 0; k < depth; k++) sum += x[r * depth + k] * weights[k * columns + c];
      out[r * columns + c] = sum;
    }
}

VITRINE_CLONES void vitrine_lstm_sequence(
    vitrine_scalar *gates, const vitrine_scalar *recurrent, vitrine_scalar *hidden,
    vitrine_scalar *cell, vitrine_scalar *outputs, size_t steps, size_t h) {
  for (size_t t = 0; t < steps; t++) {
    vitrine_scalar *restrict in = gates + t * 4 * h;
    // The recurrent part starts from what is there already: gates are their own bias.
    vitrine_dense(hidden, recurrent, in, in, 1, h, 4 * h);
    for (size_t j = 0; j < h; j++) {
      vitrine_scalar c = elementary_sigmoid(in[h + j]) * cell[j]
          + elementary_sigmoid(in[j]) * elementary_tanh(in[2 * h + j]);
      cell[j] = c;
      hidden[j] = elementary_sigmoid(in[3 * h + j]) * elementary_tanh(c);
    }
    if (outputs) memcpy(outputs + t * h, hidden, h * sizeof *hidden);
  }
}

VITRINE_CLONES void vitrine_additive_scores(
    const vitrine_scalar *keys, size_t stride, const vitrine_scalar *query,
    const vitrine_scalar *vector, const uint8_t *open, vitrine_scalar *out, size_t n,
    size_t width) {
  for (size_t i = 0; i < n; i++) {
    if (!open[i]) {
      out[i] = -INFINITY;
      continue;
    }
    const vitrine_scalar *key = keys + i * stride;
    vitrine_scalar lanes[LANES] = {0};
    size_t k = 0;
    for (; k + LANES <= width; k += LANES)
      for (size_t l = 0; l < LANES; l++)
        lanes[l] += vector[k + l] * elementary_tanh(key[k + l] + query[k + l]);
    for (size_t l = 0; k < width; k++, l++)
      lanes[l] += vector[k] * elementary_tanh(key[k] + query[k]);
    vitrine_scalar sum = 0;
    for (size_t l = 0; l < LANES; l++) sum += lanes[l];
    out[i] = sum;
  }
}

VITRINE_CLONES void vitrine_additive_scores_gradient(
    const vitrine_scalar *keys, size_t stride, const vitrine_scalar *query,
    const vitrine_scalar *vector, const uint8_t *open, const vitrine_scalar *gradient,
    vitrine_scalar *restrict keys_gradient, vitrine_scalar *restrict query_gradient,
    vitrine_scalar *restrict vector_gradient, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++) {
    if (!open[i]) continue;
    const vitrine_scalar *key = keys + i * stride;
    vitrine_scalar *key_gradient = keys_gradient + i * stride;
    const vitrine_scalar g = gradient[i];
    for (size_t k = 0; k < width; k++) {
      vitrine_scalar t = elementary_tanh(key[k] + query[k]);
      vitrine_scalar d = g * vector[k] * (1 - t * t);
      key_gradient[k] += d;
      query_gradient[k] += d;
      vector_gradient[k] += g * t;
    }
  }
}

VITRINE_CLONES void vitrine_row_dots(
    const vitrine_scalar *rows, const vitrine_scalar *query, vitrine_scalar *out, size_t n,
    size_t width) {
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *row = rows + i * width;
    lanes_t first = {0}, second = {0};
    size_t k = 0;
    for (; k + 2 * LANES <= width; k += 2 * LANES) {
      first += *(const lanes_t *)(row + k) * *(const lanes_t *)(query + k);
      second += *(const lanes_t *)(row + k + LANES) * *(const lanes_t *)(query + k + LANES);
    }
    first += second;
    vitrine_scalar sum = 0;
    for (; k < width; k++) sum += row[k] * query[k];
    for (size_t half = LANES / 2; half > 0; half /= 2)
      for (size_t l = 0; l < half; l++) first[l] += first[l + half];
    out[i] = sum + first[0];
  }
}

VITRINE_CLONES void vitrine_centred_rows(
    const float *table, const int32_t *rows, const float *centre, vitrine_scalar *out,
    vitrine_scalar *squared_norms, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++) {
    vitrine_scalar *restrict to = out + i * width;
    squared_norms[i] = 0;
    if (rows[i] < 0) {
      memset(to, 0, width * sizeof *to);
      continue;
    }
    const float *from = table + (size_t)rows[i] * width;
    if (centre)
      for (size_t k = 0; k < width; k++) to[k] = (vitrine_scalar)from[k] - centre[k];
    else
      for (size_t k = 0; k < width; k++) to[k] = from[k];
    squared_norms[i] = vitrine_dot(to, to, width);
  }
}
