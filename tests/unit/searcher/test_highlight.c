/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Highlights: every match is marked, exactly, and nothing else is. */
#include "searcher/highlight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TERMS_MOST = 8, HIGHLIGHTS_MOST = 4 };

/* What a query asks to be marked, and the text with [brackets] around what was. */
struct asked {
    struct analyser *analyser;
    const char *alternatives[HIGHLIGHTS_MOST][TERMS_MOST];
    struct search_term terms[HIGHLIGHTS_MOST][TERMS_MOST];
    struct search_highlight highlights[HIGHLIGHTS_MOST];
    struct search_result result;
    struct highlight_list list;
    struct bytes marked;
};

static int set_up(void **state) {
    struct asked *asked = calloc(1, sizeof *asked);
    struct error err;
    assert_non_null(asked);
    assert_int_equal(analyser_open(&asked->analyser, &err), 0);
    asked->result.highlights = asked->highlights;
    *state = asked;
    return 0;
}

static int tear_down(void **state) {
    struct asked *asked = *state;
    analyser_close(asked->analyser);
    highlight_list_free(&asked->list);
    bytes_free(&asked->marked);
    free(asked);
    return 0;
}

/* Ask for the terms up to NULL: in order, as a phrase, or each by itself. */
static void ask(struct asked *asked, enum query_field field, bool ordered,
                const char *const *terms) {
    size_t at = asked->result.highlight_count++, count = 0;
    assert_true(at < HIGHLIGHTS_MOST);
    for (; terms[count]; count++) {
        assert_true(count < TERMS_MOST);
        asked->alternatives[at][count] = terms[count];
        asked->terms[at][count] = (struct search_term){&asked->alternatives[at][count], 1, NULL, 0};
    }
    asked->highlights[at] = (struct search_highlight){field, ordered, asked->terms[at], count};
}

#define ASK(ordered, ...)                                                                          \
    ask(asked, QUERY_FIELD_TEXT, ordered, (const char *const[]){__VA_ARGS__, NULL})

static const char *marked(struct asked *asked, const char *text) {
    struct highlighter *highlighter;
    struct error err;
    assert_int_equal(highlighter_open(&highlighter, &asked->result, &err), 0);
    assert_int_equal(highlighter_find(highlighter, asked->analyser, language_number("english"),
                                      text, strlen(text), &asked->list, &err),
                     0);
    for (size_t i = 0; i < asked->list.count; i++)
        assert_true(asked->list.ranges[i].word < highlighter_word_count(highlighter));
    highlight_merge(&asked->list);
    highlighter_close(highlighter);
    size_t at = 0;
    bytes_reset(&asked->marked);
    for (size_t i = 0; i < asked->list.count; i++) {
        const struct highlight_range *range = &asked->list.ranges[i];
        assert_true(range->begin >= at && range->end <= strlen(text));
        bytes_add(&asked->marked, text + at, range->begin - at);
        bytes_add_byte(&asked->marked, '[');
        bytes_add(&asked->marked, text + range->begin, range->end - range->begin);
        bytes_add_byte(&asked->marked, ']');
        at = range->end;
    }
    bytes_add_string(&asked->marked, text + at);
    return bytes_string(&asked->marked);
}

static void every_form_of_a_word_is_marked(void **state) {
    struct asked *asked = *state;
    ASK(false, "traffick");
    assert_string_equal(marked(asked, "Trafficking, trafficked: TRAFFIC smuggles."),
                        "[Trafficking], [trafficked]: TRAFFIC smuggles.");
}

static void a_phrase_is_one_range_and_only_where_it_stands_whole(void **state) {
    struct asked *asked = *state;
    ASK(true, "search", "and", "rescu");
    assert_string_equal(
        marked(asked, "Search and rescue; search, and rescues. Search for and rescue them."),
        "[Search and rescue]; [search, and rescues]. Search for and rescue them.");
}

static void a_phrase_of_one_word_is_that_word(void **state) {
    struct asked *asked = *state;
    ASK(true, "rescu");
    assert_string_equal(marked(asked, "search and rescue"), "search and [rescue]");
}

static void a_phrase_that_repeats_itself_is_marked_throughout(void **state) {
    struct asked *asked = *state;
    ASK(true, "bora", "bora");
    assert_string_equal(marked(asked, "bora bora bora, bora"), "[bora bora bora, bora]");
    assert_string_equal(marked(asked, "bora"), "bora");
}

static void words_and_phrases_are_marked_together(void **state) {
    struct asked *asked = *state;
    ASK(true, "irregular", "migrat");
    ASK(false, "migrat", "region");
    assert_string_equal(marked(asked, "Irregular migration and migration in the region"),
                        "[Irregular migration] and [migration] in the [region]");
}

static void a_title_or_speaker_does_not_mark_the_text(void **state) {
    struct asked *asked = *state;
    ask(asked, QUERY_FIELD_TITLE, false, (const char *const[]){"bali", NULL});
    ask(asked, QUERY_FIELD_SPEAKER, true, (const char *const[]){"chair", NULL});
    assert_string_equal(marked(asked, "Bali thanked the chair"), "Bali thanked the chair");
    ASK(false, "thank");
    assert_string_equal(marked(asked, "Bali thanked the chair"), "Bali [thanked] the chair");
}

static void a_hyphenated_word_is_marked_once(void **state) {
    struct asked *asked = *state;
    ASK(false, "cochair", "co", "chair");
    assert_string_equal(marked(asked, "The co-chairs met."), "The [co-chairs] met.");
}

static void accents_and_other_scripts_are_marked_by_whole_characters(void **state) {
    struct asked *asked = *state;
    ASK(false, "sao");
    assert_string_equal(marked(asked, "São Tomé"), "[São] Tomé");
    assert_string_equal(marked(asked, "Sa\xCC\x83o Tome\xCC\x81"), "[Sa\xCC\x83o] Tome\xCC\x81");
}

static void nothing_asked_marks_nothing(void **state) {
    struct asked *asked = *state;
    assert_string_equal(marked(asked, "The meeting met."), "The meeting met.");
    ASK(false, "meet");
    assert_string_equal(marked(asked, ""), "");
    assert_string_equal(marked(asked, "\xFF\xFE meeting \xC3"), "\xFF\xFE [meeting] \xC3");
}

static void any_alternative_marks(void **state) {
    struct asked *asked = *state;
    const char *const alternatives[] = {"migrant", "migrat", "migrer"};
    struct search_term term = {alternatives, 3, NULL, 0};
    asked->highlights[0] = (struct search_highlight){QUERY_FIELD_TEXT, false, &term, 1};
    asked->result.highlight_count = 1;
    assert_string_equal(marked(asked, "Migrants and migration"), "[Migrants] and [migration]");
}

static void an_exact_word_marks_that_form_alone(void **state) {
    struct asked *asked = *state;
    const char *const stem = "traffick", *const word = "trafficking", *const ring = "ring";
    const struct search_term terms[] = {{&stem, 1, &word, 1}, {&ring, 1, NULL, 0}};
    asked->highlights[0] = (struct search_highlight){QUERY_FIELD_TEXT, false, terms, 1};
    asked->result.highlight_count = 1;
    assert_string_equal(marked(asked, "Trafficked, TRAFFICKING, trafficker"),
                        "Trafficked, [TRAFFICKING], trafficker");
    asked->highlights[0] = (struct search_highlight){QUERY_FIELD_TEXT, true, terms, 2};
    assert_string_equal(marked(asked, "a trafficking ring, a trafficked ring"),
                        "a [trafficking ring], a trafficked ring");
}

static void overlapping_ranges_become_one(void **state) {
    (void)state;
    struct highlight_range ranges[] = {{0, 9, 0}, {2, 5, 1}, {8, 12, 2}, {12, 14, 1}, {20, 22, 0}};
    struct highlight_list list = {ranges, 5, 5};
    highlight_merge(&list);
    assert_int_equal(list.count, 3);
    assert_int_equal(ranges[0].end, 12);
    assert_int_equal(ranges[1].begin, 12);
    assert_int_equal(ranges[2].begin, 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(every_form_of_a_word_is_marked),
        TEST(a_phrase_is_one_range_and_only_where_it_stands_whole),
        TEST(a_phrase_of_one_word_is_that_word),
        TEST(a_phrase_that_repeats_itself_is_marked_throughout),
        TEST(words_and_phrases_are_marked_together),
        TEST(a_title_or_speaker_does_not_mark_the_text),
        TEST(a_hyphenated_word_is_marked_once),
        TEST(accents_and_other_scripts_are_marked_by_whole_characters),
        TEST(nothing_asked_marks_nothing),
        TEST(an_exact_word_marks_that_form_alone),
        TEST(any_alternative_marks),
        cmocka_unit_test(overlapping_ranges_become_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
