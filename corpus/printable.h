/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text made safe to show: what comes from a document or a file name may hold escape sequences that
 * drive a terminal, or bidirectional overrides that make one name look like another.
 */
#ifndef PLENARY_CORPUS_PRINTABLE_H
#define PLENARY_CORPUS_PRINTABLE_H

#include "corpus/bytes.h"

/* Append `text` with control characters, line separators, bidirectional controls and invalid UTF-8
 * each replaced by U+FFFD; tabs and newlines become spaces. The result is valid UTF-8. */
void printable_add(struct bytes *out, const char *text, size_t size);

/* As printable_add into a fixed buffer, NUL-terminated, cut at a character where it is too long.
 * Returns `buffer`. */
const char *printable_copy(char *buffer, size_t capacity, const char *text);

#endif
