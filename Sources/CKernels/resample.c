#include "resample_shared.h"

#include <string.h>

#include "dispatch.h"

// The clones use integer arithmetic only, so every one of them gives the same bits.

typedef int32_t int32x4 __attribute__((vector_size(16)));
typedef uint8_t uint8x4 __attribute__((vector_size(4)));

static inline void store_pixel(int32x4 sum, uint8_t *output) {
  output[0] = clip8(sum[0]);
  output[1] = clip8(sum[1]);
  output[2] = clip8(sum[2]);
}

/// Four bytes at once: a pixel, and the first byte of the next one, which nobody looks at.
static inline int32x4 load_pixel(const uint8_t *pixel) {
  uint8x4 bytes;
  memcpy(&bytes, pixel, sizeof bytes);
  return __builtin_convertvector(bytes, int32x4);
}

static inline int32x4 load_last_pixel(const uint8_t *pixel) {
  return (int32x4){pixel[0], pixel[1], pixel[2], 0};
}

VITRINE_CLONES static void resample_single_rows(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    uint8_t *output) {
  const int32_t *starts = axis->starts, *lengths = axis->lengths;
  int32_t count = axis->count, taps = axis->taps;
  for (int32_t y = 0; y < rows; y++) {
    const int32_t *weights = axis->weights;
    for (int32_t x = 0; x < count; x++, weights += taps, output += 3) {
      int32_t start = starts[x] - axis->origin, length = lengths[x];
      const uint8_t *pixel = input + (size_t)start * 3;
      int32_t ahead = start + length == width && y == rows - 1 ? length - 1 : length;
      int32x4 sum = {rounding, rounding, rounding, 0};
      for (int32_t i = 0; i < ahead; i++) { sum += load_pixel(pixel + i * 3) * weights[i]; }
      if (ahead < length) { sum += load_last_pixel(pixel + ahead * 3) * weights[ahead]; }
      store_pixel(sum, output);
    }
    input += (size_t)width * 3;
  }
}

void resample_rgb_rows(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    resample_path path, uint8_t *output) {
  if (path == RESAMPLE_FASTEST) { path = RESAMPLE_VNNI; }
  if (path == RESAMPLE_VNNI && !resample_has(path)) { path = RESAMPLE_AVX2; }
  if (path == RESAMPLE_AVX2 && !resample_has(path)) { path = RESAMPLE_PORTABLE; }
  if (path != RESAMPLE_PORTABLE && resample_rgb_bands(input, width, rows, axis, path, output)) {
    return;
  }
  resample_single_rows(input, width, rows, axis, output);
}

enum { block = 64 };

static inline __attribute__((always_inline)) void resample_block(
    const uint8_t *input, size_t stride, int32_t length, const int32_t *weights,
    int32_t bytes, uint8_t *output) {
  int32_t sums[block];
  for (int32_t i = 0; i < bytes; i++) { sums[i] = rounding; }
  for (int32_t row = 0; row < length; row++) {
    const uint8_t *line = input + stride * (size_t)row;
    int32_t weight = weights[row];
    for (int32_t i = 0; i < bytes; i++) { sums[i] += line[i] * weight; }
  }
  for (int32_t i = 0; i < bytes; i++) { output[i] = clip8(sums[i]); }
}

VITRINE_CLONES void resample_rgb_columns(
    const uint8_t *input, size_t stride, int32_t row_bytes, const resample_axis *axis,
    uint8_t *output) {
  for (int32_t y = 0; y < axis->count; y++, output += row_bytes) {
    const uint8_t *top = input + stride * (size_t)(axis->starts[y] - axis->origin);
    const int32_t *weights = axis->weights + (size_t)y * (size_t)axis->taps;
    int32_t length = axis->lengths[y];
    int32_t x = 0;
    for (; x + block <= row_bytes; x += block) {
      resample_block(top + x, stride, length, weights, block, output + x);
    }
    if (x < row_bytes) {
      resample_block(top + x, stride, length, weights, row_bytes - x, output + x);
    }
  }
}
