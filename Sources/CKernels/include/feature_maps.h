#pragma once
#include "dispatch.h"

/* Passes over feature maps [batch, blocks, area, lanes] in training: channel b * lanes + l of pixel p
   of image n lies at ((n * blocks + b) * area + p) * lanes + l. `lanes` is 1, 8 or 16. Results are
   overwritten. */
typedef struct {
  size_t batch, blocks, area, lanes;
} vitrine_maps;

/* The mean and, unless `maxima` is NULL, the largest value of every channel, and the pixel where it
   was first met; all [batch, channels]. */
void vitrine_maps_pool_channels(
    const vitrine_maps *maps, const vitrine_scalar *x, vitrine_scalar *means,
    vitrine_scalar *maxima, int32_t *positions);

/* `maxima` and `positions` may be NULL together. */
void vitrine_maps_pool_channels_gradient(
    const vitrine_maps *maps, const vitrine_scalar *means, const vitrine_scalar *maxima,
    const int32_t *positions, vitrine_scalar *gradient);

/* out = x * gates, the gates [batch, channels]. */
void vitrine_maps_scale_channels(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *gates,
    vitrine_scalar *out);

void vitrine_maps_scale_channels_gradient(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *gates,
    const vitrine_scalar *gradient, vitrine_scalar *x_gradient, vitrine_scalar *gate_gradient);

/* The largest value and the mean over the channels of every pixel, [batch, 2, area], and the channel
   where the largest was first met, [batch, area]. */
void vitrine_maps_pool_pixels(
    const vitrine_maps *maps, const vitrine_scalar *x, vitrine_scalar *pooled,
    int32_t *positions);

void vitrine_maps_pool_pixels_gradient(
    const vitrine_maps *maps, const vitrine_scalar *pooled, const int32_t *positions,
    vitrine_scalar *gradient);

/* out = x * gates, the gates [batch, area]. */
void vitrine_maps_scale_pixels(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *gates,
    vitrine_scalar *out);

void vitrine_maps_scale_pixels_gradient(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *gates,
    const vitrine_scalar *gradient, vitrine_scalar *x_gradient, vitrine_scalar *gate_gradient);

/* out = x * factors + offsets for each channel, at least `least`: 0 for ReLU, -infinity without. */
void vitrine_maps_affine(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *factors,
    const vitrine_scalar *offsets, vitrine_scalar least, vitrine_scalar *out);

/* `out` is what the forward pass left: where it is `least`, nothing passes. */
void vitrine_maps_affine_gradient(
    const vitrine_maps *maps, const vitrine_scalar *x, const vitrine_scalar *factors,
    vitrine_scalar least, const vitrine_scalar *out, const vitrine_scalar *gradient,
    vitrine_scalar *x_gradient, vitrine_scalar *factor_gradient,
    vitrine_scalar *offset_gradient);

/* out = ReLU(a + b). */
void vitrine_add_rectified(
    const vitrine_scalar *a, const vitrine_scalar *b, vitrine_scalar *out, size_t n);
