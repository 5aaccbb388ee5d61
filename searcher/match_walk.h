/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All matches of a planned query, one after another, without ranking them: for counts over every
 * match.
 *
 * The matcher itself finds them. The query is asked for AND NOT a source that takes each passage
 * the matcher asks it about, so that all are seen and none is kept.
 *
 * One thread, the database's.
 */
#ifndef PLENARY_SEARCHER_MATCH_WALK_H
#define PLENARY_SEARCHER_MATCH_WALK_H

#include "corpus/error.h"
#include "shim/shim.h"

#include <stdint.h>

/* A passage (ordinal of the segment); rising within a segment. What it does must not call the shim.
 * Non-zero stops the walk (within that segment at once) and is returned. */
typedef int (*match_fn)(void *context, uint32_t segment, uint32_t passage);

/* Whoever passes a plan's query asks query_plan_fault afterwards. */
int match_walk(struct shim_database *database, const struct shim_query *query, match_fn each,
               void *context, struct error *err);

#endif
