/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every distinct word met, with its term, found by its bytes. A word's key is its text, its
 * language and whether it is a joined form; terms are told apart by their bytes alone.
 *
 * Open addressing with linear probing; a slot holds the hash beside the id, so that a probe that
 * misses seldom leaves the slots. Strings live in an arena and never move. One thread.
 */
#ifndef PLENARY_INDEXER_WORD_TABLE_H
#define PLENARY_INDEXER_WORD_TABLE_H

#include "corpus/arena.h"
#include "indexer/analysis/analyser.h"

#include <string.h>

enum { WORD_NONE = 0xFFFFFFFF };

struct word_slot {
    uint32_t hash;
    uint32_t next_id; /* id + 1; 0 while empty */
};

struct word_slots {
    struct word_slot *slots;
    size_t mask, used; /* slots - 1, a power of two; 0 before the first */
};

struct term {
    const char *text;
    uint32_t size;
};

struct word_table {
    struct word *words;
    struct term *terms;
    size_t word_count, word_capacity, term_count, term_capacity;
    struct word_slots word_slots, term_slots;
    struct arena strings;
};

struct word_key {
    const char *text;
    uint32_t size;
    uint32_t hash; /* word_hash_end over all below */
    uint16_t language;
    bool joined;
};

/* The hash is taken byte by byte, so that the tokeniser can compute it while it lower-cases. */
static inline uint64_t word_hash_begin(uint16_t language, bool joined) {
    return 0x9E3779B97F4A7C15u ^ ((uint64_t)language << 1 | joined);
}

static inline uint64_t word_hash_byte(uint64_t hash, uint8_t byte) {
    return (hash ^ byte) * 0x100000001B3u; /* FNV-1a's prime */
}

static inline uint32_t word_hash_end(uint64_t hash) {
    hash ^= hash >> 29;
    hash *= 0xBF58476D1CE4E5B9u; /* a step of splitmix64: spreads FNV's weak low bits */
    return (uint32_t)(hash >> 32);
}

/* The id of a word, or WORD_NONE. */
static inline uint32_t word_table_find(const struct word_table *table, const struct word_key *key) {
    const struct word_slots *slots = &table->word_slots;
    if (!slots->slots)
        return WORD_NONE;
    for (size_t at = key->hash & slots->mask;; at = (at + 1) & slots->mask) {
        struct word_slot slot = slots->slots[at];
        if (!slot.next_id)
            return WORD_NONE;
        if (slot.hash != key->hash)
            continue;
        const struct word *word = &table->words[slot.next_id - 1];
        if (word->text_size == key->size && word->language == key->language &&
            word->joined == key->joined && !memcmp(word->text, key->text, key->size))
            return slot.next_id - 1;
    }
}

/* Add a word that word_table_find did not find; its id in *id. PLENARY_ENOMEM or PLENARY_ELIMIT
 * (four thousand million words) leave the table as it was. */
int word_table_add(struct word_table *table, const struct word_key *key, const char *term,
                   size_t term_size, uint32_t *id);

size_t word_table_memory(const struct word_table *table);

/* Forget all words; the table may be used again. */
void word_table_clear(struct word_table *table);

#endif
