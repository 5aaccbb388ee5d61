/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/date.h"

#include <stdio.h>
#include <string.h>

enum { YEAR_FIRST = 1500, YEAR_LAST = 2199 };

/* ---- the calendar ---- */

static unsigned days_in_month(unsigned year, unsigned month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

/* yyyymmdd, or 0 if there is no such day; month and day may be 0 for unknown. */
static uint32_t date_make(unsigned year, unsigned month, unsigned day) {
    if (year < YEAR_FIRST || year > YEAR_LAST || month > 12 || (!month && day))
        return 0;
    if (month && day > days_in_month(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

bool date_valid(uint32_t date) {
    return date && date_make(date / 10000, date / 100 % 100, date % 100) == date;
}

/* ---- a cursor over text ---- */

struct cursor {
    const char *at, *end;
    unsigned year; /* where none is written; 0: it must be */
};

static unsigned char peek(const struct cursor *c) {
    return c->at < c->end ? (unsigned char)*c->at : 0;
}

static bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

/* Does a letter begin with this byte? Lead bytes C2 and E2 begin no-break spaces, dashes and
 * quotes; the rest of what lies above 7F is taken for letters, which is enough to find where words
 * end. */
static bool is_letter(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= 0xC3 && byte != 0xE2);
}

static bool take(struct cursor *c, const char *string) {
    size_t size = strlen(string);
    if ((size_t)(c->end - c->at) < size || memcmp(c->at, string, size))
        return false;
    c->at += size;
    return true;
}

/* White space, among it the no-break spaces that word processors put into dates. */
static bool skip_space(struct cursor *c) {
    const char *start = c->at;
    while (peek(c) == ' ' || (peek(c) >= 9 && peek(c) <= 13) || take(c, "\xC2\xA0") ||
           take(c, "\xE2\x80\xAF"))
        if (c->at < c->end && (*c->at == ' ' || (*c->at >= 9 && *c->at <= 13)))
            c->at++;
    return c->at > start;
}

/* A run of digits; its length tells 6 from 06 and 2018. 0 when there is none or it is too long. */
static unsigned take_number(struct cursor *c, unsigned *value) {
    unsigned length = 0;
    for (*value = 0; is_digit(peek(c)); c->at++, length++)
        *value = length < 8 ? *value * 10 + (peek(c) - '0') : 0;
    return length > 8 ? 0 : length;
}

static bool take_dash(struct cursor *c) {
    return take(c, "-") || take(c, "\xE2\x80\x93") || take(c, "\xE2\x80\x94") ||
           take(c, "\xE2\x80\x91");
}

/* `word` in lower case ASCII (bytes above 7F compared as they are), with no letter behind it. */
static bool take_word(struct cursor *c, const char *word) {
    const char *at = c->at;
    for (; *word; word++, at++) {
        if (at == c->end)
            return false;
        unsigned char byte = (unsigned char)*at;
        if ((byte >= 'A' && byte <= 'Z' ? byte | 32 : byte) != (unsigned char)*word)
            return false;
    }
    if (at < c->end && is_letter((unsigned char)*at))
        return false;
    c->at = at;
    return true;
}

static bool take_any_word(struct cursor *c, const char *const *words) {
    for (; *words; words++)
        if (take_word(c, *words))
            return true;
    return false;
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
    {"F\xC3\x89VRIER", 2},
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

static unsigned take_month(struct cursor *c) {
    unsigned char first = peek(c) | 32;
    if (first < 'a' || !memchr("adefgjlmnos", first, 11))
        return 0;
    for (size_t i = 0; i < sizeof month_names / sizeof *month_names; i++)
        if ((month_names[i].name[0] | 32) == first && take_word(c, month_names[i].name)) {
            take(c, "."); /* "Sept. 5" */
            return month_names[i].month;
        }
    return 0;
}

/* ---- forms of dates; each leaves the cursor anywhere when it fails ---- */

static void take_ordinal(struct cursor *c) {
    static const char *const suffixes[] = {"st", "nd",       "rd",       "th", "er",
                                           "re", "\xC2\xBA", "\xC2\xB0", NULL};
    if (!take_any_word(c, suffixes))
        take(c, ".");
}

/* " de ", " of ", "du", ",": what may stand between day, month and year. */
static void skip_joint(struct cursor *c) {
    static const char *const joints[] = {"de", "del", "of", "d'", NULL};
    skip_space(c);
    if (!take(c, ","))
        take_any_word(c, joints);
    skip_space(c);
}

static unsigned take_written_year(struct cursor *c) {
    unsigned year;
    skip_joint(c);
    return take_number(c, &year) == 4 && year >= YEAR_FIRST && year <= YEAR_LAST ? year : 0;
}

static unsigned take_year(struct cursor *c) {
    struct cursor ahead = *c;
    unsigned year = take_written_year(&ahead);
    if (year || !c->year)
        *c = ahead;
    return year ? year : c->year;
}

static bool take_range_word(struct cursor *c) {
    static const char *const words[] = {"to", "and", "au", "et",    "bis", "und",
                                        "al", "a",   "y",  "until", NULL};
    skip_space(c);
    bool found =
        take_dash(c) || take(c, "/") || take(c, ",") || take(c, "&") || take_any_word(c, words);
    skip_space(c);
    return found;
}

static bool take_day(struct cursor *c, unsigned *day) {
    unsigned length = take_number(c, day);
    if (length < 1 || length > 2 || *day < 1 || *day > 31)
        return false;
    take_ordinal(c);
    return true;
}

/* Behind a first day: "-7", " and 7", "bis 7."; more than one further day may follow. */
static void skip_further_days(struct cursor *c) {
    for (int i = 0; i < 8; i++) {
        struct cursor ahead = *c;
        unsigned day;
        if (!take_range_word(&ahead) || !take_day(&ahead, &day))
            return;
        *c = ahead;
    }
}

/* "6 [de] August [,] [de] 2018", "5-7 August 2018", "30 July to 2 August 2018". */
static uint32_t day_month_year(struct cursor *c) {
    unsigned day;
    if (!take_day(c, &day))
        return 0;
    skip_further_days(c);
    skip_joint(c);
    unsigned month = take_month(c);
    if (!month)
        return 0;
    struct cursor ahead = *c;
    unsigned year = take_year(&ahead);
    if (!year) { /* the year may stand at the range's end only */
        unsigned last_day, last_month;
        ahead = *c;
        if (!take_range_word(&ahead) || !take_day(&ahead, &last_day))
            return 0;
        skip_joint(&ahead);
        last_month = take_month(&ahead);
        if (!last_month || !(year = take_year(&ahead)))
            return 0;
        year -= last_month < month;
    }
    *c = ahead;
    return date_make(year, month, day);
}

/* "August 6, 2018", "July 30 - August 2, 2018"; or the month and year alone, into *weak. */
static uint32_t month_day_year(struct cursor *c, uint32_t *weak) {
    unsigned month = take_month(c), day, year;
    if (!month)
        return 0;
    struct cursor ahead = *c;
    if ((year = take_written_year(&ahead))) {
        *c = ahead;
        *weak = date_make(year, month, 0);
        return 0;
    }
    skip_space(c);
    if (!take_day(c, &day))
        return 0;
    skip_further_days(c);
    ahead = *c;
    if (!(year = take_year(&ahead))) {
        unsigned last_day, last_month;
        ahead = *c;
        if (!take_range_word(&ahead) || !(last_month = take_month(&ahead)) ||
            !(skip_space(&ahead), take_day(&ahead, &last_day)) || !(year = take_year(&ahead)))
            return 0;
        year -= last_month < month;
    }
    *c = ahead;
    return date_make(year, month, day);
}

/* "2018-08-06", "2018/8/6", "2018年8月6日". */
static uint32_t year_month_day(struct cursor *c) {
    unsigned year, month, day, length;
    if (take_number(c, &year) != 4)
        return 0;
    bool cjk = take(c, "年");
    unsigned char separator = peek(c);
    if (!cjk && separator != '-' && separator != '/' && separator != '.')
        return 0;
    c->at += !cjk;
    length = take_number(c, &month);
    if (length < 1 || length > 2 || (cjk ? !take(c, "月") : peek(c) != separator))
        return 0;
    c->at += !cjk;
    length = take_number(c, &day);
    if (length < 1 || length > 2 || !month || !day)
        return 0;
    return date_make(year, month, day);
}

/* "06.08.2018"; with slashes or hyphens only where the order of day and month is beyond doubt. */
static uint32_t numbers_day_first(struct cursor *c) {
    unsigned first, second, year, length = take_number(c, &first);
    unsigned char separator = peek(c);
    if (length < 1 || length > 2 || !separator || !strchr("./-", separator))
        return 0;
    c->at++;
    if (separator == '.')
        skip_space(c);
    length = take_number(c, &second);
    if (length < 1 || length > 2 || peek(c) != separator)
        return 0;
    c->at++;
    if (separator == '.')
        skip_space(c);
    if (take_number(c, &year) != 4 || !first || !second)
        return 0;
    if (separator == '.' || first > 12 || first == second)
        return date_make(year, second, first);
    return second > 12 ? date_make(year, first, second) : 0;
}

static uint32_t date_at_digit(struct cursor *c) {
    static uint32_t (*const forms[])(struct cursor *) = {year_month_day, numbers_day_first,
                                                         day_month_year};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct cursor ahead = *c;
        uint32_t date = forms[i](&ahead);
        if (date && !is_digit(peek(&ahead))) {
            *c = ahead;
            return date;
        }
    }
    return 0;
}

static void skip_digits(struct cursor *c) {
    while (is_digit(peek(c)))
        c->at++;
}

static void skip_word(struct cursor *c) {
    while (is_letter(peek(c)))
        do
            c->at++;
        while ((peek(c) & 0xC0) == 0x80);
}

/* The first full date; *start is where it was found, *weak the first month with a year. */
static uint32_t find(struct cursor c, const char **start, uint32_t *fallback) {
    *fallback = 0;
    while (c.at < c.end) {
        struct cursor ahead = c;
        uint32_t weak = 0;
        uint32_t date = is_digit(peek(&c)) ? date_at_digit(&ahead) : month_day_year(&ahead, &weak);
        *start = c.at;
        if (date)
            return date;
        *fallback = *fallback ? *fallback : weak;
        if (is_digit(peek(&c)))
            skip_digits(&c);
        else if (is_letter(peek(&c)))
            skip_word(&c);
        else
            c.at++;
    }
    return 0;
}

uint32_t date_find(const char *text, size_t size) {
    const char *start;
    uint32_t month, date = find((struct cursor){text, text + size, 0}, &start, &month);
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
        struct cursor c = {from, at, 0};
        if (from > text && is_letter((unsigned char)from[-1]))
            continue;
        for (size_t i = 0; i < sizeof weekday_names / sizeof *weekday_names; i++) {
            c.at = from;
            if (!take_word(&c, weekday_names[i].name))
                continue;
            take(&c, ".");
            take(&c, ",");
            skip_space(&c);
            take_any_word(&c, between);
            skip_space(&c);
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
    uint32_t date = find((struct cursor){text, text + size, year}, &start, &month);
    if (date)
        *weekday = judge_weekday(text, start, date);
    return date;
}

/* ---- file names ---- */

enum { NAME_TOKENS = 24 };

/* A piece of a path: a number with its digits counted, or a month's name. */
struct token {
    unsigned value, digits, month;
    bool in_name; /* of the last component, not of a folder */
    bool joined;  /* one sign stands between it and the piece before */
};

/* Only the last pieces count, nearest to the file; others fall out at the front. */
static void token_push(struct token *tokens, size_t *count, struct token token) {
    if (*count == NAME_TOKENS) {
        memmove(tokens, tokens + 1, (NAME_TOKENS - 1) * sizeof *tokens);
        --*count;
    }
    tokens[(*count)++] = token;
}

static size_t path_tokens(const char *path, struct token *tokens) {
    struct cursor c = {path, path + strlen(path), 0};
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *joint = c.end; /* behind the sign that follows the piece before */
    size_t count = 0;
    while (c.at < c.end) {
        struct token token = {0, 0, 0, c.at >= name, c.at == joint};
        if (is_digit(peek(&c))) {
            token.digits = take_number(&c, &token.value);
            take_ordinal(&c);
        } else if (is_letter(peek(&c))) {
            token.month = take_month(&c);
            if (!token.month) /* a word stands between numbers as a wall would */
                skip_word(&c);
        } else {
            c.at++;
            continue;
        }
        joint = c.at < c.end ? c.at + 1 : c.end;
        token_push(tokens, &count, token);
    }
    return count;
}

static uint32_t token_year(const struct token *t) {
    return t->digits == 4 && t->value >= YEAR_FIRST && t->value <= YEAR_LAST ? t->value : 0;
}

static unsigned token_day(const struct token *t) {
    return (t->digits == 1 || t->digits == 2) && t->value >= 1 && t->value <= 31 ? t->value : 0;
}

static unsigned token_month(const struct token *t) {
    if (t->month)
        return t->month;
    return (t->digits == 1 || t->digits == 2) && t->value >= 1 && t->value <= 12 ? t->value : 0;
}

/* A full date written at t[0..]. */
static uint32_t tokens_full(const struct token *t, size_t count) {
    if (t[0].digits == 8)
        return t[0].value % 100 && t[0].value / 100 % 100 && date_valid(t[0].value) ? t[0].value
                                                                                    : 0;
    if (count < 3)
        return 0;
    if (token_year(t) && token_month(t + 1) && token_day(t + 2))
        return date_make(token_year(t), token_month(t + 1), token_day(t + 2));
    if (token_day(t) && token_month(t + 1) && token_year(t + 2))
        return date_make(token_year(t + 2), token_month(t + 1), token_day(t));
    if (t[0].month && token_day(t + 1) && token_year(t + 2))
        return date_make(token_year(t + 2), t[0].month, token_day(t + 1));
    /* "2025/05-May/01": the month twice, so that folders sort. */
    if (count > 3 && token_year(t) && t[2].month && t[1].value == t[2].month && token_day(t + 3))
        return date_make(token_year(t), t[2].month, token_day(t + 3));
    return 0;
}

/* "05-03" in the name, the year in a folder: these two numbers and no third beside them, the month
 * first as behind a year. */
static uint32_t tokens_numbers_under_year(const struct token *t, size_t count) {
    uint32_t year = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        year = token_year(t + i) ? token_year(t + i) : year;
        bool alone =
            !(i && t[i].joined && t[i - 1].digits) &&
            !(i + 2 < count && t[i + 2].joined && t[i + 2].digits && t[i + 2].value != year % 100);
        if (!year || !t[i].in_name || t[i].month || t[i + 1].month || !t[i + 1].joined || !alone ||
            !token_month(t + i) || !token_day(t + i + 1))
            continue;
        uint32_t date = date_make(year, token_month(t + i), token_day(t + i + 1));
        if (date)
            return date;
    }
    return 0;
}

/* "july-24" or "24-july" in the name, the year in a folder. */
static uint32_t tokens_day_under_year(const struct token *t, size_t count) {
    uint32_t year = 0;
    for (size_t i = 0; i < count; i++) {
        year = token_year(t + i) ? token_year(t + i) : year;
        if (!year || !t[i].month || !t[i].in_name)
            continue;
        uint32_t date = 0;
        if (i + 1 < count && token_day(t + i + 1))
            date = date_make(year, t[i].month, token_day(t + i + 1));
        else if (t[i - 1].in_name && token_day(t + i - 1)) /* i > 0: the year stands before */
            date = date_make(year, t[i].month, token_day(t + i - 1));
        if (date)
            return date;
    }
    return 0;
}

uint32_t date_from_name(const char *path) {
    struct token tokens[NAME_TOKENS];
    size_t count = path ? path_tokens(path, tokens) : 0;
    uint32_t date = 0, month = 0, year = 0;
    for (size_t i = count; i-- > 0 && !date;) /* the file's own name is nearest the end */
        date = tokens_full(tokens + i, count - i);
    if (!date)
        date = tokens_day_under_year(tokens, count);
    if (!date)
        date = tokens_numbers_under_year(tokens, count);
    for (size_t i = count; i-- > 0 && !date;) {
        if (!month && i + 1 < count && token_year(tokens + i) && token_month(tokens + i + 1))
            month = date_make(token_year(tokens + i), token_month(tokens + i + 1), 0);
        if (!year && token_year(tokens + i))
            year = date_make(token_year(tokens + i), 0, 0);
    }
    return date ? date : month ? month : year;
}

/* ---- strict forms ---- */

static bool take_digits(struct cursor *c, unsigned digits, unsigned *value) {
    return take_number(c, value) == digits && *value;
}

uint32_t date_parse(const char *text) {
    unsigned year, month = 0, day = 0;
    if (!text)
        return 0;
    struct cursor c = {text, text + strlen(text), 0};
    if (!take_digits(&c, 4, &year))
        return 0;
    if (c.at < c.end && (!take(&c, "-") || !take_digits(&c, 2, &month)))
        return 0;
    if (c.at < c.end && (!take(&c, "-") || !take_digits(&c, 2, &day)))
        return 0;
    if (c.at < c.end &&
        !((*c.at == 'T' || *c.at == ' ') && c.end - c.at > 1 && is_digit((unsigned char)c.at[1])))
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
