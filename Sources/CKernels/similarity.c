#include "similarity.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANES = 16 };
typedef float lanes_t __attribute__((vector_size(4 * LANES), aligned(4)));

/// In integer steps, for processors without F16C; no step makes a subnormal float, which a library
/// may have told the processor to flush.
INLINE float half_value(uint16_t bits) {
  const uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
  const uint32_t magnitude = (uint32_t)(bits & 0x7FFF) << 13;
  const uint32_t normal = magnitude + (112u << 23);
  const uint32_t shifted = magnitude + (113u << 23), one = 113u << 23;
  float small, offset;
  memcpy(&small, &shifted, 4);
  memcpy(&offset, &one, 4);
  small -= offset;
  uint32_t subnormal;
  memcpy(&subnormal, &small, 4);
  uint32_t value = (magnitude < (1u << 23) ? subnormal : normal) | sign;
  // Infinity and NaN, which no cache holds, keep their meaning.
  if (magnitude >= 0x7C00u << 13) value += 112u << 23;
  float result;
  memcpy(&result, &value, 4);
  return result;
}

static void decode_portable(const uint16_t *in, float *out, size_t n) {
  for (size_t i = 0; i < n; i++) out[i] = half_value(in[i]);
}

#if defined(__x86_64__) && defined(__linux__)
typedef _Float16 halves_t __attribute__((vector_size(2 * LANES), aligned(2)));

/// One conversion instruction for each vector. Only the clones that have it are built: the compiler
/// would call a library function for every element in a default one.
#define DECODE(name, architecture)                                                    \
  __attribute__((target(architecture))) static void name(                             \
      const uint16_t *in, float *out, size_t n) {                                     \
    size_t i = 0;                                                                     \
    for (; i + LANES <= n; i += LANES)                                                \
      *(lanes_t *)(out + i) = __builtin_convertvector(*(const halves_t *)(in + i), lanes_t); \
    for (; i < n; i++) out[i] = half_value(in[i]);                                    \
  }
DECODE(decode_v4, "arch=x86-64-v4")
DECODE(decode_v3, "arch=x86-64-v3")

void vitrine_decode_halves(const uint16_t *in, float *out, size_t n) {
  if (__builtin_cpu_supports("x86-64-v4"))
    decode_v4(in, out, n);
  else if (__builtin_cpu_supports("x86-64-v3"))
    decode_v3(in, out, n);
  else
    decode_portable(in, out, n);
}
#else
void vitrine_decode_halves(const uint16_t *in, float *out, size_t n) {
  decode_portable(in, out, n);
}
#endif

INLINE float sum_of(const lanes_t *v) {
  float sums[LANES];
  memcpy(sums, v, sizeof sums);
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) sums[i] += sums[i + width];
  return sums[0];
}

/// Four sums side by side, as one would wait for each addition.
INLINE float dot(const float *a, const float *b, size_t n) {
  lanes_t sums[4] = {{0}, {0}, {0}, {0}};
  size_t i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES)
    for (int s = 0; s < 4; s++)
      sums[s] += *(const lanes_t *)(a + i + s * LANES) * *(const lanes_t *)(b + i + s * LANES);
  for (; i + LANES <= n; i += LANES) sums[0] += *(const lanes_t *)(a + i) * *(const lanes_t *)(b + i);
  float rest = 0;
  for (; i < n; i++) rest += a[i] * b[i];
  sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  return sum_of(sums) + rest;
}

VITRINE_CLONES static void compare_row(
    const float *row, size_t width, const float *queries, size_t query_count, float *dots,
    float *squared_norm) {
  *squared_norm = dot(row, row, width);
  for (size_t q = 0; q < query_count; q++) dots[q] = dot(row, queries + q * width, width);
}

void vitrine_compare_rows(
    const void *rows, int is_half, size_t count, size_t width, const float *queries,
    size_t query_count, float *dots, float *squared_norms, float *scratch) {
  const char *bytes = rows;
  const size_t stride = width * (is_half ? 2 : 4);
  for (size_t i = 0; i < count; i++) {
    const char *row = bytes + i * stride;
    if (is_half)
      vitrine_decode_halves((const uint16_t *)row, scratch, width);
    else
      memcpy(scratch, row, stride);
    compare_row(scratch, width, queries, query_count, dots + i * query_count, squared_norms + i);
  }
}
