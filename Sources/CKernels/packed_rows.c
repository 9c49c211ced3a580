#include "packed_rows.h"

#include <math.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = vitrine_packed_lanes, HALF = LANES / 2 };
typedef double half_t __attribute__((vector_size(8 * HALF), aligned(8)));
typedef vitrine_scalar stored_t
    __attribute__((vector_size(sizeof(vitrine_scalar) * HALF), aligned(sizeof(vitrine_scalar))));

INLINE double squared_length(const float *x, const float *centre, size_t width) {
  double lanes[HALF] = {0};
  size_t k = 0;
  for (; k + HALF <= width; k += HALF)
    for (size_t l = 0; l < HALF; l++) {
      double value = centre ? (double)x[k + l] - centre[k + l] : x[k + l];
      lanes[l] += value * value;
    }
  for (size_t l = 0; k < width; k++, l++) {
    double value = centre ? (double)x[k] - centre[k] : x[k];
    lanes[l] += value * value;
  }
  double sum = 0;
  for (size_t l = 0; l < HALF; l++) sum += lanes[l];
  return sum;
}

VITRINE_CLONES void vitrine_pack_rows(
    const float *table, size_t width, const int32_t *rows, size_t n, const float *centre,
    double length, vitrine_scalar *packed, size_t packed_width, size_t first, double *squares) {
  for (size_t i = 0; i < n; i++) {
    squares[i] = 0;
    if (rows[i] < 0) continue;
    const float *from = table + (size_t)rows[i] * width;
    vitrine_scalar *to = packed + (i / LANES * packed_width + first) * LANES + i % LANES;
    squares[i] = squared_length(from, centre, width);
    if (!(squares[i] > 0 && squares[i] < INFINITY)) continue;
    const double scale = length / sqrt(squares[i]);
    for (size_t k = 0; k < width; k++)
      to[k * LANES] = (vitrine_scalar)((centre ? (double)from[k] - centre[k] : from[k]) * scale);
  }
}

/// Several blocks side by side, as one would wait for each addition.
INLINE void dots(
    const vitrine_scalar *packed, const double *vector, double *out, size_t width,
    const int blocks) {
  half_t sums[8] = {{0}};
  for (size_t k = 0; k < width; k++)
    for (int s = 0; s < 2 * blocks; s++) {
      const vitrine_scalar *block = packed + s / 2 * width * LANES;
      const stored_t *row = (const stored_t *)(block + k * LANES + s % 2 * HALF);
      sums[s] += __builtin_convertvector(*row, half_t) * vector[k];
    }
  for (int s = 0; s < 2 * blocks; s++) *(half_t *)(out + s * HALF) = sums[s];
}

VITRINE_CLONES void vitrine_packed_dots(
    const vitrine_scalar *packed, const double *vector, double *out, size_t blocks, size_t width) {
  size_t b = 0;
  for (; b + 4 <= blocks; b += 4)
    dots(packed + b * width * LANES, vector, out + b * LANES, width, 4);
  for (; b < blocks; b++) dots(packed + b * width * LANES, vector, out + b * LANES, width, 1);
}

VITRINE_CLONES void vitrine_packed_squares(
    const vitrine_scalar *packed, double *out, size_t blocks, size_t width) {
  for (size_t h = 0; h < 2 * blocks; h++) {
    half_t sum = {0};
    for (size_t k = 0; k < width; k++) {
      const stored_t *row = (const stored_t *)(packed + (h / 2 * width + k) * LANES + h % 2 * HALF);
      const half_t value = __builtin_convertvector(*row, half_t);
      sum += value * value;
    }
    *(half_t *)(out + h * HALF) = sum;
  }
}
