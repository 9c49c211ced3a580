#include "self_attention.h"

#include <math.h>

#include "elementary.h"

#define INLINED static inline __attribute__((always_inline))

// Keys and values are turned once a head, so that inner loops run along the list.

INLINED void turn(
    const vitrine_scalar *restrict rows, size_t stride, vitrine_scalar *restrict turned, size_t n,
    size_t depth) {
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < depth; k++) turned[k * n + j] = rows[j * stride + k];
}

/// out[j] = factor * sum over k of row[k] * turned[k, j]
INLINED void products(
    const vitrine_scalar *restrict row, vitrine_scalar factor,
    const vitrine_scalar *restrict turned, vitrine_scalar *restrict out, size_t n, size_t depth) {
  for (size_t j = 0; j < n; j++) out[j] = 0;
  for (size_t k = 0; k < depth; k++) {
    const vitrine_scalar x = factor * row[k];
    for (size_t j = 0; j < n; j++) out[j] += x * turned[k * n + j];
  }
}

INLINED void softmax(vitrine_scalar *restrict p, size_t n) {
  vitrine_scalar largest = p[0], sum = 0;
  for (size_t j = 1; j < n; j++) largest = p[j] > largest ? p[j] : largest;
  for (size_t j = 0; j < n; j++) p[j] = elementary_exp(p[j] - largest);
  for (size_t j = 0; j < n; j++) sum += p[j];
  for (size_t j = 0; j < n; j++) p[j] /= sum;
}

INLINED void add_scaled(
    vitrine_scalar *restrict out, vitrine_scalar factor, const vitrine_scalar *restrict x,
    size_t depth) {
  for (size_t k = 0; k < depth; k++) out[k] += factor * x[k];
}

size_t vitrine_self_attention_scratch(size_t n, size_t width, size_t heads) {
  return n * (width / heads) + n;
}

VITRINE_CLONES void vitrine_self_attention(
    const vitrine_scalar *rows, size_t stride, vitrine_scalar *out, size_t out_stride,
    vitrine_scalar *shares, vitrine_scalar *scratch, size_t n, size_t width, size_t heads) {
  const size_t depth = width / heads;
  const vitrine_scalar factor = 1 / (vitrine_scalar)sqrt((double)depth);
  for (size_t head = 0; head < heads; head++) {
    const vitrine_scalar *query = rows + head * depth, *value = query + 2 * width;
    turn(query + width, stride, scratch, n, depth);
    for (size_t i = 0; i < n; i++) {
      vitrine_scalar *p = shares + (head * n + i) * n, *to = out + i * out_stride + head * depth;
      products(query + i * stride, factor, scratch, p, n, depth);
      softmax(p, n);
      for (size_t k = 0; k < depth; k++) to[k] = 0;
      for (size_t j = 0; j < n; j++) add_scaled(to, p[j], value + j * stride, depth);
    }
  }
}

VITRINE_CLONES void vitrine_self_attention_gradient(
    const vitrine_scalar *rows, size_t stride, const vitrine_scalar *shares,
    const vitrine_scalar *gradient, size_t gradient_stride, vitrine_scalar *rows_gradient,
    vitrine_scalar *scratch, size_t n, size_t width, size_t heads) {
  const size_t depth = width / heads;
  const vitrine_scalar factor = 1 / (vitrine_scalar)sqrt((double)depth);
  vitrine_scalar *slopes = scratch + n * depth;
  for (size_t head = 0; head < heads; head++) {
    const vitrine_scalar *query = rows + head * depth, *key = query + width;
    vitrine_scalar *to_query = rows_gradient + head * depth;
    turn(query + 2 * width, stride, scratch, n, depth);
    for (size_t i = 0; i < n; i++) {
      const vitrine_scalar *p = shares + (head * n + i) * n;
      const vitrine_scalar *from = gradient + i * gradient_stride + head * depth;
      products(from, 1, scratch, slopes, n, depth);
      vitrine_scalar mean = 0;
      for (size_t j = 0; j < n; j++) mean += p[j] * slopes[j];
      for (size_t j = 0; j < n; j++) {
        const vitrine_scalar slope = factor * p[j] * (slopes[j] - mean);
        vitrine_scalar *other = to_query + j * stride;
        add_scaled(to_query + i * stride, slope, key + j * stride, depth);
        add_scaled(other + width, slope, query + i * stride, depth);
        add_scaled(other + 2 * width, p[j], from, depth);
      }
    }
  }
}
