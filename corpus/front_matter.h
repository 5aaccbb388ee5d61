/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The YAML front matter of a Markdown file: a "---" line, "key: value" lines, a "---" line. */
#ifndef PLENARY_CORPUS_FRONT_MATTER_H
#define PLENARY_CORPUS_FRONT_MATTER_H

#include "corpus/document.h"

/* Take title, date and language from the front matter of `text`, if it has one, and set *end to
 * the byte behind it, else to 0. Of YAML only plain and quoted scalars on one line are understood;
 * the rest is passed over. 0 or PLENARY_ENOMEM. */
int front_matter_read(struct document *document, const char *text, size_t size, size_t *end);

#endif
