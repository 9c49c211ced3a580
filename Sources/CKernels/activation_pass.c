#include "activation_pass.h"

#include <math.h>
#include <string.h>

#include "dispatch.h"
#include "elements.h"

enum { widest_block = 16 };

VITRINE_CLONES
void vitrine_blocked_max_pool(
    size_t blocks, size_t height, size_t width, size_t lanes, const float *restrict input,
    float *restrict output) {
  size_t rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;
  for (size_t b = 0; b < blocks; b++)
    for (size_t y = 0; y < rows; y++)
      for (size_t x = 0; x < columns; x++) {
        float largest[widest_block];
        for (size_t l = 0; l < lanes; l++) largest[l] = -INFINITY;
        for (size_t i = y ? 2 * y - 1 : 0; i <= 2 * y + 1 && i < height; i++)
          for (size_t j = x ? 2 * x - 1 : 0; j <= 2 * x + 1 && j < width; j++) {
            const float *from = input + ((b * height + i) * width + j) * lanes;
            for (size_t l = 0; l < lanes; l++)
              largest[l] = from[l] > largest[l] ? from[l] : largest[l];
          }
        memcpy(output, largest, lanes * sizeof(float));
        output += lanes;
      }
}

VITRINE_CLONES
void vitrine_blocked_mean(
    size_t blocks, size_t area, size_t lanes, const float *restrict input,
    float *restrict means) {
  for (size_t b = 0; b < blocks; b++) {
    float sum[widest_block] = {0};
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) sum[l] += input[(b * area + p) * lanes + l];
    for (size_t l = 0; l < lanes; l++) means[b * lanes + l] = sum[l] / (float)area;
  }
}

/* Bytes and the bits of floats that are not negative are in the order of their values. */
#define CHANNELS_LAST_MAX_POOL(name, element)                                                  \
  VITRINE_CLONES void name(                                                                    \
      size_t height, size_t width, size_t channels, const element *restrict input,             \
      element *restrict output) {                                                              \
    size_t rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1;                         \
    for (size_t y = 0; y < rows; y++)                                                          \
      for (size_t x = 0; x < columns; x++, output += channels) {                               \
        memset(output, 0, channels * sizeof *output);                                          \
        for (size_t i = y ? 2 * y - 1 : 0; i <= 2 * y + 1 && i < height; i++)                  \
          for (size_t j = x ? 2 * x - 1 : 0; j <= 2 * x + 1 && j < width; j++) {               \
            const element *from = input + (i * width + j) * channels;                          \
            for (size_t c = 0; c < channels; c++)                                              \
              output[c] = from[c] > output[c] ? from[c] : output[c];                           \
          }                                                                                    \
      }                                                                                        \
  }
CHANNELS_LAST_MAX_POOL(vitrine_channels_last_max_pool_unsigned8, uint8_t)
CHANNELS_LAST_MAX_POOL(vitrine_channels_last_max_pool_bfloat16, uint16_t)

VITRINE_CLONES
void vitrine_channels_last_mean(
    size_t area, size_t channels, const float *restrict input, float *restrict means) {
  for (size_t c = 0; c < channels; c++) means[c] = 0;
  for (size_t p = 0; p < area; p++)
    for (size_t c = 0; c < channels; c++) means[c] += input[p * channels + c];
  for (size_t c = 0; c < channels; c++) means[c] /= (float)area;
}

VITRINE_CLONES
void vitrine_widen(
    size_t count, vitrine_element element, float scale, const void *input, float *output) {
  switch (element) {
    case vitrine_float32: memcpy(output, input, count * sizeof(float)); break;
    case vitrine_bfloat16:
      for (size_t i = 0; i < count; i++)
        output[i] = load_element(input, i, vitrine_bfloat16, scale);
      break;
    case vitrine_unsigned8:
      for (size_t i = 0; i < count; i++)
        output[i] = load_element(input, i, vitrine_unsigned8, scale);
      break;
  }
}

void vitrine_place_pixels(
    size_t side, size_t padding, const uint8_t *pixels, uint8_t *padded) {
  size_t stride = 3 * (side + 2 * padding);
  uint8_t *to = padded + padding * stride + 3 * padding;
  for (size_t y = 0; y < side; y++) memcpy(to + y * stride, pixels + 3 * y * side, 3 * side);
}

VITRINE_CLONES
void vitrine_place_pixels_bfloat16(
    size_t side, size_t padding, const uint8_t *restrict pixels, uint16_t *restrict padded) {
  size_t stride = 3 * (side + 2 * padding);
  uint16_t *to = padded + padding * stride + 3 * padding;
  for (size_t y = 0; y < side; y++, to += stride, pixels += 3 * side)
    for (size_t x = 0; x < 3 * side; x++) {
      float value = pixels[x];
      uint32_t bits;
      memcpy(&bits, &value, sizeof bits);
      to[x] = (uint16_t)(bits >> 16);
    }
}
