#pragma once

#include <time.h>

#include "report.h"

// Small files can be made that keep a decoder busy for minutes. What counts is the processor time
// of the thread: on a crowded machine an image is no worse than on an idle one.

static inline double codec_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/// Whether decoding that began at `start` must end; notes the reason.
static inline bool codec_is_late(codec_report *report, const codec_limits *limits, double start) {
  if (codec_clock() - start < limits->seconds) { return false; }
  codec_note(report, "decoding takes more than %g seconds (maximumSeconds)", limits->seconds);
  return true;
}
