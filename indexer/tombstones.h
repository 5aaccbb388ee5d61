/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which documents of a segment, and with them which passages, are deleted as of a generation. In
 * memory a bit for each; on disk compressed bitmaps. Bytes: tombstones.c.
 *
 * A set that nobody changes may be read by any number of threads.
 */
#ifndef PLENARY_INDEXER_TOMBSTONES_H
#define PLENARY_INDEXER_TOMBSTONES_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stdint.h>

struct tombstones {
    uint32_t document_count, passage_count;
    uint64_t *documents, *passages; /* bits; NULL while nothing is deleted */
    uint32_t deleted_documents, deleted_passages;
};

/* Nothing deleted in a segment of this size. */
void tombstones_init(struct tombstones *tombstones, uint32_t documents, uint32_t passages);
void tombstones_free(struct tombstones *tombstones);

/* Delete a document and its passages [first, end). No effect if it is deleted already. */
int tombstones_add(struct tombstones *tombstones, uint32_t document, uint32_t first, uint32_t end,
                   struct error *err);

static inline bool tombstones_document(const struct tombstones *tombstones, uint32_t document) {
    return tombstones->documents && document < tombstones->document_count &&
           tombstones->documents[document >> 6] >> (document & 63) & 1;
}

static inline bool tombstones_passage(const struct tombstones *tombstones, uint32_t passage) {
    return tombstones->passages && passage < tombstones->passage_count &&
           tombstones->passages[passage >> 6] >> (passage & 63) & 1;
}

/* The first passage of [from, end) that is deleted, or that is not; `end` if there is none. */
uint32_t tombstones_next(const struct tombstones *tombstones, bool deleted, uint32_t from,
                         uint32_t end);

/* Write and fsync the file. */
int tombstones_write(const struct tombstones *tombstones, const char *path, struct error *err);

/* Read a file for a segment of this size. */
int tombstones_read(struct tombstones *out, const char *path, uint32_t documents, uint32_t passages,
                    struct error *err);

#endif
