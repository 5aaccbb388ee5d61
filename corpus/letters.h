/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking at UTF-8 text one character at a time, forwards and backwards, inside a range that is
 * never left. Broken sequences read as U+FFFD. Pure functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_LETTERS_H
#define PLENARY_CORPUS_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* letters_at for what is not ASCII. */
uint32_t letters_decode(const char *text, size_t at, size_t end, size_t *next);

/* The character at text[at]; *next is where the following one begins. 0 at the end. */
static inline uint32_t letters_at(const char *text, size_t at, size_t end, size_t *next) {
    if (at < end && (uint8_t)text[at] < 0x80) {
        *next = at + 1;
        return (uint8_t)text[at];
    }
    return letters_decode(text, at, end, next);
}

/* The character that ends just before text[at], and where it begins; 0 at `begin`. */
uint32_t letters_before(const char *text, size_t begin, size_t at, size_t *start);

/* letters_is_letter for what is not ASCII. */
bool letters_is_far_letter(uint32_t point);

static inline bool letters_is_letter(uint32_t point) {
    return point < 0x80 ? (point | 32) >= 'a' && (point | 32) <= 'z' : letters_is_far_letter(point);
}

bool letters_is_upper(uint32_t point); /* also title case */
bool letters_is_lower(uint32_t point);

static inline bool letters_is_ascii(uint8_t byte) {
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}

static inline bool letters_is_digit(uint32_t point) {
    return point >= '0' && point <= '9';
}

/* White space, control characters and no-break spaces. */
static inline bool letters_is_space(uint32_t point) {
    if (point < 0x7F)
        return point <= 0x20;
    return point <= 0xA0 || point == 0x202F || (point >= 0x2000 && point <= 0x200A) ||
           point == 0x3000 || point == 0x2028 || point == 0x2029;
}

/* Hyphen-minus, hyphen, no-break hyphen, en dash, em dash, horizontal bar, minus. */
bool letters_is_dash(uint32_t point);

/* Of a script written without spaces between words, so that lines join without one. */
bool letters_is_unspaced(uint32_t point);

/* Closing quotes and brackets, which may follow the full stop of a sentence. */
bool letters_is_closer(uint32_t point);
bool letters_is_opener(uint32_t point);

/* Full stop, question or exclamation mark, ellipsis, in any script we know of. */
bool letters_is_stop(uint32_t point);

/* Compare text[begin, end) with a lower-case ASCII or UTF-8 word, ASCII letters in either case. */
bool letters_equal(const char *text, size_t begin, size_t end, const char *word);

/* The same against a NULL-terminated list. */
bool letters_among(const char *text, size_t begin, size_t end, const char *const *words);

#endif
