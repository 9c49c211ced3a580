#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "report.h"

// Writes 8-bit RGB as PNG into memory that grows.

typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf jump;
  uint8_t *bytes;
  size_t count, capacity;
  codec_report report;
} png_writer;

static _Noreturn void give_up(png_writer *writer, codec_status status, const char *message) {
  writer->report.status = status;
  codec_note(&writer->report, "%s", message);
  longjmp(writer->jump, 1);
}

/// Fed with pixels of the right count, libpng has nothing to complain of but a size it cannot write.
static void on_error(png_structp png, png_const_charp message) {
  give_up(png_get_error_ptr(png), CODEC_TOO_LARGE, message);
}

static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void on_write(png_structp png, png_bytep source, size_t count) {
  png_writer *writer = png_get_io_ptr(png);
  if (count > writer->capacity - writer->count) {
    size_t capacity = writer->capacity ? writer->capacity : 1 << 16;
    while (capacity - writer->count < count && capacity <= SIZE_MAX / 2) { capacity *= 2; }
    uint8_t *bytes = realloc(writer->bytes, capacity);
    if (!bytes || capacity - writer->count < count) {
      if (bytes) { writer->bytes = bytes; }
      give_up(writer, CODEC_OUT_OF_MEMORY, "the machine refused memory for the PNG");
    }
    writer->bytes = bytes;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->count, source, count);
  writer->count += count;
}

static void on_flush(png_structp png) { (void)png; }

/// The function that calls setjmp changes none of its own variables.
static void attempt(
    png_writer *writer, const uint8_t *pixels, uint32_t width, uint32_t height, int level) {
  if (setjmp(writer->jump) != 0) { return; }
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  if (!writer->png) { give_up(writer, CODEC_OUT_OF_MEMORY, "libpng could not start"); }
  writer->info = png_create_info_struct(writer->png);
  if (!writer->info) { give_up(writer, CODEC_OUT_OF_MEMORY, "libpng could not start"); }
  png_structp png = writer->png;
  png_set_write_fn(png, writer, on_write, on_flush);
  png_set_compression_level(png, level);
  png_set_IHDR(
      png, writer->info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, writer->info);
  for (uint32_t y = 0; y < height; y++) { png_write_row(png, pixels + (size_t)y * width * 3); }
  png_write_end(png, writer->info);
}

codec_report codec_encode_png(
    const uint8_t *pixels, uint32_t width, uint32_t height, int level, uint8_t **bytes,
    size_t *count) {
  png_writer writer;
  memset(&writer, 0, sizeof writer);
  writer.report.width = width;
  writer.report.height = height;
  attempt(&writer, pixels, width, height, level);
  png_destroy_write_struct(&writer.png, &writer.info);
  if (writer.report.status != CODEC_OK) {
    free(writer.bytes);
    writer.bytes = NULL;
    writer.count = 0;
  }
  *bytes = writer.bytes;
  *count = writer.count;
  return writer.report;
}

void codec_free(uint8_t *bytes) { free(bytes); }
