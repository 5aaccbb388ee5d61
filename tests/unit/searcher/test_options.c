/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of plenary-search: what is an option, what is a query, what is refused and how.
 */
#include "searcher/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ARGUMENTS_MOST = 16 };

static struct search_options options;
static struct error err;

/* Parse a command line given as words, NULL behind the last. */
static int parse(const char *const *words) {
    static char name[] = "plenary-search";
    static char copies[ARGUMENTS_MOST][256];
    char *argv[ARGUMENTS_MOST + 2] = {name};
    int argc = 1;
    search_options_free(&options);
    err = (struct error){0};
    for (; *words && argc <= ARGUMENTS_MOST; words++, argc++) {
        snprintf(copies[argc - 1], sizeof *copies, "%s", *words);
        argv[argc] = copies[argc - 1];
    }
    return search_options_parse(&options, argc, argv, &err);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static int tear_down(void **state) {
    (void)state;
    search_options_free(&options);
    return 0;
}

static void assert_query(const char *expected) {
    assert_int_equal(options.request.text_size, strlen(expected));
    assert_memory_equal(options.request.text, expected, strlen(expected));
}

static void assert_refused(int status, const char *because) {
    assert_int_equal(status, PLENARY_EINVALID);
    if (!strstr(err.message, because))
        fail_msg("\"%s\" does not say \"%s\"", err.message, because);
}

static void the_first_word_is_the_index_and_the_others_the_query(void **state) {
    (void)state;
    assert_int_equal(PARSE("meetings", "trafficking", "in persons"), 0);
    assert_string_equal(options.index, "meetings");
    assert_query("trafficking in persons");
}

static void options_may_stand_anywhere(void **state) {
    (void)state;
    assert_int_equal(PARSE("--limit", "5", "i", "a", "--offset=20", "b", "--sort", "oldest"), 0);
    assert_query("a b");
    assert_int_equal(options.request.limit, 5);
    assert_int_equal(options.request.offset, 20);
    assert_int_equal(options.request.sort, SEARCH_OLDEST_FIRST);
}

static void a_word_with_one_dash_belongs_to_the_query(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "trafficking", "-smuggling", "-n", "3", "-nato", "-Very", "-5"), 0);
    assert_query("trafficking -smuggling -nato -Very -5");
    assert_int_equal(options.request.limit, 3);
    assert_int_equal(PARSE("i", "a", "-n7"), 0);
    assert_int_equal(options.request.limit, 7);
    assert_int_equal(PARSE("i", "-smuggling"), 0);
    assert_query("-smuggling");
}

static void two_dashes_end_the_options(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "--", "--limit", "-h", "-n"), 0);
    assert_query("--limit -h -n");
    assert_int_equal(PARSE("--", "i", "a"), 0);
    assert_string_equal(options.index, "i");
}

static void dates_are_taken_in_three_lengths(void **state) {
    (void)state;
    assert_int_equal(PARSE("--from", "2018", "--to", "2018-08", "i", "a"), 0);
    assert_int_equal(options.request.filter.from, 20180000);
    assert_int_equal(options.request.filter.to, 20180800);
    assert_int_equal(PARSE("--from", "2018-06-01", "--to", "2018", "i", "a"), 0);
    assert_int_equal(options.request.filter.from, 20180601);
    assert_int_equal(PARSE("--from", "2024-02-29", "i", "a"), 0);
}

static void a_date_that_is_none_is_refused(void **state) {
    (void)state;
    const char *const wrong[] = {"",         "18",          "2018-13",    "2018-00", "2018-02-29",
                                 "2018-8-6", "2018-08-06x", "2018/08/06", "0000",    "20180806",
                                 "2018-08-", "2018-08-00",  "yesterday"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(PARSE("--from", wrong[i], "i", "a"), "--from");
    assert_refused(PARSE("--from", "2019", "--to", "2018", "i", "a"), "later");
}

static void facets_are_gathered(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "a", "--facet", "speaker", "--facet=year", "--histogram", "month",
                           "--facet-limit", "3"),
                     0);
    assert_int_equal(options.request.facets, FACET_BIT(FACET_SPEAKER) | FACET_BIT(FACET_YEAR));
    assert_int_equal(options.request.histogram, FACET_BIT(FACET_MONTH));
    assert_int_equal(options.request.facet_limit, 3);
    assert_refused(PARSE("--facet", "colour", "i", "a"), "--facet: 'colour'");
    assert_refused(PARSE("--histogram", "day", "i", "a"), "--histogram: 'day'");
}

static void the_least_match_is_a_number_or_a_share(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "a b", "--min-match", "2"), 0);
    assert_int_equal(options.request.least.value, 2);
    assert_false(options.request.least.percent);
    assert_int_equal(PARSE("i", "a b", "--min-match=75%"), 0);
    assert_int_equal(options.request.least.value, 75);
    assert_true(options.request.least.percent);
    const char *const wrong[] = {"", "x", "101%", "2x", "-1", "%", "99999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(PARSE("--min-match", wrong[i], "i", "a"), "--min-match");
}

static void groups_are_ranked_by_best_or_sum(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "a", "--group=sum"), 0);
    assert_true(options.request.group_sum);
    assert_int_equal(options.request.per_document, 3);
    assert_int_equal(PARSE("i", "a", "--group=sum,5", "--fold-duplicates"), 0);
    assert_int_equal(options.request.per_document, 5);
    assert_true(options.request.fold_duplicates);
    assert_int_equal(PARSE("i", "a", "--group=2"), 0);
    assert_false(options.request.group_sum);
    assert_refused(PARSE("--group=summary", "i", "a"), "--group");
    assert_refused(PARSE("--group=sum,0", "i", "a"), "--group");
}

static void a_passage_may_stand_for_the_query(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "--like", "a#1", "--synonyms", "file"), 0);
    assert_string_equal(options.like, "a#1");
    assert_string_equal(options.synonyms, "file");
    assert_refused(PARSE("i", "a", "--after", "00", "--offset", "2"), "--after and --offset");
}

static void places_are_gathered(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "--in", "2017", "a", "--in", "**/2018/*.txt"), 0);
    assert_int_equal(options.request.filter.in_count, 2);
    assert_string_equal(options.request.filter.in[0], "2017");
    assert_string_equal(options.request.filter.in[1], "**/2018/*.txt");
    assert_int_equal(PARSE("i", "a"), 0);
    assert_int_equal(options.request.filter.in_count, 0);
}

static void values_out_of_range_are_refused(void **state) {
    (void)state;
    assert_refused(PARSE("--limit", "many", "i", "a"), "--limit: 'many'");
    assert_refused(PARSE("--limit", "-1", "i", "a"), "--limit");
    assert_refused(PARSE("--limit", "99999999999999999999", "i", "a"), "--limit");
    assert_refused(PARSE("--offset", "1.5", "i", "a"), "--offset");
    assert_refused(PARSE("--context", "", "i", "a"), "--context");
    assert_refused(PARSE("--snippet-length", "3", "i", "a"), "--snippet-length");
    assert_refused(PARSE("--group=0", "i", "a"), "--group");
    assert_refused(PARSE("--width", "wide", "i", "a"), "--width");
    assert_refused(PARSE("--in", "", "i", "a"), "--in");
}

static void an_unknown_choice_is_refused_with_the_known_ones(void **state) {
    (void)state;
    assert_refused(PARSE("--format", "xml", "i", "a"), "text, json, jsonl, csv or tsv");
    assert_refused(PARSE("--sort", "size", "i", "a"), "relevance, date or oldest");
    assert_refused(PARSE("--color", "red", "i", "a"), "auto, always or never");
    assert_refused(PARSE("--language", "klingon", "i", "a"), "english");
}

static void an_unknown_option_is_named(void **state) {
    (void)state;
    assert_refused(PARSE("--contxt", "i", "a"), "--contxt");
    assert_refused(PARSE("i", "a", "--limit"), "--limit");
    assert_refused(PARSE("i", "a", "-n"), "--limit");
    assert_refused(PARSE("--count=3", "i", "a"), "--count=3");
}

static void an_empty_query_is_refused_with_an_example(void **state) {
    (void)state;
    assert_refused(PARSE("meetings"), "plenary-search meetings trafficking");
    assert_refused(PARSE("meetings", " "), "empty");
    assert_refused(PARSE("--count"), "index");
}

static void help_and_version_need_nothing_else(void **state) {
    (void)state;
    assert_int_equal(PARSE("--help"), 0);
    assert_int_equal(options.action, ACTION_HELP);
    assert_int_equal(PARSE("-V"), 0);
    assert_int_equal(options.action, ACTION_VERSION);
    assert_int_equal(PARSE("i", "-h", "--nonsense"), 0);
    assert_int_equal(options.action, ACTION_HELP);
}

static void group_has_a_usual_number(void **state) {
    (void)state;
    assert_int_equal(PARSE("i", "a"), 0);
    assert_int_equal(options.request.per_document, 0);
    assert_int_equal(PARSE("--group", "i", "a"), 0);
    assert_int_equal(options.request.per_document, 3);
    assert_int_equal(PARSE("--group=5", "i", "a"), 0);
    assert_int_equal(options.request.per_document, 5);
}

static void every_option_is_in_the_help(void **state) {
    (void)state;
    const char *const names[] = {
        "--from",           "--to",       "--in",     "--limit",          "--offset",
        "--sort",           "--context",  "--group",  "--count",          "--explain",
        "--format",         "--language", "--strict", "--no-accelerator", "--color",
        "--snippet-length", "--width",    "--help",   "--version"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(strstr(search_options_help, names[i]));
}

#define TEST(name) cmocka_unit_test_teardown(name, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_first_word_is_the_index_and_the_others_the_query),
        TEST(options_may_stand_anywhere),
        TEST(a_word_with_one_dash_belongs_to_the_query),
        TEST(two_dashes_end_the_options),
        TEST(dates_are_taken_in_three_lengths),
        TEST(a_date_that_is_none_is_refused),
        TEST(facets_are_gathered),
        TEST(the_least_match_is_a_number_or_a_share),
        TEST(groups_are_ranked_by_best_or_sum),
        TEST(a_passage_may_stand_for_the_query),
        TEST(places_are_gathered),
        TEST(values_out_of_range_are_refused),
        TEST(an_unknown_choice_is_refused_with_the_known_ones),
        TEST(an_unknown_option_is_named),
        TEST(an_empty_query_is_refused_with_an_example),
        TEST(help_and_version_need_nothing_else),
        TEST(group_has_a_usual_number),
        TEST(every_option_is_in_the_help),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
