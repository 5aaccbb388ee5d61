/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any of the terms. Docids are taken in windows; in each, every term is bounded by the blocks it
 * has there. The terms with the least bounds, as many as cannot reach the threshold together, are
 * left aside (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995);
 * the others' postings are added up term by term, and only passages that the rest could still lift
 * over the threshold are looked up in the terms left aside (with block bounds, as in Dimopoulos,
 * Nepomnyachiy and Suel, "Optimizing top-k document retrieval strategies for block-max indexes",
 * 2013).
 */
#include "searcher/bag_cursor.h"

#include <stdlib.h>
#include <string.h>

/* ---- One term ------------------------------------------------------------------------------ */

/* The least code whose blocks can exceed `least`. */
static unsigned least_code(const struct bag_cursor *cursor, double least) {
    unsigned low = 0, high = BOUNDS_CODES;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (cursor->scorers[0].weight * cursor->scale[middle] > least)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Go to the first block from here with a code that suffices. */
static void find_block(struct posting_cursor *at, unsigned code) {
    const struct bounds_list *blocks = &at->list->blocks;
    uint32_t block = at->block;
    while (block < blocks->blocks && blocks->code[block] < code)
        block++;
    if (block != at->block) {
        at->block = block;
        at->entered = false;
    }
}

/* The next posting of the block that will do, from where the scorer is; false at its end. */
static bool scan_block(struct bag_cursor *cursor, struct bag_scorer *scorer, double least) {
    struct posting_cursor *at = &scorer->cursor;
    do {
        if (at->docid < cursor->from)
            continue;
        cursor->score = cursor->counting ? 0 : bag_posting_weight(cursor, scorer);
        if (cursor->score > least && bag_passes(cursor, at->docid, least)) {
            cursor->from = at->docid + 1;
            return true;
        }
    } while (posting_cursor_step(at));
    return false;
}

uint32_t bag_one_next(struct bag_cursor *cursor, double least) {
    struct bag_scorer *scorer = &cursor->scorers[0];
    struct posting_cursor *at = &scorer->cursor;
    unsigned code = least_code(cursor, least);
    while (!cursor->bag->status) {
        uint32_t end;
        cursor->from = bag_allowed(cursor, cursor->from, &end);
        if (!cursor->from)
            break;
        posting_cursor_seek(at, cursor->from);
        find_block(at, code);
        if (posting_cursor_ended(at) || bag_is_late(cursor))
            break;
        if (!at->entered)
            posting_cursor_enter(at);
        if (at->entered && scan_block(cursor, scorer, least))
            return at->docid;
        if (at->damaged)
            break;
        cursor->from = posting_block_last(at->list, at->block) + 1;
        posting_cursor_leave(at);
    }
    cursor->from = UINT32_MAX;
    return bag_note_damage(cursor, scorer);
}

/* ---- Windows ------------------------------------------------------------------------------- */

/* What a scorer can add in [base, end). *change is the first docid from `end` on where that may be
 * another. */
static double window_bound(struct bag_cursor *cursor, struct bag_scorer *scorer, uint32_t base,
                           uint32_t end, uint32_t *change) {
    struct posting_cursor *at = &scorer->cursor;
    const struct posting_list *list = at->list;
    posting_cursor_seek(at, base);
    unsigned code = 0;
    uint32_t block = at->block, last = 0;
    for (; block < list->blocks.blocks && posting_block_first(list, block) < end; block++) {
        code = list->blocks.code[block] > code ? list->blocks.code[block] : code;
        last = posting_block_last(list, block);
    }
    uint32_t next = cursor->last + 1;
    if (last >= end)
        next = last + 1;
    else if (block < list->blocks.blocks)
        next = posting_block_first(list, block);
    if (next < *change)
        *change = next;
    return block == at->block ? 0 : scorer->weight * cursor->scale[code];
}

static void sort_scorers(struct bag_cursor *cursor) {
    uint16_t *order = cursor->order;
    for (size_t i = 0; i < cursor->count; i++) {
        double window = cursor->scorers[i].window;
        size_t at = i;
        for (; at > 0 && cursor->scorers[order[at - 1]].window > window; at--)
            order[at] = order[at - 1];
        order[at] = (uint16_t)i;
    }
    for (size_t i = 0; i < cursor->count; i++)
        cursor->prefix[i + 1] = cursor->prefix[i] + cursor->scorers[order[i]].window;
}

/* The next stretch of docids in which something can exceed `least`; false at the end. */
static bool find_window(struct bag_cursor *cursor, double least) {
    struct bag_window *window = cursor->window;
    for (;;) {
        uint32_t run_end, change = UINT32_MAX;
        uint32_t base = bag_allowed(cursor, cursor->from, &run_end);
        if (!base)
            return false;
        uint32_t end = run_end - base > cursor->width ? base + cursor->width : run_end;
        double sum = 0;
        for (size_t i = 0; i < cursor->count; i++) {
            struct bag_scorer *scorer = &cursor->scorers[i];
            scorer->window = window_bound(cursor, scorer, base, end, &change);
            sum += scorer->window;
        }
        if (sum > least && sum > 0) {
            window->base = base;
            window->end = end;
            break;
        }
        cursor->from = change;
    }
    cursor->from = window->base;
    if (cursor->width < BAG_WINDOW)
        cursor->width *= 2;
    sort_scorers(cursor);
    /* Added up in this order the sum may come out a bit less than above: one is always taken. */
    window->skipped = 0;
    while (window->skipped + 1 < cursor->count && cursor->prefix[window->skipped + 1] <= least)
        window->skipped++;
    return true;
}

static inline void add_score(struct bag_window *window, uint32_t place, double score) {
    uint64_t bit = UINT64_C(1) << (place & 63), *word = &window->matches[place >> 6];
    window->scores[place] = *word & bit ? window->scores[place] + score : score;
    *word |= bit;
}

/* The rest of the block that the scorer is in, up to the window's end: false where that is met. */
static bool add_block(struct bag_cursor *cursor, struct bag_scorer *scorer) {
    const struct bag *bag = cursor->bag;
    struct bag_window *window = cursor->window;
    struct posting_cursor at = scorer->cursor;
    const uint8_t *lengths = cursor->bounds->lengths.data;
    const unsigned shift = cursor->bounds->length_width >> 1; /* of 1, 2, 4: 0, 1, 2 */
    const uint32_t base = window->base, size = window->end - base;
    bool more = true;
    do {
        uint32_t place = at.docid - base;
        if (place >= size) {
            more = false;
            break;
        }
        if (cursor->counting) {
            window->matches[place >> 6] |= UINT64_C(1) << (place & 63);
            continue;
        }
        const uint8_t *length = lengths + ((uint64_t)(at.docid - 1) << shift);
        uint32_t terms = shift == 0   ? *length
                         : shift == 1 ? (uint32_t)length[0] | (uint32_t)length[1] << 8
                                      : load_u32(length);
        add_score(window, place, scorer->weight * (at.wdf / (at.wdf + bag_norm(bag, terms))));
    } while (posting_cursor_step(&at));
    scorer->cursor = at;
    return more;
}

/* Add all that the scorer has in the window. Blocks that cannot lift a passage over the threshold,
 * whatever the others add, are passed over. */
static void add_scorer(struct bag_cursor *cursor, struct bag_scorer *scorer, double others,
                       double least) {
    struct posting_cursor *at = &scorer->cursor;
    const struct posting_list *list = at->list;
    const struct bag_window *window = cursor->window;
    posting_cursor_seek(at, window->base);
    while (!posting_cursor_ended(at) && posting_block_first(list, at->block) < window->end) {
        if (bag_block_bound(cursor, scorer, at->block) + others <= least) {
            /* What is left of it behind the window is for the next one to judge. */
            if (posting_block_last(list, at->block) >= window->end)
                break;
            at->block++;
            at->entered = false;
            continue;
        }
        if (!posting_cursor_advance(at, window->base) || !add_block(cursor, scorer))
            break;
        posting_cursor_leave(at);
    }
    bag_note_damage(cursor, scorer);
}

static bool fill_window(struct bag_cursor *cursor, double least) {
    if (!cursor->window) {
        cursor->window = malloc(sizeof *cursor->window);
        if (!cursor->window) {
            error_memory(&cursor->bag->fault);
            return bag_note_fault(cursor, PLENARY_ENOMEM);
        }
        cursor->window->base = cursor->window->end = 0;
    }
    if (bag_is_late(cursor) || !find_window(cursor, least))
        return false;
    struct bag_window *window = cursor->window;
    unsigned width = cursor->bounds->length_width;
    uint32_t size = window->end - window->base;
    int status = section_need(&cursor->bounds->lengths, (uint64_t)(window->base - 1) * width,
                              (uint64_t)size * width, &cursor->bag->fault);
    if (status)
        return bag_note_fault(cursor, status);
    memset(window->matches, 0, (size + 63) / 64 * sizeof *window->matches);
    window->word = 0;
    double sum = cursor->prefix[cursor->count];
    for (size_t i = window->skipped; i < cursor->count; i++) {
        struct bag_scorer *scorer = &cursor->scorers[cursor->order[i]];
        if (scorer->window > 0)
            add_scorer(cursor, scorer, sum - scorer->window, least);
    }
    return !cursor->bag->status;
}

/* ---- Candidates ---------------------------------------------------------------------------- */

/* Add the terms left aside, the heaviest first, while the passage can exceed `least`. */
static bool complete(struct bag_cursor *cursor, uint32_t docid, double *score, double least) {
    const struct bag_window *window = cursor->window;
    for (size_t i = window->skipped; i-- > 0;) {
        if (*score + cursor->prefix[i + 1] <= least)
            return false;
        struct bag_scorer *scorer = &cursor->scorers[cursor->order[i]];
        struct posting_cursor *at = &scorer->cursor;
        posting_cursor_seek(at, docid);
        if (posting_cursor_ended(at) || posting_block_first(at->list, at->block) > docid)
            continue;
        if (*score + cursor->prefix[i] + bag_block_bound(cursor, scorer, at->block) <= least)
            return false;
        if (posting_cursor_advance(at, docid) && at->docid == docid)
            *score += bag_posting_weight(cursor, scorer);
        bag_note_damage(cursor, scorer);
    }
    return *score > least;
}

/* The next candidate of the window, not before cursor->from: its place. False: there is none. */
static bool next_match(const struct bag_cursor *cursor, uint32_t *place) {
    const struct bag_window *window = cursor->window;
    if (cursor->from >= window->end)
        return false;
    uint32_t first = cursor->from - window->base, words = (window->end - window->base + 63) / 64;
    uint64_t bits = window->matches[first / 64] & UINT64_MAX << (first & 63);
    for (uint32_t word = first / 64; !bits;) {
        if (++word == words)
            return false;
        bits = window->matches[word];
        first = word * 64;
    }
    *place = (first & ~63u) + (uint32_t)__builtin_ctzll(bits);
    return true;
}

/* The next passage of the window that exceeds `least`, or 0. */
static uint32_t next_of_window(struct bag_cursor *cursor, double least) {
    const struct bag_window *window = cursor->window;
    double enough = least - cursor->prefix[window->skipped];
    uint32_t first = cursor->from - window->base, words = (window->end - window->base + 63) / 64;
    for (uint32_t word = first / 64; word < words; word++) {
        uint64_t bits = window->matches[word];
        if (word == first / 64)
            bits &= UINT64_MAX << (first & 63);
        for (; bits; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            double score = window->scores[place];
            if (score <= enough || !complete(cursor, window->base + place, &score, least) ||
                !bag_passes(cursor, window->base + place, least))
                continue;
            cursor->score = score;
            cursor->from = window->base + place + 1;
            return window->base + place;
        }
    }
    cursor->from = window->end;
    return 0;
}

uint32_t bag_any_next(struct bag_cursor *cursor, double least) {
    while (!cursor->bag->status) {
        if (cursor->window && cursor->from < cursor->window->end &&
            cursor->from >= cursor->window->base) {
            uint32_t docid = next_of_window(cursor, least);
            if (docid)
                return docid;
        }
        if (!fill_window(cursor, least))
            break;
    }
    cursor->from = UINT32_MAX;
    return 0;
}

uint64_t bag_any_count(struct bag_cursor *cursor) {
    const struct bag_request *request = &cursor->bag->request;
    bool all = !cursor->has_dead && !request->check_count;
    uint64_t count = 0;
    while (fill_window(cursor, -1)) {
        struct bag_window *window = cursor->window;
        uint32_t place;
        for (uint32_t word = 0; all && word < (window->end - window->base + 63) / 64; word++)
            count += (uint64_t)__builtin_popcountll(window->matches[word]);
        while (!all && next_match(cursor, &place)) {
            cursor->from = window->base + place + 1;
            count += bag_passes(cursor, window->base + place, -1);
        }
        cursor->from = window->end;
    }
    return count;
}

int bag_any_each(struct bag_cursor *cursor, match_fn each, void *context) {
    int status = 0;
    while (!status && fill_window(cursor, -1)) {
        struct bag_window *window = cursor->window;
        uint32_t place;
        while (!status && next_match(cursor, &place)) {
            uint32_t docid = window->base + place;
            cursor->from = docid + 1;
            if (bag_passes(cursor, docid, -1))
                status = each(context, cursor->segment, docid - 1);
        }
        cursor->from = window->end;
    }
    return status;
}
