/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a segment: its documents' texts one after the other, compressed in blocks. A place in
 * it is a byte of the uncompressed whole. Bytes: text.c.
 *
 * Packer and writer: one thread each; memory for a block and its place. Reader: any number of
 * threads; each read inflates the blocks it touches, as far as it needs them.
 */
#ifndef PLENARY_INDEXER_TEXT_H
#define PLENARY_INDEXER_TEXT_H

#include "indexer/segment/column.h"

enum { TEXT_BLOCK = 64 * 1024 };

/* ---- Packing: text to compressed blocks, on any thread -----------------------------------------
 */

/* Blocks that have been compressed and not yet written. */
struct text_blocks {
    struct bytes packed; /* the blocks, one behind the other */
    struct bytes sizes;  /* of each: packed and unpacked, u32 each */
    uint64_t text_size;  /* unpacked, in all */
};

void text_blocks_init(struct text_blocks *blocks);
void text_blocks_reset(struct text_blocks *blocks);
void text_blocks_free(struct text_blocks *blocks);
size_t text_blocks_memory(const struct text_blocks *blocks);

struct text_packer;

int text_packer_open(struct text_packer **out, struct error *err);
void text_packer_close(struct text_packer *packer);

/* Append a whole document: it shares a block with others where it fits. */
int text_packer_add(struct text_packer *packer, struct text_blocks *blocks, const void *text,
                    size_t size, struct error *err);

/* End the block begun, if any. */
int text_packer_finish(struct text_packer *packer, struct text_blocks *blocks, struct error *err);

/* Append the text of all blocks to `out`, which is as large as they say. */
int text_blocks_read(const struct text_blocks *blocks, struct bytes *out, struct error *err);

/* ---- Writing -----------------------------------------------------------------------------------
 */

struct text_writer;

int text_create(struct text_writer **out, const char *path, struct error *err);

/* Append packed blocks. */
int text_append(struct text_writer *writer, const struct text_blocks *blocks, struct error *err);

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

/* The block inflated last, for a reader whose next read may be near. One thread's. */
struct text_window {
    struct libdeflate_decompressor *decompressor; /* owned */
    uint8_t *data;                                /* owned: TEXT_BLOCK bytes */
    const struct text *text;                      /* whose block it is; NULL: none is there */
    uint64_t block;
    size_t size; /* so much of it is there */
};

#define TEXT_WINDOW_INIT                                                                           \
    { NULL, NULL, NULL, 0, 0 }

void text_window_free(struct text_window *window); /* a zeroed one, too */

/* Append the bytes [begin, end) to `out`. `window` spares inflating a block twice; NULL: none. */
int text_read(const struct text *text, uint64_t begin, uint64_t end, struct text_window *window,
              struct bytes *out, struct error *err);

/* A block as it lies in the file. */
struct text_block {
    uint64_t begin, end;  /* packed, in the section */
    uint64_t start, stop; /* in the text */
};

uint64_t text_block_count(const struct text *text);

/* Block `i`, checked: its packed bytes may be read at text->blocks.data + begin. */
int text_block_get(const struct text *text, uint64_t i, struct text_block *out, struct error *err);

/* Its text into `out`, which has room for TEXT_BLOCK bytes. */
int text_block_inflate(const struct text *text, const struct text_block *block, uint8_t *out,
                       struct error *err);

/* Append it, packed as it is. */
int text_blocks_copy(struct text_blocks *blocks, const struct text *text,
                     const struct text_block *block, struct error *err);

/* Inflate every block whole, so that zlib's checksums are compared; first fault as the error. */
int text_verify(const struct text *text, struct error *err);

#endif
