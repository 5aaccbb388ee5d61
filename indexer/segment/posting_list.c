/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/posting_list.h"

#include <math.h>
#include <string.h>

int postings_open(struct postings *out, const struct glass_reader *glass, const char *folder,
                  struct error *err) {
    *out = (struct postings){.glass = NULL};
    int status = bounds_open(&out->bounds, folder, err);
    if (!status)
        out->glass = glass;
    return status;
}

void postings_close(struct postings *postings) {
    bounds_close(&postings->bounds);
    postings->glass = NULL;
}

static void put_u32(uint8_t *out, uint32_t value) {
    value = htole32(value);
    memcpy(out, &value, sizeof value);
}

/* The largest tf of a block, as bounds.c codes it. */
static int find_code(struct posting_list *list, uint8_t *code, struct error *err) {
    const struct bounds *bounds = &list->postings->bounds;
    struct posting_cursor cursor;
    double most = 0;
    posting_cursor_init(&cursor, list);
    posting_cursor_enter(&cursor);
    for (bool more = cursor.entered; more; more = posting_cursor_step(&cursor)) {
        uint32_t length;
        int status =
            cursor.docid ? bounds_length(bounds, cursor.docid, &length, err) : PLENARY_EDAMAGED;
        if (status)
            return status;
        double relative = bounds->average > 0 ? length / bounds->average : 0;
        double tf = cursor.wdf / (cursor.wdf + bounds->k1 * (1 - bounds->b + bounds->b * relative));
        most = tf > most ? tf : most;
    }
    double rounded = ceil(most * (1 + 1e-12) * (BOUNDS_CODES - 1));
    *code = rounded < BOUNDS_CODES - 1 ? (uint8_t)rounded : BOUNDS_CODES - 1;
    return 0;
}

/* A list of one chunk, so short that it has no entry: one block. */
static int make_block(struct posting_list *out, const struct glass_cursor *cursor,
                      struct error *err) {
    uint64_t offset = (uint64_t)(cursor->postings - cursor->reader->data);
    put_u32(out->own, cursor->first_docid);
    put_u32(out->own + 4, cursor->last_docid);
    put_u32(out->own + 8, 0);
    out->own[12] = (uint8_t)(out->documents - 1);
    out->own[13] = BOUNDS_CODES - 1;
    out->blocks = (struct bounds_list){.first = out->own,
                                       .last = out->own + 4,
                                       .offset = out->own + 8,
                                       .count = out->own + 12,
                                       .code = out->own + 13,
                                       .base = offset,
                                       .blocks = 1};
    int status = find_code(out, &out->own[13], err);
    out->blocks.most = out->own[13];
    if (status)
        return glass_cursor_damaged(cursor, "postings that belong to no passage", err);
    return 1;
}

static int take_list(struct posting_list *out, const struct glass_cursor *cursor,
                     struct error *err) {
    const struct glass_reader *glass = cursor->reader;
    out->documents = cursor->announced.documents;
    out->occurrences = cursor->announced.occurrences;
    if (cursor->postings < glass->data || cursor->postings >= glass->data + glass->size)
        return glass_cursor_damaged(cursor, "a chunk in pieces", err);
    if (cursor->is_last && out->documents <= BOUNDS_BLOCK && out->documents)
        return make_block(out, cursor, err);
    int status = bounds_find(&out->postings->bounds, (uint64_t)(cursor->postings - glass->data),
                             &out->blocks, err);
    return status ? status : glass_cursor_damaged(cursor, "a long list without bounds", err);
}

int posting_list_open(struct posting_list *out, const struct postings *postings, const void *term,
                      size_t size, struct error *err) {
    struct glass_cursor cursor;
    memset(out, 0, sizeof *out);
    out->postings = postings;
    glass_cursor_init(&cursor, postings->glass);
    int status = glass_cursor_find(&cursor, term, size, err);
    if (status > 0)
        status = take_list(out, &cursor, err);
    glass_cursor_free(&cursor);
    return status;
}

void posting_cursor_break(struct posting_cursor *cursor) {
    cursor->damaged = true;
    cursor->entered = false;
    cursor->left = 0;
    cursor->block = cursor->list->blocks.blocks;
}

/* Double the step, then halve: near blocks are found at once, far ones in the logarithm of their
 * distance. */
void posting_cursor_seek_slow(struct posting_cursor *cursor, uint32_t docid) {
    const struct posting_list *list = cursor->list;
    uint32_t blocks = list->blocks.blocks, low = cursor->block, step = 1;
    while (low + step < blocks && posting_block_last(list, low + step) < docid) {
        low += step;
        step = step < blocks / 2 ? step * 2 : step;
    }
    uint32_t high = low + step < blocks ? low + step : blocks;
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (posting_block_last(list, middle) < docid)
            low = middle;
        else
            high = middle;
    }
    cursor->block = high;
    cursor->entered = false;
}
