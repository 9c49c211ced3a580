#include "segments.h"

#include <math.h>
#include <string.h>

#include "elementwise.h"
#include "rows.h"

void vitrine_segment_softmax(
    const vitrine_scalar *x, const int32_t *offsets, vitrine_scalar *out, size_t segments) {
  for (size_t s = 0; s < segments; s++) {
    size_t start = (size_t)offsets[s], count = (size_t)offsets[s + 1] - start;
    if (count > 0) vitrine_softmax(x + start, NULL, out + start, 1, count);
  }
}

void vitrine_segment_softmax_gradient(
    const vitrine_scalar *y, const vitrine_scalar *gradient, const int32_t *offsets,
    vitrine_scalar *out, size_t segments) {
  for (size_t s = 0; s < segments; s++) {
    size_t start = (size_t)offsets[s], count = (size_t)offsets[s + 1] - start;
    if (count > 0)
      vitrine_softmax_gradient(y + start, gradient + start, out + start, 1, count);
  }
}

void vitrine_segment_sum(
    const vitrine_scalar *x, const int32_t *offsets, vitrine_scalar *out, size_t segments,
    size_t width) {
  memset(out, 0, segments * width * sizeof *out);
  for (size_t s = 0; s < segments; s++) {
    size_t start = (size_t)offsets[s], count = (size_t)offsets[s + 1] - start;
    vitrine_sum_rows(x + start * width, out + s * width, count, width);
  }
}

VITRINE_CLONES void vitrine_weighted_segment_sum(
    const vitrine_scalar *weights, const vitrine_scalar *x, const int32_t *rows,
    const int32_t *offsets, vitrine_scalar *out, size_t segments, size_t width) {
  memset(out, 0, segments * width * sizeof *out);
  for (size_t s = 0; s < segments; s++) {
    vitrine_scalar *restrict sum = out + s * width;
    for (size_t i = (size_t)offsets[s]; i < (size_t)offsets[s + 1]; i++) {
      const vitrine_scalar *row = x + (size_t)rows[i] * width;
      const vitrine_scalar weight = weights[i];
      for (size_t k = 0; k < width; k++) sum[k] += weight * row[k];
    }
  }
}

void vitrine_weighted_segment_sum_gradient(
    const vitrine_scalar *weights, const vitrine_scalar *x, const int32_t *rows,
    const int32_t *offsets, const vitrine_scalar *gradient, vitrine_scalar *weights_gradient,
    vitrine_scalar *x_gradient, size_t segments, size_t width) {
  for (size_t s = 0; s < segments; s++) {
    const vitrine_scalar *g = gradient + s * width;
    for (size_t i = (size_t)offsets[s]; i < (size_t)offsets[s + 1]; i++) {
      size_t row = (size_t)rows[i] * width;
      if (weights_gradient) weights_gradient[i] += vitrine_dot(g, x + row, width);
      if (x_gradient) vitrine_axpy(weights[i], g, x_gradient + row, width);
    }
  }
}

VITRINE_CLONES void vitrine_pair_sums(
    const vitrine_scalar *a, const int32_t *a_rows, const vitrine_scalar *b,
    const int32_t *b_rows, vitrine_scalar *out, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *left = a + (size_t)a_rows[i] * width;
    const vitrine_scalar *right = b + (size_t)b_rows[i] * width;
    vitrine_scalar *restrict to = out + i * width;
    for (size_t k = 0; k < width; k++) to[k] = left[k] + right[k];
  }
}

VITRINE_CLONES void vitrine_pair_products(
    const vitrine_scalar *a, const int32_t *a_rows, const vitrine_scalar *b,
    const int32_t *b_rows, vitrine_scalar *out, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *left = a + (size_t)a_rows[i] * width;
    const vitrine_scalar *right = b + (size_t)b_rows[i] * width;
    vitrine_scalar *restrict to = out + i * width;
    for (size_t k = 0; k < width; k++) to[k] = left[k] * right[k];
  }
}

VITRINE_CLONES void vitrine_pair_products_gradient(
    const vitrine_scalar *gradient, const vitrine_scalar *b, const int32_t *b_rows,
    vitrine_scalar *a_gradient, const int32_t *a_rows, size_t n, size_t width) {
  for (size_t i = 0; i < n; i++) {
    const vitrine_scalar *from = gradient + i * width;
    const vitrine_scalar *other = b + (size_t)b_rows[i] * width;
    vitrine_scalar *restrict to = a_gradient + (size_t)a_rows[i] * width;
    for (size_t k = 0; k < width; k++) to[k] += from[k] * other[k];
  }
}
