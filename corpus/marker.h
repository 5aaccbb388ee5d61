/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands before a paragraph or list item: bullets, numbers, letters, "Article 3". This is the
 * form only; whether a mark at the start of a wrapped line is meant as one is for the cutter to
 * judge. Pure functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_MARKER_H
#define PLENARY_CORPUS_MARKER_H

#include "corpus/line.h"

enum marker_style {
    MARKER_NONE,
    MARKER_BULLET,        /* - * • – — · o ▪ ... */
    MARKER_DECIMAL,       /* 12. */
    MARKER_DECIMAL_PAREN, /* 12) */
    MARKER_PAREN_DECIMAL, /* (12) */
    MARKER_ALPHA,         /* (a) a) and, indented, a. */
    MARKER_ROMAN,         /* (iv) iv) and, indented, iv. */
    MARKER_UPPER_ROMAN,   /* IV. */
    MARKER_SECTION,       /* 1.2 1.2.3 1.2. */
    MARKER_REFERENCE,     /* [12] */
    MARKER_IDEOGRAPHIC,   /* 一、 （二） */
    MARKER_ARTICLE,       /* Article 3, Rule 5, TOP 2, § 5 */
};

struct marker {
    enum marker_style style;
    uint32_t symbol;  /* of a bullet; of letters the full stop behind them, if it is one */
    unsigned value;   /* 12; (c) is 3, (iv) is 4; of 1.2.3 the last */
    unsigned depth;   /* of 1.2.3: 3; else 1 */
    size_t label_end; /* the label is [line.begin, label_end) */
    size_t text;      /* where the text behind it begins; line.end if there is none */
};

/* Read the mark at the start of the line; MARKER_NONE if there is none. */
struct marker marker_read(const char *text, const struct line *line);

/* Is the bullet one of the dashes, which prose uses too? */
bool marker_is_dash(const struct marker *marker);

/*
 * The first bullet in the middle of the line that opens an item: behind the end of a sentence, with
 * space on both sides, before a capital letter; `symbol` restricts it to one character, 0 allows
 * all. Signs that are nothing but bullets (•, ▪, ...) need no sentence before them. The place of
 * the bullet, or line.end.
 */
size_t marker_find_inside(const char *text, const struct line *line, uint32_t symbol);

/* The first sign in the middle of the line that is nothing but a bullet (•, ▪, ...) and stands
 * behind the end of a sentence or clause. The place of the bullet, or line.end. */
size_t marker_find_pure(const char *text, const struct line *line);

/* As marker_find_inside for a bullet that is the line's last character; what follows it is on the
 * next line, for the caller to look at. */
size_t marker_find_at_end(const char *text, const struct line *line, uint32_t symbol);

#endif
