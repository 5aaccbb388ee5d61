/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranking beyond BM25: the best passages of a search are scored again with what the matcher does
 * not know. ranking.md says what each number does, with its paper, and how the two profiles were
 * chosen.
 *
 * A ranked search needs no qrels, no training and no state; the same index content gives the same
 * ranking, however it is cut in segments. A searcher belongs to one thread at a time.
 */
#ifndef PLENARY_SEARCHER_RANKING_H
#define PLENARY_SEARCHER_RANKING_H

#include "searcher/search.h"

#include <stdbool.h>
#include <stdint.h>

enum { RANKING_DEPTH_MOST = 100000, RANKING_REACH_MOST = 100, RANKING_FEEDBACK_MOST = 100 };

struct ranking {
    bool plain;     /* BM25 as the matcher has it, and nothing of what follows */
    double rarity;  /* power of a word's idf; 1 is BM25 */
    double common;  /* words in more than this share of passages are passed over; 1: none */
    double title;   /* how many times a word of the title counts as said in the first passage */
    double heading; /* the same for the headings above a passage, and its speaker's name */
    double speaker;
    double proximity; /* of words that follow each other in the query; 0: none */
    double context;   /* share of its neighbours' scores that a passage gets; 0: none */
    double inside;    /* the same where one document is searched: ranking_inside */
    double fade;      /* what is left of that a passage further away */
    uint32_t reach;   /* passages to each side */
    bool neighbours;  /* also list passages without a word of the query, for their neighbours */
    uint32_t feedback_passages; /* whose words are added to the query; 0: none */
    uint32_t feedback_words;    /* at most so many */
    double keep;                /* share of the weight that the query's own words keep */
    uint32_t depth;             /* how many passages the matcher gives to be ranked again */
};

#define RANKING_PLAIN                                                                              \
    { .plain = true }
#define RANKING_DEFAULT                                                                            \
    {                                                                                              \
        .rarity = 1.1, .common = 0.25, .title = 2, .proximity = 0.15, .context = 0.1,              \
        .inside = 0.6, .fade = 0.87, .reach = 15, .keep = 1, .depth = 1000                         \
    }
#define RANKING_THOROUGH                                                                           \
    {                                                                                              \
        .rarity = 1.1, .common = 0.25, .title = 2, .proximity = 0.1, .context = 0.1,               \
        .inside = 0.6, .fade = 0.87, .reach = 15, .feedback_passages = 20, .feedback_words = 80,   \
        .keep = 0.4, .depth = 1000                                                                 \
    }
/* BM25's own numbers. */
#define RANKING_K1 1.8
#define RANKING_K1_THOROUGH 1.4
#define RANKING_B 0.75

/* The same ranking for a search inside one document, where the question is which stretch of it is
 * meant: neighbours say more, and those without a word of the query are listed too. */
struct ranking ranking_inside(const struct ranking *ranking);

/* As searcher_search. Sorting by date, counting and grouping work as there; scores are those of the
 * ranking. The total counts what the query matches; passages listed for their neighbours alone are
 * not among it. */
int ranking_search(struct search_result *out, struct searcher *searcher,
                   const struct search_request *request, const struct ranking *ranking,
                   struct error *err);

#endif
