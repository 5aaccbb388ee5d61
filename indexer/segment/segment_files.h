/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an open segment consists of: for segment_reader.c, segment_columns.c, segment_verify.c and
 * merge*.c only. */
#ifndef PLENARY_INDEXER_SEGMENT_FILES_H
#define PLENARY_INDEXER_SEGMENT_FILES_H

#include "indexer/segment/glass_reader.h"
#include "indexer/segment/lexicon.h"
#include "indexer/segment/passages.h"
#include "indexer/segment/posting_list.h"
#include "indexer/segment/text.h"
#include "indexer/segment/tokens.h"

#include <stdatomic.h>

struct segment {
    char *folder;
    struct documents documents;
    struct passages passages;
    struct text text;
    struct tokens tokens;
    struct lexicon lexicon;
    struct glass_reader *glass; /* with checksums */
    struct postings postings;   /* zero where the segment has no bounds */
    atomic_uint shares;         /* closings to come that close nothing yet */
};

#endif
