#pragma once

#include <stddef.h>
#include <stdint.h>

// Separable resampling of interleaved 8-bit RGB with 22-bit fixed-point weights: the arithmetic of
// Pillow, bit for bit.

/// One axis of a resampling: output pixel i is the sum of `lengths[i]` input pixels from
/// `starts[i]` on, times the weights from `weights + i * taps` on.
typedef struct resample_axis {
  const int32_t *starts;
  const int32_t *lengths;
  const int32_t *weights;
  int32_t count;
  int32_t taps;
} resample_axis;

/// Resamples `rows` rows of `width` pixels each to rows of `axis->count` pixels.
void resample_rgb_rows(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    uint8_t *output);

/// Resamples `row_bytes` columns of bytes to `axis->count` rows without gaps. The rows of the input
/// are `stride` bytes apart.
void resample_rgb_columns(
    const uint8_t *input, size_t stride, int32_t row_bytes, const resample_axis *axis,
    uint8_t *output);

/// Splits interleaved RGB into three planes of `count` floats each, through a table of 3 × 256.
void planes_from_rgb(const uint8_t *rgb, size_t count, const float *table, float *planes);
