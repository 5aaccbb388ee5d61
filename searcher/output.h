/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Search results in the form somebody asked for: text for a reader, JSON for a program, a table for
 * a spreadsheet. A listing is written as begin, one hit after another, end; each call appends to
 * `to`, which the caller may empty in between.
 *
 * Whatever the documents hold, no output is invalid UTF-8 or lets a control character or a
 * directional override through to a terminal; see escape.h. Calls return 0 or a negative error.
 * Not thread-safe: one output, one thread.
 */
#ifndef PLENARY_SEARCHER_OUTPUT_H
#define PLENARY_SEARCHER_OUTPUT_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "searcher/listing.h"
#include "searcher/search.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV, OUTPUT_TSV };

/* Of the JSON formats: schema.md tells what changed with each. */
enum { OUTPUT_SCHEMA = 1 };

/* What was asked and what it came to. */
struct output_summary {
    const char *text; /* the query as typed; any bytes */
    size_t text_size;
    const struct search_result *result;
    uint32_t offset, limit; /* of passages; of documents when grouped: what stands before */
    bool grouped;
    bool count_only;
    bool after;         /* the page was asked for by a cursor */
    bool filtered;      /* only some documents were searched: by date, path or language */
    const char *xapian; /* Xapian's form of the query, for --explain; else NULL */
    uint64_t generation, documents, passages; /* of the index */
};

/* A part of a hit's score, for --explain. */
struct output_part {
    const char *word; /* the term, or several that count as one */
    double weight;
    uint32_t frequency; /* in the passage */
    uint64_t passages;  /* that have it */
    uint32_t length;    /* of the passage in words */
};

struct output {
    enum output_format format;
    bool colour;        /* text: SGR sequences around titles and matches */
    unsigned width;     /* text: columns to wrap at; 0: do not */
    const char *folder; /* text: paths below it are shown relative to it; may be NULL */
    struct bytes *to;
    struct output_summary summary;
    uint64_t written; /* hits so far */
    bool in_group;
};

/* "text", "json", ...: false if there is no such format. */
bool output_format_parse(const char *name, enum output_format *out);

/* The summary is copied; what it points to must stay. */
int output_begin(struct output *output, const struct output_summary *summary, struct error *err);
/* Hits in the order of the result. `parts` explains the score; NULL without --explain. */
int output_hit(struct output *output, const struct listing_hit *hit,
               const struct output_part *parts, size_t part_count, struct error *err);
int output_end(struct output *output, struct error *err);

/* ---- The formats behind it ---------------------------------------------------------------- */

int output_text_begin(struct output *output, struct error *err);
int output_text_hit(struct output *output, const struct listing_hit *hit,
                    const struct output_part *parts, size_t part_count, struct error *err);
int output_text_end(struct output *output, struct error *err);

int output_json_begin(struct output *output, struct error *err);
int output_json_hit(struct output *output, const struct listing_hit *hit,
                    const struct output_part *parts, size_t part_count, struct error *err);
int output_json_end(struct output *output, struct error *err);

/* Facets and histograms below the hits. */
void output_text_facets(struct output *output);

void output_table_begin(struct output *output);
void output_table_hit(struct output *output, const struct listing_hit *hit);

#endif
