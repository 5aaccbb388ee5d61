/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An index as a whole: the manifest that names its live segments, the snapshots readers take of it
 * and the one writer that publishes new generations.
 *
 *   INDEX/manifest.json   replaced by rename(2) only; see manifest.h for its fields
 *   INDEX/xapian.stub     of a portable index: see stub.h
 *   INDEX/lock            one writer at a time (fcntl); readers never take it
 *   INDEX/segments/NNNNNN/
 *   INDEX/segments/NNNNNN/tombstones-G
 */
#ifndef PLENARY_INDEXER_INDEX_H
#define PLENARY_INDEXER_INDEX_H

#include "corpus/error.h"
#include "indexer/segment/segment.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- Snapshots: what a reader sees. Immutable; any number of threads. --------------------------
 */

struct snapshot;

int snapshot_open(struct snapshot **out, const char *index, struct error *err);
void snapshot_close(struct snapshot *snapshot);

/* 1 if the index has a newer generation than this snapshot, 0 if not, negative error. */
int snapshot_is_stale(const struct snapshot *snapshot, struct error *err);

uint64_t snapshot_generation(const struct snapshot *snapshot);

/* On which day (yyyymmdd, UTC) a generation was published, 0 if it is none; the last generation
 * before a day, 0 if there is none. */
uint32_t snapshot_day_of(const struct snapshot *snapshot, uint64_t generation);
uint64_t snapshot_generation_before(const struct snapshot *snapshot, uint32_t day);

uint32_t snapshot_segment_count(const struct snapshot *snapshot);
const struct segment *snapshot_segment(const struct snapshot *snapshot, uint32_t i);

/* For segment_share; NULL where there is none. */
struct segment *snapshot_segment_to_share(struct snapshot *snapshot, uint32_t i);

/* Deleted passages of a segment. */
bool snapshot_is_deleted(const struct snapshot *snapshot, uint32_t segment, uint32_t passage);
uint32_t snapshot_deleted_count(const struct snapshot *snapshot, uint32_t segment);
/* The first passage of [from, end) that is deleted, or that is not; `end` if there is none. */
uint32_t snapshot_next(const struct snapshot *snapshot, uint32_t segment, bool deleted,
                       uint32_t from, uint32_t end);

uint64_t snapshot_documents(const struct snapshot *snapshot); /* live ones */
uint64_t snapshot_passages(const struct snapshot *snapshot);

/* A bit for each stemmer number that documents of this index use. */
uint64_t snapshot_languages(const struct snapshot *snapshot);

/* The live document with this id: 1, 0 or negative. */
int snapshot_find_id(const struct snapshot *snapshot, const char *id, uint32_t *segment,
                     uint32_t *document, struct error *err);

/* Are there live documents from this source? 1, 0 or negative. */
int snapshot_has_source(const struct snapshot *snapshot, const char *source, struct error *err);

/* ---- Writing: one at a time --------------------------------------------------------------------
 * Take the lock, add and delete, publish. Nothing is visible before index_writer_publish; closing
 * without it, or dying, leaves the last generation and some files that the next writer removes. */

struct index_writer;

struct index_writer_options {
    int language;        /* a stemmer's number, -1: detect per document. Kept in a new index; in an
                            existing one it must not contradict (-2: as the index has it) */
    const char *builder; /* posting_builder name; NULL: the default */
    unsigned wait;       /* seconds to wait for the lock */
    size_t memory;       /* bytes a segment may take in memory before it is finished; 0: 512 MiB */
    bool portable;       /* a new index is to serve other Xapian programs, too; an existing one must
                            have been made so (false: as the index has it) */
};

#define INDEX_WRITER_OPTIONS_INIT                                                                  \
    { -2, NULL, 0, 0, false }

/* Creates the index where there is none (in a new or an empty folder). */
int index_writer_open(struct index_writer **out, const char *index,
                      const struct index_writer_options *options, struct error *err);

enum index_change { INDEX_ADDED, INDEX_REPLACED, INDEX_UNCHANGED };

/* Did the last generation have documents from this source? Any number of threads, also while
 * another appends: where it had none, index_writer_has_source need not be asked. */
int index_writer_had_source(const struct index_writer *writer, const char *source,
                            struct error *err);

/* Is there already a live file document from this source with this content hash? Lets the caller
 * spare itself the reading. Marks the documents of the source as seen. */
int index_writer_has_source(struct index_writer *writer, const char *source,
                            const uint8_t content[16], struct error *err);

/* Add, replace or leave a document. Identity: a record's own id; a file document's source. A file
 * document whose id is taken by another source gets its source as id. */
int index_writer_add(struct index_writer *writer, struct document *document,
                     enum index_change *change, struct error *err);

/*
 * Many documents at once, analysed already. Each of up to INDEX_WORKERS workers has a number and a
 * batcher with the index's language, and its batches come in the order it made them; documents take
 * their place in the order of the calls. A batch must hold no document that
 * index_writer_is_unchanged finds; a document that came earlier in this run is replaced.
 */
enum { INDEX_WORKERS = 64 };

struct index_changes {
    uint64_t added, replaced, unchanged, passages; /* passages of added and replaced documents */
};

int index_writer_append(struct index_writer *writer, unsigned worker, struct batch *batch,
                        struct index_changes *changes, struct error *err);

/* 1 if the record is in the last generation with the same content, 0 if not, negative error. Any
 * number of threads, also while another appends. */
int index_writer_is_unchanged(const struct index_writer *writer, const struct document *document,
                              struct error *err);

/* The language that batchers are to be opened with. */
int index_writer_language(const struct index_writer *writer);

/* Add to what index_writer_shortened tells. */
void index_writer_count_shortened(struct index_writer *writer, uint64_t words);

/* Delete the document with this id, or all documents of this source; *deleted counts documents. */
int index_writer_delete(struct index_writer *writer, const char *id_or_source, uint64_t *deleted,
                        struct error *err);

/* Delete documents whose source file no longer exists, or was read by this writer without them. */
int index_writer_prune(struct index_writer *writer, uint64_t *deleted, struct error *err);

/* Merge all segments into one and purge what is deleted; *merged is how many there were, 0 if there
 * was nothing to do. To be published like any change. */
int index_writer_merge(struct index_writer *writer, uint32_t *merged, struct error *err);

/* Make everything since the last publish visible: finish the segment, merge segments if there are
 * too many (merge_policy.h), write tombstones, fsync, rename the manifest. Without changes it does
 * nothing. */
int index_writer_publish(struct index_writer *writer, struct error *err);

uint64_t index_writer_shortened(const struct index_writer *writer); /* words cut to TERM_MAX */

void index_writer_close(struct index_writer *writer);

#endif
