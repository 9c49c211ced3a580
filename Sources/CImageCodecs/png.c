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
enum { lenient_read = 64 };

typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf jump;
  const uint8_t *bytes;
  size_t count;
  const codec_limits *limits;
  codec_options options;
  uint64_t memory_left;
  double start;
  uint8_t *rgba;        // a row, or the whole of an interlaced image, before it is composited
  uint64_t rows_read;   // of all passes
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

/// What libpng warns of touches no pixel, but for the one error that a lenient reader turns into a
/// warning: the wrong sum of a critical chunk, whose name begins with a capital letter.
static void on_warning(png_structp png, png_const_charp message) {
  png_reader *reader = png_get_error_ptr(png);
  bool is_critical = message[0] >= 'A' && message[0] <= 'Z';
  if (!reader->options.lenient || !is_critical || !strstr(message, "CRC error")) { return; }
  codec_note(&reader->report, "%s", message);
  reader->report.damaged = true;
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
  if (reader->options.lenient) {
    png_set_crc_action(png, PNG_CRC_WARN_USE, PNG_CRC_DEFAULT);
    // Ask for little at a time, so that what stands before the end of the data is decoded.
    png_set_compression_buffer_size(png, lenient_read);
  }
  png_read_info(png, reader->info);

  codec_report *report = &reader->report;
  report->width = png_get_image_width(png, reader->info);
  report->height = png_get_image_height(png, reader->info);
  report->components = png_get_channels(png, reader->info);
  report->bit_depth = png_get_bit_depth(png, reader->info);
  report->staged = png_get_interlace_type(png, reader->info) != PNG_INTERLACE_NONE;
  report->has_alpha = (png_get_color_type(png, reader->info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                      png_get_valid(png, reader->info, PNG_INFO_tRNS) != 0;
}

/// Bytes of a pixel that the caller gets.
static size_t channels_of(const png_reader *reader) {
  return reader->options.alpha == CODEC_ALPHA_KEEP ? 4 : 3;
}

/// Asks libpng for eight bits of RGB, or of RGBA. Returns the bytes of a pixel.
static size_t choose_transforms(png_reader *reader) {
  png_structp png = reader->png;
  int colour = png_get_color_type(png, reader->info);
  if (colour == PNG_COLOR_TYPE_PALETTE) { png_set_palette_to_rgb(png); }
  if (reader->report.bit_depth < 8) { png_set_expand_gray_1_2_4_to_8(png); }
  if (reader->report.bit_depth == 16) { png_set_strip_16(png); }
  if (!(colour & PNG_COLOR_MASK_COLOR)) { png_set_gray_to_rgb(png); }
  bool is_opaque = !reader->report.has_alpha;
  if (reader->options.alpha == CODEC_ALPHA_KEEP && is_opaque) {
    png_set_filler(png, 0xFF, PNG_FILLER_AFTER);
    return 4;
  }
  if (reader->options.alpha == CODEC_ALPHA_DROP || is_opaque) {
    png_set_strip_alpha(png);
    return 3;
  }
  if (png_get_valid(png, reader->info, PNG_INFO_tRNS)) { png_set_tRNS_to_alpha(png); }
  return 4;
}

/// The memory of an image is the caller's; what stands between counts as the codec's.
static uint8_t *reserve(png_reader *reader, size_t width, size_t rows) {
  if (width > SIZE_MAX / 4 / rows) {
    codec_note_memory(&reader->report, reader->limits);
    give_up(reader, CODEC_TOO_LARGE, NULL);
  }
  reader->rgba = png_malloc(reader->png, width * rows * 4);
  return reader->rgba;
}

static inline uint8_t over_white(unsigned colour, unsigned alpha) {
  unsigned t = colour * alpha + 255 * (255 - alpha) + 128;
  return (uint8_t)(((t >> 8) + t) >> 8);
}

static void composite(const uint8_t *rgba, uint8_t *rgb, size_t count) {
  for (size_t i = 0; i < count; i++, rgba += 4, rgb += 3) {
    for (int channel = 0; channel < 3; channel++) {
      rgb[channel] = over_white(rgba[channel], rgba[3]);
    }
  }
}

/// A lenient reader of an interlaced image shows the coarse pixels of the passes that arrived.
static void read_row(png_reader *reader, uint8_t *row) {
  bool is_coarse = reader->options.lenient && reader->report.staged;
  png_read_row(reader->png, is_coarse ? NULL : row, is_coarse ? row : NULL);
  reader->rows_read++;
  if (codec_is_late(&reader->report, reader->limits, reader->start)) {
    give_up(reader, CODEC_TOO_LARGE, NULL);
  }
}

static void read_composited(png_reader *reader, int passes, uint8_t *pixels) {
  size_t width = reader->report.width, height = reader->report.height;
  if (passes == 1) {
    uint8_t *row = reserve(reader, width, 1);
    for (size_t y = 0; y < height; y++) {
      read_row(reader, row);
      composite(row, pixels + width * 3 * y, width);
    }
    return;
  }
  uint8_t *image = reserve(reader, width, height);
  memset(image, 0, width * height * 4);
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) { read_row(reader, image + width * 4 * y); }
  }
  composite(image, pixels, width * height);
}

static void read_pixels(png_reader *reader, uint8_t *pixels, size_t capacity) {
  png_structp png = reader->png;
  size_t channels = channels_of(reader), width = reader->report.width;
  if (!codec_fits(&reader->report, channels, capacity)) {
    give_up(reader, CODEC_CORRUPT, "the header changed between two readings");
  }
  if (reader->options.lenient) { memset(pixels, 0, width * channels * reader->report.height); }
  size_t read = choose_transforms(reader);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  if (png_get_rowbytes(png, reader->info) != width * read) {
    give_up(reader, CODEC_UNSUPPORTED, "libpng does not convert this image to RGB");
  }
  if (read != channels) {
    read_composited(reader, passes, pixels);
    return;
  }
  for (int pass = 0; pass < passes; pass++) {
    for (uint32_t y = 0; y < reader->report.height; y++) {
      read_row(reader, pixels + width * channels * y);
    }
  }
}

/// What was read before the damage stands in `pixels`, but for an interlaced image that had still
/// to be composited.
static void accept_damage(png_reader *reader, uint8_t *pixels) {
  uint64_t least = reader->report.staged ? reader->report.height : 1;
  if (!codec_is_damage(&reader->report) || reader->rows_read < least) { return; }
  codec_accept_damage(&reader->report);
  if (reader->rgba && reader->report.staged) {
    composite(reader->rgba, pixels, (size_t)reader->report.width * reader->report.height);
  }
}

/// The function that calls setjmp changes none of its own variables.
static void attempt(png_reader *reader, uint8_t *pixels, size_t capacity) {
  if (setjmp(reader->jump) != 0) {
    if (pixels && reader->options.lenient) { accept_damage(reader, pixels); }
    return;
  }
  open_reader(reader);
  if (pixels) { read_pixels(reader, pixels, capacity); }
}

static codec_report read_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity) {
  png_reader reader;
  memset(&reader, 0, sizeof reader);
  reader.bytes = bytes;
  reader.count = count;
  reader.limits = limits;
  reader.options = *options;
  reader.memory_left = limits->memory;
  reader.start = codec_clock();
  attempt(&reader, pixels, capacity);
  free(reader.rgba);
  if (reader.png) { png_destroy_read_struct(&reader.png, &reader.info, NULL); }
  return reader.report;
}

codec_report codec_probe_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options) {
  return read_png(bytes, count, limits, options, NULL, 0);
}

codec_report codec_decode_png(
    const uint8_t *bytes, size_t count, const codec_limits *limits, const codec_options *options,
    uint8_t *pixels, size_t capacity) {
  return read_png(bytes, count, limits, options, pixels, capacity);
}
