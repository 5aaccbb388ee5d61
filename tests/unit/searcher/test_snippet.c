/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snippets: which part of a passage is shown, and that nothing in it is cut that must not be. */
#include "searcher/snippet.h"

#include "corpus/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <cmocka.h>

enum { MATCHES_MOST = 64, WORDS_MOST = 8 };

/* A passage with its matches, and the snippet made of it. */
struct trial {
    struct snippet_maker *maker;
    struct arena arena;
    struct highlight_range matches[MATCHES_MOST];
    size_t match_count;
    double weights[WORDS_MOST];
    struct snippet snippet;
};

static int set_up(void **state) {
    struct trial *trial = calloc(1, sizeof *trial);
    assert_non_null(trial);
    struct error err;
    assert_int_equal(snippet_maker_open(&trial->maker, &err), 0);
    for (size_t i = 0; i < WORDS_MOST; i++)
        trial->weights[i] = 1;
    *state = trial;
    return 0;
}

static int tear_down(void **state) {
    struct trial *trial = *state;
    snippet_maker_close(trial->maker);
    arena_free(&trial->arena);
    free(trial);
    return 0;
}

static int by_begin(const void *a, const void *b) {
    const struct highlight_range *first = a, *second = b;
    return (first->begin > second->begin) - (first->begin < second->begin);
}

/* Mark every occurrence of `needle` as the query's word `word`. */
static void mark(struct trial *trial, const char *text, const char *needle, uint32_t word) {
    for (const char *at = strstr(text, needle); at; at = strstr(at + 1, needle)) {
        assert_true(trial->match_count < MATCHES_MOST);
        uint32_t begin = (uint32_t)(at - text);
        trial->matches[trial->match_count++] =
            (struct highlight_range){begin, begin + (uint32_t)strlen(needle), word};
    }
    qsort(trial->matches, trial->match_count, sizeof *trial->matches, by_begin);
}

static const char *make_of(struct trial *trial, const char *text, unsigned length) {
    struct error err;
    struct snippet_source source = {
        text, strlen(text), trial->matches, trial->match_count, trial->weights, WORDS_MOST, length};
    assert_int_equal(snippet_make(&trial->snippet, trial->maker, &trial->arena, &source, &err), 0);
    assert_int_equal(strlen(trial->snippet.text), trial->snippet.size);
    return trial->snippet.text;
}

static void assert_marked(const struct trial *trial, size_t i, const char *expected) {
    assert_true(i < trial->snippet.range_count);
    const struct highlight_range *range = &trial->snippet.ranges[i];
    assert_int_equal(range->end - range->begin, strlen(expected));
    assert_memory_equal(trial->snippet.text + range->begin, expected, strlen(expected));
}

/* `count` times `piece` behind what `text` holds. */
static void add_times(struct bytes *text, size_t count, const char *piece) {
    while (count-- > 0)
        bytes_add_string(text, piece);
}

/* ---- Whole passages ----------------------------------------------------------------------- */

static void a_short_passage_is_shown_whole(void **state) {
    struct trial *trial = *state;
    const char *text = "The meeting noted the report.";
    mark(trial, text, "report", 0);
    assert_string_equal(make_of(trial, text, 240), text);
    assert_int_equal(trial->snippet.range_count, 1);
    assert_marked(trial, 0, "report");
}

static void length_zero_shows_everything(void **state) {
    char text[5001];
    memset(text, 'x', 5000);
    text[5000] = '\0';
    assert_string_equal(make_of(*state, text, 0), text);
}

static void an_empty_passage_gives_an_empty_snippet(void **state) {
    assert_string_equal(make_of(*state, "", 240), "");
    assert_string_equal(make_of(*state, "  \n ", 240), "");
}

static void line_ends_and_tabs_become_spaces(void **state) {
    assert_string_equal(make_of(*state, " one\ntwo\tthree\r\n", 240), "one two three");
}

/* ---- The choice of the window ------------------------------------------------------------- */

#define FILLER                                                                                     \
    "The meeting adopted its agenda and agreed on the order of business. Members thanked the "     \
    "host for the arrangements that had been made. "

static void the_window_holds_the_match_and_begins_with_its_sentence(void **state) {
    struct trial *trial = *state;
    const char *text =
        FILLER FILLER FILLER "It counters trafficking in persons. " FILLER FILLER FILLER;
    mark(trial, text, "trafficking", 0);
    const char *snippet = make_of(trial, text, 120);
    assert_non_null(strstr(snippet, "It counters trafficking in persons."));
    assert_int_equal(strncmp(snippet, "… ", strlen("… ")), 0);
    assert_string_equal(snippet + strlen(snippet) - strlen(" …"), " …");
    assert_marked(trial, 0, "trafficking");
}

static void without_a_match_the_passage_begins(void **state) {
    const char *snippet = make_of(*state, FILLER FILLER, 80);
    assert_string_equal(snippet,
                        "The meeting adopted its agenda and agreed on the order of business. …");
}

static void distinct_words_count_more_than_one_word_often(void **state) {
    struct trial *trial = *state;
    const char *text = "boats boats boats boats boats. " FILLER FILLER
                       "Boats and rescue at sea: the boats need rescue. " FILLER FILLER;
    mark(trial, text, "boats", 0);
    mark(trial, text, "rescue", 1);
    assert_non_null(strstr(make_of(trial, text, 80), "rescue"));
}

static void a_rare_word_counts_more_than_a_frequent_one(void **state) {
    struct trial *trial = *state;
    const char *text = "The meeting met. " FILLER FILLER "Rohingya spoke. " FILLER FILLER;
    mark(trial, text, "met.", 0);
    mark(trial, text, "Rohingya", 1);
    trial->weights[1] = 6;
    assert_non_null(strstr(make_of(trial, text, 80), "Rohingya"));
    trial->weights[0] = 7;
    assert_non_null(strstr(make_of(trial, text, 80), "The meeting met."));
}

static void an_abbreviation_does_not_end_a_sentence(void **state) {
    struct trial *trial = *state;
    const char *text = FILLER "We thank Mr. Chairman for it, and the U.N. Secretariat too. " FILLER;
    mark(trial, text, "Chairman", 0);
    const char *snippet = make_of(trial, text, 62);
    assert_string_equal(snippet, "… We thank Mr. Chairman for it, and the U.N. Secretariat too. …");
}

/* ---- What is never cut -------------------------------------------------------------------- */

static void a_hyphenated_word_and_a_symbol_stay_whole(void **state) {
    struct trial *trial = *state;
    const char *text = "Resolution A/RES/73/195 asks the co-chairs of the working-group to report "
                       "on state-of-the-art early-warning";
    mark(trial, text, "report", 0);
    for (unsigned length = SNIPPET_LEAST; length < 90; length++) {
        make_of(trial, text, length);
        uint32_t begin = trial->snippet.begin, end = trial->snippet.end;
        assert_true(begin == 0 || text[begin - 1] == ' ');
        assert_true(text[end] == '\0' || text[end] == ' ');
    }
}

static void a_phrase_is_not_cut(void **state) {
    struct trial *trial = *state;
    const char *text = FILLER "search and rescue " FILLER;
    mark(trial, text, "search and rescue", 0);
    make_of(trial, text, SNIPPET_LEAST);
    assert_marked(trial, 0, "search and rescue");
}

static void a_word_longer_than_the_snippet_is_cut_between_clusters(void **state) {
    struct trial *trial = *state;
    struct bytes text = BYTES_INIT;
    add_times(&text, 100,
              "e\xCC\x81\xCC\xA3"); /* e with two marks: one cluster of three characters */
    trial->matches[0] = (struct highlight_range){0, (uint32_t)text.size, 0};
    trial->match_count = 1;
    make_of(trial, bytes_string(&text), 20);
    assert_int_equal(trial->snippet.end, 6 * 5);
    assert_int_equal(trial->snippet.range_count, 1);
    bytes_free(&text);
}

static void a_family_of_joined_emoji_stays_together(void **state) {
    struct trial *trial = *state;
    const char *family = "👨‍👩‍👧‍👦";
    struct bytes text = BYTES_INIT;
    add_times(&text, 60, family);
    for (unsigned length = SNIPPET_LEAST; length < 60; length++) {
        make_of(trial, bytes_string(&text), length);
        assert_int_equal(trial->snippet.end % strlen(family), 0);
        assert_true(trial->snippet.end > 0);
    }
    bytes_free(&text);
}

static void chinese_is_cut_between_words_although_it_has_no_spaces(void **state) {
    struct trial *trial = *state;
    struct bytes text = BYTES_INIT;
    add_times(&text, 30, "会议审议了区域问题，各方表示关切。");
    add_times(&text, 1, "打击贩运人口。");
    add_times(&text, 30, "会议审议了区域问题，各方表示关切。");
    mark(trial, bytes_string(&text), "贩运", 0);
    const char *snippet = make_of(trial, bytes_string(&text), 40);
    assert_non_null(strstr(snippet, "打击贩运人口。"));
    assert_marked(trial, 0, "贩运");
    bytes_free(&text);
}

/* ---- Any text ----------------------------------------------------------------------------- */

static const char *const pieces[] = {
    "the",     "meeting",    "irregular", "co-chairs",     "A/RES/73/195",
    "Mr.",     "U.N.",       "São",       "e\xCC\x81tat",  "migration.",
    "region,", "会议审议",   "ประชุม",     "👩‍⚖️", "🇦🇺🇮🇩",
    "ﷺ",       "नमस्ते",       "—",         "(so)",          "supercalifragilisticexpialidocious",
    "한국어",  "\"quoted\"", "2018.",
};

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void random_text(char *text, uint32_t *seed, struct trial *trial) {
    size_t count = 1 + next_random(seed) % 120, used = 0;
    trial->match_count = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[next_random(seed) % (sizeof pieces / sizeof *pieces)];
        size_t size = strlen(piece);
        if (next_random(seed) % 8 == 0 && trial->match_count < MATCHES_MOST)
            trial->matches[trial->match_count++] = (struct highlight_range){
                (uint32_t)used, (uint32_t)(used + size), next_random(seed) % WORDS_MOST};
        memcpy(text + used, piece, size);
        used += size;
        if (next_random(seed) % 10)
            text[used++] = ' ';
    }
    text[used] = '\0';
}

static void assert_cluster_borders(const char *text, const struct snippet *snippet) {
    UErrorCode status = U_ZERO_ERROR;
    UText *view = utext_openUTF8(NULL, text, -1, &status);
    UBreakIterator *clusters = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    ubrk_setUText(clusters, view, &status);
    assert_true(U_SUCCESS(status));
    assert_true(ubrk_isBoundary(clusters, (int32_t)snippet->begin));
    assert_true(ubrk_isBoundary(clusters, (int32_t)snippet->end));
    ubrk_close(clusters);
    utext_close(view);
}

static unsigned characters(const char *text, uint32_t begin, uint32_t end) {
    unsigned count = 0;
    for (uint32_t i = begin; i < end; i++)
        count += !U8_IS_TRAIL(text[i]);
    return count;
}

/* Is some match inside the window, and are all that are marked as they stand in the passage? */
static void assert_exact_marks(const struct trial *trial, const char *text) {
    const struct snippet *snippet = &trial->snippet;
    size_t shift =
        (size_t)(strstr(snippet->text, "…") == snippet->text && snippet->begin > 0 ? strlen("…")
                                                                                   : 0);
    shift += shift && snippet->text[shift] == ' ' && text[snippet->begin] != ' ';
    bool shown = false;
    for (size_t i = 0; i < trial->match_count; i++)
        shown |= trial->matches[i].begin >= snippet->begin && trial->matches[i].end <= snippet->end;
    assert_true(shown || trial->match_count == 0);
    assert_true(snippet->range_count > 0 || trial->match_count == 0);
    for (size_t i = 0; i < snippet->range_count; i++) {
        struct highlight_range range = snippet->ranges[i];
        assert_true(i == 0 || range.begin >= snippet->ranges[i - 1].end);
        assert_true(range.end <= snippet->size && range.begin < range.end);
        assert_memory_equal(snippet->text + range.begin,
                            text + snippet->begin + range.begin - shift, range.end - range.begin);
    }
}

static void any_text_keeps_the_promises(void **state) {
    struct trial *trial = *state;
    uint32_t seed = (uint32_t)time(NULL);
    const char *given = getenv("PLENARY_SEED");
    if (given)
        seed = (uint32_t)strtoul(given, NULL, 10);
    printf("seed %u (PLENARY_SEED)\n", seed);
    for (int round = 0; round < 3000; round++) {
        char text[16384];
        unsigned length = 60 + next_random(&seed) % 300;
        random_text(text, &seed, trial);
        make_of(trial, text, length);
        assert_true(characters(text, trial->snippet.begin, trial->snippet.end) <= length);
        assert_cluster_borders(text, &trial->snippet);
        assert_exact_marks(trial, text);
        arena_reset(&trial->arena);
    }
}

static void a_passage_too_long_is_refused(void **state) {
    struct trial *trial = *state;
    struct error err = {0};
    struct snippet_source source = {"", SIZE_MAX, NULL, 0, trial->weights, 0, 240};
    assert_int_equal(snippet_make(&trial->snippet, trial->maker, &trial->arena, &source, &err),
                     PLENARY_ELIMIT);
    assert_non_null(strstr(err.message, "too long"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_short_passage_is_shown_whole),
        TEST(length_zero_shows_everything),
        TEST(an_empty_passage_gives_an_empty_snippet),
        TEST(line_ends_and_tabs_become_spaces),
        TEST(the_window_holds_the_match_and_begins_with_its_sentence),
        TEST(without_a_match_the_passage_begins),
        TEST(distinct_words_count_more_than_one_word_often),
        TEST(a_rare_word_counts_more_than_a_frequent_one),
        TEST(an_abbreviation_does_not_end_a_sentence),
        TEST(a_hyphenated_word_and_a_symbol_stay_whole),
        TEST(a_phrase_is_not_cut),
        TEST(a_word_longer_than_the_snippet_is_cut_between_clusters),
        TEST(a_family_of_joined_emoji_stays_together),
        TEST(chinese_is_cut_between_words_although_it_has_no_spaces),
        TEST(any_text_keeps_the_promises),
        TEST(a_passage_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
