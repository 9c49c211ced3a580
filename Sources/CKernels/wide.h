#pragma once
#include <string.h>

#include "elementary.h"

/* One vector of the widest processor; narrower ones get it in two or four pieces. Unlike what the
   compiler makes of a loop, it is as wide as it says. */

enum { LANES = 64 / sizeof(vitrine_scalar) };
typedef vitrine_scalar lanes_t __attribute__((vector_size(64), aligned(sizeof(vitrine_scalar))));

#define INLINE static inline __attribute__((always_inline))

// Every function below is inlined, so no vector is ever passed by whatever convention.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpsabi"
#endif

INLINE lanes_t load_lanes(const vitrine_scalar *from) { return *(const lanes_t *)from; }
INLINE void store_lanes(vitrine_scalar *to, lanes_t x) { *(lanes_t *)to = x; }

#ifdef DOUBLE_PRECISION

INLINE lanes_t lanes_sigmoid(lanes_t x) {
  for (int l = 0; l < LANES; l++) x[l] = elementary_sigmoid(x[l]);
  return x;
}

INLINE lanes_t lanes_tanh(lanes_t x) {
  for (int l = 0; l < LANES; l++) x[l] = elementary_tanh(x[l]);
  return x;
}

INLINE lanes_t lanes_exp(lanes_t x) {
  for (int l = 0; l < LANES; l++) x[l] = elementary_exp(x[l]);
  return x;
}

INLINE lanes_t choose_lanes(lanes_t x, lanes_t below, lanes_t above) {
  for (int l = 0; l < LANES; l++) x[l] = x[l] < 0 ? below[l] : above[l];
  return x;
}

#else

typedef int32_t bits_t __attribute__((vector_size(64), aligned(sizeof(vitrine_scalar))));

INLINE lanes_t blend(bits_t mask, lanes_t yes, lanes_t no) {
  return (lanes_t)((mask & (bits_t)yes) | (~mask & (bits_t)no));
}

/// `elementary_exp` of every lane. NaN stays NaN.
INLINE lanes_t lanes_exp(lanes_t argument) {
  const lanes_t low = (lanes_t){0} - 87.0f, high = (lanes_t){0} + 88.0f;
  // Also turns NaN into -87, because converting NaN to an integer is undefined.
  lanes_t x = blend(argument > low, argument, low);
  x = blend(x > high, high, x);
  const float shift = 12582912.0f;
  lanes_t n = (x * 1.44269504088896341f + shift) - shift;
  lanes_t r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  lanes_t p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  bits_t scale = (__builtin_convertvector(n, bits_t) + 127) << 23;
  lanes_t inside = blend(argument < low, (lanes_t){0}, p * (lanes_t)scale);
  return blend(argument != argument, argument, inside);
}

INLINE lanes_t lanes_sigmoid(lanes_t x) { return 1.0f / (1.0f + lanes_exp(-x)); }

INLINE lanes_t lanes_tanh(lanes_t x) {
  lanes_t far = 1.0f - 2.0f / (lanes_exp(2.0f * x) + 1.0f);
  // Near zero the difference above cancels; an odd polynomial does not.
  lanes_t s = x * x;
  lanes_t near = x * (1.0f + s * (-0.33333333f + s * (0.13333333f + s * -0.053968254f)));
  return blend(s < 0.04f, near, far);
}

/// `below` where x is below 0, `above` elsewhere.
INLINE lanes_t choose_lanes(lanes_t x, lanes_t below, lanes_t above) {
  return blend(x < 0, below, above);
}

#endif
