/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/merge_policy.h"

enum { SEGMENTS = 4096 };

static struct merge_candidate segments[SEGMENTS];
static size_t segment_count;
static uint64_t copied;

/* As the index writer does: what is picked makes way for the result, until nothing is. */
static void settle(void) {
    while (merge_policy_pick(segments, segment_count)) {
        struct merge_candidate merged = {0};
        size_t kept = 0;
        for (size_t i = 0; i < segment_count; i++) {
            if (segments[i].picked)
                merged.live += segments[i].live;
            else
                segments[kept++] = segments[i];
        }
        assert_true(kept < segment_count);
        segments[kept++] = merged;
        segment_count = kept;
        copied += merged.live;
    }
}

static void add(uint32_t live) {
    assert_true(segment_count < SEGMENTS);
    segments[segment_count++] = (struct merge_candidate){.live = live};
}

static uint64_t total(void) {
    uint64_t sum = 0;
    for (size_t i = 0; i < segment_count; i++)
        sum += segments[i].live;
    return sum;
}

static unsigned tiers_of(uint64_t passages) {
    return merge_policy_tier(passages) + 1;
}

static void test_adds_and_deletions_stay_under_the_stated_bounds(void **state) {
    (void)state;
    uint64_t random = random_seed(), added = 0, deleted = 0;
    segment_count = copied = 0;
    for (unsigned i = 0; i < 100000; i++) {
        uint32_t live = 1 + (uint32_t)(random_next(&random) % 200);
        if (random_next(&random) % 1000 == 0)
            live *= 1000;
        add(live);
        added += live;
        struct merge_candidate *victim = &segments[random_next(&random) % segment_count];
        uint32_t gone = (uint32_t)(random_next(&random) % (victim->live / 4 + 1));
        gone = random_next(&random) % 10 ? 0 : gone;
        victim->live -= gone;
        victim->deleted += gone;
        deleted += gone;
        settle();
        assert_true(segment_count <= (size_t)MERGE_TIER_SEGMENTS * tiers_of(total()));
        for (size_t k = 0; k < segment_count; k++)
            assert_true(segments[k].deleted <= segments[k].live);
    }
    assert_int_equal(total(), added - deleted);
    /* Each passage once a tier and 64 times below it; what deletions rewrite is less than they
     * delete. */
    assert_true(copied <= added * (64 + tiers_of(added)) + deleted);
    print_message("%zu segments of %llu passages, each copied %.1f times\n", segment_count,
                  (unsigned long long)total(), (double)copied / (double)added);
}

static void test_a_small_addition_leaves_a_large_segment_alone(void **state) {
    (void)state;
    segment_count = copied = 0;
    add(4000000);
    for (unsigned i = 0; i < 500; i++) {
        add(100);
        settle();
        assert_int_equal(segments[0].live, 4000000);
    }
}

static void test_eight_of_a_tier_stay_and_nine_are_merged(void **state) {
    (void)state;
    segment_count = 0;
    for (unsigned i = 0; i < 8; i++)
        add(600);
    assert_int_equal(merge_policy_pick(segments, segment_count), 0);
    add(600);
    assert_int_equal(merge_policy_pick(segments, segment_count), 9);
}

static void test_a_merge_takes_along_the_tier_it_would_overfill(void **state) {
    (void)state;
    segment_count = 0;
    for (unsigned i = 0; i < 8; i++)
        add(5000);
    for (unsigned i = 0; i < 9; i++)
        add(600);
    add(1000000);
    assert_int_equal(merge_policy_pick(segments, segment_count), 17);
    assert_false(segments[17].picked);
}

static void test_a_segment_mostly_deleted_is_written_anew(void **state) {
    (void)state;
    segment_count = 0;
    add(100);
    segments[0].deleted = 100;
    assert_int_equal(merge_policy_pick(segments, segment_count), 0);
    segments[0].deleted = 101;
    assert_int_equal(merge_policy_pick(segments, segment_count), 1);
}

static void test_no_merge_outgrows_what_a_segment_can_number(void **state) {
    (void)state;
    segment_count = 0;
    for (unsigned i = 0; i < 40; i++)
        add(200000000);
    size_t picked = merge_policy_pick(segments, segment_count);
    uint64_t sum = 0;
    for (size_t i = 0; i < segment_count; i++)
        sum += segments[i].picked ? segments[i].live : 0;
    assert_true(picked > 1);
    assert_true(sum < UINT32_MAX);
    settle();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adds_and_deletions_stay_under_the_stated_bounds),
        cmocka_unit_test(test_a_small_addition_leaves_a_large_segment_alone),
        cmocka_unit_test(test_eight_of_a_tier_stay_and_nine_are_merged),
        cmocka_unit_test(test_a_merge_takes_along_the_tier_it_would_overfill),
        cmocka_unit_test(test_a_segment_mostly_deleted_is_written_anew),
        cmocka_unit_test(test_no_merge_outgrows_what_a_segment_can_number),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
