/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

static void read_jsonl(const char *text) {
    reading_string(&reading, FORMAT_JSONL, "r.jsonl", text);
}

static void all_fields_of_a_record_are_used(void **state) {
    (void)state;
    read_jsonl(
        "{\"id\":\"A/1\",\"text\":\"We agree.\",\"title\":\"Plenary\",\"date\":\"2018-08-06\","
        "\"speaker\":\"Ms. Lind\",\"heading\":\"Item 4\",\"language\":\"en\","
        "\"source\":\"/records/a1.pdf\",\"page\":7,\"body\":\"Assembly\"}\n");
    const struct document *document = &reading.document;
    assert_string_equal(reading_log(&reading), "# A/1\nparagraph: We agree.\n");
    assert_string_equal(document->title, "Plenary");
    assert_int_equal(document->date, 20180806);
    assert_string_equal(document->language, "en");
    assert_string_equal(document->source, "/records/a1.pdf");
    assert_string_equal(document->body, "Assembly");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "Ms. Lind");
    assert_string_equal(reading_passage(&reading, 0)->heading, "Item 4");
    assert_int_equal(reading_passage(&reading, 0)->page, 7);
}

static void numbers_do_for_ids_and_null_for_nothing(void **state) {
    (void)state;
    read_jsonl("{\"id\": 42, \"text\": \"x\", \"speaker\": null}\n");
    assert_string_equal(reading_log(&reading), "# 42\nparagraph: x\n");
    assert_null(reading_passage(&reading, 0)->speaker);
}

static void text_with_blank_lines_is_cut_into_paragraphs(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"a\",\"speaker\":\"Chair\",\"text\":\"The first paragraph ends "
               "here.\\n\\nThe second one follows.\"}\n");
    assert_string_equal(reading_log(&reading), "# a\nparagraph: The first paragraph ends here.\n"
                                               "paragraph: The second one follows.\n");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Chair");
    assert_int_equal(reading_passage(&reading, 1)->line_begin, 1);
}

static void whole_keeps_a_record_together(void **state) {
    (void)state;
    const char *text = "{\"id\":\"a\",\"text\":\"One.\\n\\nTwo.\"}\n";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.whole = true;
    assert_int_equal(reading_run(&reading, FORMAT_JSONL, "r", text, strlen(text), options), 0);
    assert_string_equal(reading_log(&reading), "# a\nparagraph: One. Two.\n");
}

static void records_of_one_document_are_its_passages(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"D:1\",\"document\":\"D\",\"text\":\"One.\\n\\nStill one.\"}\n"
               "{\"id\":\"D:2\",\"document\":\"D\",\"text\":\"Two.\",\"title\":\"Late title\"}\n");
    assert_string_equal(reading_log(&reading),
                        "# D\nparagraph: One. Still one.\nparagraph: Two.\n");
    assert_string_equal(reading_passage(&reading, 0)->id, "D:1");
    assert_string_equal(reading_passage(&reading, 1)->id, "D:2");
    assert_int_equal(reading_passage(&reading, 1)->line_begin, 2);
    assert_string_equal(reading.document.title, "Late title");
}

static void a_bad_line_does_not_end_a_document(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"1\",\"document\":\"D\",\"text\":\"One.\"}\nnot json\n"
               "{\"id\":\"2\",\"document\":\"D\",\"text\":\"Two.\"}\n");
    assert_string_equal(reading_log(&reading), "# D\nparagraph: One.\nparagraph: Two.\n");
}

static void bad_json_is_named_with_line_and_column(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"a\",\"text\":\"x\"}\n{\"id\":\"b\",,}\n{\"id\":\"c\",\"text\":\"y\"}\n");
    assert_int_equal(reading.documents, 2);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S r.jsonl:2: invalid JSON in column 11"));
}

static void what_is_not_an_object_or_a_string_is_skipped(void **state) {
    (void)state;
    read_jsonl("[1,2]\n\"text\"\n{\"id\":\"a\",\"text\":[\"x\"]}\n{\"id\":{},\"text\":\"x\"}\n");
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 4);
}

static void deep_nesting_is_a_notice(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 100000; i++)
        bytes_add_byte(&text, '[');
    bytes_add_string(&text, "\n{\"id\":\"a\",\"text\":\"still read\"}\n");
    read_jsonl(bytes_string(&text));
    bytes_free(&text);
    assert_string_equal(reading_log(&reading), "# a\nparagraph: still read\n");
    assert_int_equal(reading.skipped, 1);
}

static void nuls_and_controls_leave_names(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"a\\u0000b\\u001b[1m\",\"text\":\"one\\u0000two\"}\n");
    assert_string_equal(reading_log(&reading), "# a b[1m\nparagraph: one two\n");
}

static void broken_utf8_is_replaced_and_the_record_kept(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"a\",\"text\":\"caf\xE9 au lait\"}\n");
    assert_string_equal(reading_log(&reading), "# a\nparagraph: caf\xEF\xBF\xBD au lait\n");
    assert_int_equal(reading.document.replaced_bytes, 1);
}

static void a_strange_date_is_no_date(void **state) {
    (void)state;
    read_jsonl("{\"id\":\"a\",\"text\":\"x\",\"date\":\"someday\"}\n");
    assert_int_equal(reading.document.date, 0);
    assert_non_null(strstr(reading_notices(&reading), "D r.jsonl:1: \"someday\""));
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(all_fields_of_a_record_are_used),
        TEST(numbers_do_for_ids_and_null_for_nothing),
        TEST(text_with_blank_lines_is_cut_into_paragraphs),
        TEST(whole_keeps_a_record_together),
        TEST(records_of_one_document_are_its_passages),
        TEST(a_bad_line_does_not_end_a_document),
        TEST(bad_json_is_named_with_line_and_column),
        TEST(what_is_not_an_object_or_a_string_is_skipped),
        TEST(deep_nesting_is_a_notice),
        TEST(nuls_and_controls_leave_names),
        TEST(broken_utf8_is_replaced_and_the_record_kept),
        TEST(a_strange_date_is_no_date),
    };
    return cmocka_run_group_tests_name("reader_jsonl", tests, NULL, NULL);
}
