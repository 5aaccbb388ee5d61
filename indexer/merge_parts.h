/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a merge, for merge*.c only:
 *
 *   merge.c            the whole; documents and passages
 *   merge_postings.c   postings and lengths
 *   merge_portable.c   what other Xapian programs want of a portable segment
 *   merge_words.c      lexicon and forward index
 *   merge_text.c       text
 */
#ifndef PLENARY_INDEXER_MERGE_PARTS_H
#define PLENARY_INDEXER_MERGE_PARTS_H

#include "indexer/merge.h"
#include "indexer/segment/segment_files.h"

#include <stdlib.h>

struct merge_source {
    const struct segment *segment;
    const struct tombstones *dead;
    uint32_t first_passage; /* in the new segment */
    uint32_t live_passages;
    uint32_t *live_before; /* for each 64 passages how many live ones come before; NULL: all live */
};

struct merge {
    const char *folder;
    struct merge_source *sources;
    size_t count;
    bool portable;
};

static inline bool merge_is_dead(const struct merge_source *source, uint32_t passage) {
    return tombstones_passage(source->dead, passage);
}

/* The number in the new segment of a passage that is live. */
static inline uint32_t merge_renumber(const struct merge_source *source, uint32_t passage) {
    if (!source->live_before)
        return source->first_passage + passage;
    uint64_t dead = source->dead->passages[passage >> 6];
    uint64_t before = ~dead & ((UINT64_C(1) << (passage & 63)) - 1);
    return source->first_passage + source->live_before[passage >> 6] +
           (uint32_t)__builtin_popcountll(before);
}

int merge_postings(const struct merge *merge, struct error *err);
/* termlist, docdata and position tables; their roots go to `version`. */
int merge_portable(const struct merge *merge, struct glass_version *version, struct error *err);
int merge_words(const struct merge *merge, struct error *err);
int merge_text(const struct merge *merge, uint64_t *text_size, struct error *err);

#endif
