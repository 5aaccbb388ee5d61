/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manifest.json: what an index consists of in one generation. Replaced as a whole by rename(2), so
 * a reader sees one generation or the next. Grammar: manifest.c. A struct manifest belongs to one
 * thread, or is left unchanged.
 */
#ifndef PLENARY_INDEXER_MANIFEST_H
#define PLENARY_INDEXER_MANIFEST_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct manifest_segment {
    uint32_t name; /* folder segments/NNNNNN */
    uint32_t documents, passages;
    char builder[32];
    uint64_t tombstones; /* generation in the name of the file tombstones-G; 0: none */
    uint32_t deleted_documents, deleted_passages;
    uint64_t languages; /* a bit for each stemmer number */
};

/* A day on which generations were published, and the last of them. */
struct manifest_day {
    uint32_t day; /* yyyymmdd, UTC */
    uint64_t generation;
};

struct manifest {
    uint64_t generation;
    unsigned analysis_version;
    int language;  /* a stemmer's number, -1: told document by document */
    bool portable; /* its segments have the tables that other Xapian programs want */
    uint32_t next_segment;
    struct manifest_segment *segments; /* owned; in the order they were added */
    size_t segment_count, segment_capacity;
    struct manifest_day *days; /* owned; rising */
    size_t day_count;
};

/* An index without segments, generation 0. */
void manifest_init(struct manifest *manifest, int language);
void manifest_free(struct manifest *manifest);

/* A further segment, copied; 0 or PLENARY_ENOMEM. */
int manifest_add(struct manifest *manifest, const struct manifest_segment *segment,
                 struct error *err);

/* Into a manifest without days: those of the generation before, and today (SOURCE_DATE_EPOCH's day
 * where that is set, and never one before the last) for its own generation. */
int manifest_note_published(struct manifest *manifest, const struct manifest *before,
                            struct error *err);

/* The day of a generation, 0 if it is none; the last generation before a day, 0 if there is none.
 */
uint32_t manifest_day_of(const struct manifest *manifest, uint64_t generation);
uint64_t manifest_generation_before(const struct manifest *manifest, uint32_t day);

/* PLENARY_ENOTFOUND: `index` is no index (yet), or not there. PLENARY_EVERSION: written by another
 * version. The manifest is initialised whatever comes back. */
int manifest_read(struct manifest *out, const char *index, struct error *err);

/* Write it beside the old one, fsync, rename, fsync the folder. */
int manifest_write(const struct manifest *manifest, const char *index, struct error *err);

/* All segments' languages. */
uint64_t manifest_languages(const struct manifest *manifest);

/* "INDEX/segments/NNNNNN" and "INDEX/segments/NNNNNN/tombstones-G", malloc'ed; NULL: no memory. */
char *manifest_segment_path(const char *index, uint32_t name);
char *manifest_tombstones_path(const char *index, uint32_t name, uint64_t generation);

#endif
