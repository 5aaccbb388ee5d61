/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Citations: what names a passage so that it can be found again. */
#include "searcher/citation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct document_row a_document(void) {
    return (struct document_row){
        .id = "bali.txt",
        .source = "/home/reader/records/bali.txt",
        .title = "Bali Process SOM 2018",
        .date = 20180806,
        .language = "english",
        .first_passage = 100,
        .passage_count = 20,
    };
}

static struct passage_row a_passage(void) {
    return (struct passage_row){
        .kind = PASSAGE_PARAGRAPH,
        .number = 7,
        .page = 3,
        .line_begin = 18,
        .line_end = 23,
        .speaker = "The Chair",
        .heading = "Bali Process SOM 2018 > Engagement on irregular migration",
    };
}

static void assert_written(struct bytes *written, const char *expected) {
    assert_string_equal(bytes_string(written), expected);
    bytes_free(written);
}

static void assert_dates(uint32_t date, const char *readable, const char *iso) {
    struct bytes out = BYTES_INIT;
    citation_date(&out, date);
    assert_written(&out, readable);
    citation_iso_date(&out, date);
    assert_written(&out, iso);
}

static void a_date_says_as_much_as_is_known(void **state) {
    (void)state;
    assert_dates(20180806, "6 August 2018", "2018-08-06");
    assert_dates(20181231, "31 December 2018", "2018-12-31");
    assert_dates(20180800, "August 2018", "2018-08");
    assert_dates(20180000, "2018", "2018");
    assert_dates(0, "", "");
}

static void a_date_outside_the_calendar_is_cut_to_what_makes_sense(void **state) {
    (void)state;
    assert_dates(20181399, "2018", "2018");
    assert_dates(20180899, "August 2018", "2018-08");
    assert_dates(UINT32_MAX, "429496", "429496");
}

static void a_full_citation_has_everything_in_order(void **state) {
    (void)state;
    struct document_row document = a_document();
    struct passage_row passage = a_passage();
    struct bytes out = BYTES_INIT;
    citation_write(&out, &document, &passage);
    assert_written(&out, "Bali Process SOM 2018 · 6 August 2018 · Engagement on irregular migration"
                         " · ¶ 7 · The Chair · p. 3");
    citation_place(&out, &document, &passage);
    assert_written(&out, "Engagement on irregular migration · ¶ 7 · The Chair · p. 3");
}

static void assert_cited(const char *title, uint32_t date, const char *expected) {
    struct document_row document = {.title = title, .date = date};
    struct passage_row passage = {.number = 1};
    struct bytes out = BYTES_INIT;
    citation_write(&out, &document, &passage);
    assert_written(&out, expected);
}

static void a_date_that_the_title_tells_is_not_repeated(void **state) {
    (void)state;
    assert_cited("Council, 18 April 2023", 20230418, "Council, 18 April 2023 · ¶ 1");
    assert_cited("Council (2023-04-18)", 20230418, "Council (2023-04-18) · ¶ 1");
    assert_cited("Conseil, 18 avril 2023", 20230418, "Conseil, 18 avril 2023 · ¶ 1");
    assert_cited("Council, April 2023", 20230400, "Council, April 2023 · ¶ 1");
    assert_cited("Council 2023", 20230000, "Council 2023 · ¶ 1");
    assert_cited("Council, 18 April 2023", 20230419,
                 "Council, 18 April 2023 · 19 April 2023 · ¶ 1");
    assert_cited("Council, April 2023", 20230418, "Council, April 2023 · 18 April 2023 · ¶ 1");
    assert_cited("Paper 12023", 20230000, "Paper 12023 · 2023 · ¶ 1");
}

static void what_is_not_known_is_left_out(void **state) {
    (void)state;
    struct document_row document = {.id = "som-2018"};
    struct passage_row passage = {.number = 1};
    struct bytes out = BYTES_INIT;
    citation_write(&out, &document, &passage);
    assert_written(&out, "som-2018 · ¶ 1");
    document.title = "";
    passage = (struct passage_row){.kind = PASSAGE_HEADING};
    citation_write(&out, &document, &passage);
    assert_written(&out, "som-2018");
}

static void a_printed_number_is_cited_and_a_bullet_is_not(void **state) {
    (void)state;
    struct passage_row passage = {.number = 14, .label = "12."};
    struct bytes out = BYTES_INIT;
    citation_paragraph(&out, &passage);
    assert_written(&out, "¶ 14 “12.”");
    passage.label = "•";
    citation_paragraph(&out, &passage);
    assert_written(&out, "¶ 14");
}

static void the_title_is_not_repeated_as_a_heading(void **state) {
    (void)state;
    struct document_row document = a_document();
    struct passage_row passage = a_passage();
    passage.heading = "Bali Process SOM 2018";
    assert_null(citation_section(&document, &passage));
    passage.heading = "Bali Process SOM 2018 and after";
    assert_string_equal(citation_section(&document, &passage), "Bali Process SOM 2018 and after");
    passage.heading = "Bali Process > Priorities > Bali Process";
    assert_string_equal(citation_section(&document, &passage), "Priorities > Bali Process");
    passage.heading = "Bali";
    assert_null(citation_section(&document, &passage));
    passage.heading = "Bal > Priorities";
    assert_string_equal(citation_section(&document, &passage), "Bal > Priorities");
    document.title = NULL;
    passage.heading = "Priorities > Next year";
    assert_string_equal(citation_section(&document, &passage), "Priorities > Next year");
}

static void a_passage_has_an_id_of_its_own(void **state) {
    (void)state;
    struct document_row document = a_document();
    struct passage_row passage = a_passage();
    struct bytes out = BYTES_INIT;
    citation_passage_id(&out, &document, &passage, 108);
    assert_written(&out, "bali.txt#7");
    passage.number = 0;
    citation_passage_id(&out, &document, &passage, 104);
    assert_written(&out, "bali.txt#h5");
    passage.id = "S/PV.8514-12";
    citation_passage_id(&out, &document, &passage, 104);
    assert_written(&out, "S/PV.8514-12");
}

static void a_source_below_the_folder_is_relative_to_it(void **state) {
    (void)state;
    struct document_row document = a_document();
    struct passage_row passage = a_passage();
    struct bytes out = BYTES_INIT;
    citation_source(&out, &document, &passage, "/home/reader");
    assert_written(&out, "records/bali.txt:18-23");
    citation_source(&out, &document, &passage, "/home/reader/");
    assert_written(&out, "records/bali.txt:18-23");
    citation_source(&out, &document, &passage, "/home/read");
    assert_written(&out, "/home/reader/records/bali.txt:18-23");
    citation_source(&out, &document, &passage, NULL);
    assert_written(&out, "/home/reader/records/bali.txt:18-23");
    citation_source(&out, &document, &passage, "/");
    assert_written(&out, "/home/reader/records/bali.txt:18-23");
}

static void one_line_and_no_line_are_written_so(void **state) {
    (void)state;
    struct document_row document = a_document();
    struct passage_row passage = {.line_begin = 18, .line_end = 18};
    struct bytes out = BYTES_INIT;
    citation_source(&out, &document, &passage, "/home/reader/records");
    assert_written(&out, "bali.txt:18");
    passage.line_begin = 0;
    citation_source(&out, &document, &passage, "/home/reader/records");
    assert_written(&out, "bali.txt");
    document.source = "-";
    citation_source(&out, &document, &passage, NULL);
    assert_written(&out, "(standard input)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_says_as_much_as_is_known),
        cmocka_unit_test(a_date_outside_the_calendar_is_cut_to_what_makes_sense),
        cmocka_unit_test(a_full_citation_has_everything_in_order),
        cmocka_unit_test(a_date_that_the_title_tells_is_not_repeated),
        cmocka_unit_test(what_is_not_known_is_left_out),
        cmocka_unit_test(a_printed_number_is_cited_and_a_bullet_is_not),
        cmocka_unit_test(the_title_is_not_repeated_as_a_heading),
        cmocka_unit_test(a_passage_has_an_id_of_its_own),
        cmocka_unit_test(a_source_below_the_folder_is_relative_to_it),
        cmocka_unit_test(one_line_and_no_line_are_written_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
