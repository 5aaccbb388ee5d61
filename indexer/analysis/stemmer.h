/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stemmers by language number, opened when first used. A word's term is its stem without
 * diacritics; words with digits or signs have no stem but themselves. One thread.
 *
 * Stemmers are given folded words, so that a word has one term however its accents are written.
 * Some endings that their rules know only with an accent (Portuguese -ção, French -ées) get it back
 * first, where the folded ending can hardly be another: README.md has the measurements.
 */
#ifndef PLENARY_INDEXER_STEMMER_H
#define PLENARY_INDEXER_STEMMER_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { STEMMER_LANGUAGES = 64 };

struct sb_stemmer;

struct stemmers {
    struct sb_stemmer *open[STEMMER_LANGUAGES];
};

/* The term of a folded word of 1 to TERM_MAX bytes; *term is valid until the next call. */
int stemmers_stem(struct stemmers *stemmers, int language, const char *word, size_t size,
                  const char **term, size_t *term_size, char buffer[], struct error *err);

void stemmers_close(struct stemmers *stemmers);

#endif
