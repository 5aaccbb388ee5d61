/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bag of words: passages with any of its terms, and all of those that are required, ranked by
 * BM25 as Xapian's BM25Weight computes it, from postings that are read where they are mapped
 * (posting_list.h). It enters Xapian's matcher as a shim_source and takes the matcher's running
 * minimum weight for its threshold: what cannot exceed it is skipped, block by block where it can.
 *
 *   bag.c            statistics, the source's face
 *   bag_count.c      all of its passages, unranked
 *   bag_any.c        no term required: windows of docids, term by term (MaxScore)
 *   bag_all.c        some required: the rarest leads, the others leap after it
 *   bag_top.c        the best, where the query is nothing but a bag
 *
 * A bag belongs to one search and one thread.
 */
#ifndef PLENARY_SEARCHER_BAG_H
#define PLENARY_SEARCHER_BAG_H

#include "indexer/index.h"
#include "searcher/filter.h"
#include "searcher/match_walk.h"
#include "shim/shim.h"

enum { BAG_TERMS_MAX = 1024 };

struct bag_term {
    const char *term; /* not empty; the caller's, until bag_close */
    size_t size;
    double factor; /* on its weight */
    bool required;
};

struct bag_request {
    const struct bag_term *terms; /* 1 to BAG_TERMS_MAX; copied */
    size_t count;
    const struct snapshot *snapshot;
    uint64_t passages; /* in all segments, as Xapian counts them */
    double average;    /* length */
    double k1, b;
    const struct passage_set *filter; /* only these passages; NULL: all that are not deleted */
    const struct shim_source *const *checks; /* what also must hold of a passage, asked last */
    size_t check_count;
    const struct shim_database *clock; /* whose deadline holds (shim.h); NULL: none does */
};

struct bag;

/* 0; PLENARY_ENOTFOUND where a segment's postings cannot be read in place; another error. */
int bag_open(struct bag **out, const struct bag_request *request, struct error *err);
void bag_close(struct bag *bag); /* NULL is fine */

/* For a query's node; valid until bag_close. */
const struct shim_source *bag_shim(const struct bag *bag);

/* The `wanted` best passages and all that tie with the last of them, or all there are if fewer; in
 * no order. To be freed with shim_result_free; its counts of matches are not set. */
int bag_top(struct bag *bag, uint64_t wanted, struct shim_result *out, struct error *err);

/* How many postings counting would look at. */
uint64_t bag_count_cost(const struct bag *bag);

/* How many passages match: all are looked at. */
int bag_count(struct bag *bag, uint64_t *count, struct error *err);

/* Every passage that matches, rising within a segment, segments one after another; unranked, which
 * is faster. What is not 0 ends it and is returned. */
int bag_each(struct bag *bag, match_fn each, void *context, struct error *err);

/* What went wrong in searches so far, which the matcher took for the end: 0, or the first error. */
int bag_fault(const struct bag *bag, struct error *err);

#endif
