/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents one by one into a segment: a batcher, its vocabulary and a batch of one. For small
 * changes and tests; whole folders go through build.c. One thread.
 */
#ifndef PLENARY_INDEXER_WORKER_H
#define PLENARY_INDEXER_WORKER_H

#include "indexer/segment/segment.h"
#include "indexer/vocabulary.h"

struct worker {
    struct batcher *batcher;
    struct vocabulary vocabulary;
    struct batch batch;
};

/* `language`: a stemmer's number, or -1 to detect each document's. */
int worker_open(struct worker *worker, int language, struct error *err);
void worker_close(struct worker *worker);

/* Add a document: all its passages, in order. */
int worker_add(struct worker *worker, struct segment_writer *writer,
               const struct document *document, struct error *err);

#endif
