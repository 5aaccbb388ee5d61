/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sets of passages as runs of docids, and the document filters made of them.
 *
 * A document's passages are neighbours, so a filter by date, path or language is a few runs per
 * segment, made by one scan over the documents; deleted passages are left out of it. A set enters
 * Xapian's matcher as a shim_source (docid = passage ordinal + 1).
 *
 * A set is built by one thread; a finished set may be searched by any number.
 */
#ifndef PLENARY_SEARCHER_FILTER_H
#define PLENARY_SEARCHER_FILTER_H

#include "corpus/error.h"
#include "indexer/index.h"
#include "searcher/search.h"
#include "shim/shim.h"

#include <stdbool.h>
#include <stdint.h>

struct passage_run {
    uint32_t first, last; /* docids, both inclusive */
    double weight;        /* 0 or more */
};

struct passage_runs {
    struct passage_run *runs; /* owned; rising, never touching with equal weight */
    size_t count, capacity;
    uint64_t passages;
    double max_weight;
};

struct passage_set {
    struct shim_source source; /* its context is this set, which must therefore not move */
    struct passage_runs *segments;
    uint32_t segment_count;
};

/* A set of nothing over so many segments. 0 or PLENARY_ENOMEM. */
int passage_set_init(struct passage_set *set, uint32_t segment_count);

/* Add passages [first, last] (ordinals) behind all others of this segment. */
int passage_set_add(struct passage_set *set, uint32_t segment, uint32_t first, uint32_t last,
                    double weight);

/* Forget docids above `last`: a segment's last passages may be without postings, and a source must
 * not name what the matcher does not know. */
void passage_set_trim(struct passage_set *set, uint32_t segment, uint32_t last);

bool passage_set_has(const struct passage_set *set, uint32_t segment, uint32_t passage);
uint64_t passage_set_count(const struct passage_set *set);

/* Zeroed sets may be freed. */
void passage_set_free(struct passage_set *set);

/* Does the filter ask for anything? */
bool filter_asks(const struct search_filter *filter);

/* Must the filter be applied: does it ask for anything, or were passages deleted? */
bool filter_is_needed(const struct search_filter *filter, const struct snapshot *snapshot);

/* The live passages of the documents that pass. PLENARY_EINVALID for dates that are none. */
int filter_make(struct passage_set *out, const struct search_filter *filter,
                const struct snapshot *snapshot, struct error *err);

/* Does a document of this date (mm, dd may be 00) have a day in [from, to]? 0 is open; a document
 * without a date (0) has no day. */
bool filter_date_matches(uint32_t date, uint32_t from, uint32_t to);

/* Is `path` what the pattern names: a glob, the path itself or a folder above it? `*` and `?` stop
 * at
 * '/', `**` does not, and "**" "/" may be empty. A pattern that does not begin with '/' may begin
 * at any folder of the path. Takes time proportional to the product of the lengths. */
bool filter_path_matches(const char *pattern, const char *path);

#endif
