/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment together with what is deleted of it: what both the writer and the snapshots of an index
 * hold for each row of the manifest.
 */
#ifndef PLENARY_INDEXER_LIVE_SEGMENT_H
#define PLENARY_INDEXER_LIVE_SEGMENT_H

#include "indexer/manifest.h"
#include "indexer/segment/segment.h"
#include "indexer/tombstones.h"

struct live_segment {
    struct segment *segment;
    struct tombstones dead;
};

/* PLENARY_ENOTFOUND if a file of it is not there. Zeroed after a failure. `shared`: the segment
 * where somebody has it open, else NULL; what is deleted is read in any case. */
int live_segment_open(struct live_segment *out, const char *index,
                      const struct manifest_segment *row, struct segment *shared,
                      struct error *err);
void live_segment_close(struct live_segment *live);

/* The live document with this id: 1, 0 or negative. */
int live_segment_find_id(const struct live_segment *live, const char *id, uint32_t *document,
                         struct error *err);

#endif
