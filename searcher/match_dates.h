/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matches with the latest (or the earliest) dates: all are passed by, unranked, and those kept
 * that may be among so many of them, whatever order equal dates then come in.
 */
#ifndef PLENARY_SEARCHER_MATCH_DATES_H
#define PLENARY_SEARCHER_MATCH_DATES_H

#include "searcher/filter.h"
#include "searcher/match_walk.h"

struct match_dates;

/* `weigh` makes of a date what it is ordered by, greatest first. `by_document`: so many documents
 * are wanted, not passages. */
struct match_dates_request {
    const struct snapshot *snapshot;
    uint64_t wanted;
    bool by_document;
    double (*weigh)(const void *context, uint32_t date);
    const void *context;
};

int match_dates_open(struct match_dates **out, const struct match_dates_request *request,
                     struct error *err);
void match_dates_close(struct match_dates *dates); /* NULL is fine */

/* A match_fn, `dates` being its context. */
int match_dates_add(void *dates, uint32_t segment, uint32_t passage);

/* How many were added. */
uint64_t match_dates_total(const struct match_dates *dates);

/* Are all dates of one weight, as where no document has any? */
bool match_dates_alike(const struct match_dates *dates);

/* Those kept, as a set; to be freed after success. */
int match_dates_set(const struct match_dates *dates, struct passage_set *out, struct error *err);

#endif
