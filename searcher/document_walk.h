/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which document passages belong to, where they come rising: a look at the next few documents is
 * cheaper than a search among all of them.
 */
#ifndef PLENARY_SEARCHER_DOCUMENT_WALK_H
#define PLENARY_SEARCHER_DOCUMENT_WALK_H

#include "indexer/segment/segment.h"

#include <stdbool.h>

struct document_walk {
    const struct segment *segment; /* NULL before the first */
    uint32_t document, first, end; /* and its passages [first, end) */
};

/* To the passage's document: true if that is another one than before. A passage that no document
 * has (in a damaged segment) leaves the walk at document 0. */
static inline bool document_walk_to(struct document_walk *walk, const struct segment *segment,
                                    uint32_t passage) {
    enum { STEPS = 8 };
    if (walk->segment == segment && passage >= walk->first && passage < walk->end)
        return false;
    uint32_t documents = segment_document_count(segment);
    bool near = walk->segment == segment && passage >= walk->end;
    for (int i = 0; near && i < STEPS && walk->document + 1 < documents; i++) {
        walk->document++;
        walk->first = walk->end;
        walk->end = walk->document + 1 < documents
                        ? segment_first_passage(segment, walk->document + 1)
                        : segment_passage_count(segment);
        if (passage >= walk->first && passage < walk->end)
            return true;
    }
    walk->segment = segment;
    walk->document = segment_document_of(segment, passage);
    walk->first = segment_first_passage(segment, walk->document);
    walk->end = walk->document + 1 < documents ? segment_first_passage(segment, walk->document + 1)
                                               : segment_passage_count(segment);
    return true;
}

#endif
