/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/merge.h"

#include "indexer/merge_parts.h"
#include "indexer/segment/folder.h"
#include "indexer/segment/glass_sums.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Numbering ----------------------------------------------------------------------------- */

static int damaged(const struct segment *segment, const char *what, struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: %s; restore the index from a copy, or build it again in a new folder",
                     segment_folder(segment), what);
}

/* How many live passages come before each 64, and that these are those of live documents. */
static int rank_passages(struct merge_source *source, struct error *err) {
    const struct tombstones *dead = source->dead;
    uint32_t count = segment_passage_count(source->segment), live = 0;
    if (!dead->deleted_documents) {
        source->live_passages = count;
        return 0;
    }
    if (!dead->documents || !dead->passages || dead->passage_count != count ||
        dead->document_count != segment_document_count(source->segment))
        return damaged(source->segment, "tombstones of another segment", err);
    source->live_before = calloc((size_t)count / 64 + 1, sizeof *source->live_before);
    if (!source->live_before)
        return error_memory(err);
    for (uint32_t word = 0; word <= count / 64; word++) {
        uint64_t used = word < count / 64 ? UINT64_MAX : (UINT64_C(1) << (count & 63)) - 1;
        source->live_before[word] = live;
        live += (uint32_t)__builtin_popcountll(~dead->passages[word] & used);
    }
    source->live_passages = live;
    return 0;
}

static int number_sources(struct merge *merge, const struct merge_input *inputs,
                          struct error *err) {
    uint64_t passages = 0, documents = 0;
    for (size_t i = 0; i < merge->count; i++) {
        struct merge_source *source = &merge->sources[i];
        source->segment = inputs[i].segment;
        source->dead = inputs[i].dead;
        source->first_passage = (uint32_t)passages;
        int status = rank_passages(source, err);
        if (status)
            return status;
        passages += source->live_passages;
        documents += segment_document_count(source->segment) - source->dead->deleted_documents;
        if (passages >= UINT32_MAX - 1 || documents >= UINT32_MAX - 1)
            return error_set(err, PLENARY_ELIMIT,
                             "%s: a segment holds at most 2^32 passages; these are more",
                             merge->folder);
    }
    return 0;
}

/* ---- Documents and passages ---------------------------------------------------------------- */

struct row_merge {
    const struct merge *merge;
    struct documents_writer documents;
    struct passages_writer passages;
    uint32_t passage_count;
    uint64_t text_size;
};

static int append_rows(struct row_merge *rows, const struct merge_source *source,
                       struct error *err) {
    const struct segment *segment = source->segment;
    const struct tombstones *dead = source->live_before ? source->dead : NULL;
    const uint64_t *dead_documents = dead ? dead->documents : NULL;
    int status =
        passages_append(&rows->passages, &segment->passages, &segment->documents, dead_documents,
                        dead ? dead->passages : NULL, rows->text_size, err);
    if (!status)
        status = documents_append(&rows->documents, &segment->documents, dead_documents,
                                  &rows->passage_count, &rows->text_size, err);
    uint32_t end = source->first_passage + source->live_passages;
    if (!status && (rows->passage_count != end || rows->passages.count != end))
        status = damaged(segment, "tombstones that do not agree with the documents", err);
    return status;
}

static int write_rows(struct row_merge *rows, struct error *err) {
    const char *folder = rows->merge->folder;
    char *documents = folder_path(folder, "documents.table");
    char *passages = folder_path(folder, "passages.table");
    int status = documents && passages ? 0 : error_memory(err);
    if (!status)
        status =
            documents_write(&rows->documents, documents, rows->passage_count, rows->text_size, err);
    if (!status)
        status = passages_write(&rows->passages, passages, err);
    free(documents);
    free(passages);
    return status;
}

static int merge_rows(const struct merge *merge, struct merge_result *out, struct error *err) {
    struct row_merge *rows = calloc(1, sizeof *rows);
    if (!rows)
        return error_memory(err);
    int status = 0;
    rows->merge = merge;
    documents_writer_init(&rows->documents);
    passages_writer_init(&rows->passages);
    for (size_t i = 0; !status && i < merge->count; i++)
        status = append_rows(rows, &merge->sources[i], err);
    *out = (struct merge_result){rows->documents.count, rows->passage_count, rows->text_size};
    if (!status)
        status = write_rows(rows, err);
    documents_writer_free(&rows->documents);
    passages_writer_free(&rows->passages);
    free(rows);
    return status;
}

/* ---- The whole ----------------------------------------------------------------------------- */

struct posting_job {
    const struct merge *merge;
    struct error err;
    int status;
};

static void *run_postings(void *context) {
    struct posting_job *job = context;
    job->status = merge_postings(job->merge, &job->err);
    return NULL;
}

static int merge_sidecars(const struct merge *merge, struct merge_result *out, struct error *err) {
    uint64_t text_size = 0;
    int status = merge_rows(merge, out, err);
    if (!status)
        status = merge_words(merge, err);
    if (!status)
        status = merge_text(merge, &text_size, err);
    if (!status && text_size != out->text_size)
        status = error_set(err, PLENARY_EDAMAGED,
                           "%s: the text of a segment to be merged has another size than its "
                           "documents; 'plenary-index --check' tells which",
                           merge->folder);
    return status;
}

/* The postings take as long as all the rest: they have a thread of their own. */
static int merge_files(const struct merge *merge, struct merge_result *out, struct error *err) {
    struct posting_job job = {.merge = merge};
    pthread_t thread;
    bool threaded = pthread_create(&thread, NULL, run_postings, &job) == 0;
    int status = merge_sidecars(merge, out, err);
    if (threaded)
        pthread_join(thread, NULL);
    else if (!status)
        run_postings(&job);
    if (!status && job.status) {
        status = job.status;
        if (err)
            *err = job.err;
    }
    if (!status)
        status = glass_sums_seal(merge->folder, err);
    return status ? status : folder_sync_files(merge->folder, err);
}

int merge_segments(const char *folder, const struct merge_input *inputs, size_t count,
                   bool portable, struct merge_result *out, struct error *err) {
    struct merge merge = {.folder = folder, .count = count, .portable = portable};
    *out = (struct merge_result){0};
    merge.sources = calloc(count, sizeof *merge.sources);
    int status = merge.sources ? number_sources(&merge, inputs, err) : error_memory(err);
    if (!status && mkdir(folder, 0777))
        status = error_errno(err, "%s: cannot create this folder", folder);
    else if (!status) {
        status = merge_files(&merge, out, err);
        if (status)
            folder_remove(folder, NULL);
    }
    for (size_t i = 0; merge.sources && i < count; i++)
        free(merge.sources[i].live_before);
    free(merge.sources);
    return status;
}
