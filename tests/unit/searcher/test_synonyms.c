/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synonyms: what a file may say, and what it makes of queries. */
#include "searcher/synonyms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char rules[] = "# both ways\n"
                            "people smuggling = smuggling of migrants\n"
                            "\n"
                            "UNHCR = UN Refugee Agency # and here\r\n"
                            "vessel => boat\n"
                            "people => persons\n"
                            "IUU => illegal fishing = unreported fishing\n";

static struct synonyms *parse(const char *text) {
    struct synonyms *synonyms;
    struct error err = {0};
    if (synonyms_parse(&synonyms, "list.txt", text, strlen(text), &err))
        fail_msg("%s", err.message);
    return synonyms;
}

static void expect(const struct synonyms *synonyms, const char *text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct query query;
    struct bytes out = BYTES_INIT;
    assert_int_equal(query_parse(&query, &arena, text, strlen(text), NULL), 0);
    assert_int_equal(synonyms_apply(synonyms, &query, &arena, NULL), 0);
    query_describe(query.root, &out);
    assert_non_null(bytes_string(&out));
    assert_string_equal((const char *)out.data, expected);
    bytes_free(&out);
    arena_free(&arena);
}

static void test_words_and_phrases_get_alternatives(void **state) {
    (void)state;
    struct synonyms *synonyms = parse(rules);
    expect(synonyms, "vessel", "vessel OR boat");
    expect(synonyms, "boat", "boat");
    expect(synonyms, "unhcr AND port", "(unhcr OR \"UN Refugee Agency\") AND port");
    expect(synonyms, "\"smuggling of migrants\"",
           "\"smuggling of migrants\" OR \"people smuggling\"");
    expect(synonyms, "\"the people smuggling ring\"",
           "\"the people smuggling ring\" OR \"the smuggling of migrants ring\"");
    expect(synonyms, "iuu", "iuu OR \"illegal fishing\" OR \"unreported fishing\"");
    expect(synonyms, "nothing known", "nothing OR known");
    synonyms_free(synonyms);
}

static void test_words_side_by_side_are_a_run(void **state) {
    (void)state;
    struct synonyms *synonyms = parse(rules);
    expect(synonyms, "people smuggling sea",
           "people OR persons OR smuggling OR \"smuggling of migrants\" OR sea");
    expect(synonyms, "people AND smuggling",
           "((people OR persons) AND smuggling) OR \"smuggling of migrants\"");
    expect(synonyms, "UN AND Refugee AND Agency", "(UN AND Refugee AND Agency) OR UNHCR");
    expect(synonyms, "vessel NEAR/3 port", "(vessel OR boat) NEAR/3 port");
    expect(synonyms, "-vessel", "NOT (vessel OR boat)");
    synonyms_free(synonyms);
}

static void test_other_leaves_stay_as_they_are(void **state) {
    (void)state;
    struct synonyms *synonyms = parse(rules);
    expect(synonyms, "=vessel title:vessel vessel* vessel~",
           "=vessel OR title:vessel OR vessel* OR vessel~");
    expect(synonyms, "*", "*");
    expect(synonyms, "", "");
    synonyms_free(synonyms);
    synonyms = parse("");
    expect(synonyms, "vessel", "vessel");
    synonyms_free(synonyms);
}

static void test_errors_name_the_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } wrong[] = {{"a = b\nc\n", "list.txt:2: no = or =>"},
                 {"= b", "list.txt:1: nothing on one side"},
                 {"#\n\na =>", "list.txt:3: nothing on one side"},
                 {"a => b => c", "list.txt:1: more than one =>"},
                 {"a = b = = c", "list.txt:1: nothing on one side"},
                 {"1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 = x", "list.txt:1: a synonym of more than"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct synonyms *synonyms;
        struct error err = {0};
        assert_int_equal(
            synonyms_parse(&synonyms, "list.txt", wrong[i].text, strlen(wrong[i].text), &err),
            PLENARY_EINVALID);
        assert_null(synonyms);
        if (!strstr(err.message, wrong[i].message))
            fail_msg("%s is refused by: %s", wrong[i].text, err.message);
    }
    struct synonyms *synonyms;
    struct error err = {0};
    assert_int_equal(synonyms_parse(&synonyms, "x", "a\0b", 3, &err), PLENARY_EINVALID);
    assert_int_equal(synonyms_read(&synonyms, "/nowhere/at/all", &err), PLENARY_EINVALID);
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
}

static void test_what_is_added_is_limited(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 40; i++)
        for (int k = 0; k < 10; k++)
            bytes_printf(&text, "w%d => x%d\n", i, k);
    assert_non_null(bytes_string(&text));
    struct synonyms *synonyms = parse((const char *)text.data);
    struct arena arena = ARENA_INIT;
    struct query query;
    bytes_reset(&text);
    for (int i = 0; i < 40; i++)
        bytes_printf(&text, "w%d ", i);
    assert_int_equal(query_parse(&query, &arena, (const char *)text.data, text.size, NULL), 0);
    assert_int_equal(synonyms_apply(synonyms, &query, &arena, NULL), 0);
    assert_int_equal(query.root->count, 40 + SYNONYMS_ADDED_MAX);
    assert_int_equal(query.notice_count, 1);
    bytes_free(&text);
    arena_free(&arena);
    synonyms_free(synonyms);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_phrases_get_alternatives),
        cmocka_unit_test(test_words_side_by_side_are_a_run),
        cmocka_unit_test(test_other_leaves_stay_as_they_are),
        cmocka_unit_test(test_errors_name_the_line),
        cmocka_unit_test(test_what_is_added_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
