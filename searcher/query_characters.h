/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The characters of a query text: sequences of UTF-8, quotation marks. For query_lexer.c only. */
#ifndef PLENARY_SEARCHER_QUERY_CHARACTERS_H
#define PLENARY_SEARCHER_QUERY_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed UTF-8 sequence at `text` (Unicode 15, table 3-7), 0 if there is none. */
size_t query_character_size(const unsigned char *text, size_t size);

enum quote { QUOTE_NONE, QUOTE_PLAIN, QUOTE_CURLY, QUOTE_LEFT, QUOTE_RIGHT };

/* The mark at `text` and its bytes. */
enum quote query_quote_at(const char *text, size_t size, size_t *bytes);

/* Habits differ (“ ”, „ “, ” ”, « », » «), so what opened is closed by any mark of its kind. */
bool query_quote_closes(enum quote open, enum quote mark);

#endif
