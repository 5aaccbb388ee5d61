/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker's numbers mean, on the side of whoever appends its batches: the words and terms its
 * analyser has numbered, and which number each has in the segment being built. One thread.
 */
#ifndef PLENARY_INDEXER_VOCABULARY_H
#define PLENARY_INDEXER_VOCABULARY_H

#include "indexer/batch.h"

struct vocabulary {
    struct word *words; /* by the worker's word id; strings are the worker's */
    uint32_t *word_ids; /* in the segment, + 1; 0: not met there yet */
    size_t word_count, word_capacity;
    struct batch_term *terms; /* by the worker's term id */
    uint32_t *term_numbers;   /* by term id and field, in the segment, + 1 */
    size_t term_count, term_capacity;
};

/* Take in what a batch brings along. Batches of a worker come in order. */
int vocabulary_learn(struct vocabulary *vocabulary, const struct batch *batch, struct error *err);

/* A new segment: nothing has a number there. */
void vocabulary_unmap(struct vocabulary *vocabulary);

void vocabulary_free(struct vocabulary *vocabulary);
size_t vocabulary_memory(const struct vocabulary *vocabulary);

#endif
