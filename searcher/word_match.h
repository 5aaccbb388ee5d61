/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which words of a lexicon a pattern or a misspelt word stands for.
 *
 * A pattern: `*` is any characters, `?` one. Likeness: how many insertions, deletions, replacements
 * and exchanges of neighbouring characters lead from one word to the other, if no more than a few
 * (the optimal string alignment distance), computed within a band around the diagonal (Ukkonen,
 * "Algorithms for approximate string matching", Information and Control 64, 1985). Words come in
 * order of their bytes, so rows of the table for what a word shares with the one before are kept,
 * and a beginning that nothing similar can follow is told: the lexicon leaps over all that share
 * it.
 *
 * Texts are folded UTF-8. A likeness belongs to one thread.
 */
#ifndef PLENARY_SEARCHER_WORD_MATCH_H
#define PLENARY_SEARCHER_WORD_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes time proportional to the product of the lengths at most. */
bool word_matches(const char *pattern, size_t pattern_size, const char *word, size_t size);

/* Bytes of the pattern before its first star or question mark. */
size_t word_pattern_head(const char *pattern, size_t size);

enum {
    LIKENESS_EDITS_MAX = 2,
    LIKENESS_CHARACTERS_MAX = 64, /* of the word that is looked for */
    LIKENESS_DEPTH_MAX = LIKENESS_CHARACTERS_MAX + LIKENESS_EDITS_MAX + 1
};

struct likeness {
    uint32_t wanted[LIKENESS_CHARACTERS_MAX];
    size_t size; /* characters */
    unsigned edits;
    /* For each depth, a beginning of so many characters: */
    uint32_t characters[LIKENESS_DEPTH_MAX + 1];
    uint8_t rows[LIKENESS_DEPTH_MAX + 1][LIKENESS_CHARACTERS_MAX + 1];
    size_t bytes[LIKENESS_DEPTH_MAX + 1]; /* of the beginning */
    size_t depth;                         /* that holds */
};

/* False if the word has more than LIKENESS_CHARACTERS_MAX characters. */
bool likeness_init(struct likeness *likeness, const char *word, size_t size, unsigned edits);

/* The edits from the wanted word to this one, or more than `edits`. `shared`: how many first bytes
 * are those of the word asked about before. *dead: no word that begins with the first so many bytes
 * of this one is similar; 0 if that cannot be said of any. */
unsigned likeness_of(struct likeness *likeness, const char *word, size_t size, size_t shared,
                     size_t *dead);

/* As many characters as the bytes hold. */
size_t word_characters(const char *word, size_t size);

#endif
