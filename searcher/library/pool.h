/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One snapshot of an index and as many searchers on it as there are threads at work. A searcher is
 * taken for a search and given back after it; while it is out it stays on the generation it was
 * taken with, so that no answer mixes two.
 *
 * Thread-safe. A taken searcher belongs to the thread that took it.
 */
#ifndef PLENARY_SEARCHER_POOL_H
#define PLENARY_SEARCHER_POOL_H

#include "corpus/error.h"
#include "searcher/search.h"

struct view; /* a snapshot, and how many use it */

struct pooled {
    struct searcher *searcher;
    struct view *view;
    struct pooled *next; /* among the idle ones */
};

struct pool;

int pool_open(struct pool **out, const char *index, struct error *err);

/* None may be out. */
void pool_close(struct pool *pool);

int pool_take(struct pooled **out, struct pool *pool, struct error *err);
void pool_give(struct pool *pool, struct pooled *pooled);

/* Move to the newest generation: 1 moved, 0 there is none newer, negative error. */
int pool_refresh(struct pool *pool, struct error *err);

/* Make the current generation's standing now, and from now on each one's before it is moved to. */
int pool_warm(struct pool *pool, struct error *err);

/* What the searcher's generation has of it; while it is out. */
struct standing;
struct standing *pooled_standing(const struct pooled *pooled);

struct pool_state {
    uint64_t generation, documents, passages;
};
void pool_state(struct pool *pool, struct pool_state *out);

#endif
