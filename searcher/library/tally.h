/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts by value: how many passages have it, and between which dates. Values are compared byte for
 * byte. One thread at a time.
 */
#ifndef PLENARY_SEARCHER_TALLY_H
#define PLENARY_SEARCHER_TALLY_H

#include "corpus/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TALLY_VALUES_MOST = 200000 }; /* more distinct ones are not counted */

struct tally_row {
    const char *value;
    uint64_t hash, passages;
    uint32_t first, last;       /* yyyymmdd, 0 where all are undated */
    uint32_t segment, document; /* where it was met first */
};

struct tally {
    struct arena *arena;    /* of the values */
    struct tally_row *rows; /* owned */
    size_t count, capacity;
    uint32_t *slots; /* owned; row + 1, 0 for none */
    size_t slot_count;
};

/* The row of a value, new with nothing counted or known; NULL when memory is short or there are
 * TALLY_VALUES_MOST. Valid until the next call. */
struct tally_row *tally_row(struct tally *tally, const char *value, size_t size);

/* Count `passages` of this date (0: undated). */
void tally_add(struct tally_row *row, uint64_t passages, uint32_t date);

/* Most passages first, equals by value; or by value. The tally can then only be read. */
void tally_sort(struct tally *tally, bool by_value);

void tally_free(struct tally *tally);

#endif
