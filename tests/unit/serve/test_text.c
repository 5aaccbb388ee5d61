/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/plenary.h"
#include "searcher/serve/send.h"
#include "searcher/serve/text.h"
#include "searcher/serve/token.h"
#include "searcher/serve/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bytes out;

static const char *html(const char *text) {
    bytes_reset(&out);
    text_html(&out, text);
    return bytes_string(&out);
}

static const char *json(const char *text) {
    bytes_reset(&out);
    text_json(&out, text);
    return bytes_string(&out);
}

#define REPLACED "\xEF\xBF\xBD"

static void html_has_no_markup_left(void **state) {
    (void)state;
    assert_string_equal(html("<a href='x'>&\"</a>"),
                        "&lt;a href=&#39;x&#39;&gt;&amp;&quot;&lt;/a&gt;");
    assert_string_equal(html("tab\tline\nS\xC3\xA3o \xF0\x9F\x98\x80"),
                        "tab\tline\nS\xC3\xA3o \xF0\x9F\x98\x80");
    assert_string_equal(html("a\x1b[31m\x7f"), "a" REPLACED "[31m" REPLACED);
    assert_string_equal(html("\xE2\x80\xAE\xE2\x81\xA6\xC2\x85"), REPLACED REPLACED REPLACED);
    assert_string_equal(html("\xff\xc3"), REPLACED REPLACED);
    assert_string_equal(html(""), "");
}

static void marks_stand_around_what_matched(void **state) {
    (void)state;
    const struct plenary_range marks[] = {{0, 1}, {2, 4}, {3, 9}, {40, 50}};
    bytes_reset(&out);
    text_html_marked(&out, "a<b&c", 5, marks, 4);
    assert_string_equal(bytes_string(&out), "<mark>a</mark>&lt;<mark>b&amp;</mark>c");
}

static void json_strings_are_strings(void **state) {
    (void)state;
    assert_string_equal(json(NULL), "null");
    assert_string_equal(json("a\"b\\c\n"), "\"a\\\"b\\\\c\\n\"");
    assert_string_equal(json("\x01\x7f\xE2\x80\xAE"), "\"\\u0001\\u007F\\u202E\"");
    assert_string_equal(json("</script>"), "\"\\u003C/script>\"");
    assert_string_equal(json("\xff"), "\"" REPLACED "\"");
}

static void tags_are_compared_weakly(void **state) {
    (void)state;
    assert_true(send_tag_matches("W/\"1-a\"", "W/\"1-a\""));
    assert_true(send_tag_matches("\"x\", \"1-a\"", "W/\"1-a\""));
    assert_true(send_tag_matches("*", "W/\"1-a\""));
    assert_false(send_tag_matches("\"1-ab\"", "W/\"1-a\""));
    assert_false(send_tag_matches("\"1-a", "W/\"1-a\""));
    assert_false(send_tag_matches("1-a", "W/\"1-a\""));
    assert_false(send_tag_matches("", "W/\"1-a\""));
}

static void gzip_goes_to_who_takes_it(void **state) {
    (void)state;
    assert_true(send_accepts_gzip("gzip, deflate, br"));
    assert_true(send_accepts_gzip("br;q=1.0, GZIP;q=0.5"));
    assert_true(send_accepts_gzip("*"));
    assert_false(send_accepts_gzip("gzip;q=0"));
    assert_false(send_accepts_gzip("gzip;q=0, *"));
    assert_false(send_accepts_gzip("identity"));
    assert_false(send_accepts_gzip(NULL));
    assert_false(send_accepts_gzip(",,;q=,;;"));
}

static void a_token_is_all_of_it(void **state) {
    (void)state;
    assert_true(token_matches("s3cret", "Bearer s3cret"));
    assert_true(token_matches("s3cret", "basic YTpzM2NyZXQ="));
    assert_false(token_matches("s3cret", "Bearer s3cre"));
    assert_false(token_matches("s3cret", "Bearer s3crets3cret"));
    assert_false(token_matches("s3cret", "Bearer "));
    assert_false(token_matches("s3cret", "Basic YTpzM2NyZXR4"));
    assert_false(token_matches("s3cret", "Basic !!!"));
    assert_false(token_matches("s3cret", NULL));
}

static void languages_are_those_asked_for(void **state) {
    (void)state;
    assert_int_equal(words_choose(NULL, NULL), WORDS_ENGLISH);
    assert_int_equal(words_choose("fr", "es"), WORDS_FRENCH);
    assert_int_equal(words_choose("xx", "es-MX, en;q=0.3"), WORDS_SPANISH);
    assert_int_equal(words_choose(NULL, "de, fr;q=0.2, en;q=0.7"), WORDS_ENGLISH);
    assert_int_equal(words_choose(NULL, "fra, ,;q=1"), WORDS_ENGLISH);
    for (int language = 0; language < WORDS_LANGUAGES; language++)
        for (int i = 0; i < WORDS_COUNT; i++)
            assert_non_null(words((enum words_language)language, (enum words)i));
}

static void numbers_and_dates_are_as_readers_write_them(void **state) {
    (void)state;
    bytes_reset(&out);
    words_number(&out, WORDS_ENGLISH, 1234567);
    words_date(&out, WORDS_ENGLISH, "2018-08-06");
    words_date(&out, WORDS_FRENCH, "2018-08");
    words_date(&out, WORDS_SPANISH, NULL);
    assert_string_equal(bytes_string(&out), "1,234,5676 Aug 2018ao\xC3\xBBt 2018sin fecha");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_has_no_markup_left),
        cmocka_unit_test(marks_stand_around_what_matched),
        cmocka_unit_test(json_strings_are_strings),
        cmocka_unit_test(tags_are_compared_weakly),
        cmocka_unit_test(gzip_goes_to_who_takes_it),
        cmocka_unit_test(a_token_is_all_of_it),
        cmocka_unit_test(languages_are_those_asked_for),
        cmocka_unit_test(numbers_and_dates_are_as_readers_write_them),
    };
    int failed = cmocka_run_group_tests_name("text", tests, NULL, NULL);
    bytes_free(&out);
    return failed;
}
