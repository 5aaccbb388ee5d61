/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who speaks: turn.h, and what it is made of (turn_label, roster, label_words, short_turn). */
#include "corpus/document.h"
#include "corpus/label_words.h"
#include "corpus/roster.h"
#include "corpus/short_turn.h"
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

static struct passage *add(enum passage_kind kind, const char *text) {
    struct passage *passage = document_add(&document, kind, text, strlen(text));
    assert_non_null(passage);
    if (kind == PASSAGE_ITEM)
        passage->level = 1;
    return passage;
}

/* Each string a paragraph. */
static void mark(const char *const *texts) {
    document_reset(&document);
    for (; *texts; texts++)
        add(PASSAGE_PARAGRAPH, *texts);
    assert_int_equal(turn_mark(&document), 0);
}

#define MARK(...) mark((const char *const[]){__VA_ARGS__, NULL})

static const char *speaker(size_t i) {
    assert_true(i < document.passage_count);
    return document.passages[i].speaker ? document.passages[i].speaker : "-";
}

static void initials_resolve_by_the_list_of_people(void **state) {
    (void)state;
    MARK("Rob Palmer (RPR), Ann Lee-Okoro (ALO), Uta Zapf (SPD)", "RPR: I agree with it.",
         "ALO: So do I, mostly.", "SPD: nobody of that name.");
    assert_string_equal(speaker(1), "Rob Palmer (RPR)");
    assert_string_equal(speaker(2), "Ann Lee-Okoro (ALO)");
    assert_true(document.passages[1].opens_turn);
}

static void tables_and_lists_of_those_present_name_people(void **state) {
    (void)state;
    add(PASSAGE_ROW, "Waldemar Horn | WH | Somewhere");
    struct passage *item = add(PASSAGE_ITEM, "Robert Nagy @ronag (TSC)");
    item->heading = "Meeting > Present";
    add(PASSAGE_ITEM, "Mary Marsh @mmarsh")->heading = item->heading;
    add(PASSAGE_ITEM, "Robert: it is done")->heading = "Meeting > Agenda";
    add(PASSAGE_ITEM, "mmarsh: not yet")->heading = "Meeting > Agenda";
    add(PASSAGE_PARAGRAPH, "WH: who says so?");
    assert_int_equal(turn_mark(&document), 0);
    assert_string_equal(speaker(3), "Robert Nagy");
    assert_string_equal(speaker(4), "Mary Marsh");
    assert_string_equal(speaker(5), "Waldemar Horn (WH)");
}

static void labels_are_nobody(void **state) {
    (void)state;
    MARK("Note: it rains.", "Decision: we go home.", "Action: somebody calls.",
         "https://example.org is down", "Example: this one.", "NB: small print.",
         "Note: it still rains.", "Decision: we stay.", "Note: it stopped raining.",
         "Scribe: Ann Lee", "TODO: write it down.", "Where: Geneva, by the lake.");
    for (size_t i = 0; i < document.passage_count; i++)
        assert_string_equal(speaker(i), "-");
}

static void a_field_that_recurs_is_nobody_where_only_names_follow(void **state) {
    (void)state;
    MARK("Bosun: Ann Lee", "Bosun: Bo Ruiz", "Bosun: Cy Dean", "Bosun: Ann Lee", "Keeper: Bo Ruiz",
         "Keeper: Cy Dean", "Keeper: Ann Lee");
    for (size_t i = 0; i < document.passage_count; i++)
        assert_string_equal(speaker(i), "-");
}

static void names_need_company_and_to_recur(void **state) {
    (void)state;
    MARK("Lee: one of these.", "Andi: and another.", "Lee: yes, that too.", "Andi: fine with me.",
         "Lee: then we agree.", "Andi: we do agree.", "Ivan: I do not, though.");
    assert_string_equal(speaker(0), "Lee");
    assert_string_equal(speaker(5), "Andi");
    assert_string_equal(speaker(6), "-"); /* once, in a short record */
}

static void remarks_and_joined_names(void **state) {
    (void)state;
    MARK("JK: one of these.", "TL: and another.", "JK (chat): typed this one.",
         "DH & JK: no such pair.", "TL/JK: both of us say so.", "JK: done with it.",
         "TL: me too, thanks.");
    assert_string_equal(speaker(2), "JK");
    assert_string_equal(speaker(3), "-");
    assert_string_equal(speaker(4), "TL/JK");
}

static void a_turn_goes_on_until_a_label_heading_or_outcome(void **state) {
    (void)state;
    MARK("AKI: the first of my points.", "The second one is longer and ends here, as it must.",
         "(Laughter)", "DE: I agree with all of it.", "AKI: thank you, that was kind.",
         "Conclusion of the matter was deferred to the next meeting in June.");
    assert_string_equal(speaker(1), "AKI");
    assert_false(document.passages[1].opens_turn);
    assert_string_equal(speaker(2), "-");
    assert_string_equal(speaker(5), "-");
    document_reset(&document);
    add(PASSAGE_PARAGRAPH, "AKI: the first of my points.");
    add(PASSAGE_PARAGRAPH, "DE: I agree with all of it.");
    add(PASSAGE_HEADING, "Next item");
    add(PASSAGE_PARAGRAPH, "This belongs to nobody, and is a whole sentence besides.");
    assert_int_equal(turn_mark(&document), 0);
    assert_string_equal(speaker(3), "-");
}

static void items_below_a_turn_belong_to_it(void **state) {
    (void)state;
    add(PASSAGE_ITEM, "AKI: three things");
    add(PASSAGE_ITEM, "one")->level = 2;
    add(PASSAGE_ITEM, "AKI: and no more");
    add(PASSAGE_ITEM, "an item of nobody");
    assert_int_equal(turn_mark(&document), 0);
    assert_string_equal(speaker(1), "AKI");
    assert_string_equal(speaker(3), "-");
}

static void verbatim_forms_are_sure(void **state) {
    (void)state;
    MARK("The Chair: I open the meeting.", "Mr. SMITH (Indonesia): I thank the Chair.",
         "Mrs. Dupont (Belgium) (spoke in French): I do so as well.",
         "Pr\xC3\xA4sident Dr. Norbert Lammert: Guten Tag.", "<nigel> I type this",
         "NASA: a body, not a speaker.", "Auto-loading of ABAC: works by now.");
    assert_string_equal(speaker(0), "The Chair");
    assert_string_equal(speaker(1), "Mr. SMITH (Indonesia)");
    assert_string_equal(speaker(2), "Mrs. Dupont (Belgium)");
    assert_string_equal(speaker(3), "Pr\xC3\xA4sident Dr. Norbert Lammert");
    assert_string_equal(speaker(4), "nigel");
    assert_string_not_equal(speaker(5), "NASA");
    assert_string_not_equal(speaker(6), "Auto-loading of ABAC");
}

static void label_words_are_sorted_and_found_in_either_case(void **state) {
    (void)state;
    assert_true(label_word("note", 4));
    assert_true(label_word("DECISION", 8));
    assert_true(label_word("Tagesordnungspunkt", 18));
    assert_true(label_word("zusammenfassung", 15));
    assert_true(label_word("abstract", 8));
    assert_false(label_word("Bob", 3));
    assert_false(label_word("nox", 3));
    assert_false(label_word("", 0));
}

static void a_label_is_read_within_its_bounds(void **state) {
    (void)state;
    static const char *const odd[] = {":",     "a",      "A:",         " : x",
                                      "((((:", "(x): y", "A/B/C/D: e", "&:"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        char *copy = malloc(strlen(odd[i]) + 1); /* so that a sanitizer sees the end */
        assert_non_null(copy);
        memcpy(copy, odd[i], strlen(odd[i]));
        struct turn_label label = turn_label_read(copy, strlen(odd[i]));
        assert_true(label.end <= strlen(odd[i]) && label.begin <= label.end);
        turn_label_says(copy, strlen(odd[i]), &label);
        free(copy);
    }
}

static void any_bytes_will_do(void **state) {
    (void)state;
    static const char alphabet[] = "AB ab:()[]<>@|,.&/-\xC3\xA9\xE2\x80\x94 12";
    unsigned seed = 6082018;
    for (int round = 0; round < 300; round++) {
        document_reset(&document);
        for (int passage = 0; passage < 12; passage++) {
            char text[40];
            size_t size = 1 + (size_t)rand_r(&seed) % sizeof text;
            for (size_t i = 0; i < size; i++)
                text[i] = alphabet[(size_t)rand_r(&seed) % (sizeof alphabet - 1)];
            document_add(&document, (enum passage_kind)(rand_r(&seed) % 4), text, size);
        }
        assert_int_equal(turn_mark(&document), 0);
        short_turn_join(&document, (unsigned)rand_r(&seed) % 4);
        assert_int_equal(document_finish(&document), 0);
    }
}

static void short_turns_join_their_neighbours(void **state) {
    (void)state;
    MARK("Ann Lee: Is it the case that the harbour was closed during all of that week?",
         "Bo Ruiz: Yes, it was.", "Ann Lee: And nobody was told about it before the storm came?",
         "Bo Ruiz: No.", "Ann Lee: Thank you very much for that answer, it helps us all.",
         "Bo Ruiz: Not at all.");
    size_t before = document.passage_count;
    short_turn_join(&document, 0);
    assert_int_equal(document.passage_count, before);
    short_turn_join(&document, 6);
    assert_int_equal(document.passage_count, 3);
    assert_string_equal(speaker(0), "Ann Lee");
    assert_int_equal(document_finish(&document), 0);
    assert_int_equal(document.passages[2].number, 3);
}

static void chats_of_calls_name_who_writes(void **state) {
    (void)state;
    MARK("Ann Lee-Okoro (ALO), Rob Palmer (RPR)",
         "From Rob Palmer to Everyone: (01:02 PM) well said",
         "13:02:11 From  [chairs] Uta Zapf to everyone : and seconded",
         "From Geneva to Everyone in the room: welcome", "From here to there: a walk", "From X to ",
         "From  to Everyone: nobody");
    assert_string_equal(speaker(1), "Rob Palmer");
    assert_true(document.passages[1].opens_turn);
    assert_string_equal(speaker(2), "Uta Zapf");
    for (size_t i = 3; i < 7; i++)
        assert_false(document.passages[i].opens_turn);
}

static void names_in_brackets_are_names(void **state) {
    (void)state;
    MARK("[Joe]: I would wait.", "[Clayton]: it is not so clear.", "[Joe]: well, then we wait.",
         "[Joe]: until Monday.", "[CTA]: read the draft.", "[CTA]: write to the list.");
    assert_string_equal(speaker(0), "Joe");
    assert_string_equal(speaker(2), "Joe");
    assert_false(document.passages[4].opens_turn);
}

/* Who examines a witness, printed in front of questions, and what is under review. */
static void examiners_and_lists_of_changes_are_nobody(void **state) {
    (void)state;
    MARK("BY MR. HART: Did you go there?", "THE WITNESS: I did, sir.", "BY MR. HART: And when?",
         "THE WITNESS: In May.", "PRs: we merged the fix.", "PRs: we read the draft.",
         "PRs: none is left.");
    assert_string_equal(speaker(1), "THE WITNESS");
    assert_false(document.passages[0].opens_turn);
    for (size_t i = 4; i < 7; i++)
        assert_false(document.passages[i].opens_turn);
}

/* Of attachments and the mail around them. */
static void marking_again_changes_nothing(void **state) {
    (void)state;
    MARK("Rob Palmer (RPR), Ann Lee-Okoro (ALO)",
         "RPR: I agree with these:", "the first, the second.", "ALO: So do I, mostly.");
    const char *carried = document.passages[2].speaker;
    assert_string_equal(carried, "Rob Palmer (RPR)");
    assert_int_equal(turn_mark(&document), 0);
    assert_string_equal(speaker(1), "Rob Palmer (RPR)");
    assert_string_equal(speaker(2), "Rob Palmer (RPR)");
    assert_false(document.passages[2].opens_turn);
}

static void speakers_by_markup_are_all_there_are(void **state) {
    (void)state;
    add(PASSAGE_PARAGRAPH, "Pilotage saves ships.")->speaker = "Ms Berg";
    add(PASSAGE_PARAGRAPH, "It costs little.")->speaker = "Ms Berg";
    add(PASSAGE_PARAGRAPH, "Mr. SMITH: is named in a note.");
    add(PASSAGE_PARAGRAPH, "I agree.")->speaker = "Mr Holm";
    assert_int_equal(turn_mark_unless_given(&document), 0);
    assert_true(document.passages[0].opens_turn);
    assert_false(document.passages[1].opens_turn);
    assert_string_equal(speaker(2), "-");
    assert_true(document.passages[3].opens_turn);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(initials_resolve_by_the_list_of_people),
        TEST(tables_and_lists_of_those_present_name_people),
        TEST(labels_are_nobody),
        TEST(a_field_that_recurs_is_nobody_where_only_names_follow),
        TEST(names_need_company_and_to_recur),
        TEST(remarks_and_joined_names),
        TEST(a_turn_goes_on_until_a_label_heading_or_outcome),
        TEST(items_below_a_turn_belong_to_it),
        TEST(verbatim_forms_are_sure),
        TEST(label_words_are_sorted_and_found_in_either_case),
        TEST(a_label_is_read_within_its_bounds),
        TEST(any_bytes_will_do),
        TEST(short_turns_join_their_neighbours),
        TEST(chats_of_calls_name_who_writes),
        TEST(names_in_brackets_are_names),
        TEST(examiners_and_lists_of_changes_are_nobody),
        TEST(marking_again_changes_nothing),
        TEST(speakers_by_markup_are_all_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
