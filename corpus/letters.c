/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/letters.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

uint32_t letters_decode(const char *text, size_t at, size_t end, size_t *next) {
    if (at >= end) {
        *next = end;
        return 0;
    }
    const uint8_t *bytes = (const uint8_t *)text + at;
    int32_t i = 0, size = end - at < 4 ? (int32_t)(end - at) : 4;
    UChar32 point;
    U8_NEXT_OR_FFFD(bytes, i, size, point);
    *next = at + (size_t)i;
    return (uint32_t)point;
}

uint32_t letters_before(const char *text, size_t begin, size_t at, size_t *start) {
    if (at <= begin) {
        *start = begin;
        return 0;
    }
    size_t from = at - 1, next;
    while (from > begin && at - from < 4 && ((uint8_t)text[from] & 0xC0) == 0x80)
        from--;
    uint32_t point = letters_at(text, from, at, &next);
    if (next != at) { /* stray continuation bytes: take one alone */
        from = at - 1;
        point = 0xFFFD;
    }
    *start = from;
    return point;
}

bool letters_is_far_letter(uint32_t point) {
    return u_isalpha((UChar32)point);
}

bool letters_is_upper(uint32_t point) {
    return point < 0x80 ? point >= 'A' && point <= 'Z'
                        : u_isupper((UChar32)point) || u_istitle((UChar32)point);
}

bool letters_is_lower(uint32_t point) {
    return point < 0x80 ? point >= 'a' && point <= 'z' : u_islower((UChar32)point);
}

bool letters_is_dash(uint32_t point) {
    return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212;
}

bool letters_is_unspaced(uint32_t point) {
    return (point >= 0x3001 && point <= 0x30FF) || (point >= 0x3400 && point <= 0x9FFF) ||
           (point >= 0xF900 && point <= 0xFAFF) || (point >= 0xFF01 && point <= 0xFF60) ||
           (point >= 0x0E00 && point <= 0x0EFF) || (point >= 0x1780 && point <= 0x17FF) ||
           (point >= 0x1000 && point <= 0x109F) || (point >= 0x20000 && point <= 0x3FFFF);
}

bool letters_is_closer(uint32_t point) {
    return point == ')' || point == ']' || point == '"' || point == '\'' || point == '*' ||
           point == '_' || point == 0x2019 || point == 0x201D || point == 0xBB || point == 0x203A ||
           point == 0x201C || point == 0x300D || point == 0xFF09;
}

bool letters_is_opener(uint32_t point) {
    return point == '(' || point == '[' || point == '"' || point == '\'' || point == 0x2018 ||
           point == 0x201C || point == 0x201E || point == 0xAB || point == 0x300C ||
           point == 0xBF || point == 0xA1;
}

bool letters_is_stop(uint32_t point) {
    return point == '.' || point == '!' || point == '?' || point == 0x2026 || point == 0x3002 ||
           point == 0xFF01 || point == 0xFF1F || point == 0xFF0E || point == 0x061F ||
           point == 0x06D4 || point == 0x0964 || point == 0x203D || point == 0x17D4;
}

bool letters_equal(const char *text, size_t begin, size_t end, const char *word) {
    for (; begin < end; begin++, word++) {
        char byte = text[begin];
        if (!*word || (byte >= 'A' && byte <= 'Z' ? (char)(byte | 32) : byte) != *word)
            return false;
    }
    return !*word;
}

bool letters_among(const char *text, size_t begin, size_t end, const char *const *words) {
    if (begin >= end)
        return false;
    /* Most words differ in their first letter: that alone is looked at here. */
    char first = text[begin];
    first = first >= 'A' && first <= 'Z' ? (char)(first | 32) : first;
    for (; *words; words++)
        if (**words == first && letters_equal(text, begin, end, *words))
            return true;
    return false;
}
