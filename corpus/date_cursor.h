/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cursor over text that takes numbers, words and names of months: what date.c and date_name.c,
 * and nobody else, read dates with. Pure functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_DATE_CURSOR_H
#define PLENARY_CORPUS_DATE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { YEAR_FIRST = 1500, YEAR_LAST = 2199 };

struct date_cursor {
    const char *at, *end;
    unsigned year; /* where none is written; 0: it must be */
};

static inline unsigned char cursor_peek(const struct date_cursor *c) {
    return c->at < c->end ? (unsigned char)*c->at : 0;
}

static inline bool cursor_is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

/* Does a letter begin with this byte? Lead bytes C2 and E2 begin no-break spaces, dashes and
 * quotes; the rest of what lies above 7F is taken for letters, which is enough to find where words
 * end. */
static inline bool cursor_is_letter(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 0xC3 && byte != 0xE2);
}

/* yyyymmdd, or 0 if there is no such day; month and day may be 0 for unknown. */
uint32_t date_make(unsigned year, unsigned month, unsigned day);

bool cursor_take(struct date_cursor *c, const char *string);

/* White space, among it the no-break spaces that word processors put into dates. */
bool cursor_skip_space(struct date_cursor *c);

/* A run of digits; its length tells 6 from 06 and 2018. 0 when there is none or it is too long. */
unsigned cursor_take_number(struct date_cursor *c, unsigned *value);

bool cursor_take_dash(struct date_cursor *c);

/* `word` in lower case ASCII (bytes above 7F compared as they are), with no letter behind it. */
bool cursor_take_word(struct date_cursor *c, const char *word);
bool cursor_take_any_word(struct date_cursor *c, const char *const *words);

/* The name of a month, in any of the languages known: 1 to 12, else 0. */
unsigned cursor_take_month(struct date_cursor *c);

/* "st", "er", ".": what may stand behind the number of a day. */
void cursor_take_ordinal(struct date_cursor *c);

void cursor_skip_word(struct date_cursor *c);

#endif
