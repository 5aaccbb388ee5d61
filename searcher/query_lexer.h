/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query text cut into operators and leaves (words, prefixes, phrases), with the repairs that
 * concern characters: quotation marks, colons, signs, escapes. The parser pulls tokens one by one.
 */
#ifndef PLENARY_SEARCHER_QUERY_LEXER_H
#define PLENARY_SEARCHER_QUERY_LEXER_H

#include "searcher/query.h"

enum query_token_kind {
    TOKEN_END,
    TOKEN_LEAF,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NEAR,
    TOKEN_NOT,
    TOKEN_MINUS,
    TOKEN_PLUS,
};

struct query_token {
    enum query_token_kind kind;
    uint32_t column;
    enum query_field field;  /* of an OPEN */
    uint32_t window;         /* of a NEAR */
    double boost;            /* of a CLOSE: what stands behind it; 0: nothing */
    uint32_t least;          /* of a CLOSE */
    struct query_node *leaf; /* its field is set where it was named before it */
};

struct query_lexer {
    struct query *query; /* gets the notices */
    struct arena *arena;
    const char *text; /* valid UTF-8 without control characters */
    size_t size, at;
    uint32_t column; /* of text[at] */
    uint32_t words;  /* leaves made */
    bool full;       /* QUERY_LIMIT_WORDS was reached; the rest is not read */
    bool failed;     /* out of memory */
    char word[QUERY_LIMIT_WORD_BYTES + 4];
};

/* Start on `size` bytes of anything; false when out of memory. */
bool query_lexer_init(struct query_lexer *lexer, struct query *query, struct arena *arena,
                      const char *text, size_t size);

/* The next token; TOKEN_END for ever after the last, and when `failed` or `full`. */
struct query_token query_lexer_next(struct query_lexer *lexer);

/* The words that are operators unless escaped: TOKEN_AND, OR, NOT, NEAR; otherwise TOKEN_LEAF. */
enum query_token_kind query_operator_kind(const char *word, size_t size);

/* The field of this name in any case, QUERY_FIELD_TEXT if there is none. */
enum query_field query_field_named(const char *name, size_t size);

/* Does a question mark in this word stand for a character: between letters, digits or stars, and
 * the word is no address? */
bool query_asks_character(const char *word, size_t size);

/* Bytes of the blank or the quotation mark at `text`; 0 if it is none. */
size_t query_space_size(const char *text, size_t size);
size_t query_quote_size(const char *text, size_t size);

#endif
