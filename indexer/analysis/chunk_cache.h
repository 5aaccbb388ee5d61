/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tokens of chunks met before. Chunks that are more than plain ASCII words (co-chairs, don’t,
 * déplacés) cost a hundred times a plain word to take apart, and repeat as words do; a cache makes
 * them nearly as cheap. It changes no result. Emptied when full. One thread.
 */
#ifndef PLENARY_INDEXER_CHUNK_CACHE_H
#define PLENARY_INDEXER_CHUNK_CACHE_H

#include "corpus/arena.h"
#include "indexer/analysis/analyser.h"

/* Longer chunks are not kept; the tokens of shorter ones are never shortened to TERM_MAX. */
enum { CHUNK_CACHED_MAX = 48 };

struct cached_chunk {
    uint32_t hash;
    uint8_t language, size;
    uint16_t count;        /* of tokens */
    struct token tokens[]; /* positions from 1, bytes from 0; then the chunk's text */
};

struct chunk_cache {
    const struct cached_chunk **slots; /* NULL before the first */
    size_t used;
    struct arena chunks;
};

uint32_t chunk_cache_hash(int language, const char *text, size_t size);

/* NULL if it is not there. `size` up to CHUNK_CACHED_MAX. */
const struct cached_chunk *chunk_cache_find(const struct chunk_cache *cache, uint32_t hash,
                                            int language, const char *text, size_t size);

/* Keep the tokens of a chunk that was not found; when memory is short it is not kept. */
void chunk_cache_add(struct chunk_cache *cache, uint32_t hash, int language, const char *text,
                     size_t size, const struct token *tokens, size_t count);

size_t chunk_cache_memory(const struct chunk_cache *cache);
void chunk_cache_clear(struct chunk_cache *cache);

#endif
