/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Markdown as its parser is to see it, so that it makes of it what the writer meant: lists that are
 * indented like code, rows of tildes that fence nothing, and what libmd4c 0.4 takes amiss. Lines
 * stay the lines they were. Pure functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_MARKDOWN_MEND_H
#define PLENARY_CORPUS_MARKDOWN_MEND_H

#include "corpus/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Copy `text` to `out`
 *   - with lists at the margin that are indented by four and more columns and stand in no other;
 *   - without tildes at the start of lines that are no fences but empty struck text;
 *   - with a backslash before tags that libmd4c would take for others;
 *   - behind *padding bytes that are a blank line, if need be.
 * False, and nothing written, where there is none of it; check out->failed otherwise.
 */
bool markdown_mend(struct bytes *out, const char *text, size_t size, size_t *padding);

#endif
