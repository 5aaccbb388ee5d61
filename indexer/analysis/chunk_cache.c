/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/chunk_cache.h"
#include "indexer/analysis/word_table.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 16, BYTES_MAX = 8 << 20 };

uint32_t chunk_cache_hash(int language, const char *text, size_t size) {
    uint64_t hash = word_hash_begin((uint16_t)language, false);
    for (size_t i = 0; i < size; i++)
        hash = word_hash_byte(hash, (uint8_t)text[i]);
    return word_hash_end(hash);
}

const struct cached_chunk *chunk_cache_find(const struct chunk_cache *cache, uint32_t hash,
                                            int language, const char *text, size_t size) {
    if (!cache->slots)
        return NULL;
    for (size_t at = hash % SLOTS; cache->slots[at]; at = (at + 1) % SLOTS) {
        const struct cached_chunk *chunk = cache->slots[at];
        if (chunk->hash == hash && chunk->language == language && chunk->size == size &&
            !memcmp(chunk->tokens + chunk->count, text, size))
            return chunk;
    }
    return NULL;
}

static bool make_room(struct chunk_cache *cache) {
    if (cache->slots && (cache->used >= SLOTS / 2 || cache->chunks.total >= BYTES_MAX)) {
        memset(cache->slots, 0, SLOTS * sizeof *cache->slots);
        arena_free(&cache->chunks);
        cache->used = 0;
    }
    if (!cache->slots)
        cache->slots = calloc(SLOTS, sizeof *cache->slots);
    return cache->slots;
}

void chunk_cache_add(struct chunk_cache *cache, uint32_t hash, int language, const char *text,
                     size_t size, const struct token *tokens, size_t count) {
    if (!make_room(cache))
        return;
    struct cached_chunk *chunk =
        arena_alloc(&cache->chunks, sizeof *chunk + count * sizeof *tokens + size);
    if (!chunk)
        return;
    chunk->hash = hash;
    chunk->language = (uint8_t)language;
    chunk->size = (uint8_t)size;
    chunk->count = (uint16_t)count;
    if (count)
        memcpy(chunk->tokens, tokens, count * sizeof *tokens);
    memcpy(chunk->tokens + count, text, size);
    size_t at = hash % SLOTS;
    while (cache->slots[at])
        at = (at + 1) % SLOTS;
    cache->slots[at] = chunk;
    cache->used++;
}

size_t chunk_cache_memory(const struct chunk_cache *cache) {
    return cache->chunks.total + (cache->slots ? SLOTS * sizeof *cache->slots : 0);
}

void chunk_cache_clear(struct chunk_cache *cache) {
    free(cache->slots);
    arena_free(&cache->chunks);
    *cache = (struct chunk_cache){0};
}
