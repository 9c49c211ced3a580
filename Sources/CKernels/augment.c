#include "include/augment.h"

#include <string.h>

#include "include/dispatch.h"

#define INLINE static inline __attribute__((always_inline))

enum { RUN = 64 };

/// Positions on one axis: the pixel before, the step to the one behind, the share of that.
INLINE float clamped(float value, float limit) {
  // In this order NaN becomes 0.
  value = value > 0 ? value : 0;
  return value < limit ? value : limit;
}

/// The pixel at a byte offset, the red in the low bits. The last pixel of the picture has no fourth
/// byte behind it.
INLINE uint32_t pixel(const uint8_t *rgb, int32_t offset, int32_t last) {
  uint32_t value;
  if (__builtin_expect(offset < last, 1)) {
    memcpy(&value, rgb + offset, 4);
    return value;
  }
  return rgb[offset] | (uint32_t)rgb[offset + 1] << 8 | (uint32_t)rgb[offset + 2] << 16;
}

INLINE float byte_of(uint32_t pixel, int channel) {
  return (float)(int32_t)((pixel >> (8 * channel)) & 0xFF);
}

VITRINE_CLONES
void warp_rgb_planes(
    const uint8_t *rgb, int32_t width, int32_t height, const picture_warp *warp, int32_t side,
    float *planes) {
  const float *m = warp->place, *c = warp->color;
  const float right = (float)(width - 1), bottom = (float)(height - 1);
  const int32_t stride = 3 * width, last = stride * height - 3;
  const size_t area = (size_t)side * (size_t)side;
  for (int32_t y = 0; y < side; y++) {
    const float v = (float)y + 0.5f;
    for (int32_t start = 0; start < side; start += RUN) {
      const int32_t count = side - start < RUN ? side - start : RUN;
      // Addresses first, loads then, arithmetic last: each loop is of one kind, and all but the
      // loads work on many pixels at once.
      int32_t offset[RUN], across[RUN], down[RUN];
      float fx[RUN], fy[RUN];
      uint32_t p00[RUN], p01[RUN], p10[RUN], p11[RUN];
      for (int32_t i = 0; i < count; i++) {
        const float u = (float)(start + i) + 0.5f;
        const float sx = clamped(m[0] * u + m[1] * v + m[2] - 0.5f, right);
        const float sy = clamped(m[3] * u + m[4] * v + m[5] - 0.5f, bottom);
        const int32_t x0 = (int32_t)sx, y0 = (int32_t)sy;
        fx[i] = sx - (float)x0;
        fy[i] = sy - (float)y0;
        offset[i] = y0 * stride + 3 * x0;
        across[i] = x0 < width - 1 ? 3 : 0;
        down[i] = y0 < height - 1 ? stride : 0;
      }
      for (int32_t i = 0; i < count; i++) {
        const int32_t a = offset[i], b = a + across[i];
        p00[i] = pixel(rgb, a, last);
        p01[i] = pixel(rgb, b, last);
        p10[i] = pixel(rgb, a + down[i], last);
        p11[i] = pixel(rgb, b + down[i], last);
      }
      float *out = planes + (size_t)y * (size_t)side + (size_t)start;
      for (int32_t i = 0; i < count; i++) {
        float value[3];
        for (int k = 0; k < 3; k++) {
          const float left = byte_of(p00[i], k), low = byte_of(p10[i], k);
          const float above = left + fx[i] * (byte_of(p01[i], k) - left);
          const float below = low + fx[i] * (byte_of(p11[i], k) - low);
          value[k] = above + fy[i] * (below - above);
        }
        for (int k = 0; k < 3; k++) {
          const float *row = c + 4 * k;
          const float mixed =
              row[0] * value[0] + row[1] * value[1] + row[2] * value[2] + row[3];
          out[(size_t)k * area + (size_t)i] =
              clamped(mixed, 255) * warp->scale[k] + warp->shift[k];
        }
      }
    }
  }
}
