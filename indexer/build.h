/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From paths to a published generation: read every unit, hand its documents to the index writer,
 * publish once at the end.
 */
#ifndef PLENARY_INDEXER_BUILD_H
#define PLENARY_INDEXER_BUILD_H

#include "indexer/options.h"
#include "indexer/progress.h"

#include <signal.h>
#include <stdint.h>

struct build_summary {
    uint64_t added, replaced, unchanged, deleted; /* documents */
    uint64_t passages;                            /* in added and replaced documents */
    uint64_t bytes;                               /* read */
    uint64_t skipped;                             /* files and records left out */
    uint64_t replaced_bytes;                      /* invalid input, now U+FFFD */
    uint64_t shortened;                           /* words over the term limit */
};

/* Merge all segments into one and publish. *merged: how many there were; 0: nothing to do. */
int build_merge(uint32_t *merged, const struct index_options *options, struct error *err);

/* `stop` is looked at between documents: once set, nothing is published and PLENARY_ESTOPPED comes
 * back. The index is then as it was. */
int build_run(struct build_summary *summary, const struct index_options *options,
              struct progress *progress, const volatile sig_atomic_t *stop, struct error *err);

#endif
