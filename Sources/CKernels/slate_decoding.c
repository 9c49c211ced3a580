#include "slate_decoding.h"

#include <math.h>
#include <string.h>

#include "wide.h"

// Products sum over the depth in order, in registers, so that a result does not depend on the tile it
// fell into. Tiles are as large as sixteen registers of half a vector allow.

/// `height` rows times `panels` panels, which are `panel_size` apart.
INLINE void tile(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *bias, vitrine_scalar *out, size_t depth, size_t columns,
    const int height, const int panels) {
  lanes_t sums[6][4];
  for (int p = 0; p < panels; p++) {
    lanes_t start = {0};
    if (bias) start = load_lanes(bias + p * LANES);
    for (int r = 0; r < height; r++) sums[r][p] = start;
  }
  for (size_t k = 0; k < depth; k++)
    for (int p = 0; p < panels; p++) {
      lanes_t row = load_lanes(weights + (p * depth + k) * LANES);
      for (int r = 0; r < height; r++) sums[r][p] += x[r * stride + k] * row;
    }
  for (int r = 0; r < height; r++)
    for (int p = 0; p < panels; p++) store_lanes(out + r * columns + p * LANES, sums[r][p]);
}

/// All panels for `height` rows, `together` panels at a time.
INLINE void strip(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *bias, vitrine_scalar *out, size_t depth, size_t panels,
    const int height, const int together) {
  const size_t columns = panels * LANES;
  size_t p = 0;
  for (; p + together <= panels; p += together)
    tile(x, stride, weights + p * depth * LANES, bias ? bias + p * LANES : 0, out + p * LANES,
         depth, columns, height, together);
  for (; p < panels; p++)
    tile(x, stride, weights + p * depth * LANES, bias ? bias + p * LANES : 0, out + p * LANES,
         depth, columns, height, 1);
}

VITRINE_CLONES void vitrine_panel_product(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *bias, vitrine_scalar *out, size_t rows, size_t depth, size_t panels) {
  const size_t columns = panels * LANES, whole = rows - rows % 6;
  // A panel stays in the first cache while all rows pass by it.
  for (size_t p = 0; p < panels; p++)
    for (size_t r = 0; r < whole; r += 6)
      tile(x + r * stride, stride, weights + p * depth * LANES, bias ? bias + p * LANES : 0,
           out + r * columns + p * LANES, depth, columns, 6, 1);
  size_t r = whole;
  for (; r + 2 <= rows; r += 2)
    strip(x + r * stride, stride, weights, bias, out + r * columns, depth, panels, 2, 2);
  for (; r < rows; r++)
    strip(x + r * stride, stride, weights, bias, out + r * columns, depth, panels, 1, 4);
}

/// The cells of one panel for `height` states, `together` of the four gates at a time.
INLINE void lstm_panel(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *gates, size_t gates_stride, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t width, size_t depth, const int height, const int together) {
  lanes_t sums[4][4];
  // Unrolled, or the sums would live in memory.
#pragma clang loop unroll(full)
  for (int first = 0; first < 4; first += together) {
    for (int r = 0; r < height; r++)
      for (int g = first; g < first + together; g++)
        sums[r][g] = load_lanes(gates + r * gates_stride + g * LANES);
    for (size_t k = 0; k < depth; k++)
      for (int g = first; g < first + together; g++) {
        lanes_t row = load_lanes(weights + (4 * k + g) * LANES);
        for (int r = 0; r < height; r++) sums[r][g] += x[r * stride + k] * row;
      }
  }
  for (int r = 0; r < height; r++) {
    lanes_t state = lanes_sigmoid(sums[r][1]) * load_lanes(cell + r * width)
        + lanes_sigmoid(sums[r][0]) * lanes_tanh(sums[r][2]);
    store_lanes(cell + r * width, state);
    store_lanes(hidden + r * width, lanes_sigmoid(sums[r][3]) * lanes_tanh(state));
  }
}

INLINE void lstm_rows(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *gates, size_t gates_stride, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t rows, size_t depth, size_t panels) {
  const size_t width = panels * LANES;
  for (size_t p = 0; p < panels; p++) {
    const vitrine_scalar *own = weights + p * depth * 4 * LANES, *start = gates + p * 4 * LANES;
    size_t r = 0;
    for (; r + 4 <= rows; r += 4)
      lstm_panel(
          x + r * stride, stride, own, start + r * gates_stride, gates_stride,
          cell + r * width + p * LANES, hidden + r * width + p * LANES, width, depth, 4, 1);
    for (; r + 2 <= rows; r += 2)
      lstm_panel(
          x + r * stride, stride, own, start + r * gates_stride, gates_stride,
          cell + r * width + p * LANES, hidden + r * width + p * LANES, width, depth, 2, 2);
    for (; r < rows; r++)
      lstm_panel(
          x + r * stride, stride, own, start + r * gates_stride, gates_stride,
          cell + r * width + p * LANES, hidden + r * width + p * LANES, width, depth, 1, 4);
  }
}

VITRINE_CLONES void vitrine_lstm_rows(
    const vitrine_scalar *x, size_t stride, const vitrine_scalar *weights,
    const vitrine_scalar *gates, size_t gates_stride, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t rows, size_t depth, size_t panels) {
  lstm_rows(x, stride, weights, gates, gates_stride, cell, hidden, rows, depth, panels);
}

VITRINE_CLONES void vitrine_lstm_run(
    const vitrine_scalar *gates, const vitrine_scalar *recurrent, vitrine_scalar *cell,
    vitrine_scalar *hidden, size_t steps, size_t depth, size_t panels) {
  const size_t width = panels * LANES;
  memset(cell, 0, width * sizeof *cell);
  for (size_t t = 0; t < steps; t++)
    lstm_rows(
        t ? hidden + (t - 1) * width : hidden, width, recurrent, gates + 4 * t * width, 0, cell,
        hidden + t * width, 1, t ? depth : 0, panels);
}

INLINE int exponentials(const vitrine_scalar *x, vitrine_scalar *out, size_t count) {
  // Beyond this, a product could lack what cancels: e^2a alone leaves the numbers there are.
  const vitrine_scalar limit = 43;
  int within = 1;
  for (size_t k = 0; k < count; k += LANES) {
    lanes_t a = load_lanes(x + k);
    for (int l = 0; l < LANES; l++) within &= x[k + l] <= limit && x[k + l] >= -limit;
    store_lanes(out + k, lanes_exp(a + a));
  }
  return within;
}

VITRINE_CLONES int vitrine_pointer_exponentials(
    const vitrine_scalar *x, vitrine_scalar *out, size_t count) {
  return exponentials(x, out, count);
}

/// By address: what a function with several forms passes must fit the narrowest.
INLINE vitrine_scalar lanes_sum(const lanes_t *x) {
  vitrine_scalar sum = 0;
  for (int l = 0; l < LANES; l++) sum += (*x)[l];
  return sum;
}

INLINE void pointer_scores(
    const vitrine_scalar *keys, const vitrine_scalar *query, const vitrine_scalar *vector,
    const uint8_t *open, vitrine_scalar *out, size_t n, size_t width) {
  lanes_t ones = {0};
  for (size_t k = 0; k < width; k += LANES) ones += load_lanes(vector + k);
  for (size_t i = 0; i < n; i++) {
    if (!open[i]) {
      out[i] = -INFINITY;
      continue;
    }
    const vitrine_scalar *key = keys + i * width;
    lanes_t shares = {0};
    for (size_t k = 0; k < width; k += LANES)
      shares += load_lanes(vector + k) / (load_lanes(key + k) * load_lanes(query + k) + 1);
    lanes_t sums = ones - 2 * shares;
    out[i] = lanes_sum(&sums);
  }
}

VITRINE_CLONES void vitrine_pointer_scores(
    const vitrine_scalar *keys, const vitrine_scalar *query, const vitrine_scalar *vector,
    const uint8_t *open, vitrine_scalar *out, size_t n, size_t width) {
  pointer_scores(keys, query, vector, open, out, n, width);
}

VITRINE_CLONES void vitrine_raise_cosines(
    const vitrine_scalar *rows, size_t chosen, vitrine_scalar *nearest, size_t n, size_t width) {
  const vitrine_scalar *query = rows + chosen * width;
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *row = rows + i * width;
    lanes_t sums = {0};
    for (size_t k = 0; k < width; k += LANES)
      sums += *(const lanes_t *)(row + k) * *(const lanes_t *)(query + k);
    const vitrine_scalar cosine = lanes_sum(&sums);
    nearest[i] = cosine > nearest[i] ? cosine : nearest[i];
  }
}

VITRINE_CLONES void vitrine_raise_nearness(
    const vitrine_scalar *rows, size_t chosen, vitrine_scalar scale, vitrine_scalar *nearest,
    size_t n, size_t width) {
  const vitrine_scalar *query = rows + chosen * width;
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *row = rows + i * width;
    lanes_t sums = {0};
    for (size_t k = 0; k < width; k += LANES) {
      lanes_t difference = *(const lanes_t *)(row + k) - *(const lanes_t *)(query + k);
      sums += difference * difference;
    }
    const vitrine_scalar nearness = elementary_exp(-scale * sqrt(lanes_sum(&sums)));
    nearest[i] = nearness > nearest[i] ? nearness : nearest[i];
  }
}

VITRINE_CLONES void vitrine_add_novelty(
    const vitrine_scalar *nearest, const vitrine_scalar *hidden, const vitrine_scalar *bias,
    const vitrine_scalar *vector, vitrine_scalar *restrict scores, size_t n, size_t spaces,
    size_t units) {
  for (size_t u = 0; u < units; u++) {
    const vitrine_scalar *weights = hidden + u * spaces;
    // At most three spaces: without a loop over them, candidates fill the registers.
    const vitrine_scalar *second = spaces > 1 ? nearest + n : nearest;
    const vitrine_scalar *third = spaces > 2 ? nearest + 2 * n : nearest;
    const vitrine_scalar a = weights[0], b = spaces > 1 ? weights[1] : 0;
    const vitrine_scalar c = spaces > 2 ? weights[2] : 0;
    for (size_t i = 0; i < n; i++)
      scores[i] += vector[u]
          * elementary_tanh(bias[u] + a * nearest[i] + b * second[i] + c * third[i]);
  }
}
