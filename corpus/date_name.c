/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The date in a file's name: date_from_name of date.h. */
#include "corpus/date.h"
#include "corpus/date_cursor.h"

#include <string.h>

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
    struct date_cursor c = {path, path + strlen(path), 0};
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *joint = c.end; /* behind the sign that follows the piece before */
    size_t count = 0;
    while (c.at < c.end) {
        struct token token = {0, 0, 0, c.at >= name, c.at == joint};
        if (cursor_is_digit(cursor_peek(&c))) {
            token.digits = cursor_take_number(&c, &token.value);
            cursor_take_ordinal(&c);
        } else if (cursor_is_letter(cursor_peek(&c))) {
            token.month = cursor_take_month(&c);
            if (!token.month) /* a word stands between numbers as a wall would */
                cursor_skip_word(&c);
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
