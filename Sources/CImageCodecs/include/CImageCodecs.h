#pragma once

// libjpeg and libpng behind setjmp: bytes in, RGB pixels or a typed failure out.
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

typedef struct codec_report {
  codec_status status;
  uint32_t width, height;
  uint32_t components;  // as stored: 1 grey, 2 grey and alpha, 3 colour, 4 CMYK or colour and alpha
  uint32_t bit_depth;
  bool staged;        // progressive or interlaced
  char message[224];  // the first complaint, zero-terminated; empty where there is none
} codec_report;

// Reads the header only. Allocates nothing in proportion to the image.
codec_report codec_probe_jpeg(const uint8_t *bytes, size_t count, const codec_limits *limits);
codec_report codec_probe_png(const uint8_t *bytes, size_t count, const codec_limits *limits);

// Writes height rows of width RGB pixels. `capacity` is the size of `pixels` in bytes and must be
// at least what the header announces; nothing is written beyond it.
codec_report codec_decode_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity);
codec_report codec_decode_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity);
