#include "diversity.h"

#include <math.h>

enum { LANES = 8 };
typedef double lanes_t __attribute__((vector_size(64), aligned(8)));
typedef int64_t bits_t __attribute__((vector_size(64), aligned(8)));
typedef uint8_t bytes_t __attribute__((vector_size(8), aligned(1)));

VITRINE_CLONES ptrdiff_t vitrine_masked_argmax(
    const double *values, const uint8_t *open, const uint8_t *allowed, size_t n) {
  lanes_t largest = (lanes_t){0} - INFINITY;
  bits_t where = (bits_t){0} - 1;
  bits_t here = {0, 1, 2, 3, 4, 5, 6, 7};
  size_t i = 0;
  // Every lane keeps its first largest.
  for (; i + LANES <= n; i += LANES, here += LANES) {
    lanes_t value = *(const lanes_t *)(values + i);
    bytes_t both = (*(const bytes_t *)(open + i) != 0) & (*(const bytes_t *)(allowed + i) != 0);
    bits_t better = (value > largest) & (__builtin_convertvector(both, bits_t) != 0);
    where = (better & here) | (~better & where);
    largest = (lanes_t)((better & (bits_t)value) | (~better & (bits_t)largest));
  }
  double best = -INFINITY;
  ptrdiff_t index = -1;
  for (int l = 0; l < LANES; l++)
    if (where[l] >= 0 && (largest[l] > best || (largest[l] == best && where[l] < index))) {
      best = largest[l];
      index = where[l];
    }
  for (; i < n; i++)
    if (open[i] && allowed[i] && values[i] > best) {
      best = values[i];
      index = (ptrdiff_t)i;
    }
  return index;
}

VITRINE_CLONES void vitrine_mix_similarities(
    double *products, const int32_t *categories, int32_t category, double category_weight,
    const uint8_t *parts, uint8_t part, const double *pair_weights, size_t n) {
  // Nearly always every pair has everything: nothing to look up and to divide by.
  uint8_t missing = pair_weights[part] != 1;
  for (size_t i = 0; i < n; i++) missing |= ~parts[i] & part;
  for (size_t i = 0; i < n; i++)
    products[i] += category > 0 && categories[i] == category ? category_weight : 0;
  if (missing)
    for (size_t i = 0; i < n; i++) {
      const double weight = pair_weights[parts[i] & part];
      products[i] = weight > 0 ? products[i] / weight : 0;
    }
  for (size_t i = 0; i < n; i++) products[i] = products[i] < 1 ? products[i] : 1;
}

VITRINE_CLONES void vitrine_raise_similarities(
    double *largest, int32_t *nearest, const double *similarities, int32_t other,
    const uint8_t *open, const double *gains, double cost, double *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    int raises = open[i] && (nearest[i] < 0 || similarities[i] > largest[i]);
    nearest[i] = raises ? other : nearest[i];
    largest[i] = raises ? similarities[i] : largest[i];
    values[i] = gains[i] - cost * largest[i];
  }
}
