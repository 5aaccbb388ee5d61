/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query language: text to a tree of what is asked, before any word is analysed.
 *
 *   word              a word; several words are OR-ed, the best matches come first
 *   a AND b, a OR b   both; either (operators in capitals)
 *   NOT a, -a         without a; `a b -c` is (a OR b) AND NOT c; alone: everything without a
 *   +a b              a, and better where b is too
 *   ( ... )           a group
 *   "..."             a phrase, also « », “ ”, „ “
 *   a NEAR/5 b        within 5 words of each other, in any order; NEAR is NEAR/10
 *   trafficking*      words that begin so; *embark* hold it; organi?ation has any one character
 * there disembarkaton~    words spelt nearly so: one edit for up to five characters, else two; ~1
 * and ~2 say how many word^2 "a b"^2    weighs twice as much; (a b)^2 too (a b c)~2         at
 * least two of them =trafficking      this form of the word only, not traffic or trafficked title:x
 * in the title; also speaker: and heading:, before phrases and groups too date:2017..2018   of
 * these documents or passages alone: date: and page: take a value or a range that may be open
 * (2018-08.., ..9), body: a part of the name, language:, id:, and source: or path: a folder or a
 * glob; values may be quoted
 *   *                 alone: everything
 *   \                 takes the next character literally
 *
 * What binds tighter comes first: field: before its word; NEAR; + - NOT; AND; then OR and
 * juxtaposition alike. ~ and ^ belong to what they stand behind. NOT or - beside an explicit OR is
 * the complement (`a OR NOT b`); elsewhere it excludes from its whole group.
 *
 * No text is a syntax error: what cannot be read is repaired and each repair is told. Parsing takes
 * linear time and does not recurse; QUERY_LIMIT_* bound the tree (so that walking it may recurse),
 * and passing one is told too.
 *
 * Nodes, strings and notices live in the arena that the caller passes, and are immutable after
 * query_parse. Different arenas may be used by different threads.
 */
#ifndef PLENARY_SEARCHER_QUERY_H
#define PLENARY_SEARCHER_QUERY_H

#include "corpus/arena.h"
#include "corpus/bytes.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    QUERY_LIMIT_WORDS = 1024,
    QUERY_LIMIT_DEPTH = 64, /* brackets deeper than this are read as if they were not there */
    QUERY_LIMIT_NOTICES = 64,
    QUERY_LIMIT_NEAR = 1000,
    QUERY_LIMIT_WORD_BYTES = 1000, /* a longer word is cut; the analyser shortens further */
    QUERY_NEAR_DEFAULT = 10,
    QUERY_BOOST_MOST = 9999,
};

enum query_op {
    QUERY_NOTHING,
    QUERY_ALL,
    QUERY_WORD,   /* text */
    QUERY_PREFIX, /* text, without the star; or a pattern */
    QUERY_PHRASE, /* children are words */
    QUERY_NEAR,   /* two or more words, prefixes, phrases or OR of them, of the text; see windows */
    QUERY_AND,    /* a NOT child excludes */
    QUERY_OR,     /* a NOT child is a complement */
    QUERY_NOT,    /* one child */
    QUERY_MAYBE,  /* first child required, second adds weight */
    QUERY_IS, /* a document or passage of which `field` says text, or from..to; weighs nothing */
};

enum query_field {
    QUERY_FIELD_TEXT, /* the passages' own words */
    QUERY_FIELD_TITLE,
    QUERY_FIELD_SPEAKER,
    QUERY_FIELD_HEADING,
    QUERY_FIELDS, /* that have words */
    QUERY_FIELD_BODY = QUERY_FIELDS,
    QUERY_FIELD_LANGUAGE,
    QUERY_FIELD_ID,
    QUERY_FIELD_SOURCE,
    QUERY_FIELD_PAGE,
    QUERY_FIELD_DATE,
    QUERY_FIELDS_ALL
};

/* "title", ...; "" for QUERY_FIELD_TEXT. */
const char *query_field_name(enum query_field field);

struct query_node {
    enum query_op op;
    enum query_field field; /* of a word, prefix, phrase or IS */
    const char *text;       /* of a word or prefix, as typed, unescaped; of an IS */
    size_t text_size;
    uint32_t column;         /* where it begins: 1-based, in characters */
    const uint32_t *windows; /* of a NEAR: how many words apart children i and i + 1 may stand */
    bool exact;              /* =word: folded, but not stemmed */
    bool wildcard;           /* of a prefix: text is a pattern, with stars and question marks */
    bool fuzzy;              /* of a word */
    unsigned edits;          /* how many; 0: by the word's length */
    double boost;            /* 0 if none; four digits behind the point */
    uint32_t least;          /* of an OR: how many children must match; 0: any */
    uint32_t from, to;       /* of IS: a page or date (yyyymmdd, mm and dd may be 00); 0: open */
    const struct query_node **children;
    size_t count;
};

enum query_notice_kind {
    QUERY_REPAIR, /* the text could not be read as it stood; --strict refuses it */
    QUERY_NOTE,   /* it was read, but not all of it could be done: limits, not supported yet */
};

struct query_notice {
    enum query_notice_kind kind;
    uint32_t column;     /* 1-based, in characters; 0: about the query as a whole */
    const char *message; /* "the quotation mark is never closed; read as closed at the end" */
};

struct query {
    const struct query_node *root;
    struct query_notice *notices; /* by column */
    size_t notice_count;
    size_t repair_count; /* all repairs, also those beyond QUERY_LIMIT_NOTICES */
};

/* Read `size` bytes (any bytes). PLENARY_ENOMEM is the only failure. */
int query_parse(struct query *out, struct arena *arena, const char *text, size_t size,
                struct error *err);

/* Append the query as understood, in a form that parses to the same tree (as long as its brackets
 * do not nest beyond QUERY_LIMIT_DEPTH): `(trafficking OR smuggling) AND NOT "search and rescue"`.
 * Nothing at all is the empty text. Check out->failed. */
void query_describe(const struct query_node *root, struct bytes *out);

/* Add a notice found later (by the planner); once QUERY_LIMIT_NOTICES is passed, it is dropped. */
int query_note(struct query *query, struct arena *arena, enum query_notice_kind kind,
               uint32_t column, const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
