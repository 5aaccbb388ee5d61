/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facets: how the matches of a query spread over speakers, bodies, years, months, languages, titles
 * and headings. All matches are counted, not only those listed, in one pass; counts are exact.
 *
 * They are asked for in a search_request (facets, facet_limit, histogram) and come with the
 * search_result, whose arena owns them. A request with `limit` 0 gets the facets alone.
 */
#ifndef PLENARY_SEARCHER_FACET_H
#define PLENARY_SEARCHER_FACET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum facet_field {
    FACET_SPEAKER,
    FACET_BODY,
    FACET_YEAR,
    FACET_MONTH,
    FACET_LANGUAGE,
    FACET_TITLE,
    FACET_HEADING,
    FACET_FIELDS
};

/* In search_request.facets and .histogram. */
#define FACET_BIT(field) (1U << (field))

enum {
    FACET_LIMIT_DEFAULT = 10,
    FACET_GAPS_MAX = 2400 /* a histogram that spans more years or months leaves out empty ones */
};

struct facet_value {
    const char *name;   /* "2018", "2018-08", "english", a speaker as written; never NULL */
    uint64_t passages;  /* matches */
    uint64_t documents; /* that they stand in */
    uint32_t first_date,
        last_date; /* of those documents, yyyymmdd as in document_row; 0: undated */
};

struct facet {
    enum facet_field field;
    bool histogram; /* values in order of time, empty ones between them too. Otherwise by passages,
                       most first, then by name */
    const struct facet_value *values;
    size_t count;      /* at most facet_limit; all for a histogram */
    uint64_t distinct; /* values there are, listed or not */
    uint64_t without;  /* matches that have no speaker, date, ... */
};

/* "speaker", "body", ...; NULL beyond FACET_FIELDS. */
const char *facet_field_name(enum facet_field field);

/* False if there is no facet of this name. */
bool facet_field_parse(const char *name, enum facet_field *out);

#endif
