/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The postings of a single passage, with positions, put together again from a batch: for builders
 * that take passages one by one. One thread.
 */
#ifndef PLENARY_INDEXER_PASSAGE_POSTINGS_H
#define PLENARY_INDEXER_PASSAGE_POSTINGS_H

#include "indexer/segment/posting_builder.h"
#include "indexer/vocabulary.h"

struct passage_postings {
    struct builder_posting *postings;
    size_t count, capacity;
    struct passage_slot *slots; /* by term id */
    size_t slot_count;
    uint32_t stamp;
    uint32_t *positions;
    size_t position_capacity;
    struct arena arena; /* field terms with their prefix */
};

/* Fill in `postings` for passage `i` of the batch, valid until the next call. */
int passage_postings_make(struct passage_postings *out, const struct vocabulary *vocabulary,
                          const struct batch *batch, size_t i, struct error *err);

void passage_postings_free(struct passage_postings *postings);

#endif
