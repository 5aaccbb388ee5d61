/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

static void read_tsv(const char *text) {
    reading_string(&reading, FORMAT_TSV, "t.tsv", text);
}

static void a_line_is_an_id_a_tab_and_the_text(void **state) {
    (void)state;
    read_tsv("a1\tThe chair opened the meeting.\na2\tIt rose at noon.\n");
    assert_string_equal(reading_log(&reading), "# a1\nparagraph: The chair opened the meeting.\n"
                                               "# a2\nparagraph: It rose at noon.\n");
    assert_true(reading.document.is_record);
    assert_string_equal(reading.document.source, "t.tsv");
}

static void a_header_names_the_fields(void **state) {
    (void)state;
    read_tsv("id\tdate\tspeaker\tpage\ttitle\ttext\n"
             "x\t2019-03-04\tMs. Okoro\t12\tBudget\tWe agree.\n");
    assert_string_equal(reading_log(&reading), "# x\nparagraph: We agree.\n");
    assert_int_equal(reading.document.date, 20190304);
    assert_string_equal(reading.document.title, "Budget");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "Ms. Okoro");
    assert_int_equal(reading_passage(&reading, 0)->page, 12);
}

static void other_words_in_the_first_line_are_a_record(void **state) {
    (void)state;
    read_tsv("id\tcontents\nx\ttext\n");
    assert_string_equal(reading_log(&reading), "# id\nparagraph: contents\n# x\nparagraph: text\n");
}

static void further_tabs_belong_to_the_last_cell(void **state) {
    (void)state;
    read_tsv("x\tone\ttwo\n");
    assert_string_equal(reading_log(&reading), "# x\nparagraph: one two\n");
}

static void a_backslash_is_a_backslash(void **state) {
    (void)state;
    read_tsv("x\ta\\nb\\t\n");
    assert_string_equal(reading_log(&reading), "# x\nparagraph: a\\nb\\t\n");
}

static void windows_line_ends_and_byte_order_marks_go(void **state) {
    (void)state;
    read_tsv("\xEF\xBB\xBFid\ttext\r\nx\tone\r\n");
    assert_string_equal(reading_log(&reading), "# x\nparagraph: one\n");
}

static void lines_and_bytes_say_where_a_record_stood(void **state) {
    (void)state;
    read_tsv("a\tone\n\nb\ttwo");
    const struct passage *passage = reading_passage(&reading, 0);
    assert_int_equal(passage->line_begin, 3);
    assert_int_equal(passage->line_end, 3);
    assert_int_equal(passage->source_begin, 7);
    assert_int_equal(passage->source_end, 12);
}

static void a_line_without_a_tab_is_named_and_skipped(void **state) {
    (void)state;
    read_tsv("a\tone\nnothing here\nb\ttwo\n");
    assert_int_equal(reading.documents, 2);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S t.tsv:2: the line has no tab"));
}

static void a_record_without_text_and_title_is_skipped(void **state) {
    (void)state;
    read_tsv("a\t \nb\ttwo\n");
    assert_string_equal(reading_log(&reading), "# b\nparagraph: two\n");
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S t.tsv:1: "));
}

static void a_record_with_a_title_only_keeps_it(void **state) {
    (void)state;
    read_tsv("id\ttitle\ttext\na\tNinth session\t\n");
    assert_string_equal(reading_log(&reading), "# a\ntitle: Ninth session\n");
    assert_int_equal(reading.skipped, 0);
}

static void an_empty_id_becomes_path_and_line(void **state) {
    (void)state;
    read_tsv("a\tone\n\ttwo\n");
    assert_string_equal(reading.document.id, "t.tsv:2");
}

static void broken_utf8_and_nuls_are_replaced_and_counted(void **state) {
    (void)state;
    static const char text[] = "a\tcaf\xC3\xA9 \xFF\xFE x\0y\n";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    assert_int_equal(reading_run(&reading, FORMAT_TSV, "t.tsv", text, sizeof text - 1, options), 0);
    assert_string_equal(reading_log(&reading),
                        "# a\nparagraph: caf\xC3\xA9 \xEF\xBF\xBD\xEF\xBF\xBD x\xEF\xBF\xBDy\n");
    assert_int_equal(reading.document.replaced_bytes, 3);
    assert_non_null(strstr(reading_notices(&reading), "W t.tsv:0: 3 bytes"));
}

static void a_line_longer_than_the_limit_is_skipped(void **state) {
    (void)state;
    const char *text = "a\tone\nb\tmuch longer than the others\nc\ttwo\n";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.max_line = 10;
    assert_int_equal(reading_run(&reading, FORMAT_TSV, "t.tsv", text, strlen(text), options), 0);
    assert_string_equal(reading_log(&reading), "# a\nparagraph: one\n# c\nparagraph: two\n");
    assert_non_null(strstr(reading_notices(&reading), "S t.tsv:2: "));
}

static void records_of_one_document_are_its_passages(void **state) {
    (void)state;
    read_tsv("id\tdocument\tdate\ttext\n"
             "s1\tD\t\tfirst\ns2\tD\t2020-01-02\tsecond\nt1\tE\t\tthird\nu\t\t\tfourth\n");
    assert_string_equal(reading_log(&reading), "# D\nparagraph: first\nparagraph: second\n"
                                               "# E\nparagraph: third\n# u\nparagraph: fourth\n");
}

static void the_callback_can_stop_the_reading(void **state) {
    (void)state;
    struct unit unit = {.path = "t.tsv",
                        .source = "t.tsv",
                        .format = FORMAT_TSV,
                        .data = (const uint8_t *)"a\tone\nb\ttwo\n",
                        .size = 12,
                        .line = 1,
                        .first_slice = true};
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    reading = (struct reading){.stop = PLENARY_ESTOPPED};
    document_init(&reading.document);
    assert_int_equal(unit_read(&unit, &options, &reading.document, reading_each, &reading,
                               &reading.skipped, NULL),
                     PLENARY_ESTOPPED);
    assert_int_equal(reading.documents, 1);
}

static void equal_records_have_equal_hashes(void **state) {
    (void)state;
    uint8_t first[16];
    read_tsv("a\tone\n");
    memcpy(first, reading.document.content, sizeof first);
    reading_free(&reading);
    read_tsv("b\tx\na\tone\n");
    assert_memory_equal(first, reading.document.content, sizeof first);
    reading_free(&reading);
    read_tsv("a\ttwo\n");
    assert_memory_not_equal(first, reading.document.content, sizeof first);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_an_id_a_tab_and_the_text),
        TEST(a_header_names_the_fields),
        TEST(other_words_in_the_first_line_are_a_record),
        TEST(further_tabs_belong_to_the_last_cell),
        TEST(a_backslash_is_a_backslash),
        TEST(windows_line_ends_and_byte_order_marks_go),
        TEST(lines_and_bytes_say_where_a_record_stood),
        TEST(a_line_without_a_tab_is_named_and_skipped),
        TEST(a_record_without_text_and_title_is_skipped),
        TEST(a_record_with_a_title_only_keeps_it),
        TEST(an_empty_id_becomes_path_and_line),
        TEST(broken_utf8_and_nuls_are_replaced_and_counted),
        TEST(a_line_longer_than_the_limit_is_skipped),
        TEST(records_of_one_document_are_its_passages),
        TEST(the_callback_can_stop_the_reading),
        TEST(equal_records_have_equal_hashes),
    };
    return cmocka_run_group_tests_name("reader_tsv", tests, NULL, NULL);
}
