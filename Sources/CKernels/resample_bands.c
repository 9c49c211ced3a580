#include "resample_shared.h"

// Rows are resampled four at a time, so that a weight is loaded once for four pixels. The products
// of 8-bit pixels and 22-bit weights are exact: a weight is split into parts that the processor's
// multiply-and-add instructions take, and the sums of the parts are put together at the end.

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

enum {
  band = 4,            // rows
  chunk = 4,           // taps that one load of 16 bytes covers
  packed_words = 4,    // 32-bit words that hold the weights of a chunk
  capacity = 4096,     // words of packed weights that are ready at a time: 16 KiB of stack
  widest = 256,        // chunks of an output pixel
};

typedef struct {
  const uint8_t *input;
  uint8_t *output;
  size_t input_stride, output_stride;
} rows4;

/// The weights of some neighbouring output pixels.
typedef struct {
  int32_t first, count;
  size_t reach;  // bytes of a row that the loads of all of them take
  int32_t chunks[capacity / packed_words];
  size_t starts[capacity / packed_words];  // bytes
  int32_t weights[capacity];
} packed_axis;

/// Two 16-bit halves of a word.
static int32_t pair(int32_t low, int32_t high) {
  return (int32_t)((uint32_t)(low & 0xFFFF) | (uint32_t)high << 16);
}

/// w = high * 2^11 + low, both within 16 bits; the taps of a chunk in pairs.
static void pack_pairs(const int32_t *w, int32_t *packed) {
  for (int i = 0; i < 2; i++, w += 2, packed += 2) {
    packed[0] = pair(w[0] >> 11, w[1] >> 11);
    packed[1] = pair(w[0] & 2047, w[1] & 2047);
  }
}

/// w = a * 2^16 + b * 2^8 + c, all within 8 bits with sign; the four taps of a chunk in a word.
static void pack_quadruple(const int32_t *w, int32_t *packed) {
  memset(packed, 0, packed_words * sizeof *packed);
  for (int i = 0; i < chunk; i++) {
    int32_t c = (int8_t)w[i], rest = (w[i] - c) >> 8;
    int32_t b = (int8_t)rest, a = (rest - b) >> 8;
    packed[0] |= (int32_t)((uint32_t)(a & 255) << 8 * i);
    packed[1] |= (int32_t)((uint32_t)(b & 255) << 8 * i);
    packed[2] |= (int32_t)((uint32_t)(c & 255) << 8 * i);
  }
}

/// Bytes of a row that the loads of a pixel take. A pixel with one tap more than the next may need
/// one load more, so it may reach further.
static size_t reach_of(const packed_axis *packed, int32_t i) {
  size_t loads = (size_t)packed->chunks[i];
  return packed->starts[i] + (loads - 1) * 3 * chunk + 16;
}

static void pack(
    const resample_axis *axis, resample_path path, int32_t stride, packed_axis *packed) {
  packed->reach = 0;
  for (int32_t i = 0; i < packed->count; i++) {
    int32_t x = packed->first + i, length = axis->lengths[x];
    const int32_t *weights = axis->weights + (size_t)x * (size_t)axis->taps;
    int32_t *words = packed->weights + (size_t)i * (size_t)stride * packed_words;
    packed->starts[i] = (size_t)(axis->starts[x] - axis->origin) * 3;
    packed->chunks[i] = (length + chunk - 1) / chunk;
    size_t reach = reach_of(packed, i);
    if (reach > packed->reach) { packed->reach = reach; }
    for (int32_t tap = 0; tap < length; tap += chunk, words += packed_words) {
      int32_t four[chunk] = {0};
      int32_t left = length - tap < chunk ? length - tap : chunk;
      memcpy(four, weights + tap, (size_t)left * sizeof *four);
      if (path == RESAMPLE_VNNI) {
        pack_quadruple(four, words);
      } else {
        pack_pairs(four, words);
      }
    }
  }
}

/// The fourth byte belongs to the next pixel, which is written later.
static inline void store4(uint8_t *output, int32_t pixel) { memcpy(output, &pixel, 4); }

static inline __m128i load16(const uint8_t *bytes) {
  return _mm_loadu_si128((const __m128i *)bytes);
}

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline __m256i rows_of(const uint8_t *upper, const uint8_t *lower) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(load16(upper)), load16(lower), 1);
}

AVX2 static void resample_pairs(
    const rows4 *rows, const packed_axis *axis, int32_t stride, int32_t end) {
  // Red, green and blue of two neighbours side by side, 16 bits each.
  const __m256i first = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  const __m256i second = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1));
  const size_t line = rows->input_stride, step = rows->output_stride;
  uint8_t *output = rows->output + (size_t)axis->first * 3;
  for (int32_t x = 0; x < end; x++, output += 3) {
    const uint8_t *input = rows->input + axis->starts[x];
    const int32_t *weights = axis->weights + (size_t)x * (size_t)stride * packed_words;
    __m256i high[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    __m256i low[2] = {_mm256_set1_epi32(rounding), _mm256_set1_epi32(rounding)};
    for (int32_t i = axis->chunks[x]; i > 0; i--, input += 3 * chunk, weights += packed_words) {
      __m256i pixels[2] = {
          rows_of(input, input + line), rows_of(input + 2 * line, input + 3 * line)};
      for (int half = 0; half < 2; half++) {
        __m256i near = _mm256_shuffle_epi8(pixels[half], first);
        __m256i far = _mm256_shuffle_epi8(pixels[half], second);
        high[half] = _mm256_add_epi32(
            high[half], _mm256_madd_epi16(near, _mm256_set1_epi32(weights[0])));
        low[half] = _mm256_add_epi32(
            low[half], _mm256_madd_epi16(near, _mm256_set1_epi32(weights[1])));
        high[half] = _mm256_add_epi32(
            high[half], _mm256_madd_epi16(far, _mm256_set1_epi32(weights[2])));
        low[half] = _mm256_add_epi32(
            low[half], _mm256_madd_epi16(far, _mm256_set1_epi32(weights[3])));
      }
    }
    for (int half = 0; half < 2; half++) {
      __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high[half], 11), low[half]);
      low[half] = _mm256_srai_epi32(sum, precision_bits);
    }
    __m256i words = _mm256_packs_epi32(low[0], low[1]);
    __m256i bytes = _mm256_packus_epi16(words, words);
    __m128i even = _mm256_castsi256_si128(bytes), odd = _mm256_extracti128_si256(bytes, 1);
    store4(output, _mm_cvtsi128_si32(even));
    store4(output + step, _mm_cvtsi128_si32(odd));
    store4(output + 2 * step, _mm_extract_epi32(even, 1));
    store4(output + 3 * step, _mm_extract_epi32(odd, 1));
  }
}

#define VNNI __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))

VNNI static void resample_quadruples(
    const rows4 *rows, const packed_axis *axis, int32_t stride, int32_t end) {
  // Red, green and blue of four neighbours side by side.
  const __m512i order = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, -1, -1, -1, -1));
  const size_t line = rows->input_stride, step = rows->output_stride;
  uint8_t *output = rows->output + (size_t)axis->first * 3;
  for (int32_t x = 0; x < end; x++, output += 3) {
    const uint8_t *input = rows->input + axis->starts[x];
    const int32_t *weights = axis->weights + (size_t)x * (size_t)stride * packed_words;
    __m512i a = _mm512_setzero_si512(), b = a, c = _mm512_set1_epi32(rounding);
    for (int32_t i = axis->chunks[x]; i > 0; i--, input += 3 * chunk, weights += packed_words) {
      __m256i upper = _mm256_inserti128_si256(
          _mm256_castsi128_si256(load16(input)), load16(input + line), 1);
      __m256i lower = _mm256_inserti128_si256(
          _mm256_castsi128_si256(load16(input + 2 * line)), load16(input + 3 * line), 1);
      __m512i pixels = _mm512_inserti64x4(_mm512_castsi256_si512(upper), lower, 1);
      pixels = _mm512_shuffle_epi8(pixels, order);
      a = _mm512_dpbusd_epi32(a, pixels, _mm512_set1_epi32(weights[0]));
      b = _mm512_dpbusd_epi32(b, pixels, _mm512_set1_epi32(weights[1]));
      c = _mm512_dpbusd_epi32(c, pixels, _mm512_set1_epi32(weights[2]));
    }
    __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(a, 16), _mm512_slli_epi32(b, 8));
    sum = _mm512_srai_epi32(_mm512_add_epi32(sum, c), precision_bits);
    sum = _mm512_max_epi32(sum, _mm512_setzero_si512());
    __m128i bytes = _mm512_cvtusepi32_epi8(sum);
    store4(output, _mm_cvtsi128_si32(bytes));
    store4(output + step, _mm_extract_epi32(bytes, 1));
    store4(output + 2 * step, _mm_extract_epi32(bytes, 2));
    store4(output + 3 * step, _mm_extract_epi32(bytes, 3));
  }
}

static void resample_pixel(
    const rows4 *rows, const resample_axis *axis, int32_t x) {
  const int32_t *weights = axis->weights + (size_t)x * (size_t)axis->taps;
  for (size_t y = 0; y < band; y++) {
    const uint8_t *pixel =
        rows->input + rows->input_stride * y + (size_t)(axis->starts[x] - axis->origin) * 3;
    int32_t sums[3] = {rounding, rounding, rounding};
    for (int32_t i = 0; i < axis->lengths[x]; i++, pixel += 3) {
      for (int channel = 0; channel < 3; channel++) { sums[channel] += pixel[channel] * weights[i]; }
    }
    uint8_t *output = rows->output + rows->output_stride * y + (size_t)x * 3;
    for (int channel = 0; channel < 3; channel++) { output[channel] = clip8(sums[channel]); }
  }
}

/// How many of the pixels, from the first on, can be computed with whole loads and stores: none reads
/// behind the input, and the last of a row must not be followed by a fourth byte. `behind` counts the
/// bytes of the input from the start of the lowest row on.
static int32_t whole_pixels(const packed_axis *packed, int32_t count, size_t behind) {
  int32_t most = packed->first + packed->count == count ? packed->count - 1 : packed->count;
  if (packed->reach <= behind) { return most; }
  int32_t end = 0;
  while (end < most && reach_of(packed, end) <= behind) { end++; }
  return end;
}

bool resample_rgb_bands(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    resample_path path, uint8_t *output) {
  int32_t stride = (axis->taps + chunk - 1) / chunk;
  if (rows < band || stride > widest) { return false; }
  int32_t most = capacity / packed_words / stride;
  packed_axis packed;
  rows4 lines = {.input_stride = (size_t)width * 3, .output_stride = (size_t)axis->count * 3};
  for (int32_t x = 0; x < axis->count; x += packed.count) {
    packed.first = x;
    packed.count = axis->count - x < most ? axis->count - x : most;
    pack(axis, path, stride, &packed);
    for (int32_t y = 0; y < rows; y += band) {
      // The last rows are computed with some that were computed before.
      int32_t top = y + band <= rows ? y : rows - band;
      lines.input = input + lines.input_stride * (size_t)top;
      lines.output = output + lines.output_stride * (size_t)top;
      size_t behind = lines.input_stride * (size_t)(rows - top - band + 1);
      int32_t end = whole_pixels(&packed, axis->count, behind);
      if (path == RESAMPLE_VNNI) {
        resample_quadruples(&lines, &packed, stride, end);
      } else {
        resample_pairs(&lines, &packed, stride, end);
      }
      for (int32_t i = end; i < packed.count; i++) { resample_pixel(&lines, axis, x + i); }
    }
  }
  return true;
}

bool resample_has(resample_path path) {
  switch (path) {
    case RESAMPLE_FASTEST:
    case RESAMPLE_PORTABLE: return true;
    case RESAMPLE_AVX2: return __builtin_cpu_supports("avx2");
    case RESAMPLE_VNNI:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
  }
}
#else
bool resample_rgb_bands(
    const uint8_t *input, int32_t width, int32_t rows, const resample_axis *axis,
    resample_path path, uint8_t *output) {
  (void)input, (void)width, (void)rows, (void)axis, (void)path, (void)output;
  return false;
}

bool resample_has(resample_path path) {
  return path == RESAMPLE_FASTEST || path == RESAMPLE_PORTABLE;
}
#endif
