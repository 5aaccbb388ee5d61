/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    reading = (struct reading){.stop = 0};
    return 0;
}

static void read_rtf(const char *text) {
    reading_string(&reading, FORMAT_RTF, "minutes.rtf", text);
}

static void assert_passages(const char *expected) {
    const char *log = reading.documents ? strchr(reading_log(&reading), '\n') + 1 : "";
    assert_string_equal(log, expected);
}

static void paragraphs_end_at_par(void **state) {
    (void)state;
    read_rtf("{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 First\nline.\\par\r\nSecond\\line part."
             "\\par\\par Third; with {\\b bold} and \\{braces\\}.\\\nFourth}");
    assert_passages("paragraph: Firstline.\nparagraph: Second part.\n"
                    "paragraph: Third; with bold and {braces}.\nparagraph: Fourth\n");
}

static void characters_come_in_all_their_forms(void **state) {
    (void)state;
    read_rtf("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fcharset0 Times;}"
             "{\\f1\\fcharset204 Arial;}{\\f2\\fcharset128 Mincho;}}"
             "caf\\'e9 \\f1\\'cc\\'ee\\f0  \\f2\\'93\\'fa\\'96\\'7b\\f0  \\u8211? \\uc2\\u228ae "
             "\\uc1\\u-10179?\\u-8704? \\'80\\emdash\\lquote x\\rquote\\~y\\_z so\\-ft\\par}");
    assert_passages("paragraph: café Мо 日本 – ä 😀 €—‘x’ y-z soft\n");
}

static void headings_are_told_by_style_and_outline(void **state) {
    (void)state;
    read_rtf("{\\rtf1{\\stylesheet{\\s0 Normal;}{\\s1\\sbasedon0 heading 1;}{\\s7 Title;}"
             "{\\*\\cs10 Default Paragraph Font;}}\\pard\\s7 Board\\par\\pard\\s1 Roads\\par"
             "\\pard\\outlinelevel2 Holes\\par\\pard Text.\\par}");
    assert_passages("heading: Board\nheading: Roads\nheading: Holes\nparagraph: Text.\n");
    assert_string_equal(reading.document.title, "Board");
    assert_int_equal(reading_passage(&reading, 2)->level, 3);
    assert_string_equal(reading_passage(&reading, 3)->heading, "Roads > Holes");
}

static void lists_have_their_printed_numbers(void **state) {
    (void)state;
    read_rtf("{\\rtf1\\pard{\\listtext\\tab 3.\\tab}\\ls1\\ilvl0 Repair.\\par"
             "{\\listtext\\tab (a)\\tab}\\ilvl1 Quay.\\par\\pard{\\pntext\\'b7\\tab}Bullet.\\par"
             "\\pard Text.\\par}");
    assert_passages("item: Repair.\nitem: Quay.\nitem: Bullet.\nparagraph: Text.\n");
    assert_string_equal(reading_passage(&reading, 0)->label, "3.");
    assert_string_equal(reading_passage(&reading, 1)->label, "(a)");
    assert_int_equal(reading_passage(&reading, 1)->level, 2);
    assert_null(reading_passage(&reading, 2)->label);
}

static void hanging_labels_make_items_where_there_are_no_lists(void **state) {
    (void)state;
    read_rtf("{\\rtf1{\\pard\\li360\\fi-360 1.\\tx360\\tab Repair.\\par}"
             "{\\pard\\li720\\fi-360\\bullet\\tx360\\tab Quay.\\par}"
             "{\\pard\\li360\\fi0 2.\\tab More.\\par}"
             "{\\pard\\li360\\fi-360 Chair\\tab We begin.\\par}"
             "\\pard\\bullet\\tab Text.\\par}");
    assert_passages("item: Repair.\nitem: Quay.\nparagraph: 2. More.\nparagraph: Chair We begin.\n"
                    "paragraph: \xE2\x80\xA2 Text.\n");
    assert_string_equal(reading_passage(&reading, 0)->label, "1.");
    assert_null(reading_passage(&reading, 1)->label);
    assert_int_equal(reading_passage(&reading, 0)->level, 1);
    assert_int_equal(reading_passage(&reading, 1)->level, 2);
}

static void tables_come_row_by_row(void **state) {
    (void)state;
    read_rtf("{\\rtf1\\trowd\\cellx1\\cellx2\\pard\\intbl Name\\cell Town\\cell\\row"
             "\\trowd\\pard\\intbl Ada\\par Berg\\cell\\cell\\row\\pard After.\\par}");
    assert_passages("row: Name | Town\nrow: Ada Berg\nparagraph: After.\n");
}

static void footnotes_follow_their_paragraph(void **state) {
    (void)state;
    read_rtf("{\\rtf1 Agreed{\\super\\chftn{\\footnote\\pard{\\super\\chftn} See\\par annex.}}"
             " by all.\\par Next.\\par}");
    assert_passages("paragraph: Agreed by all.\nparagraph: See annex.\nparagraph: Next.\n");
    assert_string_equal(reading_passage(&reading, 1)->label, "1");
}

static void what_is_not_text_is_left_out(void **state) {
    (void)state;
    read_rtf("{\\rtf1{\\info{\\title Pier}{\\author Ada}{\\creatim\\yr2019\\mo5\\dy6}}"
             "{\\header {\\field{\\*\\fldinst PAGE}{\\fldrslt 3}}\\par}{\\*\\unknown no}"
             "{\\pict\\bin5 }}}}}}Kept{\\v hidden}{\\deleted gone} {\\field{\\*\\fldinst X}"
             "{\\fldrslt link}}{\\object{\\*\\objdata 00}{\\result , drawn}}.\\par"
             "{\\upr{old}{\\*\\ud{new}}}\\par}");
    assert_passages("paragraph: Kept link, drawn.\nparagraph: new\n");
    assert_string_equal(reading.document.title, "Pier");
    assert_int_equal(reading.document.date, 20190506);
}

static void a_shape_s_text_stands_before_its_paragraph(void **state) {
    (void)state;
    read_rtf("{\\rtf1 Before {\\shp{\\*\\shpinst\\shpleft1{\\sp{\\sn a}{\\sv b}}"
             "{\\shptxt\\pard Box.\\par}}{\\shprslt}}after.\\par}");
    assert_passages("paragraph: Box.\nparagraph: Before after.\n");
}

static void a_file_cut_short_is_named(void **state) {
    (void)state;
    read_rtf("{\\rtf1 text\\par {\\b open");
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S minutes.rtf:0: the file is damaged"));
}

static void deep_groups_are_refused(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "{\\rtf1 ");
    for (int i = 0; i < 100000; i++)
        bytes_add_byte(&text, '{');
    read_rtf(bytes_string(&text));
    bytes_free(&text);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "nest deeper than 4096"));
}

int main(void) {
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
    const struct CMUnitTest tests[] = {
        TEST(paragraphs_end_at_par),
        TEST(characters_come_in_all_their_forms),
        TEST(headings_are_told_by_style_and_outline),
        TEST(lists_have_their_printed_numbers),
        TEST(hanging_labels_make_items_where_there_are_no_lists),
        TEST(tables_come_row_by_row),
        TEST(footnotes_follow_their_paragraph),
        TEST(what_is_not_text_is_left_out),
        TEST(a_shape_s_text_stands_before_its_paragraph),
        TEST(a_file_cut_short_is_named),
        TEST(deep_groups_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
