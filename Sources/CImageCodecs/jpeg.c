#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

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
  codec_report report;
} jpeg_reader;

static _Noreturn void give_up(jpeg_reader *reader, codec_status status, const char *message) {
  reader->report.status = status;
  if (message) { codec_note(&reader->report, message); }
  longjmp(reader->jump, 1);
}

static void describe(jpeg_reader *reader) {
  char text[JMSG_LENGTH_MAX];
  reader->errors.format_message((j_common_ptr)&reader->jpeg, text);
  codec_note(&reader->report, text);
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
  describe(reader);
  give_up(reader, status_of(jpeg->err->msg_code), NULL);
}

/// Complaints that leave the pixels whole: unusual headers, and bytes between two markers.
static bool is_harmless(int code) {
  switch (code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_TOO_MUCH_DATA: return true;
    default: return false;
  }
}

static void on_message(j_common_ptr jpeg, int level) {
  if (level >= 0) { return; }
  jpeg_reader *reader = jpeg->client_data;
  reader->report.warnings += 1;
  if (is_harmless(jpeg->err->msg_code)) { return; }
  describe(reader);
  if (!reader->limits->accept_damage) { give_up(reader, CODEC_CORRUPT, NULL); }
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void on_progress(j_common_ptr jpeg) {
  jpeg_reader *reader = jpeg->client_data;
  if ((uint32_t)reader->jpeg.input_scan_number > reader->limits->scans) {
    give_up(reader, CODEC_TOO_LARGE, "more scans than the limit allows");
  }
}

static void source_begin(j_decompress_ptr jpeg) { (void)jpeg; }
static void source_end(j_decompress_ptr jpeg) { (void)jpeg; }

static boolean source_exhausted(j_decompress_ptr jpeg) {
  static const JOCTET end_of_image[2] = {0xFF, JPEG_EOI};
  jpeg_reader *reader = jpeg->client_data;
  const char *message = "the data end before the image does";
  if (!reader->limits->accept_damage) { give_up(reader, CODEC_TRUNCATED, message); }
  reader->report.warnings += 1;
  codec_note(&reader->report, message);
  jpeg->src->next_input_byte = end_of_image;
  jpeg->src->bytes_in_buffer = sizeof end_of_image;
  return TRUE;
}

static void source_skip(j_decompress_ptr jpeg, long count) {
  if (count <= 0) { return; }
  if ((unsigned long)count > jpeg->src->bytes_in_buffer) {
    jpeg->src->bytes_in_buffer = 0;
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
  if (report->width > reader->limits->side || report->height > reader->limits->side) {
    give_up(reader, CODEC_TOO_LARGE, "a side is longer than the limit allows");
  }
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
    reader->report.rows = jpeg->output_scanline;
  }
}

static void read_rgb_rows(jpeg_reader *reader, uint8_t *pixels) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  size_t stride = (size_t)jpeg->output_width * 3;
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW rows[16];
    JDIMENSION count = jpeg->output_height - jpeg->output_scanline;
    if (count > 16) { count = 16; }
    for (JDIMENSION i = 0; i < count; i++) {
      rows[i] = pixels + stride * (jpeg->output_scanline + i);
    }
    jpeg_read_scanlines(jpeg, rows, count);
    reader->report.rows = jpeg->output_scanline;
  }
}

static void read_pixels(jpeg_reader *reader, uint8_t *pixels, size_t capacity) {
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (!codec_fits(&reader->report, capacity)) {
    give_up(reader, CODEC_CORRUPT, "the header changed between two readings");
  }
  bool ink = jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK;
  jpeg->out_color_space = ink ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(jpeg);
  if (ink) {
    read_cmyk_rows(reader, pixels);
  } else {
    read_rgb_rows(reader, pixels);
  }
}

/// The function that calls setjmp changes none of its own variables.
static void attempt(jpeg_reader *reader, uint8_t *pixels, size_t capacity) {
  if (setjmp(reader->jump) != 0) { return; }
  open_reader(reader);
  if (pixels) { read_pixels(reader, pixels, capacity); }
}

static codec_report read_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity) {
  jpeg_reader reader;
  memset(&reader, 0, sizeof reader);
  reader.limits = limits;
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

codec_report codec_probe_jpeg(const uint8_t *bytes, size_t count, const codec_limits *limits) {
  return read_jpeg(bytes, count, limits, NULL, 0);
}

codec_report codec_decode_jpeg(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity) {
  return read_jpeg(bytes, count, limits, pixels, capacity);
}
