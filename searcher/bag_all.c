/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of the required terms, and whatever the others add. The rarest leads; each of the others
 * leaps to the passage it has come to, or further, and then the first must follow. Stretches in
 * which the blocks of all terms together cannot exceed the threshold are leapt over without reading
 * a posting (block-max AND: Ding and Suel, 2011).
 */
#include "searcher/bag_cursor.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- The lead --------------------------------------------------------------------------------
 * Its blocks are decoded whole, so that the lengths of passages ahead can be fetched in time: most
 * of what an AND of frequent words takes is waiting for memory. */

enum { FETCH_AHEAD = 12 };

static inline void fetch_length(const struct bounds *bounds, uint32_t docid) {
    uint64_t at = (uint64_t)(docid - 1) * bounds->length_width;
    if (at < bounds->lengths.size)
        __builtin_prefetch(bounds->lengths.data + at);
}

/* False: the end, or damage. */
static bool decode_lead(struct bag_cursor *cursor) {
    struct bag_lead *lead = cursor->lead;
    struct posting_cursor at = cursor->scorers[0].cursor;
    lead->block = at.block;
    lead->count = lead->at = 0;
    posting_cursor_enter(&at);
    for (bool more = at.entered; more; more = posting_cursor_step(&at)) {
        lead->docids[lead->count] = at.docid;
        lead->wdfs[lead->count++] = at.wdf;
    }
    if (at.entered)
        posting_cursor_leave(&at);
    if (at.damaged) {
        bag_note_fault(cursor, PLENARY_EDAMAGED);
        return false;
    }
    for (uint32_t i = 0; i < FETCH_AHEAD && i < lead->count; i++)
        fetch_length(cursor->bounds, lead->docids[i]);
    return true;
}

/* The first posting of the lead at or behind `docid`; false if it has none, or only behind what is
 * settled. */
static bool lead_to(struct bag_cursor *cursor, uint32_t docid) {
    struct bag_lead *lead = cursor->lead;
    struct posting_cursor *at = &cursor->scorers[0].cursor;
    posting_cursor_seek(at, docid);
    if (posting_cursor_ended(at) || docid > cursor->settled)
        return false;
    if (lead->block != at->block && !decode_lead(cursor))
        return false;
    while (lead->at < lead->count && lead->docids[lead->at] < docid) {
        lead->at++;
        if (cursor->lead_limit < UINT32_MAX && lead->at + FETCH_AHEAD < lead->count)
            fetch_length(cursor->bounds, lead->docids[lead->at + FETCH_AHEAD]);
    }
    return lead->at < lead->count && lead->docids[lead->at] <= cursor->settled;
}

/* ---- Passages ------------------------------------------------------------------------------ */

/* Bring the others to the lead's passage. False: *docid is one that it is not in, to go on from; or
 * 0 after damage. */
static bool follow(struct bag_cursor *cursor, uint32_t *docid, bool *ones) {
    for (size_t i = 1; i < cursor->bag->required; i++) {
        struct posting_cursor *other = &cursor->scorers[i].cursor;
        if (!posting_cursor_advance(other, *docid)) {
            bag_note_damage(cursor, &cursor->scorers[i]);
            *docid = 0;
            return false;
        }
        if (other->docid != *docid) {
            *docid = other->docid;
            return false;
        }
        *ones = *ones && other->wdf == 1;
    }
    return true;
}

static inline int read_length(struct bag_cursor *cursor, uint32_t docid, uint32_t *length) {
    return bounds_length(cursor->bounds, docid, length, &cursor->bag->fault);
}

/* From *docid on, which is settled: the first passage that all are in and that can exceed the
 * threshold. False: there is none up to cursor->settled, or something is wrong; go on at *docid, if
 * that is not 0. */
static bool meet(struct bag_cursor *cursor, uint32_t *docid, uint32_t *length) {
    const struct bag_lead *lead = cursor->lead;
    while (lead_to(cursor, *docid)) {
        uint32_t wdf = lead->wdfs[lead->at];
        bool ones = wdf == 1, limited = ones && cursor->lead_limit < UINT32_MAX;
        *docid = lead->docids[lead->at];
        if (*docid == 0 || (limited && read_length(cursor, *docid, length))) {
            *docid = bag_note_fault(cursor, PLENARY_EDAMAGED);
            return false;
        }
        if (limited && *length >= cursor->lead_limit) {
            ++*docid;
        } else if (follow(cursor, docid, &ones)) {
            if (!limited && read_length(cursor, *docid, length)) {
                *docid = bag_note_fault(cursor, PLENARY_EDAMAGED);
                return false;
            }
            if (!ones || *length < cursor->all_limit) {
                cursor->scorers[0].cursor.wdf = wdf;
                return true;
            }
            ++*docid;
        } else if (*docid == 0) {
            return false;
        }
    }
    if (cursor->bag->status)
        *docid = 0;
    else if (*docid <= cursor->settled)
        *docid = cursor->settled + 1;
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

/* The next passage from cursor->from on that exceeds `least`, whatever the checks say of it; its
 * score in cursor->score. 0 at the end. */
static uint32_t find_passage(struct bag_cursor *cursor, double least) {
    uint32_t docid = cursor->from;
    while (docid && !cursor->bag->status) {
        uint32_t end, length;
        uint32_t allowed = bag_allowed(cursor, docid, &end);
        if (!allowed || bag_is_late(cursor))
            break;
        uint32_t settled = cursor->settled;
        docid = leap(cursor, allowed, least);
        if (docid != allowed && cursor->bag->request.filter)
            continue;
        if (!docid)
            break;
        if (cursor->settled != settled || cursor->limited < least || cursor->limited > least)
            limit_lengths(cursor, least);
        if (!meet(cursor, &docid, &length))
            continue;
        cursor->score = cursor->counting ? 0 : weigh(cursor, docid, length, least);
        cursor->from = docid + 1;
        if (cursor->score > least && bag_permits(cursor, docid))
            return docid;
        docid = cursor->from;
    }
    cursor->from = UINT32_MAX;
    return 0;
}

/* Passages wait for their checks until some have come together, so that what the checks will read
 * can be fetched meanwhile. */
static void fill_waiting(struct bag_cursor *cursor, double least) {
    const struct bag_request *request = &cursor->bag->request;
    struct bag_lead *lead = cursor->lead;
    uint32_t most = request->check_count ? BAG_WAITING : 1;
    memmove(lead->waiting, lead->waiting + lead->first, lead->waits * sizeof *lead->waiting);
    lead->first = 0;
    while (lead->waits < most) {
        uint32_t docid = find_passage(cursor, least);
        if (!docid)
            return;
        for (size_t i = 0; i < request->check_count; i++)
            if (request->checks[i]->expect)
                request->checks[i]->expect(cursor->checks[i], docid);
        lead->waiting[lead->waits++] = (struct bag_passage){docid, cursor->score};
    }
}

uint32_t bag_all_next(struct bag_cursor *cursor, double least) {
    struct bag_lead *lead = cursor->lead;
    if (!lead) {
        lead = cursor->lead = calloc(1, sizeof *lead);
        if (!lead) {
            error_memory(&cursor->bag->fault);
            return bag_note_fault(cursor, PLENARY_ENOMEM);
        }
        lead->block = UINT32_MAX;
    }
    for (;;) {
        if (lead->waits == 0)
            fill_waiting(cursor, least);
        if (lead->waits == 0 || cursor->bag->status)
            return 0;
        struct bag_passage passage = lead->waiting[lead->first++];
        lead->waits--;
        if (passage.score > least && bag_confirms(cursor, passage.docid, least)) {
            cursor->score = passage.score;
            return passage.docid;
        }
    }
}

void bag_all_skip(struct bag_cursor *cursor, uint32_t docid) {
    struct bag_lead *lead = cursor->lead;
    while (lead && lead->waits && lead->waiting[lead->first].docid < docid) {
        lead->first++;
        lead->waits--;
    }
}
