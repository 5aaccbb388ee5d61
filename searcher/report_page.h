/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of an HTML report share. No state: thread-safe. */
#ifndef PLENARY_SEARCHER_REPORT_PAGE_H
#define PLENARY_SEARCHER_REPORT_PAGE_H

#include "corpus/bytes.h"

#include <stddef.h>
#include <stdint.h>

/* Any bytes as text of HTML or of an attribute's value, or of XML. */
void report_html_text(struct bytes *out, const char *text, size_t size);

/* The same of a string; NULL is none. */
void report_html_string(struct bytes *out, const char *text);

/* 12,345 */
void report_html_number(struct bytes *out, uint64_t number);

/* The page's style sheet. */
extern const char report_html_style[];

#endif
