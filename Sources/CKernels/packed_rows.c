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

/// Two sums side by side, as one would wait for each addition.
INLINE double squared_length(const float *x, const float *centre, size_t width) {
  half_t lanes = {0}, others = {0};
  size_t k = 0;
  for (; k + 2 * HALF <= width; k += 2 * HALF) {
    half_t value, other;
    centred(x + k, centre ? centre + k : 0, &value);
    centred(x + k + HALF, centre ? centre + k + HALF : 0, &other);
    lanes += value * value;
    others += other * other;
  }
  double sum = 0;
  for (; k < width; k++) {
    double value = centred_one(x + k, centre ? centre + k : 0);
    sum += value * value;
  }
  lanes += others;
  return sum + (((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) +
                ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7])));
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

_Static_assert(HALF == 8, "the shuffles below are those of 8 by 8");

/// Rows become columns: three times the elements of rows that lie half the block apart alternate.
INLINE void transpose(stored_t *block) {
  stored_t other[HALF];
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < HALF / 2; i++) {
      const stored_t a = block[i], b = block[i + HALF / 2];
      other[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      other[2 * i + 1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (int i = 0; i < HALF; i++) block[i] = other[i];
  }
}

/// Half a block of rows at once: whole vectors are stored instead of one number here and there.
INLINE void pack_half(
    const float *const *x, const float *centre, const double *scales, vitrine_scalar *to,
    size_t width) {
  size_t k = 0;
  for (; k + HALF <= width; k += HALF) {
    stored_t block[HALF];
    for (int i = 0; i < HALF; i++) {
      half_t value;
      centred(x[i] + k, centre ? centre + k : 0, &value);
      block[i] = __builtin_convertvector(value * scales[i], stored_t);
    }
    transpose(block);
    for (int l = 0; l < HALF; l++) *(stored_t *)(to + (k + l) * LANES) = block[l];
  }
  for (; k < width; k++)
    for (int i = 0; i < HALF; i++)
      to[k * LANES + i] =
          (vitrine_scalar)(centred_one(x[i] + k, centre ? centre + k : 0) * scales[i]);
}

INLINE void pack_rows(
    const float *table, size_t width, const int32_t *rows, size_t n, const float *centre,
    double length, vitrine_scalar *packed, size_t packed_width, size_t first, double *squares) {
  for (size_t start = 0; start < n; start += HALF) {
    const size_t count = n - start < HALF ? n - start : HALF;
    vitrine_scalar *to = packed + (start / LANES * packed_width + first) * LANES + start % LANES;
    const float *x[HALF];
    double scales[HALF];
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
      const int32_t row = rows[start + i];
      x[i] = row < 0 ? 0 : table + (size_t)row * width;
      const double square = row < 0 ? 0 : squared_length(x[i], centre, width);
      squares[start + i] = square;
      if (!(square > 0 && square < INFINITY)) {
        x[i] = 0;
        continue;
      }
      scales[i] = length / sqrt(square);
      found++;
    }
    if (found == HALF) {
      pack_half(x, centre, scales, to, width);
      continue;
    }
    for (size_t i = 0; i < count; i++)
      if (x[i]) pack_row(x[i], centre, scales[i], to + i, width);
  }
}

VITRINE_CLONES void vitrine_pack_rows(
    const float *table, size_t width, const int32_t *rows, size_t n, const float *centre,
    double length, vitrine_scalar *packed, size_t packed_width, size_t first, double *squares) {
  if (centre)
    pack_rows(table, width, rows, n, centre, length, packed, packed_width, first, squares);
  else
    pack_rows(table, width, rows, n, 0, length, packed, packed_width, first, squares);
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
