/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each form of query finds, in an index small enough to see it by eye. */
#include "tests/unit/searcher/index_fixture.h"

static const struct fixture_document documents[] = {
    {.id = "a",
     .title = "Any other business",
     .date = 20200110,
     .heading = "Cold water rescue",
     .paragraphs = {"Ms Burger| The trafficking of persons was discussed.",
                    "Mr Stewart Jones| Search and rescue at sea needs ships.",
                    "Mr Jones Stewart| The co-chairs met the fleet in the harbour."}},
    {.id = "b",
     .title = "Other business, if any",
     .date = 20210220,
     .heading = "Water, cold",
     .paragraphs = {"Smuggling and trafficking routes were mapped.",
                    "The cochairs recalled resolution A/RES/73/195.",
                    "Rescue came first, and the search for ships after it."}},
    {.id = "c",
     .title = "Réunion du conseil",
     .language = "fr",
     .date = 20190105,
     .paragraphs = {"Le trafic de migrants et le sauvetage en mer.",
                    "Les présidents ont parlé du port de Tomé."}},
    {.id = "d",
     .title = "Co-chairs' summary",
     .paragraphs = {"The co chairs of the fleet spoke of São Tomé.",
                    "Boats near the distant harbour wall, and one more fleet."}},
};

static int set_up(void **state) {
    *state = fixture_open(documents, sizeof documents / sizeof *documents, 2);
    return 0;
}

static int tear_down(void **state) {
    fixture_close(*state);
    return 0;
}

static void test_words_are_stemmed_and_ored(void **state) {
    fixture_expect_set(*state, "trafficking", "a#1 b#1");
    fixture_expect_set(*state, "TRAFFICKED smuggle", "a#1 b#1");
    fixture_expect_set(*state, "nowhere", "");
}

static void test_each_language_of_the_index_stems_the_words(void **state) {
    fixture_expect_set(*state, "migrant président", "c#1 c#2");
    struct search_request request = fixture_request("présidents");
    request.language = language_number("english");
    fixture_expect_of(*state, &request, "");
    request.language = language_number("french");
    fixture_expect_of(*state, &request, "c#2");
}

static void test_diacritics_do_not_matter(void **state) {
    fixture_expect_set(*state, "tome", "c#2 d#1");
    fixture_expect_set(*state, "\"SAO TOME\"", "d#1");
}

static void test_and_or_not_combine_sets(void **state) {
    fixture_expect_set(*state, "trafficking AND smuggling", "b#1");
    fixture_expect_set(*state, "trafficking NOT smuggling", "a#1");
    fixture_expect_set(*state, "(ships OR fleet) -harbour", "a#2 b#3 d#1");
    fixture_expect_set(*state, "smuggling OR NOT (rescue OR fleet OR tome)", "a#1 b#1 b#2 c#1");
    fixture_expect_set(*state, "-rescue -fleet -tome", "a#1 b#1 b#2 c#1");
    fixture_expect_set(*state, "*", "a#1 a#2 a#3 b#1 b#2 b#3 c#1 c#2 d#1 d#2");
}

static void test_a_required_word_makes_the_others_optional(void **state) {
    fixture_expect_set(*state, "+ships fleet", "a#2 b#3");
    fixture_expect(*state, "+trafficking smuggling", "b#1 a#1");
}

static void test_phrases_need_their_words_in_order(void **state) {
    fixture_expect_set(*state, "\"search and rescue\"", "a#2");
    fixture_expect_set(*state, "«rescue at sea»", "a#2");
    fixture_expect_set(*state, "\"rescue search\"", "");
    fixture_expect_set(*state, "\"of the fl*\"", "d#1");
}

static void test_a_hyphenated_word_is_its_parts_or_its_joined_form(void **state) {
    fixture_expect_set(*state, "co-chairs", "a#3 b#2 d#1");
    fixture_expect_set(*state, "cochairs", "a#3 b#2");
    fixture_expect_set(*state, "\"the co-chairs\"", "a#3 b#2 d#1");
    fixture_expect_set(*state, "\"co-chairs met\"", "a#3");
    fixture_expect_set(*state, "\"co-chairs recalled\"", "b#2");
}

static void test_symbols_are_found_whole_and_in_parts(void **state) {
    fixture_expect_set(*state, "A/RES/73/195", "b#2");
    fixture_expect_set(*state, "a/res/73/195", "b#2");
    fixture_expect_set(*state, "\"73/195\"", "b#2");
    fixture_expect_set(*state, "A/RES/73/196", "");
}

static void test_near_counts_words_between(void **state) {
    fixture_expect_set(*state, "fleet NEAR/3 harbour", "a#3");
    fixture_expect_set(*state, "fleet NEAR/5 harbour", "a#3 d#2");
    fixture_expect_set(*state, "harbour NEAR/3 fleet", "a#3");
    fixture_expect_set(*state, "(boats OR fleet) NEAR/4 harbour", "a#3 d#2");
    fixture_expect_set(*state, "met NEAR/2 fleet NEAR/3 harbour", "a#3");
    fixture_expect_set(*state, "met NEAR/1 fleet NEAR/3 harbour", "");
}

static void test_near_takes_phrases_and_hyphenated_words(void **state) {
    fixture_expect_set(*state, "\"search and rescue\" NEAR/1 at", "a#2");
    fixture_expect_set(*state, "\"search and rescue\" NEAR/2 sea", "a#2");
    fixture_expect_set(*state, "\"search and rescue\" NEAR/1 sea", "");
    fixture_expect_set(*state, "co-chairs NEAR/3 fleet", "a#3 d#1");
}

static void test_an_exact_word_is_that_form_only(void **state) {
    fixture_expect_set(*state, "ship", "a#2 b#3");
    fixture_expect_set(*state, "=ships", "a#2 b#3");
    fixture_expect_set(*state, "=ship", "");
    fixture_expect_set(*state, "=TRAFFICKING", "a#1 b#1");
    fixture_expect_set(*state, "=routes OR =route", "b#1");
    fixture_expect_set(*state, "=tomé", "c#2 d#1");
    fixture_expect_set(*state, "=fleet NEAR/3 =harbour", "a#3");
    fixture_expect_set(*state, "=fleets NEAR/3 harbour", "");
    fixture_expect_set(*state, "fleet NOT =boats", "a#3 d#1");
    fixture_expect_set(*state, "title:=summary", "d#1 d#2");
    fixture_expect_set(*state, "title:=summaries", "");
}

static void test_an_exact_hyphenated_word_is_its_exact_parts_or_joined_form(void **state) {
    fixture_expect_set(*state, "=co-chairs", "a#3 b#2 d#1");
    fixture_expect_set(*state, "=co-chair", "");
    fixture_expect_set(*state, "=cochairs", "a#3 b#2");
}

static void test_an_exact_word_weighs_as_its_term_does(void **state) {
    struct search_request loose = fixture_request("trafficked"),
                          exact = fixture_request("=trafficking");
    struct search_result one = fixture_search(*state, &loose),
                         other = fixture_search(*state, &exact);
    char *left = fixture_hits(*state, &one, true), *right = fixture_hits(*state, &other, true);
    assert_string_equal(left, right);
    assert_int_equal(other.query.notice_count, 0);
    free(left);
    free(right);
    search_result_free(&one);
    search_result_free(&other);
}

static void test_prefixes_stand_for_the_words_of_the_lexicon(void **state) {
    fixture_expect_set(*state, "smugg*", "b#1");
    fixture_expect_set(*state, "cochair*", "a#3 b#2");
    fixture_expect_set(*state, "co-chair*", "a#3 b#2");
    fixture_expect_set(*state, "zz*", "");
}

static void test_fields_search_where_they_say(void **state) {
    fixture_expect_set(*state, "title:business", "a#1 a#2 a#3 b#1 b#2 b#3");
    fixture_expect_set(*state, "title:business AND speaker:burger", "a#1");
    fixture_expect_set(*state, "speaker:(burger OR stewart)", "a#1 a#2 a#3");
    fixture_expect_set(*state, "burger", "");
    fixture_expect_set(*state, "title:summ*", "d#1 d#2");
    fixture_expect_set(*state, "title:reunion", "c#1 c#2");
}

static void test_phrases_in_fields_need_their_order(void **state) {
    fixture_expect_set(*state, "title:\"any other business\"", "a#1 a#2 a#3");
    fixture_expect_set(*state, "heading:\"cold water\"", "a#1 a#2 a#3");
    fixture_expect_set(*state, "speaker:\"stewart jones\"", "a#2");
    fixture_expect_set(*state, "title:co-chairs", "d#1 d#2");
    fixture_expect_set(*state, "title:\"business other\"", "");
}

static void test_what_holds_no_word_is_left_out_and_noted(void **state) {
    struct search_request request = fixture_request("trafficking & smuggling");
    struct search_result result = fixture_search(*state, &request);
    assert_int_equal(result.hit_count, 2);
    assert_int_equal(result.query.notice_count, 1);
    assert_int_equal(result.query.notices[0].kind, QUERY_NOTE);
    assert_int_equal(result.query.notices[0].column, 13);
    assert_string_equal(result.query.notices[0].message, "& holds no word; left out");
    search_result_free(&result);
    fixture_expect_set(*state, "& -- /", "");
}

/* ---- Highlights ---------------------------------------------------------------------------- */

static bool highlights(const struct search_result *result, enum query_field field, bool ordered,
                       const char *terms) {
    for (size_t i = 0; i < result->highlight_count; i++) {
        const struct search_highlight *highlight = &result->highlights[i];
        char text[200] = "";
        for (size_t t = 0; t < highlight->term_count; t++)
            for (size_t a = 0; a < highlight->terms[t].alternative_count; a++)
                snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s",
                         a   ? "|"
                         : t ? " "
                             : "",
                         highlight->terms[t].alternatives[a]);
        if (highlight->field == field && highlight->ordered == ordered && !strcmp(text, terms))
            return true;
    }
    return false;
}

static void test_highlights_are_the_terms_that_count(void **state) {
    struct search_request request =
        fixture_request("trafficking \"search and rescue\" title:business co-chairs NOT harbour");
    request.language = language_number("english");
    struct search_result result = fixture_search(*state, &request);
    assert_true(highlights(&result, QUERY_FIELD_TEXT, false, "traffick"));
    assert_true(highlights(&result, QUERY_FIELD_TEXT, true, "search and rescu"));
    assert_true(highlights(&result, QUERY_FIELD_TITLE, false, "busi"));
    assert_true(highlights(&result, QUERY_FIELD_TEXT, true, "co chair"));
    assert_true(highlights(&result, QUERY_FIELD_TEXT, false, "cochair"));
    assert_int_equal(result.highlight_count, 5);
    search_result_free(&result);
}

static void test_the_plan_can_be_explained(void **state) {
    struct fixture *fixture = *state;
    struct search_request request = fixture_request("trafficking NOT smuggling");
    request.language = language_number("english");
    char *text;
    assert_int_equal(searcher_explain(&text, fixture->searcher, &request, NULL), 0);
    assert_non_null(strstr(text, "traffick AND_NOT smuggl"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_stemmed_and_ored),
        cmocka_unit_test(test_each_language_of_the_index_stems_the_words),
        cmocka_unit_test(test_diacritics_do_not_matter),
        cmocka_unit_test(test_and_or_not_combine_sets),
        cmocka_unit_test(test_a_required_word_makes_the_others_optional),
        cmocka_unit_test(test_phrases_need_their_words_in_order),
        cmocka_unit_test(test_a_hyphenated_word_is_its_parts_or_its_joined_form),
        cmocka_unit_test(test_symbols_are_found_whole_and_in_parts),
        cmocka_unit_test(test_near_counts_words_between),
        cmocka_unit_test(test_near_takes_phrases_and_hyphenated_words),
        cmocka_unit_test(test_an_exact_word_is_that_form_only),
        cmocka_unit_test(test_an_exact_hyphenated_word_is_its_exact_parts_or_joined_form),
        cmocka_unit_test(test_an_exact_word_weighs_as_its_term_does),
        cmocka_unit_test(test_prefixes_stand_for_the_words_of_the_lexicon),
        cmocka_unit_test(test_fields_search_where_they_say),
        cmocka_unit_test(test_phrases_in_fields_need_their_order),
        cmocka_unit_test(test_what_holds_no_word_is_left_out_and_noted),
        cmocka_unit_test(test_highlights_are_the_terms_that_count),
        cmocka_unit_test(test_the_plan_can_be_explained),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
