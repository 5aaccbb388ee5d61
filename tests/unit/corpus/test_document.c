/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct document document;

static int setup(void **state) {
    (void)state;
    document_init(&document);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    document_free(&document);
    return 0;
}

static struct passage *add(enum passage_kind kind, const char *text) {
    struct passage *passage = document_add(&document, kind, text, strlen(text));
    assert_non_null(passage);
    return passage;
}

static void passages_are_parted_by_one_blank_line(void **state) {
    (void)state;
    add(PASSAGE_PARAGRAPH, "First.");
    struct passage *second = add(PASSAGE_ITEM, "Second.");
    assert_int_equal(second->text_begin, 8);
    assert_int_equal(second->text_end, 15);
    assert_string_equal(bytes_string(&document.text), "First.\n\nSecond.");
}

static void headings_have_no_number_and_do_not_count(void **state) {
    (void)state;
    add(PASSAGE_HEADING, "Agenda");
    add(PASSAGE_PARAGRAPH, "One");
    add(PASSAGE_HEADING, "Budget");
    add(PASSAGE_ROW, "Two");
    assert_int_equal(document_finish(&document), 0);
    static const uint32_t expected[] = {0, 1, 0, 2};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(document.passages[i].number, expected[i]);
}

static void a_title_alone_becomes_the_passage(void **state) {
    (void)state;
    document.title = "Minutes of the ninth session";
    assert_int_equal(document_finish(&document), 0);
    assert_int_equal(document.passage_count, 1);
    assert_int_equal(document.passages[0].kind, PASSAGE_TITLE);
    assert_int_equal(document.passages[0].number, 1);
    assert_string_equal(bytes_string(&document.text), "Minutes of the ninth session");
}

static void a_title_beside_text_adds_no_passage(void **state) {
    (void)state;
    document.title = "Minutes";
    add(PASSAGE_PARAGRAPH, "Text");
    assert_int_equal(document_finish(&document), 0);
    assert_int_equal(document.passage_count, 1);
}

static void control_characters_leave_the_metadata(void **state) {
    (void)state;
    document.id = "a\x1b[31mb\nc";
    document.title = " Tab\there\x7f\xc2\x85 and \xc3\xa9 ";
    document.body = "\x01\x02";
    struct passage *passage = add(PASSAGE_PARAGRAPH, "Text");
    passage->speaker = "The\rChair\x1b";
    passage->heading = "Plain";
    const char *heading = passage->heading;
    assert_int_equal(document_finish(&document), 0);
    assert_string_equal(document.id, "a[31mb c");
    assert_string_equal(document.title, "Tab here and \xc3\xa9");
    assert_null(document.body);
    assert_string_equal(document.passages[0].speaker, "The Chair");
    assert_ptr_equal(document.passages[0].heading, heading);
}

static void shared_strings_are_cleaned_once(void **state) {
    (void)state;
    static const char heading[] = "Item\t4";
    for (int i = 0; i < 3; i++)
        add(PASSAGE_PARAGRAPH, "Text")->heading = heading;
    assert_int_equal(document_finish(&document), 0);
    assert_string_equal(document.passages[0].heading, "Item 4");
    assert_ptr_equal(document.passages[0].heading, document.passages[2].heading);
}

static void reset_forgets_everything_but_the_memory(void **state) {
    (void)state;
    document.title = "Old";
    document.date = 20240101;
    document.is_record = true;
    add(PASSAGE_PARAGRAPH, "Old text");
    size_t capacity = document.passage_capacity;
    document_reset(&document);
    assert_null(document.title);
    assert_int_equal(document.date, 0);
    assert_false(document.is_record);
    assert_int_equal(document.passage_count, 0);
    assert_int_equal(document.text.size, 0);
    assert_int_equal(document.passage_capacity, capacity);
    assert_int_equal(add(PASSAGE_PARAGRAPH, "New")->text_begin, 0);
}

static void thousands_of_passages_keep_their_ranges(void **state) {
    (void)state;
    for (size_t i = 0; i < 5000; i++)
        add(PASSAGE_PARAGRAPH, "abc");
    assert_int_equal(document_finish(&document), 0);
    for (size_t i = 0; i < 5000; i++) {
        assert_int_equal(document.passages[i].text_begin, i * 5);
        assert_int_equal(document.passages[i].number, i + 1);
    }
}

static void a_text_past_its_limit_is_refused(void **state) {
    (void)state;
    document.text.limit = 64;
    char text[100] = {0};
    memset(text, 'x', sizeof text);
    assert_null(document_add(&document, PASSAGE_PARAGRAPH, text, sizeof text));
    assert_int_equal(document.passage_count, 0);
    assert_true(document_finish(&document) < 0);
}

static void joining_leaves_one_passage_over_all_places(void **state) {
    (void)state;
    struct passage *passage = add(PASSAGE_HEADING, "One");
    passage->line_begin = 1;
    passage->source_begin = 10;
    passage = add(PASSAGE_ITEM, "Two");
    passage->line_end = 7;
    passage->source_end = 99;
    document_join(&document);
    assert_int_equal(document.passage_count, 1);
    assert_int_equal(document.passages[0].kind, PASSAGE_PARAGRAPH);
    assert_int_equal(document.passages[0].line_end, 7);
    assert_int_equal(document.passages[0].source_begin, 10);
    assert_int_equal(document.passages[0].source_end, 99);
    assert_int_equal(document.passages[0].text_end, 8);
    assert_string_equal(bytes_string(&document.text), "One  Two");
}

static void kinds_have_their_json_names(void **state) {
    (void)state;
    assert_string_equal(passage_kind_name(PASSAGE_PARAGRAPH), "paragraph");
    assert_string_equal(passage_kind_name(PASSAGE_TITLE), "title");
    assert_string_equal(passage_kind_name(PASSAGE_KINDS), "unknown");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(passages_are_parted_by_one_blank_line),
        TEST(headings_have_no_number_and_do_not_count),
        TEST(a_title_alone_becomes_the_passage),
        TEST(a_title_beside_text_adds_no_passage),
        TEST(control_characters_leave_the_metadata),
        TEST(shared_strings_are_cleaned_once),
        TEST(reset_forgets_everything_but_the_memory),
        TEST(thousands_of_passages_keep_their_ranges),
        TEST(a_text_past_its_limit_is_refused),
        TEST(joining_leaves_one_passage_over_all_places),
        TEST(kinds_have_their_json_names),
    };
    return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
