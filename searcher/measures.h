/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What trec_eval measures of one topic's ranking, by its definitions and under its names.
 *
 *   map         mean over the relevant documents of the precision at each (0 where not found)
 *   P_k         relevant among the first k, by k, also where fewer were found
 *   recall_k    relevant among the first k, by all relevant
 *   ndcg_cut_k  discounted gain by that of the best order: gain the judgement, discount
 *               log2(rank + 1) (Jarvelin and Kekalainen, TOIS 20, 2002)
 *   recip_rank  1 by the rank of the first relevant document
 *   Rprec       precision at as many documents as are relevant
 *   bpref       1 - (judged not relevant above, at most R) / min(R, all judged not relevant), mean
 *               over the relevant (Buckley and Voorhees, SIGIR 2004, as trec_eval bounds it)
 *   success_k   1 if one of the first k is relevant
 *
 * The ranking is by score, highest first, then by document id, the larger bytes first; what is not
 * judged counts as not relevant, but not for bpref. No state: thread-safe.
 */
#ifndef PLENARY_SEARCHER_MEASURES_H
#define PLENARY_SEARCHER_MEASURES_H

#include "searcher/trec_file.h"

#include <stdbool.h>

enum { MEASURE_COUNT = 38 };

struct measures {
    double values[MEASURE_COUNT];
};

/* "num_ret", "map", "P_5", ...: NULL from MEASURE_COUNT on. */
const char *measure_name(size_t measure);

/* Counts are added up over topics, not averaged, and shown without decimals. */
bool measure_is_count(size_t measure);

/* The number of a measure: by its name, or as trec_eval's -m writes it (P.10, ndcg_cut.10). -1 if
 * there is none. */
int measure_find(const char *name);

/* Measure one topic. `found` may be NULL: nothing was found. Fails for want of memory only. */
int measures_of_topic(struct measures *out, const struct trec_topic *judged,
                      const struct trec_topic *found, struct error *err);

#endif
