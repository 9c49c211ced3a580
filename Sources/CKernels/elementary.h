#pragma once
#include <math.h>
#include <string.h>

#include "dispatch.h"

// Branch-free elementary functions that the compiler turns into vector code. In double precision,
// where only exactness counts, they are the C library's.

#ifdef DOUBLE_PRECISION

static inline double elementary_exp(double x) { return exp(x); }
static inline double elementary_tanh(double x) { return tanh(x); }

#else

/// e^x within an ulp or two; 0 below -87 and e^88 above 88, so that neither denormals nor
/// infinities arise. NaN stays NaN.
static inline float elementary_exp(float argument) {
  // Also turns NaN into -87, because converting NaN to an integer is undefined.
  float x = argument > -87.0f ? argument : -87.0f;
  x = x > 88.0f ? 88.0f : x;
  // Adding 1.5 * 2^23 rounds to the nearest integer without a call.
  const float shift = 12582912.0f;
  float n = (x * 1.44269504088896341f + shift) - shift;
  float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float scale;
  memcpy(&scale, &bits, sizeof scale);
  float inside = argument < -87.0f ? 0.0f : p * scale;
  return argument != argument ? argument : inside;
}

static inline float elementary_tanh(float x) {
  float e = elementary_exp(2.0f * x);
  float far = 1.0f - 2.0f / (e + 1.0f);
  // Near zero the difference above cancels; an odd polynomial does not.
  float s = x * x;
  float near = x * (1.0f + s * (-0.33333333f + s * (0.13333333f + s * -0.053968254f)));
  return s < 0.04f ? near : far;
}

#endif

static inline vitrine_scalar elementary_sigmoid(vitrine_scalar x) {
  return 1 / (1 + elementary_exp(-x));
}
