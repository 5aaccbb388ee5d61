/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table file (xapian-core 1.4 glass, format 2016,03,14). Integers are big-endian.
 *
 *   file     = block*                   all of one size; block n starts at byte n * size
 *   block    = revision:u32             of the database when the block was written; here 1
 *              level:u8                 0 for a leaf, the root has the highest
 *              gap:u16                  bytes between directory and items
 *              free:u16                 bytes free in all; here always = gap
 *              end:u16                  where the directory ends, from the block's start
 *              offset:u16*              the directory: where items start, in order of their keys
 *              zero*                    the gap
 *              item*                    here the last key's item lies lowest
 *   leaf item   = flags|size:u16        size of what follows, less one; the upper three bits are
 *                                       8000 tag deflated, 4000 last piece, 2000 first piece
 *                 key-size:u8 key
 *                 piece:u16             2, 3, ...; not stored in the first piece of a tag
 *                 tag-bytes
 *   branch item = block:u32 key-size:u8 key piece:u16
 *
 * Items are ordered by key (memcmp, then the shorter first), then by piece; first pieces count
 * as 1. Items take at most a quarter of a block, so that each block holds four. The first leaf
 * starts with an item whose key and tag are empty and which is not counted as an entry. A branch
 * item leads to the block of the items that are not less than it; its key is cut as short as still
 * separates them from the item before. In each branch block, the first item's key is empty and its
 * piece 0.
 *
 * Blocks get their numbers in the order in which they are full: leaves rise, and a branch block
 * follows its last child. So the file is written in one pass, and the reader's "sequential" walk
 * from leaf to leaf reads it in one pass.
 */
#include "indexer/segment/glass_table.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    REVISION = 1,
    DIRECTORY_START = 11,
    DIRECTORY_ENTRY = 2,
    LEAF_HEAD = 3,    /* flags and size, key size */
    BRANCH_EXTRA = 7, /* block number, key size, piece */
    PIECE_SIZE = 2,
    PIECE_MAX = 65535, /* pieces of one tag */
    LEVELS_MAX = 10,   /* what readers provide for */
    ITEMS_PER_BLOCK = 4,
    WRITE_BUFFER = 1 << 20,
    /* A tag that must be split anyway starts in the open block if this much of it fits there. */
    SPLIT_MIN = 34,
};

enum { DEFLATED = 0x8000, LAST_PIECE = 0x4000, FIRST_PIECE = 0x2000 };

/* The key that leads to the open block of a level. */
struct separator {
    uint16_t piece;
    uint8_t size;
    uint8_t key[GLASS_KEY_MAX];
};

struct level {
    uint8_t *block;
    uint32_t directory_end, gap_end; /* the free bytes are between */
    struct separator separator;
};

struct glass_table {
    char *path;
    int fd;
    int failure; /* the first error, returned ever after */
    bool finished;
    uint32_t block_size, item_max;
    uint32_t block_count; /* blocks complete; the open leaf will be the next */
    uint64_t entries;
    uint32_t top; /* highest level in use */
    struct level levels[LEVELS_MAX];
    uint8_t *buffer; /* the open leaf is the block at `buffered` */
    size_t buffered;
    uint8_t last_key[GLASS_KEY_MAX];
    size_t last_key_size;
    uint64_t tag_offset;
    bool tag_is_whole;
};

static void put_u16(uint8_t *out, uint32_t value) {
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static void put_u32(uint8_t *out, uint32_t value) {
    put_u16(out, value >> 16);
    put_u16(out + 2, value);
}

/* ---- The file -------------------------------------------------------------------------------- */

static int table_flush(struct glass_table *table, struct error *err) {
    for (size_t done = 0; done < table->buffered;) {
        ssize_t n = write(table->fd, table->buffer + done, table->buffered - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(err, "cannot write %s", table->path);
        done += (size_t)n;
    }
    table->buffered = 0;
    return 0;
}

static void level_reset(const struct glass_table *table, struct level *level) {
    level->directory_end = DIRECTORY_START;
    level->gap_end = table->block_size;
}

static int leaf_open(struct glass_table *table, struct error *err) {
    if (table->buffered == WRITE_BUFFER) {
        int status = table_flush(table, err);
        if (status)
            return status;
    }
    table->levels[0].block = table->buffer + table->buffered;
    level_reset(table, &table->levels[0]);
    return 0;
}

/* Complete the open block of a level and give it its number. */
static int block_close(struct glass_table *table, unsigned number, uint32_t *block,
                       struct error *err) {
    struct level *level = &table->levels[number];
    uint32_t gap = level->gap_end - level->directory_end;
    put_u32(level->block, REVISION);
    level->block[4] = (uint8_t)number;
    put_u16(level->block + 5, gap);
    put_u16(level->block + 7, gap);
    put_u16(level->block + 9, level->directory_end);
    memset(level->block + level->directory_end, 0, gap);
    if (table->block_count == UINT32_MAX - 1)
        return error_set(err, PLENARY_ELIMIT,
                         "%s: more than 2^32 blocks; use a larger block size or smaller segments",
                         table->path);
    if (number > 0) {
        if (table->buffered == WRITE_BUFFER) {
            int status = table_flush(table, err);
            if (status)
                return status;
        }
        memcpy(table->buffer + table->buffered, level->block, table->block_size);
    }
    table->buffered += table->block_size;
    *block = table->block_count++;
    return 0;
}

/* ---- Branches -------------------------------------------------------------------------------- */

static void branch_put(struct level *level, const struct separator *key, uint32_t child) {
    uint32_t size = BRANCH_EXTRA + (uint32_t)key->size;
    level->gap_end -= size;
    uint8_t *item = level->block + level->gap_end;
    put_u32(item, child);
    item[4] = key->size;
    memcpy(item + 5, key->key, key->size);
    put_u16(item + 5 + key->size, key->piece);
    put_u16(level->block + level->directory_end, level->gap_end);
    level->directory_end += DIRECTORY_ENTRY;
}

static int level_create(struct glass_table *table, unsigned number, struct error *err) {
    if (number == LEVELS_MAX)
        return error_set(err, PLENARY_ELIMIT, "%s: the tree has more than %d levels", table->path,
                         LEVELS_MAX);
    struct level *level = &table->levels[number];
    level->block = malloc(table->block_size);
    if (!level->block)
        return error_memory(err);
    level_reset(table, level);
    level->separator.size = 0;
    level->separator.piece = 0;
    table->top = number;
    return 0;
}

/* Enter `child`, a block of the level below, into the open block of level `number`. A full block is
 * completed and entered above, and so on; the caller's separator is only read. */
static int branch_add(struct glass_table *table, unsigned number, const struct separator *key,
                      uint32_t child, struct error *err) {
    static const struct separator first = {0};
    struct separator above = *key;
    for (;; number++) {
        int status = number > table->top ? level_create(table, number, err) : 0;
        if (status)
            return status;
        struct level *level = &table->levels[number];
        bool is_first = level->directory_end == DIRECTORY_START;
        if (is_first)
            level->separator = above;
        uint32_t needed = DIRECTORY_ENTRY + BRANCH_EXTRA + (is_first ? 0 : (uint32_t)above.size);
        if (level->gap_end - level->directory_end >= needed) {
            branch_put(level, is_first ? &first : &above, child);
            return 0;
        }
        uint32_t full = 0;
        status = block_close(table, number, &full, err);
        if (status)
            return status;
        struct separator to_full = level->separator;
        level_reset(table, level);
        level->separator = above;
        branch_put(level, &first, child);
        above = to_full;
        child = full;
    }
}

/* ---- Leaves ---------------------------------------------------------------------------------- */

static size_t common_prefix(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    size_t least = a_size < b_size ? a_size : b_size;
    size_t i = 0;
    while (i < least && a[i] == b[i])
        i++;
    return i;
}

/* Write out the open leaf and open the next, whose first item will be `key` and `piece`. */
static int leaf_next(struct glass_table *table, const uint8_t *key, size_t key_size, unsigned piece,
                     struct error *err) {
    uint32_t full;
    int status = block_close(table, 0, &full, err);
    if (!status)
        status = branch_add(table, 1, &table->levels[0].separator, full, err);
    if (!status)
        status = leaf_open(table, err);
    if (status)
        return status;
    size_t size = common_prefix(table->last_key, table->last_key_size, key, key_size);
    if (size < key_size)
        size++;
    struct separator *separator = &table->levels[0].separator;
    separator->size = (uint8_t)size;
    separator->piece = (uint16_t)piece;
    memcpy(separator->key, key, size);
    return 0;
}

/* One item into the open leaf, where there is room for it. Piece 1 is the first. */
static void leaf_put(struct glass_table *table, const uint8_t *key, size_t key_size, unsigned piece,
                     unsigned flags, const uint8_t *tag, size_t tag_size) {
    struct level *leaf = &table->levels[0];
    size_t size = LEAF_HEAD + key_size + (piece > 1 ? PIECE_SIZE : 0) + tag_size;
    leaf->gap_end -= (uint32_t)size;
    uint8_t *at = leaf->block + leaf->gap_end;
    put_u16(at, (uint32_t)(size - LEAF_HEAD) | flags | (piece == 1 ? FIRST_PIECE : 0));
    at[2] = (uint8_t)key_size;
    at += LEAF_HEAD;
    if (key_size)
        memcpy(at, key, key_size);
    at += key_size;
    if (piece > 1) {
        put_u16(at, piece);
        at += PIECE_SIZE;
    } else {
        table->tag_offset =
            (uint64_t)table->block_count * table->block_size + (uint64_t)(at - leaf->block);
    }
    if (tag_size)
        memcpy(at, tag, tag_size);
    put_u16(leaf->block + leaf->directory_end, leaf->gap_end);
    leaf->directory_end += DIRECTORY_ENTRY;
}

size_t glass_table_largest_tag(const struct glass_table *table, size_t key_size) {
    return table->item_max - LEAF_HEAD - key_size;
}

size_t glass_table_room(const struct glass_table *table, size_t key_size) {
    const struct level *leaf = &table->levels[0];
    size_t gap = leaf->gap_end - leaf->directory_end;
    size_t overhead = DIRECTORY_ENTRY + LEAF_HEAD + key_size;
    size_t largest = glass_table_largest_tag(table, key_size);
    size_t room = gap > overhead ? gap - overhead : 0;
    return room < largest ? room : largest;
}

/* A tag too large for one item: pieces that fill the open block and those after it. */
static int table_add_pieces(struct glass_table *table, const uint8_t *key, size_t key_size,
                            const uint8_t *tag, size_t tag_size, unsigned flags,
                            struct error *err) {
    for (unsigned piece = 1;; piece++) {
        if (piece > PIECE_MAX)
            return error_set(err, PLENARY_ELIMIT, "%s: an entry has more than %d pieces",
                             table->path, PIECE_MAX);
        size_t head = key_size + (piece > 1 ? PIECE_SIZE : 0);
        size_t room = glass_table_room(table, head);
        if (room < tag_size && room < SPLIT_MIN) {
            int status = leaf_next(table, key, key_size, piece, err);
            if (status)
                return status;
            room = glass_table_room(table, head);
        }
        if (piece == 1) {
            memcpy(table->last_key, key, key_size);
            table->last_key_size = key_size;
        }
        size_t part = room < tag_size ? room : tag_size;
        bool last = part == tag_size;
        leaf_put(table, key, key_size, piece, flags | (last ? LAST_PIECE : 0), tag, part);
        if (last) {
            table->tag_is_whole = piece == 1;
            return 0;
        }
        tag += part;
        tag_size -= part;
    }
}

static int table_add_whole(struct glass_table *table, const uint8_t *key, size_t key_size,
                           const uint8_t *tag, size_t tag_size, unsigned flags, struct error *err) {
    const struct level *leaf = &table->levels[0];
    size_t needed = DIRECTORY_ENTRY + LEAF_HEAD + key_size + tag_size;
    if (leaf->gap_end - leaf->directory_end < needed) {
        int status = leaf_next(table, key, key_size, 1, err);
        if (status)
            return status;
    }
    leaf_put(table, key, key_size, 1, flags | LAST_PIECE, tag, tag_size);
    memcpy(table->last_key, key, key_size);
    table->last_key_size = key_size;
    table->tag_is_whole = true;
    return 0;
}

static int key_check(const struct glass_table *table, const uint8_t *key, size_t size,
                     struct error *err) {
    if (table->finished)
        return error_set(err, PLENARY_EINVALID, "%s: the table is finished", table->path);
    if (size == 0 || size > GLASS_KEY_MAX)
        return error_set(err, PLENARY_EINVALID, "%s: a key of %zu bytes (1 to %d are allowed)",
                         table->path, size, GLASS_KEY_MAX);
    size_t least = size < table->last_key_size ? size : table->last_key_size;
    int order = memcmp(table->last_key, key, least);
    if (order > 0 || (order == 0 && table->last_key_size >= size))
        return error_set(err, PLENARY_EINVALID, "%s: keys do not rise at entry %llu", table->path,
                         (unsigned long long)table->entries + 1);
    return 0;
}

static int table_add(struct glass_table *table, const uint8_t *key, size_t key_size,
                     const uint8_t *tag, size_t tag_size, unsigned flags, struct error *err) {
    if (table->failure)
        return error_set(err, table->failure, "%s: an earlier write failed", table->path);
    int status = key_check(table, key, key_size, err);
    if (!status && tag_size <= glass_table_largest_tag(table, key_size))
        status = table_add_whole(table, key, key_size, tag, tag_size, flags, err);
    else if (!status)
        status = table_add_pieces(table, key, key_size, tag, tag_size, flags, err);
    if (status)
        return table->failure = status;
    table->entries++;
    return 0;
}

int glass_table_add(struct glass_table *table, const void *key, size_t key_size, const void *tag,
                    size_t tag_size, struct error *err) {
    return table_add(table, key, key_size, tag, tag_size, 0, err);
}

int glass_table_add_deflated(struct glass_table *table, const void *key, size_t key_size,
                             const void *tag, size_t tag_size, struct error *err) {
    return table_add(table, key, key_size, tag, tag_size, DEFLATED, err);
}

uint64_t glass_table_tag_offset(const struct glass_table *table) {
    return table->tag_offset;
}

bool glass_table_tag_is_whole(const struct glass_table *table) {
    return table->tag_is_whole;
}

/* ---- Beginning and end ----------------------------------------------------------------------- */

static int table_init(struct glass_table *table, const char *path, uint32_t block_size,
                      struct error *err) {
    table->fd = -1;
    table->block_size = block_size;
    table->item_max =
        (block_size - DIRECTORY_START - ITEMS_PER_BLOCK * DIRECTORY_ENTRY) / ITEMS_PER_BLOCK;
    if (table->item_max > GLASS_ITEM_MAX)
        table->item_max = GLASS_ITEM_MAX;
    table->path = strdup(path);
    table->buffer = malloc(WRITE_BUFFER);
    if (!table->path || !table->buffer)
        return error_memory(err);
    table->fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (table->fd < 0)
        return error_errno(err, "cannot create %s", path);
    int status = leaf_open(table, err);
    if (!status)
        leaf_put(table, NULL, 0, 1, LAST_PIECE, NULL, 0);
    return status;
}

int glass_table_create(struct glass_table **out, const char *path, uint32_t block_size,
                       struct error *err) {
    *out = NULL;
    if (block_size == 0)
        block_size = GLASS_BLOCK_SIZE_DEFAULT;
    if (block_size < GLASS_BLOCK_SIZE_MIN || block_size > GLASS_BLOCK_SIZE_MAX ||
        (block_size & (block_size - 1)) != 0)
        return error_set(err, PLENARY_EINVALID,
                         "block size %u: it must be a power of two from %d to %d", block_size,
                         GLASS_BLOCK_SIZE_MIN, GLASS_BLOCK_SIZE_MAX);
    struct glass_table *table = calloc(1, sizeof *table);
    if (!table)
        return error_memory(err);
    int status = table_init(table, path, block_size, err);
    if (status) {
        glass_table_close(table);
        return status;
    }
    *out = table;
    return 0;
}

/* Complete the open block of every level, from the leaf to the root. */
static int tree_close(struct glass_table *table, uint32_t *root, struct error *err) {
    for (unsigned number = 0;; number++) {
        int status = block_close(table, number, root, err);
        if (status || number == table->top)
            return status;
        status = branch_add(table, number + 1, &table->levels[number].separator, *root, err);
        if (status)
            return status;
    }
}

static int file_close(struct glass_table *table, struct error *err) {
    int status = fsync(table->fd) == 0 ? 0 : error_errno(err, "cannot fsync %s", table->path);
    int closed = close(table->fd);
    table->fd = -1;
    if (!status && closed != 0)
        status = error_errno(err, "cannot close %s", table->path);
    return status;
}

int glass_table_finish(struct glass_table *table, struct glass_root *out, struct error *err) {
    if (table->failure)
        return error_set(err, table->failure, "%s: an earlier write failed", table->path);
    if (table->finished)
        return error_set(err, PLENARY_EINVALID, "%s: the table is finished", table->path);
    uint32_t root = 0;
    int status = tree_close(table, &root, err);
    if (!status)
        status = table_flush(table, err);
    if (!status)
        status = file_close(table, err);
    if (status)
        return table->failure = status;
    table->finished = true;
    *out = (struct glass_root){.exists = true,
                               .block = root,
                               .level = table->top,
                               .entries = table->entries,
                               .block_size = table->block_size,
                               .blocks = table->block_count};
    return 0;
}

void glass_table_close(struct glass_table *table) {
    if (!table)
        return;
    bool created = table->fd >= 0 || table->failure;
    if (table->fd >= 0)
        close(table->fd);
    if (created && !table->finished && table->path)
        unlink(table->path);
    for (unsigned i = 1; i < LEVELS_MAX; i++)
        free(table->levels[i].block);
    free(table->buffer);
    free(table->path);
    free(table);
}
