/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the lexer makes of a scanned word: a word, a prefix, a pattern, a misspelt word or the value
 * of a field. For query_lexer.c only.
 */
#ifndef PLENARY_SEARCHER_QUERY_LEAF_H
#define PLENARY_SEARCHER_QUERY_LEAF_H

#include "searcher/query_lexer.h"

struct query_raw_word {
    size_t size; /* in lexer->word */
    uint32_t column;
    bool literal;    /* escaped, or cut by a colon: not an operator, not a field */
    bool wild, asks; /* an unescaped star, question mark */
    bool exact, cut;
    struct query_suffix {
        bool fuzzy;
        unsigned edits; /* "~2" behind a group: at least so many of it */
        double boost;
    } suffix;
    enum query_field field; /* the word turned out to be the name of this field */
};

#define NOTE(lexer, kind, column, ...)                                                             \
    do {                                                                                           \
        if (query_note((lexer)->query, (lexer)->arena, kind, column, __VA_ARGS__))                 \
            (lexer)->failed = true;                                                                \
    } while (0)

/* How much of a word to show in a notice: whole characters. */
int query_shown(const char *text, size_t size);

static inline bool query_is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* NULL: out of memory, lexer->failed is set. */
struct query_node *query_lexer_node(struct query_lexer *lexer, enum query_op op, uint32_t column);

/* Room for one more leaf; otherwise the rest of the query is left out. */
bool query_lexer_count(struct query_lexer *lexer, uint32_t column);

/* The leaf of the scanned word; NULL where none is left of it, which is told. */
struct query_node *query_make_leaf(struct query_lexer *lexer, const struct query_raw_word *word);

/* NULL for a value that is none, which is told. */
struct query_node *query_make_value(struct query_lexer *lexer, const struct query_raw_word *word,
                                    enum query_field field);

#endif
