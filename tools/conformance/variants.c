// Writes small JPEGs of kinds that image libraries seldom write; see `variants` beside this file.
//
//     variants FOLDER

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

enum { width = 93, height = 141, most_components = 4 };

typedef struct {
  const char *name;
  J_COLOR_SPACE stored;
  int h, v;  // sampling of the first component, and of the fourth; the others have 1
  bool is_arithmetic, is_progressive;
  int restart_rows;
} variant;

static const variant variants[] = {
    {"411", JCS_YCbCr, 4, 1, false, false, 0},
    {"440", JCS_YCbCr, 1, 2, false, false, 0},
    {"410", JCS_YCbCr, 4, 2, false, false, 0},
    {"441", JCS_YCbCr, 1, 4, false, false, 0},
    {"311", JCS_YCbCr, 3, 1, false, false, 0},
    {"411-progressive", JCS_YCbCr, 4, 1, false, true, 0},
    {"440-progressive", JCS_YCbCr, 1, 2, false, true, 0},
    {"420-restart-rows", JCS_YCbCr, 2, 2, false, false, 1},
    {"420-progressive-restart", JCS_YCbCr, 2, 2, false, true, 1},
    {"420-arithmetic", JCS_YCbCr, 2, 2, true, false, 0},
    {"422-arithmetic-restart", JCS_YCbCr, 2, 1, true, false, 1},
    {"420-arithmetic-progressive", JCS_YCbCr, 2, 2, true, true, 0},
    {"rgb-arithmetic", JCS_RGB, 1, 1, true, false, 0},
    {"grey-arithmetic", JCS_GRAYSCALE, 1, 1, true, false, 0},
    {"ycck-444", JCS_YCCK, 1, 1, false, false, 0},
    {"ycck-420", JCS_YCCK, 2, 2, false, false, 0},
    {"ycck-420-progressive", JCS_YCCK, 2, 2, false, true, 0},
    {"cmyk-arithmetic", JCS_CMYK, 1, 1, true, false, 0},
};

/// Waves with some noise: every coefficient occurs, and neighbours differ.
static void paint(JSAMPLE *row, int y, int components, unsigned *state) {
  for (int x = 0; x < width; x++) {
    for (int c = 0; c < components; c++) {
      *state = *state * 1664525 + 1013904223;
      int wave = (x * (3 + c) + y * (5 - c)) % 128 + (x / 16 + y / 16 + c) % 3 * 40;
      *row++ = (JSAMPLE)(wave + (int)(*state >> 28));
    }
  }
}

static void write(const char *folder, const variant *variant) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.jpg", folder, variant->name);
  FILE *file = fopen(path, "wb");
  if (!file) {
    perror(path);
    exit(2);
  }
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  jpeg_stdio_dest(&jpeg, file);
  bool ink = variant->stored == JCS_CMYK || variant->stored == JCS_YCCK;
  jpeg.image_width = width;
  jpeg.image_height = height;
  jpeg.input_components = variant->stored == JCS_GRAYSCALE ? 1 : ink ? 4 : 3;
  jpeg.in_color_space =
      variant->stored == JCS_GRAYSCALE ? JCS_GRAYSCALE : ink ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_colorspace(&jpeg, variant->stored);
  jpeg_set_quality(&jpeg, 85, TRUE);
  for (int c = 0; c < jpeg.num_components; c++) {
    jpeg.comp_info[c].h_samp_factor = c == 0 || c == 3 ? variant->h : 1;
    jpeg.comp_info[c].v_samp_factor = c == 0 || c == 3 ? variant->v : 1;
  }
  jpeg.arith_code = variant->is_arithmetic;
  jpeg.restart_in_rows = variant->restart_rows;
  if (variant->is_progressive) { jpeg_simple_progression(&jpeg); }
  jpeg_start_compress(&jpeg, TRUE);
  unsigned state = 7;
  JSAMPLE row[width * most_components];
  JSAMPROW rows = row;
  while (jpeg.next_scanline < jpeg.image_height) {
    paint(row, (int)jpeg.next_scanline, jpeg.input_components, &state);
    jpeg_write_scanlines(&jpeg, &rows, 1);
  }
  jpeg_finish_compress(&jpeg);
  jpeg_destroy_compress(&jpeg);
  fclose(file);
}

int main(int count, char **values) {
  if (count != 2) {
    fprintf(stderr, "usage: variants FOLDER\n");
    return 64;
  }
  for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
    write(values[1], &variants[i]);
  }
  return 0;
}
