#pragma once
#include <stdint.h>

/// A picture for training, out of a picture in memory: where each pixel comes from, and what becomes
/// of its colour.
typedef struct {
  /// Source position of the centre of an output pixel (x + 1/2, y + 1/2), in source pixels:
  /// `sx = place[0] * x + place[1] * y + place[2]`, `sy` by the last three.
  float place[6];
  /// Rows for red, green, blue: three factors and an offset, of values from 0 to 255. The result is
  /// clamped to 0 ... 255.
  float color[12];
  /// What the clamped value is multiplied by and what is added then, for each channel.
  float scale[3], shift[3];
} picture_warp;

/// Samples interleaved RGB of `width` × `height` pixels, both at least 1 and at most 32767, to three
/// planes of `side` × `side` floats. Bilinear; beyond the edges the edge goes on. No value of `warp`
/// makes it read outside the source.
void warp_rgb_planes(
    const uint8_t *rgb, int32_t width, int32_t height, const picture_warp *warp, int32_t side,
    float *planes);
