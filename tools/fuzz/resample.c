// Resamples random images along random axes with every path that the processor has, into and out of
// buffers of exactly their size, to be built with sanitizers: the paths must agree, and none may
// touch a byte beyond.
//
//     resample COUNT SEED

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resample.h"

static uint64_t state;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static int32_t below(int32_t bound) { return (int32_t)(next_random() % (uint64_t)bound); }

/// Windows of neighbouring pixels that move on, with weights from -1/2 to 3/2.
static resample_axis make_axis(int32_t input, int32_t count, int32_t taps) {
  int32_t *starts = malloc((size_t)count * 4), *lengths = malloc((size_t)count * 4);
  int32_t *weights = calloc((size_t)count * (size_t)taps, 4);
  for (int32_t i = 0; i < count; i++) {
    int32_t most = input < taps ? input : taps;
    lengths[i] = 1 + below(most);
    starts[i] = (int32_t)((int64_t)(input - lengths[i]) * (i + 1) / count);
    for (int32_t tap = 0; tap < lengths[i]; tap++) {
      weights[(size_t)i * (size_t)taps + (size_t)tap] =
          (below(1 << 23) - (1 << 21)) / lengths[i];
    }
  }
  return (resample_axis){starts, lengths, weights, count, taps, 0};
}

int main(int count, char **values) {
  long images = count > 1 ? atol(values[1]) : 2000, differences = 0;
  state = 0x9E3779B97F4A7C15u ^ (count > 2 ? strtoull(values[2], NULL, 10) : 1);
  for (long i = 0; i < images; i++) {
    int32_t width = 1 + below(below(2) ? 12 : 400), rows = 1 + below(below(2) ? 6 : 40);
    resample_axis axis = make_axis(width, 1 + below(below(2) ? 6 : 300), 1 + below(30));
    size_t input_count = (size_t)width * (size_t)rows * 3;
    size_t output_count = (size_t)axis.count * (size_t)rows * 3;
    uint8_t *input = malloc(input_count), *expected = malloc(output_count);
    for (size_t k = 0; k < input_count; k++) { input[k] = (uint8_t)(next_random() >> 40); }
    resample_rgb_rows(input, width, rows, &axis, RESAMPLE_PORTABLE, expected);
    for (resample_path path = RESAMPLE_AVX2; path <= RESAMPLE_VNNI; path++) {
      uint8_t *output = malloc(output_count);
      resample_rgb_rows(input, width, rows, &axis, path, output);
      if (memcmp(output, expected, output_count) != 0) { differences++; }
      free(output);
    }
    free(input), free(expected);
    free((void *)axis.starts), free((void *)axis.lengths), free((void *)axis.weights);
  }
  printf("%ld images, %ld differences, AVX2 %d, VNNI %d\n", images, differences,
      resample_has(RESAMPLE_AVX2), resample_has(RESAMPLE_VNNI));
  return differences > 0;
}
