/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lexicons of a snapshot's segments have told already: a look-up takes a search through
 * blocks of coded rows, and the topics of a report ask for the same words again and again. Belongs
 * to a searcher and its thread.
 */
#ifndef PLENARY_SEARCHER_WORD_CACHE_H
#define PLENARY_SEARCHER_WORD_CACHE_H

#include "indexer/index.h"
#include "shim/shim.h"

struct word_cache;

/* NULL: out of memory. The snapshot is borrowed. */
struct word_cache *word_cache_open(const struct snapshot *snapshot);
void word_cache_close(struct word_cache *cache); /* NULL is fine */

/* Forget all if it has become large. What was handed out before is then gone. */
void word_cache_trim(struct word_cache *cache);

/* The ids of the words with this term; *ids holds until the next call. */
int word_cache_ids(struct word_cache *cache, uint32_t segment, const char *term,
                   const uint32_t **ids, size_t *count, struct error *err);

/* The term of an id, ended by a NUL; it holds until word_cache_trim. PLENARY_EINVALID for the id of
 * no word. */
int word_cache_term(struct word_cache *cache, uint32_t segment, uint32_t id, const char **term,
                    struct error *err);

/* In how many passages of the whole index a term of the text stands, deleted ones included. */
int word_cache_passages(struct word_cache *cache, struct shim_database *database, const char *term,
                        uint64_t *passages, struct error *err);

#endif
