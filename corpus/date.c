/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/date.h"

#include "corpus/date_cursor.h"

#include <stdio.h>
#include <string.h>

bool date_valid(uint32_t date) {
    return date && date_make(date / 10000, date / 100 % 100, date % 100) == date;
}

/* ---- forms of dates; each leaves the cursor anywhere when it fails ---- */

/* " de ", " of ", "du", ",": what may stand between day, month and year. */
static void skip_joint(struct date_cursor *c) {
    static const char *const joints[] = {"de", "del", "of", "d'", NULL};
    cursor_skip_space(c);
    if (!cursor_take(c, ","))
        cursor_take_any_word(c, joints);
    cursor_skip_space(c);
}

static unsigned take_written_year(struct date_cursor *c) {
    unsigned year;
    skip_joint(c);
    return cursor_take_number(c, &year) == 4 && year >= YEAR_FIRST && year <= YEAR_LAST ? year : 0;
}

static unsigned take_year(struct date_cursor *c) {
    struct date_cursor ahead = *c;
    unsigned year = take_written_year(&ahead);
    if (year || !c->year)
        *c = ahead;
    return year ? year : c->year;
}

static bool take_range_word(struct date_cursor *c) {
    static const char *const words[] = {"to", "and", "au", "et",    "bis", "und",
                                        "al", "a",   "y",  "until", NULL};
    cursor_skip_space(c);
    bool found = cursor_take_dash(c) || cursor_take(c, "/") || cursor_take(c, ",") ||
                 cursor_take(c, "&") || cursor_take_any_word(c, words);
    cursor_skip_space(c);
    return found;
}

static bool take_day(struct date_cursor *c, unsigned *day) {
    unsigned length = cursor_take_number(c, day);
    if (length < 1 || length > 2 || *day < 1 || *day > 31)
        return false;
    cursor_take_ordinal(c);
    return true;
}

/* Behind a first day: "-7", " and 7", "bis 7."; more than one further day may follow. */
static void skip_further_days(struct date_cursor *c) {
    for (int i = 0; i < 8; i++) {
        struct date_cursor ahead = *c;
        unsigned day;
        if (!take_range_word(&ahead) || !take_day(&ahead, &day))
            return;
        *c = ahead;
    }
}

/* "6 [de] August [,] [de] 2018", "5-7 August 2018", "30 July to 2 August 2018". */
static uint32_t day_month_year(struct date_cursor *c) {
    unsigned day;
    if (!take_day(c, &day))
        return 0;
    skip_further_days(c);
    skip_joint(c);
    unsigned month = cursor_take_month(c);
    if (!month)
        return 0;
    struct date_cursor ahead = *c;
    unsigned year = take_year(&ahead);
    if (!year) { /* the year may stand at the range's end only */
        unsigned last_day, last_month;
        ahead = *c;
        if (!take_range_word(&ahead) || !take_day(&ahead, &last_day))
            return 0;
        skip_joint(&ahead);
        last_month = cursor_take_month(&ahead);
        if (!last_month || !(year = take_year(&ahead)))
            return 0;
        year -= last_month < month;
    }
    *c = ahead;
    return date_make(year, month, day);
}

/* "August 6, 2018", "July 30 - August 2, 2018"; or the month and year alone, into *weak. */
static uint32_t month_day_year(struct date_cursor *c, uint32_t *weak) {
    unsigned month = cursor_take_month(c), day, year;
    if (!month)
        return 0;
    struct date_cursor ahead = *c;
    if ((year = take_written_year(&ahead))) {
        *c = ahead;
        *weak = date_make(year, month, 0);
        return 0;
    }
    cursor_skip_space(c);
    if (!take_day(c, &day))
        return 0;
    skip_further_days(c);
    ahead = *c;
    if (!(year = take_year(&ahead))) {
        unsigned last_day, last_month;
        ahead = *c;
        if (!take_range_word(&ahead) || !(last_month = cursor_take_month(&ahead)) ||
            !(cursor_skip_space(&ahead), take_day(&ahead, &last_day)) ||
            !(year = take_year(&ahead)))
            return 0;
        year -= last_month < month;
    }
    *c = ahead;
    return date_make(year, month, day);
}

/* "2018-08-06", "2018/8/6", "2018年8月6日". */
static uint32_t year_month_day(struct date_cursor *c) {
    unsigned year, month, day, length;
    if (cursor_take_number(c, &year) != 4)
        return 0;
    bool cjk = cursor_take(c, "年");
    unsigned char separator = cursor_peek(c);
    if (!cjk && separator != '-' && separator != '/' && separator != '.')
        return 0;
    c->at += !cjk;
    length = cursor_take_number(c, &month);
    if (length < 1 || length > 2 || (cjk ? !cursor_take(c, "月") : cursor_peek(c) != separator))
        return 0;
    c->at += !cjk;
    length = cursor_take_number(c, &day);
    if (length < 1 || length > 2 || !month || !day)
        return 0;
    return date_make(year, month, day);
}

/* "06.08.2018"; with slashes or hyphens only where the order of day and month is beyond doubt. */
static uint32_t numbers_day_first(struct date_cursor *c) {
    unsigned first, second, year, length = cursor_take_number(c, &first);
    unsigned char separator = cursor_peek(c);
    if (length < 1 || length > 2 || !separator || !strchr("./-", separator))
        return 0;
    c->at++;
    if (separator == '.')
        cursor_skip_space(c);
    length = cursor_take_number(c, &second);
    if (length < 1 || length > 2 || cursor_peek(c) != separator)
        return 0;
    c->at++;
    if (separator == '.')
        cursor_skip_space(c);
    if (cursor_take_number(c, &year) != 4 || !first || !second)
        return 0;
    if (separator == '.' || first > 12 || first == second)
        return date_make(year, second, first);
    return second > 12 ? date_make(year, first, second) : 0;
}

static uint32_t date_at_digit(struct date_cursor *c) {
    static uint32_t (*const forms[])(struct date_cursor *) = {year_month_day, numbers_day_first,
                                                              day_month_year};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct date_cursor ahead = *c;
        uint32_t date = forms[i](&ahead);
        if (date && !cursor_is_digit(cursor_peek(&ahead))) {
            *c = ahead;
            return date;
        }
    }
    return 0;
}

static void skip_digits(struct date_cursor *c) {
    while (cursor_is_digit(cursor_peek(c)))
        c->at++;
}

/* The first full date; *start is where it was found, *weak the first month with a year. */
static uint32_t find(struct date_cursor c, const char **start, uint32_t *fallback) {
    *fallback = 0;
    while (c.at < c.end) {
        struct date_cursor ahead = c;
        uint32_t weak = 0;
        bool digit = cursor_is_digit(cursor_peek(&c));
        if (!digit && !cursor_is_letter(cursor_peek(&c))) {
            c.at++;
            continue;
        }
        uint32_t date = digit ? date_at_digit(&ahead) : month_day_year(&ahead, &weak);
        *start = c.at;
        if (date)
            return date;
        *fallback = *fallback ? *fallback : weak;
        if (digit)
            skip_digits(&c);
        else
            cursor_skip_word(&c);
    }
    return 0;
}

uint32_t date_find(const char *text, size_t size) {
    const char *start;
    uint32_t month, date = find((struct date_cursor){text, text + size, 0}, &start, &month);
    return date ? date : month;
}

/* ---- days of the week ---- */

static const struct {
    const char *name;
    unsigned day; /* Sunday is 0 */
} weekday_names[] = {
    {"sunday", 0},
    {"sun", 0},
    {"dimanche", 0},
    {"domingo", 0},
    {"sonntag", 0},
    {"monday", 1},
    {"mon", 1},
    {"lundi", 1},
    {"lunes", 1},
    {"montag", 1},
    {"tuesday", 2},
    {"tue", 2},
    {"tues", 2},
    {"mardi", 2},
    {"martes", 2},
    {"dienstag", 2},
    {"wednesday", 3},
    {"wed", 3},
    {"mercredi", 3},
    {"mittwoch", 3},
    {"mi\xC3\xA9rcoles", 3},
    {"thursday", 4},
    {"thu", 4},
    {"thurs", 4},
    {"jeudi", 4},
    {"jueves", 4},
    {"donnerstag", 4},
    {"friday", 5},
    {"fri", 5},
    {"vendredi", 5},
    {"viernes", 5},
    {"freitag", 5},
    {"saturday", 6},
    {"sat", 6},
    {"samedi", 6},
    {"s\xC3\xA1"
     "bado",
     6},
    {"samstag", 6},
};

/* Sakamoto's rule for the Gregorian calendar. */
static unsigned weekday_of(uint32_t date) {
    static const unsigned offsets[] = {0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4};
    unsigned year = date / 10000, month = date / 100 % 100, day = date % 100;
    year -= month < 3;
    return (year + year / 4 - year / 100 + year / 400 + offsets[month - 1] + day) % 7;
}

/* 1 if the name of a weekday stands before `at` and is that of the date, -1 if of another. */
static int judge_weekday(const char *text, const char *at, uint32_t date) {
    static const char *const between[] = {"the", "den", "le", "el", NULL};
    for (const char *from = at - text > 24 ? at - 24 : text; from < at; from++) {
        struct date_cursor c = {from, at, 0};
        if (from > text && cursor_is_letter((unsigned char)from[-1]))
            continue;
        for (size_t i = 0; i < sizeof weekday_names / sizeof *weekday_names; i++) {
            c.at = from;
            if (!cursor_take_word(&c, weekday_names[i].name))
                continue;
            cursor_take(&c, ".");
            cursor_take(&c, ",");
            cursor_skip_space(&c);
            cursor_take_any_word(&c, between);
            cursor_skip_space(&c);
            if (c.at == at)
                return weekday_names[i].day == weekday_of(date) ? 1 : -1;
        }
    }
    return 0;
}

uint32_t date_find_in_year(const char *text, size_t size, unsigned year, int *weekday) {
    const char *start;
    uint32_t month;
    *weekday = 0;
    if (year < YEAR_FIRST || year > YEAR_LAST)
        return 0;
    uint32_t date = find((struct date_cursor){text, text + size, year}, &start, &month);
    if (date)
        *weekday = judge_weekday(text, start, date);
    return date;
}

/* ---- strict forms ---- */

static bool take_digits(struct date_cursor *c, unsigned digits, unsigned *value) {
    return cursor_take_number(c, value) == digits && *value;
}

uint32_t date_parse(const char *text) {
    unsigned year, month = 0, day = 0;
    if (!text)
        return 0;
    struct date_cursor c = {text, text + strlen(text), 0};
    if (!take_digits(&c, 4, &year))
        return 0;
    if (c.at < c.end && (!cursor_take(&c, "-") || !take_digits(&c, 2, &month)))
        return 0;
    if (c.at < c.end && (!cursor_take(&c, "-") || !take_digits(&c, 2, &day)))
        return 0;
    if (c.at < c.end && !((*c.at == 'T' || *c.at == ' ') && c.end - c.at > 1 &&
                          cursor_is_digit((unsigned char)c.at[1])))
        return 0;
    return date_make(year, month, day);
}

const char *date_format(uint32_t date, char out[DATE_FORMAT_SIZE]) {
    unsigned year = date / 10000 % 10000, month = date / 100 % 100, day = date % 100;
    out[0] = '\0';
    if (date && day)
        snprintf(out, DATE_FORMAT_SIZE, "%04u-%02u-%02u", year, month, day);
    else if (date && month)
        snprintf(out, DATE_FORMAT_SIZE, "%04u-%02u", year, month);
    else if (date)
        snprintf(out, DATE_FORMAT_SIZE, "%04u", year);
    return out;
}
