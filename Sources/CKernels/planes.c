#include "include/resample.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { lanes = 8 };

#define FMA __attribute__((target("avx2,fma")))

typedef struct {
  __m256 mean, deviation, inverse;
} channel_scale;

/// a / b by the inverse of b: the error of the product is computed exactly and taken off.
FMA static inline __m256 divide(__m256 a, __m256 b, __m256 inverse) {
  __m256 quotient = _mm256_mul_ps(a, inverse);
  return _mm256_fmadd_ps(_mm256_fnmadd_ps(quotient, b, a), inverse, quotient);
}

/// Every third byte of 24, which lie in two loads that overlap: those of `first` in the first 16,
/// those of `second` in the last 16.
FMA static inline __m256 channel(__m128i low, __m128i high, __m128i first, __m128i second) {
  __m128i bytes = _mm_or_si128(_mm_shuffle_epi8(low, first), _mm_shuffle_epi8(high, second));
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
}

/// Returns how many pixels were done: all but a remainder of less than eight.
FMA static size_t compute_planes(
    const uint8_t *rgb, size_t count, const float *scales, float *planes) {
  const __m128i first[3] = {
      _mm_setr_epi8(0, 3, 6, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
      _mm_setr_epi8(1, 4, 7, 10, 13, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1),
      _mm_setr_epi8(2, 5, 8, 11, 14, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1)};
  const __m128i second[3] = {
      _mm_setr_epi8(-1, -1, -1, -1, -1, -1, 10, 13, -1, -1, -1, -1, -1, -1, -1, -1),
      _mm_setr_epi8(-1, -1, -1, -1, -1, 8, 11, 14, -1, -1, -1, -1, -1, -1, -1, -1),
      _mm_setr_epi8(-1, -1, -1, -1, -1, 9, 12, 15, -1, -1, -1, -1, -1, -1, -1, -1)};
  const __m256 white = _mm256_set1_ps(255), inverse = _mm256_set1_ps(1.0f / 255);
  channel_scale scale[3];
  for (int c = 0; c < 3; c++) {
    scale[c].mean = _mm256_set1_ps(scales[c]);
    scale[c].deviation = _mm256_set1_ps(scales[3 + c]);
    scale[c].inverse = _mm256_set1_ps(1 / scales[3 + c]);
  }
  size_t i = 0;
  for (; i + lanes <= count; i += lanes, rgb += 3 * lanes) {
    __m128i low = _mm_loadu_si128((const __m128i *)rgb);
    __m128i high = _mm_loadu_si128((const __m128i *)(rgb + 3 * lanes - 16));
    for (int c = 0; c < 3; c++) {
      __m256 value = divide(channel(low, high, first[c], second[c]), white, inverse);
      value = _mm256_sub_ps(value, scale[c].mean);
      value = divide(value, scale[c].deviation, scale[c].inverse);
      _mm256_storeu_ps(planes + (size_t)c * count + i, value);
    }
  }
  return i;
}

static bool computes(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
static size_t compute_planes(
    const uint8_t *rgb, size_t count, const float *scales, float *planes) {
  (void)rgb, (void)count, (void)scales, (void)planes;
  return 0;
}

static bool computes(void) { return false; }
#endif

void planes_from_rgb(
    const uint8_t *rgb, size_t count, const float *table, const float *scales, float *planes) {
  const float *red = table, *green = table + 256, *blue = table + 512;
  size_t i = scales && computes() ? compute_planes(rgb, count, scales, planes) : 0;
  for (rgb += 3 * i; i < count; i++, rgb += 3) {
    planes[i] = red[rgb[0]];
    planes[count + i] = green[rgb[1]];
    planes[2 * count + i] = blue[rgb[2]];
  }
}
