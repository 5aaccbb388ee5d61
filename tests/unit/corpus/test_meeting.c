/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a meeting was and whose it was: file_date.h, body.h; what is written beside: metadata.h. */
#include "corpus/body.h"
#include "corpus/date.h"
#include "corpus/document.h"
#include "corpus/file_date.h"
#include "corpus/metadata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bodies_are_found(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"GraphQL WG Meeting #4", "GraphQL WG"},
        {"Node.js Foundation Technical Steering Committee (TSC) Meeting 2018-10-17",
         "Node.js Foundation Technical Steering Committee"},
        {"Agenda for the June 13 video call of WebAssembly's Community Group",
         "WebAssembly's Community Group"},
        {"13th June 2024 102nd TC39 Meeting", "TC39"},
        {"Deutscher Bundestag", "Deutscher Bundestag"},
        {"Minutes of the Committee on Trade and Development", "Committee on Trade and Development"},
        {"WG Long Term Support Charter", "WG Long Term Support"},
        {"Meeting of the Bali Process was held", "Bali Process"},
        {"Conseil municipal de Sablon", "Conseil municipal de Sablon"},
        {"January 30, 2014 Meeting Notes", ""},
        {"The committee met", ""},
        {"Blau v. National Labor Relations Board", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t begin = 0, size = body_in(cases[i][0], strlen(cases[i][0]), &begin);
        char found[100] = "";
        assert_true(size < sizeof found);
        memcpy(found, cases[i][0] + begin, size);
        assert_string_equal(found, cases[i][1]);
    }
}

static void a_day_without_a_year_takes_one_that_fits(void **state) {
    (void)state;
    int weekday;
    assert_int_equal(date_find_in_year("Monday, 6 August", 16, 2018, &weekday), 20180806);
    assert_int_equal(weekday, 1);
    assert_int_equal(date_find_in_year("Monday, 6 August", 16, 2019, &weekday), 20190806);
    assert_int_equal(weekday, -1);
    assert_int_equal(date_find_in_year("lundi 6 ao\xC3\xBBt", 13, 2018, &weekday), 20180806);
    assert_int_equal(weekday, 1);
    assert_int_equal(date_find_in_year("Freitag, den 6. M\xC3\xA4rz", 21, 2015, &weekday),
                     20150306);
    assert_int_equal(weekday, 1);
    assert_int_equal(date_find_in_year("March 3rd", 9, 2021, &weekday), 20210303);
    assert_int_equal(weekday, 0);
    assert_int_equal(date_find_in_year("no day", 6, 2021, &weekday), 0);
    assert_int_equal(date_find_in_year("6 August", 8, 0, &weekday), 0);
}

struct line {
    enum passage_kind kind;
    const char *text;
};

static uint32_t date_of(const char *title, const char *path, const struct line *lines) {
    struct document document;
    document_init(&document);
    document.title = title;
    for (; lines->text; lines++)
        document_add(&document, lines->kind, lines->text, strlen(lines->text));
    uint32_t date = file_date(&document, path, NULL, 0);
    document_free(&document);
    return date;
}

#define LINES(...) ((const struct line[]){__VA_ARGS__, {PASSAGE_PARAGRAPH, NULL}})

static void dates_go_by_trust(void **state) {
    (void)state;
    const struct line label = {PASSAGE_ITEM, "When: October 20, 2022, 5pm"};
    const struct line other = {PASSAGE_PARAGRAPH, "Applications close on 10 January 2025."};
    const struct line weekday = {PASSAGE_PARAGRAPH, "Monday, 6 August"};
    assert_int_equal(date_of("Call", "a.md", LINES(label)), 20221020);
    assert_int_equal(date_of("Notes, January 2025", "2025-01.md", LINES(other)), 20250100);
    assert_int_equal(date_of("Notes", "notes.md", LINES(other)), 20250110);
    assert_int_equal(date_of("Notes of 3 May 2019", "2018-01-01.md", LINES(other)), 20190503);
    assert_int_equal(date_of("Council 2018", "a.md", LINES(weekday)), 20180806);
    assert_int_equal(date_of("Council", "minutes/2018/a.md", LINES(weekday)), 20180806);
    assert_int_equal(date_of("Council", "minutes/2018-08-07.md", LINES(weekday)), 20180807);
}

static void the_next_meeting_is_another_one(void **state) {
    (void)state;
    const struct line next = {PASSAGE_HEADING, "Dec - cancelled, next meeting Jan 2nd 2024"};
    const struct line this = {PASSAGE_HEADING, "Dec 5, 2023; Next call: 12 December 2023"};
    const struct line french = {PASSAGE_PARAGRAPH, "Prochaine r\xC3\xA9union le 4 mai 2021"};
    const struct line day = {PASSAGE_PARAGRAPH, "Next meeting Monday, 6 August"};
    assert_int_equal(date_of("Notes 2023", "notes-2023.md", LINES(next)), 20230000);
    assert_int_equal(date_of("Notes 2023", "notes-2023.md", LINES(next, this)), 20231205);
    assert_int_equal(date_of("Notes", "notes.md", LINES(french)), 0);
    assert_int_equal(date_of("Council 2018", "a.md", LINES(day)), 0);
}

static void metadata_overrides_but_keeps_a_day_within_its_month(void **state) {
    (void)state;
    struct document document;
    document_init(&document);
    struct metadata month = {.date = 20180800}, other = {.date = 20190100};
    document.date = 20180806;
    assert_int_equal(metadata_apply(&month, &document), 0);
    assert_int_equal(document.date, 20180806);
    assert_int_equal(metadata_apply(&other, &document), 0);
    assert_int_equal(document.date, 20190100);
    assert_true(metadata_hash(&month) != metadata_hash(&other));
    assert_int_equal(metadata_hash(&(struct metadata){.date = 0}), 0);
    document_free(&document);
}

static void manifests_and_sidecars_are_told_by_their_look(void **state) {
    (void)state;
    static const char manifest[] = "filename\tdate\ttitle\nx\t\t\n", records[] = "filename\ttext\n";
    assert_true(metadata_is_manifest((const uint8_t *)manifest, sizeof manifest - 1));
    assert_false(metadata_is_manifest((const uint8_t *)records, sizeof records - 1));
    assert_false(metadata_is_manifest((const uint8_t *)manifest, 5));
    assert_false(metadata_is_manifest(NULL, 0));
    assert_true(metadata_is_sidecar("a.meta.json"));
    assert_false(metadata_is_sidecar(".meta.json"));
    assert_false(metadata_is_sidecar("meta.json"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_found),
        cmocka_unit_test(a_day_without_a_year_takes_one_that_fits),
        cmocka_unit_test(dates_go_by_trust),
        cmocka_unit_test(the_next_meeting_is_another_one),
        cmocka_unit_test(metadata_overrides_but_keeps_a_day_within_its_month),
        cmocka_unit_test(manifests_and_sidecars_are_told_by_their_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
