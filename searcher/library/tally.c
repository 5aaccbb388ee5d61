/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/tally.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { FIRST_SLOTS = 64 };

static bool grow_rows(struct tally *tally) {
    if (tally->count < tally->capacity)
        return true;
    size_t capacity = tally->capacity ? tally->capacity * 2 : FIRST_SLOTS / 2;
    struct tally_row *rows = reallocarray(tally->rows, capacity, sizeof *rows);
    if (!rows)
        return false;
    tally->rows = rows;
    tally->capacity = capacity;
    return true;
}

/* Twice as many slots as rows, at least. */
static bool grow_slots(struct tally *tally) {
    if (tally->count * 2 + 2 <= tally->slot_count)
        return true;
    size_t count = tally->slot_count ? tally->slot_count * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < tally->count; i++) {
        size_t at = tally->rows[i].hash & (count - 1);
        while (slots[at])
            at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(tally->slots);
    tally->slots = slots;
    tally->slot_count = count;
    return true;
}

struct tally_row *tally_row(struct tally *tally, const char *value, size_t size) {
    if (!grow_rows(tally) || !grow_slots(tally))
        return NULL;
    uint64_t hash = XXH3_64bits(value, size);
    size_t at = hash & (tally->slot_count - 1);
    for (; tally->slots[at]; at = (at + 1) & (tally->slot_count - 1)) {
        struct tally_row *row = &tally->rows[tally->slots[at] - 1];
        if (row->hash == hash && strncmp(row->value, value, size) == 0 && !row->value[size])
            return row;
    }
    char *copy = tally->count < TALLY_VALUES_MOST ? arena_text(tally->arena, value, size) : NULL;
    if (!copy)
        return NULL;
    struct tally_row *row = &tally->rows[tally->count++];
    *row = (struct tally_row){.value = copy, .hash = hash};
    tally->slots[at] = (uint32_t)tally->count;
    return row;
}

void tally_add(struct tally_row *row, uint64_t passages, uint32_t date) {
    row->passages += passages;
    if (date && (!row->first || date < row->first))
        row->first = date;
    if (date > row->last)
        row->last = date;
}

static int by_value(const void *a, const void *b) {
    return strcmp(((const struct tally_row *)a)->value, ((const struct tally_row *)b)->value);
}

static int by_passages(const void *a, const void *b) {
    uint64_t x = ((const struct tally_row *)a)->passages;
    uint64_t y = ((const struct tally_row *)b)->passages;
    return x != y ? (x < y ? 1 : -1) : by_value(a, b);
}

void tally_sort(struct tally *tally, bool value_order) {
    if (tally->count)
        qsort(tally->rows, tally->count, sizeof *tally->rows, value_order ? by_value : by_passages);
    free(tally->slots);
    tally->slots = NULL;
    tally->slot_count = 0;
}

void tally_free(struct tally *tally) {
    free(tally->rows);
    free(tally->slots);
    *tally = (struct tally){.rows = NULL};
}
