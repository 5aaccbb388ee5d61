/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Phrases, NEAR and exact words told from tokens: what Xapian's operators cannot be asked (see
 * test_phrase_differential.c for the rest), against the texts themselves; limits and damage. */
#include "tests/unit/searcher/index_fixture.h"

#include "indexer/segment/tokens.h"
#include "searcher/phrase_source.h"

#include <time.h>

static const struct fixture_document documents[] = {
    {.id = "a",
     .paragraphs = {"The co-chairs met the fleet.", "A fleet, a fleet and one more fleet.",
                    "Nothing here."}},
    {.id = "b", .paragraphs = {"Met by the fleet, the co-chairs left.", "The chairs were left."}},
};

static int set_up(void **state) {
    *state = fixture_open(documents, 2, 1);
    return 0;
}

static int tear_down(void **state) {
    fixture_close(*state);
    return 0;
}

/* ---- Asking ---------------------------------------------------------------------------------- */

enum { PLACES_MOST = 200 };

/* A path of terms, each a unit by itself. */
struct asked {
    const char *terms[PLACES_MOST];
    struct query_unit units[PLACES_MOST];
    const struct query_unit *pointers[PLACES_MOST];
    struct query_path path;
};

static struct query_operand operand_of(struct asked *asked, size_t count,
                                       const char *const *terms) {
    for (size_t i = 0; i < count; i++) {
        asked->terms[i] = terms[i];
        asked->units[i] = (struct query_unit){.terms = &asked->terms[i], .count = 1};
        asked->pointers[i] = &asked->units[i];
    }
    asked->path = (struct query_path){asked->pointers, count};
    return (struct query_operand){&asked->path, 1};
}

static struct phrase_source *open_source(struct fixture *fixture,
                                         const struct query_operand *operands,
                                         const uint32_t *windows, size_t count) {
    struct phrase_source *source;
    struct error err;
    const struct snapshot *snapshot = searcher_snapshot(fixture->searcher);
    if (phrase_source_open(&source, operands, windows, count, snapshot, &err))
        fail_msg("%s", err.message);
    return source;
}

/* "segment:docid ..." by reading every passage. */
static const char *found(struct fixture *fixture, const struct query_operand *operands,
                         const uint32_t *windows, size_t count) {
    static char text[1000];
    struct phrase_source *source = open_source(fixture, operands, windows, count);
    const struct shim_source *shim = phrase_source_shim(source);
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < snapshot_segment_count(searcher_snapshot(fixture->searcher)); i++) {
        void *cursor = shim->open(shim->context, i);
        assert_non_null(cursor);
        for (uint32_t docid; (docid = shim->next(cursor, 0)) && used < sizeof text - 30;)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%u:%u", used ? " " : "", i,
                                     docid);
        shim->close(cursor);
    }
    assert_int_equal(phrase_source_fault(source, NULL), 0);
    phrase_source_close(source);
    return text;
}

#define FIND_PHRASE(fixture, ...)                                                                  \
    find_phrase(fixture, (const char *const[]){__VA_ARGS__},                                       \
                sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *find_phrase(struct fixture *fixture, const char *const *terms, size_t count) {
    struct asked asked;
    struct query_operand operand = operand_of(&asked, count, terms);
    return found(fixture, &operand, NULL, 1);
}

static const char *find_near(struct fixture *fixture, const char *a, uint32_t window,
                             const char *b) {
    struct asked first, second;
    const struct query_operand operands[] = {operand_of(&first, 1, &a), operand_of(&second, 1, &b)};
    return found(fixture, operands, &window, 2);
}

/* ---- Phrases and NEAR ------------------------------------------------------------------------ */

static void test_a_phrase_stands_at_successive_positions(void **state) {
    assert_string_equal(FIND_PHRASE(*state, "the", "fleet"), "0:1 1:1");
    assert_string_equal(FIND_PHRASE(*state, "met", "the", "fleet"), "0:1");
    assert_string_equal(FIND_PHRASE(*state, "fleet", "the"), "1:1");
    assert_string_equal(FIND_PHRASE(*state, "fleet"), "0:1 0:2 1:1");
    assert_string_equal(FIND_PHRASE(*state, "fleet", "nowhere"), "");
}

static void test_a_joined_form_shares_the_position_of_its_first_part(void **state) {
    assert_string_equal(FIND_PHRASE(*state, "the", "co", "chair", "met"), "0:1");
    assert_string_equal(FIND_PHRASE(*state, "the", "cochair"), "0:1 1:1");
    assert_string_equal(FIND_PHRASE(*state, "cochair", "chair", "left"), "1:1");
    assert_string_equal(FIND_PHRASE(*state, "cochair", "met"), "");
    assert_string_equal(FIND_PHRASE(*state, "cochair", "co"), "");
}

static void test_near_needs_two_places(void **state) {
    assert_string_equal(find_near(*state, "fleet", 3, "fleet"), "0:2");
    assert_string_equal(find_near(*state, "fleet", 1, "fleet"), "");
    assert_string_equal(find_near(*state, "met", 2, "fleet"), "0:1");
    assert_string_equal(find_near(*state, "fleet", 3, "met"), "0:1 1:1");
    assert_string_equal(find_near(*state, "co", 1, "cochair"), "");
    assert_string_equal(find_near(*state, "cochair", 1, "chair"), "0:1 1:1");
}

static void test_an_exact_word_is_its_word_not_its_term(void **state) {
    const char *term = "chair", *word = "chairs", *other = "chair";
    struct query_unit unit = {&term, 1, &word, 1};
    const struct query_unit *units[] = {&unit};
    const struct query_path path = {units, 1};
    const struct query_operand operand = {&path, 1};
    assert_string_equal(found(*state, &operand, NULL, 1), "0:1 1:1 1:2");
    unit.words = &other;
    assert_string_equal(found(*state, &operand, NULL, 1), "");
}

static void test_no_paths_match_nothing(void **state) {
    const struct query_operand none = {NULL, 0};
    assert_string_equal(found(*state, &none, NULL, 1), "");
}

/* ---- Against the texts ----------------------------------------------------------------------- */

static uint64_t random_state;

static size_t choose(size_t count) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)(random_state * UINT64_C(2685821657736338717) >> 33) % count;
}

enum { TEXT_WORDS = 300, RANDOM_PARAGRAPHS = 5 };

static const char *const letters[] = {"xa", "xb", "xc"};

struct random_text {
    size_t words[TEXT_WORDS]; /* in letters */
    size_t count;
    char text[TEXT_WORDS * 3 + 1];
};

static void make_text(struct random_text *text) {
    text->count = 1 + choose(TEXT_WORDS);
    for (size_t i = 0; i < text->count; i++) {
        text->words[i] = choose(3);
        snprintf(text->text + 3 * i, 4, "%s ", letters[text->words[i]]);
    }
}

static bool stands_at(const struct random_text *text, size_t at, const size_t *words,
                      size_t count) {
    for (size_t i = 0; i < count; i++)
        if (at + i >= text->count || text->words[at + i] != words[i])
            return false;
    return true;
}

struct random_operand {
    size_t words[3][PLACES_MOST]; /* by path */
    size_t counts[3], paths;
    struct asked asked[3];
    struct query_path path_list[3];
    struct query_operand operand;
};

/* Each path is cut out of a text, or random. */
static void make_operand(struct random_operand *made, const struct random_text *texts,
                         size_t longest, size_t paths) {
    made->paths = paths;
    for (size_t p = 0; p < paths; p++) {
        const struct random_text *from = &texts[choose(RANDOM_PARAGRAPHS)];
        size_t at = choose(from->count), most = from->count - at;
        made->counts[p] = 1 + choose(longest < most ? longest : most);
        const char *terms[PLACES_MOST];
        for (size_t i = 0; i < made->counts[p]; i++) {
            made->words[p][i] = choose(100) ? from->words[at + i] : choose(3);
            terms[i] = letters[made->words[p][i]];
        }
        operand_of(&made->asked[p], made->counts[p], terms);
        made->path_list[p] = made->asked[p].path;
    }
    made->operand = (struct query_operand){made->path_list, paths};
}

static bool any_near(const struct random_text *text, const struct random_operand *a,
                     const struct random_operand *b, size_t window) {
    for (size_t p = 0; p < a->paths; p++)
        for (size_t x = 0; x < text->count; x++) {
            if (!stands_at(text, x, a->words[p], a->counts[p]))
                continue;
            size_t behind = x + a->counts[p]; /* first position that b may begin at */
            for (size_t q = 0; q < b->paths; q++)
                for (size_t y = behind; y < text->count && y - behind < window; y++)
                    if (stands_at(text, y, b->words[q], b->counts[q]))
                        return true;
        }
    return false;
}

static bool text_stands(const struct random_text *text, const struct random_operand *operands,
                        const uint32_t *windows, size_t count) {
    for (size_t i = 0; i + 1 < count; i++)
        if (!any_near(text, &operands[i], &operands[i + 1], windows[i]) &&
            !any_near(text, &operands[i + 1], &operands[i], windows[i]))
            return false;
    for (size_t p = 0; p < operands[0].paths && count == 1; p++)
        for (size_t at = 0; at < text->count; at++)
            if (stands_at(text, at, operands[0].words[p], operands[0].counts[p]))
                return true;
    return count > 1;
}

static size_t compare_with_texts(struct fixture *fixture, const struct random_text *texts,
                                 size_t count, size_t longest) {
    static struct random_operand operands[3];
    struct query_operand plain[3];
    uint32_t windows[3];
    char expected[200] = "";
    size_t used = 0, matches = 0;
    for (size_t i = 0; i < count; i++) {
        make_operand(&operands[i], texts, longest, 1 + choose(3));
        plain[i] = operands[i].operand;
        windows[i] = 1 + (uint32_t)choose(6);
    }
    for (size_t i = 0; i < RANDOM_PARAGRAPHS; i++)
        if (text_stands(&texts[i], operands, windows, count)) {
            used += (size_t)snprintf(expected + used, sizeof expected - used, "%s0:%zu",
                                     used ? " " : "", i + 1);
            matches++;
        }
    assert_string_equal(found(fixture, plain, windows, count), expected);
    return matches;
}

static void test_what_is_found_is_what_the_texts_have(void **state) {
    static struct random_text texts[RANDOM_PARAGRAPHS];
    const char *given = getenv("PLENARY_SEED");
    size_t matches = 0, asked = 0;
    (void)state;
    random_state = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 2654435761U | 1;
    print_message("PLENARY_SEED=%llu\n", (unsigned long long)random_state);
    for (unsigned round = 0; round < 4; round++) {
        struct fixture_document document = {.id = "random", .language = "none"};
        for (size_t i = 0; i < RANDOM_PARAGRAPHS; i++) {
            make_text(&texts[i]);
            document.paragraphs[i] = texts[i].text;
        }
        struct fixture *fixture = fixture_open(&document, 1, 1);
        for (unsigned i = 0; i < 200; i++, asked += 3) {
            matches += compare_with_texts(fixture, texts, 1, choose(2) ? 6 : PLACES_MOST);
            matches += compare_with_texts(fixture, texts, 2, choose(2) ? 5 : 60);
            matches += compare_with_texts(fixture, texts, 3, 5);
        }
        fixture_close(fixture);
    }
    assert_true(matches > asked && matches < asked * (RANDOM_PARAGRAPHS - 1));
}

/* ---- Limits and damage ------------------------------------------------------------------------
 */

static void test_too_many_places_are_refused(void **state) {
    struct fixture *fixture = *state;
    static struct query_path paths[PHRASE_PLACES_MAX + 1];
    struct asked asked;
    const char *term = "fleet";
    operand_of(&asked, 1, &term);
    for (size_t i = 0; i <= PHRASE_PLACES_MAX; i++)
        paths[i] = asked.path;
    const struct query_operand most = {paths, PHRASE_PLACES_MAX},
                               more = {paths, PHRASE_PLACES_MAX + 1};
    struct phrase_source *source;
    assert_string_equal(found(fixture, &most, NULL, 1), "0:1 0:2 1:1");
    assert_int_equal(phrase_source_open(&source, &more, NULL, 1,
                                        searcher_snapshot(fixture->searcher), &fixture->err),
                     PLENARY_ELIMIT);
    assert_null(source);
}

static void tokens_path(struct fixture *fixture, char *path, size_t size) {
    const struct segment *segment = snapshot_segment(searcher_snapshot(fixture->searcher), 0);
    snprintf(path, size, "%s/tokens.words", segment_folder(segment));
}

/* Give every passage of the first segment these bytes as its tokens, checksums right. */
static void put_tokens(struct fixture *fixture, const uint8_t *ids, size_t size) {
    char path[512];
    struct tokens_writer writer;
    const struct segment *segment = snapshot_segment(searcher_snapshot(fixture->searcher), 0);
    tokens_path(fixture, path, sizeof path);
    uint32_t passages = segment_passage_count(segment);
    searcher_close(fixture->searcher);
    assert_int_equal(remove(path), 0);
    assert_int_equal(tokens_create(&writer, path, NULL), 0);
    for (uint32_t i = 0; i < passages; i++)
        assert_int_equal(tokens_add(&writer, ids, size, NULL), 0);
    assert_int_equal(tokens_finish(&writer, NULL), 0);
    tokens_writer_close(&writer);
    assert_int_equal(searcher_open(&fixture->searcher, fixture->folder, &fixture->err), 0);
}

static void expect_damaged(struct fixture *fixture, const char *query) {
    struct search_request request = fixture_request(query);
    struct search_result result;
    fixture->err.message[0] = '\0';
    assert_int_equal(searcher_search(&result, fixture->searcher, &request, &fixture->err),
                     PLENARY_EDAMAGED);
    assert_non_null(strstr(fixture->err.message, "make no sense"));
}

static void test_tokens_that_are_cut_short_or_too_long_are_an_error(void **state) {
    static const uint8_t cut[] = {1, 2, 0x80}, large[] = {0xff, 0xff, 0xff, 0xff, 0x1f},
                         endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1};
    (void)state;
    struct fixture *fixture = fixture_open(documents, 2, 2);
    put_tokens(fixture, cut, sizeof cut);
    expect_damaged(fixture, "\"the fleet\"");
    expect_damaged(fixture, "the NEAR fleet");
    expect_damaged(fixture, "=fleet");
    put_tokens(fixture, large, sizeof large);
    expect_damaged(fixture, "\"the fleet\"");
    put_tokens(fixture, endless, sizeof endless);
    expect_damaged(fixture, "\"the fleet\"");
    fixture_close(fixture);
}

static void test_ids_of_no_word_match_nothing(void **state) {
    static const uint8_t beyond[] = {0xff, 0xff, 0xff, 0xff, 0x0f, 0xff, 0x7f};
    (void)state;
    struct fixture *fixture = fixture_open(documents, 2, 2);
    put_tokens(fixture, beyond, sizeof beyond);
    fixture_expect(fixture, "\"the fleet\"", "");
    fixture_expect(fixture, "the NEAR fleet", "");
    fixture_close(fixture);
}

static void test_a_segment_without_tokens_is_damaged(void **state) {
    (void)state;
    char path[512];
    struct fixture *fixture = fixture_open(documents, 2, 2);
    struct searcher *searcher;
    tokens_path(fixture, path, sizeof path);
    assert_int_equal(remove(path), 0);
    assert_int_equal(searcher_open(&searcher, fixture->folder, &fixture->err), PLENARY_EDAMAGED);
    assert_non_null(strstr(fixture->err.message, "tokens.words: no such file"));
    fixture_close(fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_phrase_stands_at_successive_positions),
        cmocka_unit_test(test_a_joined_form_shares_the_position_of_its_first_part),
        cmocka_unit_test(test_near_needs_two_places),
        cmocka_unit_test(test_an_exact_word_is_its_word_not_its_term),
        cmocka_unit_test(test_no_paths_match_nothing),
        cmocka_unit_test(test_what_is_found_is_what_the_texts_have),
        cmocka_unit_test(test_too_many_places_are_refused),
        cmocka_unit_test(test_tokens_that_are_cut_short_or_too_long_are_an_error),
        cmocka_unit_test(test_ids_of_no_word_match_nothing),
        cmocka_unit_test(test_a_segment_without_tokens_is_damaged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
