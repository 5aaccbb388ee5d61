/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/corpus/reading.h"

static struct reading reading;

static int teardown(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

static void read_html(const char *text) {
    reading_string(&reading, FORMAT_HTML, "page.html", text);
}

static void assert_passages(const char *expected) {
    const char *log = strchr(reading_log(&reading), '\n');
    assert_string_equal(log + 1, expected);
}

static void title_date_and_language_come_from_the_head(void **state) {
    (void)state;
    read_html("<!doctype html><html lang=de><head><title> Tenth\n session </title>"
              "<meta name=DC.date content=2012-05-06></head><body><p>Text.</body></html>");
    assert_string_equal(reading.document.title, "Tenth session");
    assert_int_equal(reading.document.date, 20120506);
    assert_string_equal(reading.document.language, "de");
    assert_passages("paragraph: Text.\n");
}

static void headings_lists_and_rows_have_their_kinds(void **state) {
    (void)state;
    read_html("<h1>Council</h1><h2>Roads</h2><p>Holes.</p><ol start=3><li>one<li>two"
              "<ul><li>deep</ul></ol><table><tr><th>Name</th><th>Town</th></tr>"
              "<tr><td>Ada</td><td>Bern</td></tr></table><blockquote>Said.</blockquote>");
    assert_passages("heading: Council\nheading: Roads\nparagraph: Holes.\nitem: one\nitem: two\n"
                    "item: deep\nrow: Name | Town\nrow: Ada | Bern\nparagraph: Said.\n");
    assert_string_equal(reading_passage(&reading, 2)->heading, "Council > Roads");
    assert_string_equal(reading_passage(&reading, 4)->label, "4.");
    assert_int_equal(reading_passage(&reading, 5)->level, 2);
    assert_string_equal(reading.document.title, "Council");
}

static void what_is_not_shown_is_left_out(void **state) {
    (void)state;
    read_html("<body><nav>Menu</nav><script>var x='<p>no</p>';</script><style>p{}</style>"
              "<p hidden>no</p><p style='Display : none'>no</p><template><p>no</p></template>"
              "<noscript>no</noscript><p aria-hidden=true>no</p><p>Yes<a style='display:none'>no"
              "</a>.</p><footer>no</footer></body>");
    assert_passages("paragraph: Yes.\n");
}

static void an_unclosed_navigation_does_not_swallow_the_page(void **state) {
    (void)state;
    read_html("<body><nav><div>Menu</nav><div><p>The council met in the old hall by the quay, and "
              "it sat until late at night.</p></div></body>");
    assert_int_equal(reading.documents, 1);
    assert_non_null(strstr(reading_log(&reading), "paragraph: The council met in the old hall"));
}

static void text_left_to_a_script_to_lay_out_is_cut_as_plain_text(void **state) {
    (void)state;
    read_html("<body><div id=doc># Meeting\n\n## Here\n\n* Ada\n* Bo\n\nThey talked at length, and "
              "then they went home.\n</div></body>");
    assert_passages("heading: Meeting\nheading: Here\nitem: Ada\nitem: Bo\n"
                    "paragraph: They talked at length, and then they went home.\n");
}

static void a_title_that_only_names_the_site_gives_way(void **state) {
    (void)state;
    read_html("<title>Harbour Group</title><h1>The Harbour Group</h1><h2>Since 1990</h2>"
              "<h1>Weekly call on pilots</h1><p>Text.</p><h1>Topic: ropes</h1><p>More.</p>");
    assert_string_equal(reading.document.title, "Weekly call on pilots");
    reading_free(&reading);
    read_html("<title>Minutes</title><h1>Tenth session of the board</h1><p>Text.</p>");
    assert_string_equal(reading.document.title, "Tenth session of the board");
    reading_free(&reading);
    read_html("<title>Harbour Group</title><h1>Call of 3 May 2021</h1><p>Text.</p>");
    assert_string_equal(reading.document.title, "Call of 3 May 2021");
    reading_free(&reading);
    read_html("<title>Harbour Group: the call on pilots</title><h1>Harbour Group</h1><p>Text.</p>");
    assert_string_equal(reading.document.title, "Harbour Group: the call on pilots");
}

static void names_before_a_stop_and_a_dash_are_speakers(void **state) {
    (void)state;
    read_html("<p>HON. A.B. OLSEN.- I rise to ask for leave to go</p><p>home early.</p>"
              "<p>HON. rules of 1990.- are void.</p>");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "HON. A.B. OLSEN");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "HON. A.B. OLSEN");
    assert_null(reading_passage(&reading, 2)->speaker);
}

static void inline_tags_join_without_spaces(void **state) {
    (void)state;
    read_html("<p>un<b>break</b>able&nbsp;words&mdash;<i>here</i> &lt;now&gt; &#233;</p>");
    assert_passages("paragraph: unbreakable words\xE2\x80\x94here <now> \xC3\xA9\n");
}

static void one_break_is_a_space_and_two_are_a_border(void **state) {
    (void)state;
    read_html("<p>one<br>two<br>\n<br/>three</p>");
    assert_passages("paragraph: one two\nparagraph: three\n");
}

static void lines_and_bytes_are_those_of_the_source(void **state) {
    (void)state;
    const char *text = "<html><body>\n<p>\nFirst\nline</p>\n<p>&lt;b&gt; second</p>\n</body>";
    read_html(text);
    const struct passage *first = reading_passage(&reading, 0),
                         *second = reading_passage(&reading, 1);
    assert_int_equal(first->line_begin, 3);
    assert_int_equal(first->line_end, 4);
    assert_memory_equal(text + first->source_begin, "First\nline<", 11);
    assert_int_equal(first->source_end - first->source_begin, 10);
    assert_int_equal(second->line_begin, 5);
    assert_memory_equal(text + second->source_begin, "&lt;b&gt; second<", 17);
}

static void marked_names_are_speakers(void **state) {
    (void)state;
    read_html("<p><span class='speaker'>HON. A.B. VAKA.:</span> I rise.</p>"
              "<div><span class=name>Ana Ruiz</span>:  Yes.</div>"
              "<div><span class=name>Ana Ruiz</span> is the chair.</div>");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "HON. A.B. VAKA");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Ana Ruiz");
    assert_null(reading_passage(&reading, 2)->speaker);
}

static void declared_encodings_are_converted(void **state) {
    (void)state;
    read_html("<html><head><meta charset=iso-8859-2></head><body><p>\xB3\xF3"
              "d\xBC</p></body>");
    assert_passages("paragraph: \xC5\x82\xC3\xB3"
                    "d\xC5\xBA\n");
}

static void latin1_is_understood_without_a_declaration(void **state) {
    (void)state;
    read_html("<html><body><p>caf\xE9</p></body>");
    assert_passages("paragraph: caf\xC3\xA9\n");
}

static void nuls_do_not_end_the_text(void **state) {
    (void)state;
    static const char text[] = "<html><body><p>a\0b</p><p>c</p></body>";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    assert_int_equal(reading_run(&reading, FORMAT_HTML, "p", text, sizeof text - 1, options), 0);
    assert_passages("paragraph: a\xEF\xBF\xBD"
                    "b\nparagraph: c\n");
}

static void preformatted_text_is_cut_as_plain_text(void **state) {
    (void)state;
    read_html("<pre>The first paragraph of it\nwraps here.\n\nThe second paragraph of it.</pre>");
    assert_passages("paragraph: The first paragraph of it wraps here.\n"
                    "paragraph: The second paragraph of it.\n");
}

static void titles_in_other_xml_are_headings(void **state) {
    (void)state;
    read_html("<?xml version='1.0'?><hansard><title>COMMONS</title><section><title>Coal</title>"
              "<p>Text.</p></section></hansard>");
    assert_passages("heading: COMMONS\nheading: Coal\nparagraph: Text.\n");
}

static void read_repeated(const char *before, const char *part, int times, const char *after) {
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, before);
    for (int i = 0; i < times; i++)
        bytes_add_string(&text, part);
    bytes_add_string(&text, after);
    read_html(bytes_string(&text));
    bytes_free(&text);
}

static void nesting_of_any_depth_is_read(void **state) {
    (void)state;
    read_repeated("<html><body>", "<div>", 100000, "deep<p>after");
    assert_passages("paragraph: deep\nparagraph: after\n");
}

static void lists_of_any_depth_keep_their_text(void **state) {
    (void)state;
    read_repeated("<html><body>", "<ol><li>x", 5000, "</ol><p>after");
    assert_int_equal(reading.document.passage_count, 5001);
    assert_string_equal(reading_passage(&reading, 4000)->label, "1.");
}

static void a_page_without_text_is_skipped_with_a_notice(void **state) {
    (void)state;
    read_html("<html><body><img src=x></body></html>");
    assert_int_equal(reading.documents, 0);
    assert_int_equal(reading.skipped, 1);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(title_date_and_language_come_from_the_head),
        TEST(headings_lists_and_rows_have_their_kinds),
        TEST(what_is_not_shown_is_left_out),
        TEST(an_unclosed_navigation_does_not_swallow_the_page),
        TEST(text_left_to_a_script_to_lay_out_is_cut_as_plain_text),
        TEST(a_title_that_only_names_the_site_gives_way),
        TEST(names_before_a_stop_and_a_dash_are_speakers),
        TEST(inline_tags_join_without_spaces),
        TEST(one_break_is_a_space_and_two_are_a_border),
        TEST(lines_and_bytes_are_those_of_the_source),
        TEST(marked_names_are_speakers),
        TEST(declared_encodings_are_converted),
        TEST(latin1_is_understood_without_a_declaration),
        TEST(nuls_do_not_end_the_text),
        TEST(preformatted_text_is_cut_as_plain_text),
        TEST(titles_in_other_xml_are_headings),
        TEST(nesting_of_any_depth_is_read),
        TEST(lists_of_any_depth_keep_their_text),
        TEST(a_page_without_text_is_skipped_with_a_notice),
    };
    return cmocka_run_group_tests_name("reader_html", tests, NULL, NULL);
}
