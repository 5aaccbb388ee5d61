/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The analyser: the published rules (indexer/analysis/README.md) by example, then what must hold
 * for any text. Tokens are shown as words with a space between; a joined form has a star and stands
 * before its parts: "cochairs* co chairs".
 */
#include "indexer/analysis/analyser.h"
#include "tests/unit/rounds.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include <cmocka.h>

struct fixture {
    struct analyser *analyser;
    struct token_list list;
    char shown[16384];
};

static int open_analyser(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    return fixture ? analyser_open(&fixture->analyser, NULL) : -1;
}

static int close_analyser(void **state) {
    struct fixture *fixture = *state;
    analyser_close(fixture->analyser);
    token_list_free(&fixture->list);
    free(fixture);
    return 0;
}

static void tokenise(struct fixture *fixture, const char *language, const char *text, size_t size) {
    struct error err = {0};
    int number = language_number(language);
    if (analyser_tokenise(fixture->analyser, number, text, size, &fixture->list, &err) < 0)
        fail_msg("%s", err.message);
}

static const struct word *word_of(const struct fixture *fixture, size_t i) {
    return analyser_word(fixture->analyser, fixture->list.tokens[i].word);
}

static const char *show(struct fixture *fixture, bool terms) {
    size_t used = 0;
    fixture->shown[0] = '\0';
    for (size_t i = 0; i < fixture->list.count; i++) {
        const struct word *word = word_of(fixture, i);
        used += (size_t)snprintf(fixture->shown + used, sizeof fixture->shown - used, "%s%s%s",
                                 i ? " " : "", terms ? word->term : word->text,
                                 word->joined ? "*" : "");
        assert_true(used < sizeof fixture->shown);
    }
    return fixture->shown;
}

static const char *words(void **state, const char *language, const char *text) {
    tokenise(*state, language, text, strlen(text));
    return show(*state, false);
}

static const char *terms(void **state, const char *language, const char *text) {
    tokenise(*state, language, text, strlen(text));
    return show(*state, true);
}

/* ---- The rules ---------------------------------------------------------------------------------
 */

static void plain_words_are_folded_and_stemmed(void **state) {
    assert_string_equal(words(state, "en", "The Chairs, (MEETING) 2018!"),
                        "the chairs meeting 2018");
    assert_string_equal(terms(state, "en", "The Chairs, (MEETING) 2018!"), "the chair meet 2018");
    assert_string_equal(terms(state, "none", "Chairs"), "chairs");
    assert_string_equal(words(state, "en", "snake_case a:b"), "snake case a b");
    assert_string_equal(words(state, "en", ""), "");
    assert_string_equal(words(state, "en", " ... -- '' \t\n"), "");
}

static void hyphenated_words_give_a_joined_form_and_parts(void **state) {
    assert_string_equal(words(state, "en", "co-chairs"), "cochairs* co chairs");
    assert_string_equal(terms(state, "en", "co-chairs"), "cochair* co chair");
    assert_string_equal(words(state, "en", "co\u2010chairs"), "cochairs* co chairs");
    assert_string_equal(words(state, "en", "state-of-the-art"), "stateoftheart* state of the art");
    assert_string_equal(words(state, "en", "COVID-19"), "covid19* covid 19");
    assert_string_equal(words(state, "en", "2018-08-06"), "20180806* 2018 08 06");
    assert_string_equal(words(state, "en", "pre- and"), "pre and");
    assert_string_equal(words(state, "en", "one--two 1914–18"), "one two 1914 18");
    assert_string_equal(words(state, "en", "a-b-c-d-e-f-g-h"), "abcdefgh* a b c d e f g h");
    assert_string_equal(words(state, "en", "a-b-c-d-e-f-g-h-i"), "a b c d e f g h i");
}

static void a_joined_form_shares_the_place_of_its_first_part(void **state) {
    struct fixture *fixture = *state;
    static const uint32_t positions[] = {1, 2, 2, 3, 4};
    assert_string_equal(words(state, "en", "our co-chairs spoke"), "our cochairs* co chairs spoke");
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(fixture->list.tokens[i].position, positions[i]);
    assert_int_equal(fixture->list.tokens[1].begin, 4);
    assert_int_equal(fixture->list.tokens[1].end, 13);
    assert_int_equal(fixture->list.tokens[3].begin, 7);
    assert_int_equal(fixture->list.tokens[3].end, 13);
}

static void apostrophes_and_possessives(void **state) {
    assert_string_equal(words(state, "en", "Chairs' UNHCR's UNHCR’s"), "chairs unhcr unhcr");
    assert_string_equal(words(state, "en", "don't don’t dont"), "dont dont dont");
    assert_string_equal(words(state, "en", "we'll I'm they've he'd"), "we i they he");
    assert_string_equal(words(state, "en", "shouldn't've 1980's"), "shouldnt 1980");
    assert_string_equal(words(state, "en", "O'Brien"), "obrien* o brien");
    assert_string_equal(words(state, "en", "O’Brien-Smith's"),
                        "obriensmith* obrien* o brien smith");
    assert_string_equal(words(state, "nl", "'s-Gravenhage"), "sgravenhage* s gravenhage");
    assert_string_equal(words(state, "en", "Nukuʻalofa"), "nukualofa* nuku alofa");
    assert_string_equal(words(state, "en", "rock'n'roll"), "rocknroll* rock n roll");
}

static void elided_articles_are_no_words_in_french_italian_and_catalan(void **state) {
    assert_string_equal(words(state, "fr", "l'asile d’accord"), "lasile* asile daccord* accord");
    assert_string_equal(words(state, "fr", "aujourd'hui"), "aujourdhui");
    assert_string_equal(words(state, "fr", "qu'aujourd'hui"), "quaujourdhui* aujourdhui");
    assert_string_equal(words(state, "fr", "l'avant-garde"), "avantgarde* lavant* avant garde");
    assert_string_equal(words(state, "fr", "l'U.R.S.S."), "lurss* urss");
    assert_string_equal(words(state, "it", "dell'asilo"), "dellasilo* asilo");
    assert_string_equal(words(state, "ca", "l'al·lot"), "lallot* allot");
    assert_string_equal(words(state, "en", "l'asile"), "lasile* l asile");
}

static void acronyms_lose_their_points(void **state) {
    assert_string_equal(words(state, "en", "U.N. UN U.S.A., e.g. U.N.'s"), "un un usa eg un");
    assert_string_equal(words(state, "en", "U.S.-led"), "usled* us led");
    assert_string_equal(words(state, "en", "Ph.D."), "phd* ph d");
    assert_string_equal(words(state, "en", "end.Next www.un.org"), "end next www un org");
}

static void numbers_stay_whole(void **state) {
    assert_string_equal(words(state, "en", "1,000 1.000 1'000 1000"), "1000 1000 1000 1000");
    assert_string_equal(words(state, "en", "1,000,000.50 1.000.000,50"), "1000000.50 1000000.50");
    assert_string_equal(words(state, "en", "1,00,000"), "100000");
    assert_string_equal(words(state, "en", "3.5 3,5"), "3.5* 3 5 3.5* 3 5");
    assert_string_equal(words(state, "en", "0.125"), "0.125* 0 125");
    assert_string_equal(words(state, "en", "25.9.2014"), "25.9.2014* 25 9 2014");
    assert_string_equal(words(state, "en", "1,2,3 5'10"), "1 2 3 5 10");
    assert_string_equal(words(state, "en", "50% $5m €7"), "50 5m 7");
    assert_string_equal(words(state, "en", "٢٠١٨"), "2018");
}

static void document_symbols_stay_whole_and_in_parts(void **state) {
    assert_string_equal(words(state, "en", "(A/RES/73/195)"), "a/res/73/195* a res 73 195");
    assert_string_equal(words(state, "en", "S/PV.8514."), "s/pv.8514* s pv 8514");
    assert_string_equal(words(state, "en", "CRPD/C/21/2's"), "crpd/c/21/2* crpd c 21 2");
    assert_string_equal(words(state, "en", "A/C.3/73/L.15/Rev.1"),
                        "a/c.3/73/l.15/rev.1* a c 3 73 l 15 rev 1");
    assert_string_equal(terms(state, "en", "PV.8514"), "pv.8514* pv 8514");
    assert_string_equal(words(state, "en", "and/or R&D"), "and or r&d* r d");
    assert_string_equal(words(state, "en", "https://un.org/a-b/12 me@un.org"),
                        "https un org ab* a b 12 me un org");
}

static void scripts_without_spaces_are_cut_by_dictionary(void **state) {
    struct fixture *fixture = *state;
    assert_string_equal(words(state, "none", "สหประชาชาติประชุม"), "สหประชาชาติ ประชุม");
    assert_string_equal(words(state, "none", "2018年"), "2018 年");
    words(state, "none", "联合国大会通过了决议。");
    assert_in_range(fixture->list.count, 3, 8);
    words(state, "none", "委員会は報告書を採択した");
    assert_in_range(fixture->list.count, 4, 10);
    for (size_t i = 1; i < fixture->list.count; i++)
        assert_int_equal(fixture->list.tokens[i].begin, fixture->list.tokens[i - 1].end);
}

static void words_of_mixed_ascii_and_other_letters_are_one(void **state) {
    struct fixture *fixture = *state;
    assert_string_equal(words(state, "en", "naïve Zoë's café-bar"), "naive zoe cafebar* cafe bar");
    assert_int_equal(fixture->list.tokens[0].end, 6);
    assert_string_equal(words(state, "ar", "العربيّة"), "العربيّة");
    assert_string_equal(words(state, "none", "ארה\"ב ארה״ב"), "ארהב ארהב");
}

static void bytes_that_are_not_utf8_separate_words(void **state) {
    assert_string_equal(words(state, "en", "one\xFFtwo \xC3 three\xE2\x82"), "one two three");
    struct fixture *fixture = *state;
    tokenise(fixture, "en", "nul\0inside", 10);
    assert_string_equal(show(fixture, false), "nul inside");
}

static void accented_and_plain_spellings_have_one_term(void **state) {
    static const char *const pairs[][3] = {
        {"fr", "déplacés réfugiées nationalité première",
         "deplaces refugiees nationalite premiere"},
        {"pt", "informação informações São", "informacao informacoes Sao"},
        {"es", "información canción", "informacion cancion"},
        {"de", "Flüchtlinge Straße", "Fluchtlinge Strasse"},
        {"ru", "Ёлка", "Елка"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char accented[200];
        snprintf(accented, sizeof accented, "%s", terms(state, pairs[i][0], pairs[i][1]));
        assert_string_equal(accented, terms(state, pairs[i][0], pairs[i][2]));
    }
    assert_string_equal(terms(state, "pt", "informação informações"), "inform inform");
    assert_string_equal(terms(state, "fr", "adoptée adoptées adopter"), "adopt adopt adopt");
    assert_string_equal(terms(state, "fr", "nationalité national"), "national national");
}

/* ---- Words and terms ---------------------------------------------------------------------------
 */

static void equal_terms_have_one_id_whatever_the_language(void **state) {
    struct fixture *fixture = *state;
    words(state, "en", "chair chairs");
    uint32_t first = word_of(fixture, 0)->term_id;
    assert_int_equal(first, word_of(fixture, 1)->term_id);
    assert_int_not_equal(fixture->list.tokens[0].word, fixture->list.tokens[1].word);
    words(state, "none", "chair");
    assert_int_equal(first, word_of(fixture, 0)->term_id);
    assert_int_equal(word_of(fixture, 0)->language, 0);
    uint32_t size;
    assert_string_equal(analyser_term(fixture->analyser, first, &size), "chair");
    assert_int_equal(size, 5);
    assert_int_equal(analyser_term_count(fixture->analyser), 1);
    assert_int_equal(analyser_word_count(fixture->analyser), 3);
}

static void ids_survive_growth_and_start_again_after_forgetting(void **state) {
    struct fixture *fixture = *state;
    char text[16];
    for (int i = 0; i < 20000; i++) {
        int size = snprintf(text, sizeof text, "w%d", i);
        tokenise(fixture, "en", text, (size_t)size);
        assert_int_equal(fixture->list.tokens[0].word, i);
    }
    assert_string_equal(analyser_word(fixture->analyser, 12345)->text, "w12345");
    assert_true(analyser_memory(fixture->analyser) > 20000 * sizeof(struct word));
    analyser_forget(fixture->analyser);
    assert_int_equal(analyser_word_count(fixture->analyser), 0);
    assert_int_equal(analyser_term_count(fixture->analyser), 0);
    assert_string_equal(words(state, "en", "co-chairs again"), "cochairs* co chairs again");
    assert_int_equal(fixture->list.tokens[0].word, 0);
}

static void long_words_are_shortened_alike_and_stay_distinct(void **state) {
    struct fixture *fixture = *state;
    char first[400], second[400];
    memset(first, 'x', sizeof first);
    memcpy(second, first, sizeof first);
    second[399] = 'y';
    tokenise(fixture, "en", first, sizeof first);
    assert_int_equal(word_of(fixture, 0)->text_size, TERM_MAX);
    assert_true(word_of(fixture, 0)->term_size <= TERM_MAX);
    assert_int_equal(fixture->list.tokens[0].end, 400);
    uint32_t word = fixture->list.tokens[0].word;
    tokenise(fixture, "en", second, sizeof second);
    assert_int_not_equal(fixture->list.tokens[0].word, word);
    tokenise(fixture, "en", first, sizeof first);
    assert_int_equal(fixture->list.tokens[0].word, word);
    assert_int_equal(analyser_shortened(fixture->analyser), 3);
    memset(first, 'z', TERM_MAX);
    tokenise(fixture, "en", first, TERM_MAX);
    assert_int_equal(analyser_shortened(fixture->analyser), 3);
}

static void shortening_cuts_at_a_utf8_border(void **state) {
    struct fixture *fixture = *state;
    char text[1001];
    for (int shift = 0; shift < 4; shift++) {
        size_t size = 0;
        while (size < (size_t)shift)
            text[size++] = 'a';
        for (; size + 2 <= 1000; size += 2)
            memcpy(text + size, "ж", 2);
        tokenise(fixture, "ru", text, size);
        const struct word *word = word_of(fixture, 0);
        assert_in_range(word->text_size, TERM_MAX - 1, TERM_MAX);
        for (size_t at = 0; at < word->text_size;) {
            UChar32 c;
            U8_NEXT((const uint8_t *)word->text, at, word->text_size, c);
            assert_true(c >= 0);
        }
    }
}

static void an_unknown_language_and_an_overlong_text_are_refused(void **state) {
    struct fixture *fixture = *state;
    struct error err;
    assert_int_equal(analyser_tokenise(fixture->analyser, 999, "a", 1, &fixture->list, &err),
                     PLENARY_EINVALID);
    assert_non_null(strstr(err.message, "999"));
    assert_int_equal(analyser_tokenise(fixture->analyser, -1, "a", 1, &fixture->list, NULL),
                     PLENARY_EINVALID);
    assert_int_equal(
        analyser_tokenise(fixture->analyser, 0, "a", (size_t)1 << 32, &fixture->list, &err),
        PLENARY_ELIMIT);
}

/* ---- What holds for any text -------------------------------------------------------------------
 */

static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

static uint64_t print_seed(void) {
    uint64_t seed = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)seed);
    return seed;
}

/* Meeting prose gone mad: scraps that the rules are about, in any order. */
static size_t random_text(uint64_t *seed, char *out, size_t most) {
    static const char *const scraps[] = {
        " ",      " ",       " ",      "co",     "Chair", "s",    "'",      "’",      "-",      ".",
        ",",      "/",       "&",      "73",     "195",   "1",    "000",    "A",      "U",      "N",
        "é",      "e\u0301", "l",      "d",      "qu",    "t",    "don't",  "Zoë's",  "\u00A0", "·",
        "\u00AD", "联合国",  "の",     "ประชุม",  "ﬁ",     "½",    "²",      "ß",      "İ",      "й",
        "רא",     "\"",      "\u200B", "\u200D", "٢",     "रक्षा", "\u0301", "\n",     "_",      "@",
        "://",    "\u20DD",  "ﷺ",      "\u3099", "か",    "\xFF", "\u1161", "\u1100", "´",      "…",
    };
    size_t size = 0, count = 1 + next_random(seed) % 20;
    for (size_t i = 0; i < count; i++) {
        const char *scrap = scraps[next_random(seed) % (sizeof scraps / sizeof *scraps)];
        if (size + strlen(scrap) > most)
            break;
        memcpy(out + size, scrap, strlen(scrap));
        size += strlen(scrap);
    }
    return size;
}

static void assert_same_shown(const char *left, const char *right, uint64_t seed, const char *text,
                              size_t size) {
    if (strcmp(left, right))
        fail_msg("seed %llu: \"%.*s\" gives\n  %s\n  %s", (unsigned long long)seed, (int)size, text,
                 left, right);
}

static void token_bytes_are_within_the_text_on_utf8_borders_and_rising(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[512];
    for (int round = 0; round < (int)rounds(20000); round++) {
        size_t size = random_text(&seed, text, sizeof text);
        tokenise(fixture, round % 2 ? "fr" : "en", text, size);
        struct token before = {0};
        for (size_t i = 0; i < fixture->list.count; i++) {
            struct token token = fixture->list.tokens[i];
            assert_true(token.begin < token.end && token.end <= size);
            assert_true(((uint8_t)text[token.begin] & 0xC0) != 0x80);
            assert_true(token.end == size || ((uint8_t)text[token.end] & 0xC0) != 0x80);
            assert_true(token.begin >= before.begin);
            assert_true(token.position == before.position + 1 || token.position == before.position);
            if (token.position == before.position)
                assert_true(analyser_word(fixture->analyser, before.word)->joined);
            before = token;
        }
        assert_false(fixture->list.count && word_of(fixture, fixture->list.count - 1)->joined);
    }
}

static void folding_first_changes_no_term(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[512], folded[2049], expected[sizeof fixture->shown];
    for (int round = 0; round < (int)rounds(20000); round++) {
        uint64_t at = seed;
        size_t size = random_text(&seed, text, sizeof text);
        const char *language = round % 3 ? "en" : "fr";
        tokenise(fixture, language, text, size);
        snprintf(expected, sizeof expected, "%s", show(fixture, true));
        tokenise(fixture, language, folded, analysis_fold(text, size, folded));
        assert_same_shown(expected, show(fixture, true), at, text, size);
    }
}

static size_t normalise(const UNormalizer2 *form, const char *text, size_t size, char *out,
                        size_t most) {
    UErrorCode status = U_ZERO_ERROR;
    UChar units[1024], normal[2048];
    int32_t count, written;
    u_strFromUTF8WithSub(units, 1024, &count, text, (int32_t)size, 0xFFFD, NULL, &status);
    count = unorm2_normalize(form, units, count, normal, 2048, &status);
    u_strToUTF8(out, (int32_t)most, &written, normal, count, &status);
    assert_true(U_SUCCESS(status));
    return (size_t)written;
}

static void composed_and_decomposed_text_give_the_same_terms(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[512], composed[2048], decomposed[4096], expected[sizeof fixture->shown];
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    for (int round = 0; round < (int)rounds(20000); round++) {
        uint64_t at = seed;
        size_t size = random_text(&seed, text, sizeof text);
        tokenise(fixture, "en", composed, normalise(nfc, text, size, composed, sizeof composed));
        snprintf(expected, sizeof expected, "%s", show(fixture, true));
        size_t count = normalise(nfd, text, size, decomposed, sizeof decomposed);
        tokenise(fixture, "en", decomposed, count);
        assert_same_shown(expected, show(fixture, true), at, text, size);
    }
}

static void a_text_gives_what_its_pieces_between_spaces_give(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[512], pieces[sizeof fixture->shown];
    for (int round = 0; round < (int)rounds(10000); round++) {
        uint64_t at = seed;
        size_t size = random_text(&seed, text, sizeof text), used = 0;
        pieces[0] = '\0';
        for (size_t begin = 0, end; begin < size; begin = end + 1) {
            for (end = begin; end < size && text[end] != ' ';)
                end++;
            tokenise(fixture, "en", text + begin, end - begin);
            if (fixture->list.count)
                used += (size_t)snprintf(pieces + used, sizeof pieces - used, "%s%s",
                                         used ? " " : "", show(fixture, false));
        }
        tokenise(fixture, "en", text, size);
        assert_same_shown(show(fixture, false), pieces, at, text, size);
    }
}

/* A zero width joiner is dropped, but keeps a chunk off the way for plain ASCII words. */
static void the_fast_way_and_the_slow_way_agree(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[128], slow[sizeof text + 3], expected[sizeof fixture->shown];
    for (int round = 0; round < (int)rounds(20000); round++) {
        size_t size = 1 + next_random(&seed) % 20;
        for (size_t i = 0; i < size; i++)
            text[i] = "aZ19sUN.,'-/(\"&@_:d"[next_random(&seed) % 19];
        tokenise(fixture, "en", text, size);
        snprintf(expected, sizeof expected, "%s", show(fixture, false));
        memcpy(slow, text, size);
        memcpy(slow + size, "\u200D", 3);
        tokenise(fixture, "en", slow, size + 3);
        assert_same_shown(expected, show(fixture, false), seed, text, size);
    }
}

static void a_full_cache_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    char text[32];
    for (int i = 0; i < 70000; i++)
        tokenise(fixture, "en", text, (size_t)snprintf(text, sizeof text, "co-w%d", i));
    assert_string_equal(words(state, "en", "co-w7 co-w69999"), "cow7* co w7 cow69999* co w69999");
    assert_string_equal(words(state, "fr", "l'asile"), "lasile* asile");
    assert_string_equal(words(state, "en", "l'asile"), "lasile* l asile");
}

static void random_bytes_do_no_harm(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = print_seed();
    char text[300];
    for (int round = 0; round < (int)rounds(20000); round++) {
        size_t size = next_random(&seed) % sizeof text;
        for (size_t i = 0; i < size; i++)
            text[i] = (char)next_random(&seed);
        char *exact = malloc(size ? size : 1); /* so that ASan sees a read past the end */
        assert_non_null(exact);
        memcpy(exact, text, size);
        tokenise(fixture, language_name(round % 30), exact, size);
        for (size_t i = 0; i < fixture->list.count; i++)
            assert_true(fixture->list.tokens[i].end <= size);
        free(exact);
        if (round % 1000 == 0)
            analyser_forget(fixture->analyser);
    }
}

static void a_word_of_a_hundred_megabytes_is_bounded(void **state) {
    enum { SIZE = 100 << 20 };
    struct fixture *fixture = *state;
    char *text = malloc(SIZE);
    assert_non_null(text);
    memset(text, 'a', SIZE);
    tokenise(fixture, "en", text, SIZE);
    assert_true(fixture->list.count > 0);
    assert_int_equal(fixture->list.tokens[fixture->list.count - 1].end, SIZE);
    assert_true(analyser_memory(fixture->analyser) < 1 << 20);
    free(text);
}

#define analyser_test(name) cmocka_unit_test_setup_teardown(name, open_analyser, close_analyser)

int main(void) {
    const struct CMUnitTest tests[] = {
        analyser_test(plain_words_are_folded_and_stemmed),
        analyser_test(hyphenated_words_give_a_joined_form_and_parts),
        analyser_test(a_joined_form_shares_the_place_of_its_first_part),
        analyser_test(apostrophes_and_possessives),
        analyser_test(elided_articles_are_no_words_in_french_italian_and_catalan),
        analyser_test(acronyms_lose_their_points),
        analyser_test(numbers_stay_whole),
        analyser_test(document_symbols_stay_whole_and_in_parts),
        analyser_test(scripts_without_spaces_are_cut_by_dictionary),
        analyser_test(words_of_mixed_ascii_and_other_letters_are_one),
        analyser_test(bytes_that_are_not_utf8_separate_words),
        analyser_test(accented_and_plain_spellings_have_one_term),
        analyser_test(equal_terms_have_one_id_whatever_the_language),
        analyser_test(ids_survive_growth_and_start_again_after_forgetting),
        analyser_test(long_words_are_shortened_alike_and_stay_distinct),
        analyser_test(shortening_cuts_at_a_utf8_border),
        analyser_test(an_unknown_language_and_an_overlong_text_are_refused),
        analyser_test(token_bytes_are_within_the_text_on_utf8_borders_and_rising),
        analyser_test(folding_first_changes_no_term),
        analyser_test(composed_and_decomposed_text_give_the_same_terms),
        analyser_test(a_text_gives_what_its_pieces_between_spaces_give),
        analyser_test(the_fast_way_and_the_slow_way_agree),
        analyser_test(a_full_cache_changes_nothing),
        analyser_test(random_bytes_do_no_harm),
        analyser_test(a_word_of_a_hundred_megabytes_is_bounded),
    };
    return cmocka_run_group_tests_name("analyser", tests, NULL, NULL);
}
