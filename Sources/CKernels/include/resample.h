#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Separable resampling of interleaved 8-bit RGB with 22-bit fixed-point weights: the arithmetic of
// Pillow, bit for bit, whatever the processor.

/// One axis of a resampling: output pixel i is the sum of `lengths[i]` input pixels from
/// `starts[i] - origin` on, times the weights from `weights + i * taps` on. A weight lies within
/// -1.9 and 1.9 times 2^22: those of a normalised kernel stay below 1.2.
typedef struct resample_axis {
  const int32_t *starts;
  const int32_t *lengths;
  const int32_t *weights;
  int32_t count;
  int32_t taps;
  int32_t origin;
} resample_axis;

/// The instructions that rows are resampled with. All give the same bits.
typedef enum __attribute__((enum_extensibility(closed))) resample_path : int32_t {
  RESAMPLE_FASTEST = 0,   // what the processor has
  RESAMPLE_PORTABLE = 1,  // any processor
  RESAMPLE_AVX2 = 2,      // pairs of 16-bit products
  RESAMPLE_VNNI = 3,      // quadruples of 8-bit products, AVX-512
} resample_path;

/// Whether this processor has the instructions.
bool resample_has(resample_path path);

/// Resamples `rows` rows of `width` pixels each to rows of `axis->count` pixels. A path that the
/// processor lacks is replaced by a lesser one.
void resample_rgb_rows(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    resample_path path, uint8_t *output);

/// Resamples `row_bytes` columns of bytes to `axis->count` rows without gaps. The rows of the input
/// are `stride` bytes apart.
void resample_rgb_columns(
    const uint8_t *input, size_t stride, int32_t row_bytes, const resample_axis *axis,
    uint8_t *output);

/// Splits interleaved RGB into three planes of `count` floats each, through a table of 3 × 256.
///
/// `scales`, where it is not null, holds three means and three standard deviations with which
/// (value / 255 - mean) / deviation may be computed instead, faster where the processor multiplies
/// and adds in one step. Divisions are corrected products: whether they are those of the table, the
/// caller must have found out for all 256 values of each channel.
void planes_from_rgb(
    const uint8_t *rgb, size_t count, const float *table, const float *scales, float *planes);
