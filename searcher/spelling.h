/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Did you mean": the query with misspelt words put right, from the index's own words.
 *
 * A word that hardly any passage has is replaced by the one within two edits (insertion, deletion,
 * replacement, exchange of neighbours; one for words of up to four characters) that is best by
 * frequency, where each further edit must be outweighed by a hundred times the passages. It must
 * stand in ten times as many passages as the word in any of its forms.
 */
#ifndef PLENARY_SEARCHER_SPELLING_H
#define PLENARY_SEARCHER_SPELLING_H

#include "indexer/analysis/analyser.h"
#include "indexer/index.h"
#include "searcher/query.h"
#include "shim/shim.h"

enum {
    SPELLING_BELOW = 10,    /* matches: a query that finds so many is left alone */
    SPELLING_WORDS_MAX = 8, /* of a query that are looked up; further ones stay as they are */
};

struct spelling_request {
    const struct snapshot *snapshot;
    struct shim_database *database;
    struct analyser *analyser;
    const struct query *query; /* of the text */
    const char *text;
    size_t text_size;
};

/* NULL where there is nothing better. Otherwise the text, in the arena. */
int spelling_suggest(const char **out, struct arena *arena, const struct spelling_request *request,
                     struct error *err);

#endif
