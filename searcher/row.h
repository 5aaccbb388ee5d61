/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Matches on their way to become hits, and the cut among those that tie there: by score (or date,
 * where that is asked for), then date, newest first, then document id, then place.
 */
#ifndef PLENARY_SEARCHER_ROW_H
#define PLENARY_SEARCHER_ROW_H

#include "corpus/arena.h"
#include "indexer/index.h"
#include "searcher/filter.h"

struct row {
    uint32_t segment, document, passage;
    uint32_t date;
    double score;   /* to nine digits */
    double key;     /* sorting by date: the date's weight; otherwise 0 */
    double best;    /* the score of the document's best row where grouped, otherwise its own */
    const char *id; /* of the document, once a tie asked for it */
};

struct rows {
    struct row *all; /* owned */
    size_t count;
};

/* Better ones first, as far as that can be told without ids: for qsort. */
int row_by_worth(const void *a, const void *b);

/* The last word among equals; within a document its better passages first: for qsort. */
int row_by_id(const void *a, const void *b);

/* Keep the `wanted` best rows only, in no order. Takes time in proportion to the rows; ids are read
 * of those that tie at the cut, which are best in order of segment and document. */
int rows_cut(struct rows *rows, size_t wanted, const struct snapshot *snapshot, struct error *err);

/* The `wanted` first of a set of passages that all have score 0, or of its documents, each with its
 * first passage; `weigh` makes a key of a date. Ids are read where they may decide, and no more
 * rows are kept than are wanted. The rows come in no order. */
struct rows_request {
    const struct snapshot *snapshot;
    const struct passage_set *set;
    size_t wanted;
    bool by_document;
    double (*weigh)(const void *context, uint32_t date);
    const void *context;
};
int rows_first(struct rows *out, const struct rows_request *request, struct error *err);

#endif
