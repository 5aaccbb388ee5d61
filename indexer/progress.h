/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What plenary-index says while it works: one line on a terminal, rewritten a few times a second
 * (documents, MB, MB/s, time left), and notices on stderr as they come. Off a terminal only
 * notices; with `verbose` a line also for each tenth of the input. Notices may come from any
 * thread; the rest from one.
 */
#ifndef PLENARY_INDEXER_PROGRESS_H
#define PLENARY_INDEXER_PROGRESS_H

#include "corpus/reader.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    pthread_mutex_t mutex;
    struct timespec begun, shown;
    bool line;    /* stderr is a terminal and the user wants to see it */
    bool visible; /* a line is on the screen now */
    bool verbose, quiet;
    unsigned tenths; /* of the input that have been told of */
    uint64_t skipped, warnings;
};

void progress_begin(struct progress *progress, bool quiet, bool verbose);

/* Print a notice; fits corpus_options.notify with the progress as context. */
void progress_notice(void *progress, const struct notice *notice);

/* Rewrite the line if it is time. `done` and `total` are bytes of input; total 0: not known. */
void progress_show(struct progress *progress, uint64_t documents, uint64_t done, uint64_t total);

/* Take the line away. */
void progress_end(struct progress *progress);

/* Seconds since progress_begin. */
double progress_seconds(const struct progress *progress);

#endif
