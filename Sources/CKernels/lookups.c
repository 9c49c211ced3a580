#include "lookups.h"

#include <string.h>

#define INLINED static inline __attribute__((always_inline))

// How many rows ahead a row is asked for: a table is larger than any cache.
enum { AHEAD = 16 };

static const vitrine_numbered_row nothing = ~(vitrine_numbered_row)0;

size_t vitrine_number_rows(
    const int32_t *rows, size_t count, vitrine_numbered_row *slots, size_t mask, int32_t *numbers,
    int32_t *distinct, size_t known) {
  for (size_t i = 0; i < count; i++) {
    const int32_t row = rows[i];
    if (row < 0) {
      numbers[i] = -1;
      continue;
    }
    // Fibonacci hashing; the rows of a field lie close together.
    size_t at = (size_t)((uint64_t)(uint32_t)row * 0x9E3779B97F4A7C15u >> 32) & mask;
    while (slots[at] != nothing && (int32_t)(slots[at] >> 32) != row) at = (at + 1) & mask;
    if (slots[at] == nothing) {
      slots[at] = (uint64_t)(uint32_t)row << 32 | (uint64_t)known;
      distinct[known++] = row;
    }
    numbers[i] = (int32_t)(slots[at] & 0xFFFFFFFF);
  }
  return known;
}

INLINED void add_numbered(
    vitrine_scalar *restrict sums, const int32_t *restrict numbers, int32_t first, int32_t last,
    const vitrine_scalar *restrict values, size_t count, size_t width) {
  for (size_t i = 0; i < count; i++) {
    if (numbers[i] < first || numbers[i] >= last) continue;
    vitrine_scalar *sum = sums + (size_t)numbers[i] * width;
    const vitrine_scalar *value = values + i * width;
    for (size_t j = 0; j < width; j++) sum[j] += value[j];
  }
}

// Where the width is known, a row is a few registers.
#define BY_WIDTH(function, ...)                  \
  switch (width) {                               \
    case 1: function(__VA_ARGS__, 1); break;     \
    case 8: function(__VA_ARGS__, 8); break;     \
    case 16: function(__VA_ARGS__, 16); break;   \
    case 32: function(__VA_ARGS__, 32); break;   \
    default: function(__VA_ARGS__, width); break; \
  }

VITRINE_CLONES void vitrine_add_numbered(
    vitrine_scalar *sums, const int32_t *numbers, int32_t first, int32_t last,
    const vitrine_scalar *values, size_t count, size_t width) {
  BY_WIDTH(add_numbered, sums, numbers, first, last, values, count)
}

typedef struct {
  vitrine_scalar step_size, beta1, beta2, correction2, epsilon, keep;
} adam;

INLINED void adam_rows(
    vitrine_scalar *restrict weight, vitrine_scalar *restrict first,
    vitrine_scalar *restrict second, const int32_t *restrict rows,
    const vitrine_scalar *restrict gradient, size_t count, adam by, size_t width) {
  for (size_t i = 0; i < count; i++) {
    if (i + AHEAD < count) {
      const size_t next = (size_t)rows[i + AHEAD] * width;
      __builtin_prefetch(weight + next, 1);
      __builtin_prefetch(first + next, 1);
      __builtin_prefetch(second + next, 1);
    }
    const size_t at = (size_t)rows[i] * width;
    for (size_t j = 0; j < width; j++) {
      vitrine_scalar g = gradient[i * width + j];
      vitrine_scalar m = by.beta1 * first[at + j] + (1 - by.beta1) * g;
      vitrine_scalar v = by.beta2 * second[at + j] + (1 - by.beta2) * g * g;
      first[at + j] = m;
      second[at + j] = v;
      // The library's root reports a negative argument in errno, which keeps loops from vectorising.
      vitrine_scalar root = __builtin_elementwise_sqrt(v);
      weight[at + j] =
          by.keep * weight[at + j] - by.step_size * m / (root / by.correction2 + by.epsilon);
    }
  }
}

VITRINE_CLONES void vitrine_adam_rows(
    vitrine_scalar *weight, vitrine_scalar *first, vitrine_scalar *second, const int32_t *rows,
    const vitrine_scalar *gradient, size_t count, size_t width, vitrine_scalar step_size,
    vitrine_scalar beta1, vitrine_scalar beta2, vitrine_scalar correction2, vitrine_scalar epsilon,
    vitrine_scalar keep) {
  const adam by = {step_size, beta1, beta2, correction2, epsilon, keep};
  BY_WIDTH(adam_rows, weight, first, second, rows, gradient, count, by)
}

INLINED void pairwise(
    const vitrine_scalar *restrict x, vitrine_scalar *restrict sums,
    vitrine_scalar *restrict out, size_t count, size_t members, size_t width) {
  for (size_t r = 0; r < count; r++) {
    const vitrine_scalar *row = x + r * members * width;
    vitrine_scalar *sum = sums + r * width;
    memset(sum, 0, width * sizeof *sum);
    // x · (sum - x) over all members counts every pair twice, and cancels no large numbers.
    vitrine_scalar pairs = 0;
    for (size_t f = 0; f < members; f++)
      for (size_t j = 0; j < width; j++) sum[j] += row[f * width + j];
    for (size_t start = 0; start < width; start += 16) {
      const size_t lanes = width - start < 16 ? width - start : 16;
      vitrine_scalar rest[16] = {0};
      for (size_t f = 0; f < members; f++)
        for (size_t j = 0; j < lanes; j++)
          rest[j] += row[f * width + start + j] * (sum[start + j] - row[f * width + start + j]);
      for (size_t j = 0; j < lanes; j++) pairs += rest[j];
    }
    out[r] = pairs / 2;
  }
}

VITRINE_CLONES void vitrine_pairwise(
    const vitrine_scalar *x, vitrine_scalar *sums, vitrine_scalar *out, size_t count,
    size_t members, size_t width) {
  BY_WIDTH(pairwise, x, sums, out, count, members)
}

INLINED void pairwise_gradient(
    const vitrine_scalar *restrict x, const vitrine_scalar *restrict sums,
    const vitrine_scalar *restrict gradient, vitrine_scalar *restrict out, size_t count,
    size_t members, size_t width) {
  for (size_t r = 0; r < count; r++)
    for (size_t f = 0; f < members; f++)
      for (size_t j = 0; j < width; j++) {
        const size_t at = (r * members + f) * width + j;
        out[at] = gradient[r] * (sums[r * width + j] - x[at]);
      }
}

VITRINE_CLONES void vitrine_pairwise_gradient(
    const vitrine_scalar *x, const vitrine_scalar *sums, const vitrine_scalar *gradient,
    vitrine_scalar *out, size_t count, size_t members, size_t width) {
  BY_WIDTH(pairwise_gradient, x, sums, gradient, out, count, members)
}
