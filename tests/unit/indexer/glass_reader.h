/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests: reads glass tables, ours or Xapian's own, straight from the grammar at the head of
 * indexer/segment/glass_table.c, and asserts what the grammar says on the way.
 */
#ifndef PLENARY_TESTS_GLASS_READER_H
#define PLENARY_TESTS_GLASS_READER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "corpus/bytes.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_version.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* ---- Folders and files ----------------------------------------------------------------------- */

static inline char *folder_create(void) {
    char *folder = strdup("/tmp/plenary-glass-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static inline int folder_remove_one(const char *path, const struct stat *status, int type,
                                    struct FTW *walk) {
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static inline void folder_remove(char *folder) {
    assert_int_equal(nftw(folder, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
    free(folder);
}

static inline char *path_in(const char *folder, const char *name) {
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
    return path;
}

static inline struct bytes file_read(const char *folder, const char *name) {
    char *path = path_in(folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct bytes bytes = BYTES_INIT;
    uint8_t part[65536];
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        bytes_add(&bytes, part, n);
    assert_false(bytes.failed);
    fclose(file);
    free(path);
    return bytes;
}

/* ---- Random numbers (xorshift64*), with the seed printed ------------------------------------- */

struct random {
    uint64_t state;
};

static inline struct random random_create(const char *test) {
    const char *given = getenv("PLENARY_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)getpid() * 2654435761u + 1;
    print_message("%s: PLENARY_SEED=%llu\n", test, (unsigned long long)seed);
    return (struct random){seed ? seed : 1};
}

static inline uint64_t random_next(struct random *random) {
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * 2685821657736338717u;
}

static inline uint32_t random_below(struct random *random, uint32_t limit) {
    return (uint32_t)((random_next(random) >> 32) % limit);
}

/* ---- Tables ---------------------------------------------------------------------------------- */

struct table_file {
    struct bytes bytes;
    uint32_t block_size;
    uint32_t blocks_seen, leaves_seen;
    uint64_t gap; /* bytes free in leaves */
    uint32_t last_leaf;
    uint64_t entries;
    struct bytes key, tag; /* the entry being joined */
    bool deflated;
    unsigned piece;
    void (*each)(void *context, const struct bytes *key, const struct bytes *tag);
    void *context;
};

static inline uint32_t get_u16(const uint8_t *at) {
    return (uint32_t)at[0] << 8 | at[1];
}
static inline uint32_t get_u32(const uint8_t *at) {
    return get_u16(at) << 16 | get_u16(at + 2);
}

static inline void tag_inflate(struct bytes *tag) {
    struct bytes out = BYTES_INIT;
    z_stream stream = {.next_in = tag->data, .avail_in = (uInt)tag->size};
    assert_int_equal(inflateInit2(&stream, -15), Z_OK);
    uint8_t part[65536];
    int status = Z_OK;
    while (status != Z_STREAM_END) {
        stream.next_out = part;
        stream.avail_out = sizeof part;
        status = inflate(&stream, Z_NO_FLUSH);
        assert_true(status == Z_OK || status == Z_STREAM_END);
        bytes_add(&out, part, sizeof part - stream.avail_out);
    }
    inflateEnd(&stream);
    bytes_free(tag);
    *tag = out;
}

static inline void leaf_item_read(struct table_file *table, const uint8_t *item) {
    uint32_t head = get_u16(item);
    const uint8_t *end = item + (head & 0x1fff) + 3;
    uint32_t key_size = item[2];
    const uint8_t *tag = item + 3 + key_size;
    if (head & 0x2000) {
        assert_int_equal(table->piece, 0);
        bytes_reset(&table->key);
        bytes_reset(&table->tag);
        bytes_add(&table->key, item + 3, key_size);
        table->deflated = head & 0x8000;
        table->piece = 1;
    } else {
        assert_int_equal(get_u16(tag), ++table->piece);
        assert_int_equal(key_size, table->key.size);
        assert_memory_equal(item + 3, table->key.data, key_size);
        tag += 2;
    }
    assert_true(tag <= end);
    bytes_add(&table->tag, tag, (size_t)(end - tag));
    if (!(head & 0x4000))
        return;
    table->piece = 0;
    if (table->deflated)
        tag_inflate(&table->tag);
    if (table->key.size == 0) { /* the first item of the table */
        assert_int_equal(table->entries, 0);
        assert_int_equal(table->tag.size, 0);
        return;
    }
    table->entries++;
    if (table->each)
        table->each(table->context, &table->key, &table->tag);
}

static inline void block_read(struct table_file *table, uint32_t number, unsigned level) {
    size_t at = (size_t)number * table->block_size;
    assert_true(at + table->block_size <= table->bytes.size);
    const uint8_t *block = table->bytes.data + at;
    uint32_t end = get_u16(block + 9);
    assert_true(get_u32(block) >= 1);
    assert_int_equal(block[4], level);
    assert_true(end > 11 && end % 2 == 1);
    table->blocks_seen++;
    table->leaves_seen += level == 0;
    table->gap += level == 0 ? get_u16(block + 7) : 0;
    for (uint32_t i = 11; i < end; i += 2) {
        const uint8_t *item = block + get_u16(block + i);
        assert_true(item >= block + end && item < block + table->block_size);
        if (level == 0)
            leaf_item_read(table, item);
        else
            block_read(table, get_u32(item), level - 1);
    }
}

typedef void (*entry_fn)(void *context, const struct bytes *key, const struct bytes *tag);

/* All entries in order. */
static inline struct table_file table_read(const char *folder, const char *name,
                                           const struct glass_root *root, entry_fn each,
                                           void *context) {
    struct table_file table = {.bytes = file_read(folder, name),
                               .block_size = root->block_size,
                               .each = each,
                               .context = context};
    block_read(&table, root->block, root->level);
    assert_int_equal(table.piece, 0);
    assert_int_equal(table.entries, root->entries);
    bytes_free(&table.key);
    bytes_free(&table.tag);
    return table;
}

/* ---- The version file ------------------------------------------------------------------------ */

static inline uint64_t uint_read(const uint8_t **at, const uint8_t *end) {
    uint64_t value;
    assert_true(varint_read(at, end, &value));
    return value;
}

static inline struct glass_version version_read(const char *folder) {
    struct bytes file = file_read(folder, "iamglass");
    struct glass_version version = {0};
    const uint8_t *at = file.data + 16, *end = file.data + file.size;
    memcpy(version.uuid, at, 16);
    at += 16;
    uint_read(&at, end); /* the revision */
    for (int i = 0; i < GLASS_TABLE_COUNT; i++) {
        struct glass_root *root = &version.roots[i];
        root->block = (uint32_t)uint_read(&at, end);
        uint32_t level = (uint32_t)uint_read(&at, end);
        root->level = level >> 2;
        root->exists = !(level & 1);
        root->entries = uint_read(&at, end);
        root->block_size = (uint32_t)uint_read(&at, end) << 11;
        uint_read(&at, end);
        uint64_t list = uint_read(&at, end);
        const uint8_t *blocks = at;
        if (list) {
            uint_read(&blocks, end);
            root->blocks = (uint32_t)uint_read(&blocks, end);
        }
        at += list;
    }
    struct glass_statistics *statistics = &version.statistics;
    statistics->documents = (uint32_t)uint_read(&at, end);
    statistics->last_docid = statistics->documents + (uint32_t)uint_read(&at, end);
    statistics->shortest = (uint32_t)uint_read(&at, end);
    statistics->largest_wdf = (uint32_t)uint_read(&at, end);
    statistics->longest = statistics->largest_wdf + (uint32_t)uint_read(&at, end);
    uint_read(&at, end);
    statistics->total_length = uint_read(&at, end);
    uint_read(&at, end);
    assert_ptr_equal(at, end);
    bytes_free(&file);
    return version;
}

#endif
