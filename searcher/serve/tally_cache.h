/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts of the queries asked last, so that turning a page, changing the order or asking for
 * another form of the same answer does not count again. An entry belongs to a generation of the
 * index and is of no use after it. At most TALLY_CACHE_ENTRIES are kept.
 *
 * Thread-safe.
 */
#ifndef PLENARY_SERVE_TALLY_CACHE_H
#define PLENARY_SERVE_TALLY_CACHE_H

#include "searcher/plenary.h"

#include <stdint.h>

enum { TALLY_CACHE_ENTRIES = 64 };

struct tally_cache;
struct tallied;
struct site;
struct ask;

struct tally_cache *tally_cache_open(void);
void tally_cache_close(struct tally_cache *cache);

/* The counts for what is asked, to be given back. 0 or a negative error of the library. */
int tally_cache_take(struct tallied **out, const struct site *site, const struct ask *ask,
                     unsigned facets, struct plenary_failure *failure);
void tally_cache_give(struct tally_cache *cache, struct tallied *tallied);

const struct plenary_values *tallied_values(const struct tallied *tallied);
uint64_t tallied_generation(const struct tallied *tallied);

#endif
