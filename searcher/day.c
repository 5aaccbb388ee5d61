/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/day.h"

static unsigned days_in(unsigned year, unsigned month) {
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

/* `count` digits at *text, moved past them; false if there are fewer. */
static bool take_digits(const char **text, unsigned count, unsigned *out) {
    *out = 0;
    for (; count > 0; count--, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *out = *out * 10 + (unsigned)(**text - '0');
    }
    return true;
}

bool day_parse(const char *text, uint32_t *out) {
    unsigned year, month = 0, day = 0;
    if (!take_digits(&text, 4, &year) || !year)
        return false;
    if (*text == '-') {
        text++;
        if (!take_digits(&text, 2, &month) || month < 1 || month > 12)
            return false;
    }
    if (month && *text == '-') {
        text++;
        if (!take_digits(&text, 2, &day) || day < 1 || day > days_in(year, month))
            return false;
    }
    *out = year * 10000 + month * 100 + day;
    return *text == '\0';
}
