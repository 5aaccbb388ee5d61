/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/line_cursor.h"

#include <string.h>

void line_cursor_init(struct line_cursor *cursor, const char *text, size_t begin, size_t size) {
    *cursor =
        (struct line_cursor){.text = text, .begin = begin, .size = size, .at = begin, .line = 1};
    cursor->returns = begin < size && memchr(text + begin, '\r', size - begin);
}

/* The end of the line that `at` is in. */
static size_t stop_of(const struct line_cursor *cursor, size_t at) {
    const char *text = cursor->text, *stop = NULL;
    if (at < cursor->size)
        stop = memchr(text + at, '\n', cursor->size - at);
    size_t end = stop ? (size_t)(stop - text) : cursor->size;
    const char *cr = cursor->returns && at < end ? memchr(text + at, '\r', end - at) : NULL;
    return cr ? (size_t)(cr - text) : end;
}

/* Behind what ends the line that `at` is in. */
static size_t next_of(const struct line_cursor *cursor, size_t at) {
    const char *text = cursor->text;
    at = stop_of(cursor, at);
    if (at + 1 < cursor->size && text[at] == '\r' && text[at + 1] == '\n')
        at++;
    return at < cursor->size ? at + 1 : at;
}

static void rewind_to_begin(struct line_cursor *cursor) {
    cursor->at = cursor->begin;
    cursor->line = 1;
}

/* Questions that go back mostly do so by a line or two; where lines also end at CRs, all is read
 * again. */
static void step_back(struct line_cursor *cursor) {
    const char *begin = cursor->text + cursor->begin, *end = cursor->text + cursor->at;
    if (cursor->returns || cursor->at == cursor->begin) {
        rewind_to_begin(cursor);
        return;
    }
    const char *newline = memrchr(begin, '\n', (size_t)(end - begin) - 1);
    cursor->at = newline ? (size_t)(newline + 1 - cursor->text) : cursor->begin;
    cursor->line--;
}

uint64_t line_cursor_find(struct line_cursor *cursor, size_t offset) {
    size_t next;
    while (offset < cursor->at && cursor->line > 1)
        step_back(cursor);
    while (cursor->at < cursor->size && (next = next_of(cursor, cursor->at)) <= offset) {
        cursor->at = next;
        cursor->line++;
    }
    return cursor->line;
}

size_t line_cursor_go(struct line_cursor *cursor, uint64_t line) {
    while (line < cursor->line && cursor->line > 1)
        step_back(cursor);
    for (; cursor->line < line && cursor->at < cursor->size; cursor->line++)
        cursor->at = next_of(cursor, cursor->at);
    return cursor->at;
}

size_t line_cursor_end(const struct line_cursor *cursor, uint64_t line) {
    size_t at = cursor->at;
    for (uint64_t number = cursor->line; number < line && at < cursor->size; number++)
        at = next_of(cursor, at);
    return stop_of(cursor, at);
}
