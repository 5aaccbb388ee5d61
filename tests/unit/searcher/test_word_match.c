/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns and likeness against the plainest way to compute them. */
#include "searcher/word_match.h"
#include "tests/unit/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static uint64_t next_random(uint64_t *state) { /* xorshift64* */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u;
}

static uint64_t random_seed(void) {
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    print_message("SEED=%llu\n", (unsigned long long)seed);
    return seed | 1;
}

static bool matches(const char *pattern, const char *word) {
    return word_matches(pattern, strlen(pattern), word, strlen(word));
}

static bool plainly_matches(const char *pattern, const char *word) {
    if (*pattern == '*')
        return plainly_matches(pattern + 1, word) || (*word && plainly_matches(pattern, word + 1));
    if (!*pattern || !*word)
        return !*pattern && !*word;
    return (*pattern == '?' || *pattern == *word) && plainly_matches(pattern + 1, word + 1);
}

static void test_stars_and_question_marks(void **state) {
    (void)state;
    assert_true(matches("organi?ation", "organisation"));
    assert_false(matches("organi?ation", "organiation"));
    assert_true(matches("*embark*", "disembarkation"));
    assert_true(matches("*embark*", "embark"));
    assert_false(matches("*embark", "embarked"));
    assert_true(matches("tom?", "tomé"));
    assert_true(matches("?", "海"));
    assert_false(matches("", "a"));
    assert_int_equal(word_pattern_head("organi?a*", 9), 6);
}

static void random_text(uint64_t *random, const char *letters, size_t most, char *out) {
    size_t size = next_random(random) % (most + 1);
    for (size_t i = 0; i < size; i++)
        out[i] = letters[next_random(random) % strlen(letters)];
    out[size] = '\0';
}

static void test_patterns_match_as_the_definition_says(void **state) {
    (void)state;
    uint64_t random = random_seed();
    for (unsigned round = 0; round < rounds(100000); round++) {
        char pattern[16], word[16];
        random_text(&random, "ab*?*", 7, pattern);
        random_text(&random, "ab", 8, word);
        if (matches(pattern, word) != plainly_matches(pattern, word))
            fail_msg("%s on %s", pattern, word);
    }
}

/* The whole table of the optimal string alignment distance. */
static unsigned plain_distance(const char *a, const char *b) {
    enum { MOST = 20 };
    unsigned table[MOST][MOST];
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            unsigned least =
                i && j ? table[i - 1][j - 1] + (a[i - 1] != b[j - 1]) : (unsigned)(i + j);
            if (i && table[i - 1][j] + 1 < least)
                least = table[i - 1][j] + 1;
            if (j && table[i][j - 1] + 1 < least)
                least = table[i][j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                table[i - 2][j - 2] + 1 < least)
                least = table[i - 2][j - 2] + 1;
            table[i][j] = least;
        }
    return table[n][m];
}

static unsigned likeness_alone(const char *wanted, const char *word, unsigned edits) {
    struct likeness likeness;
    size_t dead;
    assert_true(likeness_init(&likeness, wanted, strlen(wanted), edits));
    return likeness_of(&likeness, word, strlen(word), 0, &dead);
}

static void test_edits_are_counted(void **state) {
    (void)state;
    assert_int_equal(likeness_alone("disembarkaton", "disembarkation", 2), 1);
    assert_int_equal(likeness_alone("embrak", "embark", 1), 1);
    assert_int_equal(likeness_alone("embark", "embark", 1), 0);
    assert_true(likeness_alone("embark", "harbour", 2) > 2);
    assert_int_equal(likeness_alone("tomé", "tome", 1), 1);
    assert_int_equal(likeness_alone("", "ab", 2), 2);
    struct likeness likeness;
    char longest[LIKENESS_CHARACTERS_MAX + 2];
    memset(longest, 'a', sizeof longest);
    assert_true(likeness_init(&likeness, longest, LIKENESS_CHARACTERS_MAX, 2));
    assert_false(likeness_init(&likeness, longest, LIKENESS_CHARACTERS_MAX + 1, 2));
}

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

/* Words in order, as a lexicon gives them, with leaps over what is told to be dead. */
static void check_sorted(uint64_t *random, char words[][12], size_t count) {
    char wanted[12];
    struct likeness likeness;
    unsigned edits = next_random(random) % 3;
    random_text(random, "abc", 8, wanted);
    assert_true(likeness_init(&likeness, wanted, strlen(wanted), edits));
    const char *before = "";
    char leap[12] = "";
    for (size_t i = 0; i < count; i++) {
        unsigned plain = plain_distance(wanted, words[i]);
        if (*leap && strcmp(words[i], leap) < 0) {
            if (plain <= edits)
                fail_msg("%s is leapt over, looking for %s within %u", words[i], wanted, edits);
            continue;
        }
        size_t shared = 0, dead;
        while (before[shared] && before[shared] == words[i][shared])
            shared++;
        unsigned got = likeness_of(&likeness, words[i], strlen(words[i]), shared, &dead);
        if ((plain <= edits && got != plain) || (plain > edits && got <= edits))
            fail_msg("from %s to %s: %u, not %u, within %u", wanted, words[i], got, plain, edits);
        before = words[i];
        memcpy(leap, words[i], dead);
        leap[dead] = '\0';
        if (dead)
            leap[dead - 1]++;
    }
}

static void test_likeness_over_words_in_order_is_the_distance(void **state) {
    (void)state;
    enum { WORDS = 200 };
    uint64_t random = random_seed();
    for (int round = 0; round < (int)rounds(300); round++) {
        char words[WORDS][12];
        for (size_t i = 0; i < WORDS; i++)
            random_text(&random, "abcd", 9, words[i]);
        qsort(words, WORDS, sizeof *words, by_text);
        for (int i = 0; i < 20; i++)
            check_sorted(&random, words, WORDS);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stars_and_question_marks),
        cmocka_unit_test(test_patterns_match_as_the_definition_says),
        cmocka_unit_test(test_edits_are_counted),
        cmocka_unit_test(test_likeness_over_words_in_order_is_the_distance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
