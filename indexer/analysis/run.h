/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs: the unbroken stretches of letters, digits and marks in a folded chunk, and what links each
 * to the next: one of  / & - ' . ,  where that can hold a compound together, 0 otherwise.
 */
#ifndef PLENARY_INDEXER_RUN_H
#define PLENARY_INDEXER_RUN_H

#include "indexer/analysis/compound.h"

struct run {
    uint32_t begin, end;               /* bytes of the folded text */
    uint32_t source_begin, source_end; /* bytes of the chunk */
    uint32_t points;                   /* code points */
    bool has_digit, digits_only;
    bool dictionary; /* of a script without spaces: never linked */
    char link;
};

/* Find the runs of a chunk; *runs grows as needed (freed by the caller). Middle dots between two l
 * (Catalan) and the marks inside Hebrew acronyms are first taken out of `chunk`. */
int runs_find(struct run **runs, size_t *count, size_t *capacity, struct folded *chunk,
              struct error *err);

#endif
