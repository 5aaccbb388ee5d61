/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of an HTML file as UTF-8, by the encoding that it declares (<meta charset>, the XML
 * declaration) where charset.h cannot tell; NULs become U+FFFD. Not thread-safe per object.
 */
#ifndef PLENARY_CORPUS_HTML_DECODE_H
#define PLENARY_CORPUS_HTML_DECODE_H

#include "corpus/charset.h"

struct html_text {
    const char *text;
    size_t size;
    uint64_t replaced;
    struct decoded decoded;
    struct bytes converted; /* the text, where it was converted by declaration */
};

/* 0 or PLENARY_ENOMEM; html_text_free in both cases. `data` must outlive *out. */
int html_text_decode(struct html_text *out, const uint8_t *data, size_t size, struct error *err);

/* The byte of the source for a byte of the text; 0 where the text was converted. */
uint64_t html_text_source(const struct html_text *text, uint64_t offset);

/* Text that the parser reports for [begin, end) may come from an entity that ends there: where it
 * begins, else `begin`. */
uint64_t html_text_entity(const struct html_text *text, uint64_t begin, uint64_t end);

/* XML other than XHTML: every element there may part paragraphs. */
bool html_text_is_xml(const struct html_text *text);

void html_text_free(struct html_text *text);

#endif
