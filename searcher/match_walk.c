/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/match_walk.h"

#include "searcher/query_verify.h"

#include <stdlib.h>

struct walk {
    match_fn each;
    void *context;
    int status;
};

struct walk_cursor {
    struct walk *walk;
    uint32_t segment, docid; /* the last one seen; 0: none */
};

static void *walk_open(void *context, uint32_t segment) {
    struct walk_cursor *cursor = calloc(1, sizeof *cursor);
    if (cursor)
        *cursor = (struct walk_cursor){.walk = context, .segment = segment};
    return cursor;
}

/* "Yes, that one is mine": the matcher drops it and goes on to its next match. */
static uint32_t walk_skip_to(void *context, uint32_t docid, double min_weight) {
    struct walk_cursor *cursor = context;
    (void)min_weight;
    if (docid > cursor->docid) {
        cursor->docid = docid;
        if (!cursor->walk->status)
            cursor->walk->status =
                cursor->walk->each(cursor->walk->context, cursor->segment, docid - 1);
    }
    return docid;
}

/* Not asked by AND NOT, which always names a passage; it would claim the next one. */
static uint32_t walk_next(void *context, double min_weight) {
    const struct walk_cursor *cursor = context;
    return cursor->docid == UINT32_MAX ? 0 : walk_skip_to(context, cursor->docid + 1, min_weight);
}

static void walk_frequency(void *context, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    (void)context;
    *least = 0;
    *estimate = *most = UINT32_MAX;
}

int match_walk(struct shim_database *database, const struct shim_query *query, match_fn each,
               void *context, struct error *err) {
    struct walk walk = {each, context, 0};
    const struct shim_source source = {.context = &walk,
                                       .open = walk_open,
                                       .close = free,
                                       .next = walk_next,
                                       .skip_to = walk_skip_to,
                                       .frequency = walk_frequency};
    /* The scale keeps the query in one piece: its own exclusions must be settled first. */
    const struct shim_query *inner[] = {query};
    const struct shim_query boolean = {
        .op = SHIM_SCALE, .factor = 0, .children = inner, .count = 1};
    const struct shim_query taken = {.op = SHIM_SOURCE, .source = &source};
    const struct shim_query *children[] = {&boolean, &taken};
    const struct shim_query all = {.op = SHIM_AND_NOT, .children = children, .count = 2};
    struct shim_search asked = SHIM_SEARCH_INIT;
    struct shim_result found;
    asked.query = &all;
    asked.limit = 1;
    int status = shim_error(err, database, shim_search(database, &asked, &found));
    if (!status)
        shim_result_free(&found);
    return status ? status : walk.status;
}
