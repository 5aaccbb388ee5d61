/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the tree of what is asked to the query that Xapian's matcher runs: words become terms by way
 * of the analyser and the lexicons, and the words to highlight are noted on the way.
 *
 *   word           its terms in the index's languages as one SYNONYM; a word of several parts is
 *                  the phrase of the parts or the joined form
 *   phrase, NEAR,  the words' weights, filtered by a source that reads the passages' tokens
 *   =word          (phrase_source.h), or in a field by a set of passages that query_verify made
 *   prefix* w?rd~  SYNONYM of what the lexicons have
 *   (a b c)~2      the OR, filtered by a set of the passages that match so many, counted at once
 *   date:x         a set of passages at weight 0 (query_meta.h)
 *   x^2            SCALE
 *   field:word     a fixed weight, log(1 + (N - n + 0.5) / (n + 0.5)), for field terms have no wdf
 *   NOT            AND_NOT; alone, everything without it at weight 0
 *   +a b           AND_MAYBE
 *
 * Weights depend on the collection as a whole, never on how it is cut in segments.
 */
#ifndef PLENARY_SEARCHER_QUERY_PLAN_H
#define PLENARY_SEARCHER_QUERY_PLAN_H

#include "searcher/filter.h"
#include "searcher/query.h"
#include "searcher/search.h"

struct phrase_source;

struct query_plan_set {
    struct query_plan_set *next;
    struct passage_set set;
};

struct query_plan_phrase {
    struct query_plan_phrase *next;
    struct phrase_source *source;
};

struct query_plan {
    const struct shim_query *root;       /* in the arena */
    struct search_highlight *highlights; /* in the arena */
    size_t highlight_count;
    struct query_plan_set *sets;       /* verified passages; freed by query_plan_free */
    struct query_plan_phrase *phrases; /* freed by query_plan_free */
};

struct query_plan_options {
    const struct snapshot *snapshot;
    struct shim_database *database; /* its segments, in order */
    struct analyser *analyser;
    uint64_t languages; /* a bit for each stemmer that words go through; 0: those of the index */
};

/* Plan `query`, whose notices grow. The plan lives in `arena`, and borrows the snapshot. */
int query_plan_make(struct query_plan *out, struct arena *arena, struct query *query,
                    const struct query_plan_options *options, struct error *err);

/* To be asked after each search with the plan, by one thread at a time: 0, or what went wrong in
 * reading tokens, which the matcher could not be told. */
int query_plan_fault(const struct query_plan *plan, struct error *err);

/* Zeroed plans may be freed. */
void query_plan_free(struct query_plan *plan);

#endif
