/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of plain text, and what one line alone can tell: where it ends, how it begins, whether it
 * is a rule, a page number, a row. Each question looks at a bounded part of the line, so that a
 * line of a hundred megabytes costs no more than one of a hundred bytes. Pure functions,
 * thread-safe.
 */
#ifndef PLENARY_CORPUS_LINE_H
#define PLENARY_CORPUS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LINE_WIDTH_MAX = 1000 }; /* columns; longer lines count as this long */

enum line_class {
    LINE_TEXT,
    LINE_BLANK,
    LINE_RULE,        /* ------, =====, * * * */
    LINE_PAGE_NUMBER, /* 12, - 12 -, Page 12 of 30 */
    LINE_ROW,         /* of a table, or an entry of a table of contents */
};

struct line_facts;

struct line {
    size_t begin, end; /* bytes, without surrounding space and marks of quotation */
    uint64_t number;   /* 1-based */
    uint32_t page;     /* form feeds before it, plus one */
    unsigned indent;   /* columns before begin; a tab goes to the next multiple of eight */
    unsigned width;    /* columns to end: indent and characters, at most LINE_WIDTH_MAX */
    unsigned quote;    /* how many > stood before it */
    unsigned blanks;   /* blank lines before it, for the cutter */
    bool page_break;   /* a form feed or a page number stood before it, for the cutter */
    bool inserted;     /* the rest of a line that was divided at a bullet in its middle */
    enum line_class class;
    const struct line_facts *facts; /* of this very range, where they are kept (line_table.h) */
};

struct line_reader {
    const char *text;
    size_t size, at;
    size_t feed;  /* the next LF at or behind `at`, or size */
    size_t count; /* lines read */
    uint64_t number;
    uint32_t page;
    bool feeds; /* lines end in LF (or CRLF); where there is none, in CR */
};

void line_reader_init(struct line_reader *reader, const char *text, size_t size);

/* The next line, trimmed and classified; false at the end. A lone CR always ends a line; it
 * advances `number` only in a text without LF, as editors count. */
bool line_read(struct line_reader *reader, struct line *line);

/* Set `width` and `class` of a line whose range was changed. */
void line_classify(const char *text, struct line *line);

/* Columns of the line's first word. */
unsigned line_first_word(const char *text, const struct line *line);

/* The line ends a sentence: a stop, perhaps with closing quotes, that is not of an abbreviation. */
bool line_ends_sentence(const char *text, const struct line *line);

/* The last character, closers left out: '.', ':', ';', ',' or a letter. */
uint32_t line_last(const char *text, const struct line *line);

/* The first character, openers left out. */
uint32_t line_first(const char *text, const struct line *line);

/* Begins as a new sentence would: upper case, digit, or a script without cases. */
bool line_starts_fresh(const char *text, const struct line *line);
bool line_starts_lower(const char *text, const struct line *line);

/* At least two letters, and none in lower case, in a line of at most 200 bytes. */
bool line_is_capitals(const char *text, const struct line *line);

/* The number on a line of LINE_PAGE_NUMBER. */
unsigned line_page_number(const char *text, const struct line *line);

#endif
