/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Initials as minutes use them for names: two to four capitals of ASCII. Pure, thread-safe. */
#ifndef PLENARY_CORPUS_INITIALS_H
#define PLENARY_CORPUS_INITIALS_H

#include "corpus/letters.h"

#include <stddef.h>

enum { INITIALS_MAX = 4 };

/* The size of the initials that `text` begins with, no letter or digit behind them; else 0. */
static inline size_t initials_at(const char *text, size_t size) {
    size_t at = 0;
    while (at < size && at <= INITIALS_MAX && text[at] >= 'A' && text[at] <= 'Z')
        at++;
    uint8_t next = at < size ? (uint8_t)text[at] : ' ';
    return at < 2 || at > INITIALS_MAX || letters_is_ascii(next) || letters_is_digit(next) ? 0 : at;
}

#endif
