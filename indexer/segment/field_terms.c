/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/field_terms.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { ENTRIES = 128 };

struct entry {
    bool used;
    int language;
    struct bytes key;
    struct field_term_list list;
};

struct field_terms {
    struct token_list tokens;
    uint32_t *terms; /* term ids of the tokens, to drop repeated ones */
    size_t term_capacity;
    struct entry entries[FIELD_TERMS_FIELDS][ENTRIES];
};

int field_terms_open(struct field_terms **out, struct error *err) {
    *out = calloc(1, sizeof **out);
    return *out ? 0 : error_memory(err);
}

void field_terms_close(struct field_terms *cache) {
    if (!cache)
        return;
    for (unsigned field = 0; field < FIELD_TERMS_FIELDS; field++) {
        for (unsigned i = 0; i < ENTRIES; i++) {
            struct entry *entry = &cache->entries[field][i];
            bytes_free(&entry->key);
            bytes_free(&entry->list.text);
            bytes_free(&entry->list.ends);
        }
    }
    token_list_free(&cache->tokens);
    free(cache->terms);
    free(cache);
}

static int compare_ids(const void *left, const void *right) {
    const uint32_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* The term ids of the tokens, sorted; false: out of memory. */
static bool collect_terms(struct field_terms *cache, const struct analyser *analyser) {
    size_t count = cache->tokens.count;
    if (count > cache->term_capacity) {
        uint32_t *terms = reallocarray(cache->terms, count, sizeof *terms);
        if (!terms)
            return false;
        cache->terms = terms;
        cache->term_capacity = count;
    }
    for (size_t i = 0; i < count; i++)
        cache->terms[i] = analyser_word(analyser, cache->tokens.tokens[i].word)->term_id;
    if (count)
        qsort(cache->terms, count, sizeof *cache->terms, compare_ids);
    return true;
}

static void list_terms(struct field_term_list *list, const struct field_terms *cache,
                       const struct analyser *analyser, const char *prefix) {
    list->count = 0;
    bytes_reset(&list->text);
    bytes_reset(&list->ends);
    for (size_t i = 0; i < cache->tokens.count; i++) {
        if (i && cache->terms[i] == cache->terms[i - 1])
            continue;
        uint32_t size;
        const char *term = analyser_term(analyser, cache->terms[i], &size);
        bytes_add_string(&list->text, prefix);
        bytes_add(&list->text, term, size);
        uint32_t end = (uint32_t)list->text.size;
        bytes_add(&list->ends, &end, sizeof end);
        list->count++;
    }
}

static int fill_entry(struct field_terms *cache, struct entry *entry, struct analyser *analyser,
                      const char *prefix, const char *text, size_t size, int language,
                      struct error *err) {
    entry->used = false;
    int status = analyser_tokenise(analyser, language, text, size, &cache->tokens, err);
    if (status)
        return status;
    if (!collect_terms(cache, analyser))
        return error_memory(err);
    list_terms(&entry->list, cache, analyser, prefix);
    bytes_reset(&entry->key);
    bytes_add(&entry->key, text, size);
    if (entry->key.failed || entry->list.text.failed || entry->list.ends.failed)
        return error_memory(err);
    entry->language = language;
    entry->used = true;
    return 0;
}

int field_terms_find(struct field_terms *cache, struct analyser *analyser, unsigned field,
                     const char *prefix, const char *text, int language,
                     const struct field_term_list **out, struct error *err) {
    size_t size = strlen(text);
    struct entry *entry =
        &cache->entries[field][XXH3_64bits_withSeed(text, size, (uint64_t)language) % ENTRIES];
    bool same = entry->used && entry->language == language && entry->key.size == size &&
                (!size || !memcmp(entry->key.data, text, size));
    int status = same ? 0 : fill_entry(cache, entry, analyser, prefix, text, size, language, err);
    *out = &entry->list;
    return status;
}

const char *field_term(const struct field_term_list *list, size_t i, uint32_t *size) {
    uint32_t begin = 0, end;
    if (i)
        memcpy(&begin, list->ends.data + (i - 1) * sizeof begin, sizeof begin);
    memcpy(&end, list->ends.data + i * sizeof end, sizeof end);
    *size = end - begin;
    return (const char *)list->text.data + begin;
}
