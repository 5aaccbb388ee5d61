/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fixed list of words, looked up by a hash of their size and two of their letters: readers ask
 * for every word that stands before a colon. Built once, before main; then read by any thread.
 */
#ifndef PLENARY_CORPUS_WORD_SET_H
#define PLENARY_CORPUS_WORD_SET_H

#include <stddef.h>
#include <stdint.h>

enum { WORD_SET_HEADS = 1024, WORD_SET_WORDS = 1024 };

struct word_set {
    const char *const *words;                             /* not owned */
    uint16_t heads[WORD_SET_HEADS], next[WORD_SET_WORDS]; /* ordinals plus one; 0: none */
};

/* `words`: at most WORD_SET_WORDS of at least one byte, ASCII letters in lower case. */
void word_set_build(struct word_set *set, const char *const *words, size_t count);

/* The ordinal of the word, ASCII letters in either case, or -1. */
int word_set_find(const struct word_set *set, const char *text, size_t size);

#endif
