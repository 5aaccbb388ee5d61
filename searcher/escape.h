/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of unknown origin made safe for where it goes. Titles, passages and paths come from other
 * people's files: on a terminal an escape sequence in them could rewrite the screen, and a
 * directional override could make a sentence read as another one.
 *
 * All writers append to `out` (its sticky `failed` tells of missing memory), accept any bytes and
 * never write invalid UTF-8. Thread-safe: no state.
 */
#ifndef PLENARY_SEARCHER_ESCAPE_H
#define PLENARY_SEARCHER_ESCAPE_H

#include "corpus/bytes.h"

#include <stddef.h>
#include <stdint.h>

/* The code point at text[*at], *at moved past it; U+FFFD for a byte that belongs to none. */
uint32_t utf8_next(const char *text, size_t size, size_t *at);

/* Replace each invalid byte by '?' where it stands, so that offsets stay true. Returns how many. */
size_t utf8_repair(char *text, size_t size);

/* Copied, with U+FFFD for each run of bytes that is not UTF-8. */
void escape_utf8(struct bytes *out, const char *text, size_t size);

/*
 * For a terminal: a tab, a line end or a line separator becomes a space, another control character
 * its picture (ESC is U+241B), the eight-bit controls and the directional overrides and isolates
 * (U+202A..U+202E, U+2066..U+2069) U+FFFD.
 */
void escape_terminal(struct bytes *out, const char *text, size_t size);

/* A field of RFC 4180, in quotes where it needs them; dangerous characters as on a terminal, except
 * that line ends and tabs are data. */
void escape_csv(struct bytes *out, const char *text, size_t size);

/* A field of a TSV line: tab, line feed, carriage return and backslash as \t \n \r \\; dangerous
 * characters as on a terminal. */
void escape_tsv(struct bytes *out, const char *text, size_t size);

/* JSON that is already well-formed: DEL, the eight-bit controls and the directional overrides,
 * which JSON allows in a string, as \uXXXX. Nothing is lost by it. */
void escape_json(struct bytes *out, const char *json, size_t size);

/* How many terminal columns a code point takes: 0, 1 or 2. */
unsigned column_width(uint32_t code);

#endif
