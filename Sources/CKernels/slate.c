#include "slate.h"

#include <math.h>
#include <string.h>

#include "elementary.h"
#include "rows.h"

// One vector of the widest processor; narrower ones get it in two or four pieces.
enum { LANES = 64 / sizeof(vitrine_scalar) };
typedef vitrine_scalar lanes_t __attribute__((vector_size(64), aligned(sizeof(vitrine_scalar))));

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
