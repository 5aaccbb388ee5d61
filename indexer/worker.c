/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/worker.h"

int worker_open(struct worker *worker, int language, struct error *err) {
    *worker = (struct worker){0};
    batch_init(&worker->batch);
    return batcher_open(&worker->batcher, language, err);
}

void worker_close(struct worker *worker) {
    batcher_close(worker->batcher);
    vocabulary_free(&worker->vocabulary);
    batch_free(&worker->batch);
    worker->batcher = NULL;
}

int worker_add(struct worker *worker, struct segment_writer *writer,
               const struct document *document, struct error *err) {
    batch_reset(&worker->batch);
    int status = batcher_add(worker->batcher, &worker->batch, document, err);
    int finished = batcher_finish(worker->batcher, &worker->batch, status ? NULL : err);
    if (!status)
        status = finished;
    if (!finished) /* even of a document that was refused, words have been met */
        finished = vocabulary_learn(&worker->vocabulary, &worker->batch, err);
    if (status || finished)
        return status ? status : finished;
    return segment_writer_append(writer, &worker->vocabulary, &worker->batch, err);
}
