#include "determinantal.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 8 };
typedef double lanes_t __attribute__((vector_size(64), aligned(8)));
typedef uint64_t bits_t __attribute__((vector_size(64), aligned(8)));

INLINE double dot(const double *a, const double *b, size_t n) {
  lanes_t first = {0}, second = {0};
  size_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    first += *(const lanes_t *)(a + i) * *(const lanes_t *)(b + i);
    second += *(const lanes_t *)(a + i + LANES) * *(const lanes_t *)(b + i + LANES);
  }
  double sum = 0;
  for (; i < n; i++) sum += a[i] * b[i];
  first += second;
  for (int l = 0; l < LANES; l++) sum += first[l];
  return sum;
}

VITRINE_CLONES void vitrine_determinantal_append(
    double *columns, size_t stride, size_t size, size_t count, const double *features,
    const double *start, double root, int keeps_rows) {
  double *restrict column = columns + count * stride;
  const double inverse = root > 0 ? 1 / root : 0;
  for (size_t i = 0; i < size; i++) column[i] = start[i] * inverse;
  for (size_t k = 0; k < count; k++) {
    double *restrict before = columns + k * stride;
    const double coefficient = dot(features, before, size);
    if (keeps_rows) before[size + count] = coefficient;
    const double scaled = coefficient * inverse;
    for (size_t i = 0; i < size; i++) column[i] -= scaled * before[i];
  }
  if (keeps_rows) column[size + count] = root;
}

VITRINE_CLONES void vitrine_determinantal_forget(
    double *columns, size_t stride, size_t size, size_t count, double *restrict removed) {
  memcpy(removed, columns, stride * sizeof *removed);
  for (size_t k = 1; k < count; k++) {
    const double *old = columns + k * stride;
    double *kept = columns + (k - 1) * stride;
    // Turns both columns so that the one removed is 0 in row k.
    const double a = old[size + k], b = removed[size + k];
    const double radius = sqrt(a * a + b * b);
    const double cosine = radius > 0 ? a / radius : 1, sine = radius > 0 ? b / radius : 0;
    for (size_t i = 0; i < size; i++) {
      const double kept_one = old[i], removed_one = removed[i];
      kept[i] = cosine * kept_one + sine * removed_one;
      removed[i] = cosine * removed_one - sine * kept_one;
    }
    for (size_t i = size + k; i < size + count; i++) {
      const double kept_one = old[i], removed_one = removed[i];
      kept[i - 1] = cosine * kept_one + sine * removed_one;
      removed[i] = cosine * removed_one - sine * kept_one;
    }
  }
}

/// The natural logarithm of positive numbers that are not subnormal, within two units in the last
/// place: x = 2^e m with m between the roots of 1/2 and 2, and log m = 2 artanh((m - 1) / (m + 1)).
INLINE void take_logs(lanes_t *x) {
  const uint64_t root = 0x3FE6A09E667F3BCD, one = 0x3FF0000000000000;
  const bits_t bits = (bits_t)*x;
  const bits_t exponent = (bits - root + one) >> 52;  // 1023 more than e
  const lanes_t m = (lanes_t)(bits - (exponent << 52) + one);
  // Not every processor converts integers of 64 bits: they are put where 2^52 has its lowest bits.
  const lanes_t e = (lanes_t)(exponent | 0x4330000000000000) - (0x1p52 + 1023);
  const lanes_t s = (m - 1) / (m + 1), z = s * s;
  lanes_t series = (lanes_t){0} + 1.0 / 23;
  for (int odd = 21; odd > 1; odd -= 2) series = series * z + 1.0 / odd;
  *x = e * 0.6931471805599453 + (2 * s + 2 * s * z * series);
}

VITRINE_CLONES void vitrine_determinantal_update(
    double *diagonals, double *values, const double *added, const double *added_entries,
    const double *removed, const double *removed_entries, const int32_t *categories,
    const double *gains, double weight, double floor, size_t n) {
  for (size_t i = 0; i < n; i += LANES) {
    lanes_t entries;
    for (int l = 0; l < LANES; l++) entries[l] = added_entries[categories[i + l]];
    const lanes_t less = *(const lanes_t *)(added + i) + entries;
    lanes_t diagonal = *(lanes_t *)(diagonals + i) - less * less;
    if (removed) {
      for (int l = 0; l < LANES; l++) entries[l] = removed_entries[categories[i + l]];
      const lanes_t more = *(const lanes_t *)(removed + i) + entries;
      diagonal += more * more;
    }
    *(lanes_t *)(diagonals + i) = diagonal;
    const bits_t enough = (bits_t)(diagonal > floor);
    diagonal = (lanes_t)((enough & (bits_t)diagonal) | (~enough & (bits_t)((lanes_t){0} + floor)));
    take_logs(&diagonal);
    *(lanes_t *)(values + i) = *(const lanes_t *)(gains + i) + weight * diagonal;
  }
}
