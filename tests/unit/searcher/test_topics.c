/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Topics in each of their formats, and files that are none. */
#include "searcher/topics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct topics parse(const char *text, bool words) {
    struct topics topics;
    struct error err = {0};
    if (topics_parse(&topics, text, strlen(text), "test", words, &err))
        fail_msg("%s", err.message);
    return topics;
}

static void is_topic(const struct topics *topics, size_t i, const char *id, const char *query,
                     const char *scope) {
    assert_true(i < topics->count);
    assert_string_equal(topics->all[i].id, id);
    assert_string_equal(topics->all[i].query, query);
    if (scope)
        assert_string_equal(topics->all[i].scope, scope);
    else
        assert_null(topics->all[i].scope);
}

static void refused(const char *text, const char *message) {
    struct topics topics;
    struct error err = {0};
    assert_int_equal(topics_parse(&topics, text, strlen(text), "test", false, &err),
                     PLENARY_EINVALID);
    if (!strstr(err.message, message))
        fail_msg("'%s' does not say '%s'", err.message, message);
}

static void test_lines(void **state) {
    (void)state;
    struct topics topics = parse(
        "\xef\xbb\xbf# a comment\n\n7\tports AND boats\r\nq8\tfog\tMTG1\textra\nno tab", false);
    assert_int_equal(topics.count, 3);
    is_topic(&topics, 0, "7", "ports AND boats", NULL);
    is_topic(&topics, 1, "q8", "fog", "MTG1");
    is_topic(&topics, 2, "5", "no tab", NULL);
    topics_free(&topics);
}

static void test_json(void **state) {
    (void)state;
    struct topics topics = parse("{\"_id\": 3, \"text\": \"fog\"}\n"
                                 "{\"query\": \"ports\", \"scope\": \"M\"}\n",
                                 false);
    is_topic(&topics, 0, "3", "fog", NULL);
    is_topic(&topics, 1, "2", "ports", "M");
    topics_free(&topics);
}

static void test_trec(void **state) {
    (void)state;
    struct topics topics =
        parse("<top>\n<num> Number: 401\n<title> foreign \"minorities\", NOT X\n\n"
              "<desc> Description:\nWhat?\n</top>\n"
              "<top>\n<num> Number: 402\n<title>\n<desc> Description:\nLong?\n"
              "</top>\n",
              false);
    assert_int_equal(topics.count, 2);
    is_topic(&topics, 0, "401", "foreign  minorities , not X", NULL);
    is_topic(&topics, 1, "402", "Long?", NULL);
    topics_free(&topics);
}

static void test_words_lose_their_signs(void **state) {
    (void)state;
    struct topics topics =
        parse("1\t-a (b) \"c\" co-chairs title:x OR y* NEAR/5 \u201cq\u201d", true);
    is_topic(&topics, 0, "1", " a  b   c  co-chairs title x or y  near/5    q   ", NULL);
    topics_free(&topics);
}

static void test_what_is_wrong(void **state) {
    (void)state;
    refused("", "no topics");
    refused("1\ta\n1\tb\n", "two topics have the id 1");
    refused("{\"id\": 1}\n{nonsense\n", "test:2: not a JSON object");
    refused("a b\tfog\n", "without blanks");
    refused("<top> <title> x </top>", "the topic has no id");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),         cmocka_unit_test(test_json),
        cmocka_unit_test(test_trec),          cmocka_unit_test(test_words_lose_their_signs),
        cmocka_unit_test(test_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
