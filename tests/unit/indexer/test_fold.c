/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Folding: each rule by example, then what must hold for every code point and for random text. */
#include "indexer/analysis/analyser.h"
#include "indexer/analysis/fold.h"
#include "tests/unit/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <cmocka.h>

#define assert_folds(text, expected)                                                               \
    do {                                                                                           \
        char folded_[1024];                                                                        \
        size_t size_ = analysis_fold(text, strlen(text), folded_);                                 \
        assert_string_equal(folded_, expected);                                                    \
        assert_int_equal(size_, strlen(expected));                                                 \
    } while (0)

static void letters_lose_case_and_diacritics(void **state) {
    (void)state;
    assert_folds("São Tomé", "sao tome");
    assert_folds("Đà Nẵng, Łódź, Øresund", "da nang, lodz, oresund");
    assert_folds("Straße STRASSE STRAẞE", "strasse strasse strasse");
    assert_folds("Þórshöfn, Æon, Œuvre", "thorshofn, aeon, oeuvre");
    assert_folds("Αθήνα ΟΔΟΣ", "αθηνα οδοσ");
    assert_folds("İstanbul ılık", "istanbul ilik");
}

static void cyrillic_keeps_its_letters_and_loses_stress(void **state) {
    (void)state;
    assert_folds("Ёлка", "елка");
    assert_folds("й Київ Ў", "й київ ў");
    assert_folds("за́мок", "замок");
    assert_folds("\u0438\u0306", "й");
}

static void vowel_signs_of_other_scripts_stay(void **state) {
    (void)state;
    assert_folds("रक्षा", "रक्षा");
    assert_folds("ผู้", "ผู้");
    assert_folds("が", "が");
    assert_folds("\u304B\u3099", "が");
}

static void compatibility_forms_become_plain(void **state) {
    (void)state;
    assert_folds("ﬁne ＡＢＣ", "fine abc");
    assert_folds("co\u00ADoperate", "cooperate");
    assert_folds("٢٠١٨ ２０１８", "2018 2018");
    assert_folds("2½", "2 1/2");
    assert_folds("note¹²", "note 12");
    assert_folds("CO₂", "co2");
}

static void apostrophes_and_hyphens_become_one(void **state) {
    (void)state;
    assert_folds("O’Brien Nukuʻalofa l´asile", "o'brien nuku'alofa l'asile");
    assert_folds("co\u2010chair co\u2011chair", "co-chair co-chair");
    assert_folds("1914–18", "1914–18");
    assert_folds("ก\u200Bข", "ก ข");
    assert_folds("a\u200Db\u200Cc", "abc");
}

static void bytes_that_are_not_utf8_are_replaced(void **state) {
    (void)state;
    assert_folds("a\xFF"
                 "b",
                 "a\uFFFDb");
    assert_folds("\xC3", "\uFFFD");
}

/* The size and stability promised in analyser.h, for every code point there is. */
static void every_code_point_folds_within_four_times_its_size_and_once(void **state) {
    (void)state;
    for (UChar32 c = 0; c <= 0x10FFFF; c++) {
        if (U_IS_SURROGATE(c))
            continue;
        char text[8], once[64], twice[256];
        size_t size = 0;
        U8_APPEND_UNSAFE((uint8_t *)text, size, c);
        size_t first = analysis_fold(text, size, once);
        if (first > 4 * size)
            fail_msg("U+%04X: %zu bytes fold to %zu", (unsigned)c, size, first);
        size_t second = analysis_fold(once, first, twice);
        if (first != second || memcmp(once, twice, first))
            fail_msg("U+%04X folds to %s, and that to %s", (unsigned)c, once, twice);
    }
}

/* fold.c has a short way for letters of some scripts: where ICU's own folding changes a letter that
 * decomposes or has case, ours must too. */
static void letters_without_diacritics_fold_as_icu_folds_them(void **state) {
    (void)state;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfkc = unorm2_getNFKCCasefoldInstance(&status);
    size_t compared = 0;
    for (UChar32 c = 0x0530; c < 0xFB00; c += is_wrapped() ? 31 : 1) {
        if (U_IS_SURROGATE(c) || !u_isalpha(c) || (c >= 0x1AB0 && c < 0x2E80) ||
            (c >= 0xA640 && c < 0xAC00))
            continue;
        UChar units[64];
        char text[8], expected[256], folded[64];
        int32_t count = 0, expected_size;
        size_t size = 0;
        U8_APPEND_UNSAFE((uint8_t *)text, size, c);
        u_strFromUTF8(units, 4, &count, text, (int32_t)size, &status);
        UChar normal[64];
        count = unorm2_normalize(nfkc, units, count, normal, 64, &status);
        u_strToUTF8(expected, sizeof expected, &expected_size, normal, count, &status);
        assert_true(U_SUCCESS(status));
        size_t folded_size = analysis_fold(text, size, folded);
        if (folded_size != (size_t)expected_size || memcmp(folded, expected, folded_size))
            fail_msg("U+%04X folds to %s, not %s", (unsigned)c, folded, expected);
        compared++;
    }
    assert_true(compared > (is_wrapped() ? 1000 : 40000));
}

static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static UChar32 random_point(uint64_t *seed) {
    static const UChar32 ranges[][2] = {{0x20, 0x7F},     {0xA0, 0x250},    {0x300, 0x370},
                                        {0x370, 0x530},   {0x590, 0x700},   {0x900, 0xA00},
                                        {0xE00, 0xF00},   {0x1100, 0x1200}, {0x2000, 0x2100},
                                        {0x3040, 0x3100}, {0xFB00, 0xFE10}, {0x1F100, 0x1F200}};
    uint32_t i = next_random(seed) % (sizeof ranges / sizeof *ranges);
    return ranges[i][0] + (UChar32)(next_random(seed) % (uint32_t)(ranges[i][1] - ranges[i][0]));
}

static void random_text_folds_once(void **state) {
    (void)state;
    uint64_t seed = (uint64_t)time(NULL), start = seed;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < (int)rounds(20000); round++) {
        char text[200], once[1024], twice[4096];
        size_t size = 0, count = 1 + next_random(&seed) % 24;
        for (size_t i = 0; i < count; i++)
            U8_APPEND_UNSAFE((uint8_t *)text, size, random_point(&seed));
        size_t first = analysis_fold(text, size, once);
        assert_true(first <= 4 * size);
        size_t second = analysis_fold(once, first, twice);
        if (first != second || memcmp(once, twice, first))
            fail_msg("seed %llu, round %d: %s -> %s -> %s", (unsigned long long)start, round, text,
                     once, twice);
    }
}

static void a_starter_with_many_marks_stays_small(void **state) {
    (void)state;
    enum { MARKS = 5000 };
    char *text = malloc(2 * MARKS + 3), *folded = malloc(4 * (2 * MARKS + 3) + 1);
    assert_non_null(text);
    assert_non_null(folded);
    memcpy(text, "\xD7\x90", 2); /* a Hebrew letter: its points stay */
    for (int i = 0; i < MARKS; i++)
        memcpy(text + 2 + 2 * i, "\xD6\xB0", 2);
    size_t size = analysis_fold(text, 2 * MARKS + 2, folded);
    assert_in_range(size, 2, FOLD_STEP_MAX);
    free(text);
    free(folded);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_lose_case_and_diacritics),
        cmocka_unit_test(cyrillic_keeps_its_letters_and_loses_stress),
        cmocka_unit_test(vowel_signs_of_other_scripts_stay),
        cmocka_unit_test(compatibility_forms_become_plain),
        cmocka_unit_test(apostrophes_and_hyphens_become_one),
        cmocka_unit_test(bytes_that_are_not_utf8_are_replaced),
        cmocka_unit_test(every_code_point_folds_within_four_times_its_size_and_once),
        cmocka_unit_test(letters_without_diacritics_fold_as_icu_folds_them),
        cmocka_unit_test(random_text_folds_once),
        cmocka_unit_test(a_starter_with_many_marks_stays_small),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
