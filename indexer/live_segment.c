/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/live_segment.h"

#include <stdlib.h>
#include <string.h>

static int check_counts(const struct live_segment *live, const struct manifest_segment *row,
                        struct error *err) {
    if (segment_document_count(live->segment) == row->documents &&
        segment_passage_count(live->segment) == row->passages &&
        live->dead.deleted_documents == row->deleted_documents &&
        live->dead.deleted_passages == row->deleted_passages)
        return 0;
    return error_set(err, PLENARY_EDAMAGED,
                     "%s: holds other documents than the manifest says; restore the index from a "
                     "copy, or build it again in a new folder",
                     segment_folder(live->segment));
}

static int open_tombstones(struct live_segment *live, const char *index,
                           const struct manifest_segment *row, struct error *err) {
    uint32_t documents = segment_document_count(live->segment);
    uint32_t passages = segment_passage_count(live->segment);
    if (!row->tombstones) {
        tombstones_init(&live->dead, documents, passages);
        return 0;
    }
    char *path = manifest_tombstones_path(index, row->name, row->tombstones);
    int status =
        path ? tombstones_read(&live->dead, path, documents, passages, err) : error_memory(err);
    free(path);
    return status;
}

int live_segment_open(struct live_segment *out, const char *index,
                      const struct manifest_segment *row, struct segment *shared,
                      struct error *err) {
    memset(out, 0, sizeof *out);
    int status = 0;
    if (shared)
        out->segment = segment_share(shared);
    else {
        char *path = manifest_segment_path(index, row->name);
        status = path ? segment_open(&out->segment, path, err) : error_memory(err);
        free(path);
    }
    if (!status)
        status = open_tombstones(out, index, row, err);
    if (!status)
        status = check_counts(out, row, err);
    if (status)
        live_segment_close(out);
    return status;
}

void live_segment_close(struct live_segment *live) {
    segment_close(live->segment);
    tombstones_free(&live->dead);
    memset(live, 0, sizeof *live);
}

int live_segment_find_id(const struct live_segment *live, const char *id, uint32_t *document,
                         struct error *err) {
    /* Documents with the same id are replaced one by the next: only the last can be alive. */
    int status = segment_find_id(live->segment, id, document, err);
    return status == 1 && tombstones_document(&live->dead, *document) ? 0 : status;
}
