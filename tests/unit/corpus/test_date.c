/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct sample {
    const char *text;
    uint32_t date;
};

static void expect_found(const struct sample *samples, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t date = date_find(samples[i].text, strlen(samples[i].text));
        if (date != samples[i].date)
            print_error("in \"%s\"\n", samples[i].text);
        assert_int_equal(date, samples[i].date);
    }
}

#define EXPECT_FOUND(samples) expect_found(samples, sizeof samples / sizeof *samples)

static void test_english_forms(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"held on 6 August 2018.", 20180806},
        {"held on\n6 August\n2018 in Halden", 20180806},
        {"Monday, 6 August 2018", 20180806},
        {"August 6, 2018", 20180806},
        {"Aug. 6th, 2018", 20180806},
        {"WEDNESDAY 8TH JULY 1998", 19980708},
        {"the 6th of August, 2018", 20180806},
        {"2018-08-06", 20180806},
        {"2018/8/6 minutes", 20180806},
        {"6\xC2\xA0"
         "August\xC2\xA0"
         "2018",
         20180806},
    };
    EXPECT_FOUND(samples);
}

static void test_other_languages(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"le mardi 6 ao\xC3\xBBt 2018", 20180806},
        {"du 1er mars 2019", 20190301},
        {"S\xC3\xA9"
         "ance du 14 d\xC3\xA9"
         "cembre 2020",
         20201214},
        {"el 6 de agosto de 2018", 20180806},
        {"6 de agosto del 2018", 20180806},
        {"Berlin, Freitag, den 6. M\xC3\xA4rz 2015", 20150306},
        {"am 06.08.2018 in Genf", 20180806},
        {"am 6. 8. 2018", 20180806},
        {"2018\xE5\xB9\xB4"
         "8\xE6\x9C\x88"
         "6\xE6\x97\xA5",
         20180806},
    };
    EXPECT_FOUND(samples);
}

static void test_first_day_of_a_range(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"5-7 August 2018", 20180805},
        {"5\xE2\x80\x93"
         "7 August 2018",
         20180805},
        {"26 and 27 June 2019", 20190626},
        {"4, 5 and 6 May 2020", 20200504},
        {"du 5 au 7 mars 2019", 20190305},
        {"del 5 al 7 de marzo de 2019", 20190305},
        {"vom 5. bis 7. M\xC3\xA4rz 2019", 20190305},
        {"30 July to 2 August 2018", 20180730},
        {"30 December - 2 January 2019", 20181230},
        {"August 5-7, 2018", 20180805},
        {"July 30 - August 2, 2018", 20180730},
    };
    EXPECT_FOUND(samples);
}

static void test_month_alone_is_weaker_than_any_full_date(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"first met in October 2017", 20171000},
        {"first met in October 2017, then on 6 August 2018", 20180806},
        {"ao\xC3\xBBt 2018", 20180800},
    };
    EXPECT_FOUND(samples);
}

static void test_order_of_day_and_month_is_not_guessed(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"06/08/2018", 0},
        {"23/08/2018", 20180823},
        {"08/23/2018", 20180823},
        {"8/8/2018", 20180808},
    };
    EXPECT_FOUND(samples);
}

static void test_what_only_looks_like_a_date(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"", 0},
        {"30 February 2018", 20180200}, /* the day is wrong, the month may stand */
        {"29 February 2019", 20190200},
        {"2018-13-01", 0},
        {"A/RES/73/195 and S/PV.8514", 0},
        {"version 10.2.30184", 0},
        {"You may 2 of them", 0},
        {"12345678901234567890", 0},
        {"31 members, 12 absent in 2018", 0},
        {"Augusta 6, 2018", 0},
        {"6 August 9018", 0},
    };
    EXPECT_FOUND(samples);
}

static void test_leap_days(void **state) {
    (void)state;
    static const struct sample samples[] = {{"29 February 2020", 20200229},
                                            {"29 February 2000", 20000229},
                                            {"29 February 1900", 19000200}};
    EXPECT_FOUND(samples);
}

static void test_file_names(void **state) {
    (void)state;
    static const struct sample samples[] = {
        {"som/2018-08-06.txt", 20180806},
        {"minutes_20180806_final.txt", 20180806},
        {"2018_08.txt", 20180800},
        {"2019-07/july-24.md", 20190724},
        {"notes/2014-09/sept-25.md", 20140925},
        {"Islands_1998_July_8.txt", 19980708},
        {"hansard/2024/September/2/part12.html", 20240902},
        {"06-08-2018.txt", 20180806},
        {"council/2022/WG-05-03.md", 20220503},
        {"2021/sg-3-8.md", 20210308},
        {"2024/minutes_11_14_draft.md", 20241114},
        {"2026/06-Jun/04-primary.md", 20260604},
        {"2022/part-05-03-01.md", 20220000}, /* three numbers are not a month and a day */
        {"2022/sg-10-24-22.md", 20221024},
        {"2022/session-05.md", 20220000},
        {"2022/GC-13-03.md", 20220000},
        {"2022/09/03-minutes.html", 20220903},
        {"records/statement-2018.txt", 20180000},
        {"txt/18092.txt", 0},
        {"minutes.txt", 0},
        {"", 0},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        uint32_t date = date_from_name(samples[i].text);
        if (date != samples[i].date)
            print_error("in \"%s\"\n", samples[i].text);
        assert_int_equal(date, samples[i].date);
    }
}

static void test_parse_is_strict(void **state) {
    (void)state;
    assert_int_equal(date_parse("2018"), 20180000);
    assert_int_equal(date_parse("2018-08"), 20180800);
    assert_int_equal(date_parse("2018-08-06"), 20180806);
    assert_int_equal(date_parse("2018-08-06T10:00:00Z"), 20180806);
    static const char *const wrong[] = {"",         "18",         "2018-8-6", "2018-00",
                                        "2018-13",  "2018-02-30", "20180806", "2018-08-06x",
                                        "2018-08-", "6.8.2018",   " 2018",    "2018-08-00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(date_parse(wrong[i]), 0);
    assert_int_equal(date_parse(NULL), 0);
}

static void test_format_shows_what_is_known(void **state) {
    (void)state;
    char out[DATE_FORMAT_SIZE];
    assert_string_equal(date_format(20180806, out), "2018-08-06");
    assert_string_equal(date_format(20180800, out), "2018-08");
    assert_string_equal(date_format(20180000, out), "2018");
    assert_string_equal(date_format(0, out), "");
}

static void test_valid_dates(void **state) {
    (void)state;
    assert_true(date_valid(20180806));
    assert_true(date_valid(20180800));
    assert_false(date_valid(0));
    assert_false(date_valid(20180006));
    assert_false(date_valid(20180832));
    assert_false(date_valid(4294967295u));
}

/* Reading never goes past the text: every prefix is looked at in a block of its exact size. */
static void test_cut_dates_are_read_to_their_end_only(void **state) {
    (void)state;
    static const char text[] = "30 July \xE2\x80\x93 2 Aug. 2018, 2018\xE5\xB9\xB4"
                               "8\xE6\x9C\x88";
    for (size_t size = 0; size < sizeof text; size++) {
        char *copy = test_malloc(size ? size : 1);
        memcpy(copy, text, size);
        uint32_t date = date_find(copy, size);
        assert_true(!date || date_valid(date));
        test_free(copy);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_english_forms),
        cmocka_unit_test(test_other_languages),
        cmocka_unit_test(test_first_day_of_a_range),
        cmocka_unit_test(test_month_alone_is_weaker_than_any_full_date),
        cmocka_unit_test(test_order_of_day_and_month_is_not_guessed),
        cmocka_unit_test(test_what_only_looks_like_a_date),
        cmocka_unit_test(test_leap_days),
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(test_parse_is_strict),
        cmocka_unit_test(test_format_shows_what_is_known),
        cmocka_unit_test(test_valid_dates),
        cmocka_unit_test(test_cut_dates_are_read_to_their_end_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
