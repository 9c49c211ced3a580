#pragma once

#include <stdio.h>

#include "CImageCodecs.h"

/// Keeps the first complaint: what follows is mostly its consequence.
static inline void codec_note(codec_report *report, const char *message) {
  if (report->message[0] == 0) {
    snprintf(report->message, sizeof report->message, "%s", message);
  }
}

/// The size check of both decoders, against the buffer the caller made from the probed header.
static inline bool codec_fits(const codec_report *report, size_t capacity) {
  uint64_t pixels = (uint64_t)report->width * report->height;
  return pixels <= UINT64_MAX / 3 && pixels * 3 <= capacity;
}
