#include "rows.h"

#include <math.h>
#include <string.h>

#include "elementary.h"
#include "elementwise.h"

// Reductions keep many partial sums: the order of additions is then fixed by the source, the same
// on every processor width, and the compiler may still vectorise.
enum { LANES = 32 };

VITRINE_CLONES vitrine_scalar vitrine_sum(const vitrine_scalar *x, size_t n) {
  vitrine_scalar lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += x[i + l];
  for (size_t l = 0; i < n; i++, l++) lanes[l] += x[i];
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
  return lanes[0];
}

VITRINE_CLONES vitrine_scalar vitrine_dot(
    const vitrine_scalar *a, const vitrine_scalar *b, size_t n) {
  vitrine_scalar lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += a[i + l] * b[i + l];
  for (size_t l = 0; i < n; i++, l++) lanes[l] += a[i] * b[i];
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
  return lanes[0];
}

VITRINE_CLONES double vitrine_sum_of_squares(const vitrine_scalar *x, size_t n) {
  double lanes[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES)
    for (size_t l = 0; l < LANES; l++) lanes[l] += (double)x[i + l] * (double)x[i + l];
  for (size_t l = 0; i < n; i++, l++) lanes[l] += (double)x[i] * (double)x[i];
  for (size_t half = LANES / 2; half > 0; half /= 2)
    for (size_t l = 0; l < half; l++) lanes[l] += lanes[l + half];
  return lanes[0];
}

VITRINE_CLONES void vitrine_sum_rows(
    const vitrine_scalar *x, vitrine_scalar *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *row = x + r * columns;
    for (size_t c = 0; c < columns; c++) out[c] += row[c];
  }
}

void vitrine_sum_columns(
    const vitrine_scalar *x, vitrine_scalar *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) out[r] = vitrine_sum(x + r * columns, columns);
}

static vitrine_scalar largest(const vitrine_scalar *x, const uint8_t *mask, size_t n) {
  vitrine_scalar top = -INFINITY;
  for (size_t i = 0; i < n; i++)
    if ((!mask || mask[i]) && x[i] > top) top = x[i];
  return top;
}

/// A row without a largest element has no distribution: what is not excluded becomes NaN, so that
/// a fault in the input is seen rather than taken for an empty row.
static void refuse_row(
    const uint8_t *keep, vitrine_scalar excluded, vitrine_scalar *y, size_t columns) {
  for (size_t c = 0; c < columns; c++) y[c] = !keep || keep[c] ? (vitrine_scalar)NAN : excluded;
}

VITRINE_CLONES void vitrine_softmax(
    const vitrine_scalar *x, const uint8_t *mask, vitrine_scalar *out, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *in = x + r * columns;
    const uint8_t *keep = mask ? mask + r * columns : NULL;
    vitrine_scalar *y = out + r * columns;
    vitrine_scalar top = largest(in, keep, columns);
    if (!(top > -INFINITY)) {
      refuse_row(keep, 0, y, columns);
      continue;
    }
    for (size_t c = 0; c < columns; c++) y[c] = elementary_exp(in[c] - top);
    if (keep)
      for (size_t c = 0; c < columns; c++) y[c] = keep[c] ? y[c] : 0;
    vitrine_scalar scale = 1 / vitrine_sum(y, columns);
    for (size_t c = 0; c < columns; c++) y[c] *= scale;
  }
}

VITRINE_CLONES void vitrine_log_softmax(
    const vitrine_scalar *x, const uint8_t *mask, vitrine_scalar *out, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *in = x + r * columns;
    const uint8_t *keep = mask ? mask + r * columns : NULL;
    vitrine_scalar *y = out + r * columns;
    vitrine_scalar top = largest(in, keep, columns);
    if (!(top > -INFINITY)) {
      refuse_row(keep, -INFINITY, y, columns);
      continue;
    }
    for (size_t c = 0; c < columns; c++) y[c] = elementary_exp(in[c] - top);
    if (keep)
      for (size_t c = 0; c < columns; c++) y[c] = keep[c] ? y[c] : 0;
    vitrine_scalar normalizer = top + (vitrine_scalar)log(vitrine_sum(y, columns));
    for (size_t c = 0; c < columns; c++)
      y[c] = !keep || keep[c] ? in[c] - normalizer : -INFINITY;
  }
}

VITRINE_CLONES void vitrine_softmax_gradient(
    const vitrine_scalar *y, const vitrine_scalar *gradient, vitrine_scalar *out, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *p = y + r * columns, *g = gradient + r * columns;
    vitrine_scalar mean = vitrine_dot(p, g, columns);
    for (size_t c = 0; c < columns; c++) out[r * columns + c] = p[c] * (g[c] - mean);
  }
}

VITRINE_CLONES void vitrine_log_softmax_gradient(
    const vitrine_scalar *y, const uint8_t *mask, const vitrine_scalar *gradient,
    vitrine_scalar *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *in = y + r * columns, *g = gradient + r * columns;
    const uint8_t *keep = mask ? mask + r * columns : NULL;
    vitrine_scalar total = 0;
    for (size_t c = 0; c < columns; c++)
      if (!keep || keep[c]) total += g[c];
    for (size_t c = 0; c < columns; c++)
      out[r * columns + c] = !keep || keep[c] ? g[c] - elementary_exp(in[c]) * total : 0;
  }
}

VITRINE_CLONES void vitrine_normalize_rows(
    const vitrine_scalar *x, vitrine_scalar *out, vitrine_scalar *inverse_deviation, size_t rows,
    size_t columns, vitrine_scalar epsilon) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *in = x + r * columns;
    vitrine_scalar *y = out + r * columns;
    vitrine_scalar mean = vitrine_sum(in, columns) / (vitrine_scalar)columns;
    for (size_t c = 0; c < columns; c++) y[c] = in[c] - mean;
    vitrine_scalar variance = vitrine_dot(y, y, columns) / (vitrine_scalar)columns;
    vitrine_scalar scale = 1 / (vitrine_scalar)sqrt(variance + epsilon);
    inverse_deviation[r] = scale;
    for (size_t c = 0; c < columns; c++) y[c] *= scale;
  }
}

VITRINE_CLONES void vitrine_normalize_rows_gradient(
    const vitrine_scalar *normalized, const vitrine_scalar *inverse_deviation,
    const vitrine_scalar *gradient, vitrine_scalar *out, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++) {
    const vitrine_scalar *y = normalized + r * columns, *g = gradient + r * columns;
    vitrine_scalar mean = vitrine_sum(g, columns) / (vitrine_scalar)columns;
    vitrine_scalar along = vitrine_dot(g, y, columns) / (vitrine_scalar)columns;
    for (size_t c = 0; c < columns; c++)
      out[r * columns + c] = inverse_deviation[r] * (g[c] - mean - y[c] * along);
  }
}

void vitrine_gather(
    const vitrine_scalar *table, const int32_t *rows, vitrine_scalar *out, size_t count,
    size_t width) {
  for (size_t i = 0; i < count; i++) {
    if (rows[i] < 0)
      memset(out + i * width, 0, width * sizeof *out);
    else
      memcpy(out + i * width, table + (size_t)rows[i] * width, width * sizeof *out);
  }
}

void vitrine_scatter_add(
    vitrine_scalar *table, const int32_t *rows, const vitrine_scalar *values, size_t count,
    size_t width) {
  for (size_t i = 0; i < count; i++)
    if (rows[i] >= 0) vitrine_axpy(1, values + i * width, table + (size_t)rows[i] * width, width);
}
