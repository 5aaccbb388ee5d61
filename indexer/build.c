/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Workers and the one place where their work meets. A worker takes the next few units (a *group*),
 * makes a batch of them, and leaves it in the ring at its group's place; whoever then finds the
 * next group in turn ready appends it and all that follow. So documents keep the order of the
 * units, no thread is set aside for appending, and nobody waits but for room in the ring.
 */
#include "indexer/build.h"

#include "corpus/format.h"
#include "indexer/batch.h"
#include "indexer/index.h"
#include "indexer/manifest.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Input to a group: large enough that a term's postings come in long runs, small enough that a
 * batch stays in cache and a few of them in the memory allowed. It must not depend on the number of
 * workers, or the index would. */
enum { GROUP_LARGEST = 4 << 20, GROUP_SMALLEST = 256 << 10, GROUP_SHARE = 256, GROUP_UNITS = 4096 };
enum { GROUPS_LEFT = 24, KEEP_FROM = 4 << 20 };

enum { CONFINED_COST = 16 };

struct build_slot {
    struct batch batch;
    unsigned worker;
    bool ready;
    uint64_t done, total; /* of the input, in bytes, with this batch */
};

struct build {
    struct index_writer *writer;
    struct corpus *corpus;
    struct progress *progress;
    struct build_summary *summary;
    const struct index_options *options;
    const volatile sig_atomic_t *stop;

    pthread_mutex_t source_mutex; /* corpus and next_group */
    uint64_t next_group;

    pthread_mutex_t mutex;        /* all below, and the summary */
    pthread_cond_t moved;         /* next_append has moved, or the build has failed */
    pthread_mutex_t writer_mutex; /* the writer: appending, and looking up */
    struct build_slot *ring;
    size_t ring_size;
    uint64_t next_append;
    bool appending;
    int status; /* the first failure */
    struct error *err;
};

struct build_worker {
    struct build *build;
    unsigned number;
    pthread_t thread;
    struct batcher *batcher;
    struct document scratch;
    struct batch *batch; /* of the group being read */
    uint64_t replaced_bytes;
    const struct unit *unit; /* being read */
    uint64_t unchanged;      /* documents in it that are in the index already */
    uint64_t last_group;     /* + 1, that this worker has handed in */
    struct error err;
};

/* ---- Failing ------------------------------------------------------------------------------- */

static bool has_failed(struct build *build) {
    pthread_mutex_lock(&build->mutex);
    bool failed = build->status < 0;
    pthread_mutex_unlock(&build->mutex);
    return failed;
}

static void fail(struct build *build, int status, const struct error *err) {
    pthread_mutex_lock(&build->mutex);
    if (build->status == 0) {
        build->status = status;
        if (build->err)
            *build->err = *err;
    }
    pthread_cond_broadcast(&build->moved);
    pthread_mutex_unlock(&build->mutex);
}

static int check_stop(const struct build *build, struct error *err) {
    if (!*build->stop)
        return 0;
    return error_set(err, PLENARY_ESTOPPED, "interrupted: the index is as it was before");
}

/* ---- Reading a group ----------------------------------------------------------------------- */

/* Workers that asked the writer for each new file waited a tenth of their time while others
 * appended. */
static int has_source(struct build *build, const char *source, const uint8_t content[16],
                      struct error *err) {
    int status = index_writer_had_source(build->writer, source, err);
    if (status <= 0)
        return status;
    pthread_mutex_lock(&build->writer_mutex);
    status = index_writer_has_source(build->writer, source, content, err);
    pthread_mutex_unlock(&build->writer_mutex);
    return status;
}

/* Members of an archive are known only now, each by itself. */
static int take_document(void *context, struct document *document) {
    struct build_worker *worker = context;
    struct build *build = worker->build;
    int status = check_stop(build, &worker->err);
    if (status < 0)
        return status;
    if (document->is_record)
        status = index_writer_is_unchanged(build->writer, document, &worker->err);
    else if (strcmp(document->source, worker->unit->source) != 0) {
        status = has_source(build, document->source, document->content, &worker->err);
        worker->unchanged += status > 0;
        if (status > 0)
            return 0;
    }
    worker->replaced_bytes += document->replaced_bytes;
    if (status > 0)
        return batcher_add_unchanged(worker->batch, document, &worker->err);
    if (status == 0)
        status = batcher_add(worker->batcher, worker->batch, document, &worker->err);
    return status;
}

/* A file document whose bytes are those indexed already need not be cut again. */
static int is_unchanged(struct build *build, const struct unit *unit, struct error *err) {
    if (unit->format == FORMAT_JSONL || unit->format == FORMAT_TSV)
        return 0;
    return has_source(build, unit->source, unit->content, err);
}

static int read_unit(struct build_worker *worker, const struct unit *unit) {
    struct build *build = worker->build;
    uint64_t skipped = 0;
    worker->replaced_bytes = worker->unchanged = 0;
    worker->unit = unit;
    int unchanged = is_unchanged(build, unit, &worker->err), status = unchanged;
    if (status == 0)
        status = unit_read(unit, &build->options->corpus, &worker->scratch, take_document, worker,
                           &skipped, &worker->err);
    pthread_mutex_lock(&build->mutex);
    build->summary->bytes += unit->size;
    build->summary->skipped += skipped;
    build->summary->unchanged += worker->unchanged + (unchanged > 0);
    build->summary->replaced_bytes += worker->replaced_bytes;
    pthread_mutex_unlock(&build->mutex);
    return status < 0 ? status : 0;
}

struct group {
    uint64_t number;
    struct unit *units[GROUP_UNITS];
    size_t count;
    uint64_t done, total; /* of the input, in bytes, with these */
};

/* In bytes of text: a group of PDFs of as many bytes would keep one worker long after the others
 * are done. */
static size_t cost(const struct unit *unit) {
    return format_is_confined(unit->format) ? unit->size * CONFINED_COST : unit->size;
}

/* A share of the memory, or of what is left of the input, so that all workers get something and end
 * together (guided self-scheduling, Polychronopoulos and Kuck 1987); never of how many workers
 * there are, for groups show in where the bytes of an index lie. */
static size_t group_size(size_t memory, uint64_t total, uint64_t done) {
    size_t size = memory / GROUP_SHARE;
    if (total && done < total && (total - done) / GROUPS_LEFT < size)
        size = (size_t)((total - done) / GROUPS_LEFT);
    return size > GROUP_LARGEST ? GROUP_LARGEST : size < GROUP_SMALLEST ? GROUP_SMALLEST : size;
}

/* The next units of the corpus: 1, 0 at the end, negative. */
static int take_group(struct build *build, struct group *group, struct error *err) {
    size_t bytes = 0;
    int status = 1;
    group->count = 0;
    pthread_mutex_lock(&build->source_mutex);
    corpus_progress(build->corpus, &group->done, &group->total);
    size_t size = group_size(build->options->memory, group->total, group->done);
    while (status > 0 && bytes < size && group->count < GROUP_UNITS) {
        status = corpus_next(build->corpus, &group->units[group->count], err);
        if (status > 0)
            bytes += cost(group->units[group->count++]);
    }
    if (group->count > 0)
        group->number = build->next_group++;
    corpus_progress(build->corpus, &group->done, &group->total);
    pthread_mutex_unlock(&build->source_mutex);
    return status < 0 ? status : group->count > 0;
}

static int read_group(struct build_worker *worker, struct group *group) {
    int status = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (status == 0)
            status = check_stop(worker->build, &worker->err);
        if (status == 0)
            status = read_unit(worker, group->units[i]);
        unit_free(group->units[i]);
    }
    return status ? status : batcher_finish(worker->batcher, worker->batch, &worker->err);
}

/* ---- Appending in order -------------------------------------------------------------------- */

static int append_slot(struct build *build, struct build_slot *slot, struct error *err) {
    struct index_changes changes = {0};
    pthread_mutex_lock(&build->writer_mutex);
    int status = index_writer_append(build->writer, slot->worker, &slot->batch, &changes, err);
    pthread_mutex_unlock(&build->writer_mutex);
    struct build_summary *summary = build->summary;
    pthread_mutex_lock(&build->mutex);
    summary->added += changes.added;
    summary->replaced += changes.replaced;
    summary->unchanged += changes.unchanged;
    summary->passages += changes.passages;
    uint64_t documents = summary->added + summary->replaced + summary->unchanged;
    pthread_mutex_unlock(&build->mutex);
    progress_show(build->progress, documents, slot->done, slot->total);
    return status;
}

static void append_ready(struct build *build) {
    struct error err = {0};
    int status = 0;
    pthread_mutex_lock(&build->mutex);
    if (build->appending) { /* that thread will see what has become ready */
        pthread_mutex_unlock(&build->mutex);
        return;
    }
    build->appending = true;
    struct build_slot *slot;
    while (status == 0 && build->status == 0 &&
           (slot = &build->ring[build->next_append % build->ring_size])->ready) {
        pthread_mutex_unlock(&build->mutex);
        status = append_slot(build, slot, &err);
        pthread_mutex_lock(&build->mutex);
        slot->ready = false;
        build->next_append++;
        pthread_cond_broadcast(&build->moved);
    }
    build->appending = false;
    pthread_mutex_unlock(&build->mutex);
    if (status < 0)
        fail(build, status, &err);
}

/* Wait until `group` has been appended, or until the build has failed (false). */
static bool wait_for(struct build *build, uint64_t group) {
    pthread_mutex_lock(&build->mutex);
    while (build->status == 0 && build->next_append <= group)
        pthread_cond_wait(&build->moved, &build->mutex);
    bool well = build->status == 0;
    pthread_mutex_unlock(&build->mutex);
    return well;
}

/* ---- Workers ------------------------------------------------------------------------------- */

/* Words pile up in an analyser; a collection of ever new ones must not take all memory. */
static bool bound_memory(struct build_worker *worker) {
    if (batcher_memory(worker->batcher) < worker->build->options->memory / 8)
        return true;
    if (worker->last_group && !wait_for(worker->build, worker->last_group - 1))
        return false;
    batcher_forget(worker->batcher);
    return true;
}

static int work_group(struct build_worker *worker, struct group *group) {
    struct build *build = worker->build;
    struct build_slot *slot = &build->ring[group->number % build->ring_size];
    worker->batch = &slot->batch;
    batch_reset(&slot->batch);
    int status = read_group(worker, group);
    if (status < 0)
        return status;
    worker->last_group = group->number + 1;
    pthread_mutex_lock(&build->mutex);
    slot->worker = worker->number;
    slot->done = group->done;
    slot->total = group->total;
    slot->ready = true;
    pthread_mutex_unlock(&build->mutex);
    append_ready(build);
    return 0;
}

static void *work(void *context) {
    struct build_worker *worker = context;
    struct build *build = worker->build;
    struct group *group = malloc(sizeof *group);
    int status = group ? 0 : error_memory(&worker->err);
    while (status == 0 && !has_failed(build) && bound_memory(worker)) {
        status = take_group(build, group, &worker->err);
        if (status <= 0)
            break;
        if (group->number >= build->ring_size &&
            !wait_for(build, group->number - build->ring_size)) {
            for (size_t i = 0; i < group->count; i++)
                unit_free(group->units[i]);
            break;
        }
        status = work_group(worker, group);
    }
    if (status < 0)
        fail(build, status, &worker->err);
    free(group);
    return NULL;
}

static int open_worker(struct build_worker *worker, struct build *build, unsigned number,
                       struct error *err) {
    worker->build = build;
    worker->number = number;
    document_init(&worker->scratch);
    return batcher_open(&worker->batcher, index_writer_language(build->writer), err);
}

static void close_worker(struct build_worker *worker) {
    if (worker->batcher)
        index_writer_count_shortened(worker->build->writer,
                                     analyser_shortened(batcher_analyser(worker->batcher)));
    batcher_close(worker->batcher);
    document_free(&worker->scratch);
}

/* The first worker is this thread, so that one job needs no other. */
static int run_workers(struct build *build, struct build_worker *workers, unsigned count) {
    unsigned started = 1;
    int status = 0;
    for (unsigned i = 0; i < count && status == 0; i++)
        status = open_worker(&workers[i], build, i, build->err);
    if (status < 0)
        return status;
    while (started < count &&
           pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    return build->status;
}

static int run_jobs(struct build *build, unsigned jobs) {
    struct build_worker *workers = calloc(jobs, sizeof *workers);
    build->ring_size = (size_t)jobs + 2;
    build->ring = calloc(build->ring_size, sizeof *build->ring);
    int status = workers && build->ring ? 0 : error_memory(build->err);
    for (size_t i = 0; status == 0 && i < build->ring_size; i++)
        batch_init(&build->ring[i].batch);
    if (status == 0)
        status = run_workers(build, workers, jobs);
    for (unsigned i = 0; workers && i < jobs; i++)
        close_worker(&workers[i]);
    for (size_t i = 0; build->ring && i < build->ring_size; i++)
        batch_free(&build->ring[i].batch);
    free(build->ring);
    free(workers);
    return status;
}

/* What one batch gives back, the next one takes: not by way of the system, whose page faults took
 * a tenth of the time for collections of files. Small ones are done before that pays. */
static void keep_memory(uint64_t input) {
    if (input && input < KEEP_FROM)
        return;
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_TOP_PAD, 4 << 20);
}

static int read_paths(struct build *build) {
    const struct index_options *options = build->options;
    uint64_t done, total;
    int status = corpus_open(&build->corpus, options->paths, options->path_count, &options->corpus,
                             build->err);
    if (status < 0)
        return status;
    corpus_progress(build->corpus, &done, &total);
    keep_memory(total);
    pthread_mutex_init(&build->source_mutex, NULL);
    pthread_mutex_init(&build->writer_mutex, NULL);
    pthread_mutex_init(&build->mutex, NULL);
    pthread_cond_init(&build->moved, NULL);
    status = run_jobs(build, options->jobs);
    pthread_cond_destroy(&build->moved);
    pthread_mutex_destroy(&build->mutex);
    pthread_mutex_destroy(&build->writer_mutex);
    pthread_mutex_destroy(&build->source_mutex);
    build->summary->skipped += corpus_skipped(build->corpus);
    corpus_close(build->corpus);
    return status;
}

/* ---- Deleting, and the whole --------------------------------------------------------------- */

/* A path that names nothing here may still be a source that has vanished: delete by absolute path.
 */
static int delete_paths(struct build *build) {
    const struct index_options *options = build->options;
    for (size_t i = 0; i < options->path_count; i++) {
        uint64_t deleted = 0;
        int status = index_writer_delete(build->writer, options->paths[i], &deleted, build->err);
        if (status < 0)
            return status;
        if (deleted == 0) {
            struct notice notice = {NOTICE_SKIPPED, options->paths[i], 0,
                                    "no document of this index has this id or source"};
            progress_notice(build->progress, &notice);
            build->summary->skipped++;
        }
        build->summary->deleted += deleted;
    }
    return 0;
}

static int change_index(struct build *build) {
    const struct index_options *options = build->options;
    int status = options->task == TASK_DELETE ? delete_paths(build) : read_paths(build);
    uint64_t pruned = 0;
    if (status >= 0 && options->prune)
        status = index_writer_prune(build->writer, &pruned, build->err);
    build->summary->deleted += pruned;
    if (status >= 0)
        status = check_stop(build, build->err);
    return status < 0 ? status : index_writer_publish(build->writer, build->err);
}

/* Opening a writer would make an index where there is none. */
static int check_index(const char *index, struct error *err) {
    struct manifest manifest;
    int status = manifest_read(&manifest, index, err);
    manifest_free(&manifest);
    return status;
}

int build_run(struct build_summary *summary, const struct index_options *options,
              struct progress *progress, const volatile sig_atomic_t *stop, struct error *err) {
    *summary = (struct build_summary){0};
    struct index_writer_options writer_options = {.language = options->language,
                                                  .builder = options->builder,
                                                  .portable = options->portable,
                                                  .wait = options->wait,
                                                  .memory = options->memory / 2};
    struct build build = {
        .progress = progress, .summary = summary, .options = options, .stop = stop, .err = err};
    int status =
        options->path_count && options->task != TASK_DELETE ? 0 : check_index(options->index, err);
    if (!status)
        status = index_writer_open(&build.writer, options->index, &writer_options, err);
    if (status < 0)
        return status;
    status = change_index(&build);
    summary->shortened = index_writer_shortened(build.writer);
    index_writer_close(build.writer);
    return status;
}

/* ---- Merging ------------------------------------------------------------------------------- */

int build_merge(uint32_t *merged, const struct index_options *options, struct error *err) {
    struct index_writer_options writer_options = INDEX_WRITER_OPTIONS_INIT;
    writer_options.wait = options->wait;
    struct index_writer *writer = NULL;
    *merged = 0;
    int status = check_index(options->index, err);
    if (!status)
        status = index_writer_open(&writer, options->index, &writer_options, err);
    if (!status)
        status = index_writer_merge(writer, merged, err);
    if (!status && *merged)
        status = index_writer_publish(writer, err);
    index_writer_close(writer);
    return status;
}
