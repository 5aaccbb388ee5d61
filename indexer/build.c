/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/build.h"

#include "indexer/index.h"

#include <stdio.h>
#include <string.h>

struct build {
    struct index_writer *writer;
    struct corpus *corpus;
    struct document scratch;
    struct progress *progress;
    struct build_summary *summary;
    const struct index_options *options;
    const volatile sig_atomic_t *stop;
    const struct unit *unit;
    struct error *err;
};

static int check_stop(const struct build *build) {
    if (!*build->stop)
        return 0;
    return error_set(build->err, PLENARY_ESTOPPED, "interrupted: the index is as it was before");
}

static void show(const struct build *build) {
    const struct build_summary *summary = build->summary;
    uint64_t done, total;
    corpus_progress(build->corpus, &done, &total);
    progress_show(build->progress, summary->added + summary->replaced + summary->unchanged, done,
                  total);
}

static int take_document(void *context, struct document *document) {
    struct build *build = context;
    int status = check_stop(build);
    if (status < 0)
        return status;
    enum index_change change;
    status = index_writer_add(build->writer, document, &change, build->err);
    if (status < 0)
        return status;
    struct build_summary *summary = build->summary;
    summary->added += change == INDEX_ADDED;
    summary->replaced += change == INDEX_REPLACED;
    summary->unchanged += change == INDEX_UNCHANGED;
    if (change != INDEX_UNCHANGED)
        summary->passages += document->passage_count;
    summary->replaced_bytes += document->replaced_bytes;
    show(build);
    return 0;
}

/* A file document whose bytes are those indexed already need not be cut again. */
static int is_unchanged(const struct build *build, const struct unit *unit) {
    if (unit->format == FORMAT_JSONL || unit->format == FORMAT_TSV)
        return 0;
    return index_writer_has_source(build->writer, unit->source, unit->content, build->err);
}

static int read_unit(struct build *build, struct unit *unit) {
    build->summary->bytes += unit->size;
    int status = is_unchanged(build, unit);
    if (status > 0)
        build->summary->unchanged++;
    else if (status == 0)
        status = unit_read(unit, &build->options->corpus, &build->scratch, take_document, build,
                           &build->summary->skipped, build->err);
    show(build);
    return status < 0 ? status : check_stop(build);
}

static int read_all(struct build *build) {
    struct unit *unit;
    int status;
    while ((status = corpus_next(build->corpus, &unit, build->err)) > 0) {
        status = read_unit(build, unit);
        unit_free(unit);
        if (status < 0)
            return status;
    }
    build->summary->skipped += corpus_skipped(build->corpus);
    return status;
}

static int read_paths(struct build *build) {
    const struct index_options *options = build->options;
    int status = corpus_open(&build->corpus, options->paths, options->path_count, &options->corpus,
                             build->err);
    if (status < 0)
        return status;
    document_init(&build->scratch);
    status = read_all(build);
    document_free(&build->scratch);
    corpus_close(build->corpus);
    return status;
}

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
        status = check_stop(build);
    return status < 0 ? status : index_writer_publish(build->writer, build->err);
}

int build_run(struct build_summary *summary, const struct index_options *options,
              struct progress *progress, const volatile sig_atomic_t *stop, struct error *err) {
    *summary = (struct build_summary){0};
    struct index_writer_options writer_options = {
        .language = options->language, .builder = options->builder, .wait = options->wait};
    struct build build = {
        .progress = progress, .summary = summary, .options = options, .stop = stop, .err = err};
    int status = index_writer_open(&build.writer, options->index, &writer_options, err);
    if (status < 0)
        return status;
    status = change_index(&build);
    summary->shortened = index_writer_shortened(build.writer);
    index_writer_close(build.writer);
    return status;
}
