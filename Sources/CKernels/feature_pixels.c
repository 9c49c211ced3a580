#include "lanes.h"
#include <math.h>

INLINED void pool_pixels(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x, scalar *restrict pooled,
    int32_t *restrict positions) {
  size_t area = maps->area, stride = area * lanes;
  for (size_t n = 0; n < maps->batch; n++, x += maps->blocks * stride)
    for (size_t p = 0; p < area; p++) {
      scalar sums[widest] = {0}, most[widest];
      int32_t at[widest];
      for (size_t l = 0; l < lanes; l++) {
        most[l] = -INFINITY;
        at[l] = 0;
      }
      for (size_t b = 0; b < maps->blocks; b++)
        for (size_t l = 0; l < lanes; l++) {
          scalar value = x[b * stride + p * lanes + l];
          sums[l] += value;
          at[l] = value > most[l] ? (int32_t)b : at[l];
          most[l] = value > most[l] ? value : most[l];
        }
      scalar sum = 0, largest = -INFINITY;
      int32_t channel = 0;
      for (size_t l = 0; l < lanes; l++) {
        int32_t own = at[l] * (int32_t)lanes + (int32_t)l;
        sum += sums[l];
        if (most[l] > largest || (most[l] == largest && own < channel)) {
          largest = most[l];
          channel = own;
        }
      }
      pooled[(2 * n) * area + p] = largest;
      pooled[(2 * n + 1) * area + p] = sum / (scalar)(maps->blocks * lanes);
      positions[n * area + p] = channel;
    }
}

VITRINE_CLONES void vitrine_maps_pool_pixels(
    const vitrine_maps *maps, const scalar *x, scalar *pooled, int32_t *positions) {
  BY_LANES(pool_pixels, x, pooled, positions)
}

INLINED void pool_pixels_gradient(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict pooled,
    const int32_t *restrict positions, scalar *restrict gradient) {
  size_t area = maps->area, stride = area * lanes;
  scalar channels = (scalar)(maps->blocks * lanes);
  for (size_t n = 0; n < maps->batch; n++, gradient += maps->blocks * stride) {
    const scalar *most = pooled + 2 * n * area, *means = most + area;
    for (size_t b = 0; b < maps->blocks; b++)
      for (size_t p = 0; p < area; p++)
        for (size_t l = 0; l < lanes; l++)
          gradient[b * stride + p * lanes + l] = means[p] / channels;
    for (size_t p = 0; p < area; p++) {
      size_t channel = (size_t)positions[n * area + p];
      gradient[channel / lanes * stride + p * lanes + channel % lanes] += most[p];
    }
  }
}

VITRINE_CLONES void vitrine_maps_pool_pixels_gradient(
    const vitrine_maps *maps, const scalar *pooled, const int32_t *positions, scalar *gradient) {
  BY_LANES(pool_pixels_gradient, pooled, positions, gradient)
}

INLINED void scale_pixels(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict gates, scalar *restrict out) {
  size_t area = maps->area;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++) {
    const scalar *gate = gates + b / maps->blocks * area;
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = (b * area + p) * lanes + l;
        out[i] = x[i] * gate[p];
      }
  }
}

VITRINE_CLONES void vitrine_maps_scale_pixels(
    const vitrine_maps *maps, const scalar *x, const scalar *gates, scalar *out) {
  BY_LANES(scale_pixels, x, gates, out)
}

INLINED void scale_pixels_gradient(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict gates, const scalar *restrict gradient, scalar *restrict x_gradient,
    scalar *restrict gate_gradient) {
  size_t area = maps->area, stride = area * lanes;
  for (size_t n = 0; n < maps->batch; n++)
    for (size_t p = 0; p < area; p++) {
      scalar sums[widest] = {0}, gate = gates[n * area + p];
      for (size_t b = 0; b < maps->blocks; b++)
        for (size_t l = 0; l < lanes; l++) {
          size_t i = (n * maps->blocks + b) * stride + p * lanes + l;
          sums[l] += gradient[i] * x[i];
          x_gradient[i] = gradient[i] * gate;
        }
      scalar sum = 0;
      for (size_t l = 0; l < lanes; l++) sum += sums[l];
      gate_gradient[n * area + p] = sum;
    }
}

VITRINE_CLONES void vitrine_maps_scale_pixels_gradient(
    const vitrine_maps *maps, const scalar *x, const scalar *gates, const scalar *gradient,
    scalar *x_gradient, scalar *gate_gradient) {
  BY_LANES(scale_pixels_gradient, x, gates, gradient, x_gradient, gate_gradient)
}
