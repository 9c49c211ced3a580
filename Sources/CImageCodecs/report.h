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
static inline bool codec_fits(const codec_report *report, size_t channels, size_t capacity) {
  uint64_t pixels = (uint64_t)report->width * report->height;
  return pixels <= UINT64_MAX / 4 && pixels * channels <= capacity;
}

/// Whether a lenient decoder goes on with what it has: only the data are to blame.
static inline bool codec_is_damage(const codec_report *report) {
  return report->status == CODEC_TRUNCATED || report->status == CODEC_CORRUPT;
}

static inline void codec_accept_damage(codec_report *report) {
  report->status = CODEC_OK;
  report->damaged = true;
}
