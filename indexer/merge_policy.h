/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which segments to merge, so that they stay few and a document is not copied too often.
 *
 * Segments are sorted into tiers by their live passages: tier 0 has fewer than 512, tier t those
 * from 512 * 8^(t-1) on. When a tier has more than 8, all of it is merged, together with the tiers
 * that the result would make too large in turn. A segment with more passages deleted than live is
 * written anew. (The logarithmic method of Bentley and Saxe, as in log-structured merge trees.)
 *
 * Bounds, for N live passages, once merge_policy_pick finds nothing more:
 *   - at most 8 segments a tier, so at most 8 * (2 + log8(N / 512)) in all, and never more dead
 *     passages than live ones in any;
 *   - above tier 0, a merge moves a passage at least one tier up: it is copied log8(N / 512) times,
 *     and some 64 times at most while it is in tier 0. So n adds take O(n log n).
 * A small addition to an index with one large segment touches tier 0 only.
 */
#ifndef PLENARY_INDEXER_MERGE_POLICY_H
#define PLENARY_INDEXER_MERGE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MERGE_TIER_SEGMENTS = 8, MERGE_TIER_FACTOR = 8, MERGE_TIER_FIRST = 512 };

struct merge_candidate {
    uint32_t live, deleted; /* passages */
    bool picked;            /* out */
};

/* Mark the segments to be merged into one; how many, 0: none. To be asked again with the result in
 * their place until it is 0. */
size_t merge_policy_pick(struct merge_candidate *candidates, size_t count);

unsigned merge_policy_tier(uint64_t passages);

#endif
