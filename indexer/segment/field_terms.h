/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terms of titles, speakers and headings, with their prefixes. Passages that are neighbours
 * mostly share these, so what was analysed of late is kept. Belongs to one thread and goes with one
 * analyser, though its terms are copies.
 */
#ifndef PLENARY_INDEXER_FIELD_TERMS_H
#define PLENARY_INDEXER_FIELD_TERMS_H

#include "corpus/bytes.h"
#include "indexer/analysis/analyser.h"

enum { FIELD_TERMS_FIELDS = 3 };

struct field_terms;

struct field_term_list {
    size_t count;
    struct bytes text; /* the terms, one behind the other */
    struct bytes ends; /* u32: where each ends in `text` */
};

int field_terms_open(struct field_terms **out, struct error *err);
void field_terms_close(struct field_terms *cache);

/* The distinct terms of `text` with `prefix`. `field` (0 to 2) goes with the prefix: a list stays
 * until the next call for the same field. */
int field_terms_find(struct field_terms *cache, struct analyser *analyser, unsigned field,
                     const char *prefix, const char *text, int language,
                     const struct field_term_list **out, struct error *err);

/* Term `i` of a list, prefix included; not NUL-terminated. */
const char *field_term(const struct field_term_list *list, size_t i, uint32_t *size);

#endif
