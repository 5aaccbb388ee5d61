/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/word_cache.h"

#include "searcher/query_verify.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { SLOTS_LEAST = 1024, ENTRIES_MOST = 1 << 17 };

/* In the place of a segment's number: all of them. */
static const uint32_t WHOLE_INDEX = UINT32_MAX;

/* A term with its ids in `ids`, or with its number of passages; or an id with its term. */
struct entry {
    const char *term; /* NULL: free */
    uint32_t segment, id;
    uint32_t first, count;
    uint64_t passages;
};

/* Open addressing; never more than half full. */
struct table {
    struct entry *slots; /* owned */
    size_t capacity, count;
};

struct word_cache {
    const struct snapshot *snapshot;
    struct table by_term, by_id;
    struct word_ids ids;
    struct arena text;
};

struct word_cache *word_cache_open(const struct snapshot *snapshot) {
    struct word_cache *cache = calloc(1, sizeof *cache);
    if (cache)
        cache->snapshot = snapshot;
    return cache;
}

static void forget(struct word_cache *cache) {
    free(cache->by_term.slots);
    free(cache->by_id.slots);
    cache->by_term = cache->by_id = (struct table){NULL, 0, 0};
    word_ids_free(&cache->ids);
    arena_free(&cache->text);
}

void word_cache_close(struct word_cache *cache) {
    if (cache)
        forget(cache);
    free(cache);
}

void word_cache_trim(struct word_cache *cache) {
    if (cache->by_term.count + cache->by_id.count + cache->ids.count > ENTRIES_MOST)
        forget(cache);
}

/* ---- Slots --------------------------------------------------------------------------------- */

static struct entry *slot_of_term(const struct table *table, uint32_t segment, const char *term) {
    size_t at = XXH3_64bits_withSeed(term, strlen(term), segment) & (table->capacity - 1);
    while (table->slots[at].term &&
           (table->slots[at].segment != segment || strcmp(table->slots[at].term, term) != 0))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

static struct entry *slot_of_id(const struct table *table, uint32_t segment, uint32_t id) {
    uint64_t key = ((uint64_t)segment << 32 | id) * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(key >> 32) & (table->capacity - 1);
    while (table->slots[at].term &&
           (table->slots[at].segment != segment || table->slots[at].id != id))
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

/* Room for one more. */
static int grow(struct table *table, bool by_id, struct error *err) {
    if (2 * (table->count + 1) <= table->capacity)
        return 0;
    struct table grown = {NULL, table->capacity ? 2 * table->capacity : SLOTS_LEAST, table->count};
    grown.slots = calloc(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return error_memory(err);
    for (size_t i = 0; i < table->capacity; i++) {
        const struct entry *from = &table->slots[i];
        if (from->term)
            *(by_id ? slot_of_id(&grown, from->segment, from->id)
                    : slot_of_term(&grown, from->segment, from->term)) = *from;
    }
    free(table->slots);
    *table = grown;
    return 0;
}

/* ---- Asking -------------------------------------------------------------------------------- */

int word_cache_ids(struct word_cache *cache, uint32_t segment, const char *term,
                   const uint32_t **ids, size_t *count, struct error *err) {
    int status = grow(&cache->by_term, false, err);
    if (status)
        return status;
    struct entry *entry = slot_of_term(&cache->by_term, segment, term);
    if (!entry->term) {
        size_t size = strlen(term), first = cache->ids.count;
        const char *copy = arena_text(&cache->text, term, size);
        if (!copy)
            return error_memory(err);
        status = segment_word_ids_of_term(snapshot_segment(cache->snapshot, segment), term, size,
                                          &cache->ids, err);
        if (status) {
            cache->ids.count = first;
            return status;
        }
        *entry = (struct entry){
            copy, segment, 0, (uint32_t)first, (uint32_t)(cache->ids.count - first), 0};
        cache->by_term.count++;
    }
    *ids = entry->count ? cache->ids.ids + entry->first : NULL;
    *count = entry->count;
    return 0;
}

struct found {
    struct arena *text;
    const char *term;
};

static int take(void *context, const char *word, size_t word_size, const char *term,
                size_t term_size, uint64_t passages) {
    struct found *found = context;
    (void)word;
    (void)word_size;
    (void)passages;
    found->term = arena_text(found->text, term, term_size);
    return found->term ? 0 : PLENARY_ENOMEM;
}

int word_cache_term(struct word_cache *cache, uint32_t segment, uint32_t id, const char **term,
                    struct error *err) {
    int status = grow(&cache->by_id, true, err);
    if (status)
        return status;
    struct entry *entry = slot_of_id(&cache->by_id, segment, id);
    if (!entry->term) {
        struct found found = {&cache->text, NULL};
        status =
            segment_word_of_id(snapshot_segment(cache->snapshot, segment), id, take, &found, err);
        if (status)
            return status == PLENARY_ENOMEM ? error_memory(err) : status;
        *entry = (struct entry){found.term, segment, id, 0, 0, 0};
        cache->by_id.count++;
    }
    *term = entry->term;
    return 0;
}

int word_cache_passages(struct word_cache *cache, struct shim_database *database, const char *term,
                        uint64_t *passages, struct error *err) {
    int status = grow(&cache->by_term, false, err);
    if (status)
        return status;
    struct entry *entry = slot_of_term(&cache->by_term, WHOLE_INDEX, term);
    if (!entry->term) {
        size_t size = strlen(term);
        uint64_t occurrences;
        const char *copy = arena_text(&cache->text, term, size);
        if (!copy)
            return error_memory(err);
        status = shim_term_statistics(database, term, size, passages, &occurrences);
        if (status)
            return shim_error(err, database, status);
        *entry = (struct entry){copy, WHOLE_INDEX, 0, 0, 0, *passages};
        cache->by_term.count++;
    }
    *passages = entry->passages;
    return 0;
}
