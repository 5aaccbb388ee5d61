/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the segment being built: each distinct word, term and joinedness has an id, and is
 * counted. Ids are given as batches come, within a batch by frequency: since the first batch holds
 * nearly all that is frequent, frequent words get small ids, which the forward index codes short.
 * One thread.
 */
#ifndef PLENARY_INDEXER_SEGMENT_WORDS_H
#define PLENARY_INDEXER_SEGMENT_WORDS_H

#include "corpus/arena.h"
#include "indexer/segment/lexicon.h"
#include "indexer/vocabulary.h"

struct segment_words {
    struct arena arena;
    struct lexicon_row *rows; /* by id */
    size_t count, capacity;
    uint32_t *table; /* open addressing: id + 1 */
    size_t table_size;
    uint32_t *fresh; /* scratch: entries of a batch's words that have no id yet */
    size_t fresh_capacity;
};

/* Give ids to all words of a batch (in vocabulary->word_ids) and count their passages. */
int segment_words_add(struct segment_words *words, struct vocabulary *vocabulary,
                      const struct batch *batch, struct error *err);

/* The id of a row's (word, term, joined), new or not; UINT32_MAX: out of memory. Counts nothing. */
uint32_t segment_words_intern(struct segment_words *words, const struct lexicon_row *row);

/* Write the lexicon; the rows are then in another order. */
int segment_words_write(struct segment_words *words, const char *path, struct error *err);

void segment_words_free(struct segment_words *words);
size_t segment_words_memory(const struct segment_words *words);

#endif
