/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/index.h"

#include "indexer/live_segment.h"
#include "indexer/manifest.h"
#include "indexer/segment/folder.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A writer may publish, and remove what it replaced, between our reading the manifest and opening
 * what it names; then there is a newer manifest to read. */
enum { ATTEMPTS = 10 };

struct snapshot {
    char *index;
    struct manifest manifest;
    struct stat file; /* of the manifest, as it was when read */
    struct live_segment *segments;
    uint64_t documents, passages;
};

static bool stat_manifest(const char *index, struct stat *out) {
    char *path = folder_path(index, "manifest.json");
    bool found = path && !stat(path, out);
    free(path);
    return found;
}

static int open_segments(struct snapshot *snapshot, struct error *err) {
    const struct manifest *manifest = &snapshot->manifest;
    size_t count = manifest->segment_count;
    snapshot->segments = calloc(count ? count : 1, sizeof *snapshot->segments);
    if (!snapshot->segments)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct manifest_segment *row = &manifest->segments[i];
        int status = live_segment_open(&snapshot->segments[i], snapshot->index, row, NULL, err);
        if (status)
            return status;
        snapshot->documents += row->documents - row->deleted_documents;
        snapshot->passages += row->passages - row->deleted_passages;
    }
    return 0;
}

static int open_once(struct snapshot **out, const char *index, struct error *err) {
    struct snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return error_memory(err);
    snapshot->index = strdup(index);
    /* Before reading: if it changes meanwhile, the snapshot seems stale and is looked at again. */
    if (snapshot->index)
        stat_manifest(index, &snapshot->file);
    int status =
        snapshot->index ? manifest_read(&snapshot->manifest, index, err) : error_memory(err);
    *out = snapshot;
    return status ? status : open_segments(snapshot, err);
}

/* Something that a manifest names is not there: 0 if there is a newer manifest by now. */
static int check_newer(uint64_t generation, const char *index, struct error *err) {
    struct manifest now;
    int status = manifest_read(&now, index, err);
    if (!status && now.generation == generation)
        status = PLENARY_EDAMAGED;
    manifest_free(&now);
    return status;
}

int snapshot_open(struct snapshot **out, const char *index, struct error *err) {
    *out = NULL;
    for (unsigned attempt = 0;; attempt++) {
        struct snapshot *snapshot = NULL;
        struct error fault = {PLENARY_OK, ""};
        int status = open_once(&snapshot, index, &fault);
        if (!status) {
            *out = snapshot;
            return 0;
        }
        bool incomplete = snapshot && snapshot->segments && status == PLENARY_ENOTFOUND;
        uint64_t generation = snapshot ? snapshot->manifest.generation : 0;
        snapshot_close(snapshot);
        if (!incomplete)
            return error_set(err, status, "%s", fault.message);
        if (attempt + 1 == ATTEMPTS || check_newer(generation, index, NULL))
            return error_set(err, PLENARY_EDAMAGED, "%s", fault.message);
    }
}

void snapshot_close(struct snapshot *snapshot) {
    if (!snapshot)
        return;
    for (size_t i = 0; snapshot->segments && i < snapshot->manifest.segment_count; i++)
        live_segment_close(&snapshot->segments[i]);
    free(snapshot->segments);
    manifest_free(&snapshot->manifest);
    free(snapshot->index);
    free(snapshot);
}

static bool is_same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int snapshot_is_stale(const struct snapshot *snapshot, struct error *err) {
    struct stat now;
    if (stat_manifest(snapshot->index, &now) && is_same_file(&now, &snapshot->file))
        return 0;
    struct manifest manifest;
    int status = manifest_read(&manifest, snapshot->index, err);
    if (!status)
        status = manifest.generation != snapshot->manifest.generation;
    manifest_free(&manifest);
    return status;
}

uint64_t snapshot_generation(const struct snapshot *snapshot) {
    return snapshot->manifest.generation;
}

uint32_t snapshot_day_of(const struct snapshot *snapshot, uint64_t generation) {
    return manifest_day_of(&snapshot->manifest, generation);
}

uint64_t snapshot_generation_before(const struct snapshot *snapshot, uint32_t day) {
    return manifest_generation_before(&snapshot->manifest, day);
}

uint32_t snapshot_segment_count(const struct snapshot *snapshot) {
    return (uint32_t)snapshot->manifest.segment_count;
}

const struct segment *snapshot_segment(const struct snapshot *snapshot, uint32_t i) {
    return i < snapshot->manifest.segment_count ? snapshot->segments[i].segment : NULL;
}

struct segment *snapshot_segment_to_share(struct snapshot *snapshot, uint32_t i) {
    return i < snapshot->manifest.segment_count ? snapshot->segments[i].segment : NULL;
}

bool snapshot_is_deleted(const struct snapshot *snapshot, uint32_t segment, uint32_t passage) {
    return tombstones_passage(&snapshot->segments[segment].dead, passage);
}

uint32_t snapshot_deleted_count(const struct snapshot *snapshot, uint32_t segment) {
    return snapshot->segments[segment].dead.deleted_passages;
}

uint32_t snapshot_next(const struct snapshot *snapshot, uint32_t segment, bool deleted,
                       uint32_t from, uint32_t end) {
    return tombstones_next(&snapshot->segments[segment].dead, deleted, from, end);
}

uint64_t snapshot_documents(const struct snapshot *snapshot) {
    return snapshot->documents;
}

uint64_t snapshot_passages(const struct snapshot *snapshot) {
    return snapshot->passages;
}

uint64_t snapshot_languages(const struct snapshot *snapshot) {
    return manifest_languages(&snapshot->manifest);
}

int snapshot_find_id(const struct snapshot *snapshot, const char *id, uint32_t *segment,
                     uint32_t *document, struct error *err) {
    for (uint32_t i = snapshot_segment_count(snapshot); i-- > 0;) {
        int status = live_segment_find_id(&snapshot->segments[i], id, document, err);
        *segment = i;
        if (status)
            return status;
    }
    return 0;
}

static int is_live(void *context, uint32_t document) {
    const struct live_segment *live = context;
    return !tombstones_document(&live->dead, document);
}

int snapshot_has_source(const struct snapshot *snapshot, const char *source, struct error *err) {
    int status = 0;
    for (uint32_t i = snapshot_segment_count(snapshot); !status && i-- > 0;)
        status = segment_each_of_source(snapshot->segments[i].segment, source, is_live,
                                        &snapshot->segments[i], err);
    return status;
}
