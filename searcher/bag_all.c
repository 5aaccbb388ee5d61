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

/* ---- Lengths --------------------------------------------------------------------------------
 * Most wdf are 1, and then a passage's length alone tells whether it can exceed the threshold. So
 * the greatest such length is worked out once a threshold, and compared before anything is
 * divided. */

/* The length from which on weight / (1 + K(length)) <= least. */
static uint32_t length_limit(const struct bag_cursor *cursor, double weight, double least) {
    const struct bag_request *request = &cursor->bag->request;
    if (!(least > 0) || !(request->k1 * request->b > 0) || !(request->average > 0))
        return UINT32_MAX;
    double norm = weight / least - 1;
    double relative = (norm / request->k1 - (1 - request->b)) / request->b;
    double length = relative * request->average + 1;
    return length < 0 ? 0 : length < UINT32_MAX ? (uint32_t)length + 1 : UINT32_MAX;
}

/* For passages with wdf 1 of the lead, and of all required terms. */
static void limit_lengths(struct bag_cursor *cursor, double least) {
    double lead = bag_block_bound(cursor, &cursor->scorers[0], cursor->scorers[0].cursor.block);
    double others = cursor->bound - lead, all = 0;
    for (size_t i = 0; i < cursor->bag->required; i++)
        all += cursor->scorers[i].weight;
    cursor->lead_limit = length_limit(cursor, cursor->scorers[0].weight, least - others);
    cursor->all_limit = length_limit(cursor, all, least - cursor->optional);
    cursor->limited = least;
}

/* ---- Passages ------------------------------------------------------------------------------ */

/* Bring the lead to the first passage at or behind *docid that can exceed `least`, and the others
 * after it. True: they all meet at *docid, a passage of *length terms. False: go on at *docid, if
 * it is not 0. All blocks have been settled up to cursor->settled. */
static bool meet(struct bag_cursor *cursor, uint32_t *docid, uint32_t *length) {
    const struct bag *bag = cursor->bag;
    struct bag_scorer *lead = &cursor->scorers[0];
    uint32_t at = *docid;
    *docid = 0;
    for (;; at++) {
        if (at > cursor->settled || !posting_cursor_advance(&lead->cursor, at))
            break;
        at = lead->cursor.docid;
        if (at > cursor->settled || at == 0)
            break;
        if (bounds_length(cursor->bounds, at, length, &cursor->bag->fault)) {
            bag_note_fault(cursor, PLENARY_EDAMAGED);
            return false;
        }
        if (*length >= cursor->lead_limit && lead->cursor.wdf == 1)
            continue;
        bool ones = lead->cursor.wdf == 1, together = true;
        for (size_t i = 1; i < bag->required; i++) {
            struct posting_cursor *other = &cursor->scorers[i].cursor;
            if (!posting_cursor_advance(other, at)) {
                bag_note_damage(cursor, &cursor->scorers[i]);
                return false;
            }
            if (other->docid != at) {
                at = other->docid - 1; /* the lead goes on from there */
                together = false;
                break;
            }
            ones = ones && other->wdf == 1;
        }
        if (!together || (ones && *length >= cursor->all_limit))
            continue;
        *docid = at;
        return true;
    }
    bag_note_damage(cursor, lead);
    *docid = cursor->bag->status ? 0 : at;
    return false;
}

static void add_optional(struct bag_cursor *cursor, uint32_t docid, double *score, double least) {
    double rest = cursor->optional;
    for (size_t i = cursor->bag->required; i < cursor->count; i++) {
        struct bag_scorer *scorer = &cursor->scorers[i];
        if (*score + rest <= least)
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

static double weigh(struct bag_cursor *cursor, uint32_t docid, uint32_t length, double least) {
    double norm = bag_norm(cursor->bag, length), score = 0;
    for (size_t i = 0; i < cursor->bag->required; i++) {
        const struct bag_scorer *scorer = &cursor->scorers[i];
        score += scorer->weight * (scorer->cursor.wdf / (scorer->cursor.wdf + norm));
    }
    if (cursor->optional > 0)
        add_optional(cursor, docid, &score, least);
    return score;
}

uint32_t bag_all_next(struct bag_cursor *cursor, double least) {
    uint32_t docid = cursor->from;
    while (docid && !cursor->bag->status) {
        uint32_t end, length;
        uint32_t allowed = bag_allowed(cursor, docid, &end);
        if (!allowed)
            break;
        uint32_t settled = cursor->settled;
        docid = leap(cursor, allowed, least);
        if (docid != allowed && cursor->bag->request.filter)
            continue;
        if (!docid)
            break;
        if (cursor->settled != settled || cursor->limited != least)
            limit_lengths(cursor, least);
        if (!meet(cursor, &docid, &length))
            continue;
        cursor->score = cursor->counting ? 0 : weigh(cursor, docid, length, least);
        cursor->from = docid + 1;
        if (cursor->score > least && bag_passes(cursor, docid, least))
            return docid;
        docid = cursor->from;
    }
    cursor->from = UINT32_MAX;
    return 0;
}
