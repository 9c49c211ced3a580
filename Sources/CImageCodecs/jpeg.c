#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "deadline.h"
#include "report.h"

// libjpeg's defaults (accurate integer DCT, smooth chroma upsampling, block smoothing) are those
// of Pillow, so the pixels agree bit for bit.

typedef struct {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  struct jpeg_source_mgr source;
  jmp_buf jump;
  const codec_limits *limits;
  codec_options options;
  double start;
  codec_report report;
} jpeg_reader;

static _Noreturn void give_up(jpeg_reader *reader, codec_status status, const char *message) {
  reader->report.status = status;
  if (message) { codec_note(&reader->report, "%s", message); }
  longjmp(reader->jump, 1);
}

static void describe(jpeg_reader *reader) {
  char text[JMSG_LENGTH_MAX];
  reader->errors.format_message((j_common_ptr)&reader->jpeg, text);
  codec_note(&reader->report, "%s", text);
}

static codec_status status_of(int code) {
  switch (code) {
    case JERR_OUT_OF_MEMORY: return CODEC_OUT_OF_MEMORY;
    case JERR_NO_BACKING_STORE:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW: return CODEC_TOO_LARGE;
    case JERR_INPUT_EMPTY:
    case JERR_INPUT_EOF: return CODEC_TRUNCATED;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: return CODEC_UNSUPPORTED;
    default: return CODEC_CORRUPT;
  }
}

static void on_error(j_common_ptr jpeg) {
  jpeg_reader *reader = jpeg->client_data;
  // libjpeg refuses some sizes before it returns from the header.
  reader->report.width = reader->jpeg.image_width;
  reader->report.height = reader->jpeg.image_height;
  if (jpeg->err->msg_code == JERR_NO_BACKING_STORE) {
    codec_note_memory(&reader->report, reader->limits);
  } else {
    describe(reader);
  }
  give_up(reader, status_of(jpeg->err->msg_code), NULL);
}

/// Bytes that belong to nothing, ahead of a marker. Before the first scan and after the last one
/// they touch no pixel. Elsewhere they are what is left of data that were read wrongly: ahead of a
/// restart marker, or of the next scan.
static bool is_outside_scans(const jpeg_reader *reader) {
  return reader->jpeg.input_scan_number == 0 || reader->errors.msg_parm.i[1] == JPEG_EOI;
}

/// Complaints that leave the pixels whole: unusual headers, parameters that a sequential decoder
/// does not use, and bytes outside the scans.
static bool is_harmless(const jpeg_reader *reader) {
  switch (reader->errors.msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_TOO_MUCH_DATA: return true;
    case JWRN_EXTRANEOUS_DATA: return is_outside_scans(reader);
    default: return false;
  }
}

static void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) { return; }
  jpeg_reader *reader = jpeg->client_data;
  if (is_harmless(reader)) { return; }
  describe(reader);
  if (reader->options.lenient) {
    reader->report.damaged = true;
  } else {
    give_up(reader, CODEC_CORRUPT, NULL);
  }
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void on_progress(j_common_ptr jpeg) {
  jpeg_reader *reader = jpeg->client_data;
  if ((uint32_t)reader->jpeg.input_scan_number > reader->limits->scans) {
    codec_note(&reader->report, "more than %u scans (maximumScans)", reader->limits->scans);
    give_up(reader, CODEC_TOO_LARGE, NULL);
  }
  if (codec_is_late(&reader->report, reader->limits, reader->start)) {
    give_up(reader, CODEC_TOO_LARGE, NULL);
  }
}

static void source_begin(j_decompress_ptr jpeg) { (void)jpeg; }
static void source_end(j_decompress_ptr jpeg) { (void)jpeg; }

/// Once a scan has begun there is something to show: the end marker that is missing makes libjpeg
/// pad the rest.
static boolean source_exhausted(j_decompress_ptr jpeg) {
  static const JOCTET end[] = {0xFF, JPEG_EOI};
  jpeg_reader *reader = jpeg->client_data;
  const char *message = "the data end before the image does";
  if (!reader->options.lenient || jpeg->input_scan_number == 0) {
    give_up(reader, CODEC_TRUNCATED, message);
  }
  codec_note(&reader->report, "%s", message);
  reader->report.damaged = true;
  jpeg->src->next_input_byte = end;
  jpeg->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

static void source_skip(j_decompress_ptr jpeg, long count) {
  if (count <= 0) { return; }
  if ((unsigned long)count > jpeg->src->bytes_in_buffer) {
    source_exhausted(jpeg);
    return;
  }
  jpeg->src->next_input_byte += count;
  jpeg->src->bytes_in_buffer -= (size_t)count;
}

static void open_reader(jpeg_reader *reader) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  jpeg_create_decompress(jpeg);
  uint64_t memory = reader->limits->memory;
  jpeg->mem->max_memory_to_use = memory > LONG_MAX ? LONG_MAX : (long)memory;
  jpeg->progress = &reader->progress;
  jpeg->src = &reader->source;
  jpeg_read_header(jpeg, TRUE);

  codec_report *report = &reader->report;
  report->width = jpeg->image_width;
  report->height = jpeg->image_height;
  report->components = (uint32_t)jpeg->num_components;
  report->bit_depth = (uint32_t)jpeg->data_precision;
  report->staged = jpeg->progressive_mode;
}

static uint8_t product255(unsigned a, unsigned b) {
  unsigned t = a * b + 128;
  return (uint8_t)(((t >> 8) + t) >> 8);
}

/// Adobe stores CMYK inverted. Files without Adobe's marker are read the same way, as Pillow does;
/// the arithmetic is that of Pillow's `convert("RGB")`.
static void rgb_from_inverted_cmyk(const JSAMPLE *cmyk, uint8_t *rgb, uint32_t width) {
  for (uint32_t x = 0; x < width; x++, cmyk += 4, rgb += 3) {
    unsigned white = cmyk[3];
    for (int channel = 0; channel < 3; channel++) {
      unsigned ink = product255(255u - cmyk[channel], white);
      rgb[channel] = (uint8_t)(white > ink ? white - ink : 0);
    }
  }
}

static void read_cmyk_rows(jpeg_reader *reader, uint8_t *pixels) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  size_t stride = (size_t)jpeg->output_width * 3;
  JSAMPARRAY row = jpeg->mem->alloc_sarray(
      (j_common_ptr)jpeg, JPOOL_IMAGE, jpeg->output_width * 4, 1);
  while (jpeg->output_scanline < jpeg->output_height) {
    uint8_t *rgb = pixels + stride * jpeg->output_scanline;
    jpeg_read_scanlines(jpeg, row, 1);
    rgb_from_inverted_cmyk(row[0], rgb, jpeg->output_width);
  }
}

static void read_rgb_rows(jpeg_reader *reader, uint8_t *pixels, JDIMENSION end) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  size_t stride = (size_t)jpeg->output_width * 3;
  while (jpeg->output_scanline < end) {
    JSAMPROW rows[16];
    JDIMENSION count = end - jpeg->output_scanline;
    if (count > 16) { count = 16; }
    for (JDIMENSION i = 0; i < count; i++) {
      rows[i] = pixels + stride * (jpeg->output_scanline + i);
    }
    jpeg_read_scanlines(jpeg, rows, count);
  }
}

/// Pixels that are skipped between two looks at the clock.
enum { skipped_at_once = 4 << 20 };

/// Rows that libjpeg decodes together.
static int64_t block_rows(const jpeg_reader *reader) {
  return (int64_t)reader->jpeg.max_v_samp_factor * DCTSIZE;
}

/// Skips whole rows of blocks, from the top of one on: libjpeg-turbo 2.1 loses its place where it
/// skips again from the middle of one. It does not call the progress monitor while it skips.
static void skip_rows(jpeg_reader *reader, int64_t count) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  int64_t block = block_rows(reader);
  int64_t most = (skipped_at_once / jpeg->output_width / block + 1) * block;
  while (count > 0) {
    int64_t rows = count < most ? count : most;
    jpeg_skip_scanlines(jpeg, (JDIMENSION)rows);
    on_progress((j_common_ptr)jpeg);
    count -= rows;
  }
}

/// Smooth upsampling looks at neighbours, which must not be skipped. It looks one row far.
enum { window_margin = 8 };

/// Above and below the window only the entropy decoder runs, but for the last row of blocks: libjpeg
/// would not even look at the data where everything up to the end is skipped.
static void read_rgb_window(jpeg_reader *reader, uint8_t *pixels) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  int64_t block = block_rows(reader), height = jpeg->output_height;
  int64_t tail = (height - 1) / block * block;
  int64_t first = ((int64_t)reader->options.first_row - window_margin) / block * block;
  int64_t below = (int64_t)reader->options.first_row + reader->options.row_count;
  int64_t end = (below + window_margin + block - 1) / block * block;
  if (first > 0 && first < tail) { skip_rows(reader, first); }
  if (end < tail) {
    read_rgb_rows(reader, pixels, (JDIMENSION)end);
    skip_rows(reader, tail - end);
  }
  read_rgb_rows(reader, pixels, jpeg->output_height);
}

/// What no decoder could read gets the grey that libjpeg pads with.
static void pad(jpeg_reader *reader, uint8_t *pixels) {
  size_t stride = (size_t)reader->report.width * 3, row = reader->jpeg.output_scanline;
  memset(pixels + stride * row, 128, stride * (reader->report.height - row));
}

static void read_pixels(jpeg_reader *reader, uint8_t *pixels, size_t capacity) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (!codec_fits(&reader->report, 3, capacity)) {
    give_up(reader, CODEC_CORRUPT, "the header changed between two readings");
  }
  bool ink = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = ink ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(jpeg);
  if (ink) {
    read_cmyk_rows(reader, pixels);
  } else if (reader->options.row_count > 0 && !jpeg_has_multiple_scans(jpeg)) {
    read_rgb_window(reader, pixels);
  } else {
    read_rgb_rows(reader, pixels, jpeg->output_height);
  }
}

/// The function that calls setjmp changes none of its own variables.
static void attempt(jpeg_reader *reader, uint8_t *pixels, size_t capacity) {
  if (setjmp(reader->jump) != 0) {
    if (!pixels || !reader->options.lenient || !codec_is_damage(&reader->report)) { return; }
    if (reader->jpeg.output_scanline == 0) { return; }
    codec_accept_damage(&reader->report);
    pad(reader, pixels);
    return;
  }
  open_reader(reader);
  if (pixels) { read_pixels(reader, pixels, capacity); }
}

static codec_report read_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity) {
  jpeg_reader reader;
  memset(&reader, 0, sizeof reader);
  reader.limits = limits;
  reader.options = *options;
  reader.start = codec_clock();
  reader.jpeg.err = jpeg_std_error(&reader.errors);
  reader.jpeg.client_data = &reader;
  reader.errors.error_exit = on_error;
  reader.errors.emit_message = on_message;
  reader.errors.output_message = on_output;
  reader.progress.progress_monitor = on_progress;
  reader.source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = source_begin,
      .fill_input_buffer = source_exhausted,
      .skip_input_data = source_skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = source_end,
  };
  attempt(&reader, pixels, capacity);
  jpeg_destroy_decompress(&reader.jpeg);
  return reader.report;
}

codec_report codec_probe_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options) {
  return read_jpeg(bytes, count, limits, options, NULL, 0);
}

codec_report codec_decode_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity) {
  codec_report report = read_jpeg(bytes, count, limits, options, pixels, capacity);
  if (!options->lenient || options->row_count == 0) { return report; }
  if (!report.damaged && !codec_is_damage(&report)) { return report; }
  // What libjpeg makes of damage may depend on the rows that are skipped. It is rare: read again.
  codec_options whole = *options;
  whole.row_count = 0;
  return read_jpeg(bytes, count, limits, &whole, pixels, capacity);
}
