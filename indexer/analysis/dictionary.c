/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/dictionary.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

struct dictionary {
    UBreakIterator *words;
    UChar *units;   /* the run in UTF-16 */
    uint32_t *ends; /* of each unit, the byte behind it; then of each word */
    size_t capacity;
};

int dictionary_open(struct dictionary **out, struct error *err) {
    UErrorCode status = U_ZERO_ERROR;
    struct dictionary *dictionary = calloc(1, sizeof *dictionary);
    if (!dictionary)
        return error_memory(err);
    dictionary->words = ubrk_open(UBRK_WORD, "", NULL, 0, &status);
    if (U_FAILURE(status)) {
        dictionary_close(dictionary);
        return error_set(err, PLENARY_EENGINE,
                         "ICU has no word boundaries (%s): is its data installed?",
                         u_errorName(status));
    }
    *out = dictionary;
    return 0;
}

void dictionary_close(struct dictionary *dictionary) {
    if (!dictionary)
        return;
    if (dictionary->words)
        ubrk_close(dictionary->words);
    free(dictionary->units);
    free(dictionary->ends);
    free(dictionary);
}

bool dictionary_covers(int32_t point) {
    if (point < 0x0E00)
        return false;
    if (point >= 0x3005 && point <= 0x30FF)
        return point <= 0x3007 || (point >= 0x3021 && point <= 0x3029) ||
               (point >= 0x3031 && point <= 0x3035) || point >= 0x3041;
    if (point >= 0x4E00 && point <= 0x9FFF)
        return true;
    if (u_getIntPropertyValue(point, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT)
        return true;
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript(point, &status);
    return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA;
}

static int reserve(struct dictionary *dictionary, size_t size) {
    if (size <= dictionary->capacity)
        return 0;
    UChar *units = realloc(dictionary->units, size * sizeof *units);
    if (!units)
        return PLENARY_ENOMEM;
    dictionary->units = units;
    uint32_t *ends = realloc(dictionary->ends, size * sizeof *ends);
    if (!ends)
        return PLENARY_ENOMEM;
    dictionary->ends = ends;
    dictionary->capacity = size;
    return 0;
}

int dictionary_cut(struct dictionary *dictionary, const char *text, size_t size,
                   const uint32_t **ends, size_t *count, struct error *err) {
    if (size > INT32_MAX / 4)
        return error_set(err, PLENARY_ELIMIT, "a run of %zu bytes is too long to cut", size);
    if (reserve(dictionary, size) < 0)
        return error_memory(err);
    int32_t units = 0;
    for (size_t at = 0; at < size;) {
        UChar32 c;
        int32_t before = units;
        U8_NEXT_OR_FFFD((const uint8_t *)text, at, size, c);
        U16_APPEND_UNSAFE(dictionary->units, units, c);
        while (before < units)
            dictionary->ends[before++] = (uint32_t)at;
    }
    UErrorCode status = U_ZERO_ERROR;
    ubrk_setText(dictionary->words, dictionary->units, units, &status);
    if (U_FAILURE(status))
        return error_set(err, PLENARY_EENGINE, "ICU cannot cut a run of %zu bytes into words: %s",
                         size, u_errorName(status));
    *count = 0;
    /* Boundaries rise, so the list of words overwrites only ends that were already read. */
    for (int32_t end = ubrk_next(dictionary->words); end > 0; end = ubrk_next(dictionary->words))
        dictionary->ends[(*count)++] = dictionary->ends[end - 1];
    *ends = dictionary->ends;
    return 0;
}
