/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of the required terms, and whatever the others add. The rarest leads; each of the others
 * leaps to the passage it has come to, or further, and then the first must follow. Stretches in
 * which the blocks of all terms together cannot exceed the threshold are leapt over without reading
 * a posting (block-max AND: Ding and Suel, 2011).
 */
#include "searcher/bag_cursor.h"

/* Bring all required terms to blocks that can hold `docid`, or the first docid behind it that all
 * could have; 0 at the end. Notes how much such passages can weigh, and up to which docid. */
static uint32_t settle_blocks(struct bag_cursor *cursor, uint32_t docid) {
    const struct bag *bag = cursor->bag;
    cursor->bound = cursor->optional;
    cursor->settled = UINT32_MAX;
    for (size_t i = 0; i < bag->required; i++) {
        struct bag_scorer *scorer = &cursor->scorers[i];
        struct posting_cursor *at = &scorer->cursor;
        posting_cursor_seek(at, docid);
        if (posting_cursor_ended(at))
            return 0;
        uint32_t first = posting_block_first(at->list, at->block);
        uint32_t last = posting_block_last(at->list, at->block);
        docid = first > docid ? first : docid;
        cursor->bound += bag_block_bound(cursor, scorer, at->block);
        cursor->settled = last < cursor->settled ? last : cursor->settled;
    }
    return docid;
}

/* The next docid at or behind `docid` in stretches that can exceed `least`; 0 at the end. */
static uint32_t leap(struct bag_cursor *cursor, uint32_t docid, double least) {
    while (docid > cursor->settled || cursor->bound <= least || cursor->settled == 0) {
        docid = settle_blocks(cursor, docid);
        if (docid == 0)
            return 0;
        if (docid > cursor->settled) /* the last leap went over an end noted before it */
            continue;
        if (cursor->bound > least)
            break;
        docid = cursor->settled + 1;
    }
    return docid;
}

/* Is `docid`, on which the lead is, in all the others? Otherwise *docid is where to go on. What has
 * been weighed so far and what the blocks of the rest allow must exceed `least`. */
static bool meet(struct bag_cursor *cursor, uint32_t *docid, double *score, double least) {
    const struct bag *bag = cursor->bag;
    double rest = cursor->bound;
    *score = 0;
    for (size_t i = 0; i < bag->required; i++) {
        struct bag_scorer *scorer = &cursor->scorers[i];
        double bound = bag_block_bound(cursor, scorer, scorer->cursor.block);
        if (!posting_cursor_advance(&scorer->cursor, *docid)) {
            bag_note_damage(cursor, scorer);
            *docid = 0;
            return false;
        }
        if (scorer->cursor.docid != *docid) {
            *docid = scorer->cursor.docid;
            return false;
        }
        if (cursor->counting)
            continue;
        *score += bag_posting_weight(cursor, scorer);
        rest -= bound;
        if (*score + rest <= least) {
            ++*docid;
            return false;
        }
    }
    return true;
}

static void add_optional(struct bag_cursor *cursor, uint32_t docid, double *score, double least) {
    double rest = cursor->optional;
    for (size_t i = cursor->bag->required; i < cursor->count; i++) {
        struct bag_scorer *scorer = &cursor->scorers[i];
        if (cursor->counting || *score + rest <= least)
            return;
        rest -= scorer->most;
        posting_cursor_seek(&scorer->cursor, docid);
        if (posting_cursor_ended(&scorer->cursor) ||
            posting_block_first(scorer->cursor.list, scorer->cursor.block) > docid)
            continue;
        if (posting_cursor_advance(&scorer->cursor, docid) && scorer->cursor.docid == docid)
            *score += bag_posting_weight(cursor, scorer);
        bag_note_damage(cursor, scorer);
    }
}

uint32_t bag_all_next(struct bag_cursor *cursor, double least) {
    uint32_t docid = cursor->from;
    while (docid && !cursor->bag->status) {
        uint32_t end;
        double score;
        docid = bag_allowed(cursor, docid, &end);
        uint32_t allowed = docid;
        if (docid)
            docid = leap(cursor, docid, least);
        if (docid != allowed)
            continue;
        if (!docid || !meet(cursor, &docid, &score, least))
            continue;
        cursor->from = docid + 1;
        add_optional(cursor, docid, &score, least);
        if ((cursor->counting || score > least) && bag_passes(cursor, docid, least)) {
            cursor->score = score;
            return docid;
        }
        docid = cursor->from;
    }
    cursor->from = UINT32_MAX;
    return 0;
}
