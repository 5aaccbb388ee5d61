/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/descriptors.h"
#include "searcher/query_plan.h"
#include "searcher/query_prepare.h"
#include "searcher/query_verify.h"
#include "searcher/search.h"
#include "searcher/suggest.h"
#include "searcher/word_cache.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct searcher {
    char *index;
    const struct snapshot *snapshot;
    struct snapshot *own; /* the same, where it is the searcher's to close */
    struct shim_database *database;
    struct analyser *analyser;
    struct suggester *suggester; /* NULL until it is asked for */
    struct word_cache *words;    /* the same */
};

/* Xapian hands errno on as words only. */
static bool lacks_descriptors(const struct shim_database *database) {
    const char *message = shim_database_message(database);
    return strstr(message, strerror(EMFILE)) || strstr(message, strerror(ENFILE));
}

static int open_database(struct shim_database **out, const char *index,
                         const struct snapshot *snapshot, struct error *err) {
    uint32_t count = snapshot_segment_count(snapshot);
    const char **paths = calloc(count + 1, sizeof *paths);
    *out = NULL;
    if (!paths)
        return error_memory(err);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = segment_folder(snapshot_segment(snapshot, i));
    int status = 0;
    int opened = shim_database_open(out, paths, count);
    if (opened && !*out)
        status = error_memory(err);
    else if (opened && lacks_descriptors(*out))
        status = descriptors_exhausted(index, count, err);
    else if (opened)
        status = shim_error(err, *out, opened);
    if (opened && *out) {
        shim_database_close(*out);
        *out = NULL;
    }
    free(paths);
    return status;
}

/* A segment may go between reading the manifest and opening it; then there is a newer generation.
 */
static int open_newest(const char *index, struct snapshot **snapshot,
                       struct shim_database **database, struct error *err) {
    enum { TRIES = 5 };
    int status = 0;
    for (int i = 0; i < TRIES; i++) {
        status = snapshot_open(snapshot, index, err);
        if (status)
            return status;
        status = open_database(database, index, *snapshot, err);
        if (!status)
            return 0;
        bool again = snapshot_is_stale(*snapshot, NULL) == 1;
        snapshot_close(*snapshot);
        *snapshot = NULL;
        if (!again)
            break;
    }
    return status;
}

/* All but the snapshot and the database. */
static int create(struct searcher **out, const char *index, struct error *err) {
    struct searcher *searcher = calloc(1, sizeof *searcher);
    *out = NULL;
    if (!searcher)
        return error_memory(err);
    size_t size = strlen(index) + 1;
    searcher->index = malloc(size);
    int status = searcher->index ? 0 : error_memory(err);
    if (!status) {
        memcpy(searcher->index, index, size);
        status = analyser_open(&searcher->analyser, err);
    }
    if (status) {
        free(searcher->index);
        free(searcher);
        return status;
    }
    *out = searcher;
    return 0;
}

int searcher_open(struct searcher **out, const char *index, struct error *err) {
    int status = create(out, index, err);
    if (!status)
        status = open_newest(index, &(*out)->own, &(*out)->database, err);
    if (!status) {
        (*out)->snapshot = (*out)->own;
    } else {
        searcher_close(*out);
        *out = NULL;
    }
    return status;
}

int searcher_open_shared(struct searcher **out, const char *index, const struct snapshot *snapshot,
                         struct error *err) {
    int status = create(out, index, err);
    if (!status)
        status = searcher_move(*out, snapshot, err);
    if (status) {
        searcher_close(*out);
        *out = NULL;
    }
    return status;
}

int searcher_move(struct searcher *searcher, const struct snapshot *snapshot, struct error *err) {
    struct shim_database *database;
    int status = open_database(&database, searcher->index, snapshot, err);
    if (status)
        return status;
    suggester_close(searcher->suggester);
    searcher->suggester = NULL;
    shim_database_close(searcher->database);
    snapshot_close(searcher->own);
    searcher->own = NULL;
    searcher->snapshot = snapshot;
    searcher->database = database;
    return 0;
}

void searcher_close(struct searcher *searcher) {
    if (!searcher)
        return;
    suggester_close(searcher->suggester);
    word_cache_close(searcher->words);
    shim_database_close(searcher->database);
    snapshot_close(searcher->own);
    analyser_close(searcher->analyser);
    free(searcher->index);
    free(searcher);
}

int searcher_refresh(struct searcher *searcher, struct error *err) {
    int stale = snapshot_is_stale(searcher->snapshot, err);
    if (stale <= 0)
        return stale;
    struct snapshot *snapshot;
    struct shim_database *database;
    int status = open_newest(searcher->index, &snapshot, &database, err);
    if (status)
        return status;
    suggester_close(searcher->suggester);
    word_cache_close(searcher->words);
    searcher->suggester = NULL;
    searcher->words = NULL;
    shim_database_close(searcher->database);
    snapshot_close(searcher->own);
    searcher->snapshot = searcher->own = snapshot;
    searcher->database = database;
    return 1;
}

void searcher_give_time(struct searcher *searcher, unsigned milliseconds) {
    struct timespec now;
    uint64_t deadline = 0;
    if (milliseconds) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        deadline = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec +
                   (uint64_t)milliseconds * 1000000;
    }
    shim_database_set_deadline(searcher->database, deadline);
}

int searcher_search(struct search_result *out, struct searcher *searcher,
                    const struct search_request *request, struct error *err) {
    return search_run(out, searcher->snapshot, searcher->database, searcher->analyser, request,
                      err);
}

int searcher_suggest(struct suggestions *out, struct searcher *searcher, const char *prefix,
                     size_t size, size_t limit, struct error *err) {
    int status =
        searcher->suggester ? 0 : suggester_open(&searcher->suggester, searcher->snapshot, err);
    return status ? status : suggester_find(out, searcher->suggester, prefix, size, limit, err);
}

int searcher_explain(char **out, struct searcher *searcher, const struct search_request *request,
                     struct error *err) {
    struct arena arena = ARENA_INIT;
    struct query query;
    struct query_plan plan = {.root = NULL};
    int language = request->language >= 0 ? request->language : request->filter.language;
    const struct query_plan_options options = {
        searcher->snapshot, searcher->database, searcher->analyser,
        language >= 0 && language < 64 ? (uint64_t)1 << language : 0};
    *out = NULL;
    int status = query_prepare(&query, &arena, request, err);
    if (!status)
        status = query_plan_make(&plan, &arena, &query, &options, err);
    if (!status) {
        *out = shim_query_text(searcher->database, plan.root);
        if (!*out)
            status = error_set(err, PLENARY_EENGINE, "the query cannot be described: %s",
                               shim_database_message(searcher->database));
    }
    query_plan_free(&plan);
    arena_free(&arena);
    return status;
}

const struct snapshot *searcher_snapshot(const struct searcher *searcher) {
    return searcher->snapshot;
}

struct shim_database *searcher_database(struct searcher *searcher) {
    return searcher->database;
}

struct analyser *searcher_analyser(struct searcher *searcher) {
    return searcher->analyser;
}

struct word_cache *searcher_words(struct searcher *searcher) {
    if (!searcher->words)
        searcher->words = word_cache_open(searcher->snapshot);
    return searcher->words;
}
