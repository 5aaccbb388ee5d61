/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/word_set.h"

#include "corpus/letters.h"

#include <string.h>

static unsigned char lower(char byte) {
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte | 32 : byte);
}

static size_t hash(const char *text, size_t size) {
    size_t sum = (size * 31 + lower(text[0])) * 31 + lower(text[size / 2]);
    return (sum ^ sum >> 10) % WORD_SET_HEADS;
}

void word_set_build(struct word_set *set, const char *const *words, size_t count) {
    set->words = words;
    for (size_t i = 0; i < count && i < WORD_SET_WORDS; i++) {
        size_t at = hash(words[i], strlen(words[i]));
        set->next[i] = set->heads[at];
        set->heads[at] = (uint16_t)(i + 1);
    }
}

int word_set_find(const struct word_set *set, const char *text, size_t size) {
    for (unsigned at = size ? set->heads[hash(text, size)] : 0; at; at = set->next[at - 1])
        if (letters_equal(text, 0, size, set->words[at - 1]))
            return (int)at - 1;
    return -1;
}
