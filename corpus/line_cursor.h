/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A place in a text that goes from line to line: which line a byte is in, where a line lies. Lines
 * end at LF, CR and CRLF, and are counted from 1. Cheap as long as the questions go forward, or
 * back by a few lines. One thread.
 */
#ifndef PLENARY_CORPUS_LINE_CURSOR_H
#define PLENARY_CORPUS_LINE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_cursor {
    const char *text; /* not owned */
    size_t begin, size;
    size_t at; /* where the line we are in starts */
    uint64_t line;
    bool returns; /* there are CRs */
};

/* The lines from byte `begin` of `text` on, up to byte `size`. */
void line_cursor_init(struct line_cursor *cursor, const char *text, size_t begin, size_t size);

/* Go to the line that this byte is in; its number. */
uint64_t line_cursor_find(struct line_cursor *cursor, size_t offset);

/* Go to a line, or behind the last; where it starts. */
size_t line_cursor_go(struct line_cursor *cursor, uint64_t line);

/* Where a line ends (before what ends it) that is ours or a later one. The cursor stays. */
size_t line_cursor_end(const struct line_cursor *cursor, uint64_t line);

#endif
