/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people write as Markdown and CommonMark does not know: the boxes of task lists, footnotes
 * and struck text of GitHub, anchors of headings as word processors export them, emphasis whose
 * marks do not pair. Pure functions on ranges of text, thread-safe.
 */
#ifndef PLENARY_CORPUS_MARKDOWN_DIALECT_H
#define PLENARY_CORPUS_MARKDOWN_DIALECT_H

#include "corpus/bytes.h"

#include <stdbool.h>
#include <stddef.h>

/* Are footnotes defined in this text: does a line begin with "[^name]:"? "a[^x]" alone is code. */
bool markdown_has_footnotes(const char *text, size_t size);

/* Append a run of inline text to `out` without the marks that are left in it: "~~" around struck
 * text, "**" and "***" at the edge of a word (a ** b and a**b keep theirs) and, if the text has
 * `footnotes`, references to them. */
void markdown_add_text(struct bytes *out, const char *text, size_t size, bool footnotes);

/* The size of a heading's text without "{#anchor}" and a stray backslash at its end. */
size_t markdown_heading_size(const char *text, size_t size);

/* A label that stands in front of a block's text: the box of a task ("[ ]", "[x]") or the mark of a
 * footnote ("[^1]", its colon left out). `label` bytes of label; the text begins at `text`. Both 0
 * where there is none. */
struct markdown_label {
    size_t label, text;
};
struct markdown_label markdown_label_read(const char *text, size_t size);

/* Lines of names: three and more, all short, none of which ends as a sentence or a clause does or
 * begins in lower case. */
bool markdown_is_roll(const char *text, size_t size);

/* Does it have so many lines without a blank one between them? */
bool markdown_is_endless(const char *text, size_t size, size_t lines);

/* Text with blank lines and several lines that begin as list items and headings do: what a web page
 * holds that leaves it to a script to lay out its text. */
bool markdown_is_source(const char *text, size_t size);

#endif
