/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a query as a ranking sees them: each once, with a weight, its rarity and the terms
 * that stand for it. Strings are borrowed from the result (or arena) they came from. Belongs to one
 * thread.
 */
#ifndef PLENARY_SEARCHER_RANK_BAG_H
#define PLENARY_SEARCHER_RANK_BAG_H

#include "searcher/ranking.h"

enum { RANK_WORDS_MOST = 2048 };

struct rank_word {
    const char *const *terms;
    size_t term_count;
    double weight;     /* how often it is asked for, or what feedback makes of it */
    double rarity;     /* idf, to the power of ranking.rarity; 0: passed over */
    uint64_t passages; /* with one of its terms */
};

struct rank_bag {
    struct arena *arena;
    struct shim_database *database;
    const struct ranking *ranking;
    uint64_t passages; /* of the index */
    double average_length;
    struct rank_word *words;
    size_t count, capacity;
    uint32_t *sequence; /* the query's words in its order */
    size_t sequence_count, sequence_capacity;
    struct rank_slot *slots; /* terms to words */
    size_t slot_count, slot_capacity;
};

/* An empty bag. */
int rank_bag_init(struct rank_bag *bag, struct arena *arena, struct shim_database *database,
                  const struct ranking *ranking, struct error *err);

/* The words that a result highlights in the text, in order. */
int rank_bag_take(struct rank_bag *bag, const struct search_result *result, struct error *err);

/* Add `weight` to the word of these terms; its number in *out (may be NULL). */
int rank_bag_add(struct rank_bag *bag, const char *const *terms, size_t count, double weight,
                 uint32_t *out, struct error *err);

/* The word that a term stands for, or -1. */
int rank_bag_find(const struct rank_bag *bag, const char *term, size_t size);

/* A term's rarity: Robertson and Sparck Jones' weight as Xapian bounds it, to the ranking's power.
 */
double rank_rarity(const struct rank_bag *bag, uint64_t passages);

/* Once all words are there: words in more passages than ranking.common allows weigh nothing, unless
 * all are so. */
void rank_bag_pass_common(struct rank_bag *bag);

/* The query that finds the bag's words with about these weights, titles too. */
int rank_bag_query(const struct rank_bag *bag, double k1, const struct shim_query **out,
                   struct error *err);

#endif
