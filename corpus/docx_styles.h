/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a Word document's styles and numbering say of its paragraphs: the level of a heading, the
 * number of a list item as Word prints it (ECMA-376 part 1, 17.7 and 17.9). Counting goes forward:
 * ask in the order of the paragraphs. Not thread-safe: one document, one thread.
 */
#ifndef PLENARY_CORPUS_DOCX_STYLES_H
#define PLENARY_CORPUS_DOCX_STYLES_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "corpus/list_number.h"

#include <stdbool.h>

enum {
    DOCX_NAME = 64,
    DOCX_LEVELS = 9,
    DOCX_STYLES_MAX = 20000,
    DOCX_LISTS_MAX = 20000,
    DOCX_LABEL = 128
};

struct docx_style {
    char id[DOCX_NAME], based_on[DOCX_NAME];
    unsigned heading; /* 1..6, 0: none or not said */
    bool plain;       /* says that it is no heading */
    bool title, contents;
    long list, list_level; /* -1: not said */
};

struct docx_level {
    long start, count; /* count: of the last item, start - 1 at first */
    enum list_number format;
    char text[DOCX_NAME]; /* "%1.%2" */
    char style[DOCX_NAME];
};

struct docx_abstract {
    long id;
    struct docx_level levels[DOCX_LEVELS];
};

struct docx_list {
    long id;
    size_t abstract;
    long restart[DOCX_LEVELS]; /* -1: none */
    bool used;
};

struct docx_styles {
    struct bytes styles, abstracts, lists; /* of the three structs above */
};

/* Read styles.xml or numbering.xml into *styles, zeroed before the first. 0 or an error. */
int docx_styles_read(struct docx_styles *styles, const struct bytes *xml, struct error *err);

/* What a style is, with what it inherits; by its id alone where the file has no such style. */
void docx_style_find(const struct docx_styles *styles, const char *id, struct docx_style *out);

/* Count one item of a list and write its number as printed into `label`; "" where it has a bullet
 * or none. False: there is no such list. `level` is 0..8, or -1 for that of the style. */
bool docx_list_next(struct docx_styles *styles, long list, long level, const char *style,
                    char label[DOCX_LABEL], long *found_level);

void docx_styles_free(struct docx_styles *styles);

#endif
