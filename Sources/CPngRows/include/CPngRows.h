// Reads and writes PNG rows. libpng reports errors with longjmp, which must not cross Swift
// frames: every entry here keeps its setjmp inside and returns a status instead.
#ifndef GRAPHEION_CPNGROWS_H
#define GRAPHEION_CPNGROWS_H
#include <stddef.h>

/// Wider images are refused: a row takes at most 8 MiB while it is decoded.
#define GRAPHEION_PNG_WIDEST (1u << 20)

typedef struct grapheion_png_reader grapheion_png_reader;
typedef struct grapheion_png_writer grapheion_png_writer;

typedef struct {
  unsigned width, height;
  int channels;    ///< of the rows as delivered: 1 grey, 3 colour; 8 bits a sample
  int interlaced;  ///< rows come only after the whole image is in memory
  int depth;       ///< bits of a sample in the file
  unsigned across, down;  ///< pixels a metre; 0 where the file says nothing
  double raw_size; ///< bytes of all rows as they stand in the file, uncompressed
} grapheion_png_info;

/// Starts reading a file (by descriptor, which the reader takes over) or bytes (which must outlive it).
/// On failure returns null and writes why into `message`.
/// A sample of 16 bits becomes 255 where it is `top` or more. Transparency is laid on white, or left out with `drops_alpha`.
grapheion_png_reader *grapheion_png_open(int descriptor, const unsigned char *bytes, size_t count, unsigned top,
                                         int drops_alpha, grapheion_png_info *info, char message[200]);
/// The largest sample of 16 bits in the rows decoded so far.
unsigned grapheion_png_largest(const grapheion_png_reader *reader);
/// The next row: width * channels bytes. 0, or -1 with the reason in `message`.
/// Interlaced images are decoded whole at the first call, within `memory_limit` bytes.
int grapheion_png_read_row(grapheion_png_reader *reader, unsigned char *row, size_t memory_limit, char message[200]);
void grapheion_png_close(grapheion_png_reader *reader);

/// Receives encoded bytes; a nonzero return stops the writer.
typedef int (*grapheion_png_sink)(void *context, const unsigned char *bytes, size_t count);
/// `across` and `down` are pixels a metre; 0 says nothing of them.
grapheion_png_writer *grapheion_png_create(unsigned width, unsigned height, int channels, int compression,
                                           unsigned across, unsigned down, grapheion_png_sink sink, void *context,
                                           char message[200]);
int grapheion_png_write_row(grapheion_png_writer *writer, const unsigned char *row, char message[200]);
/// Ends the image and frees the writer, also after an error.
int grapheion_png_finish(grapheion_png_writer *writer, int complete, char message[200]);
#endif
