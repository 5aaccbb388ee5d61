/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment_words.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { TABLE_FIRST = 1 << 12 };

static uint64_t row_hash(const struct lexicon_row *row) {
    uint64_t hash = XXH3_64bits(row->word, row->word_size);
    return XXH3_64bits_withSeed(row->term, row->term_size, hash + row->joined);
}

static bool is_same(const struct lexicon_row *a, const struct lexicon_row *b) {
    return a->word_size == b->word_size && a->term_size == b->term_size && a->joined == b->joined &&
           !memcmp(a->word, b->word, a->word_size) && !memcmp(a->term, b->term, a->term_size);
}

static uint32_t *find_slot(const struct segment_words *words, const struct lexicon_row *row) {
    size_t mask = words->table_size - 1, at = (size_t)row_hash(row) & mask;
    while (words->table[at] && !is_same(&words->rows[words->table[at] - 1], row))
        at = (at + 1) & mask;
    return &words->table[at];
}

static bool reserve_row(struct segment_words *words) {
    if (words->count == words->capacity) {
        size_t capacity = words->capacity ? words->capacity * 2 : TABLE_FIRST / 2;
        struct lexicon_row *rows = reallocarray(words->rows, capacity, sizeof *rows);
        if (!rows)
            return false;
        words->rows = rows;
        words->capacity = capacity;
    }
    if (words->count * 2 < words->table_size)
        return words->count < UINT32_MAX - 1;
    size_t size = words->table_size ? words->table_size * 2 : TABLE_FIRST;
    uint32_t *table = calloc(size, sizeof *table);
    if (!table)
        return false;
    free(words->table);
    words->table = table;
    words->table_size = size;
    for (size_t i = 0; i < words->count; i++)
        *find_slot(words, &words->rows[i]) = (uint32_t)i + 1;
    return true;
}

uint32_t segment_words_intern(struct segment_words *words, const struct lexicon_row *wanted) {
    if (!reserve_row(words))
        return UINT32_MAX;
    uint32_t *slot = find_slot(words, wanted);
    if (*slot)
        return *slot - 1;
    struct lexicon_row row = *wanted;
    row.word = arena_text(&words->arena, row.word, row.word_size);
    row.term = arena_text(&words->arena, row.term, row.term_size);
    if (!row.word || !row.term)
        return UINT32_MAX;
    row.id = (uint32_t)words->count;
    row.passages = 0;
    words->rows[words->count++] = row;
    *slot = (uint32_t)words->count;
    return row.id;
}

/* The id + 1 of a word, new or not; 0: out of memory. */
static uint32_t intern(struct segment_words *words, const struct word *word) {
    struct lexicon_row row = {.word = word->text,
                              .term = word->term,
                              .word_size = word->text_size,
                              .term_size = word->term_size,
                              .joined = word->joined};
    return segment_words_intern(words, &row) + 1;
}

static int compare_frequency(const void *a, const void *b, void *context) {
    const struct batch *batch = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    uint32_t left_count = batch->words[left].passages, right_count = batch->words[right].passages;
    if (left_count != right_count)
        return left_count > right_count ? -1 : 1;
    return left < right ? -1 : left > right;
}

int segment_words_add(struct segment_words *words, struct vocabulary *vocabulary,
                      const struct batch *batch, struct error *err) {
    if (batch->word_count > words->fresh_capacity) {
        uint32_t *fresh = reallocarray(words->fresh, batch->word_count, sizeof *fresh);
        if (!fresh)
            return error_memory(err);
        words->fresh = fresh;
        words->fresh_capacity = batch->word_count;
    }
    size_t fresh = 0;
    for (size_t i = 0; i < batch->word_count; i++)
        if (!vocabulary->word_ids[batch->words[i].word])
            words->fresh[fresh++] = (uint32_t)i;
    if (fresh)
        qsort_r(words->fresh, fresh, sizeof *words->fresh, compare_frequency,
                (void *)(uintptr_t)batch);
    for (size_t i = 0; i < fresh; i++) {
        uint32_t word = batch->words[words->fresh[i]].word;
        vocabulary->word_ids[word] = intern(words, &vocabulary->words[word]);
        if (!vocabulary->word_ids[word])
            return error_memory(err);
    }
    for (size_t i = 0; i < batch->word_count; i++) {
        const struct batch_word *word = &batch->words[i];
        words->rows[vocabulary->word_ids[word->word] - 1].passages += word->passages;
    }
    return 0;
}

int segment_words_write(struct segment_words *words, const char *path, struct error *err) {
    return lexicon_write(path, words->rows, words->count, err);
}

void segment_words_free(struct segment_words *words) {
    arena_free(&words->arena);
    free(words->rows);
    free(words->table);
    free(words->fresh);
    *words = (struct segment_words){0};
}

size_t segment_words_memory(const struct segment_words *words) {
    return words->arena.total + words->capacity * sizeof *words->rows +
           words->table_size * sizeof *words->table + words->fresh_capacity * sizeof *words->fresh;
}
