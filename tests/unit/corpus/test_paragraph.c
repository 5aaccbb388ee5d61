/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each rule at the head of paragraph.c with a text of its shape. The cut is compared as a listing,
 * one passage a line: "p" paragraph, "i2" item of depth 2, "h1" heading of level 1, "r" row; then
 * "(label)", "<speaker>", "{heading}" where there are any; then the text.
 */
#include "corpus/paragraph.h"
#include "tests/unit/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static uint64_t same_offset(const void *context, size_t offset) {
    (void)context;
    return offset;
}

static struct document cut_with(const char *text, size_t size, struct cut_options options) {
    struct document document;
    struct error err;
    document_init(&document);
    options.source_offset = same_offset;
    assert_int_equal(paragraph_cut(&document, text, size, &options, &err), 0);
    assert_int_equal(document_finish(&document), 0);
    return document;
}

static struct document cut(const char *text) {
    struct cut_options options = CUT_OPTIONS_INIT;
    return cut_with(text, strlen(text), options);
}

static void list_passage(struct bytes *out, const struct document *document, size_t i) {
    static const char kinds[] = {'p', 'i', 'h', 'r', 't'};
    const struct passage *passage = &document->passages[i];
    bytes_printf(out, "%c", kinds[passage->kind]);
    if (passage->level)
        bytes_printf(out, "%u", passage->level);
    if (passage->label)
        bytes_printf(out, " (%s)", passage->label);
    if (passage->speaker)
        bytes_printf(out, " <%s>", passage->speaker);
    if (passage->heading)
        bytes_printf(out, " {%s}", passage->heading);
    bytes_printf(out, " %.*s\n", (int)(passage->text_end - passage->text_begin),
                 (const char *)document->text.data + passage->text_begin);
}

static void expect_list(struct document *document, const char *listing) {
    struct bytes out = BYTES_INIT;
    for (size_t i = 0; i < document->passage_count; i++)
        list_passage(&out, document, i);
    const char *got = bytes_string(&out);
    assert_non_null(got);
    assert_string_equal(got, listing);
    bytes_free(&out);
    document_free(document);
}

static void expect(const char *text, const char *listing) {
    struct document document = cut(text);
    expect_list(&document, listing);
}

/* ---- the acceptance case ---- */

/* Hard-wrapped, no blank lines, three of four bullets in the middle of a line, bare headings. */
static const char statement[] =
    "The Third Meeting of Senior Officials of the Lantern Coast Dialogue was held in Veyle, on\n"
    "14 March 2017. The meeting reviewed the work of the rescue coordination groups and of\n"
    "the standing secretariat, and prepared the ministerial session of the following day.\n"
    "It adopted the agenda.\n"
    "The meeting recalled that the duty to assist at sea is owed to every person in distress.\n"
    "It noted that delays ashore cost lives, and it regretted that three of the ports on the\n"
    "northern coast had been closed to rescue vessels for the whole of the winter season.\n"
    "- The Harbour Pilots (HP) drew attention to the shortage of berths in winter, and to the\n"
    "need for a predictable list of ports. They emphasised that a pilot must know before\n"
    "the boat is boarded where it will be brought. - The Lifeboat Union (LU) described its drills "
    "and the part of\n"
    "volunteers in them. It asked for fuel at cost price and for insurance of volunteers\n"
    "on the same terms as those of paid crews. - The Weather Office (WO) outlined its new warnings "
    "for small\n"
    "boats, which are read out in four languages and repeated every half hour on the\n"
    "working channels. - The Ship Owners' League (SOL) saw the dialogue as well placed to share\n"
    "the cost of diversions fairly among flag states, insurers and the owners of cargo,\n"
    "and offered figures for the last five years.\n"
    "Present and future work\n"
    "The meeting welcomed the progress made on the common rescue log. It was filled in by\n"
    "nine coast guards out of eleven, and the two others had announced that they would join\n"
    "in the course of the summer.\n"
    "Reception on the quay\n"
    "The meeting learned that the first reception team had started work in October 2016 and\n"
    "had met every boat since. It commended the interpreters and asked that their number be\n"
    "raised before the season.\n"
    "The meeting agreed to meet again in a year. It thanked the town of Veyle for its care,\n"
    "and asked the secretariat to publish this statement in all working languages of the\n"
    "dialogue.";

static void test_statement_gives_nine_passages_and_two_headings(void **state) {
    (void)state;
    struct document document = cut(statement);
    static const char shape[] = "ppiiiihphpp";
    static const char kinds[] = {'p', 'i', 'h', 'r', 't'};
    assert_int_equal(document.passage_count, sizeof shape - 1);
    uint32_t number = 0;
    for (size_t i = 0; i < document.passage_count; i++) {
        const struct passage *passage = &document.passages[i];
        assert_int_equal(kinds[passage->kind], shape[i]);
        assert_int_equal(passage->number, passage->kind == PASSAGE_HEADING ? 0 : ++number);
    }
    assert_int_equal(number, 9);
    assert_null(document.passages[5].heading);
    assert_string_equal(document.passages[7].heading, "Present and future work");
    assert_string_equal(document.passages[10].heading, "Reception on the quay");
    assert_string_equal(document.title,
                        "The Third Meeting of Senior Officials of the Lantern Coast "
                        "Dialogue was held in Veyle");
    document_free(&document);
}

static void test_passages_say_where_they_stood(void **state) {
    (void)state;
    struct document document = cut(statement);
    const struct passage *second_item = &document.passages[3];
    assert_int_equal(second_item->line_begin, 10);
    assert_int_equal(second_item->line_end, 12);
    const char *begin = strstr(statement, "- The Lifeboat"),
               *end = strstr(statement, " - The Weather");
    assert_int_equal(second_item->source_begin, begin - statement);
    assert_int_equal(second_item->source_end, end - statement);
    const struct passage *last = &document.passages[10];
    assert_int_equal(last->line_begin, 25);
    assert_int_equal(last->line_end, 27);
    assert_int_equal(last->source_end, sizeof statement - 1);
    document_free(&document);
}

static char *read_shared(const char *name, size_t *size) {
    const char *folder = getenv("PLENARY_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *data = malloc(100000);
    assert_non_null(data);
    *size = fread(data, 1, 100000, file);
    fclose(file);
    return data;
}

static void test_real_statement_gives_nine_passages_and_two_headings(void **state) {
    (void)state;
    size_t size, prose = 0, headings = 0;
    char *text = read_shared("bali-process-som-2018.txt", &size);
    if (!text) {
        print_message("skipped: no shared data\n");
        skip();
    }
    struct cut_options options = CUT_OPTIONS_INIT;
    struct document document = cut_with(text, size, options);
    for (size_t i = 0; i < document.passage_count; i++) {
        prose += document.passages[i].kind != PASSAGE_HEADING;
        headings += document.passages[i].kind == PASSAGE_HEADING;
    }
    assert_int_equal(prose, 9);
    assert_int_equal(headings, 2);
    assert_string_equal(document.passages[7].heading, "Current and future priorities");
    assert_string_equal(document.passages[10].heading, "Engagement on irregular migration");
    assert_string_equal(document.title, "The Seventh Senior Officials Meeting of the Bali Process "
                                        "was held in Bali, Indonesia");
    document_free(&document);
    free(text);
}

/* ---- layout and borders ---- */

static void test_blank_lines_part_wrapped_paragraphs(void **state) {
    (void)state;
    expect(
        "The committee met in the morning and heard the report of its\n"
        "working group on pilots.\n"
        "\n"
        "It then adjourned. The members visited the new lighthouse in the\n"
        "afternoon.\n",
        "p The committee met in the morning and heard the report of its working group on pilots.\n"
        "p It then adjourned. The members visited the new lighthouse in the afternoon.\n");
}

static void test_full_line_that_ends_a_sentence_does_not_end_its_paragraph(void **state) {
    (void)state;
    expect(
        "The committee met in the morning and heard the report of its working\n"
        "group on pilots. It asked for a second reading of the draft by May.\n"
        "Neither the chair nor the members of the group had seen the annexes.\n"
        "The rest was left for the afternoon.\n"
        "The afternoon was given to the lighthouse and to its keeper, who had\n"
        "prepared a tour.\n",
        "p The committee met in the morning and heard the report of its working group on pilots. "
        "It "
        "asked for a second reading of the draft by May. Neither the chair nor the members of the "
        "group had seen the annexes. The rest was left for the afternoon.\n"
        "p The afternoon was given to the lighthouse and to its keeper, who had prepared a "
        "tour.\n");
}

static void test_heading_ends_a_paragraph_whose_last_line_is_full(void **state) {
    (void)state;
    expect("The committee met in the morning and heard the report of its working\n"
           "group on pilots. It asked for a second reading of the draft by May.\n"
           "Visits\n"
           "The afternoon was given to the lighthouse and to its keeper, who had\n"
           "prepared a tour.\n",
           "p The committee met in the morning and heard the report of its working group on "
           "pilots. It "
           "asked for a second reading of the draft by May.\n"
           "h2 Visits\n"
           "p {Visits} The afternoon was given to the lighthouse and to its keeper, who had "
           "prepared a "
           "tour.\n");
}

static void test_bullet_inside_a_wrapped_line_keeps_its_next_line(void **state) {
    (void)state;
    expect(
        "The meeting heard three reports on the winter season on the coast.\n"
        "- The pilots asked for more berths in winter and for a list of the\n"
        "ports that take boats at night. - The\n"
        "Lifeboat Union asked for fuel at cost price and for insurance of all\n"
        "volunteers on the terms of paid crews. - The owners agreed to it.\n",
        "p The meeting heard three reports on the winter season on the coast.\n"
        "i1 The pilots asked for more berths in winter and for a list of the ports that take boats "
        "at night.\n"
        "i1 The Lifeboat Union asked for fuel at cost price and for insurance of all volunteers on "
        "the terms of paid crews.\n"
        "i1 The owners agreed to it.\n");
}

static void test_bullet_at_the_end_of_a_line_opens_the_next(void **state) {
    (void)state;
    expect(
        "The meeting heard three reports on the winter season on the coast.\n"
        "- The pilots asked for more berths in winter and for a list of the\n"
        "ports that take boats at night and in heavy weather and in fog. -\n"
        "The Lifeboat Union asked for fuel at cost price and for insurance.\n",
        "p The meeting heard three reports on the winter season on the coast.\n"
        "i1 The pilots asked for more berths in winter and for a list of the ports that take boats "
        "at night and in heavy weather and in fog.\n"
        "i1 The Lifeboat Union asked for fuel at cost price and for insurance.\n");
}

static void test_no_memory_is_an_error(void **state) {
    (void)state;
    struct document document;
    struct error err = {.code = PLENARY_OK};
    struct cut_options options = CUT_OPTIONS_INIT;
    document_init(&document);
    document.text.limit = 10;
    assert_int_equal(paragraph_cut(&document, "The chair opened it.\n", 21, &options, &err),
                     PLENARY_ENOMEM);
    assert_int_equal(err.code, PLENARY_ENOMEM);
    document_free(&document);
}

static void test_unwrapped_text_has_a_paragraph_on_each_line(void **state) {
    (void)state;
    expect("We met at nine.\n"
           "The first item was the budget, which had been sent to all members in time.\n"
           "Nobody spoke against it.\n"
           "The chair closed the vote at ten.\n"
           "Then came the reports.\n"
           "They were long, and\n"
           "few listened.\n",
           "p We met at nine.\n"
           "p The first item was the budget, which had been sent to all members in time.\n"
           "p Nobody spoke against it.\n"
           "p The chair closed the vote at ten.\n"
           "p Then came the reports.\n"
           "p They were long, and few listened.\n");
}

static void test_double_spaced_text_is_read_as_if_it_were_not(void **state) {
    (void)state;
    expect(
        "The committee met in the morning and heard the report\n\n"
        "of its working group on pilots, which had been asked\n\n"
        "for in the spring and was late, as the chair noted\n\n"
        "with some regret before the members of the group had\n\n"
        "taken their seats and opened the folders that lay in\n\n"
        "front of them on the long table by the window where\n\n"
        "the sun came in.\n",
        "p The committee met in the morning and heard the report of its working group on pilots, "
        "which had been asked for in the spring and was late, as the chair noted with some regret "
        "before the members of the group had taken their seats and opened the folders that lay in "
        "front of them on the long table by the window where the sun came in.\n");
}

static void test_indented_first_line_begins_a_paragraph(void **state) {
    (void)state;
    expect(
        "   The committee met in the morning and heard the whole report of\n"
        "its working group on pilots, and then the report on the weather.\n"
        "   The rest of the day was free, and most of the members went to\n"
        "see the lighthouse, which had been painted in the spring by its\n"
        "keeper and looked new.\n",
        "p The committee met in the morning and heard the whole report of its working group on "
        "pilots, and then the report on the weather.\n"
        "p The rest of the day was free, and most of the members went to see the lighthouse, which "
        "had been painted in the spring by its keeper and looked new.\n");
}

static void test_page_break_does_not_end_a_sentence(void **state) {
    (void)state;
    expect(
        "The committee met in the morning and heard the report of its\n"
        "working group on pilots, which had been asked for in the spring\n"
        "\n"
        "- 1 -\n"
        "\f\n"
        "and was late. The chair noted this.\n",
        "p The committee met in the morning and heard the report of its working group on pilots, "
        "which had been asked for in the spring and was late. The chair noted this.\n");
}

static void test_page_numbers_and_rules_are_no_text(void **state) {
    (void)state;
    expect(
        "The first page ends here.\n\n12\n\n----------\n\nPage 13 of 20\n\nThe next one begins.\n",
        "p The first page ends here.\np The next one begins.\n");
}

static void test_form_feeds_count_pages(void **state) {
    (void)state;
    struct document document = cut("The first page is short.\n\fThe second page is short.\n");
    assert_int_equal(document.passage_count, 2);
    assert_int_equal(document.passages[0].page, 1);
    assert_int_equal(document.passages[1].page, 2);
    document_free(&document);
}

static void test_quoted_mail_is_apart_from_the_answer(void **state) {
    (void)state;
    expect("> Shall we meet on Monday?\n> The room is free.\nYes, Monday is good.\n",
           "p Shall we meet on Monday?\np The room is free.\np Yes, Monday is good.\n");
}

static void test_lone_carriage_returns_end_lines(void **state) {
    (void)state;
    expect("One paragraph stands here.\r\rAnother one stands here.\r",
           "p One paragraph stands here.\np Another one stands here.\n");
}

static void test_lines_without_spaces_between_words_join_without_one(void **state) {
    (void)state;
    expect("会议于今日上午在日内瓦开幕并通过了\n议程。\n",
           "p 会议于今日上午在日内瓦开幕并通过了议程。\n");
}

/* ---- lists ---- */

static void test_bullets_of_all_kinds_open_items(void **state) {
    (void)state;
    expect("The chair listed:\n- Boats and crews.\n* Fuel.\n\xE2\x80\xA2 Ropes.\n\xE2\x96\xAA "
           "Sails.\n",
           "p The chair listed:\ni1 Boats and crews.\ni2 Fuel.\ni3 Ropes.\ni4 Sails.\n");
}

static void test_items_go_on_over_lines_indented_or_not(void **state) {
    (void)state;
    expect(
        "- The pilots asked for more berths in winter, and for a list\n"
        "  of ports that is published a month ahead.\n"
        "- The union asked for fuel at cost price and for insurance of\n"
        "all volunteers on the terms of paid crews.\n",
        "i1 The pilots asked for more berths in winter, and for a list of ports that is published "
        "a month ahead.\n"
        "i1 The union asked for fuel at cost price and for insurance of all volunteers on the "
        "terms "
        "of paid crews.\n");
}

static void test_depth_is_by_indent_and_kind_of_mark(void **state) {
    (void)state;
    expect("1. Boats are scarce.\n"
           "(a) Small ones are scarcest.\n"
           "(b) Large ones are dear.\n"
           "2. Fuel is dear.\n"
           "  - In winter it is dearer.\n"
           "3. Ropes are cheap.\n",
           "i1 (1.) Boats are scarce.\n"
           "i2 ((a)) Small ones are scarcest.\n"
           "i2 ((b)) Large ones are dear.\n"
           "i1 (2.) Fuel is dear.\n"
           "i2 In winter it is dearer.\n"
           "i1 (3.) Ropes are cheap.\n");
}

static void test_labels_of_paragraphs_are_kept(void **state) {
    (void)state;
    expect(
        "1.2.3 The parties shall consult.\n\n\xC2\xA7 5 The fee is due in May.\n\n"
        "[12] The draft was withdrawn.\n\nArticle 3. The seat is in Veyle.\n\n"
        "(iv) The seal is blue.\n\n12) The flag is red.\n",
        "p (1.2.3) The parties shall consult.\np (\xC2\xA7 5) \xC2\xA7 5 The fee is due in May.\n"
        "p ([12]) The draft was withdrawn.\n"
        "p (Article 3.) Article 3. The seat is in Veyle.\n"
        "i1 ((iv)) The seal is blue.\ni2 (12)) The flag is red.\n");
}

static void test_number_on_a_line_of_its_own_labels_the_next(void **state) {
    (void)state;
    expect("7.\n\nThe committee noted the report.\n", "i1 (7.) The committee noted the report.\n");
}

static void test_wrapped_numbers_and_dashes_open_no_items(void **state) {
    (void)state;
    expect(
        "The committee compared the figures of this year with those of the year\n"
        "2016. It found that the boats which had been built in the yards of the\n"
        "coast - and there were many of them - had lasted longer than the others\n"
        "- among them those of the northern yards - and it asked for a report by\n"
        "6. August at the latest. The report should take account of section\n"
        "(b) of the annex.\n",
        "p The committee compared the figures of this year with those of the year 2016. It found "
        "that the boats which had been built in the yards of the coast - and there were many of "
        "them - had lasted longer than the others - among them those of the northern yards - and "
        "it "
        "asked for a report by 6. August at the latest. The report should take account of section "
        "(b) of the annex.\n");
}

static void test_dashes_between_sentences_of_a_speech_open_no_items(void **state) {
    (void)state;
    expect("Wer stimmt daf\xC3\xBCr? - Wer stimmt dagegen? - Das ist die Mehrheit. - Wir gehen "
           "weiter.\n"
           "Die Sitzung ist geschlossen.\n",
           "p Wer stimmt daf\xC3\xBCr? - Wer stimmt dagegen? - Das ist die Mehrheit. - Wir gehen "
           "weiter.\n"
           "p Die Sitzung ist geschlossen.\n");
}

static void test_bullets_inside_a_line_that_begins_with_one(void **state) {
    (void)state;
    expect(
        "The chair noted the following.\n"
        "\xE2\x80\xA2 Boats are scarce. \xE2\x80\xA2 Fuel is dear; \xE2\x80\xA2 ropes are cheap.\n",
        "p The chair noted the following.\ni1 Boats are scarce.\ni1 Fuel is dear;\n"
        "i1 ropes are cheap.\n");
}

/* ---- headings and rows ---- */

static void test_underlined_headings(void **state) {
    (void)state;
    expect(
        "Minutes of the pilots\n=====================\n\nOpening\n-------\n\nThe chair opened.\n",
        "h1 Minutes of the pilots\nh2 Opening\np {Opening} The chair opened.\n");
}

static void test_capitals_and_numbers_make_headings(void **state) {
    (void)state;
    expect("PILOTS' COMMITTEE\n\nThe chair opened the meeting at nine.\n\n"
           "REPORTS\n\n1. Boats\n\nBoats are scarce this year.\n\n1.1 Small boats\n\nThey leak.\n\n"
           "2. Fuel\n\nFuel is dear this year.\n",
           "h1 PILOTS' COMMITTEE\np The chair opened the meeting at nine.\n"
           "h2 REPORTS\nh3 1. Boats\np {REPORTS > 1. Boats} Boats are scarce this year.\n"
           "h4 1.1 Small boats\np {REPORTS > 1. Boats > 1.1 Small boats} They leak.\n"
           "h3 2. Fuel\np {REPORTS > 2. Fuel} Fuel is dear this year.\n");
}

static void test_heading_in_capitals_may_run_over_two_lines(void **state) {
    (void)state;
    expect("REPORT OF THE COMMITTEE\nON PILOTS AND BERTHS\n\nThe chair opened the meeting.\n",
           "h1 REPORT OF THE COMMITTEE ON PILOTS AND BERTHS\np The chair opened the meeting.\n");
}

static void test_label_before_a_list_heads_it(void **state) {
    (void)state;
    expect("We met at nine.\n\nAction items:\n- Buy ropes.\n- Sell boats.\n",
           "p We met at nine.\nh2 Action items\ni1 {Action items} Buy ropes.\n"
           "i1 {Action items} Sell boats.\n");
}

static void test_lines_that_count_on_are_an_agenda_not_headings(void **state) {
    (void)state;
    expect("The agenda was adopted.\n\n1. Opening\n2. Reports\n3. Other business\n\n"
           "The chair opened the meeting.\n",
           "p The agenda was adopted.\ni1 (1.) Opening\ni1 (2.) Reports\ni1 (3.) Other business\n"
           "p The chair opened the meeting.\n");
}

static void test_list_of_names_is_rows_not_headings(void **state) {
    (void)state;
    expect("The following were there.\n\nAnna Boat\n\nBert Rope\n\nCarla Sail\n\nDora Mast\n\n"
           "The chair opened the meeting.\n",
           "p The following were there.\nr Anna Boat\nr Bert Rope\nr Carla Sail\nr Dora Mast\n"
           "p The chair opened the meeting.\n");
}

static void test_last_line_heads_nothing(void **state) {
    (void)state;
    expect("The meeting rose at ten.\n\nThe Secretariat\n",
           "p The meeting rose at ten.\np The Secretariat\n");
}

static void test_contents_and_tables_are_rows(void **state) {
    (void)state;
    expect("1. Opening of the session ........ 1\n2. Budget . . . . . . . 12\n\n"
           "| Port | Boats |\n|------|-------|\n| Veyle | 12 |\n\n"
           "Port          Boats     Crews\nVeyle         12        40\n",
           "r 1. Opening of the session 1\nr 2. Budget 12\n"
           "r | Port | Boats |\nr |------|-------|\nr | Veyle | 12 |\n"
           "r Port Boats Crews\nr Veyle 12 40\n");
}

static void test_longer_text_after_heading_in_record_keeps_its_path(void **state) {
    (void)state;
    struct cut_options options = CUT_OPTIONS_INIT;
    options.record = true;
    options.line = 0;
    static const char text[] = "REPORTS\n\nBoats are scarce this year.";
    struct document document = cut_with(text, sizeof text - 1, options);
    assert_null(document.title);
    assert_int_equal(document.passages[1].line_begin, 0);
    expect_list(&document, "h2 REPORTS\np {REPORTS} Boats are scarce this year.\n");
}

/* ---- titles ---- */

static void expect_title(const char *text, const char *title) {
    struct document document = cut(text);
    assert_non_null(document.title);
    assert_string_equal(document.title, title);
    document_free(&document);
}

static void test_title_is_the_heading_at_the_top(void **state) {
    (void)state;
    expect_title("Pilots' committee\n\nThe chair opened the meeting.\n", "Pilots' committee");
    expect("Pilots' committee\nThird report\n2017-05-03\n\nThe chair opened the meeting.\n",
           "h1 Pilots' committee\np Third report\np 2017-05-03\np The chair opened the meeting.\n");
    expect_title("8 July 1998\n\nPilots' committee\n\nThe chair opened the meeting.\n",
                 "Pilots' committee");
    expect_title("Third session\nJOINT COMMITTEE ON PILOTS\nVeyle, 3 May 2017\n\nThe chair opened "
                 "the meeting.\n",
                 "JOINT COMMITTEE ON PILOTS");
}

static void test_title_from_prose_ends_at_a_clause_or_word(void **state) {
    (void)state;
    expect_title("The chair opened the meeting. It was nine.\n", "The chair opened the meeting");
    expect_title("Mr. Boat and Dr. Rope opened it. It was nine.\n",
                 "Mr. Boat and Dr. Rope opened it");
    expect_title(
        "The committee of pilots and harbour masters of the northern coast met again in the "
        "old customs house of Veyle by the sea.\n",
        "The committee of pilots and harbour masters of the northern coast met again in the old");
}

/* ---- speech ---- */

static void test_speakers_carry_over_their_turn(void **state) {
    (void)state;
    expect("The CHAIR: I open the meeting. The floor is yours.\n\n"
           "Mr. ROPE (Veyle): Thank you.\n\nWe have three requests.\n\n(Applause)\n\n"
           "They are these.\n\nThe CHAIR: Thank you.\n\nMr. ROPE (Veyle): I have not finished.\n\n"
           "The CHAIR: You have.\n",
           "p <The CHAIR> The CHAIR: I open the meeting. The floor is yours.\n"
           "p <Mr. ROPE (Veyle)> Mr. ROPE (Veyle): Thank you.\n"
           "p <Mr. ROPE (Veyle)> We have three requests.\n"
           "p (Applause)\n"
           "p <Mr. ROPE (Veyle)> They are these.\n"
           "p <The CHAIR> The CHAIR: Thank you.\n"
           "p <Mr. ROPE (Veyle)> Mr. ROPE (Veyle): I have not finished.\n"
           "p <The CHAIR> The CHAIR: You have.\n");
}

static void test_turns_of_one_line_are_paragraphs(void **state) {
    (void)state;
    expect("Anna B. Boat, Jr.: Is it cold?\nBert Rope: Yes.\nAnna B. Boat, Jr.: How cold?\n"
           "Bert Rope: Very.\nAnna B. Boat, Jr.: I see.\nBert Rope: Good.\n",
           "p <Anna B. Boat, Jr.> Anna B. Boat, Jr.: Is it cold?\n"
           "p <Bert Rope> Bert Rope: Yes.\n"
           "p <Anna B. Boat, Jr.> Anna B. Boat, Jr.: How cold?\n"
           "p <Bert Rope> Bert Rope: Very.\n"
           "p <Anna B. Boat, Jr.> Anna B. Boat, Jr.: I see.\n"
           "p <Bert Rope> Bert Rope: Good.\n");
}

static void test_labels_before_colons_name_nobody(void **state) {
    (void)state;
    expect("Date: 3 May 2017.\nPlace: Veyle.\nAgenda: boats.\n",
           "p Date: 3 May 2017.\np Place: Veyle.\np Agenda: boats.\n");
}

/* ---- hyphens ---- */

static void expect_words(const char *text, const char *words) {
    struct document document = cut(text);
    assert_int_equal(document.passage_count, 1);
    const char *all = bytes_string(&document.text);
    assert_non_null(all);
    if (!strstr(all, words))
        print_error("no \"%s\" in \"%s\"\n", words, all);
    assert_non_null(strstr(all, words));
    document_free(&document);
}

static void test_divided_words_are_healed(void **state) {
    (void)state;
    expect_words("The members of the committee asked for a regio-\nnal answer.\n",
                 "a regional answer");
    expect_words("The members of the committee thanked the co-\nchairs for it.\n",
                 "the co-chairs for");
    expect_words("The members of the committee of the Asia-\nPacific ports met.\n",
                 "Asia-Pacific ports");
    expect_words("The members of the committee for 2018-\n2019 met here.\n", "2018-2019 met");
    expect_words("The members of the committee heard pre-\nand post-war cases.\n",
                 "pre- and post-war");
    expect_words("The members of the committee met by e-\nmail this year.\n", "by e-mail this");
    expect_words("The members of the committee asked for a state-of-the-\nart boat.\n",
                 "state-of-the-art boat");
    expect_words("The members of the committee heard a regio\xC2\xAD\nnal re\xC2\xADport.\n",
                 "a regional report");
}

static void test_the_document_itself_decides_on_hyphens(void **state) {
    (void)state;
    expect_words("The cooperation of ports is well known, and this co-\noperation is old.\n",
                 "this cooperation is old");
    expect_words("The land-locked states asked for it, and all land-\nlocked states agreed.\n",
                 "all land-locked states");
    expect_words("THE INTERNATIONAL OFFICE asked for it, and INTER-\nNATIONAL offices too.\n",
                 "and INTERNATIONAL offices");
}

static void test_dashes_at_line_ends_are_no_hyphens(void **state) {
    (void)state;
    expect_words("The members of the committee met once more -\nand adjourned.\n",
                 "once more - and");
    expect_words("The members of the committee met once more --\nand adjourned.\n",
                 "once more -- and");
}

/* ---- records, limits, hostile text ---- */

static void test_single_line_record_is_one_paragraph(void **state) {
    (void)state;
    struct cut_options options = CUT_OPTIONS_INIT;
    options.record = true;
    static const char text[] = "1. We met. - The chair spoke. - Nobody   else did.";
    struct document document = cut_with(text, sizeof text - 1, options);
    expect_list(&document, "p 1. We met. - The chair spoke. - Nobody else did.\n");
}

static void test_whole_text_is_one_paragraph(void **state) {
    (void)state;
    struct cut_options options = CUT_OPTIONS_INIT;
    options.whole = true;
    static const char text[] = "We met.\n\n- The chair spoke.\n\nNobody else did.\n\n";
    struct document document = cut_with(text, sizeof text - 1, options);
    assert_int_equal(document.passages[0].line_begin, 1);
    assert_int_equal(document.passages[0].line_end, 5);
    expect_list(&document, "p We met. - The chair spoke. Nobody else did.\n");
}

static char *repeat(const char *unit, size_t size) {
    char *text = malloc(size + 1);
    assert_non_null(text);
    size_t length = strlen(unit);
    for (size_t at = 0; at < size; at++)
        text[at] = unit[at % length];
    text[size] = '\0';
    return text;
}

static void test_long_paragraph_is_cut_behind_sentences(void **state) {
    (void)state;
    char *text = repeat("The committee noted the report of its pilots. ", 200000);
    struct document document = cut(text);
    assert_in_range(document.passage_count, 10, 12);
    for (size_t i = 0; i < document.passage_count; i++) {
        const struct passage *passage = &document.passages[i];
        assert_true(passage->text_end - passage->text_begin <= PASSAGE_LIMIT);
        if (i + 1 < document.passage_count) {
            assert_int_equal(document.text.data[passage->text_end - 1], '.');
            assert_int_equal(passage[1].source_begin, passage->source_end + 1);
        }
    }
    document_free(&document);
    free(text);
}

static void test_endless_word_is_cut_between_characters(void **state) {
    (void)state;
    char *text = repeat("\xC3\xA9", 100000);
    struct document document = cut(text);
    assert_in_range(document.passage_count, 5, 6);
    for (size_t i = 0; i < document.passage_count; i++)
        assert_int_equal(document.text.data[document.passages[i].text_begin], 0xC3);
    document_free(&document);
    free(text);
}

static double seconds_to_cut(const char *unit, size_t size) {
    char *text = repeat(unit, size);
    clock_t start = clock();
    struct document document = cut(text);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    document_free(&document);
    free(text);
    return seconds;
}

/* A shape that costs a second look at what was already read would take minutes at this size. */
static void test_time_is_linear_in_hostile_shapes(void **state) {
    (void)state;
    static const char *const units[] = {
        "x",      " ",    "\n",     "\r",        "- A. ",   "\xE2\x80\xA2 A. ",
        ". - A",  "a-\n", "12\n",   "1.\n",      ">",       "A\n\n",
        "A: b\r", "-\n",  "(a) ",   "A.\f",      "word - ", "((((",
        "# ",     "Mr. ", "1.1.1.", "\t| a |\n", "A\n===\n"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double seconds = seconds_to_cut(units[i], rounds(1000000));
        if (seconds > 20)
            print_error("unit \"%s\" took %.1f s\n", units[i], seconds);
        assert_true(seconds <= 20);
    }
}

static void test_empty_and_blank_texts_give_nothing(void **state) {
    (void)state;
    expect("", "");
    expect("\n \n\t\r\n\f", "");
}

/* Whatever the text: passages lie in order within it, are not empty, hold no line breaks, and no
 * letter is lost but those that labels and marks took. */
static void check_invariants(const struct document *document, size_t size) {
    uint64_t before = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        const char *text = (const char *)document->text.data + passage->text_begin;
        size_t length = passage->text_end - passage->text_begin;
        assert_true(length > 0);
        assert_null(memchr(text, '\n', length));
        assert_true(text[0] != ' ' && text[length - 1] != ' ');
        assert_true(passage->source_begin >= before);
        assert_true(passage->source_end > passage->source_begin && passage->source_end <= size);
        assert_true(passage->line_begin >= 1 && passage->line_end >= passage->line_begin);
        before = passage->source_begin;
    }
}

static void test_any_text_is_cut_in_order(void **state) {
    (void)state;
    static const char *const parts[] = {"The chair",
                                        " spoke",
                                        ".",
                                        ". ",
                                        "\n",
                                        "\n\n",
                                        "- ",
                                        " - ",
                                        "\xE2\x80\xA2 ",
                                        "1. ",
                                        "(a) ",
                                        "NOTE",
                                        ":",
                                        "\t",
                                        "\f",
                                        "\r",
                                        "co-",
                                        "-\n",
                                        "===\n",
                                        "----\n",
                                        "12",
                                        "> ",
                                        "\xC2\xAD",
                                        "\xC3\xA9",
                                        "\xFF",
                                        "# ",
                                        "....... 3",
                                        "|",
                                        "   ",
                                        "Mr. A: ",
                                        "\xE4\xB8\xAD",
                                        "Art. 3 "};
    unsigned seed = 6082018;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < (int)rounds(2000); round++) {
        struct bytes text = BYTES_INIT;
        for (int i = rand() % 60; i > 0; i--)
            bytes_add_string(&text, parts[(size_t)rand() % (sizeof parts / sizeof *parts)]);
        char *exact = test_malloc(text.size ? text.size : 1); /* so that an over-read is seen */
        if (text.size)
            memcpy(exact, text.data, text.size);
        struct cut_options options = CUT_OPTIONS_INIT;
        options.record = rand() % 4 == 0;
        options.whole = rand() % 8 == 0;
        struct document document = cut_with(exact, text.size, options);
        check_invariants(&document, text.size);
        document_free(&document);
        test_free(exact);
        bytes_free(&text);
    }
}

/* `pages` pages of twenty lines between a head and a foot, in which # is the page's number. */
static char *write_pages(unsigned pages, const char *head, const char *foot) {
    struct bytes text = BYTES_INIT;
    for (unsigned page = 1; page <= pages; page++) {
        for (const char *at = head; *at; at++)
            bytes_add_byte(&text, *at == '#' ? (uint8_t)('0' + page) : (uint8_t)*at);
        for (unsigned line = 0; line < 20; line++)
            bytes_printf(&text, "Line %u of page %c says something that ends.\n\n", line,
                         (char)('a' + page));
        bytes_add_string(&text, foot);
    }
    char *copy = strdup(bytes_string(&text));
    bytes_free(&text);
    return copy;
}

static unsigned count_passages(const struct document *document, const char *words) {
    unsigned count = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        count += memmem(document->text.data + passage->text_begin,
                        passage->text_end - passage->text_begin, words, strlen(words)) != NULL;
    }
    return count;
}

static void expect_count(char *text, const char *words, unsigned count) {
    struct document document = cut(text);
    assert_int_equal(count_passages(&document, words), count);
    assert_int_equal(count_passages(&document, "says something") % 20, 0);
    document_free(&document);
    free(text);
}

static void test_running_heads_are_dropped_from_the_second_on(void **state) {
    (void)state;
    expect_count(write_pages(5, "\fReport of the board #\n\n", ""), "Report of the board", 1);
    expect_count(write_pages(5, "3 May 2001\n\n", ""), "3 May 2001", 1);
    expect_count(write_pages(5, "58# 2001\n\n", ""), "2001", 1);
    expect_count(write_pages(5, "Harbour board\n\n#\n\n", ""), "Harbour board", 1);
}

static void test_what_merely_recurs_stays(void **state) {
    (void)state;
    expect_count(write_pages(5, "", "Motion agreed to\n\n"), "Motion agreed to", 5);
    expect_count(write_pages(5, "Clause #\n\n", ""), "Clause", 5);
    expect_count(write_pages(5, "\fThe vote was taken.\n\n", ""), "The vote was taken", 5);
    expect_count(write_pages(2, "\fReport of the board\n\n", "") /* too seldom */,
                 "Report of the board", 2);
}

static void test_tabs_beyond_every_page_are_harmless(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 3000; i++)
        bytes_add_byte(&text, '\t');
    bytes_add_string(&text, "far out.\nNear by.\n");
    struct document document = cut(bytes_string(&text));
    assert_int_equal(document.passage_count, 2);
    document_free(&document);
    bytes_free(&text);
}

/* ---- what readers of unprepared documents saw ---- */

static void test_article_keeps_its_words_and_begins_sentences(void **state) {
    (void)state;
    expect("Article 3 of the Charter binds all ports.\n\nSection 5 The fee is due in May.\n",
           "p Article 3 of the Charter binds all ports.\n"
           "p (Section 5) Section 5 The fee is due in May.\n");
}

static void test_indented_letters_with_a_full_stop_open_items(void **state) {
    (void)state;
    expect("Actions agreed:\n"
           "  1. Norland will send the list of its boats to the secretariat before May:\n"
           "     a. pilot boats\n"
           "        i. by type\n"
           "        ii. by age; and\n"
           "     b. tugs.\n",
           "p Actions agreed:\n"
           "i1 (1.) Norland will send the list of its boats to the secretariat before May:\n"
           "i2 (a.) pilot boats\ni3 (i.) by type\ni3 (ii.) by age; and\ni2 (b.) tugs.\n");
}

static void test_bullet_signs_inside_prose_open_items_behind_a_clause(void **state) {
    (void)state;
    expect("The group noted the need for the following: \xE2\x80\xA2 boats; \xE2\x80\xA2 crews.\n",
           "p The group noted the need for the following:\ni1 boats;\ni1 crews.\n");
    expect("Sandmouth \xE2\x80\xA2 4 June 2019, in the town hall by the river.\n",
           "p Sandmouth \xE2\x80\xA2 4 June 2019, in the town hall by the river.\n");
}

static void test_lines_with_labels_are_apart(void **state) {
    (void)state;
    expect("Niederschrift der Sitzung vom Montag.\n\n"
           "Anwesend: Fr. Holm (Vorsitz), Hr. Brandt, Hr. Moss, Fr. Reed und Hr. Ubben\n"
           "Entschuldigt: Hr. Bell\n\n"
           "Der Vorsitz stellt fest, dass die Einladung rechtzeitig ergangen ist und dass\n"
           "der Ausschuss beschlussf\xC3\xA4hig ist.\n",
           "p Niederschrift der Sitzung vom Montag.\n"
           "p Anwesend: Fr. Holm (Vorsitz), Hr. Brandt, Hr. Moss, Fr. Reed und Hr. Ubben\n"
           "p Entschuldigt: Hr. Bell\n"
           "p Der Vorsitz stellt fest, dass die Einladung rechtzeitig ergangen ist und dass "
           "der Ausschuss beschlussf\xC3\xA4hig ist.\n");
}

static void test_capitals_over_an_agenda_head_it(void **state) {
    (void)state;
    expect("ACTA DEL CONSEJO\nFecha: 14 de marzo de 2021\nLugar: Puerto Real\n\n"
           "ORDEN DEL D\xC3\x8D"
           "A\n1. Lectura del acta\n2. Informe del director\n3. Ruegos\n\n"
           "DESARROLLO\n1. Lectura del acta\nSe da lectura al acta, que es aprobada.\n"
           "2. Informe del director\nEl director informa de los rescates.\n",
           "h1 ACTA DEL CONSEJO\np Fecha: 14 de marzo de 2021\np Lugar: Puerto Real\n"
           "h2 ORDEN DEL D\xC3\x8D"
           "A\n"
           "i1 (1.) {ORDEN DEL D\xC3\x8D"
           "A} Lectura del acta\n"
           "i1 (2.) {ORDEN DEL D\xC3\x8D"
           "A} Informe del director\n"
           "i1 (3.) {ORDEN DEL D\xC3\x8D"
           "A} Ruegos\n"
           "h2 DESARROLLO\nh3 1. Lectura del acta\n"
           "p {DESARROLLO > 1. Lectura del acta} Se da lectura al acta, que es aprobada.\n"
           "h3 2. Informe del director\n"
           "p {DESARROLLO > 2. Informe del director} El director informa de los rescates.\n");
}

static void test_numbered_headings_stay_beside_each_other(void **state) {
    (void)state;
    expect("REPORT OF THE COAST GUARD\n\n1. Operations\n\nThere were 214 rescues.\n\n"
           "PATROLS BY DISTRICT\n\nNorth had 312.\n\n2. Finance\n\nSee annex.\n",
           "h1 REPORT OF THE COAST GUARD\nh2 1. Operations\n"
           "p {1. Operations} There were 214 rescues.\nh2 PATROLS BY DISTRICT\n"
           "p {PATROLS BY DISTRICT} North had 312.\nh2 2. Finance\np {2. Finance} See annex.\n");
}

static void test_numbers_of_french_and_chinese_label_items(void **state) {
    (void)state;
    expect("Le comit\xC3\xA9 d\xC3\xA9"
           "cide :\n1\xC2\xB0) d'acheter une vedette ;\n"
           "2\xC2\xB0) de former les \xC3\xA9quipages.\n",
           "p Le comit\xC3\xA9 d\xC3\xA9"
           "cide :\ni1 (1\xC2\xB0)) d'acheter une vedette ;\n"
           "i1 (2\xC2\xB0)) de former les \xC3\xA9quipages.\n");
    expect("一、主席宣布会议开始。\n二、秘书处介绍了议程。\n（三）会议结束。\n二、三人离开。\n",
           "i1 (一、) 主席宣布会议开始。\ni1 (二、) 秘书处介绍了议程。\n"
           "i2 (（三）) 会议结束。\np 二、三人离开。\n");
}

static void test_broken_off_speech_is_no_heading(void **state) {
    (void)state;
    expect("Mr. HART: It is closed.\n\nMr. BELL: Why is that.\n\nI remind the house (Inaudible)\n\n"
           "Mr. HART: It is old.\n\nDebate on the bill (continued)\n\nMr. BELL: I see.\n",
           "p <Mr. HART> Mr. HART: It is closed.\np <Mr. BELL> Mr. BELL: Why is that.\n"
           "p <Mr. BELL> I remind the house (Inaudible)\n"
           "p <Mr. HART> Mr. HART: It is old.\nh2 Debate on the bill (continued)\n"
           "p <Mr. BELL> {Debate on the bill (continued)} Mr. BELL: I see.\n");
}

static void test_title_is_no_abbreviation_and_no_number(void **state) {
    (void)state;
    struct document document = cut("The group met at 10 a.m. on Monday. It was cold.\n");
    assert_string_equal(document.title, "The group met at 10 a.m. on Monday");
    document_free(&document);
    document = cut("Bericht \xC3\xBC"
                   "ber die 14. Sitzung des Ausschusses. Es war kalt.\n");
    assert_string_equal(document.title, "Bericht \xC3\xBC"
                                        "ber die 14. Sitzung des Ausschusses");
    document_free(&document);
}

static void test_questions_and_answers_are_apart(void **state) {
    (void)state;
    expect(
        "Q. You said that on that night the vessel turned into the wind. Where did it\n"
        "turn to?\nA. I did. It was dark, but the lamp at the end of the pier was lit all night.\n"
        "Q. And then?\nA. Then it turned again, and we lost sight of it behind the pier and of\n"
        "the lamp.\n",
        "p Q. You said that on that night the vessel turned into the wind. Where did it "
        "turn to?\n"
        "p A. I did. It was dark, but the lamp at the end of the pier was lit all night.\n"
        "p Q. And then?\n"
        "p A. Then it turned again, and we lost sight of it behind the pier and of the lamp.\n");
}

static void test_names_side_by_side_are_no_heading(void **state) {
    (void)state;
    expect("The minutes of the board of the harbour.\n\n"
           "A. Holm (Chair)                 K. Brandt\nL. Moss                         P. Reed\n\n"
           "The Chair opened the meeting at nine and welcomed the two new members of it.\n",
           "p The minutes of the board of the harbour.\n"
           "p A. Holm (Chair) K. Brandt\np L. Moss P. Reed\n"
           "p The Chair opened the meeting at nine and welcomed the two new members of it.\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statement_gives_nine_passages_and_two_headings),
        cmocka_unit_test(test_passages_say_where_they_stood),
        cmocka_unit_test(test_real_statement_gives_nine_passages_and_two_headings),
        cmocka_unit_test(test_blank_lines_part_wrapped_paragraphs),
        cmocka_unit_test(test_full_line_that_ends_a_sentence_does_not_end_its_paragraph),
        cmocka_unit_test(test_heading_ends_a_paragraph_whose_last_line_is_full),
        cmocka_unit_test(test_bullet_inside_a_wrapped_line_keeps_its_next_line),
        cmocka_unit_test(test_bullet_at_the_end_of_a_line_opens_the_next),
        cmocka_unit_test(test_no_memory_is_an_error),
        cmocka_unit_test(test_unwrapped_text_has_a_paragraph_on_each_line),
        cmocka_unit_test(test_double_spaced_text_is_read_as_if_it_were_not),
        cmocka_unit_test(test_indented_first_line_begins_a_paragraph),
        cmocka_unit_test(test_page_break_does_not_end_a_sentence),
        cmocka_unit_test(test_page_numbers_and_rules_are_no_text),
        cmocka_unit_test(test_form_feeds_count_pages),
        cmocka_unit_test(test_quoted_mail_is_apart_from_the_answer),
        cmocka_unit_test(test_lone_carriage_returns_end_lines),
        cmocka_unit_test(test_lines_without_spaces_between_words_join_without_one),
        cmocka_unit_test(test_bullets_of_all_kinds_open_items),
        cmocka_unit_test(test_items_go_on_over_lines_indented_or_not),
        cmocka_unit_test(test_depth_is_by_indent_and_kind_of_mark),
        cmocka_unit_test(test_labels_of_paragraphs_are_kept),
        cmocka_unit_test(test_number_on_a_line_of_its_own_labels_the_next),
        cmocka_unit_test(test_wrapped_numbers_and_dashes_open_no_items),
        cmocka_unit_test(test_dashes_between_sentences_of_a_speech_open_no_items),
        cmocka_unit_test(test_bullets_inside_a_line_that_begins_with_one),
        cmocka_unit_test(test_underlined_headings),
        cmocka_unit_test(test_capitals_and_numbers_make_headings),
        cmocka_unit_test(test_heading_in_capitals_may_run_over_two_lines),
        cmocka_unit_test(test_label_before_a_list_heads_it),
        cmocka_unit_test(test_lines_that_count_on_are_an_agenda_not_headings),
        cmocka_unit_test(test_list_of_names_is_rows_not_headings),
        cmocka_unit_test(test_last_line_heads_nothing),
        cmocka_unit_test(test_contents_and_tables_are_rows),
        cmocka_unit_test(test_longer_text_after_heading_in_record_keeps_its_path),
        cmocka_unit_test(test_title_is_the_heading_at_the_top),
        cmocka_unit_test(test_title_from_prose_ends_at_a_clause_or_word),
        cmocka_unit_test(test_speakers_carry_over_their_turn),
        cmocka_unit_test(test_turns_of_one_line_are_paragraphs),
        cmocka_unit_test(test_labels_before_colons_name_nobody),
        cmocka_unit_test(test_divided_words_are_healed),
        cmocka_unit_test(test_the_document_itself_decides_on_hyphens),
        cmocka_unit_test(test_dashes_at_line_ends_are_no_hyphens),
        cmocka_unit_test(test_single_line_record_is_one_paragraph),
        cmocka_unit_test(test_whole_text_is_one_paragraph),
        cmocka_unit_test(test_long_paragraph_is_cut_behind_sentences),
        cmocka_unit_test(test_endless_word_is_cut_between_characters),
        cmocka_unit_test(test_time_is_linear_in_hostile_shapes),
        cmocka_unit_test(test_running_heads_are_dropped_from_the_second_on),
        cmocka_unit_test(test_what_merely_recurs_stays),
        cmocka_unit_test(test_tabs_beyond_every_page_are_harmless),
        cmocka_unit_test(test_empty_and_blank_texts_give_nothing),
        cmocka_unit_test(test_any_text_is_cut_in_order),
        cmocka_unit_test(test_questions_and_answers_are_apart),
        cmocka_unit_test(test_names_side_by_side_are_no_heading),
        cmocka_unit_test(test_article_keeps_its_words_and_begins_sentences),
        cmocka_unit_test(test_indented_letters_with_a_full_stop_open_items),
        cmocka_unit_test(test_bullet_signs_inside_prose_open_items_behind_a_clause),
        cmocka_unit_test(test_lines_with_labels_are_apart),
        cmocka_unit_test(test_capitals_over_an_agenda_head_it),
        cmocka_unit_test(test_numbered_headings_stay_beside_each_other),
        cmocka_unit_test(test_numbers_of_french_and_chinese_label_items),
        cmocka_unit_test(test_broken_off_speech_is_no_heading),
        cmocka_unit_test(test_title_is_no_abbreviation_and_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
