/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns that items of a list open without a colon: rules T7 to T10 (turn_item.h), and what reads as
 * something said (spoken.h). */
#include "corpus/document.h"
#include "corpus/spoken.h"
#include "corpus/turn.h"
#include "corpus/turn_label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
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

/* "## Heading", "- item", "  - item below it", else a paragraph. */
static void add(const char *line) {
    static const char *heading;
    size_t indent = strspn(line, " ");
    enum passage_kind kind = *line == '#'          ? PASSAGE_HEADING
                             : line[indent] == '-' ? PASSAGE_ITEM
                                                   : PASSAGE_PARAGRAPH;
    const char *text =
        kind == PASSAGE_HEADING ? line + 3 : line + indent + 2 * (line[indent] == '-');
    if (!document.passage_count)
        heading = NULL;
    heading = kind == PASSAGE_HEADING ? text : heading;
    struct passage *passage = document_add(&document, kind, text, strlen(text));
    assert_non_null(passage);
    passage->level = kind == PASSAGE_ITEM ? 1 + (unsigned)indent / 2 : 2 * (*line == '#');
    passage->heading = kind == PASSAGE_HEADING ? NULL : heading;
}

static void mark(const char *const *lines) {
    document_reset(&document);
    for (; *lines; lines++)
        add(*lines);
    assert_int_equal(turn_mark(&document), 0);
}

#define MARK(...) mark((const char *const[]){__VA_ARGS__, NULL})

/* Who opens a turn with passage i; "-": nobody. */
static const char *opens(size_t i) {
    assert_true(i < document.passage_count);
    const struct passage *passage = &document.passages[i];
    return passage->opens_turn ? passage->speaker : "-";
}

static void assert_none_opens(void) {
    for (size_t i = 0; i < document.passage_count; i++)
        assert_string_equal(opens(i), "-");
}

/* ---- spoken ---- */

static bool sounds(const char *text) {
    return spoken(text, strlen(text));
}

static void what_is_said_is_told_from_a_topic(void **state) {
    (void)state;
    assert_true(sounds("the pier should wait"));
    assert_true(sounds("Is it safe?"));
    assert_true(sounds("+1"));
    assert_true(sounds("We asked the owners"));
    assert_true(sounds("don\xE2\x80\x99t know"));
    assert_true(sounds("Two crews by noon."));
    assert_false(sounds("Budget for the pier"));
    assert_false(sounds("New rota in IT and US ports"));
    assert_false(sounds("Paint."));
    assert_false(sounds(""));
    assert_true(spoken_at_once("Big thanks to the crew", 22));
    assert_false(spoken_at_once("Budget of the pier, thanks", 26));
}

static void labels_of_items_are_read(void **state) {
    (void)state;
    static const struct {
        const char *text, *name;
        enum turn_mark mark;
    } cases[] = {{"[Ann] we wait", "Ann", TURN_BRACKETS},
                 {"(Ann Lee) - we wait", "Ann Lee", TURN_BRACKETS},
                 {"[@annlee] we wait", "annlee", TURN_BRACKETS},
                 {"Ann - we wait", "Ann", TURN_DASH},
                 {"Ann \xE2\x80\x93 we wait", "Ann", TURN_DASH},
                 {"Ann- we wait", "Ann", TURN_DASH},
                 {"Ann, we wait", "Ann", TURN_COMMA},
                 {"@annlee: we wait", "annlee", TURN_COLON},
                 {"Ann", "Ann", TURN_ALONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct turn_label label = turn_label_read_item(cases[i].text, strlen(cases[i].text), true);
        assert_int_not_equal(label.form, TURN_NONE);
        assert_int_equal(label.mark, cases[i].mark);
        assert_int_equal(label.end - label.begin, strlen(cases[i].name));
        assert_memory_equal(cases[i].text + label.begin, cases[i].name, strlen(cases[i].name));
        assert_true(label.text == strlen(cases[i].text) || cases[i].text[label.text] == 'w');
    }
    static const char *const none[] = {
        "[x] paint the pier",           "(10) paint the pier", "[", "[]",       "-",
        "[a list of the things] to do", "Ann[1] waits",        "@", ", we wait"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(turn_label_read_item(none[i], strlen(none[i]), true).form, TURN_NONE);
}

/* ---- T7 ---- */

static void brackets_below_a_topic_speak(void **state) {
    (void)state;
    MARK("- Topics", "  - [Ann] Paint for the lighthouse", "    - [Bob] we should ask the owners",
         "    - [Cleo] who pays?", "    - [Bob]", "      - The harbour fund", "    - [Cleo] agree",
         "  - [Bob] Winter rota");
    assert_string_equal(opens(1), "-"); /* who proposes it */
    assert_string_equal(opens(2), "Bob");
    assert_string_equal(opens(3), "Cleo");
    assert_string_equal(opens(4), "Bob");
    assert_string_equal(document.passages[5].speaker, "Bob");
    assert_string_equal(opens(6), "Cleo");
    assert_string_equal(opens(7), "-");
}

static void proposers_of_topics_do_not(void **state) {
    (void)state;
    MARK("- [Ann] Should we paint the pier?", "- [Bob] We need a winter rota", "- Announcements",
         "  - [Ann] The pier is closed", "  - [Bob] We have a new buoy", "- Reports due",
         "  - [Ann] Lighthouse", "  - [Bob] Buoys", "  - [Ann] Pier of the north");
    assert_none_opens();
}

static void neither_do_tasks_and_remarks_in_brackets(void **state) {
    (void)state;
    MARK("## Meeting", "- Next steps for the pier", "  - [Ann] will ask the owners",
         "  - [Bob] will paint it", "- Winter rota of the crews",
         "  - [optional] we could ask them", "  - [optional] it may be late");
    assert_none_opens();
}

static void one_alone_must_be_known(void **state) {
    (void)state;
    MARK("## Present", "- Ann Lee", "- Bob Moss", "## Minutes", "- Paint for the lighthouse",
         "  - [Ann] we have none", "- Winter rota of the crews", "  - [Zoe] we have none");
    assert_string_equal(opens(5), "Ann Lee");
    assert_string_equal(opens(7), "-");
}

static void a_turn_does_not_take_an_item_of_another(void **state) {
    (void)state;
    MARK("- Ann: we look for a room.", "  - Forty seats", "  - [Bob] space for forty",
         "- Ann: it is late.", "- Ann: we close.", "- Bob: it is.", "- Bob: yes, it is.",
         "- Bob: it rains.");
    assert_string_equal(opens(0), "Ann");
    assert_string_equal(document.passages[1].speaker, "Ann");
    assert_null(document.passages[2].speaker);
}

/* ---- T8 ---- */

static void dashes_and_commas_of_people_known_speak(void **state) {
    (void)state;
    MARK("## Present", "- Ann Lee - Harbour Council", "- Bob Moss", "## Minutes",
         "- Ann - will ask the owners of the pier", "- Bob, what does it cost?",
         "- Ann, not more than last year", "- Ann, could you ask them?",
         "- Bob, who chairs the group, left", "- Ann, bob, and two others came",
         "- Ann - Harbour Council", "- Bob - 4 to 9 of the month",
         "- Zoe - will ask the owners of the pier", "- Paint, so far, is dear");
    assert_string_equal(opens(1), "-");
    assert_string_equal(opens(4), "Ann Lee");
    assert_string_equal(opens(5), "Bob Moss");
    assert_string_equal(opens(6), "Ann Lee");
    for (size_t i = 7; i < document.passage_count; i++)
        assert_string_equal(opens(i), "-");
}

static void one_comma_is_chance(void **state) {
    (void)state;
    MARK("## Present", "- Ann Lee", "- Bob Moss", "## Minutes", "- Ann, now the treasurer");
    assert_none_opens();
}

static void names_above_items_speak_in_turns(void **state) {
    (void)state;
    MARK("## Present", "- Ann Lee", "- Bob Moss", "## Minutes", "- Paint for the lighthouse",
         "  - Ann", "    - It peels", "  - Bob", "    - Red would do", "  - Robin",
         "    - Or white", "  - Robin", "    - Or grey");
    assert_string_equal(opens(5), "Ann Lee");
    assert_string_equal(document.passages[6].speaker, "Ann Lee");
    assert_string_equal(opens(7), "Bob Moss");
    assert_string_equal(opens(9), "Robin"); /* spelt otherwise on the list */
    assert_string_equal(opens(11), "Robin");
    MARK("## Present", "- Ann Lee", "- Bob Moss", "## Minutes", "- Reports due", "  - Ann",
         "    - Pier", "  - Buoys", "    - Two are lost");
    assert_none_opens();
}

/* ---- T9, T10 ---- */

static void a_name_that_returns_before_a_dash_speaks(void **state) {
    (void)state;
    MARK("- Ann - we should paint it", "- Bob - who pays?", "- Ann - the fund does",
         "- Bob - is it enough?", "- Ann - it was enough for the pier", "- Bob - yes");
    assert_string_equal(opens(0), "Ann");
    assert_string_equal(opens(1), "Bob");
    assert_string_equal(opens(5), "Bob");
    MARK("- Paint - red and white", "- Buoys - two in store", "- Paint - none in the shed",
         "- Buoys - one in store", "- Paint - red", "- Buoys - none");
    assert_none_opens();
}

static void an_agenda_carried_over_does_not(void **state) {
    (void)state;
    MARK("## May", "- Paint - we need more of it before winter",
         "- Buoys - we need two more of them in all", "## June",
         "- Paint - we need more of it before winter", "- Buoys - we need two more of them in all",
         "## July", "- Paint - we need more of it before winter",
         "- Buoys - we need two more of them in all");
    assert_none_opens();
}

static void a_list_of_thanks_speaks(void **state) {
    (void)state;
    MARK("- Ann - thanks to the crew of the Tern", "- bobmoss: huge thanks to Ann for the rota",
         "- Cleo - I want to thank the cooks", "- @zoe - she is right");
    assert_string_equal(opens(0), "Ann");
    assert_string_equal(opens(1), "bobmoss");
    assert_string_equal(opens(2), "Cleo");
    assert_string_equal(opens(3), "zoe");
    MARK("- Paint - it is dear", "- Buoys - two are lost", "- Rota - is it full?");
    assert_none_opens();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_told_from_a_topic),
        cmocka_unit_test(labels_of_items_are_read),
        cmocka_unit_test(brackets_below_a_topic_speak),
        cmocka_unit_test(proposers_of_topics_do_not),
        cmocka_unit_test(neither_do_tasks_and_remarks_in_brackets),
        cmocka_unit_test(one_alone_must_be_known),
        cmocka_unit_test(a_turn_does_not_take_an_item_of_another),
        cmocka_unit_test(dashes_and_commas_of_people_known_speak),
        cmocka_unit_test(one_comma_is_chance),
        cmocka_unit_test(names_above_items_speak_in_turns),
        cmocka_unit_test(a_name_that_returns_before_a_dash_speaks),
        cmocka_unit_test(an_agenda_carried_over_does_not),
        cmocka_unit_test(a_list_of_thanks_speaks),
    };
    return cmocka_run_group_tests_name("turn_item", tests, setup, teardown);
}
