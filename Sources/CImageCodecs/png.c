#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "deadline.h"
#include "report.h"

// The row-by-row reader only: the faults found in libpng of late were all in its simplified API.
// Ancillary chunks are skipped unread. That takes colour profiles, text and their decompression
// bombs out of reach, and it is what parity asks for: Pillow's pixels ignore them too.

/// Chunks are skipped, so these are only a second fence. Some programs keep megabytes of private
/// data in one chunk. Sides are the caller's to judge, who knows what to say about them.
enum { max_cached_chunks = 16, max_chunk_bytes = 32 << 20, max_side = 0x7FFFFFFF };

typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf jump;
  const uint8_t *bytes;
  size_t count;
  const codec_limits *limits;
  uint64_t memory_left;
  double start;
  codec_report report;
} png_reader;

static _Noreturn void give_up(png_reader *reader, codec_status status, const char *message) {
  // A callback that knows more than libpng has set the status before libpng complains.
  if (reader->report.status == CODEC_OK) { reader->report.status = status; }
  if (message) { codec_note(&reader->report, "%s", message); }
  longjmp(reader->jump, 1);
}

static void on_error(png_structp png, png_const_charp message) {
  give_up(png_get_error_ptr(png), CODEC_CORRUPT, message);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_read(png_structp png, png_bytep destination, size_t count) {
  png_reader *reader = png_get_io_ptr(png);
  if (count > reader->count) {
    give_up(reader, CODEC_TRUNCATED, "the data end before the image does");
  }
  memcpy(destination, reader->bytes, count);
  reader->bytes += count;
  reader->count -= count;
}

/// A budget for all that libpng and zlib ask for. What is freed does not return to it: the few
/// buffers of a reader live to its end.
static png_voidp on_allocate(png_structp png, png_alloc_size_t count) {
  png_reader *reader = png_get_mem_ptr(png);
  if (count > reader->memory_left) {
    reader->report.status = CODEC_TOO_LARGE;
    codec_note_memory(&reader->report, reader->limits);
    return NULL;
  }
  void *memory = malloc(count);
  if (memory) {
    reader->memory_left -= count;
  } else {
    reader->report.status = CODEC_OUT_OF_MEMORY;
  }
  return memory;
}

static void on_free(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static void open_reader(png_reader *reader) {
  reader->png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, reader, on_error, on_warning, reader, on_allocate, on_free);
  if (!reader->png) { give_up(reader, CODEC_OUT_OF_MEMORY, "libpng could not start"); }
  reader->info = png_create_info_struct(reader->png);
  if (!reader->info) { give_up(reader, CODEC_OUT_OF_MEMORY, "libpng could not start"); }
  png_structp png = reader->png;
  png_set_read_fn(png, reader, on_read);
  png_set_user_limits(png, max_side, max_side);
  png_set_chunk_cache_max(png, max_cached_chunks);
  png_set_chunk_malloc_max(png, max_chunk_bytes);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, reader->info);

  codec_report *report = &reader->report;
  report->width = png_get_image_width(png, reader->info);
  report->height = png_get_image_height(png, reader->info);
  report->components = png_get_channels(png, reader->info);
  report->bit_depth = png_get_bit_depth(png, reader->info);
  report->staged = png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE;
}

static void read_pixels(png_reader *reader, uint8_t *pixels, size_t capacity) {
  png_structp png = reader->png;
  if (!codec_fits(&reader->report, capacity)) {
    give_up(reader, CODEC_CORRUPT, "the header changed between two readings");
  }
  int colour = png_get_color_type(png, reader->info);
  if (colour == PNG_COLOR_TYPE_PALETTE) { png_set_palette_to_rgb(png); }
  if (reader->report.bit_depth < 8) { png_set_expand_gray_1_2_4_to_8(png); }
  if (reader->report.bit_depth == 16) { png_set_strip_16(png); }
  if (!(colour & PNG_COLOR_MASK_COLOR)) { png_set_gray_to_rgb(png); }
  png_set_strip_alpha(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);

  size_t stride = (size_t)reader->report.width * 3;
  if (png_get_rowbytes(png, reader->info) != stride) {
    give_up(reader, CODEC_UNSUPPORTED, "libpng does not convert this image to RGB");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < reader->report.height; y++) {
      png_read_row(png, pixels + stride * y, NULL);
      if (codec_is_late(&reader->report, reader->limits, reader->start)) {
        give_up(reader, CODEC_TOO_LARGE, NULL);
      }
    }
  }
}

/// The function that calls setjmp changes none of its own variables.
static void attempt(png_reader *reader, uint8_t *pixels, size_t capacity) {
  if (setjmp(reader->jump) != 0) { return; }
  open_reader(reader);
  if (pixels) { read_pixels(reader, pixels, capacity); }
}

static codec_report read_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity) {
  png_reader reader;
  memset(&reader, 0, sizeof reader);
  reader.bytes = bytes;
  reader.count = count;
  reader.limits = limits;
  reader.memory_left = limits->memory;
  reader.start = codec_clock();
  attempt(&reader, pixels, capacity);
  if (reader.png) { png_destroy_read_struct(&reader.png, &reader.info, NULL); }
  return reader.report;
}

codec_report codec_probe_png(const uint8_t *bytes, size_t count, const codec_limits *limits) {
  return read_png(bytes, count, limits, NULL, 0);
}

codec_report codec_decode_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, uint8_t *pixels,
    size_t capacity) {
  return read_png(bytes, count, limits, pixels, capacity);
}
