/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One term's postings in one segment, read where postlist.glass is mapped, in blocks with bounds
 * (bounds.h). Lists too short for an entry there are one block, bounded when they are opened.
 *
 * A list and its cursors belong to one thread, the postings they come from to any number. Nothing
 * is allocated. Damage is found when it is met: a cursor then ends, and its `damaged` is set.
 */
#ifndef PLENARY_INDEXER_SEGMENT_POSTING_LIST_H
#define PLENARY_INDEXER_SEGMENT_POSTING_LIST_H

#include "indexer/segment/bounds.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_reader.h"

/* A segment's postings, opened for reading in place. */
struct postings {
    const struct glass_reader *glass; /* the segment's */
    struct bounds bounds;
};

/* 0, PLENARY_ENOTFOUND where the segment has no bounds, or another negative error. */
int postings_open(struct postings *out, const struct glass_reader *glass, const char *folder,
                  struct error *err);
void postings_close(struct postings *postings); /* zeroed ones may be closed */

struct posting_list {
    const struct postings *postings;
    struct bounds_list blocks;
    uint32_t documents;
    uint64_t occurrences;
    uint8_t own[14]; /* the one block of a short list */
};

/* Open in place; the struct must not be moved afterwards. 1, 0 if no passage has the term (the list
 * is then empty), negative. */
int posting_list_open(struct posting_list *out, const struct postings *postings, const void *term,
                      size_t size, struct error *err);

/* ---- Cursors ------------------------------------------------------------------------------- */

struct posting_cursor {
    const struct posting_list *list;
    const uint8_t *at, *end; /* the next number of the block; the end of the mapping */
    uint32_t block;          /* list->blocks.blocks: at the end */
    uint32_t left;           /* postings of the block behind this one */
    uint32_t docid, wdf;     /* of the posting it is on, where `entered` */
    bool entered;            /* the block's postings are being read */
    bool damaged;
};

static inline void posting_cursor_init(struct posting_cursor *cursor,
                                       const struct posting_list *list) {
    *cursor = (struct posting_cursor){.list = list};
}

static inline bool posting_cursor_ended(const struct posting_cursor *cursor) {
    return cursor->block >= cursor->list->blocks.blocks;
}

static inline uint32_t posting_block_first(const struct posting_list *list, uint32_t block) {
    return bounds_u32(list->blocks.first, block);
}

static inline uint32_t posting_block_last(const struct posting_list *list, uint32_t block) {
    return bounds_u32(list->blocks.last, block);
}

/* Go to the first block that ends at or behind `docid`, not backwards. Its postings are not read
 * yet, unless it is the block the cursor was in. */
void posting_cursor_seek_slow(struct posting_cursor *cursor, uint32_t docid);

static inline void posting_cursor_seek(struct posting_cursor *cursor, uint32_t docid) {
    const struct posting_list *list = cursor->list;
    if (cursor->block < list->blocks.blocks && posting_block_last(list, cursor->block) < docid)
        posting_cursor_seek_slow(cursor, docid);
}

/* The end, because of damage. */
void posting_cursor_break(struct posting_cursor *cursor);

/* Go to the first posting of the block. */
static inline void posting_cursor_enter(struct posting_cursor *cursor) {
    const struct posting_list *list = cursor->list;
    const struct glass_reader *glass = list->postings->glass;
    uint64_t offset = list->blocks.base + bounds_u32(list->blocks.offset, cursor->block);
    /* A chunk lies in one block of the table, and so in one page that has a checksum. */
    if (offset >= glass->size ||
        (glass->sums.path && glass_sums_need(&glass->sums, offset, 1, NULL))) {
        posting_cursor_break(cursor);
        return;
    }
    cursor->at = glass->data + offset;
    cursor->end = glass->data + glass->size;
    cursor->left = list->blocks.count[cursor->block];
    cursor->docid = posting_block_first(list, cursor->block);
    cursor->entered = glass_unpack_uint32(&cursor->at, cursor->end, &cursor->wdf);
    if (!cursor->entered)
        posting_cursor_break(cursor);
}

/* The next posting of the block; false at the block's end (or at damage, where all ends). */
static inline bool posting_cursor_step(struct posting_cursor *cursor) {
    uint32_t gap;
    if (cursor->left == 0)
        return false;
    cursor->left--;
    if (__builtin_expect(cursor->end - cursor->at >= 2 && !((cursor->at[0] | cursor->at[1]) & 0x80),
                         1)) {
        cursor->docid += cursor->at[0] + 1u;
        cursor->wdf = cursor->at[1];
        cursor->at += 2;
        return true;
    }
    if (!glass_unpack_uint32(&cursor->at, cursor->end, &gap) ||
        !glass_unpack_uint32(&cursor->at, cursor->end, &cursor->wdf)) {
        posting_cursor_break(cursor);
        return false;
    }
    cursor->docid += gap + 1;
    return true;
}

/* Over postings of the block that come before `docid`, four at a time where gap and wdf take a byte
 * each: eight bytes are four of both, and one multiplication adds the gaps up. Stops short of
 * `docid` by a few, or where a number takes more bytes. */
static inline void posting_cursor_hurry(struct posting_cursor *cursor, uint32_t docid) {
    while (cursor->left >= 4 && cursor->end - cursor->at >= 8) {
        uint64_t four = load_u64(cursor->at);
        if (four & UINT64_C(0x8080808080808080))
            return;
        uint64_t gaps = four & UINT64_C(0x00ff00ff00ff00ff);
        uint32_t to = cursor->docid + (uint32_t)(gaps * UINT64_C(0x0001000100010001) >> 48) + 4;
        if (to >= docid)
            return;
        cursor->docid = to;
        cursor->wdf = (uint32_t)(four >> 56);
        cursor->at += 8;
        cursor->left -= 4;
    }
}

/* Behind the block that has been read through; what it said of its end must have been true. */
static inline void posting_cursor_leave(struct posting_cursor *cursor) {
    if (cursor->docid != posting_block_last(cursor->list, cursor->block)) {
        posting_cursor_break(cursor);
        return;
    }
    cursor->block++;
    cursor->entered = false;
}

/* Go to the first posting at or behind `docid`; false if there is none. Not backwards. */
static inline bool posting_cursor_advance(struct posting_cursor *cursor, uint32_t docid) {
    if (cursor->entered && cursor->docid >= docid)
        return true;
    posting_cursor_seek(cursor, docid);
    if (posting_cursor_ended(cursor))
        return false;
    if (!cursor->entered)
        posting_cursor_enter(cursor);
    while (cursor->entered && cursor->docid < docid) {
        posting_cursor_hurry(cursor, docid);
        if (!posting_cursor_step(cursor))
            break;
    }
    if (cursor->entered && cursor->docid < docid)
        posting_cursor_break(cursor); /* the block ended before its last docid */
    return cursor->entered;
}

#endif
