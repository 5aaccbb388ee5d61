/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lexicon of a segment: its words in byte order, each with its term, the number of passages
 * with it and its id, which is what stands for it in the forward index (tokens.h). A word that
 * different languages stem to different terms has a row for each, and so has one that stands both
 * as a joined form and as a word. Bytes: lexicon.c. Writing: one call. Reader: any number of
 * threads.
 */
#ifndef PLENARY_INDEXER_LEXICON_H
#define PLENARY_INDEXER_LEXICON_H

#include "corpus/bytes.h"
#include "indexer/segment/column.h"
#include "indexer/segment/word_ids.h"

enum { LEXICON_BLOCK = 16 };

struct lexicon_row {
    const char *word, *term;
    uint32_t word_size, term_size;
    uint64_t passages;
    uint32_t id;
    bool joined; /* a joined form (co-chairs as "cochairs"): stands directly before its parts */
};

/* Rows may come in any order. PLENARY_EINVALID unless each (word, term, joined) is there once and
 * the ids are 0 to count - 1, each once. */
int lexicon_write(const char *path, const struct lexicon_row *rows, size_t count,
                  struct error *err);

struct lexicon {
    struct sidecar *sidecar;
    struct section rows;
    struct column begins;  /* of blocks, in `rows` */
    struct column ids;     /* by row */
    struct column of_ids;  /* the row of each id */
    struct column by_term; /* rows in order of term */
    const uint8_t *joined; /* a bit for each id; verified when opened */
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

/* Each row in order, where `each` may leap: rows whose word is less than what it puts into *leap
 * (which is empty before each call) are passed over, most of them unread. The first `shared` bytes
 * of the word are those of the word passed before. What looks for words similar to one so reads a
 * small part of the rows. */
typedef int (*lexicon_leap_fn)(void *context, const struct lexicon_row *row, size_t shared,
                               struct bytes *leap);
int lexicon_leap(const struct lexicon *lexicon, lexicon_leap_fn each, void *context,
                 struct error *err);

/* Add to `out` the ids of all words with exactly this term, or of exactly this word with whatever
 * term. Takes the time of a binary search over rows in the mapping. */
int lexicon_of_term(const struct lexicon *lexicon, const char *term, size_t size,
                    struct word_ids *out, struct error *err);
int lexicon_of_word(const struct lexicon *lexicon, const char *word, size_t size,
                    struct word_ids *out, struct error *err);

/* Pass the row of an id to `each` and return what that returns. PLENARY_EINVALID if there is none.
 */
int lexicon_row_of_id(const struct lexicon *lexicon, uint32_t id, lexicon_fn each, void *context,
                      struct error *err);

/* Is this the id of a joined form? An id beyond the lexicon's is not. */
static inline bool lexicon_is_joined(const struct lexicon *lexicon, uint32_t id) {
    return id < lexicon->count && lexicon->joined[id >> 3] >> (id & 7) & 1;
}

/* Check that rows are in order, that both columns of ids agree and that the order of terms is one.
 * The first fault is the error. */
int lexicon_verify(const struct lexicon *lexicon, struct error *err);

#endif
