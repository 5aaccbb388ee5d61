/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts for Prometheus (text format 0.0.4). Thread-safe: atomic counters, no lock.
 */
#ifndef PLENARY_SERVE_METRICS_H
#define PLENARY_SERVE_METRICS_H

#include "corpus/bytes.h"
#include "searcher/plenary.h"

#include <stdatomic.h>
#include <stdint.h>

enum metrics_kind {
    METRICS_SEARCH,
    METRICS_SUGGEST,
    METRICS_DOCUMENT,
    METRICS_PAGE,
    METRICS_ASSET,
    METRICS_OTHER,
    METRICS_KINDS
};

enum { METRICS_CLASSES = 5, METRICS_BUCKETS = 12 };

struct metrics {
    _Atomic uint64_t requests[METRICS_KINDS][METRICS_CLASSES]; /* by first digit of the status */
    _Atomic uint64_t buckets[METRICS_KINDS][METRICS_BUCKETS];  /* by time; the last: longer */
    _Atomic uint64_t nanoseconds[METRICS_KINDS];
    _Atomic uint64_t sent, nothing_found, cut_off, dropped, refreshes, refresh_failures;
    _Atomic int active; /* being answered */
};

void metrics_count(struct metrics *metrics, enum metrics_kind kind, unsigned status,
                   uint64_t nanoseconds, uint64_t bytes);

void metrics_write(struct bytes *out, const struct metrics *metrics,
                   const struct plenary_state *state, unsigned connections);

#endif
