/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bag*.c share: a bag, and a walk through one segment's passages. */
#ifndef PLENARY_SEARCHER_BAG_CURSOR_H
#define PLENARY_SEARCHER_BAG_CURSOR_H

#include "indexer/segment/posting_list.h"
#include "searcher/bag.h"

enum {
    BAG_NORMS = 1024,  /* lengths whose K is kept in a table */
    BAG_WINDOW = 4096, /* docids */
};

struct bag {
    struct shim_source shim;
    struct bag_request request; /* with the terms copied: required ones first, rarest first */
    struct bag_term *terms;
    double *weights; /* of each term: what a posting's tf is multiplied with */
    size_t required;
    uint32_t segment_count;
    struct posting_list *lists; /* [segment][term] */
    double (*scales)[BOUNDS_CODES];
    double norms[BAG_NORMS];
    unsigned steps; /* since the clock was looked at */
    int status;
    struct error fault;
};

/* A term in a segment. */
struct bag_scorer {
    struct posting_cursor cursor;
    double weight;
    double most;   /* that any of its postings here can weigh */
    double window; /* that one in the window can */
};

/* A stretch of docids in which passages are scored together. */
struct bag_window {
    uint32_t base, end; /* docids [base, end) */
    uint32_t word;      /* of `matches`, that the next candidate is looked for in */
    size_t skipped;     /* scorers[order[0..skipped)] were not added to `scores` */
    uint64_t matches[BAG_WINDOW / 64];
    double scores[BAG_WINDOW]; /* where there is a match */
};

enum { BAG_WAITING = 16 };

struct bag_passage {
    uint32_t docid;
    double score;
};

/* bag_all.c: a block of the lead's postings, and passages that wait for the checks. */
struct bag_lead {
    uint32_t block, count, at;
    uint32_t docids[BOUNDS_BLOCK + 128], wdfs[BOUNDS_BLOCK + 128]; /* a count is a byte, and one */
    struct bag_passage waiting[BAG_WAITING];
    uint32_t first, waits;
};

struct bag_cursor {
    struct bag *bag;
    uint32_t segment;
    const struct bounds *bounds;
    const double *scale; /* the most a tf can be, by its block's code */
    struct bag_scorer *scorers;
    size_t count;
    uint16_t *order; /* of scorers, least window first */
    double *prefix;  /* prefix[i]: what the first i of that order can weigh in the window */
    double optional; /* what all terms that are not required can weigh */
    uint32_t docid;  /* the passage it is on, 0 before the first */
    double score;
    uint32_t from;    /* the next docid to look at */
    uint32_t last;    /* of the segment */
    uint32_t width;   /* of the next window */
    size_t run;       /* of the filter */
    bool counting;    /* scores are not wanted */
    bool has_dead;    /* passages of this segment were deleted */
    uint32_t settled; /* bag_all.c: up to here the bound below holds */
    double bound;
    double limited; /* the threshold that these lengths hold for, too: */
    uint32_t lead_limit, all_limit;
    void **checks;
    struct bag_window *window; /* owned; NULL until the first */
    struct bag_lead *lead;     /* owned; the same */
};

/* The next passage at or behind cursor->from that weighs more than `least`; 0 at the end. */
uint32_t bag_any_next(struct bag_cursor *cursor, double least);
uint32_t bag_one_next(struct bag_cursor *cursor, double least);
uint32_t bag_all_next(struct bag_cursor *cursor, double least);

/* Forget what waits before `docid`. */
void bag_all_skip(struct bag_cursor *cursor, uint32_t docid);

/* Count on, from cursor->from; nothing has been asked of the cursor before. */
uint64_t bag_any_count(struct bag_cursor *cursor);

/* All from cursor->from on, under the same condition. What `each` returns if not 0. */
int bag_any_each(struct bag_cursor *cursor, match_fn each, void *context);

/* To be asked once a block or window, some hundreds of postings: is there no time left? Then that
 * is the bag's fault from now on. */
bool bag_is_late(struct bag_cursor *cursor);

/* Something is wrong; the cursor is then at its end. Returns 0. */
uint32_t bag_note_fault(struct bag_cursor *cursor, int status);
uint32_t bag_note_damage(struct bag_cursor *cursor, const struct bag_scorer *scorer);

/* The first docid at or behind this one that the filter lets through, and the end of its run (the
 * first docid behind it). 0: there is none. */
uint32_t bag_allowed(struct bag_cursor *cursor, uint32_t docid, uint32_t *end);

/* Is the passage alive, and one that the filter lets through? Docids rise from call to call, those
 * of bag_allowed included. */
bool bag_permits(struct bag_cursor *cursor, uint32_t docid);

/* Do the checks confirm it? Docids rise from call to call. */
bool bag_confirms(struct bag_cursor *cursor, uint32_t docid, double least);

static inline bool bag_passes(struct bag_cursor *cursor, uint32_t docid, double least) {
    return bag_permits(cursor, docid) && bag_confirms(cursor, docid, least);
}

static inline double bag_norm(const struct bag *bag, uint32_t length) {
    if (length < BAG_NORMS)
        return bag->norms[length];
    const struct bag_request *request = &bag->request;
    return request->k1 * (1 - request->b + request->b * length / request->average);
}

/* Of the posting that the scorer is on. */
static inline double bag_posting_weight(struct bag_cursor *cursor,
                                        const struct bag_scorer *scorer) {
    uint32_t length, wdf = scorer->cursor.wdf, docid = scorer->cursor.docid;
    if (docid == 0 || bounds_length(cursor->bounds, docid, &length, &cursor->bag->fault)) {
        bag_note_fault(cursor, PLENARY_EDAMAGED);
        return 0;
    }
    return scorer->weight * (wdf / (wdf + bag_norm(cursor->bag, length)));
}

static inline double bag_block_bound(const struct bag_cursor *cursor,
                                     const struct bag_scorer *scorer, uint32_t block) {
    return scorer->weight * cursor->scale[scorer->cursor.list->blocks.code[block]];
}

#endif
