#include "determinantal.h"

#include <math.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 8, BLOCK = vitrine_packed_lanes };
_Static_assert(BLOCK == 2 * LANES, "a block is two vectors");
typedef double lanes_t __attribute__((vector_size(64), aligned(8)));
typedef uint64_t bits_t __attribute__((vector_size(64), aligned(8)));
typedef uint8_t bytes_t __attribute__((vector_size(8), aligned(1)));
typedef vitrine_scalar scalars_t
    __attribute__((vector_size(sizeof(vitrine_scalar) * LANES), aligned(sizeof(vitrine_scalar))));

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

/// Products of the candidates of a block with one direction or two: rows are read once for both.
INLINE void products(
    const vitrine_scalar *block, size_t width, const int32_t *categories, const double *first,
    const double *second, const int both, lanes_t *out) {
  lanes_t sums[4] = {{0}};
  for (size_t k = 0; k < width; k++)
    for (int half = 0; half < 2; half++) {
      const scalars_t *row = (const scalars_t *)(block + k * BLOCK + half * LANES);
      const lanes_t x = __builtin_convertvector(*row, lanes_t);
      sums[half] += x * first[k];
      if (both) sums[2 + half] += x * second[k];
    }
  double entries[2 * BLOCK] = {0};
  for (int i = 0; i < BLOCK; i++) {
    const size_t entry = width + (size_t)categories[i];
    entries[i] = first[entry];
    if (both) entries[BLOCK + i] = second[entry];
  }
  for (int s = 0; s < 4; s++) out[s] = sums[s] + *(const lanes_t *)(entries + s * LANES);
}

INLINE void set_values(
    double *values, const double *diagonals, const double *gains, double weight, double floor) {
  for (int half = 0; half < BLOCK; half += LANES) {
    lanes_t x = *(const lanes_t *)(diagonals + half);
    const bits_t enough = (bits_t)(x > floor);
    x = (lanes_t)((enough & (bits_t)x) | (~enough & (bits_t)((lanes_t){0} + floor)));
    take_logs(&x);
    *(lanes_t *)(values + half) = *(const lanes_t *)(gains + half) + weight * x;
  }
}

INLINE void refresh(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *columns,
    size_t stride, size_t count, const double *gains, double weight, double floor,
    double *diagonals, double *values, uint32_t *applied, size_t b) {
  const vitrine_scalar *block = packed + b * width * BLOCK;
  lanes_t *left = (lanes_t *)(diagonals + b * BLOCK);
  lanes_t found[4];
  size_t k = applied[b];
  for (; k + 2 <= count; k += 2) {
    const double *first = columns + k * stride;
    products(block, width, categories + b * BLOCK, first, first + stride, 1, found);
    for (int half = 0; half < 2; half++)
      left[half] = left[half] - found[half] * found[half] - found[2 + half] * found[2 + half];
  }
  if (k < count) {
    products(block, width, categories + b * BLOCK, columns + k * stride, 0, 0, found);
    for (int half = 0; half < 2; half++) left[half] -= found[half] * found[half];
  }
  applied[b] = (uint32_t)count;
  set_values(values + b * BLOCK, diagonals + b * BLOCK, gains + b * BLOCK, weight, floor);
}

VITRINE_CLONES void vitrine_determinantal_refresh(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *columns,
    size_t stride, size_t count, const double *gains, double weight, double floor,
    double *diagonals, double *values, uint32_t *applied, size_t first, size_t end) {
  for (size_t b = first; b < end; b++)
    refresh(
        packed, width, categories, columns, stride, count, gains, weight, floor, diagonals, values,
        applied, b);
}

/// The largest value of the candidates `first` up to `end` with both bytes.
INLINE double largest(
    const double *values, const uint8_t *open, const uint8_t *allowed, size_t first, size_t end) {
  lanes_t most = (lanes_t){0} - INFINITY;
  size_t i = first;
  for (; i + LANES <= end; i += LANES) {
    const bytes_t both = (*(const bytes_t *)(open + i) != 0) & (*(const bytes_t *)(allowed + i) != 0);
    const lanes_t value = *(const lanes_t *)(values + i);
    const bits_t better =
        (bits_t)(value > most) & (bits_t)(__builtin_convertvector(both, bits_t) != 0);
    most = (lanes_t)((better & (bits_t)value) | (~better & (bits_t)most));
  }
  double best = -INFINITY;
  for (int l = 0; l < LANES; l++)
    if (most[l] > best) best = most[l];
  for (; i < end; i++)
    if (open[i] && allowed[i] && values[i] > best) best = values[i];
  return best;
}

VITRINE_CLONES ptrdiff_t vitrine_determinantal_best(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *columns,
    size_t stride, size_t count, const double *gains, double weight, double floor,
    double *diagonals, double *values, uint32_t *applied, double *bounds, const uint8_t *open,
    const uint8_t *allowed, size_t n) {
  const size_t blocks = (n + BLOCK - 1) / BLOCK;
  for (size_t b = 0; b < blocks; b++) {
    const size_t end = (b + 1) * BLOCK;
    bounds[b] = largest(values, open, allowed, b * BLOCK, end < n ? end : n);
  }
  for (;;) {
    double best = -INFINITY;
    size_t top = blocks;
    // Of equal bounds one that may fall comes first, then the first block.
    for (size_t b = 0; b < blocks; b++)
      if (bounds[b] > best
          || (top < blocks && bounds[b] == best && applied[b] < count && applied[top] == count)) {
        best = bounds[b];
        top = b;
      }
    if (top == blocks) return -1;
    const size_t first = top * BLOCK, end = first + BLOCK < n ? first + BLOCK : n;
    if (applied[top] < count) {
      refresh(
          packed, width, categories, columns, stride, count, gains, weight, floor, diagonals,
          values, applied, top);
      bounds[top] = largest(values, open, allowed, first, end);
      continue;
    }
    for (size_t i = first; i < end; i++)
      if (open[i] && allowed[i] && values[i] == best) return (ptrdiff_t)i;
  }
}

VITRINE_CLONES void vitrine_determinantal_exchange(
    const vitrine_scalar *packed, size_t width, const int32_t *categories, const double *removed,
    const double *added, const double *gains, double weight, double floor, double *diagonals,
    double *values, size_t blocks) {
  for (size_t b = 0; b < blocks; b++) {
    lanes_t *left = (lanes_t *)(diagonals + b * BLOCK);
    lanes_t found[4];
    products(packed + b * width * BLOCK, width, categories + b * BLOCK, removed, added, 1, found);
    for (int half = 0; half < 2; half++)
      left[half] = left[half] + found[half] * found[half] - found[2 + half] * found[2 + half];
    set_values(values + b * BLOCK, diagonals + b * BLOCK, gains + b * BLOCK, weight, floor);
  }
}
