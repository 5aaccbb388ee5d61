/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    reading = (struct reading){.stop = 0};
    return 0;
}

static void read_captions(const char *text) {
    reading_string(&reading, FORMAT_CAPTIONS, "calls/2020-05-06-board.vtt", text);
}

static void assert_passages(const char *expected) {
    const char *log = reading.documents ? strchr(reading_log(&reading), '\n') + 1 : "";
    assert_string_equal(log, expected);
}

static void cues_are_joined_into_turns(void **state) {
    (void)state;
    read_captions("WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nada: The pier\n\n"
                  "2\n00:00:02.000 --> 00:00:03.000\nada: is closed.\n\n"
                  "3\n01:00:04.500 --> 01:00:05.000\nBo Dahl: Until June.\n");
    assert_passages("paragraph: The pier is closed.\nparagraph: Until June.\n");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "ada");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Bo Dahl");
    assert_string_equal(reading_passage(&reading, 0)->label, "00:00:01");
    assert_string_equal(reading_passage(&reading, 1)->label, "01:00:04");
    assert_int_equal(reading_passage(&reading, 0)->line_begin, 3);
    assert_int_equal(reading_passage(&reading, 0)->line_end, 9);
    assert_string_equal(reading.document.title, "2020-05-06-board");
    assert_int_equal(reading.document.date, 20200506);
}

static void voices_may_change_within_a_cue(void **state) {
    (void)state;
    read_captions(
        "WEBVTT - Board call\n\nNOTE not\nthis\n\nSTYLE\n::cue { color: red }\n\n"
        "00:01.000 --> 00:02.000 align:start\n<v.loud Ada Berg><i>Yes</i> &amp; no.</v>\n\n"
        "00:02.000 --> 00:03.000\n<v Ada Berg>So 3 < 4 <00:02.500>then. <v Bo>Right.\n");
    assert_passages("paragraph: Yes & no. So 3 < 4 then.\nparagraph: Right.\n");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "Ada Berg");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Bo");
    assert_string_equal(reading.document.title, "Board call");
}

static void subrip_is_read_too(void **state) {
    (void)state;
    read_captions(
        "\xEF\xBB\xBF"
        "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}<b>The pier</b>\r\nis closed.\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n>> CHAIR: Order.\r\n");
    assert_passages("paragraph: The pier is closed.\nparagraph: Order.\n");
    assert_null(reading_passage(&reading, 0)->speaker);
    assert_string_equal(reading_passage(&reading, 1)->speaker, "CHAIR");
}

static void words_before_a_colon_are_no_name(void **state) {
    (void)state;
    read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nWe saw three things: rust,\n\n"
                  "00:02.000 --> 00:03.000\nholes and at 10:30 a gull.\n\n"
                  "00:03.000 --> 00:04.000\nNo more.\n");
    assert_passages("paragraph: We saw three things: rust, holes and at 10:30 a gull. No more.\n");
}

static void long_turns_are_cut_behind_sentences(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "WEBVTT\n\n");
    for (int i = 0; i < 60; i++)
        bytes_printf(&text,
                     "00:%02d.000 --> 00:%02d.500\nPier %d is closed and will be so until the "
                     "month of June comes round.\n\n",
                     i, i, i);
    read_captions(bytes_string(&text));
    bytes_free(&text);
    assert_true(reading.document.passage_count >= 3);
    for (size_t i = 0; i < reading.document.passage_count; i++)
        assert_true(reading_passage(&reading, i)->text_end -
                        reading_passage(&reading, i)->text_begin <
                    1200);
}

static void a_file_without_cues_is_named(void **state) {
    (void)state;
    read_captions("WEBVTT\n\nNOTE nothing\n");
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "no readable text"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(cues_are_joined_into_turns),
        TEST(voices_may_change_within_a_cue),
        TEST(subrip_is_read_too),
        TEST(words_before_a_colon_are_no_name),
        TEST(long_turns_are_cut_behind_sentences),
        TEST(a_file_without_cues_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
