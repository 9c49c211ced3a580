#pragma once

// libjpeg and libpng behind setjmp: bytes in, pixels or a typed failure out; and pixels to PNG.
//
// Every callback of the two libraries stays in C, so no longjmp crosses a Swift frame; no error
// path leaves memory behind; nothing is printed and nothing ends the process.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum __attribute__((enum_extensibility(closed))) codec_status : int32_t {
  CODEC_OK = 0,
  CODEC_TRUNCATED = 1,      // the data end before the image does
  CODEC_CORRUPT = 2,        // the data contradict the format
  CODEC_UNSUPPORTED = 3,    // a legal variant that the library does not read
  CODEC_TOO_LARGE = 4,      // a limit of the caller
  CODEC_OUT_OF_MEMORY = 5,  // the machine refused memory
} codec_status;

typedef struct codec_limits {
  uint64_t memory;  // bytes a codec may hold besides the caller's pixels
  uint32_t scans;   // progressive JPEG
  double seconds;   // of the calling thread's processor time
} codec_limits;

typedef enum __attribute__((enum_extensibility(closed))) codec_alpha : int32_t {
  CODEC_ALPHA_DROP = 0,   // RGB; hidden colour shows, as after Pillow's convert("RGB")
  CODEC_ALPHA_WHITE = 1,  // RGB, composited on white with the rounding of Pillow's paste
  CODEC_ALPHA_KEEP = 2,   // RGBA; 255 where the file has no alpha
} codec_alpha;

typedef struct codec_options {
  codec_alpha alpha;  // PNG; a JPEG has none, and is decoded to RGB whatever is asked for
  bool lenient;       // accept what could be decoded of a damaged file
  // The rows that the caller looks at; the others may hold anything. No count: all of them. A JPEG
  // saves the time of the others, and is read to its end all the same.
  uint32_t first_row, row_count;
} codec_options;

typedef struct codec_report {
  codec_status status;
  uint32_t width, height;
  uint32_t components;  // as stored: 1 grey, 2 grey and alpha, 3 colour, 4 CMYK or colour and alpha
  uint32_t bit_depth;
  bool staged;        // progressive or interlaced
  bool has_alpha;     // an alpha channel, or a transparent colour
  bool damaged;       // lenient decoding accepted what `message` says
  char message[224];  // the first complaint, zero-terminated; empty where there is none
} codec_report;

// Reads the header only. Allocates nothing in proportion to the image.
codec_report codec_probe_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options);
codec_report codec_probe_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options);

// Writes height rows of width pixels of three bytes, or four where alpha is kept. `capacity` is the
// size of `pixels` in bytes and must be at least what the header announces; nothing is written
// beyond it. What a lenient decoder could not read is grey in a JPEG, as libjpeg pads, and black in
// a PNG; at least one row was read.
codec_report codec_decode_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity);
codec_report codec_decode_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity);

// Encodes height rows of width RGB pixels as PNG, 8 bits, at zlib's level `level` (0 to 9). The
// file is `*bytes`, of `*count` bytes, for the caller to release with codec_free.
codec_report codec_encode_png(
    const uint8_t *pixels, uint32_t width, uint32_t height, int level, uint8_t **bytes,
    size_t *count);
void codec_free(uint8_t *bytes);
