/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pseudo-relevance feedback: the best passages are taken for good ones, and the words that mark
 * them are added to the query (RM3: Lavrenko and Croft, SIGIR 2001; Abdul-Jaleel et al., TREC
 * 2004). Words come from the forward index. A word's share is its relative frequency in a passage,
 * weighed by the passage's score, times its rarity, so that common words do not crowd out telling
 * ones.
 */
#ifndef PLENARY_SEARCHER_RANK_FEEDBACK_H
#define PLENARY_SEARCHER_RANK_FEEDBACK_H

#include "searcher/rank_bag.h"

struct rank_passage {
    uint32_t segment, passage;
    double score;
};

/* Add words to the bag from `passages`, best first, of which the first ranking.feedback_passages
 * count; ranking.keep tells how much the words that are there already keep. */
int rank_feedback(struct rank_bag *bag, struct searcher *searcher,
                  const struct rank_passage *passages, size_t count, struct error *err);

#endif
