/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Search hits with all that is shown of them: document, passage, text, highlights, snippet,
 * context. One is loaded at a time, so that a long list takes no more memory than a short one.
 *
 * A listing borrows the searcher, which must not be refreshed while it lives, and the result. It
 * belongs to the searcher's thread.
 */
#ifndef PLENARY_SEARCHER_LISTING_H
#define PLENARY_SEARCHER_LISTING_H

#include "corpus/error.h"
#include "indexer/segment/segment.h"
#include "searcher/highlight.h"
#include "searcher/search.h"
#include "searcher/snippet.h"

#include <stddef.h>
#include <stdint.h>

struct listing_options {
    unsigned snippet_length; /* characters; 0: the whole passage */
    unsigned context;        /* paragraphs before and after to load */
};

#define LISTING_OPTIONS_INIT                                                                       \
    { SNIPPET_LENGTH, 0 }

struct listing_passage {
    struct passage_row row;
    uint32_t ordinal; /* in the segment */
    const char *id;   /* citation_passage_id */
    const char *text; /* UTF-8; bytes that were not are '?' */
    size_t size;
};

struct listing_hit {
    const struct search_hit *hit;
    struct document_row document;
    struct listing_passage passage;
    const struct highlight_range *matches;    /* bytes of passage.text: highlighter_find */
    const struct highlight_range *highlights; /* the same, merged: apart, in order */
    size_t match_count, highlight_count;
    struct snippet snippet;
    const struct listing_passage *before, *after; /* in reading order, headings among them */
    size_t before_count, after_count;
};

struct listing;

int listing_open(struct listing **out, struct searcher *searcher,
                 const struct search_result *result, const struct listing_options *options,
                 struct error *err);
void listing_close(struct listing *listing);

/* Hit `i` of the result, valid until the next load or close. */
int listing_load(struct listing *listing, size_t i, const struct listing_hit **out,
                 struct error *err);

#endif
