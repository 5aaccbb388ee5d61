/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/word_match.h"

#include "searcher/escape.h"

#include <string.h>

/* ---- Patterns -------------------------------------------------------------------------------- */

static size_t character_size(const char *text, size_t size, size_t at) {
    size_t end = at + 1;
    while (end < size && ((unsigned char)text[end] & 0xC0) == 0x80)
        end++;
    return end - at;
}

/* One place to go back to is enough: a later star can take all that an earlier one could. */
bool word_matches(const char *pattern, size_t pattern_size, const char *word, size_t size) {
    size_t p = 0, w = 0, star = SIZE_MAX, taken = 0;
    while (w < size) {
        if (p < pattern_size && pattern[p] == '*') {
            star = ++p;
            taken = w;
        } else if (p < pattern_size && pattern[p] == '?') {
            p++;
            w += character_size(word, size, w);
        } else if (p < pattern_size && pattern[p] == word[w]) {
            p++;
            w++;
        } else if (star != SIZE_MAX) {
            taken += character_size(word, size, taken);
            p = star;
            w = taken;
        } else {
            return false;
        }
    }
    while (p < pattern_size && pattern[p] == '*')
        p++;
    return p == pattern_size;
}

size_t word_pattern_head(const char *pattern, size_t size) {
    size_t head = 0;
    while (head < size && pattern[head] != '*' && pattern[head] != '?')
        head++;
    return head;
}

size_t word_characters(const char *word, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)word[i] & 0xC0) != 0x80;
    return count;
}

/* ---- Likeness -------------------------------------------------------------------------------- */

bool likeness_init(struct likeness *likeness, const char *word, size_t size, unsigned edits) {
    memset(likeness, 0, sizeof *likeness);
    likeness->edits = edits < LIKENESS_EDITS_MAX ? edits : LIKENESS_EDITS_MAX;
    if (word_characters(word, size) > LIKENESS_CHARACTERS_MAX)
        return false;
    for (size_t at = 0; at < size && likeness->size < LIKENESS_CHARACTERS_MAX;)
        likeness->wanted[likeness->size++] = utf8_next(word, size, &at);
    for (size_t j = 0; j <= likeness->size; j++)
        likeness->rows[0][j] = (uint8_t)j;
    return true;
}

static unsigned least_of(unsigned a, unsigned b) {
    return a < b ? a : b;
}

/* The row for one more character; the least value in it. Outside the band all is too much. */
static unsigned add_row(struct likeness *l, size_t depth) {
    const unsigned too_much = l->edits + 1;
    const uint8_t *above = l->rows[depth - 1], *before = depth > 1 ? l->rows[depth - 2] : NULL;
    uint8_t *row = l->rows[depth];
    uint32_t character = l->characters[depth];
    size_t first = depth > l->edits ? depth - l->edits : 0;
    size_t last = depth + l->edits < l->size ? depth + l->edits : l->size;
    unsigned least = too_much;
    if (first > l->size)
        return too_much;
    if (first)
        row[first - 1] = (uint8_t)too_much;
    for (size_t j = first; j <= last; j++) {
        unsigned value = j ? 0 : (unsigned)depth;
        if (j) {
            value = above[j - 1] + (l->wanted[j - 1] != character);
            value = least_of(value, row[j - 1] + 1U);
            if (j < depth + l->edits)
                value = least_of(value, above[j] + 1U);
            if (before && j > 1 && l->wanted[j - 1] == l->characters[depth - 1] &&
                l->wanted[j - 2] == character)
                value = least_of(value, before[j - 2] + 1U);
        }
        row[j] = (uint8_t)least_of(value, too_much);
        least = least_of(least, row[j]);
    }
    if (last < l->size)
        row[last + 1] = (uint8_t)too_much;
    return least;
}

/* The least value of a row's band that has been computed. */
static unsigned row_least(const struct likeness *l, size_t depth) {
    size_t first = depth > l->edits ? depth - l->edits : 0;
    size_t last = depth + l->edits < l->size ? depth + l->edits : l->size;
    unsigned least = l->edits + 1;
    for (size_t j = first; j <= last; j++)
        least = least_of(least, l->rows[depth][j]);
    return least;
}

unsigned likeness_of(struct likeness *l, const char *word, size_t size, size_t shared,
                     size_t *dead) {
    const unsigned too_much = l->edits + 1;
    *dead = 0;
    while (l->depth && l->bytes[l->depth] > shared)
        l->depth--;
    size_t at = l->depth ? l->bytes[l->depth] : 0;
    while (at < size) {
        size_t depth = l->depth + 1;
        if (depth > l->size + l->edits || depth > LIKENESS_DEPTH_MAX) {
            *dead = at + character_size(word, size, at);
            return too_much;
        }
        l->characters[depth] = utf8_next(word, size, &at);
        l->bytes[depth] = at;
        l->depth = depth;
        /* What follows grows from this row, or by an exchange from the one above it. */
        if (add_row(l, depth) > l->edits && row_least(l, depth - 1) >= l->edits) {
            *dead = at;
            return too_much;
        }
    }
    size_t depth = l->depth;
    bool within = depth <= l->size + l->edits && l->size <= depth + l->edits;
    return within ? l->rows[depth][l->size] : too_much;
}
