/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the pages have in common: the frame around them, and small pieces. All text passes
 * text_html. Pages work without script; scripts add to them.
 */
#ifndef PLENARY_SERVE_PAGE_H
#define PLENARY_SERVE_PAGE_H

#include "searcher/serve/ask.h"
#include "searcher/serve/exchange.h"

/* From <!doctype> to <main>, or nothing but the title for a fragment; then the end. `kind` is the
 * body's class; the ask fills in the search box. */
void page_begin(struct exchange *x, const char *kind, const char *title, const struct ask *ask);
void page_end(struct exchange *x, uint64_t generation);

/* A phrase of the interface with its "%s" filled in, in order; values are escaped, and may be NULL.
 */
void page_words(struct exchange *x, enum words which, const char *first, const char *second);

/* A number as the reader writes it. */
void page_number(struct exchange *x, uint64_t number);
/* <time datetime=...>6 Aug 2018</time> */
void page_time(struct exchange *x, const char *date);

/* ` href="/prefix/path?..."` of a search, or of a document at a row. */
void page_href(struct exchange *x, const char *path, const struct ask *ask);
void page_href_row(struct exchange *x, const char *document, const struct ask *ask,
                   const struct plenary_passage *passage);

/* Read the parameters, or make the answer an error. */
bool page_ask(struct exchange *x, struct ask *ask, uint32_t limit);

/* ---- Parts of the result page -----------------------------------------------------------------
 */

struct plenary_values;
void page_timeline(struct exchange *x, const struct ask *ask, const struct plenary_values *values);
void page_facets(struct exchange *x, const struct ask *ask, const struct plenary_values *values);

/* data-... attributes that the citation menu copies from. */
void page_cite(struct exchange *x, const struct plenary_document_info *document,
               const struct plenary_passage *passage, const char *citation);

#endif
