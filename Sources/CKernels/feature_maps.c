#include "lanes.h"
#include <math.h>
#include <string.h>

INLINED void pool_channels(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x, scalar *restrict means,
    scalar *restrict maxima, int32_t *restrict positions) {
  size_t area = maps->area;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++, x += area * lanes) {
    scalar sum[widest] = {0}, most[widest];
    int32_t at[widest] = {0};
    for (size_t l = 0; l < lanes; l++) most[l] = -INFINITY;
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) {
        scalar value = x[p * lanes + l];
        sum[l] += value;
        at[l] = value > most[l] ? (int32_t)p : at[l];
        most[l] = value > most[l] ? value : most[l];
      }
    for (size_t l = 0; l < lanes; l++) {
      means[b * lanes + l] = sum[l] / (scalar)area;
      if (!maxima) continue;
      maxima[b * lanes + l] = most[l];
      positions[b * lanes + l] = at[l];
    }
  }
}

VITRINE_CLONES void vitrine_maps_pool_channels(
    const vitrine_maps *maps, const scalar *x, scalar *means, scalar *maxima,
    int32_t *positions) {
  BY_LANES(pool_channels, x, means, maxima, positions)
}

INLINED void pool_channels_gradient(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict means,
    const scalar *restrict maxima, const int32_t *restrict positions, scalar *restrict gradient) {
  size_t area = maps->area;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++, gradient += area * lanes) {
    scalar share[widest];
    for (size_t l = 0; l < lanes; l++) share[l] = means[b * lanes + l] / (scalar)area;
    for (size_t p = 0; p < area; p++)
      for (size_t l = 0; l < lanes; l++) gradient[p * lanes + l] = share[l];
    if (!maxima) continue;
    for (size_t l = 0; l < lanes; l++)
      gradient[(size_t)positions[b * lanes + l] * lanes + l] += maxima[b * lanes + l];
  }
}

VITRINE_CLONES void vitrine_maps_pool_channels_gradient(
    const vitrine_maps *maps, const scalar *means, const scalar *maxima,
    const int32_t *positions, scalar *gradient) {
  BY_LANES(pool_channels_gradient, means, maxima, positions, gradient)
}

INLINED void scale_channels(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict gates, scalar *restrict out) {
  size_t count = maps->area * lanes;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++)
    for (size_t p = 0; p < maps->area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = b * count + p * lanes + l;
        out[i] = x[i] * gates[b * lanes + l];
      }
}

VITRINE_CLONES void vitrine_maps_scale_channels(
    const vitrine_maps *maps, const scalar *x, const scalar *gates, scalar *out) {
  BY_LANES(scale_channels, x, gates, out)
}

INLINED void scale_channels_gradient(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict gates, const scalar *restrict gradient, scalar *restrict x_gradient,
    scalar *restrict gate_gradient) {
  size_t count = maps->area * lanes;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++) {
    scalar sum[widest] = {0}, gate[widest];
    for (size_t l = 0; l < lanes; l++) gate[l] = gates[b * lanes + l];
    for (size_t p = 0; p < maps->area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = b * count + p * lanes + l;
        sum[l] += gradient[i] * x[i];
        x_gradient[i] = gradient[i] * gate[l];
      }
    for (size_t l = 0; l < lanes; l++) gate_gradient[b * lanes + l] = sum[l];
  }
}

VITRINE_CLONES void vitrine_maps_scale_channels_gradient(
    const vitrine_maps *maps, const scalar *x, const scalar *gates, const scalar *gradient,
    scalar *x_gradient, scalar *gate_gradient) {
  BY_LANES(scale_channels_gradient, x, gates, gradient, x_gradient, gate_gradient)
}

INLINED void affine(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict factors, const scalar *restrict offsets, scalar least,
    scalar *restrict out) {
  size_t count = maps->area * lanes;
  for (size_t b = 0; b < maps->batch * maps->blocks; b++) {
    size_t c = b % maps->blocks * lanes;
    for (size_t p = 0; p < maps->area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = b * count + p * lanes + l;
        scalar value = x[i] * factors[c + l] + offsets[c + l];
        out[i] = value < least ? least : value;
      }
  }
}

VITRINE_CLONES void vitrine_maps_affine(
    const vitrine_maps *maps, const scalar *x, const scalar *factors, const scalar *offsets,
    scalar least, scalar *out) {
  BY_LANES(affine, x, factors, offsets, least, out)
}

INLINED void affine_gradient(
    size_t lanes, const vitrine_maps *maps, const scalar *restrict x,
    const scalar *restrict factors, scalar least, const scalar *restrict out,
    const scalar *restrict gradient, scalar *restrict x_gradient,
    scalar *restrict factor_gradient, scalar *restrict offset_gradient) {
  size_t count = maps->area * lanes, channels = maps->blocks * lanes;
  memset(factor_gradient, 0, channels * sizeof(scalar));
  memset(offset_gradient, 0, channels * sizeof(scalar));
  for (size_t b = 0; b < maps->batch * maps->blocks; b++) {
    size_t c = b % maps->blocks * lanes;
    scalar sum[widest] = {0}, product[widest] = {0};
    for (size_t p = 0; p < maps->area; p++)
      for (size_t l = 0; l < lanes; l++) {
        size_t i = b * count + p * lanes + l;
        scalar arriving = out[i] > least ? gradient[i] : 0;
        sum[l] += arriving;
        product[l] += arriving * x[i];
        x_gradient[i] = arriving * factors[c + l];
      }
    for (size_t l = 0; l < lanes; l++) {
      factor_gradient[c + l] += product[l];
      offset_gradient[c + l] += sum[l];
    }
  }
}

VITRINE_CLONES void vitrine_maps_affine_gradient(
    const vitrine_maps *maps, const scalar *x, const scalar *factors, scalar least,
    const scalar *out, const scalar *gradient, scalar *x_gradient, scalar *factor_gradient,
    scalar *offset_gradient) {
  BY_LANES(
      affine_gradient, x, factors, least, out, gradient, x_gradient, factor_gradient,
      offset_gradient)
}

VITRINE_CLONES void vitrine_add_rectified(
    const scalar *a, const scalar *b, scalar *out, size_t n) {
  for (size_t i = 0; i < n; i++) {
    scalar sum = a[i] + b[i];
    out[i] = sum < 0 ? 0 : sum;
  }
}
