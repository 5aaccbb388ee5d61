/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/glass_range.h"

#include "indexer/segment/glass_pack.h"

#include <string.h>

/* As at the head of glass_table.c. */
enum {
    DIRECTORY_START = 11,
    DIRECTORY_ENTRY = 2,
    BRANCH_HEAD = 5, /* block number, key size */
};

struct key {
    const uint8_t *data;
    size_t size;
};

struct range {
    const struct glass_reader *reader;
    struct key low, high; /* both inclusive */
    uint32_t left;        /* how many blocks may still be visited: as many as there are */
    struct error *err;
};

static uint32_t get_u16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}

static int damaged(const struct range *range, uint64_t offset, const char *what) {
    return error_set(range->err, PLENARY_EDAMAGED,
                     "%s: damaged at byte %llu (%s); restore the index from a copy, or build it "
                     "again in a new folder",
                     range->reader->path, (unsigned long long)offset, what);
}

static bool is_greater(struct key a, struct key b) {
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order > 0 : a.size > b.size;
}

/* Item `slot` of a branch block: its key and child. */
static bool read_item(const uint8_t *block, uint32_t block_size, uint32_t slot, struct key *key,
                      uint32_t *child) {
    uint32_t at = get_u16(block + DIRECTORY_START + DIRECTORY_ENTRY * slot);
    if (at + BRANCH_HEAD > block_size || at + BRANCH_HEAD + block[at + 4] > block_size)
        return false;
    *child = get_u16(block + at) << 16 | get_u16(block + at + 2);
    *key = (struct key){block + at + BRANCH_HEAD, block[at + 4]};
    return true;
}

/* The last item whose key is not greater than the range's low end, or the first of all. Items of a
 * key in pieces are equal here; the first of those may have its beginning in the block before. */
static int find_first(const struct range *range, const uint8_t *block, uint32_t items,
                      uint32_t *slot) {
    uint32_t low = 0, high = items, child;
    uint32_t block_size = range->reader->version.roots[GLASS_POSTLIST].block_size;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct key key;
        if (!read_item(block, block_size, middle, &key, &child))
            return damaged(range, (uint64_t)(block - range->reader->data), "an item of a branch");
        if (is_greater(range->low, key))
            low = middle + 1;
        else
            high = middle;
    }
    *slot = low ? low - 1 : 0;
    return 0;
}

/* The block and those below it that meet the range. Levels sink, so this ends. */
static int need_block(struct range *range, uint32_t number, unsigned level) {
    const struct glass_reader *reader = range->reader;
    uint32_t size = reader->version.roots[GLASS_POSTLIST].block_size;
    uint64_t offset = (uint64_t)number * size;
    int status = glass_sums_need(&reader->sums, offset, size, range->err);
    if (status || !level)
        return status;
    if (!range->left)
        return damaged(range, offset, "branches that go in circles");
    range->left--;
    const uint8_t *block = reader->data + offset;
    uint32_t end = get_u16(block + 9), slot = 0;
    if (block[4] != level || end <= DIRECTORY_START || end % 2 == 0 || end > size)
        return damaged(range, offset, "the head of a block");
    uint32_t items = (end - DIRECTORY_START) / DIRECTORY_ENTRY;
    status = find_first(range, block, items, &slot);
    for (uint32_t first = slot; !status && slot < items; slot++) {
        struct key key;
        uint32_t child;
        if (!read_item(block, size, slot, &key, &child))
            return damaged(range, offset, "an item of a branch");
        if (slot > first && is_greater(key, range->high))
            break;
        status = need_block(range, child, level - 1);
    }
    return status;
}

static int need_range(const struct glass_reader *reader, struct key low, struct key high,
                      struct error *err) {
    const struct glass_root *root = &reader->version.roots[GLASS_POSTLIST];
    if (!reader->data || !reader->sums.path)
        return 0;
    struct range range = {reader, low, high, (uint32_t)(reader->size / root->block_size), err};
    return need_block(&range, root->block, root->level);
}

int glass_range_need_term(const struct glass_reader *reader, const void *term, size_t size,
                          struct error *err) {
    uint8_t low[GLASS_SORTABLE_STRING_MAX(GLASS_TERM_MAX)];
    uint8_t high[GLASS_SORTABLE_STRING_MAX(GLASS_TERM_MAX) + 1];
    if (!size || size > GLASS_TERM_MAX)
        return 0;
    size_t low_size = (size_t)(glass_pack_string_sortable(low, term, size, true) - low);
    size_t high_size = (size_t)(glass_pack_string_sortable(high, term, size, false) - high);
    high[high_size++] = 0xff; /* no docid's code begins with it */
    return need_range(reader, (struct key){low, low_size}, (struct key){high, high_size}, err);
}

int glass_range_need_lengths(const struct glass_reader *reader, struct error *err) {
    static const uint8_t low[] = {0x00, 0xe0}, high[] = {0x00, 0xe0, 0xff};
    return need_range(reader, (struct key){low, sizeof low}, (struct key){high, sizeof high}, err);
}
