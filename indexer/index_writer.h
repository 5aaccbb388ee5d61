/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inside of an index writer, for index_writer*.c only:
 *
 *   index_writer.c            opening, adding, publishing
 *   index_writer_identity.c   which document is meant: by id, by source
 *   index_writer_delete.c     deleting and pruning
 *   index_writer_merge.c      merging segments, by themselves and on demand
 */
#ifndef PLENARY_INDEXER_INDEX_WRITER_H
#define PLENARY_INDEXER_INDEX_WRITER_H

#include "corpus/bytes.h"
#include "indexer/document_map.h"
#include "indexer/index.h"
#include "indexer/live_segment.h"
#include "indexer/worker.h"

/* A finished segment: of the last generation, or waiting to be published. */
struct writer_segment {
    struct live_segment live;
    struct manifest_segment row; /* as published; of a waiting one, as far as known */
    bool published, changed, dropped;
    bool old;          /* was there when the writer was opened, or was merged since: the maps of
                          added documents do not know it */
    uint64_t *seen;    /* bits: documents of old segments met again, unchanged */
    uint64_t *touched; /* bits: documents of old segments whose source was read */
};

struct index_writer {
    char *index;
    char *builder_name; /* NULL: the default */
    int lock;
    size_t memory;
    struct worker worker; /* for documents that come one by one */
    bool worker_open;
    struct vocabulary vocabularies[INDEX_WORKERS]; /* of those who hand in batches */
    uint64_t shortened;
    struct manifest manifest; /* of the last generation */
    bool fresh;               /* nothing has ever been published */
    struct snapshot *before;  /* the last generation as readers see it; NULL if fresh */
    bool broken;              /* a segment was left half written */

    struct writer_segment *segments; /* in order; dropped ones stay, so that places hold */
    size_t segment_count, segment_capacity;

    /* The segment being built; its place is segments[segment_count]. */
    struct segment_writer *building;
    uint32_t building_name;
    struct bytes building_dead; /* bits: documents replaced by later ones of the same segment */

    /* Documents added since opening: all by id, file documents by source. */
    struct document_map by_id, by_source;

    struct arena arena;   /* scratch for rows */
    char *touched_source; /* marked last */
};

/* ---- index_writer.c --- */

/* Finish the segment being built, if there is one with documents. */
int writer_flush(struct index_writer *writer, struct error *err);

/* The rest is for index_writer_merge.c. Room for one more segment, zeroed, not yet counted; a bit
 * for each document, zero; NULL: out of memory. */
struct writer_segment *writer_reserve_segment(struct index_writer *writer);
uint64_t *writer_new_bits(uint32_t count);

uint64_t writer_collect_languages(const struct segment *segment);
bool writer_segment_is_empty(const struct writer_segment *segment); /* nothing in it is live */
int writer_check_broken(const struct index_writer *writer, struct error *err);

/* ---- index_writer_merge.c --- */

/* Merge what merge_policy finds too many. After a failure nothing has changed but for merges done
 * before it, which are in order. */
int writer_merge_tiers(struct index_writer *writer, struct error *err);

/* ---- index_writer_identity.c --- */

/* What a document is told by; strings hold until the next such call. */
int writer_key(struct index_writer *writer, struct document_place place, struct document_key *out,
               struct error *err);

/* The live document with this id, or the live file document from this source: 1, 0 or negative. */
int writer_find_id(struct index_writer *writer, const char *id, struct document_place *out,
                   struct error *err);
int writer_find_source(struct index_writer *writer, const char *source, struct document_place *out,
                       struct error *err);

/* Remember that the document is number `ordinal` of the segment being built; `replaced` is what it
 * took the place of, NULL if it is new. */
int writer_remember(struct index_writer *writer, const struct document *document, uint32_t ordinal,
                    const struct document_place *replaced, struct error *err);

bool writer_is_alive(const struct index_writer *writer, struct document_place place);

/* The documents of a source count as met or gone from now on: see prune. */
int writer_touch_source(struct index_writer *writer, const char *source, struct error *err);

/* A document of an old segment was met again as it is there. */
void writer_mark_seen(struct index_writer *writer, struct document_place place);

/* ---- index_writer_delete.c --- */

int writer_kill(struct index_writer *writer, struct document_place place, struct error *err);

#endif
