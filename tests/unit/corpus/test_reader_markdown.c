/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

static void read_markdown(const char *text) {
    reading_string(&reading, FORMAT_MARKDOWN, "notes.md", text);
}

static void assert_passages(const char *expected) {
    const char *log = strchr(reading_log(&reading), '\n');
    assert_string_equal(log + 1, expected);
}

static void headings_head_what_follows(void **state) {
    (void)state;
    read_markdown("# Council\n\n## Water\n\nPipes burst.\n\n## Roads\n\nHoles.\n");
    assert_passages("heading: Council\nheading: Water\nparagraph: Pipes burst.\n"
                    "heading: Roads\nparagraph: Holes.\n");
    assert_null(reading_passage(&reading, 0)->heading);
    assert_string_equal(reading_passage(&reading, 1)->heading, "Council");
    assert_string_equal(reading_passage(&reading, 2)->heading, "Council > Water");
    assert_string_equal(reading_passage(&reading, 4)->heading, "Council > Roads");
    assert_string_equal(reading.document.title, "Council");
}

static void wrapped_lines_join_and_markup_goes(void **state) {
    (void)state;
    read_markdown("The *chair* opened\nthe **meeting** at `ten`,\nsee [the "
                  "agenda](http://example.org/a) ![a map](m.png).\n");
    assert_passages("paragraph: The chair opened the meeting at ten, see the agenda a map.\n");
    assert_int_equal(reading_passage(&reading, 0)->line_begin, 1);
    assert_int_equal(reading_passage(&reading, 0)->line_end, 3);
}

static void list_items_have_depth_and_number(void **state) {
    (void)state;
    read_markdown("3. Opening\n4. Budget\n   - wages\n\n     more on wages\n");
    assert_passages("item: Opening\nitem: Budget\nitem: wages\nitem: more on wages\n");
    assert_string_equal(reading_passage(&reading, 1)->label, "4.");
    assert_int_equal(reading_passage(&reading, 1)->level, 1);
    assert_int_equal(reading_passage(&reading, 2)->level, 2);
    assert_null(reading_passage(&reading, 2)->label);
}

static void table_rows_are_passages(void **state) {
    (void)state;
    read_markdown("Who came:\n\n| Name | Town |\n|------|:----:|\n| Ada | Bern |\n| Bo | |\n");
    assert_passages("paragraph: Who came:\nrow: Name | Town\nrow: Ada | Bern\nrow: Bo\n");
    assert_int_equal(reading_passage(&reading, 2)->line_begin, 5);
}

static void code_is_one_passage(void **state) {
    (void)state;
    read_markdown("```js\nlet a = 1;\n\nlet b;\n```\n");
    assert_passages("paragraph: let a = 1; let b;\n");
}

static void html_leaves_its_text(void **state) {
    (void)state;
    read_markdown("<div>Fish &amp; chips</div>\n\n<!-- a remark -->\n\nA<br>b <i>c</i> &eacute;\n");
    assert_passages("paragraph: Fish & chips\nparagraph: A b c \xC3\xA9\n");
}

static void front_matter_is_metadata_not_text(void **state) {
    (void)state;
    read_markdown("---\ntitle: \"Third meeting\"\ndate: 2021-04-05\nlang: fr\n---\n\nBonjour.\n");
    assert_passages("paragraph: Bonjour.\n");
    assert_string_equal(reading.document.title, "Third meeting");
    assert_string_equal(reading.document.language, "fr");
    assert_int_equal(reading.document.date, 20210405);
    assert_int_equal(reading_passage(&reading, 0)->line_begin, 7);
}

static void a_rule_at_the_start_is_not_front_matter(void **state) {
    (void)state;
    read_markdown("---\nPlain words here.\n\n---\n\nMore.\n");
    assert_passages("paragraph: Plain words here.\nparagraph: More.\n");
}

static void bytes_point_into_the_source(void **state) {
    (void)state;
    const char *text = "# T\n\nCaf\xC3\xA9 one.\n\n- item two\n";
    read_markdown(text);
    const struct passage *paragraph = reading_passage(&reading, 1);
    assert_memory_equal(text + paragraph->source_begin, "Caf\xC3\xA9 one.", 10);
    assert_int_equal(paragraph->source_end - paragraph->source_begin, 10);
    const struct passage *item = reading_passage(&reading, 2);
    assert_memory_equal(text + item->source_begin, "- item two", 10);
}

static void turns_on_neighbouring_lines_part(void **state) {
    (void)state;
    read_markdown("AKI: I agree\nwith that.\nJHD: I do not.\nAKI: Pity.\n");
    assert_passages("paragraph: AKI: I agree with that.\nparagraph: JHD: I do not.\n"
                    "paragraph: AKI: Pity.\n");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "AKI");
    assert_int_equal(reading_passage(&reading, 0)->line_end, 2);
    assert_int_equal(reading_passage(&reading, 1)->line_begin, 3);
}

static void names_are_speakers_when_they_recur(void **state) {
    (void)state;
    read_markdown("**Where**: Bern\n\n**Maria Olsen**: yes\n\n**Maria Olsen**: no\n\n"
                  "**Maria Olsen**: well\n");
    assert_null(reading_passage(&reading, 0)->speaker);
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Maria Olsen");
}

static void the_date_comes_from_heading_or_name(void **state) {
    (void)state;
    read_markdown("# Minutes of 6 August 2018\n\nText of 1 May 2001.\n");
    assert_int_equal(reading.document.date, 20180806);
    reading_free(&reading);
    reading_string(&reading, FORMAT_MARKDOWN, "minutes/2019-02-03.md", "# Minutes\n\nText.\n");
    assert_int_equal(reading.document.date, 20190203);
}

static void whole_is_one_passage(void **state) {
    (void)state;
    const char *text = "# T\n\nOne.\n\n- two\n";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.whole = true;
    assert_int_equal(reading_run(&reading, FORMAT_MARKDOWN, "t.md", text, strlen(text), options),
                     0);
    assert_int_equal(reading.document.passage_count, 1);
    assert_string_equal(reading.document.title, "T");
    assert_int_equal(reading_passage(&reading, 0)->line_end, 5);
}

static void deep_nesting_is_read(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 100000; i++)
        bytes_add_byte(&text, '>');
    bytes_add_string(&text, " deep\n\nafter\n");
    read_markdown(bytes_string(&text));
    bytes_free(&text);
    assert_passages("paragraph: deep\nparagraph: after\n");
}

static void a_file_of_marks_only_is_skipped_with_a_notice(void **state) {
    (void)state;
    read_markdown("---\n\n***\n");
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 1);
    assert_non_null(strstr(reading_notices(&reading), "S notes.md:0: "));
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(headings_head_what_follows),
        TEST(wrapped_lines_join_and_markup_goes),
        TEST(list_items_have_depth_and_number),
        TEST(table_rows_are_passages),
        TEST(code_is_one_passage),
        TEST(html_leaves_its_text),
        TEST(front_matter_is_metadata_not_text),
        TEST(a_rule_at_the_start_is_not_front_matter),
        TEST(bytes_point_into_the_source),
        TEST(turns_on_neighbouring_lines_part),
        TEST(names_are_speakers_when_they_recur),
        TEST(the_date_comes_from_heading_or_name),
        TEST(whole_is_one_passage),
        TEST(deep_nesting_is_read),
        TEST(a_file_of_marks_only_is_skipped_with_a_notice),
    };
    return cmocka_run_group_tests_name("reader_markdown", tests, NULL, NULL);
}
