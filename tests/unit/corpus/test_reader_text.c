/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What one file gave: copied out of the callback and the notices. */
struct outcome {
    int status, documents, callback_status;
    uint64_t skipped;
    char title[300], id[100], text[4000], notice[300];
    uint32_t date;
    size_t passages;
    struct passage first, last;
    enum notice_level level;
};

static int keep(void *context, struct document *document) {
    struct outcome *outcome = context;
    outcome->documents++;
    outcome->date = document->date;
    outcome->passages = document->passage_count;
    outcome->first = document->passages[0];
    outcome->last = document->passages[document->passage_count - 1];
    snprintf(outcome->title, sizeof outcome->title, "%s", document->title);
    snprintf(outcome->id, sizeof outcome->id, "%s", document->id);
    snprintf(outcome->text, sizeof outcome->text, "%.*s", (int)document->text.size,
             (const char *)document->text.data);
    assert_string_equal(document->source, "/records/file");
    assert_int_equal(document->content[0], 42);
    assert_false(document->is_record);
    return outcome->callback_status;
}

static void note(void *context, const struct notice *notice) {
    struct outcome *outcome = context;
    snprintf(outcome->notice, sizeof outcome->notice, "%s: %s", notice->source, notice->text);
    outcome->level = notice->level;
}

static void read_unit(struct outcome *outcome, const char *path, const char *data, size_t size,
                      bool whole) {
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    struct document document;
    struct error err;
    options.whole = whole;
    options.notify = note;
    options.context = outcome;
    struct unit unit = {.path = path,
                        .source = "/records/file",
                        .format = FORMAT_TEXT,
                        .data = (const uint8_t *)data,
                        .size = size,
                        .line = 1,
                        .content = {42}};
    document_init(&document);
    outcome->status =
        reader_text_read(&unit, &options, &document, keep, outcome, &outcome->skipped, &err);
    document_free(&document);
}

static struct outcome read_file(const char *path, const char *text) {
    struct outcome outcome = {.status = 0};
    read_unit(&outcome, path, text, strlen(text), false);
    assert_int_equal(outcome.status, 0);
    return outcome;
}

static void test_file_becomes_a_titled_and_dated_document(void **state) {
    (void)state;
    struct outcome outcome = read_file("records/veyle.txt", "Pilots' committee\n\n"
                                                            "Held in Veyle on 14 March 2017.\n\n"
                                                            "The chair opened.\n");
    assert_int_equal(outcome.documents, 1);
    assert_string_equal(outcome.id, "records/veyle.txt");
    assert_string_equal(outcome.title, "Pilots' committee");
    assert_int_equal(outcome.date, 20170314);
    assert_int_equal(outcome.passages, 3);
    assert_int_equal(outcome.last.number, 2);
    assert_string_equal(outcome.notice, "");
}

static void test_date_in_the_title_wins_over_text_and_name(void **state) {
    (void)state;
    struct outcome outcome = read_file("2019-01-01.txt", "The draft of 2 May 2016 was sent out.\n");
    assert_int_equal(outcome.date, 20160502);
    outcome = read_file("2019-01-01.txt", "Meeting of 3 June 2018\n\nThe draft of 2 May 2016 was "
                                          "read.\n");
    assert_int_equal(outcome.date, 20180603);
}

static void test_date_of_the_name_fills_in(void **state) {
    (void)state;
    assert_int_equal(read_file("2019-01-02.txt", "Nothing was said.\n").date, 20190102);
    /* A full date in the name knows more than a month in the text. */
    assert_int_equal(read_file("2019-01-02.txt", "First met in May 2016.\n").date, 20190102);
    assert_int_equal(
        read_file("notes.txt", "Nothing was said here at all. It met in May 2016.\n").date,
        20160500);
    assert_int_equal(read_file("notes.txt", "Nothing was said.\n").date, 0);
}

static void test_dates_far_down_are_of_other_meetings(void **state) {
    (void)state;
    char text[4000] = "";
    for (int i = 0; i < 60; i++)
        strcat(text, "The chair spoke.\n");
    strcat(text, "They met on 2 May 2016.\n");
    assert_int_equal(read_file("notes.txt", text).date, 0);
}

static void test_windows_1252_is_read_and_placed_by_source_bytes(void **state) {
    (void)state;
    static const char data[] = "Der Pr\xE4sident kam.\n\nDie Sitzung begann sp\xE4t.\n";
    struct outcome outcome = read_file("a.txt", data);
    assert_int_equal(outcome.passages, 2);
    assert_non_null(strstr(outcome.text, "Pr\xC3\xA4sident"));
    assert_int_equal(outcome.last.source_begin, strstr(data, "Die") - data);
    assert_int_equal(outcome.last.source_end, sizeof data - 2);
    assert_int_equal(outcome.last.line_begin, 3);
}

static void test_replaced_bytes_are_a_warning(void **state) {
    (void)state;
    struct outcome outcome = read_file("a.txt", "Caf\xC3\xA9, th\xC3\xA9 and \xFF tea.\n");
    assert_int_equal(outcome.level, NOTICE_WARNING);
    assert_non_null(strstr(outcome.notice, "a.txt: 1 byte"));
    assert_non_null(strstr(outcome.text, "\xEF\xBF\xBD"));
}

static void test_file_without_text_is_counted_as_skipped(void **state) {
    (void)state;
    struct outcome outcome = read_file("blank.txt", " \n\n\f\n");
    assert_int_equal(outcome.documents, 0);
    assert_int_equal(outcome.skipped, 1);
    assert_int_equal(outcome.level, NOTICE_SKIPPED);
}

static void test_whole_file_is_one_passage_with_the_same_title_and_date(void **state) {
    (void)state;
    static const char text[] = "Pilots' committee\n\nHeld on 14 March 2017.\n\nThe chair opened.\n";
    struct outcome outcome = {.status = 0};
    read_unit(&outcome, "a.txt", text, sizeof text - 1, true);
    assert_int_equal(outcome.passages, 1);
    assert_string_equal(outcome.title, "Pilots' committee");
    assert_int_equal(outcome.date, 20170314);
    assert_int_equal(outcome.first.line_begin, 1);
    assert_int_equal(outcome.first.line_end, 5);
}

static void test_status_of_the_callback_is_passed_on(void **state) {
    (void)state;
    struct outcome outcome = {.callback_status = PLENARY_ESTOPPED};
    read_unit(&outcome, "a.txt", "We met.\n", 8, false);
    assert_int_equal(outcome.status, PLENARY_ESTOPPED);
}

static void test_real_statement_is_titled_and_dated(void **state) {
    (void)state;
    const char *folder = getenv("PLENARY_DATA");
    char path[4096], text[20000];
    snprintf(path, sizeof path, "%s/bali-process-som-2018.txt", folder ? folder : "../shared/data");
    FILE *file = fopen(path, "rb");
    if (!file) {
        print_message("skipped: no shared data\n");
        skip();
    }
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    struct outcome outcome = {.status = 0};
    read_unit(&outcome, "bali-process-som-2018.txt", text, size, false);
    assert_int_equal(outcome.date, 20180806);
    assert_int_equal(outcome.last.number, 9);
    assert_int_equal(outcome.last.line_end, 47);
    assert_string_equal(outcome.title, "The Seventh Senior Officials Meeting of the Bali Process "
                                       "was held in Bali, Indonesia");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_becomes_a_titled_and_dated_document),
        cmocka_unit_test(test_date_in_the_title_wins_over_text_and_name),
        cmocka_unit_test(test_date_of_the_name_fills_in),
        cmocka_unit_test(test_dates_far_down_are_of_other_meetings),
        cmocka_unit_test(test_windows_1252_is_read_and_placed_by_source_bytes),
        cmocka_unit_test(test_replaced_bytes_are_a_warning),
        cmocka_unit_test(test_file_without_text_is_counted_as_skipped),
        cmocka_unit_test(test_whole_file_is_one_passage_with_the_same_title_and_date),
        cmocka_unit_test(test_status_of_the_callback_is_passed_on),
        cmocka_unit_test(test_real_statement_is_titled_and_dated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
