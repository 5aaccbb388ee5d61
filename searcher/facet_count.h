/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts matches for facets (facet.h), one passage after another as match_walk gives them.
 *
 * Memory grows with the distinct values that matches have, not with those of the index. A counter
 * borrows the snapshot and belongs to one thread.
 */
#ifndef PLENARY_SEARCHER_FACET_COUNT_H
#define PLENARY_SEARCHER_FACET_COUNT_H

#include "corpus/arena.h"
#include "corpus/error.h"
#include "indexer/index.h"
#include "searcher/facet.h"

struct facet_counter;

/* `facets` and `histogram` as in search_request. */
int facet_counter_open(struct facet_counter **out, const struct snapshot *snapshot, unsigned facets,
                       unsigned histogram, struct error *err);
void facet_counter_close(struct facet_counter *counter);

/* A match; segments one after another, passages of each rising. `counter` is a facet_counter, so
 * that this is a match_fn. 0, or the first error. */
int facet_counter_add(void *counter, uint32_t segment, uint32_t passage);

/* How many were added. */
uint64_t facet_counter_total(const struct facet_counter *counter);

/* What was counted, in `arena`; once. `limit` values of each facet, all of a histogram. */
int facet_counter_finish(struct facet_counter *counter, struct arena *arena, uint32_t limit,
                         const struct facet **out, size_t *count, struct error *err);

#endif
