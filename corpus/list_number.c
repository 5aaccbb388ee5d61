/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/list_number.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LETTERS = 26, REPEATS_MAX = 20, ROMAN_MAX = 3999 };

static void write_letters(long number, char out[LIST_NUMBER_SIZE]) {
    size_t repeats = (size_t)((number - 1) / LETTERS) + 1;
    memset(out, (int)('a' + (number - 1) % LETTERS), repeats);
    out[repeats] = '\0';
}

static void write_roman(long number, char out[LIST_NUMBER_SIZE]) {
    static const struct {
        long value;
        const char *sign;
    } signs[] = {{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"},
                 {90, "xc"},  {50, "l"},   {40, "xl"}, {10, "x"},   {9, "ix"},
                 {5, "v"},    {4, "iv"},   {1, "i"}};
    char *at = out;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        for (; number >= signs[i].value; number -= signs[i].value)
            at = stpcpy(at, signs[i].sign);
    *at = '\0';
}

static void raise_case(char *text) {
    for (; *text; text++)
        *text = (char)toupper((unsigned char)*text);
}

static const char *ordinal_ending(long number) {
    long tens = number / 10 % 10, ones = number % 10;
    return tens == 1 || ones > 3 || ones < 1 ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : "rd";
}

const char *list_number_format(enum list_number format, long number, char out[LIST_NUMBER_SIZE]) {
    bool lettered = format == LIST_LOWER_LETTER || format == LIST_UPPER_LETTER;
    bool roman = format == LIST_LOWER_ROMAN || format == LIST_UPPER_ROMAN;
    *out = '\0';
    if (format == LIST_BULLET || format == LIST_NONE)
        return out;
    if (lettered && number > 0 && number <= LETTERS * REPEATS_MAX)
        write_letters(number, out);
    else if (roman && number > 0 && number <= ROMAN_MAX)
        write_roman(number, out);
    else if (format == LIST_ORDINAL && number >= 0)
        snprintf(out, LIST_NUMBER_SIZE, "%ld%s", number, ordinal_ending(number));
    else
        snprintf(out, LIST_NUMBER_SIZE, format == LIST_DECIMAL_ZERO ? "%02ld" : "%ld", number);
    if (format == LIST_UPPER_LETTER || format == LIST_UPPER_ROMAN)
        raise_case(out);
    return out;
}
