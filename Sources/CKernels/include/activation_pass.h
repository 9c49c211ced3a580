#pragma once
#include <stddef.h>
#include <stdint.h>

/* Passes over activations of one image, in blocks of channels [blocks, area, lanes], where block b
   and lane l hold channel b * lanes + l, or channels last [area, channels]. */

/* How a number is stored: bfloat16 is the upper half of a float, unsigned8 counts a scale. */
typedef enum { vitrine_float32, vitrine_bfloat16, vitrine_unsigned8 } vitrine_element;

/* The maximum under 3x3 windows two apart, padded by one. */
void vitrine_blocked_max_pool(
    size_t blocks, size_t height, size_t width, size_t lanes, const float *input, float *output);

/* The mean of every channel. */
void vitrine_blocked_mean(
    size_t blocks, size_t area, size_t lanes, const float *input, float *means);

/* The same over channels last. The bfloat16 are not negative. */
void vitrine_channels_last_max_pool_unsigned8(
    size_t height, size_t width, size_t channels, const uint8_t *input, uint8_t *output);
void vitrine_channels_last_max_pool_bfloat16(
    size_t height, size_t width, size_t channels, const uint16_t *input, uint16_t *output);
void vitrine_channels_last_mean(
    size_t area, size_t channels, const float *input, float *means);

/* output = input as floats, an unsigned8 times `scale`. */
void vitrine_widen(
    size_t count, vitrine_element element, float scale, const void *input, float *output);

/* Copies an image of `side` rows of 3 * side bytes into the middle of one that has `padding` more
   on every side and whose borders are left as they are. */
void vitrine_place_pixels(size_t side, size_t padding, const uint8_t *pixels, uint8_t *padded);
/* The same, every byte as the bfloat16 of its value, which is exact. */
void vitrine_place_pixels_bfloat16(
    size_t side, size_t padding, const uint8_t *pixels, uint16_t *padded);
