/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an HTML element means for cutting text into passages. Pure functions, thread-safe. */
#ifndef PLENARY_CORPUS_HTML_ELEMENT_H
#define PLENARY_CORPUS_HTML_ELEMENT_H

#include <stdbool.h>

enum html_element {
    HTML_UNKNOWN,
    HTML_INLINE,
    HTML_BLOCK,   /* parts paragraphs */
    HTML_REMOVED, /* with all that is in it: scripts, navigation, fallback text of media */
    HTML_HEADING,
    HTML_ITEM,
    HTML_LIST,
    HTML_TABLE,
    HTML_ROW,
    HTML_CELL,
    HTML_PRE,
    HTML_BREAK,
    HTML_IMAGE,
    HTML_TITLE,
    HTML_META,
    HTML_TIME,
    HTML_ROOT,
};

/* By name, in lower case as libxml2 gives it. */
enum html_element html_element_find(const char *name);

/* The attribute's value in libxml2's list of names and values, or NULL. One without a value, as in
 * <p hidden>, has "". */
const char *html_attribute(const unsigned char *const *attributes, const char *name);

/* Not to be shown: hidden, aria-hidden, style="display: none". */
bool html_is_hidden(const unsigned char *const *attributes);

/* The class attribute holds this word. */
bool html_has_class(const unsigned char *const *attributes, const char *word);

#endif
