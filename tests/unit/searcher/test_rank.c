/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scores of the ranking on ten short passages, worked out by hand. All passages of a test have the
 * same number of words, so that BM25's curve is f (k1 + 1) / (f + k1): 1 for a word said once, and,
 * k1 being 1 here, 4/3 for one said twice. A word in n of the ten weighs ln((10 - n + 0.5) / (n +
 * 0.5)).
 */
#include "tests/unit/searcher/index_fixture.h"

#include "searcher/ranking.h"

#include <math.h>

static const double WORD_IN_1 = 1.845826690, WORD_IN_2 = 1.223775432, WORD_IN_3 = 0.762140052;

/* BM25, and nothing else yet. */
static const struct ranking bare = {.rarity = 1, .common = 1, .keep = 1, .depth = 1000};

static struct search_result rank(struct fixture *fixture, const char *query,
                                 const struct ranking *ranking) {
    struct search_request request = fixture_request(query);
    struct search_result result;
    request.k1 = 1;
    if (ranking_search(&result, fixture->searcher, &request, ranking, &fixture->err))
        fail_msg("%s: %s", query, fixture->err.message);
    return result;
}

/* A passage, counted through the documents, and its score. */
struct scored {
    unsigned passage;
    double score;
};
#define END                                                                                        \
    { 0, -1 }

static void expect(struct fixture *fixture, const char *query, const struct ranking *ranking,
                   const struct scored *expected) {
    struct search_result result = rank(fixture, query, ranking);
    size_t count = 0;
    for (; expected[count].score >= 0; count++) {
        assert_true(count < result.hit_count);
        assert_int_equal(result.hits[count].passage, expected[count].passage);
        if (!(fabs(result.hits[count].score - expected[count].score) < 1e-7))
            fail_msg("%s: hit %zu has %.9f, not %.9f", query, count + 1, result.hits[count].score,
                     expected[count].score);
    }
    assert_int_equal(result.hit_count, count);
    search_result_free(&result);
}

static const struct fixture_document storms[] = {
    {.id = "a",
     .title = "fog",
     .paragraphs = {"calm one", "calm two", "storm harbour", "calm three", "calm four"}},
    {.id = "b", .paragraphs = {"harbour gate", "calm six", "calm seven", "calm ten", "calm nil"}}};

static void test_neighbours_get_a_share_that_fades(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking ranking = bare;
    const struct scored alone[] = {{2, WORD_IN_1}, END};
    expect(fixture, "storm", &ranking, alone);

    ranking.context = 0.5;
    ranking.fade = 0.5;
    ranking.reach = 1;
    expect(fixture, "storm", &ranking, alone); /* nobody near it has the word */

    ranking.neighbours = true;
    const struct scored near[] = {{2, WORD_IN_1}, {1, WORD_IN_1 / 4}, {3, WORD_IN_1 / 4}, END};
    expect(fixture, "storm", &ranking, near);

    ranking.reach = 9; /* but not into the next document */
    const struct scored all[] = {{2, WORD_IN_1},     {1, WORD_IN_1 / 4}, {3, WORD_IN_1 / 4},
                                 {0, WORD_IN_1 / 8}, {4, WORD_IN_1 / 8}, END};
    expect(fixture, "storm", &ranking, all);
    fixture_close(fixture);
}

static void test_rarity_is_a_power(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking ranking = bare;
    ranking.rarity = 2;
    const struct scored squares[] = {{2, WORD_IN_2 * WORD_IN_2}, {5, WORD_IN_2 * WORD_IN_2}, END};
    expect(fixture, "harbour", &ranking, squares);
    fixture_close(fixture);
}

/* The title belongs to all five passages of its document, so its word is rather common: Xapian
 * takes ln(1 + odds / 2) where the odds are below 2. Only in the first passage does it count as
 * said. */
static void test_a_title_counts_in_the_first_passage(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking ranking = bare;
    ranking.title = 2;
    const struct scored twice[] = {{0, log(1.5) * 4 / 3}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, END};
    expect(fixture, "fog", &ranking, twice);
    fixture_close(fixture);
}

/* calm is in eight of ten; it is passed over beside a rarer word, and counts where it is alone. */
static void test_common_words_are_passed_over(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking ranking = bare;
    ranking.common = 0.5;
    const struct scored harbour[] = {{2, WORD_IN_2}, {5, WORD_IN_2}, END};
    expect(fixture, "calm harbour", &ranking, harbour);
    struct search_result result = rank(fixture, "calm", &ranking);
    assert_int_equal(result.hit_count, 8);
    search_result_free(&result);
    fixture_close(fixture);
}

/*
 * The best passage says storm and harbour once each, so each has half of its say. storm is in one
 * passage only and says nothing about others; harbour gets all that feedback has to give, which,
 * half being kept for the query, is as much as storm has: 1.
 */
static void test_feedback_adds_what_the_best_passage_says(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking ranking = bare;
    ranking.feedback_passages = 1;
    ranking.feedback_words = 5;
    ranking.keep = 0.5;
    const struct scored scores[] = {{2, WORD_IN_1 + WORD_IN_2}, {5, WORD_IN_2}, END};
    expect(fixture, "storm", &ranking, scores);

    ranking.keep = 0.8; /* a quarter of the query's weight */
    const struct scored less[] = {{2, WORD_IN_1 + WORD_IN_2 / 4}, {5, WORD_IN_2 / 4}, END};
    expect(fixture, "storm", &ranking, less);
    fixture_close(fixture);
}

/*
 * Two words, three passages each. Side by side in order they count as one more word, once for the
 * order and once for being near, half each; otherwise only the half for being near.
 */
static void test_words_near_each_other_count_more(void **state) {
    (void)state;
    const struct fixture_document foxes[] = {
        {.id = "a",
         .paragraphs = {"fox red ran far", "red fox ran far", "red ran far fox",
                        "nothing to see here", "nothing to see here"}},
        {.id = "b",
         .paragraphs = {"nothing to see here", "nothing to see here", "nothing to see here",
                        "nothing to see here", "nothing to see here"}}};
    struct fixture *fixture = fixture_open(foxes, 2, 2);
    struct ranking ranking = bare;
    ranking.proximity = 0.5;
    const struct scored scores[] = {
        {1, 2.5 * WORD_IN_3}, {0, 2.25 * WORD_IN_3}, {2, 2.25 * WORD_IN_3}, END};
    expect(fixture, "red fox", &ranking, scores);
    const struct scored back[] = {
        {0, 2.5 * WORD_IN_3}, {1, 2.25 * WORD_IN_3}, {2, 2.25 * WORD_IN_3}, END};
    expect(fixture, "fox red", &ranking, back);
    fixture_close(fixture);
}

static void test_numbers_out_of_range_are_refused(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(storms, 2, 2);
    struct ranking bad[4] = {bare, bare, bare, bare};
    bad[0].context = -1;
    bad[1].rarity = NAN;
    bad[2].reach = RANKING_REACH_MOST + 1;
    bad[3].keep = 2;
    for (size_t i = 0; i < 4; i++) {
        struct search_request request = fixture_request("storm");
        struct search_result result;
        assert_int_equal(
            ranking_search(&result, fixture->searcher, &request, &bad[i], &fixture->err),
            PLENARY_EINVALID);
    }
    fixture_close(fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_get_a_share_that_fades),
        cmocka_unit_test(test_rarity_is_a_power),
        cmocka_unit_test(test_a_title_counts_in_the_first_passage),
        cmocka_unit_test(test_common_words_are_passed_over),
        cmocka_unit_test(test_feedback_adds_what_the_best_passage_says),
        cmocka_unit_test(test_words_near_each_other_count_more),
        cmocka_unit_test(test_numbers_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
