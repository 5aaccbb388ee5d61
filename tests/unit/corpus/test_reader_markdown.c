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
    read_markdown(
        "---\ntitle: \"Third meeting\"\ndate: 2021-04-05\nlang: fr\n---\n\n# Lieu\n\nBonjour.\n");
    assert_passages("heading: Lieu\nparagraph: Bonjour.\n");
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

static void handles_are_speakers_when_they_recur(void **state) {
    (void)state;
    read_markdown("elm: one\n\nelm: two\n\nelm: three\n\nelm: four\n\nelm: five\n\nash: six\n\n"
                  "note: a\n\nnote: b\n\nnote: c\n\nnote: d\n\nnote: e\n");
    assert_string_equal(reading_passage(&reading, 0)->speaker, "elm");
    assert_null(reading_passage(&reading, 5)->speaker); /* too seldom */
    assert_null(reading_passage(&reading, 6)->speaker); /* a label */
}

static void a_turn_in_initials_goes_on_only_where_it_plainly_does(void **state) {
    (void)state;
    read_markdown("ABC: The rule is this:\n\n```\nx = 1\n```\n\nABC: It was decided.\n\n"
                  "The meeting had a break of ten minutes and went on behind closed doors.\n\n"
                  "ABC: The second\n\nhalf of the story.\n");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "ABC");
    assert_null(reading_passage(&reading, 3)->speaker);
    assert_string_equal(reading_passage(&reading, 5)->speaker, "ABC");
}

static void a_turn_goes_on_where_most_paragraphs_are_named_in_full(void **state) {
    (void)state;
    read_markdown(
        "Mr. OLSEN: I have two points to make.\n\n"
        "The second is longer than the first, but both of them are short enough.\n\n"
        "(Applause)\n\nNor was this said by him, as far as anybody who was there can tell.\n\n"
        "The CHAIR: Thank you.\n\nMr. OLSEN: Not at all.\n\nThe CHAIR: We adjourn.\n\n"
        "Mr. OLSEN: Good.\n\nThe CHAIR: No.\n\nMr. OLSEN: Yes.\n\n## Annex\n\n"
        "This belongs to nobody, and so it is printed without any name at all.\n");
    assert_string_equal(reading_passage(&reading, 1)->speaker, "Mr. OLSEN");
    assert_null(reading_passage(&reading, 2)->speaker);
    assert_null(reading_passage(&reading, 3)->speaker);
    assert_null(reading_passage(&reading, 11)->speaker);
}

static void a_bold_paragraph_over_others_is_a_heading(void **state) {
    (void)state;
    read_markdown("# Board\n\n**Money**\n\nThere is none.\n\n**Who came:**\n\n- Ada\n\n"
                  "**Nobody has paid so far.**\n\nSo it is.\n");
    assert_passages("heading: Board\nheading: Money\nparagraph: There is none.\n"
                    "heading: Who came\nitem: Ada\nparagraph: Nobody has paid so far.\n"
                    "paragraph: So it is.\n");
    assert_string_equal(reading_passage(&reading, 2)->heading, "Board > Money");
    assert_string_equal(reading_passage(&reading, 4)->heading, "Board > Who came");
}

static void a_bold_paragraph_that_heads_nothing_stays_text(void **state) {
    (void)state;
    read_markdown("**Closed**\n\n# Next\n\n**Late**\n");
    assert_passages("paragraph: Closed\nheading: Next\nparagraph: Late\n");
}

static void lines_that_stand_apart_are_passages(void **state) {
    (void)state;
    read_markdown("Ada Berg\nBo Carlsen\nCy \xC3\x98st\n\nPlace: Oslo  \nDay: Monday  \nand "
                  "Tuesday\\\n\nA sentence that\nwas wrapped\nby hand.\n");
    assert_passages("paragraph: Ada Berg\nparagraph: Bo Carlsen\nparagraph: Cy \xC3\x98st\n"
                    "paragraph: Place: Oslo\nparagraph: Day: Monday and Tuesday\n"
                    "paragraph: A sentence that was wrapped by hand.\n");
    assert_int_equal(reading_passage(&reading, 1)->line_begin, 2);
    assert_int_equal(reading_passage(&reading, 4)->line_begin, 6);
    assert_int_equal(reading_passage(&reading, 4)->line_end, 7);
}

static void marks_of_dialects_go(void **state) {
    (void)state;
    read_markdown("## Roads {#roads-2}\n\n- [x] ~~gravel~~ tar\n- [ ] signs\n\n"
                  "**Costs: **as ever, see[^n] x[^\n\n2 ** 3 and a**b\n\n[^n]: the *ledger*\n");
    assert_passages(
        "heading: Roads\nitem: gravel tar\nitem: signs\n"
        "paragraph: Costs: as ever, see x[^\nparagraph: 2 ** 3 and a**b\nparagraph: the ledger\n");
    assert_string_equal(reading_passage(&reading, 1)->label, "[x]");
    assert_string_equal(reading_passage(&reading, 2)->label, "[ ]");
    assert_string_equal(reading_passage(&reading, 5)->label, "[^n]");
}

static void what_looks_like_a_footnote_without_any_is_text(void **state) {
    (void)state;
    read_markdown("The slice a[^1] counts from the end.\n");
    assert_passages("paragraph: The slice a[^1] counts from the end.\n");
}

static void a_list_indented_like_code_is_a_list(void **state) {
    (void)state;
    read_markdown("## Agenda\n\n    * roads\n      and paths\n    * water\n        * pipes\n\nNo "
                  "more.\n\n    let x = 1;\n");
    assert_passages("heading: Agenda\nitem: roads and paths\nitem: water\nitem: pipes\n"
                    "paragraph: No more.\nparagraph: let x = 1;\n");
    assert_int_equal(reading_passage(&reading, 2)->line_begin, 5);
    assert_int_equal(reading_passage(&reading, 3)->level, 2);
}

static void a_fence_of_tildes_that_nothing_closes_fences_nothing(void **state) {
    (void)state;
    read_markdown("One.\n\n~~~~\n\n## Two\n\nThree.\n");
    assert_passages("paragraph: One.\nheading: Two\nparagraph: Three.\n");
    assert_int_equal(reading_passage(&reading, 2)->line_begin, 7);
    reading_free(&reading);
    read_markdown("~~~~- ~~one~~\n- two\n\n~~~~[three](x)\n\n~~~~\n\n# Four\n\n~~~~\n\nfive\n");
    assert_passages("item: one\nitem: two\nparagraph: three\nheading: Four\nparagraph: five\n");
    reading_free(&reading);
    read_markdown("~~~ c\n# no heading\n~~~\n\n~~~\n# none\n~~~\n");
    assert_passages("paragraph: # no heading\nparagraph: # none\n");
    reading_free(&reading);
    read_markdown("~~~\n# no heading\n~~~\n");
    assert_passages("paragraph: # no heading\n");
}

static void a_tag_that_only_begins_like_another_hides_nothing(void **state) {
    (void)state;
    read_markdown(
        "One.\n\n<presents slides>\n\nTwo.\n\n- <Scripted> three\n\n> <styles>\n\nFour.\n\n"
        "```\n<prefix>\n```\n\n<pre>five</pre>\n");
    assert_passages("paragraph: One.\nparagraph: <presents slides>\nparagraph: Two.\n"
                    "item: <Scripted> three\nparagraph: <styles>\nparagraph: Four.\n"
                    "paragraph: <prefix>\nparagraph: five\n");
    assert_int_equal(reading_passage(&reading, 2)->line_begin, 5);
}

/* Wherever in the file it stands: some places made the parser end the item (markdown_mend.c). */
static void an_item_goes_on_behind_a_gap_of_two_lines(void **state) {
    (void)state;
    for (int before = 0; before < 300; before++) {
        struct bytes text = BYTES_INIT;
        char word[301] = "", expected[400];
        memset(word, 'x', (size_t)before + 1);
        bytes_printf(&text, "%s\n\n* Chat:\n\n\n    Ada said so.\n\n\n    So did Bo.\n", word);
        snprintf(expected, sizeof expected,
                 "paragraph: %s\nitem: Chat:\nitem: Ada said so.\nitem: So did Bo.\n", word);
        read_markdown(bytes_string(&text));
        assert_passages(expected);
        assert_int_equal(reading_passage(&reading, 2)->line_begin, 6);
        assert_memory_equal(text.data + reading_passage(&reading, 3)->source_begin, "So did Bo.",
                            10);
        bytes_free(&text);
        reading_free(&reading);
    }
}

static void entities_are_characters_and_unknown_ones_stay(void **state) {
    (void)state;
    read_markdown("Fish &amp; chips &#8211; caf&eacute; &nosuchthing; &#0; A&T; &lt;b>\n");
    assert_passages(
        "paragraph: Fish & chips \xE2\x80\x93 caf\xC3\xA9 &nosuchthing; \xEF\xBF\xBD A&T; "
        "<b>\n");
}

static void items_without_paragraphs_are_passages_before_what_is_in_them(void **state) {
    (void)state;
    read_markdown(
        "1. one\n   - *two*\n     ```\n     three\n     ```\n2. four\n   five\n   > six\n");
    assert_passages("item: one\nitem: two\nitem: three\nitem: four five\nitem: six\n");
    assert_int_equal(reading_passage(&reading, 2)->line_begin, 3);
    assert_int_equal(reading_passage(&reading, 2)->line_end, 5);
    assert_int_equal(reading_passage(&reading, 3)->line_end, 7);
    assert_string_equal(reading_passage(&reading, 4)->label, "2.");
}

static void bold_paragraphs_in_a_row_are_text_but_the_last(void **state) {
    (void)state;
    read_markdown(
        "**Present**\n\n**Ada Berg**\n\n```\nx\n```\n\n**Bo**\n\n> quoted\n\n**Cy** and Di\n");
    assert_passages("paragraph: Present\nheading: Ada Berg\nparagraph: x\nparagraph: Bo\n"
                    "paragraph: quoted\nparagraph: Cy and Di\n");
}

/* What the parser would take minutes for. */
static void paragraphs_without_end_are_read_as_plain_text(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 10000; i++)
        bytes_printf(&text, "[%d] a line\n", i);
    read_markdown(bytes_string(&text));
    bytes_free(&text);
    assert_non_null(strstr(reading_notices(&reading), "is read as plain text"));
    assert_int_equal(reading.documents, 1);
}

static void addresses_named_again_and_again_are_read_as_plain_text(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "[a]: http://");
    for (int i = 0; i < 20000; i++)
        bytes_add_string(&text, "long/");
    bytes_add_string(&text, "\n\nWords before.\n\n");
    for (int i = 0; i < 2000; i++)
        bytes_add_string(&text, "[a] ");
    read_markdown(bytes_string(&text));
    bytes_free(&text);
    assert_non_null(strstr(reading_notices(&reading), "is read as plain text"));
    assert_int_equal(reading.documents, 1);
    assert_non_null(strstr(reading_log(&reading), "paragraph: Words before.\n"));
}

static void a_picture_that_decorates_leaves_nothing(void **state) {
    (void)state;
    read_markdown("![Club logo](logo.png)\n\n![alt_text](images/image1.png)\n\n"
                  "![The quay seen from the north](quay.png)\n");
    assert_passages("paragraph: The quay seen from the north\n");
}

static void text_before_a_table_has_its_own_lines(void **state) {
    (void)state;
    read_markdown("Who came:\n| A | B |\n|---|---|\n| c | d |\n");
    assert_passages("paragraph: Who came:\nrow: A | B\nrow: c | d\n");
    assert_int_equal(reading_passage(&reading, 0)->line_end, 1);
    assert_int_equal(reading_passage(&reading, 1)->line_begin, 2);
}

static void a_title_says_more_than_contents_or_a_date(void **state) {
    (void)state;
    read_markdown("## Table of Contents\n\n- a\n\n## Spring session\n\nText.\n");
    assert_string_equal(reading.document.title, "Spring session");
    reading_free(&reading);
    reading_string(&reading, FORMAT_MARKDOWN, "x/2016_weekly.md", "12/13/2016\n\n- a\n");
    assert_string_equal(reading.document.title, "2016_weekly");
}

static void the_number_of_a_page_is_no_title(void **state) {
    (void)state;
    read_markdown("# Page 1\n\nThe Assembly met.\n");
    assert_string_equal(reading.document.title, "The Assembly met.");
    reading_free(&reading);
    read_markdown("# Page 1 of 20\n\n## Prayer\n\nText.\n");
    assert_string_equal(reading.document.title, "Prayer");
    reading_free(&reading);
    read_markdown("# Page 1 remains blank\n\nText.\n");
    assert_string_equal(reading.document.title, "Page 1 remains blank");
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
        TEST(handles_are_speakers_when_they_recur),
        TEST(a_turn_in_initials_goes_on_only_where_it_plainly_does),
        TEST(a_turn_goes_on_where_most_paragraphs_are_named_in_full),
        TEST(a_bold_paragraph_over_others_is_a_heading),
        TEST(a_bold_paragraph_that_heads_nothing_stays_text),
        TEST(lines_that_stand_apart_are_passages),
        TEST(marks_of_dialects_go),
        TEST(what_looks_like_a_footnote_without_any_is_text),
        TEST(a_list_indented_like_code_is_a_list),
        TEST(a_fence_of_tildes_that_nothing_closes_fences_nothing),
        TEST(a_tag_that_only_begins_like_another_hides_nothing),
        TEST(an_item_goes_on_behind_a_gap_of_two_lines),
        TEST(entities_are_characters_and_unknown_ones_stay),
        TEST(items_without_paragraphs_are_passages_before_what_is_in_them),
        TEST(bold_paragraphs_in_a_row_are_text_but_the_last),
        TEST(paragraphs_without_end_are_read_as_plain_text),
        TEST(addresses_named_again_and_again_are_read_as_plain_text),
        TEST(a_picture_that_decorates_leaves_nothing),
        TEST(text_before_a_table_has_its_own_lines),
        TEST(a_title_says_more_than_contents_or_a_date),
        TEST(the_number_of_a_page_is_no_title),
        TEST(the_date_comes_from_heading_or_name),
        TEST(whole_is_one_passage),
        TEST(deep_nesting_is_read),
        TEST(a_file_of_marks_only_is_skipped_with_a_notice),
    };
    return cmocka_run_group_tests_name("reader_markdown", tests, NULL, NULL);
}
