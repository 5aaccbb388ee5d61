/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lexicon of a segment: its words in byte order, each with its term and the number of passages
 * with it. A word that different languages stem to different terms has a row for each. Bytes:
 * lexicon.c. Writing: one call. Reader: any number of threads.
 */
#ifndef PLENARY_INDEXER_LEXICON_H
#define PLENARY_INDEXER_LEXICON_H

#include "indexer/segment/column.h"

enum { LEXICON_BLOCK = 16 };

struct lexicon_row {
    const char *word, *term;
    uint32_t word_size, term_size;
    uint64_t passages;
};

/* Sorts `rows` in place; those equal in word and term become one, their passages added up. */
int lexicon_write(const char *path, struct lexicon_row *rows, size_t count, struct error *err);

struct lexicon {
    struct sidecar *sidecar;
    struct section rows;
    struct column begins; /* of blocks, in `rows` */
    uint64_t count;
};

/* After a failure lexicon_close is still needed (and harmless). */
int lexicon_open(struct lexicon *out, const char *path, struct error *err);
void lexicon_close(struct lexicon *lexicon);

/* Each row whose word starts with `prefix`, in order, until non-zero, which is returned. The
 * strings of the row hold during the call. */
typedef int (*lexicon_fn)(void *context, const struct lexicon_row *row);
int lexicon_each(const struct lexicon *lexicon, const char *prefix, size_t size, lexicon_fn each,
                 void *context, struct error *err);

#endif
