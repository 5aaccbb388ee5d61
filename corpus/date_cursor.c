/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/date_cursor.h"

#include "corpus/word_set.h"

#include <string.h>

/* ---- the calendar ---- */

static unsigned days_in_month(unsigned year, unsigned month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

uint32_t date_make(unsigned year, unsigned month, unsigned day) {
    if (year < YEAR_FIRST || year > YEAR_LAST || month > 12 || (!month && day))
        return 0;
    if (month && day > days_in_month(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

/* ---- a cursor over text ---- */

bool cursor_take(struct date_cursor *c, const char *string) {
    size_t size = strlen(string);
    if ((size_t)(c->end - c->at) < size || memcmp(c->at, string, size))
        return false;
    c->at += size;
    return true;
}

bool cursor_skip_space(struct date_cursor *c) {
    const char *start = c->at;
    while (cursor_peek(c) == ' ' || (cursor_peek(c) >= 9 && cursor_peek(c) <= 13) ||
           cursor_take(c, "\xC2\xA0") || cursor_take(c, "\xE2\x80\xAF"))
        if (c->at < c->end && (*c->at == ' ' || (*c->at >= 9 && *c->at <= 13)))
            c->at++;
    return c->at > start;
}

unsigned cursor_take_number(struct date_cursor *c, unsigned *value) {
    unsigned length = 0;
    for (*value = 0; cursor_is_digit(cursor_peek(c)); c->at++, length++)
        *value = length < 8 ? *value * 10 + (cursor_peek(c) - '0') : 0;
    return length > 8 ? 0 : length;
}

bool cursor_take_dash(struct date_cursor *c) {
    return cursor_take(c, "-") || cursor_take(c, "\xE2\x80\x93") ||
           cursor_take(c, "\xE2\x80\x94") || cursor_take(c, "\xE2\x80\x91");
}

bool cursor_take_word(struct date_cursor *c, const char *word) {
    const char *at = c->at;
    for (; *word; word++, at++) {
        if (at == c->end)
            return false;
        unsigned char byte = (unsigned char)*at;
        if ((byte >= 'A' && byte <= 'Z' ? byte | 32 : byte) != (unsigned char)*word)
            return false;
    }
    if (at < c->end && cursor_is_letter((unsigned char)*at))
        return false;
    c->at = at;
    return true;
}

bool cursor_take_any_word(struct date_cursor *c, const char *const *words) {
    for (; *words; words++)
        if (cursor_take_word(c, *words))
            return true;
    return false;
}

void cursor_skip_word(struct date_cursor *c) {
    while (cursor_is_letter(cursor_peek(c)))
        do
            c->at++;
        while ((cursor_peek(c) & 0xC0) == 0x80);
}

/* ---- names of months ---- */

static const struct {
    const char *name;
    unsigned month;
} month_names[] = {
    {"january", 1},
    {"jan", 1},
    {"janvier", 1},
    {"januar", 1},
    {"enero", 1},
    {"j\xC3\xA4nner", 1},
    {"february", 2},
    {"feb", 2},
    {"f\xC3\xA9vrier", 2},
    {"f\xC3\x89vrier", 2},
    {"fevrier", 2},
    {"februar", 2},
    {"febrero", 2},
    {"march", 3},
    {"mar", 3},
    {"mars", 3},
    {"m\xC3\xA4rz", 3},
    {"m\xC3\x84rz", 3},
    {"marzo", 3},
    {"april", 4},
    {"apr", 4},
    {"avril", 4},
    {"abril", 4},
    {"may", 5},
    {"mai", 5},
    {"mayo", 5},
    {"june", 6},
    {"jun", 6},
    {"juin", 6},
    {"juni", 6},
    {"junio", 6},
    {"july", 7},
    {"jul", 7},
    {"juillet", 7},
    {"juli", 7},
    {"julio", 7},
    {"august", 8},
    {"aug", 8},
    {"ao\xC3\xBBt", 8},
    {"ao\xC3\x9Bt", 8},
    {"aout", 8},
    {"agosto", 8},
    {"september", 9},
    {"sept", 9},
    {"sep", 9},
    {"septembre", 9},
    {"septiembre", 9},
    {"setiembre", 9},
    {"october", 10},
    {"oct", 10},
    {"octobre", 10},
    {"oktober", 10},
    {"octubre", 10},
    {"november", 11},
    {"nov", 11},
    {"novembre", 11},
    {"noviembre", 11},
    {"december", 12},
    {"dec", 12},
    {"d\xC3\xA9"
     "cembre",
     12},
    {"d\xC3\x89"
     "cembre",
     12},
    {"decembre", 12},
    {"dezember", 12},
    {"diciembre", 12},
    {"janeiro", 1},
    {"fevereiro", 2},
    {"mar\xC3\xA7o", 3},
    {"maio", 5},
    {"junho", 6},
    {"julho", 7},
    {"setembro", 9},
    {"outubro", 10},
    {"novembro", 11},
    {"dezembro", 12},
    {"gennaio", 1},
    {"febbraio", 2},
    {"aprile", 4},
    {"maggio", 5},
    {"giugno", 6},
    {"luglio", 7},
    {"settembre", 9},
    {"ottobre", 10},
    {"dicembre", 12},
    {"januari", 1},
    {"februari", 2},
    {"maart", 3},
    {"mei", 5},
    {"augustus", 8},
};

enum { MONTH_NAMES = sizeof month_names / sizeof *month_names };

static const char *texts[MONTH_NAMES];
static struct word_set set;
static uint32_t initials; /* a bit for each letter that a name begins with */

__attribute__((constructor)) static void build(void) {
    for (size_t i = 0; i < MONTH_NAMES; i++) {
        texts[i] = month_names[i].name;
        initials |= UINT32_C(1) << (texts[i][0] & 31);
    }
    word_set_build(&set, texts, MONTH_NAMES);
}

unsigned cursor_take_month(struct date_cursor *c) {
    if (!(initials >> (cursor_peek(c) & 31) & 1))
        return 0;
    struct date_cursor word = *c;
    cursor_skip_word(&word);
    int found = word_set_find(&set, c->at, (size_t)(word.at - c->at));
    if (found < 0)
        return 0;
    c->at = word.at;
    cursor_take(c, "."); /* "Sept. 5" */
    return month_names[found].month;
}

void cursor_take_ordinal(struct date_cursor *c) {
    static const char *const suffixes[] = {"st", "nd",       "rd",       "th", "er",
                                           "re", "\xC2\xBA", "\xC2\xB0", NULL};
    if (!cursor_take_any_word(c, suffixes))
        cursor_take(c, ".");
}
