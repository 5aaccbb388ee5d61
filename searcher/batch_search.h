/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many topics at once: a searcher on each of some threads, answers in the order of the topics.
 *
 * Memory does not grow with the number of topics: a worker waits while too many answers are not yet
 * taken.
 */
#ifndef PLENARY_SEARCHER_BATCH_SEARCH_H
#define PLENARY_SEARCHER_BATCH_SEARCH_H

#include "corpus/bytes.h"
#include "searcher/ranking.h"
#include "searcher/topics.h"

enum { BATCH_WORKERS_MOST = 64 };

struct batch_search {
    const char *index;
    const struct topics *topics;
    struct search_request request; /* without text */
    struct ranking ranking;
    unsigned workers; /* 0: one for each processor */
    /* Write what is wanted of an answer into `out`; on a worker's thread, with its searcher. */
    int (*render)(void *context, size_t topic, struct searcher *searcher,
                  const struct search_result *result, struct bytes *out, struct error *err);
    /* Take what was rendered, topic after topic; on the caller's thread. */
    int (*take)(void *context, size_t topic, const struct bytes *rendered, struct error *err);
    void *context;
};

/* All workers answer from one generation of the index. */
int batch_search_run(const struct batch_search *batch, struct error *err);

#endif
