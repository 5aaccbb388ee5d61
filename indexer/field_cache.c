/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/field_cache.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { ENTRIES = 256 };

struct entry {
    const char *text; /* in the arena; NULL: free */
    size_t size;
    int language;
    const struct field_terms *terms;
};

struct field_cache {
    struct token_list tokens;
    struct entry entries[TERM_FIELDS][ENTRIES];
};

int field_cache_open(struct field_cache **out, struct error *err) {
    *out = calloc(1, sizeof **out);
    return *out ? 0 : error_memory(err);
}

void field_cache_close(struct field_cache *cache) {
    if (!cache)
        return;
    token_list_free(&cache->tokens);
    free(cache);
}

void field_cache_forget(struct field_cache *cache) {
    memset(cache->entries, 0, sizeof cache->entries);
}

static int compare_ids(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static const struct field_terms *list_terms(const struct field_cache *cache,
                                            const struct analyser *analyser, struct arena *arena) {
    size_t count = cache->tokens.count;
    struct field_terms *terms = arena_alloc(arena, sizeof *terms + count * sizeof *terms->ids);
    uint32_t *words = arena_alloc(arena, count * sizeof *words);
    if (!terms || !words)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        words[i] = cache->tokens.tokens[i].word;
        terms->ids[i] = analyser_word(analyser, words[i])->term_id;
    }
    terms->words = words;
    terms->word_count = (uint32_t)count;
    qsort(terms->ids, count, sizeof *terms->ids, compare_ids);
    terms->count = 0;
    for (size_t i = 0; i < count; i++)
        if (!i || terms->ids[i] != terms->ids[i - 1])
            terms->ids[terms->count++] = terms->ids[i];
    return terms;
}

int field_cache_find(struct field_cache *cache, struct analyser *analyser, struct arena *arena,
                     unsigned field, const char *text, int language, const struct field_terms **out,
                     struct error *err) {
    size_t size = strlen(text);
    uint64_t hash = XXH3_64bits_withSeed(text, size, (uint64_t)language);
    struct entry *entry = &cache->entries[field][hash % ENTRIES];
    if (!entry->text || entry->language != language || entry->size != size ||
        memcmp(entry->text, text, size) != 0) {
        entry->text = NULL;
        int status = analyser_tokenise(analyser, language, text, size, &cache->tokens, err);
        if (status)
            return status;
        const char *copy = arena_text(arena, text, size);
        const struct field_terms *terms = list_terms(cache, analyser, arena);
        if (!copy || !terms)
            return error_memory(err);
        *entry = (struct entry){copy, size, language, terms};
    }
    *out = entry->terms;
    return 0;
}
