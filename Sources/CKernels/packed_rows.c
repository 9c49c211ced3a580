#include "packed_rows.h"

#include <math.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = vitrine_packed_lanes, HALF = LANES / 2 };
typedef double half_t __attribute__((vector_size(8 * HALF), aligned(8)));
typedef float floats_t __attribute__((vector_size(4 * HALF), aligned(4)));
typedef vitrine_scalar stored_t
    __attribute__((vector_size(sizeof(vitrine_scalar) * HALF), aligned(sizeof(vitrine_scalar))));

/// The next components of a vector minus the centre.
INLINE void centred(const float *x, const float *centre, half_t *out) {
  *out = __builtin_convertvector(*(const floats_t *)x, half_t);
  if (centre) *out -= __builtin_convertvector(*(const floats_t *)centre, half_t);
}

INLINE double centred_one(const float *x, const float *centre) {
  return centre ? (double)*x - *centre : *x;
}

INLINE double squared_length(const float *x, const float *centre, size_t width) {
  half_t lanes = {0};
  size_t k = 0;
  for (; k + HALF <= width; k += HALF) {
    half_t value;
    centred(x + k, centre ? centre + k : 0, &value);
    lanes += value * value;
  }
  double sum = 0;
  for (; k < width; k++) {
    double value = centred_one(x + k, centre ? centre + k : 0);
    sum += value * value;
  }
  for (int l = 0; l < HALF; l++) sum += lanes[l];
  return sum;
}

INLINE void pack_row(
    const float *x, const float *centre, double scale, vitrine_scalar *to, size_t width) {
  size_t k = 0;
  for (; k + HALF <= width; k += HALF) {
    half_t value;
    centred(x + k, centre ? centre + k : 0, &value);
    stored_t stored = __builtin_convertvector(value * scale, stored_t);
    for (int l = 0; l < HALF; l++) to[(k + l) * LANES] = stored[l];
  }
  for (; k < width; k++)
    to[k * LANES] = (vitrine_scalar)(centred_one(x + k, centre ? centre + k : 0) * scale);
}

VITRINE_CLONES void vitrine_pack_rows(
    const float *table, size_t width, const int32_t *rows, size_t n, const float *centre,
    double length, vitrine_scalar *packed, size_t packed_width, size_t first, double *squares) {
  for (size_t i = 0; i < n; i++) {
    squares[i] = 0;
    if (rows[i] < 0) continue;
    const float *x = table + (size_t)rows[i] * width;
    squares[i] = squared_length(x, centre, width);
    if (!(squares[i] > 0 && squares[i] < INFINITY)) continue;
    vitrine_scalar *to = packed + (i / LANES * packed_width + first) * LANES + i % LANES;
    pack_row(x, centre, length / sqrt(squares[i]), to, width);
  }
}

/// Several blocks side by side, as one would wait for each addition.
INLINE void dots(
    const vitrine_scalar *packed, const vitrine_scalar *vector, double *out, size_t width,
    const int blocks) {
  stored_t sums[8] = {{0}};
  for (size_t k = 0; k < width; k++)
    for (int s = 0; s < 2 * blocks; s++) {
      const vitrine_scalar *block = packed + s / 2 * width * LANES;
      sums[s] += *(const stored_t *)(block + k * LANES + s % 2 * HALF) * vector[k];
    }
  for (int s = 0; s < 2 * blocks; s++)
    *(half_t *)(out + s * HALF) = __builtin_convertvector(sums[s], half_t);
}

VITRINE_CLONES void vitrine_packed_dots(
    const vitrine_scalar *packed, const vitrine_scalar *vector, double *out, size_t blocks,
    size_t width) {
  size_t b = 0;
  for (; b + 4 <= blocks; b += 4)
    dots(packed + b * width * LANES, vector, out + b * LANES, width, 4);
  for (; b < blocks; b++) dots(packed + b * width * LANES, vector, out + b * LANES, width, 1);
}

double vitrine_packed_product(const vitrine_scalar *packed, size_t a, size_t b, size_t width) {
  const vitrine_scalar *x = packed + a / LANES * width * LANES + a % LANES;
  const vitrine_scalar *y = packed + b / LANES * width * LANES + b % LANES;
  // Side by side, as one would wait for each addition.
  double sums[4] = {0};
  size_t k = 0;
  for (; k + 4 <= width; k += 4)
    for (int s = 0; s < 4; s++) sums[s] += (double)x[(k + s) * LANES] * y[(k + s) * LANES];
  for (; k < width; k++) sums[0] += (double)x[k * LANES] * y[k * LANES];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}
