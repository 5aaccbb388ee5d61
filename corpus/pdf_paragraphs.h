/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a PDF become passages. Where one ends is told by the page: more space than between
 * its lines, another size of type, an indent, a bullet, a line that ends early; where it goes on in
 * the next column or on the next page, by the sentence. Headings are lines in larger or bold type
 * that stand by themselves.
 */
#ifndef PLENARY_CORPUS_PDF_PARAGRAPHS_H
#define PLENARY_CORPUS_PDF_PARAGRAPHS_H

#include "corpus/document.h"
#include "corpus/error.h"
#include "corpus/pdf_lines.h"

/* Append the passages, each with its page. 0 or PLENARY_ENOMEM. */
int pdf_paragraphs_cut(struct document *document, const struct pdf_lines *lines, struct error *err);

#endif
