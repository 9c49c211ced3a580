// Mutates images and decodes them, to be built with address and undefined-behaviour sanitizers.
//
//     images COUNT SEED < PATHS
//
// Each mutant is probed and decoded into a buffer of exactly its size, strictly or leniently, with a
// random alpha policy; a JPEG that decodes is decoded once more in a window, whose rows must be those
// of the whole. Prints how many mutants ended in which reason. Exit status 1 for a failure without a
// message or a window that differs; a crash is the sanitizer's to report.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

enum { largest_seed = 400000, largest_mutant = 600000, most_seeds = 2000 };
enum { pixels_at_most = 1 << 20 };

typedef struct {
  uint8_t *bytes;
  size_t count;
} file;

static file seeds[most_seeds];
static size_t seed_count;
static uint64_t state;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static size_t below(size_t bound) { return (size_t)(next_random() % bound); }

static void read_seeds(void) {
  char path[4096];
  while (seed_count < most_seeds && fgets(path, sizeof path, stdin)) {
    path[strcspn(path, "\n")] = 0;
    FILE *stream = fopen(path, "rb");
    if (!stream) { continue; }
    uint8_t *bytes = malloc(largest_seed);
    size_t count = bytes ? fread(bytes, 1, largest_seed, stream) : 0;
    if (count > 16 && feof(stream)) {
      seeds[seed_count++] = (file){bytes, count};
    } else {
      free(bytes);
    }
    fclose(stream);
  }
}

static uint32_t crc(const uint8_t *bytes, size_t count) {
  uint32_t sum = ~0u;
  for (size_t i = 0; i < count; i++) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) { sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0); }
  }
  return ~sum;
}

/// Most mutants of a PNG die of a wrong sum; repaired, they arrive at the decoder.
static void repair_sums(uint8_t *bytes, size_t count) {
  size_t offset = 8;
  while (offset + 12 <= count) {
    size_t length = (size_t)bytes[offset] << 24 | (size_t)bytes[offset + 1] << 16 |
                    (size_t)bytes[offset + 2] << 8 | bytes[offset + 3];
    if (length > count - offset - 12) { return; }
    uint32_t sum = crc(bytes + offset + 4, length + 4);
    for (int i = 0; i < 4; i++) {
      bytes[offset + 8 + length + (size_t)i] = (uint8_t)(sum >> (24 - 8 * i));
    }
    offset += 12 + length;
  }
}

/// Headers decide most, so half of the places lie in the first kilobyte.
static size_t place(size_t count) {
  size_t head = count < 1024 ? count : 1024;
  return below(2) ? below(head) : below(count);
}

static size_t mutate(uint8_t *bytes, size_t count) {
  static const uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0xD8, 0xD9, 0xDA, 0xC0, 0xC2, 0xC4};
  size_t at = place(count), length = 1 + below(64);
  switch (below(8)) {
    case 0:
    case 1: bytes[at] ^= (uint8_t)(1 << below(8)); break;
    case 2: bytes[at] = (uint8_t)next_random(); break;
    case 3: bytes[at] = edges[below(sizeof edges)]; break;
    case 4: return count < 32 ? count : 16 + below(count - 16);
    case 5:  // A piece of another file, over this one.
    case 6: {  // Or between.
      file other = seeds[below(seed_count)];
      length = 1 + below(below(2) ? 64 : 4096);
      if (length > other.count) { length = other.count; }
      size_t from = below(other.count - length + 1);
      if (below(2)) {
        if (length > count - at) { length = count - at; }
      } else {
        if (count + length > largest_mutant) { break; }
        memmove(bytes + at + length, bytes + at, count - at);
        count += length;
      }
      memcpy(bytes + at, other.bytes + from, length);
      break;
    }
    default:
      if (at + length < count && count - length > 32) {
        memmove(bytes + at, bytes + at + length, count - at - length);
        count -= length;
      }
  }
  return count;
}

typedef enum { is_jpeg, is_png, is_neither } kind;

static kind kind_of(const uint8_t *bytes, size_t count) {
  static const uint8_t jpeg[] = {0xFF, 0xD8, 0xFF}, png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10};
  if (count >= sizeof jpeg && memcmp(bytes, jpeg, sizeof jpeg) == 0) { return is_jpeg; }
  if (count >= sizeof png && memcmp(bytes, png, sizeof png) == 0) { return is_png; }
  return is_neither;
}

enum { decoded, damage_accepted = 6, too_many_pixels, unsupported_format, outcomes };

static const char *names[outcomes] = {
    "decoded",       "truncated",       "corrupt",         "unsupported-variant",
    "too-large",     "out-of-memory",   "damage-accepted", "too-large (pixels)",
    "unsupported-format"};

static long complaints;

static void complain(const char *text, long number) {
  printf("mutant %ld: %s\n", number, text);
  complaints++;
}

static void compare_window(
    const file *mutant, const codec_limits *limits, codec_options options, const uint8_t *whole,
    const codec_report *header, long number) {
  size_t line = (size_t)header->width * 3, count = line * header->height;
  uint8_t *pixels = malloc(count);
  options.first_row = (uint32_t)below(header->height);
  options.row_count = 1 + (uint32_t)below(header->height - options.first_row);
  codec_report report =
      codec_decode_jpeg(mutant->bytes, mutant->count, limits, &options, pixels, count);
  size_t first = line * options.first_row;
  if (report.status != CODEC_OK ||
      memcmp(pixels + first, whole + first, line * options.row_count) != 0) {
    complain("a window differs from the whole", number);
  }
  free(pixels);
}

static int decode(const file *mutant, long number) {
  kind kind = kind_of(mutant->bytes, mutant->count);
  if (kind == is_neither) { return unsupported_format; }
  codec_limits limits = {.memory = 64 << 20, .scans = 100, .seconds = 5};
  codec_options options = {.alpha = (codec_alpha)below(3), .lenient = below(2) == 0};
  codec_report header = kind == is_png
      ? codec_probe_png(mutant->bytes, mutant->count, &limits, &options)
      : codec_probe_jpeg(mutant->bytes, mutant->count, &limits, &options);
  if (header.status != CODEC_OK) {
    if (header.message[0] == 0) { complain("no message", number); }
    return header.status;
  }
  uint64_t area = (uint64_t)header.width * header.height;
  if (area == 0) { return CODEC_CORRUPT; }
  if (area > pixels_at_most) { return too_many_pixels; }
  size_t channels = kind == is_png && options.alpha == CODEC_ALPHA_KEEP ? 4 : 3;
  size_t count = (size_t)area * channels;
  uint8_t *pixels = malloc(count);
  codec_report report = kind == is_png
      ? codec_decode_png(mutant->bytes, mutant->count, &limits, &options, pixels, count)
      : codec_decode_jpeg(mutant->bytes, mutant->count, &limits, &options, pixels, count);
  if ((report.status != CODEC_OK || report.damaged) && report.message[0] == 0) {
    complain("no message", number);
  }
  if (report.status == CODEC_OK && kind == is_jpeg) {
    compare_window(mutant, &limits, options, pixels, &header, number);
  }
  free(pixels);
  return report.damaged ? damage_accepted : report.status;
}

/* Decodes a copy of exactly its size: reading beyond it is noticed. */
static int decode_copy(const uint8_t *bytes, size_t size, long number) {
  file copy = {malloc(size), size};
  memcpy(copy.bytes, bytes, size);
  int outcome = decode(&copy, number);
  free(copy.bytes);
  return outcome;
}

/* The seeds as they are, each under several policies drawn by lot. */
static void decode_seeds(void) {
  for (size_t i = 0; i < seed_count; i++)
    for (int times = 0; times < 8; times++) {
      decode_copy(seeds[i].bytes, seeds[i].count, -1 - (long)i);
    }
  printf("%zu seeds as they are, under 8 policies each\n", seed_count);
}

int main(int count, char **values) {
  long mutants = count > 1 ? atol(values[1]) : 20000;
  state = 0x9E3779B97F4A7C15u ^ (count > 2 ? strtoull(values[2], NULL, 10) : 1);
  read_seeds();
  if (seed_count == 0) {
    fprintf(stderr, "no seeds; give paths of images on standard input\n");
    return 2;
  }
  decode_seeds();
  static uint8_t work[largest_mutant];
  long tally[outcomes] = {0};
  for (long i = 0; i < mutants; i++) {
    const file *seed = &seeds[below(seed_count)];
    size_t size = seed->count;
    memcpy(work, seed->bytes, size);
    for (size_t steps = 1 + below(4); steps > 0; steps--) { size = mutate(work, size); }
    if (kind_of(work, size) == is_png && below(2)) { repair_sums(work, size); }
    tally[decode_copy(work, size, i)]++;
  }
  printf("%ld mutants of %zu seeds\n", mutants, seed_count);
  for (int i = 0; i < outcomes; i++) { printf("%8ld  %s\n", tally[i], names[i]); }
  printf("%8ld  complaints\n", complaints);
  for (size_t i = 0; i < seed_count; i++) { free(seeds[i].bytes); }
  return complaints > 0;
}
