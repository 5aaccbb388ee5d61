/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of one block of Markdown, put together from the pieces that libmd4c reports: emphasis,
 * links and pictures leave their words, entities become characters, an HTML tag leaves nothing
 * (<br> a space). A line break of the source is "\n", a hard one "\r\n". Not thread-safe: one
 * object, one thread.
 */
#ifndef PLENARY_CORPUS_MARKDOWN_INLINE_H
#define PLENARY_CORPUS_MARKDOWN_INLINE_H

#include "corpus/bytes.h"

#include <md4c.h>
#include <stdbool.h>
#include <stddef.h>

struct markdown_inline {
    struct bytes text; /* what has been put together; check text.failed */
    bool footnotes;    /* the document has some */
    bool verbatim;     /* the block is code or HTML: nothing in it is markup */
    /* Plain text that goes on, whose marks can only be judged together: a piece of the source, or,
     * where the pieces do not follow each other there, a copy of them. */
    const char *piece;
    size_t piece_size;
    struct bytes run;
    unsigned depth, strong; /* spans that are open; outermost spans of strong text so far */
    bool mixed;             /* something else stands beside those */
    bool pure_image;        /* we are in an image that holds plain text only */
};

/* Begin a block: no text yet. */
void markdown_inline_begin(struct markdown_inline *in, bool verbatim);

void markdown_inline_text(struct markdown_inline *in, MD_TEXTTYPE type, const char *text,
                          size_t size);
void markdown_inline_enter(struct markdown_inline *in, MD_SPANTYPE span);
void markdown_inline_leave(struct markdown_inline *in, MD_SPANTYPE span);

/* End the block: in->text is whole. */
void markdown_inline_end(struct markdown_inline *in);

/* Is it one run of bold text and nothing else? */
bool markdown_inline_is_bold(const struct markdown_inline *in);

void markdown_inline_free(struct markdown_inline *in);

#endif
