/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes one table of a Xapian glass database (postlist.glass, position.glass, ...) from left to
 * right: entries come with rising keys, blocks are filled, written in order and never changed.
 * The grammar of the bytes is at the head of glass_table.c.
 *
 * A table is a map from keys (1 to 255 bytes) to tags (any bytes). Memory: a write buffer of 1 MiB
 * and one block a level; nothing is allocated per entry. One thread at a time.
 *
 * Errors are sticky: after one, every call returns it again, and closing removes the file.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_TABLE_H
#define PLENARY_INDEXER_SEGMENT_GLASS_TABLE_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLASS_KEY_MAX 255
#define GLASS_BLOCK_SIZE_MIN 2048
#define GLASS_BLOCK_SIZE_MAX 65536
#define GLASS_BLOCK_SIZE_DEFAULT 8192
/* The largest item (key, tag and 3 bytes) that the format can hold, in blocks of 64 KiB. */
#define GLASS_ITEM_MAX 8194

struct glass_table;

/* What the version file must know of a table (see glass_version.h). */
struct glass_root {
    bool exists; /* false: there is no such file */
    uint32_t block, level;
    uint64_t entries;
    uint32_t block_size;
    uint32_t blocks; /* in the file */
};

/* Create the file, which must not exist. `block_size`: a power of two from 2048 to 65536, or 0 for
 * 8192. */
int glass_table_create(struct glass_table **out, const char *path, uint32_t block_size,
                       struct error *err);

/* Add an entry. PLENARY_EINVALID if the key is not greater (memcmp, shorter first) than the one
 * before, empty or too long; PLENARY_ELIMIT if the tag or the table is too large for the format. */
int glass_table_add(struct glass_table *table, const void *key, size_t key_size, const void *tag,
                    size_t tag_size, struct error *err);

/* As above for a tag that is a raw deflate stream (RFC 1951); readers inflate it. */
int glass_table_add_deflated(struct glass_table *table, const void *key, size_t key_size,
                             const void *tag, size_t tag_size, struct error *err);

/* How large a tag may be to be stored in one piece: at all, and in the space left in the open
 * block. A caller that can choose the size of its tags fills blocks to the end with the latter. */
size_t glass_table_largest_tag(const struct glass_table *table, size_t key_size);
size_t glass_table_room(const struct glass_table *table, size_t key_size);

/* Where in the file the first byte of the last tag lies; only its first piece if it was split. */
uint64_t glass_table_tag_offset(const struct glass_table *table);
/* Whether the last tag lies in one piece. */
bool glass_table_tag_is_whole(const struct glass_table *table);

/* Write what is buffered, fsync and close the file; *out describes it. */
int glass_table_finish(struct glass_table *table, struct glass_root *out, struct error *err);

/* Free. Without a successful finish before, the file is removed. NULL is allowed. */
void glass_table_close(struct glass_table *table);

#endif
