/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cuts a file of records, one a line, into slices of about a megabyte: whole lines, and never the
 * records of one document in two slices. Memory: a slice, or the largest document if that is more.
 *
 * A line longer than options.max_line is passed over without being held. A document whose records
 * take more than SLICE_DOCUMENT_MAX bytes is cut in two, with a warning. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_SLICE_H
#define PLENARY_CORPUS_SLICE_H

#include "corpus/bytes.h"
#include "corpus/inflate.h"
#include "corpus/reader.h"

enum { SLICE_SIZE = 1 << 20, SLICE_DOCUMENT_MAX = 256 << 20 };

/* Is this line a record that shares a document with others (its `document` field goes into `out`,
 * emptied first), one that is a document by itself, or none that can be read? */
enum slice_line { SLICE_UNREADABLE, SLICE_ALONE, SLICE_SHARED };
typedef enum slice_line (*slice_document_fn)(void *context, const uint8_t *line, size_t size,
                                             struct bytes *out);

struct slicer {
    struct inflater *input;               /* not owned */
    const struct corpus_options *options; /* with no zeros for defaults */
    const char *path;
    slice_document_fn document; /* NULL: records are documents */
    void *context;
    struct bytes buffer;   /* read, not yet handed out */
    uint64_t offset, line; /* of the buffer's first byte */
    uint64_t skipped;      /* lines passed over, each with a notice */
    bool ended;            /* the input has no more */
};

/* 1: `data` (malloc'ed, the caller's) holds the next slice, `offset` and `line` say where it
 * starts, `last` that it ends the file (unless that ends in a line passed over); 0: the end;
 * negative. */
struct slice {
    uint8_t *data;
    size_t size;
    uint64_t offset, line;
    bool last;
};
int slicer_next(struct slicer *slicer, struct slice *out, struct error *err);

/* Read until the buffer holds `size` bytes or the input ends: to look at a file's start before it
 * is cut. */
int slicer_fill(struct slicer *slicer, size_t size, struct error *err);

#endif
