/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The styles of an OpenDocument file that readers need (ODF 1.2 part 1, 16): which list styles
 * number their items and how, which paragraph style is which. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_ODF_LISTS_H
#define PLENARY_CORPUS_ODF_LISTS_H

#include "corpus/bytes.h"
#include "corpus/list_number.h"
#include "corpus/xml_events.h"

#include <stdbool.h>

enum { ODF_LEVELS = 10, ODF_NAME = 64, ODF_LABEL = 128 };

struct odf_level {
    enum list_number format;
    long start, shown; /* shown: how many levels of numbers are printed */
    char before[16], after[16];
};

struct odf_list_style {
    char name[ODF_NAME];
    struct odf_level levels[ODF_LEVELS];
};

struct odf_style {
    char name[ODF_NAME], parent[ODF_NAME], list[ODF_NAME];
    long outline; /* level of its headings; 0: none */
};

struct odf_styles {
    struct bytes lists, styles;    /* of the two structs above */
    struct odf_list_style outline; /* of headings */
    struct odf_list_style *open;   /* while reading: one of `lists`, or &outline */
};

/* Events of style elements, wherever they stand; others mean nothing to it. 0 or PLENARY_ENOMEM. */
int odf_styles_start(struct odf_styles *styles, const struct xml_tag *tag);
void odf_styles_end(struct odf_styles *styles, const char *name);

/* All have been read: those below may be asked. */
void odf_styles_ready(struct odf_styles *styles);

/* NULL: none of this name. */
const struct odf_list_style *odf_list_find(const struct odf_styles *styles, const char *name);

/* The style of this name, with what it inherits. */
void odf_style_find(const struct odf_styles *styles, const char *name, struct odf_style *out,
                    bool *title);

/* The number of an item, with the counts of all levels, the item's own last. */
void odf_label(const struct odf_list_style *style, const long *counts, unsigned level,
               char out[ODF_LABEL]);

void odf_styles_free(struct odf_styles *styles);

#endif
