/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help for who asks: values of fields, suggestions of spelling and type-ahead, more like this. */
#include "searcher/like.h"
#include "searcher/query_words.h"
#include "searcher/suggest.h"
#include "tests/unit/searcher/index_fixture.h"

static const struct fixture_document documents[] = {
    {.id = "a",
     .title = "Halden Dialogue 2018",
     .body = "Halden Dialogue",
     .date = 20180806,
     .page = 3,
     .paragraphs = {"Ms Burger| The disembarkation of survivors was delayed.",
                    "Mr Stewart| Disembarkation needs ports.",
                    "The ports were closed, the disembarkation of rescued migrants was not."}},
    {.id = "b",
     .title = "Straits Forum",
     .body = "Straits Forum",
     .date = 20170000,
     .page = 9,
     .paragraphs = {"Ms Burger| Rescued migrants came to the ports."}},
    {.id = "c",
     .title = "Réunion du conseil",
     .language = "fr",
     .paragraphs = {"Le débarquement des migrants à Tomé."}},
    {.id = "d",
     .title = "Halden Dialogue 2019",
     .date = 20190105,
     .paragraphs = {"Embarkation is another matter than disembarkation."}},
};

static int set_up(void **state) {
    *state = fixture_open(documents, sizeof documents / sizeof *documents, 2);
    return 0;
}

static int tear_down(void **state) {
    fixture_close(*state);
    return 0;
}

/* ---- Values of fields ------------------------------------------------------------------------ */

static void test_dates_and_ranges(void **state) {
    fixture_expect_set(*state, "date:2018", "a#1 a#2 a#3");
    fixture_expect_set(*state, "date:2017-05..2018", "a#1 a#2 a#3 b#1");
    fixture_expect_set(*state, "date:2018-08-07..", "d#1");
    fixture_expect_set(*state, "migrants date:..2017", "a#3 b#1 c#1");
    fixture_expect_set(*state, "migrants AND date:..2017", "b#1");
    fixture_expect_set(*state, "migrants -date:2017..2018", "c#1");
}

static void test_pages_bodies_languages_ids_and_sources(void **state) {
    fixture_expect_set(*state, "page:3..4", "a#1 a#2 a#3");
    fixture_expect_set(*state, "page:4..", "b#1");
    fixture_expect_set(*state, "body:halden", "a#1 a#2 a#3");
    fixture_expect_set(*state, "body:\"DIALOGUE\" AND ports", "a#2 a#3");
    fixture_expect_set(*state, "language:fr", "c#1");
    fixture_expect_set(*state, "language:klingon", "");
    fixture_expect_set(*state, "id:b", "b#1");
    fixture_expect_set(*state, "id:a#2", "a#2");
    fixture_expect_set(*state, "id:a#9", "");
    fixture_expect_set(*state, "source:/minutes/c.txt", "c#1");
    fixture_expect_set(*state, "path:minutes/[ab]*", "");
    fixture_expect_set(*state, "path:minutes/?.txt -language:en", "c#1");
}

static void test_values_weigh_nothing(void **state) {
    struct search_request request = fixture_request("ports");
    struct search_result without = fixture_search(*state, &request);
    request = fixture_request("ports AND date:2017..2018");
    struct search_result with = fixture_search(*state, &request);
    char *plain = fixture_hits(*state, &without, true),
         *filtered = fixture_hits(*state, &with, true);
    assert_string_equal(plain, filtered);
    free(plain);
    free(filtered);
    search_result_free(&without);
    search_result_free(&with);
}

/* ---- Boosts ---------------------------------------------------------------------------------- */

static double score_of(struct fixture *fixture, const char *query) {
    struct search_request request = fixture_request(query);
    struct search_result result = fixture_search(fixture, &request);
    assert_true(result.hit_count > 0);
    double score = result.hits[0].score;
    search_result_free(&result);
    return score;
}

static void test_boosts_multiply_the_weight(void **state) {
    static const char *const pairs[][2] = {{"survivors", "survivors^2"},
                                           {"\"ports were closed\"", "\"ports were closed\"^2"},
                                           {"survivors AND delayed", "(survivors AND delayed)^2"},
                                           {"surviv*", "surviv*^2"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        double once = score_of(*state, pairs[i][0]), twice = score_of(*state, pairs[i][1]);
        if (twice < 2 * once - 1e-6 || twice > 2 * once + 1e-6)
            fail_msg("%s scores %g, %s %g", pairs[i][0], once, pairs[i][1], twice);
    }
}

/* ---- The least number of words --------------------------------------------------------------- */

static void test_a_request_may_ask_for_most_of_the_words(void **state) {
    struct search_request request = fixture_request("ports rescued migrants closed");
    request.least.value = 3;
    request.limit = 0;
    struct search_result result = fixture_search(*state, &request);
    assert_string_equal(result.description, "(ports OR rescued OR migrants OR closed)~3");
    search_result_free(&result);
    request.limit = 10;
    fixture_expect_of(*state, &request, "a#3 b#1");
    request.least = (struct search_least){100, true};
    fixture_expect_of(*state, &request, "a#3");
    request.least = (struct search_least){60, true}; /* of four: two */
    fixture_expect_of(*state, &request, "a#3 b#1");
    request.least = (struct search_least){9, false};
    result = fixture_search(*state, &request);
    assert_int_equal(result.hit_count, 1);
    assert_non_null(strstr(result.query.notices[0].message, "only 4 words"));
    search_result_free(&result);
}

/* ---- Spelling -------------------------------------------------------------------------------- */

static void expect_suggestion(struct fixture *fixture, const char *query, const char *expected) {
    struct search_request request = fixture_request(query);
    struct search_result result = fixture_search(fixture, &request);
    if (expected)
        assert_string_equal(result.suggestion ? result.suggestion : "(none)", expected);
    else if (result.suggestion)
        fail_msg("%s: %s", query, result.suggestion);
    search_result_free(&result);
}

static void test_misspelt_words_are_put_right(void **state) {
    expect_suggestion(*state, "disembarkaton", "disembarkation");
    expect_suggestion(*state, "Disembakration", "disembarkation");
    expect_suggestion(*state, "\"disembarkaton of survivers\" -port",
                      "\"disembarkation of survivors\" -port");
    expect_suggestion(*state, "port AND (surviors)", "port AND (survivors)");
    expect_suggestion(*state, "tomé potrs", "tomé ports");
    expect_suggestion(*state, "zzzzzzzz", NULL);
    expect_suggestion(*state, "disembarkation", NULL);
    expect_suggestion(*state, "=disembarkaton", NULL);
    expect_suggestion(*state, "xy", NULL);
}

static void test_the_more_frequent_word_is_suggested(void **state) {
    /* embarkation (one passage) is as near as disembarkation is far */
    expect_suggestion(*state, "embarkaton", "embarkation");
    expect_suggestion(*state, "isembarkation", "disembarkation");
}

/* ---- Type-ahead ------------------------------------------------------------------------------ */

static void expect_typed(struct fixture *fixture, const char *prefix, const char *expected) {
    struct suggestions found;
    struct bytes out = BYTES_INIT;
    assert_int_equal(
        searcher_suggest(&found, fixture->searcher, prefix, strlen(prefix), 3, &fixture->err), 0);
    for (size_t i = 0; i < found.count; i++)
        bytes_printf(&out, "%s%c:%s=%llu", i ? " " : "", "wst"[found.all[i].kind],
                     found.all[i].text, (unsigned long long)found.all[i].passages);
    assert_non_null(bytes_string(&out));
    assert_string_equal((const char *)out.data, expected);
    bytes_free(&out);
    suggestions_free(&found);
}

static void test_what_is_typed_is_completed(void **state) {
    expect_typed(*state, "dis", "w:disembarkation=4");
    expect_typed(*state, "Bur", "s:Ms Burger=2");
    expect_typed(*state, "dial", "t:Halden Dialogue 2018=1 t:Halden Dialogue 2019=1");
    expect_typed(*state, "tom", "w:tome=1");
    expect_typed(*state, "reu", "t:Réunion du conseil=1");
    expect_typed(*state, "", "");
    expect_typed(*state, "zz", "");
    expect_typed(*state, "\xFF\xFE", "");
}

static void test_type_ahead_follows_a_refresh(void **state) {
    static const struct fixture_document more[] = {{.id = "e", .paragraphs = {"Mr Zygmunt| Zzz."}}};
    struct fixture *fixture = *state;
    expect_typed(fixture, "zyg", "");
    fixture_add(fixture, more, 1, 1);
    assert_int_equal(searcher_refresh(fixture->searcher, &fixture->err), 1);
    expect_typed(fixture, "zyg", "s:Mr Zygmunt=1");
}

/* ---- More like this -------------------------------------------------------------------------- */

static void test_more_like_a_passage_leaves_it_out(void **state) {
    struct fixture *fixture = *state;
    struct bytes query = BYTES_INIT;
    assert_int_equal(like_query(&query, fixture->searcher, "a#3", &fixture->err), 0);
    assert_non_null(bytes_string(&query));
    assert_non_null(strstr((const char *)query.data, "id:a#3"));
    struct search_request request = fixture_request((const char *)query.data);
    struct search_result result = fixture_search(fixture, &request);
    assert_int_equal(result.query.repair_count, 0);
    char *hits = fixture_hits(fixture, &result, false);
    assert_true(result.hit_count > 1);
    assert_null(strstr(hits, "a#3"));
    free(hits);
    search_result_free(&result);
    bytes_reset(&query);
    bytes_add_string(&query, "survivors");
    assert_int_equal(like_query(&query, fixture->searcher, "a#3", &fixture->err), 0);
    assert_non_null(bytes_string(&query));
    fixture_expect(fixture, (const char *)query.data, "a#1");
    assert_int_equal(like_query(&query, fixture->searcher, "nowhere#1", &fixture->err),
                     PLENARY_EINVALID);
    assert_non_null(strstr(fixture->err.message, "no passage nowhere#1"));
    bytes_free(&query);
}

/* ---- Limits ---------------------------------------------------------------------------------- */

static void expect_limit(struct fixture *fixture, const char *query, const char *part,
                         const char *hits) {
    struct search_request request = fixture_request(query);
    struct search_result result = fixture_search(fixture, &request);
    assert_int_equal(result.query.notice_count, 1);
    assert_int_equal(result.query.repair_count, 0);
    if (!strstr(result.query.notices[0].message, part))
        fail_msg("%s: %s", query, result.query.notices[0].message);
    search_result_free(&result);
    fixture_expect_set(fixture, query, hits);
}

/* More words than a pattern may stand for, each in one passage; the last one in another one too. */
static void test_of_too_many_words_the_most_frequent_are_kept(void **state) {
    (void)state;
    enum { WORDS = 1200, NEAR = 26 };
    struct bytes text = BYTES_INIT, similar = BYTES_INIT;
    for (int i = 0; i < WORDS; i++)
        bytes_printf(&text, "xx%c%c%cqq ", 'a' + i / 676, 'a' + i / 26 % 26, 'a' + i % 26);
    for (int i = 0; i < 4 * NEAR; i++) {
        char word[] = "wwww";
        word[i / NEAR] = (char)('a' + i % NEAR);
        bytes_printf(&similar, "%s %sz ", word, word);
    }
    assert_non_null(bytes_string(&text));
    assert_non_null(bytes_string(&similar));
    const struct fixture_document many[] = {
        {.id = "a", .language = "none", .paragraphs = {(const char *)text.data, "xxbudqq"}},
        {.id = "b", .language = "none", .paragraphs = {"xxbudqq", (const char *)similar.data}}};
    struct fixture *fixture = fixture_open(many, 2, 1);
    expect_limit(fixture, "xx*qq", "matches 1200 different words; only the 1000 most frequent",
                 "a#1 a#2 b#1");
    expect_limit(fixture, "xx*", "begins 1200 different terms; only the 1000 most frequent",
                 "a#1 a#2 b#1");
    expect_limit(fixture, "wwww~", "only the 100 most similar and frequent", "b#2");
    fixture_close(fixture);
    bytes_free(&text);
    bytes_free(&similar);
}

static void test_a_thousand_patterns_do_not_look_at_all_words_a_thousand_times(void **state) {
    struct bytes query = BYTES_INIT;
    for (int i = 0; i < QUERY_LIMIT_SCANS + 1; i++)
        bytes_printf(&query, "%s ", i < QUERY_LIMIT_SCANS ? "*zz" : "*embark*");
    assert_non_null(bytes_string(&query));
    expect_limit(*state, (const char *)query.data, "this one finds nothing", "");
    bytes_free(&query);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_dates_and_ranges),
        TEST(test_pages_bodies_languages_ids_and_sources),
        TEST(test_values_weigh_nothing),
        TEST(test_boosts_multiply_the_weight),
        TEST(test_a_request_may_ask_for_most_of_the_words),
        TEST(test_misspelt_words_are_put_right),
        TEST(test_the_more_frequent_word_is_suggested),
        TEST(test_what_is_typed_is_completed),
        TEST(test_type_ahead_follows_a_refresh),
        TEST(test_more_like_a_passage_leaves_it_out),
        TEST(test_a_thousand_patterns_do_not_look_at_all_words_a_thousand_times),
        cmocka_unit_test(test_of_too_many_words_the_most_frequent_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
