/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a search needs to skip postings without reading them: the postings of each long list in
 * blocks of some 128, with each block's place in postlist.glass, first and last docid and the most
 * that one of its postings can weigh; and all passages' lengths as a flat array. Nothing is stored
 * twice: the postings themselves are read where Xapian's table has them. Bytes: bounds.c.
 *
 * A posting weighs tf = wdf / (wdf + K(length)) of what its term can weigh at most, with BM25's
 *     K(length) = k1 * (1 - b + b * length / average).
 * A block keeps its largest tf, rounded up to a multiple of 1/255, for the k1, b and average of the
 * segment when it was written. Other parameters, or other segments beside it, need no new file: if
 * K'(length) >= r * K(length) for all lengths then tf' <= tf / (tf + r * (1 - tf)), since K / wdf =
 * (1 - tf) / tf. K' / K is a quotient of two linear functions of the length, so it is least at
 * length 0 or towards infinity.
 *
 * The idea of a bound for each block is that of Ding and Suel, "Faster top-k document retrieval
 * using block-max indexes" (SIGIR 2011).
 *
 * Writer: one thread. Reader: immutable after opening, any number of threads.
 */
#ifndef PLENARY_INDEXER_SEGMENT_BOUNDS_H
#define PLENARY_INDEXER_SEGMENT_BOUNDS_H

#include "indexer/segment/glass_postlist.h"
#include "indexer/segment/sidecar.h"

enum {
    BOUNDS_BLOCK = 128, /* postings; lists of no more have no entry here */
    BOUNDS_CODES = 256,
};

/* The parameters that blocks are bounded for; others are served too, with looser bounds. */
#define BOUNDS_K1 1.2
#define BOUNDS_B 0.75

/* ---- Writing ------------------------------------------------------------------------------- */

struct bounds_writer;

int bounds_writer_create(struct bounds_writer **out, struct error *err);

/* As glass_postlist_add_length: all of them before the first chunk. */
void bounds_add_length(struct bounds_writer *writer, uint32_t docid, uint32_t length);

/* A glass_chunk_fn; `context` is the bounds_writer. */
int bounds_add_chunk(void *context, const struct glass_chunk *chunk);

/* Write `folder`/bounds.blocks and fsync. */
int bounds_finish(struct bounds_writer *writer, const char *folder, struct error *err);

void bounds_writer_close(struct bounds_writer *writer); /* NULL is fine */

/* ---- Reading ------------------------------------------------------------------------------- */

struct bounds {
    struct sidecar *sidecar;
    struct section lists, first, last, offset, count, code, lengths;
    unsigned length_width; /* bytes: 1, 2 or 4 */
    uint64_t list_count, block_count;
    uint32_t last_docid;
    double k1, b, average; /* that `code` holds for */
};

/* 0, or negative; PLENARY_ENOTFOUND where the segment has none. */
int bounds_open(struct bounds *out, const char *folder, struct error *err);
void bounds_close(struct bounds *bounds);

/* The blocks of one list, in order: element i of each array belongs to block i. */
struct bounds_list {
    const uint8_t *first, *last; /* u32 each: bounds_u32 */
    const uint8_t *offset;       /* u32 each, from `base` in postlist.glass: where the wdf of the
                                    block's first posting stands, then (gap, wdf)* */
    const uint8_t *count;        /* postings - 1 */
    const uint8_t *code;         /* the largest tf, in 255ths, rounded up */
    uint64_t base;
    uint32_t blocks;
    uint8_t most; /* the largest code */
};

/* The list whose first chunk's postings begin at `offset` of postlist.glass: 1, 0 if it has no
 * entry, negative. */
int bounds_find(const struct bounds *bounds, uint64_t offset, struct bounds_list *out,
                struct error *err);

static inline uint32_t bounds_u32(const uint8_t *array, uint32_t i) {
    return load_u32(array + (size_t)i * 4);
}

/* A passage's length in terms; 0 for a docid that has none. */
static inline int bounds_length(const struct bounds *bounds, uint32_t docid, uint32_t *length,
                                struct error *err) {
    unsigned width = bounds->length_width;
    uint64_t at = (uint64_t)(docid - 1) * width;
    int status = section_need(&bounds->lengths, at, width, err);
    if (__builtin_expect(status != 0, 0))
        return status;
    const uint8_t *data = bounds->lengths.data + at;
    *length = width == 1   ? *data
              : width == 2 ? (uint32_t)data[0] | (uint32_t)data[1] << 8
                           : load_u32(data);
    return 0;
}

/* For each code the most that tf can be with these parameters, rounding included. */
void bounds_scale(const struct bounds *bounds, double k1, double b, double average,
                  double out[BOUNDS_CODES]);

/* Does it say of the postings in `folder` what they are? Reads all of them. */
int bounds_verify(const struct bounds *bounds, const char *folder, struct error *err);

#endif
