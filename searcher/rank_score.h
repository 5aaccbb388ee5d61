/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The score of one passage: BM25 over its words, its document's title (with the first passage), its
 * headings and its speaker as one text (BM25F: Robertson, Zaragoza and Taylor, CIKM 2004; Zaragoza
 * et al., TREC 2004), and the nearness of words that follow each other in the query, as the
 * sequential dependence model has it (Metzler and Croft, SIGIR 2005): pairs side by side in order,
 * and pairs within a window of eight.
 *
 * Words are read from the forward index. A scorer belongs to one thread.
 */
#ifndef PLENARY_SEARCHER_RANK_SCORE_H
#define PLENARY_SEARCHER_RANK_SCORE_H

#include "searcher/rank_bag.h"

struct rank_scorer;

/* Borrows all of it. `k1` and `b` are BM25's. */
int rank_scorer_open(struct rank_scorer **out, const struct rank_bag *bag,
                     struct searcher *searcher, double k1, double b, struct error *err);
void rank_scorer_close(struct rank_scorer *scorer);

/* `document`: the passage's. */
int rank_score(struct rank_scorer *scorer, uint32_t segment, uint32_t document, uint32_t passage,
               double *score, struct error *err);

#endif
