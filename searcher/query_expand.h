/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Leaves of a query that stand for many words of the index: prefixes (traffick*), patterns
 * (*embark*, organi?ation) and misspelt words (disembarkaton~). They are looked up in the lexicons
 * of all segments. A prefix stands for the terms of the words that begin so, and finds their other
 * forms too; patterns and misspelt words stand for just the words they match. Of more than the
 * limits of query_words.h the most frequent are kept, of a misspelt word the most similar first,
 * and that is told.
 */
#ifndef PLENARY_SEARCHER_QUERY_EXPAND_H
#define PLENARY_SEARCHER_QUERY_EXPAND_H

#include "searcher/query_words.h"

#include <stdbool.h>

bool query_is_expanded(const struct query_node *leaf);

/* The unit's terms, in the arena of `words`; none where nothing matches. */
int query_expand(struct query_words *words, const struct query_node *leaf, struct query_unit *unit,
                 struct error *err);

/* How many edits word~ allows for a word of so many characters: none for two, one for up to five,
 * two beyond. */
unsigned query_usual_edits(size_t characters);

#endif
