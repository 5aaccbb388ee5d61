/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/word_table.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 1024, FIRST_ITEMS = 512 };

static void place(struct word_slots *slots, struct word_slot slot) {
    size_t at = slot.hash & slots->mask;
    while (slots->slots[at].next_id)
        at = (at + 1) & slots->mask;
    slots->slots[at] = slot;
    slots->used++;
}

/* Room for one more at half load or less. */
static int slots_reserve(struct word_slots *slots) {
    size_t count = slots->slots ? slots->mask + 1 : 0;
    if (count && slots->used + 1 <= count / 2)
        return 0;
    struct word_slots larger = {.mask = (count ? 2 * count : FIRST_SLOTS) - 1};
    larger.slots = calloc(larger.mask + 1, sizeof *larger.slots);
    if (!larger.slots)
        return PLENARY_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        if (slots->slots[i].next_id)
            place(&larger, slots->slots[i]);
    }
    free(slots->slots);
    *slots = larger;
    return 0;
}

static int items_reserve(void **items, size_t *capacity, size_t count, size_t size) {
    if (count < *capacity)
        return 0;
    size_t larger = *capacity ? 2 * *capacity : FIRST_ITEMS, bytes;
    if (__builtin_mul_overflow(larger, size, &bytes))
        return PLENARY_ENOMEM;
    void *moved = realloc(*items, bytes);
    if (!moved)
        return PLENARY_ENOMEM;
    *items = moved;
    *capacity = larger;
    return 0;
}

static uint32_t term_hash(const char *text, size_t size) {
    uint64_t hash = word_hash_begin(0, false);
    for (size_t i = 0; i < size; i++)
        hash = word_hash_byte(hash, (uint8_t)text[i]);
    return word_hash_end(hash);
}

static uint32_t term_find(const struct word_table *table, const char *text, size_t size,
                          uint32_t hash) {
    const struct word_slots *slots = &table->term_slots;
    for (size_t at = hash & slots->mask; slots->slots[at].next_id; at = (at + 1) & slots->mask) {
        const struct term *term = &table->terms[slots->slots[at].next_id - 1];
        if (slots->slots[at].hash == hash && term->size == size && !memcmp(term->text, text, size))
            return slots->slots[at].next_id - 1;
    }
    return WORD_NONE;
}

static int term_intern(struct word_table *table, const char *text, size_t size, uint32_t *id) {
    void *items = table->terms;
    int status = slots_reserve(&table->term_slots);
    if (status < 0)
        return status;
    uint32_t hash = term_hash(text, size);
    *id = term_find(table, text, size, hash);
    if (*id != WORD_NONE)
        return 0;
    status = items_reserve(&items, &table->term_capacity, table->term_count, sizeof *table->terms);
    table->terms = items;
    if (status < 0)
        return status;
    const char *copy = arena_text(&table->strings, text, size);
    if (!copy)
        return PLENARY_ENOMEM;
    *id = (uint32_t)table->term_count;
    table->terms[table->term_count++] = (struct term){copy, (uint32_t)size};
    place(&table->term_slots, (struct word_slot){hash, *id + 1});
    return 0;
}

int word_table_add(struct word_table *table, const struct word_key *key, const char *term,
                   size_t term_size, uint32_t *id) {
    if (table->word_count + 1 >= WORD_NONE)
        return PLENARY_ELIMIT;
    uint32_t term_id = WORD_NONE;
    void *items = table->words;
    int status = slots_reserve(&table->word_slots);
    if (!status)
        status =
            items_reserve(&items, &table->word_capacity, table->word_count, sizeof *table->words);
    table->words = items;
    if (!status)
        status = term_intern(table, term, term_size, &term_id);
    if (status < 0)
        return status;
    const struct term *stored = &table->terms[term_id];
    bool same = stored->size == key->size && !memcmp(stored->text, key->text, key->size);
    const char *text = same ? stored->text : arena_text(&table->strings, key->text, key->size);
    if (!text)
        return PLENARY_ENOMEM;
    *id = (uint32_t)table->word_count;
    table->words[table->word_count++] = (struct word){
        .text = text,
        .term = stored->text,
        .text_size = key->size,
        .term_size = stored->size,
        .term_id = term_id,
        .language = key->language,
        .joined = key->joined,
    };
    place(&table->word_slots, (struct word_slot){key->hash, *id + 1});
    return 0;
}

static size_t slots_memory(const struct word_slots *slots) {
    return slots->slots ? (slots->mask + 1) * sizeof *slots->slots : 0;
}

size_t word_table_memory(const struct word_table *table) {
    return table->word_capacity * sizeof *table->words +
           table->term_capacity * sizeof *table->terms + slots_memory(&table->word_slots) +
           slots_memory(&table->term_slots) + table->strings.total;
}

void word_table_clear(struct word_table *table) {
    free(table->words);
    free(table->terms);
    free(table->word_slots.slots);
    free(table->term_slots.slots);
    arena_free(&table->strings);
    *table = (struct word_table){0};
}
