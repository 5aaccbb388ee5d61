/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_range.h"

#include <string.h>

static unsigned days_in(unsigned year, unsigned month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

/* All of `size` bytes as digits, at most nine of them. */
static bool read_digits(const char *text, size_t size, unsigned *out) {
    enum { DIGITS_MAX = 9 };
    *out = 0;
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (unsigned)(text[i] - '0');
    }
    return size > 0 && size <= DIGITS_MAX;
}

bool query_date_read(const char *text, size_t size, uint32_t *out) {
    enum { YEAR = 4, MONTH = 7, DAY = 10 };
    unsigned year = 0, month = 0, day = 0;
    if (size != YEAR && size != MONTH && size != DAY)
        return false;
    if (!read_digits(text, YEAR, &year) || !year)
        return false;
    if (size > YEAR &&
        (text[YEAR] != '-' || !read_digits(text + YEAR + 1, 2, &month) || month < 1 || month > 12))
        return false;
    if (size > MONTH && (text[MONTH] != '-' || !read_digits(text + MONTH + 1, 2, &day) || !day ||
                         day > days_in(year, month)))
        return false;
    *out = year * 10000 + month * 100 + day;
    return true;
}

static bool read_page(const char *text, size_t size, uint32_t *out) {
    unsigned page;
    bool good = read_digits(text, size, &page) && page > 0;
    *out = good ? page : 0;
    return good;
}

typedef bool (*read_fn)(const char *text, size_t size, uint32_t *out);

static bool read_range(const char *text, size_t size, read_fn read, uint32_t *from, uint32_t *to) {
    const char *dots = memmem(text, size, "..", 2);
    *from = *to = 0;
    if (!dots) {
        bool good = read(text, size, from);
        *to = *from;
        return good;
    }
    size_t before = (size_t)(dots - text), after = size - before - 2;
    return (before || after) && (!before || read(text, before, from)) &&
           (!after || read(dots + 2, after, to));
}

/* The last day that a date can mean. */
static uint32_t last_day(uint32_t date) {
    uint32_t month = date / 100 % 100, day = date % 100;
    return date + (month ? 0 : 1200) + (day ? 0 : 31);
}

bool query_range_dates(const char *text, size_t size, uint32_t *from, uint32_t *to) {
    return read_range(text, size, query_date_read, from, to) && (!*to || *from <= last_day(*to));
}

bool query_range_pages(const char *text, size_t size, uint32_t *from, uint32_t *to) {
    return read_range(text, size, read_page, from, to) && (!*to || *from <= *to);
}
