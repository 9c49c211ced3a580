#pragma once

#include "include/resample.h"

// What the two translation units of resampling share.

enum { precision_bits = 32 - 8 - 2, rounding = 1 << (precision_bits - 1) };

static inline uint8_t clip8(int32_t sum) {
  int32_t value = sum >> precision_bits;
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/// Resamples rows four at a time with the instructions of a path that the processor has. Returns
/// false, with nothing done, where the image is too low or the kernel too wide for that.
bool resample_rgb_bands(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    resample_path path, uint8_t *output);
