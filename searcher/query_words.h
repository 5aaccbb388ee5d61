/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a query as the terms of an index: analysed under each of its languages; prefixes,
 * patterns and misspelt words expanded over its lexicons (query_expand.h).
 *
 * One typed word may be several positions of a text (co-chairs: co, chairs) or one (cochairs); each
 * way is a path, and a text matches the word or phrase if it has the units of any path at
 * successive positions. A unit is a set of terms of which one must stand there: the stems of
 * several languages, or what a prefix expands to. An exact word (=word) has the folded word too,
 * which must then stand there itself.
 *
 * All results live in the arena.
 */
#ifndef PLENARY_SEARCHER_QUERY_WORDS_H
#define PLENARY_SEARCHER_QUERY_WORDS_H

#include "indexer/index.h"
#include "searcher/query.h"

#include <stddef.h>
#include <stdint.h>

enum {
    QUERY_LIMIT_PREFIX_TERMS = 1000,    /* that one prefix or pattern stands for; the most frequent
                                           are kept */
    QUERY_LIMIT_FUZZY_TERMS = 100,      /* the same for a word~; the most similar are kept */
    QUERY_LIMIT_SCANS = 100,            /* word~ and patterns that begin with a star, for which all
                                           words are looked at; a NEAR looks twice */
    QUERY_LIMIT_PREFIXES_TERMS = 20000, /* that all these of a query stand for together */
    QUERY_LIMIT_PATHS = 8
};

struct query_unit {
    const char **terms; /* NUL-terminated, sorted by bytes, distinct */
    size_t count;
    const char **words; /* of an exact word, a pattern or a misspelt word: the same for them;
                           otherwise none */
    size_t word_count;
};

struct query_path {
    const struct query_unit *const *units;
    size_t count; /* 1 or more */
};

/* What may stand at one place of the query: any of some paths. */
struct query_operand {
    const struct query_path *paths;
    size_t count;
};

struct query_words {
    struct arena *arena;
    struct query *query; /* gets the notices */
    const struct snapshot *snapshot;
    struct analyser *analyser;
    uint64_t languages;       /* a bit for each stemmer to use */
    size_t prefix_terms;      /* expanded so far */
    unsigned scans;           /* through all words so far */
    struct token_list tokens; /* scratch */
};

/* The paths of a word, a prefix or a phrase; *count is 0 where it holds no word. */
int query_words_paths(struct query_words *words, const struct query_node *leaf,
                      const struct query_path **out, size_t *count, struct error *err);

/* Free the scratch memory. */
void query_words_free(struct query_words *words);

#endif
