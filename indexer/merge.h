/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several segments into one, without analysing anything again: postings, rows, words and compressed
 * text are copied, numbers adjusted, and what is deleted left out, so that it is gone from text,
 * rows, postings and statistics. The result is as if the live documents, segment after segment, had
 * been added to one segment; only the blocks that the text is compressed in may differ.
 *
 * Two threads are used, one of them for the postings. Memory: that of the rows of the new segment
 * in their packed form, all words, and the postings of one term.
 */
#ifndef PLENARY_INDEXER_MERGE_H
#define PLENARY_INDEXER_MERGE_H

#include "indexer/segment/segment.h"
#include "indexer/tombstones.h"

struct merge_input {
    const struct segment *segment;
    const struct tombstones *dead;
};

struct merge_result {
    uint32_t documents, passages;
    uint64_t text_size; /* bytes */
};

/*
 * Write the segment `folder`, which must not exist, from `count` others (at least 1), all portable
 * if the result is to be; every file and the folder are fsynced. After a failure the folder is
 * gone. PLENARY_EDAMAGED for a damaged input, PLENARY_ELIMIT if the result would be larger than a
 * segment can be.
 */
int merge_segments(const char *folder, const struct merge_input *inputs, size_t count,
                   bool portable, struct merge_result *out, struct error *err);

#endif
