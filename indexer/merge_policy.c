/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/merge_policy.h"

/* No merge makes a segment larger than this, half of what docids can number; one of more than a
 * ninth of it is left as it is. */
static const uint64_t largest_result = UINT32_MAX / 2;

enum { TIERS = 16 };

unsigned merge_policy_tier(uint64_t passages) {
    unsigned tier = 0;
    for (uint64_t bound = MERGE_TIER_FIRST; passages >= bound; bound *= MERGE_TIER_FACTOR)
        tier++;
    return tier;
}

struct tier {
    size_t segments;
    uint64_t passages;
};

static bool is_mergeable(const struct merge_candidate *candidate) {
    return candidate->live <= largest_result / (MERGE_TIER_SEGMENTS + 1);
}

static size_t mark_tiers(struct merge_candidate *candidates, size_t count, uint32_t tiers) {
    size_t picked = 0;
    uint64_t passages = 0;
    for (size_t i = 0; i < count; i++) {
        struct merge_candidate *candidate = &candidates[i];
        candidate->picked = is_mergeable(candidate) &&
                            tiers >> merge_policy_tier(candidate->live) & 1 &&
                            passages + candidate->live <= largest_result;
        if (candidate->picked)
            passages += candidate->live;
        picked += candidate->picked;
    }
    return picked;
}

/* The lowest tier that is too large, and those that would become so: a bit each. */
static uint32_t choose_tiers(const struct tier *tiers) {
    unsigned tier = 0;
    while (tier < TIERS && tiers[tier].segments <= MERGE_TIER_SEGMENTS)
        tier++;
    if (tier == TIERS)
        return 0;
    uint32_t chosen = UINT32_C(1) << tier;
    uint64_t passages = tiers[tier].passages;
    for (;;) {
        tier = merge_policy_tier(passages);
        if (tier >= TIERS || chosen >> tier & 1 || tiers[tier].segments < MERGE_TIER_SEGMENTS)
            return chosen;
        chosen |= UINT32_C(1) << tier;
        passages += tiers[tier].passages;
    }
}

static size_t pick_hollow(struct merge_candidate *candidates, size_t count) {
    size_t picked = 0;
    uint64_t passages = 0;
    for (size_t i = 0; i < count; i++) {
        struct merge_candidate *candidate = &candidates[i];
        candidate->picked =
            candidate->deleted > candidate->live && passages + candidate->live <= largest_result;
        if (candidate->picked)
            passages += candidate->live;
        picked += candidate->picked;
    }
    return picked;
}

size_t merge_policy_pick(struct merge_candidate *candidates, size_t count) {
    struct tier tiers[TIERS] = {{0, 0}};
    for (size_t i = 0; i < count; i++) {
        struct tier *tier = &tiers[merge_policy_tier(candidates[i].live)];
        if (!is_mergeable(&candidates[i]))
            continue;
        tier->segments++;
        tier->passages += candidates[i].live;
    }
    uint32_t chosen = choose_tiers(tiers);
    return chosen ? mark_tiers(candidates, count, chosen) : pick_hollow(candidates, count);
}
