/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/posting_store.h"

#include "corpus/error.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { SLICE_FIRST = 24, SLICE_LARGEST = 16 * 1024, TABLE_FIRST = 1 << 12 };

struct posting_slice {
    struct posting_slice *next;
    uint32_t size, used;
    uint8_t data[];
};

void posting_store_init(struct posting_store *store) {
    *store = (struct posting_store){.arena = ARENA_INIT};
}

void posting_store_free(struct posting_store *store) {
    arena_free(&store->arena);
    free(store->terms);
    free(store->table);
    posting_store_init(store);
}

size_t posting_store_memory(const struct posting_store *store) {
    return store->arena.total + store->term_capacity * sizeof *store->terms +
           store->table_size * sizeof *store->table;
}

static uint32_t *find_slot(const struct posting_store *store, const char *text, size_t size) {
    size_t mask = store->table_size - 1;
    size_t at = (size_t)XXH3_64bits(text, size) & mask;
    while (store->table[at]) {
        const struct stored_term *term = &store->terms[store->table[at] - 1];
        if (term->text_size == size && memcmp(term->text, text, size) == 0)
            break;
        at = (at + 1) & mask;
    }
    return &store->table[at];
}

static bool grow_table(struct posting_store *store) {
    size_t size = store->table_size ? store->table_size * 2 : TABLE_FIRST;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table)
        return false;
    free(store->table);
    store->table = table;
    store->table_size = size;
    for (size_t i = 0; i < store->term_count; i++)
        *find_slot(store, store->terms[i].text, store->terms[i].text_size) = (uint32_t)i + 1;
    return true;
}

static bool grow_terms(struct posting_store *store) {
    if (store->term_count < store->term_capacity)
        return store->term_count < UINT32_MAX - 1;
    size_t capacity = store->term_capacity ? store->term_capacity * 2 : TABLE_FIRST / 2;
    struct stored_term *terms = reallocarray(store->terms, capacity, sizeof *terms);
    if (!terms)
        return false;
    store->terms = terms;
    store->term_capacity = capacity;
    return true;
}

uint32_t posting_store_term(struct posting_store *store, const char *prefix, const char *text,
                            size_t size) {
    char key[512];
    size_t prefix_size = strlen(prefix);
    if (size > sizeof key - prefix_size)
        return UINT32_MAX;
    memcpy(key, prefix, prefix_size);
    memcpy(key + prefix_size, text, size);
    size += prefix_size;
    if (store->term_count * 2 >= store->table_size && !grow_table(store))
        return UINT32_MAX;
    uint32_t *slot = find_slot(store, key, size);
    if (*slot)
        return *slot - 1;
    char *copy = arena_text(&store->arena, key, size);
    if (!copy || !grow_terms(store))
        return UINT32_MAX;
    store->terms[store->term_count] =
        (struct stored_term){.text = copy, .text_size = (uint32_t)size};
    *slot = (uint32_t)++store->term_count;
    return *slot - 1;
}

static struct posting_slice *add_slice(struct posting_store *store, struct stored_term *term,
                                       size_t need) {
    size_t size = term->last ? (size_t)term->last->size * 2 : SLICE_FIRST;
    if (size > SLICE_LARGEST)
        size = SLICE_LARGEST;
    if (size < need && need <= SLICE_LARGEST)
        size = need;
    struct posting_slice *slice = arena_alloc(&store->arena, sizeof *slice + size);
    if (!slice)
        return NULL;
    *slice = (struct posting_slice){.size = (uint32_t)size};
    if (term->last)
        term->last->next = slice;
    else
        term->first = slice;
    term->last = slice;
    return slice;
}

static bool append_bytes(struct posting_store *store, struct stored_term *term, const uint8_t *data,
                         size_t size) {
    while (size > 0) {
        struct posting_slice *slice = term->last;
        if ((!slice || slice->used == slice->size) && !(slice = add_slice(store, term, size)))
            return false;
        size_t part = slice->size - slice->used;
        if (part > size)
            part = size;
        memcpy(slice->data + slice->used, data, part);
        slice->used += (uint32_t)part;
        data += part;
        size -= part;
    }
    return true;
}

int posting_store_append(struct posting_store *store, uint32_t number, uint32_t first_docid,
                         uint32_t last_docid, uint32_t documents, uint64_t occurrences,
                         const uint8_t *run, size_t size) {
    struct stored_term *term = &store->terms[number];
    if (first_docid <= term->last_docid || last_docid < first_docid)
        return PLENARY_EINVALID;
    uint8_t gap[5];
    size_t gap_size = 0;
    uint32_t value = first_docid - term->last_docid - 1;
    for (; value >= 0x80; value >>= 7)
        gap[gap_size++] = (uint8_t)(value | 0x80);
    gap[gap_size++] = (uint8_t)value;
    if (!append_bytes(store, term, gap, gap_size) || !append_bytes(store, term, run, size))
        return PLENARY_ENOMEM;
    term->last_docid = last_docid;
    term->documents += documents;
    term->occurrences += occurrences;
    return 0;
}

int posting_store_run(const struct posting_store *store, uint32_t number, struct bytes *out) {
    bytes_reset(out);
    for (const struct posting_slice *slice = store->terms[number].first; slice; slice = slice->next)
        bytes_add(out, slice->data, slice->used);
    return out->failed ? PLENARY_ENOMEM : 0;
}

static int compare_terms(const void *a, const void *b, void *context) {
    const struct stored_term *terms = context;
    const struct stored_term *left = &terms[*(const uint32_t *)a];
    const struct stored_term *right = &terms[*(const uint32_t *)b];
    uint32_t common = left->text_size < right->text_size ? left->text_size : right->text_size;
    int order = memcmp(left->text, right->text, common);
    if (order)
        return order;
    return left->text_size < right->text_size ? -1 : left->text_size > right->text_size;
}

uint32_t *posting_store_order(const struct posting_store *store) {
    uint32_t *order = malloc((store->term_count ? store->term_count : 1) * sizeof *order);
    if (!order)
        return NULL;
    for (size_t i = 0; i < store->term_count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, store->term_count, sizeof *order, compare_terms, store->terms);
    return order;
}
