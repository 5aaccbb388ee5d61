/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML becomes passages; also the pieces of it that stand inside Markdown. */
#ifndef PLENARY_CORPUS_READER_HTML_H
#define PLENARY_CORPUS_READER_HTML_H

#include "corpus/passage_builder.h"

/* Where a fragment of HTML stands: its passages get this place in the source. */
struct html_place {
    uint64_t line; /* of its first byte, 1-based */
    uint64_t source_begin, source_end;
};

/* Add the passages of a fragment (UTF-8). Headings in it go into the builder's path. 0 or
 * PLENARY_ENOMEM. */
int html_add_fragment(struct passage_builder *builder, const char *text, size_t size,
                      const struct html_place *place);

#endif
