/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/analysis/run.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum kind { KIND_OTHER, KIND_LETTER, KIND_DIGIT, KIND_MARK, KIND_DICTIONARY };

static enum kind kind_of(UChar32 c) {
    if (c < 0x80) {
        if (c >= '0' && c <= '9')
            return KIND_DIGIT;
        return c >= 'a' && c <= 'z' ? KIND_LETTER : KIND_OTHER;
    }
    if (dictionary_covers(c))
        return KIND_DICTIONARY;
    uint32_t type = U_MASK(u_charType(c));
    if (type & U_GC_M_MASK)
        return KIND_MARK;
    if (type & U_GC_N_MASK)
        return KIND_DIGIT;
    return type & U_GC_L_MASK ? KIND_LETTER : KIND_OTHER;
}

/* ---- Marks inside a word that are no boundary --------------------------------------------------
 */

static bool is_hebrew_at(const struct folded *chunk, size_t at) {
    return at + 1 < chunk->size && (uint8_t)chunk->text[at] == 0xD7 &&
           (uint8_t)chunk->text[at + 1] >= 0x90 && (uint8_t)chunk->text[at + 1] <= 0xAA;
}

/* The size of a silent mark at `at`, 0 if there is none: l·l, Hebrew ארה"ב. */
static size_t silent_mark(const struct folded *chunk, size_t at) {
    const char *text = chunk->text;
    if (at >= 1 && at + 2 < chunk->size && !memcmp(text + at, "\xC2\xB7", 2))
        return text[at - 1] == 'l' && text[at + 2] == 'l' ? 2 : 0;
    if (at >= 2 && text[at] == '"')
        return is_hebrew_at(chunk, at - 2) && is_hebrew_at(chunk, at + 1);
    return 0;
}

static void drop_silent_marks(struct folded *chunk) {
    size_t kept = 0, skipped;
    for (size_t at = 0; at < chunk->size; at++) {
        skipped = silent_mark(chunk, at);
        at += skipped;
        if (!skipped && kept == at) {
            kept++;
            continue;
        }
        chunk->text[kept] = chunk->text[at];
        chunk->begins[kept] = chunk->begins[at];
        chunk->ends[kept++] = chunk->ends[at];
    }
    chunk->size = kept;
}

/* ---- Links --------------------------------------------------------------------------------------
 * Whether a mark between two runs binds them. */

static bool is_lone_letter(const struct run *run) {
    return run->points == 1 && !run->has_digit;
}

static char point_link(const struct run *left, const struct run *right) {
    if (left->has_digit || right->has_digit)
        return '.';
    bool brief = left->points <= 2 && right->points <= 2;
    return brief && (left->points == 1 || right->points == 1) ? '.' : 0;
}

static char apostrophe_link(const struct run *left, const struct run *right) {
    if (!left->digits_only || !right->digits_only)
        return '\'';
    return right->points == 3 ? ',' : 0; /* 1'000, but not 5'10 */
}

static char link_of(const char *gap, size_t size, const struct run *left, const struct run *right,
                    const struct run *before, bool address) {
    /* The last point of an acronym does not count: U.N.-led, U.N.'s. */
    if (size == 2 && gap[0] == '.' && before && before->link == '.' && is_lone_letter(before) &&
        is_lone_letter(left)) {
        gap++;
        size--;
    }
    if (size != 1)
        return 0;
    switch (*gap) {
    case '.':
        return point_link(left, right);
    case ',':
        return left->digits_only && right->digits_only ? ',' : 0;
    case '\'':
        return apostrophe_link(left, right);
    case '/':
    case '&':
        return address ? 0 : *gap;
    case '-':
        return '-';
    default:
        return 0;
    }
}

/* Web and mail addresses: their slashes are no document symbol's. What stands before the first run
 * does not count, since the tokeniser may have passed over it. */
static bool is_address(const struct run *runs, size_t count, const struct folded *chunk) {
    if (!count)
        return false;
    const char *text = chunk->text + runs[0].begin;
    size_t size = chunk->size - runs[0].begin;
    return memmem(text, size, "://", 3) || memchr(text, '@', size);
}

static void set_links(struct run *runs, size_t count, const struct folded *chunk) {
    bool address = is_address(runs, count, chunk);
    for (size_t i = 0; i + 1 < count; i++) {
        if (runs[i].dictionary || runs[i + 1].dictionary)
            continue;
        runs[i].link = link_of(chunk->text + runs[i].end, runs[i + 1].begin - runs[i].end, &runs[i],
                               &runs[i + 1], i ? &runs[i - 1] : NULL, address);
    }
}

/* ---- Runs --------------------------------------------------------------------------------------
 */

static int run_add(struct run **runs, size_t *count, size_t *capacity) {
    if (*count == *capacity) {
        size_t larger = *capacity ? 2 * *capacity : 32, size;
        if (__builtin_mul_overflow(larger, sizeof **runs, &size))
            return PLENARY_ENOMEM;
        struct run *moved = realloc(*runs, size);
        if (!moved)
            return PLENARY_ENOMEM;
        *runs = moved;
        *capacity = larger;
    }
    (*runs)[(*count)++] = (struct run){.digits_only = true};
    return 0;
}

int runs_find(struct run **runs, size_t *count, size_t *capacity, struct folded *chunk,
              struct error *err) {
    bool open = false; /* the last run goes on at `at` */
    *count = 0;
    drop_silent_marks(chunk);
    for (size_t at = 0; at < chunk->size;) {
        size_t begin = at;
        UChar32 c;
        U8_NEXT_OR_FFFD((const uint8_t *)chunk->text, at, chunk->size, c);
        enum kind kind = kind_of(c);
        bool dictionary = kind == KIND_DICTIONARY;
        if (kind == KIND_OTHER || (kind == KIND_MARK && !open)) {
            open = false;
            continue;
        }
        if (!open || (kind != KIND_MARK && (*runs)[*count - 1].dictionary != dictionary)) {
            if (run_add(runs, count, capacity) < 0)
                return error_memory(err);
            (*runs)[*count - 1].begin = (uint32_t)begin;
            (*runs)[*count - 1].source_begin = chunk->begins[begin];
            (*runs)[*count - 1].dictionary = dictionary;
            open = true;
        }
        struct run *run = &(*runs)[*count - 1];
        run->end = (uint32_t)at;
        run->source_end = chunk->ends[at - 1];
        run->points++;
        run->has_digit = run->has_digit || kind == KIND_DIGIT;
        run->digits_only = run->digits_only && kind == KIND_DIGIT;
    }
    set_links(*runs, *count, chunk);
    return 0;
}
