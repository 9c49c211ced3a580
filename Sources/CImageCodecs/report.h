#pragma once

#include <stdarg.h>
#include <stdio.h>

#include "CImageCodecs.h"

/// Keeps the first complaint: what follows is mostly its consequence.
__attribute__((format(printf, 2, 3)))
static inline void codec_note(codec_report *report, const char *format, ...) {
  if (report->message[0] != 0) { return; }
  va_list values;
  va_start(values, format);
  vsnprintf(report->message, sizeof report->message, format, values);
  va_end(values);
}

/// Both decoders refuse memory in the same words.
static inline void codec_note_memory(codec_report *report, const codec_limits *limits) {
  codec_note(
      report, "decoding needs more than %llu bytes besides the pixels (maximumCodecMemory)",
      (unsigned long long)limits->memory);
}

/// The size check of both decoders, against the buffer the caller made from the probed header.
static inline bool codec_fits(const codec_report *report, size_t capacity) {
  uint64_t pixels = (uint64_t)report->width * report->height;
  return pixels <= UINT64_MAX / 3 && pixels * 3 <= capacity;
}
