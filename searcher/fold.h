/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Duplicates among the matches of a query: passages with the same words in the same order, whatever
 * their spaces, punctuation, case and accents. They are told apart by a 64-bit hash of their words,
 * taken from the forward index, so all matches are compared and no text is read: that two different
 * passages of a million are taken for equal has odds of one in 30 million.
 *
 * Of equal ones the newest is kept; of one date, the first by document id, then by place: no order
 * of segments can change it.
 *
 * A fold borrows the snapshot and belongs to one thread.
 */
#ifndef PLENARY_SEARCHER_FOLD_H
#define PLENARY_SEARCHER_FOLD_H

#include "searcher/filter.h"

struct fold;

/* Look at all matches of `query`. Whose plan it is asks query_plan_fault afterwards. */
int fold_make(struct fold **out, const struct snapshot *snapshot, struct shim_database *database,
              const struct shim_query *query, struct error *err);
void fold_free(struct fold *fold);

/* The matches that are kept; valid until fold_free. */
const struct passage_set *fold_kept(const struct fold *fold);

/* How many matches are left out, and how many of them for this one that is kept. */
uint64_t fold_left_out(const struct fold *fold);
uint32_t fold_duplicates(const struct fold *fold, uint32_t segment, uint32_t passage);

#endif
