/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text of unknown origin put into HTML, XML and JSON. Control characters and directional overrides
 * become U+FFFD, as does what is not UTF-8; quotes are escaped, so that the same call serves text
 * and attribute values. Check out->failed. Thread-safe: no state.
 */
#ifndef PLENARY_SERVE_TEXT_H
#define PLENARY_SERVE_TEXT_H

#include "corpus/bytes.h"

#include <stddef.h>

struct plenary_range;

void text_html(struct bytes *out, const char *text);
void text_html_sized(struct bytes *out, const char *text, size_t size);

/* With <mark> around the ranges, which are apart and in order. */
void text_html_marked(struct bytes *out, const char *text, size_t size,
                      const struct plenary_range *marks, size_t count);

/* A string in quotation marks; NULL as null. */
void text_json(struct bytes *out, const char *text);
void text_json_sized(struct bytes *out, const char *text, size_t size);

/* `"name":` and the string, with a comma before it unless it opens the object. */
void text_json_field(struct bytes *out, const char *name, const char *text);

#endif
