/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a segment: its documents' texts one after the other, compressed in blocks. A place in
 * it is a byte of the uncompressed whole. Bytes: text.c.
 *
 * Writer: one thread; memory for a block and its place. Reader: any number of threads; each read
 * inflates the blocks it touches, as far as it needs them.
 */
#ifndef PLENARY_INDEXER_TEXT_H
#define PLENARY_INDEXER_TEXT_H

#include "indexer/segment/column.h"

enum { TEXT_BLOCK = 64 * 1024 };

struct text_writer;

int text_create(struct text_writer **out, const char *path, struct error *err);

/* Append a whole document: it shares a block with others where it fits. */
int text_add(struct text_writer *writer, const void *text, size_t size, struct error *err);

/* Bytes added so far: where the next document begins. */
uint64_t text_size(const struct text_writer *writer);

int text_finish(struct text_writer *writer, struct error *err);
size_t text_memory(const struct text_writer *writer);

/* Without a finish before, the file is removed. NULL is fine. */
void text_writer_close(struct text_writer *writer);

struct text {
    struct sidecar *sidecar;
    struct section blocks;
    struct column begins; /* in `blocks`: where each block begins, and the end */
    struct column starts; /* in the text: the same */
};

/* `size`: the bytes it must hold. After a failure text_close is still needed (and harmless). */
int text_open(struct text *out, const char *path, uint64_t size, struct error *err);
void text_close(struct text *text);

/* Append the bytes [begin, end) to `out`. */
int text_read(const struct text *text, uint64_t begin, uint64_t end, struct bytes *out,
              struct error *err);

/* Inflate every block whole, so that zlib's checksums are compared; first fault as the error. */
int text_verify(const struct text *text, struct error *err);

#endif
