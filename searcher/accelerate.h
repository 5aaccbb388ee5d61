/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace the parts of a planned query that are bags of words (bag.h) by sources that read the
 * postings in place. What is left goes through Xapian as it was; the answer is the same either way.
 */
#ifndef PLENARY_SEARCHER_ACCELERATE_H
#define PLENARY_SEARCHER_ACCELERATE_H

#include "corpus/arena.h"
#include "searcher/bag.h"

struct acceleration {
    const struct shim_query *root;
    struct bag *whole;             /* the query is this bag and nothing else; NULL: it is not */
    struct acceleration_bag *bags; /* owned */
};

struct acceleration_options {
    const struct snapshot *snapshot;
    uint64_t passages;
    double average, k1, b;
    /* Passages to be found, of a query that is a bag as a whole; NULL: all that are not deleted.
     * Otherwise the caller has to put the filter around it. */
    const struct passage_set *filter;
    const struct shim_database *clock; /* whose deadline holds */
};

/* Nodes are made in `arena` and stand beside those of `query`, which they share. 0, or an error. */
int acceleration_make(struct acceleration *out, struct arena *arena, const struct shim_query *query,
                      const struct acceleration_options *options, struct error *err);
void acceleration_free(struct acceleration *acceleration); /* zeroed ones, too */

/* What went wrong in a search (bag_fault). */
int acceleration_fault(const struct acceleration *acceleration, struct error *err);

#endif
