#include "CPngRows.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  jmp_buf jump;
  char message[200];
} Trap;

static void on_error(png_structp png, png_const_charp text) {
  Trap *trap = png_get_error_ptr(png);
  snprintf(trap->message, sizeof trap->message, "%s", text);
  longjmp(trap->jump, 1);
}
static void on_warning(png_structp png, png_const_charp text) { (void)png, (void)text; }
static void say(char out[200], const char *text) { snprintf(out, 200, "%s", text); }

struct grapheion_png_reader {
  Trap trap;
  png_structp png;
  png_infop info;
  FILE *file;
  const unsigned char *bytes;
  size_t left;
  unsigned width, height, row;
  int channels, interlaced;
  unsigned top, largest;  ///< of samples of 16 bits: what becomes 255, and what came
  unsigned char *whole;  ///< all rows of an interlaced image, once decoded
};

static void from_memory(png_structp png, png_bytep out, size_t count) {
  grapheion_png_reader *r = png_get_io_ptr(png);
  if (count > r->left) png_error(png, "the file is cut short");
  memcpy(out, r->bytes, count);
  r->bytes += count;
  r->left -= count;
}

static void from_file(png_structp png, png_bytep out, size_t count) {
  grapheion_png_reader *r = png_get_io_ptr(png);
  if (fread(out, 1, count, r->file) != count) png_error(png, ferror(r->file) ? "read error" : "the file is cut short");
}

/// Samples of 16 bits, most significant byte first, become 8 in place.
static void to_bytes(png_structp png, png_row_infop row, png_bytep data) {
  grapheion_png_reader *r = png_get_user_transform_ptr(png);
  const size_t count = (size_t)row->width * row->channels;
  unsigned largest = r->largest;
  for (size_t i = 0; i < count; i++) {
    unsigned sample = (unsigned)data[2 * i] << 8 | data[2 * i + 1];
    if (sample > largest) largest = sample;
    data[i] = sample >= r->top ? 255 : (unsigned char)((sample * 255 + r->top / 2) / r->top);
  }
  r->largest = largest;
}

unsigned grapheion_png_largest(const grapheion_png_reader *r) { return r->largest; }

grapheion_png_reader *grapheion_png_open(int descriptor, const unsigned char *bytes, size_t count, unsigned top,
                                         int drops_alpha, grapheion_png_info *info, char message[200]) {
  grapheion_png_reader *r = calloc(1, sizeof *r);
  if (!r) {
    if (!bytes) close(descriptor);
    say(message, "out of memory");
    return NULL;
  }
  r->bytes = bytes;
  r->left = count;
  r->top = top;
  if (!bytes && !(r->file = fdopen(descriptor, "rb"))) {
    close(descriptor);
    say(message, "cannot be opened");
    free(r);
    return NULL;
  }
  if (setjmp(r->trap.jump)) {
    memcpy(message, r->trap.message, 200);
    grapheion_png_close(r);
    return NULL;
  }
  r->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &r->trap, on_error, on_warning);
  if (!r->png || !(r->info = png_create_info_struct(r->png))) {
    say(message, "out of memory");
    grapheion_png_close(r);
    return NULL;
  }
  png_set_read_fn(r->png, r, bytes ? from_memory : from_file);
  // Any height may be read by rows. libpng takes memory for a few rows before the first is read: the width is
  // checked here, before that.
  png_set_user_limits(r->png, 0x7fffffff, 0x7fffffff);
  png_set_chunk_malloc_max(r->png, 8 << 20);
  png_set_benign_errors(r->png, 1);
  png_read_info(r->png, r->info);
  r->width = png_get_image_width(r->png, r->info);
  r->height = png_get_image_height(r->png, r->info);
  if (r->width > GRAPHEION_PNG_WIDEST) png_error(r->png, "more than 1048576 pixels wide");
  info->raw_size = ((double)png_get_rowbytes(r->png, r->info) + 1) * r->height;
  int type = png_get_color_type(r->png, r->info);
  int transparent = png_get_valid(r->png, r->info, PNG_INFO_tRNS) || (type & PNG_COLOR_MASK_ALPHA);
  int deep = png_get_bit_depth(r->png, r->info) == 16;
  info->depth = png_get_bit_depth(r->png, r->info);
  png_set_expand(r->png);
  if (transparent && drops_alpha) {
    png_set_strip_alpha(r->png);
  } else if (transparent) {
    png_color_16 white = {0};
    white.red = white.green = white.blue = white.gray = deep ? 65535 : 255;
    png_set_background(r->png, &white, PNG_BACKGROUND_GAMMA_SCREEN, 0, 1.0);
  }
  if (deep) {
    png_set_read_user_transform_fn(r->png, to_bytes);
    png_set_user_transform_info(r->png, r, 8, (type & PNG_COLOR_MASK_COLOR) ? 3 : 1);
  }
  r->interlaced = png_set_interlace_handling(r->png) > 1;
  png_read_update_info(r->png, r->info);
  r->channels = png_get_channels(r->png, r->info);
  if ((r->channels != 1 && r->channels != 3) || png_get_bit_depth(r->png, r->info) != 8 ||
      png_get_rowbytes(r->png, r->info) != (size_t)r->width * (size_t)r->channels)
    png_error(r->png, "a layout of samples that cannot be brought to 8 bits");
  info->width = r->width;
  info->height = r->height;
  info->channels = r->channels;
  info->interlaced = r->interlaced;
  int unit = PNG_RESOLUTION_UNKNOWN;
  png_uint_32 across = 0, down = 0;
  png_get_pHYs(r->png, r->info, &across, &down, &unit);
  info->across = unit == PNG_RESOLUTION_METER ? across : 0;
  info->down = unit == PNG_RESOLUTION_METER ? down : 0;
  return r;
}

int grapheion_png_read_row(grapheion_png_reader *r, unsigned char *row, size_t memory_limit, char message[200]) {
  const size_t size = (size_t)r->width * (size_t)r->channels;
  if (setjmp(r->trap.jump)) {
    memcpy(message, r->trap.message, 200);
    return -1;
  }
  if (r->row >= r->height) png_error(r->png, "no more rows");
  if (!r->interlaced) {
    png_read_row(r->png, row, NULL);
  } else {
    if (!r->whole) {
      if (size > memory_limit / r->height) png_error(r->png, "interlaced and too large to be decoded in memory");
      r->whole = malloc(size * r->height);
      if (!r->whole) png_error(r->png, "out of memory");
      for (int pass = 0; pass < 7; pass++)
        for (unsigned y = 0; y < r->height; y++) png_read_row(r->png, NULL, r->whole + size * y);
    }
    memcpy(row, r->whole + size * r->row, size);
  }
  r->row++;
  return 0;
}

void grapheion_png_close(grapheion_png_reader *r) {
  if (!r) return;
  if (r->png) png_destroy_read_struct(&r->png, r->info ? &r->info : NULL, NULL);
  if (r->file) fclose(r->file);
  free(r->whole);
  free(r);
}

struct grapheion_png_writer {
  Trap trap;
  png_structp png;
  png_infop info;
  grapheion_png_sink sink;
  void *context;
};

static void to_sink(png_structp png, png_bytep bytes, size_t count) {
  grapheion_png_writer *w = png_get_io_ptr(png);
  if (w->sink(w->context, bytes, count)) png_error(png, "the bytes could not be written");
}
static void no_flush(png_structp png) { (void)png; }

grapheion_png_writer *grapheion_png_create(unsigned width, unsigned height, int channels, int compression,
                                           unsigned across, unsigned down, grapheion_png_sink sink, void *context,
                                           char message[200]) {
  grapheion_png_writer *w = calloc(1, sizeof *w);
  if (!w) {
    say(message, "out of memory");
    return NULL;
  }
  w->sink = sink;
  w->context = context;
  if (setjmp(w->trap.jump)) {
    memcpy(message, w->trap.message, 200);
    if (w->png) png_destroy_write_struct(&w->png, &w->info);
    free(w);
    return NULL;
  }
  w->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &w->trap, on_error, on_warning);
  if (!w->png || !(w->info = png_create_info_struct(w->png))) {
    say(message, "out of memory");
    if (w->png) png_destroy_write_struct(&w->png, NULL);
    free(w);
    return NULL;
  }
  png_set_write_fn(w->png, w, to_sink, no_flush);
  png_set_compression_level(w->png, compression);
  if (compression <= 2) png_set_filter(w->png, 0, PNG_FILTER_SUB);
  png_set_IHDR(w->png, w->info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (across && down) png_set_pHYs(w->png, w->info, across, down, PNG_RESOLUTION_METER);
  png_write_info(w->png, w->info);
  return w;
}

int grapheion_png_write_row(grapheion_png_writer *w, const unsigned char *row, char message[200]) {
  if (setjmp(w->trap.jump)) {
    memcpy(message, w->trap.message, 200);
    return -1;
  }
  png_write_row(w->png, row);
  return 0;
}

int grapheion_png_finish(grapheion_png_writer *w, int complete, char message[200]) {
  volatile int status = 0;
  if (setjmp(w->trap.jump)) {
    memcpy(message, w->trap.message, 200);
    status = -1;
  } else if (complete) {
    png_write_end(w->png, w->info);
  }
  png_destroy_write_struct(&w->png, &w->info);
  free(w);
  return status;
}
