/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings on disk, in three layers. Bytes: strings.c.
 *
 *   string list    strings by ordinal, front-coded; neighbours that look alike (ids that count up,
 *                  paths of one folder) take a byte or two each
 *   string order   the ordinals of a list by hash, to find a string's ordinal
 *   string table   for a column whose strings repeat: each distinct string once in a list, and a
 *                  column of their numbers; absent (NULL) is not the same as empty
 *
 * Strings hold no NUL. Writers: one thread, failures sticky and reported by the *_write calls.
 * Readers: any number of threads.
 */
#ifndef PLENARY_INDEXER_STRINGS_H
#define PLENARY_INDEXER_STRINGS_H

#include "corpus/arena.h"
#include "corpus/bytes.h"
#include "indexer/segment/column.h"

/* More in a block cost time to read one, fewer cost space: a block's first string is whole. */
enum { STRING_BLOCK = 64 };

/* ---- List ---------------------------------------------------------------------------------- */

struct string_list_writer {
    uint64_t count;
    struct bytes blocks;
    struct bytes last;   /* the string added last */
    struct bytes found;  /* for string_list_added */
    struct bytes begins; /* u64: where each block begins */
};

void string_list_writer_init(struct string_list_writer *writer);
void string_list_add(struct string_list_writer *writer, const char *string, size_t size);

/* String `i`, which has been added; valid until the next call. NULL: out of memory. */
const char *string_list_added(struct string_list_writer *writer, uint64_t i, size_t *size);

/* As sections `id` and `id + 1`. The writer is then spent. */
int string_list_write(struct string_list_writer *writer, struct sidecar_writer *sidecar,
                      uint32_t id, struct error *err);
size_t string_list_memory(const struct string_list_writer *writer);
void string_list_writer_free(struct string_list_writer *writer);

struct string_list {
    struct section blocks;
    struct column begins;
    uint64_t count;
};

int string_list_open(struct string_list *out, const struct sidecar *sidecar, uint32_t id,
                     struct error *err);

/* String `i` into `out`, which is emptied first. PLENARY_EINVALID if there is none. */
int string_list_get(const struct string_list *list, uint64_t i, struct bytes *out,
                    struct error *err);

/* As string_list_get, NUL-terminated in `arena`. */
int string_list_copy(const struct string_list *list, uint64_t i, struct arena *arena,
                     const char **out, struct error *err);

/* Reads a list front to back: the next string takes one step of decoding, another one a block.
 * Zero it but for `list`; string_scan_free when done. One thread. */
struct string_scan {
    const struct string_list *list;
    uint64_t next;
    const uint8_t *at, *end; /* of the block, behind string next - 1 */
    struct bytes string;
};

/* String `i` into scan->string, until the next call. */
int string_scan_get(struct string_scan *scan, uint64_t i, struct error *err);
void string_scan_free(struct string_scan *scan);

/* ---- Order --------------------------------------------------------------------------------- */

uint64_t string_hash(const char *string, size_t size);

/* Write the permutation that sorts `hashes` (string_hash of each string of a list) as section `id`.
 * Equal hashes keep their order. */
int string_order_write(const uint64_t *hashes, uint64_t count, struct sidecar_writer *sidecar,
                       uint32_t id, struct error *err);

/* 1: *ordinal is the last of the list's strings equal to this one; 0: there is none. */
int string_find(const struct string_list *list, const struct column *order, const char *string,
                size_t size, uint64_t *ordinal, struct error *err);

/* ---- Table --------------------------------------------------------------------------------- */

enum { STRING_RECENTS = 64, STRING_RECENT_SIZE = 116 };

/* A string and its number; 0: none. Only the first `size` bytes are set. */
struct recent_string {
    uint64_t number;
    uint32_t size;
    char text[STRING_RECENT_SIZE];
};

struct string_table_writer {
    struct string_list_writer list;
    struct column_writer numbers;
    uint64_t *hashes; /* of the list's strings */
    uint64_t hash_capacity;
    uint32_t *slots; /* open addressing by hash: ordinal + 1, 0 free */
    uint64_t slot_count;
    uint64_t recent;                              /* number given last: neighbours often agree */
    struct recent_string recents[STRING_RECENTS]; /* by hash: a few take turns, as speakers do */
    bool failed;
};

struct string_table;

void string_table_writer_init(struct string_table_writer *writer);

/* The next row's string; NULL is none. */
void string_table_add(struct string_table_writer *writer, const char *string);

/* All rows of another table, read; rows with a bit in `dead` (NULL: none) are left out. */
int string_table_append(struct string_table_writer *writer, const struct string_table *from,
                        const uint64_t *dead, struct error *err);

/* The string of a row that has been added; NULL where there is none. Valid until the next call. */
const char *string_table_added(struct string_table_writer *writer, uint64_t row);

/* As sections `id` to `id + 3`. The writer is then spent. */
int string_table_write(struct string_table_writer *writer, struct sidecar_writer *sidecar,
                       uint32_t id, struct error *err);
size_t string_table_memory(const struct string_table_writer *writer);
void string_table_writer_free(struct string_table_writer *writer);

struct string_table {
    struct column numbers; /* 0 none, else ordinal in the list + 1 */
    struct string_list list;
    struct column order;
};

/* `rows`: how many it must have. */
int string_table_open(struct string_table *out, const struct sidecar *sidecar, uint32_t id,
                      uint64_t rows, struct error *err);

/* The string of a row in `arena`, or NULL. */
int string_table_get(const struct string_table *table, uint64_t row, struct arena *arena,
                     const char **out, struct error *err);

#endif
