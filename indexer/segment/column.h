/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A column of 64-bit numbers with random access: frame of reference with linear prediction. Numbers
 * that are constant or lie on a line cost next to nothing, others the bits of their distance from
 * the line through their block. All arithmetic is modulo 2^64, so any sequence comes back as it
 * was, negative numbers (cast) included. Bytes: column.c.
 *
 * Writer: one thread, memory in proportion to the packed size; failures are sticky and reported by
 * column_write. Reader: any number of threads.
 */
#ifndef PLENARY_INDEXER_COLUMN_H
#define PLENARY_INDEXER_COLUMN_H

#include "corpus/bytes.h"
#include "indexer/segment/sidecar.h"

enum { COLUMN_BLOCK = 128 };

struct column_writer {
    uint64_t count;
    struct bytes blocks;    /* packed */
    struct bytes directory; /* where each block begins, u32 */
    uint64_t pending[COLUMN_BLOCK];
    size_t last; /* where the last packed block begins */
    bool limit;  /* the column has grown over 4 GiB */
    /* Whether all so far lie on one line, and which. */
    bool linear;
    uint64_t base, slope;
};

void column_writer_init(struct column_writer *writer);
void column_add(struct column_writer *writer, uint64_t value);

/* Value `i`, which has been added. */
uint64_t column_added(const struct column_writer *writer, uint64_t i);

/* As section `id` of a sidecar. The writer is then spent. */
int column_write(struct column_writer *writer, struct sidecar_writer *sidecar, uint32_t id,
                 struct error *err);

size_t column_memory(const struct column_writer *writer);
void column_writer_free(struct column_writer *writer);

struct column {
    struct section section;
    uint64_t count;
    uint64_t data; /* where the blocks begin in the section; 0: the column is linear */
    uint64_t base, slope;
};

int column_open(struct column *out, const struct sidecar *sidecar, uint32_t id, struct error *err);

/* As column_open, and PLENARY_EDAMAGED unless it has `count` values. */
int column_open_counted(struct column *out, const struct sidecar *sidecar, uint32_t id,
                        uint64_t count, struct error *err);

/* PLENARY_EINVALID if there is no value `i`. */
int column_get(const struct column *column, uint64_t i, uint64_t *value, struct error *err);

/* Values `i` and `i + 1`. */
int column_get_pair(const struct column *column, uint64_t i, uint64_t *first, uint64_t *second,
                    struct error *err);

/* Reads a column front to back, a block at a time. One thread. */
struct column_scan {
    const struct column *column;
    uint64_t block; /* that `values` holds, + 1 */
    uint64_t values[COLUMN_BLOCK];
};

void column_scan_init(struct column_scan *scan, const struct column *column);
int column_scan_enter(struct column_scan *scan, uint64_t block, struct error *err);

/* As column_get; fast if `i` mostly rises by small steps. */
static inline int column_scan_get(struct column_scan *scan, uint64_t i, uint64_t *value,
                                  struct error *err) {
    if (i / COLUMN_BLOCK + 1 != scan->block || i >= scan->column->count) {
        int status = i < scan->column->count ? column_scan_enter(scan, i / COLUMN_BLOCK, err)
                                             : column_get(scan->column, i, value, err);
        if (status)
            return status;
    }
    *value = scan->values[i % COLUMN_BLOCK];
    return 0;
}

/* Signed numbers near zero as unsigned ones near zero. */
static inline uint64_t zigzag(int64_t value) {
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t unzigzag(uint64_t value) {
    return (int64_t)(value >> 1 ^ (value & 1 ? UINT64_MAX : 0));
}

#endif
