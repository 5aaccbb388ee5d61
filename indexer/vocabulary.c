/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/vocabulary.h"

#include <stdlib.h>
#include <string.h>

/* Two arrays by the same number grow together; the second is zeroed. */
static bool grow_pair(void **first, size_t first_size, uint32_t **second, size_t per_item,
                      size_t *capacity, size_t need) {
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity : 1024;
    while (wanted < need)
        wanted *= 2;
    void *grown = reallocarray(*first, wanted, first_size);
    if (!grown)
        return false;
    *first = grown;
    uint32_t *numbers = reallocarray(*second, wanted, per_item * sizeof *numbers);
    if (!numbers)
        return false;
    memset(numbers + *capacity * per_item, 0, (wanted - *capacity) * per_item * sizeof *numbers);
    *second = numbers;
    *capacity = wanted;
    return true;
}

int vocabulary_learn(struct vocabulary *vocabulary, const struct batch *batch, struct error *err) {
    if (batch->is_fresh) {
        vocabulary_unmap(vocabulary);
        vocabulary->word_count = vocabulary->term_count = 0;
    }
    if (batch->first_word != vocabulary->word_count || batch->first_term != vocabulary->term_count)
        return error_set(err, PLENARY_EINVALID, "a worker's batches came out of order");
    size_t words = batch->first_word + batch->new_word_count;
    size_t terms = batch->first_term + batch->new_term_count;
    if (!grow_pair((void **)&vocabulary->words, sizeof *vocabulary->words, &vocabulary->word_ids, 1,
                   &vocabulary->word_capacity, words) ||
        !grow_pair((void **)&vocabulary->terms, sizeof *vocabulary->terms,
                   &vocabulary->term_numbers, TERM_FIELDS, &vocabulary->term_capacity, terms))
        return error_memory(err);
    if (batch->new_word_count)
        memcpy(vocabulary->words + batch->first_word, batch->new_words,
               batch->new_word_count * sizeof *vocabulary->words);
    if (batch->new_term_count)
        memcpy(vocabulary->terms + batch->first_term, batch->new_terms,
               batch->new_term_count * sizeof *vocabulary->terms);
    vocabulary->word_count = words;
    vocabulary->term_count = terms;
    return 0;
}

void vocabulary_unmap(struct vocabulary *vocabulary) {
    if (vocabulary->word_capacity)
        memset(vocabulary->word_ids, 0, vocabulary->word_capacity * sizeof *vocabulary->word_ids);
    if (vocabulary->term_capacity)
        memset(vocabulary->term_numbers, 0,
               vocabulary->term_capacity * TERM_FIELDS * sizeof *vocabulary->term_numbers);
}

void vocabulary_free(struct vocabulary *vocabulary) {
    free(vocabulary->words);
    free(vocabulary->word_ids);
    free(vocabulary->terms);
    free(vocabulary->term_numbers);
    *vocabulary = (struct vocabulary){0};
}

size_t vocabulary_memory(const struct vocabulary *vocabulary) {
    return vocabulary->word_capacity * (sizeof *vocabulary->words + sizeof *vocabulary->word_ids) +
           vocabulary->term_capacity *
               (sizeof *vocabulary->terms + TERM_FIELDS * sizeof *vocabulary->term_numbers);
}
