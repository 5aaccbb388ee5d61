/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query language: query_cases.txt says what each text is read as; the rest holds for any text.
 */
#include "searcher/query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

struct parsed {
    struct arena arena;
    struct query query;
    struct bytes description;
};

static struct parsed parse(const char *text, size_t size) {
    struct parsed parsed = {.arena = ARENA_INIT, .description = BYTES_INIT};
    assert_int_equal(query_parse(&parsed.query, &parsed.arena, text, size, NULL), 0);
    query_describe(parsed.query.root, &parsed.description);
    assert_non_null(bytes_string(&parsed.description));
    return parsed;
}

static void release(struct parsed *parsed) {
    bytes_free(&parsed->description);
    arena_free(&parsed->arena);
}

static bool says(const struct parsed *parsed, enum query_notice_kind kind, uint32_t column,
                 const char *part) {
    for (size_t i = 0; i < parsed->query.notice_count; i++) {
        const struct query_notice *notice = &parsed->query.notices[i];
        if (notice->kind == kind && notice->column == column && strstr(notice->message, part))
            return true;
    }
    return false;
}

/* ---- The table ----------------------------------------------------------------------------- */

static void cut_newline(char *line) {
    line[strcspn(line, "\n")] = '\0';
}

/* What a person would write into query_cases.txt for this query. */
static char *report(const char *text) {
    struct parsed parsed = parse(text, strlen(text));
    struct bytes out = BYTES_INIT;
    bytes_printf(&out, "%s\n",
                 parsed.description.size ? (char *)parsed.description.data : "(nothing)");
    for (size_t i = 0; i < parsed.query.notice_count; i++) {
        const struct query_notice *notice = &parsed.query.notices[i];
        bytes_printf(&out, "%s %u: %s\n", notice->kind == QUERY_REPAIR ? "repair" : "note",
                     notice->column, notice->message);
    }
    release(&parsed);
    assert_non_null(bytes_string(&out));
    return (char *)out.data;
}

static FILE *open_cases(void) {
    char path[512];
    const char *slash = strrchr(__FILE__, '/');
    snprintf(path, sizeof path, "%.*squery_cases.txt", (int)(slash ? slash + 1 - __FILE__ : 0),
             __FILE__);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s: cannot be opened; run the tests from the repository's root", path);
    return file;
}

static void check_case(const char *text, const struct bytes *expected, unsigned line) {
    char *got = report(text);
    if (strcmp(got, (const char *)expected->data) != 0)
        fail_msg("query_cases.txt:%u: %s\nexpected:\n%s\ngot:\n%s", line, text, expected->data,
                 got);
    free(got);
}

static void test_queries_are_read_as_the_table_says(void **state) {
    (void)state;
    FILE *file = open_cases();
    char *line = NULL, query[1024] = "";
    size_t capacity = 0;
    unsigned number = 0, cases = 0, begin = 0;
    struct bytes expected = BYTES_INIT;
    bool more = true;
    while (more) {
        more = getline(&line, &capacity, file) > 0;
        number++;
        if (more && line[0] == '#')
            continue;
        if (!more || line[0] == '\n') {
            if (query[0]) {
                assert_non_null(bytes_string(&expected));
                check_case(query, &expected, begin);
                cases++;
            }
            query[0] = '\0';
            bytes_reset(&expected);
        } else if (!query[0]) {
            cut_newline(line);
            begin = number;
            assert_true((size_t)snprintf(query, sizeof query, "%s", line) < sizeof query);
        } else {
            bytes_add_string(&expected, line);
        }
    }
    assert_true(cases >= 45);
    bytes_free(&expected);
    free(line);
    fclose(file);
}

/* ---- Any text ------------------------------------------------------------------------------ */

static void assert_describes_itself(const char *text, size_t size) {
    struct parsed first = parse(text, size);
    struct parsed second = parse((const char *)first.description.data, first.description.size);
    if (first.description.size != second.description.size ||
        memcmp(first.description.data, second.description.data, first.description.size) != 0)
        fail_msg("the description %s is read as %s", first.description.data,
                 second.description.data);
    assert_int_equal(second.query.repair_count, 0);
    release(&first);
    release(&second);
}

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

static void test_a_description_is_read_as_itself(void **state) {
    (void)state;
    static const char *const pieces[] = {"a",        "bc",
                                         "AND",      "OR",
                                         "NOT",      "NEAR",
                                         "NEAR/3",   "(",
                                         ")",        "\"",
                                         "+",        "-",
                                         "*",        ":",
                                         "\\",       " ",
                                         " ",        " ",
                                         "title:",   "speaker:",
                                         "x",        "~",
                                         "^2",       "=",
                                         "12",       "/",
                                         "«",        "»",
                                         "“",        "”",
                                         "\xC2\xA0", "é",
                                         "\xFF",     "\x01",
                                         "^0.5",     "~3",
                                         "heading:", "\xE3\x80\x80",
                                         "**",       "ab*",
                                         "?",        "date:",
                                         "2018",     "..",
                                         "body:",    "id:",
                                         "~",        "~2"};
    uint64_t random = random_seed();
    for (int round = 0; round < 20000; round++) {
        char text[512];
        size_t size = 0, count = next_random(&random) % 24;
        for (size_t i = 0; i < count; i++) {
            const char *piece = pieces[next_random(&random) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        assert_describes_itself(text, size);
    }
}

static void test_any_bytes_are_a_query(void **state) {
    (void)state;
    uint64_t random = random_seed();
    for (int round = 0; round < 5000; round++) {
        char text[200];
        size_t size = next_random(&random) % sizeof text;
        for (size_t i = 0; i < size; i++)
            text[i] = (char)next_random(&random);
        assert_describes_itself(text, size);
    }
}

static void test_no_text_at_all_is_nothing(void **state) {
    (void)state;
    struct parsed parsed = parse("", 0);
    assert_int_equal(parsed.query.root->op, QUERY_NOTHING);
    assert_int_equal(parsed.query.notice_count, 0);
    release(&parsed);
}

static void test_a_nul_byte_separates_words(void **state) {
    (void)state;
    struct parsed parsed = parse("a\0b", 3);
    assert_string_equal(parsed.description.data, "a OR b");
    release(&parsed);
}

static void test_columns_count_characters(void **state) {
    (void)state;
    const char *text = "São Tomé \"海洋法";
    struct parsed parsed = parse(text, strlen(text));
    assert_true(says(&parsed, QUERY_REPAIR, 10, "never closed"));
    release(&parsed);
    parsed = parse("a \xFF", 3);
    assert_true(says(&parsed, QUERY_REPAIR, 3, "not UTF-8"));
    release(&parsed);
}

/* ---- Limits -------------------------------------------------------------------------------- */

static char *repeated(const char *piece, size_t count, size_t *size) {
    size_t length = strlen(piece);
    char *text = malloc(length * count + 1);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        memcpy(text + i * length, piece, length);
    *size = length * count;
    return text;
}

static struct parsed parse_repeated(const char *piece, size_t count) {
    size_t size;
    char *text = repeated(piece, count, &size);
    struct parsed parsed = parse(text, size);
    free(text);
    return parsed;
}

static void test_a_hundred_thousand_brackets_are_flattened(void **state) {
    (void)state;
    size_t size;
    char *text = repeated("(a ", 100000, &size);
    struct parsed parsed = parse(text, size);
    assert_true(says(&parsed, QUERY_REPAIR, 3 * QUERY_LIMIT_DEPTH + 1, "brackets within more"));
    assert_int_equal(parsed.query.root->op, QUERY_OR);
    assert_int_equal(parsed.query.root->count, QUERY_LIMIT_WORDS);
    release(&parsed);
    free(text);
    parsed = parse_repeated("(", 100000);
    assert_int_equal(parsed.query.root->op, QUERY_NOTHING);
    release(&parsed);
}

static unsigned tree_depth(const struct query_node *node) {
    unsigned deepest = 0;
    for (size_t i = 0; i < node->count; i++) {
        unsigned depth = tree_depth(node->children[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static void test_every_kind_of_level_stays_within_the_depth(void **state) {
    (void)state;
    struct parsed parsed = parse_repeated("-(a +b (NOT c AND +d (", 4000);
    assert_true(tree_depth(parsed.query.root) > QUERY_LIMIT_DEPTH);
    assert_true(tree_depth(parsed.query.root) <= 5 * QUERY_LIMIT_DEPTH);
    release(&parsed);
}

static void test_words_beyond_the_limit_are_left_out_and_told(void **state) {
    (void)state;
    struct parsed parsed = parse_repeated("word ", QUERY_LIMIT_WORDS);
    assert_int_equal(parsed.query.notice_count, 0);
    release(&parsed);
    parsed = parse_repeated("word ", QUERY_LIMIT_WORDS + 1);
    assert_int_equal(parsed.query.root->count, QUERY_LIMIT_WORDS);
    assert_true(says(&parsed, QUERY_REPAIR, 5 * QUERY_LIMIT_WORDS + 1, "left out"));
    release(&parsed);
}

/* Quadratic time over a megabyte would take minutes. */
static void test_a_megabyte_of_anything_is_read_in_linear_time(void **state) {
    (void)state;
    static const char *const pieces[] = {"a",  "\"", "(",    ")", "\\",     "^1", "~1", "AND ",
                                         ": ", "-",  "+a -", "*", "title:", "é",  "«",  "NOT "};
    clock_t begin = clock();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct parsed parsed = parse_repeated(pieces[i], (1 << 20) / strlen(pieces[i]));
        assert_true(parsed.query.notice_count <= QUERY_LIMIT_NOTICES);
        release(&parsed);
    }
    assert_true((double)(clock() - begin) / CLOCKS_PER_SEC < 30);
}

static void test_many_repairs_are_counted_but_not_all_listed(void **state) {
    (void)state;
    struct parsed parsed = parse_repeated(") ", 1000);
    assert_int_equal(parsed.query.repair_count, 1000);
    assert_int_equal(parsed.query.notice_count, QUERY_LIMIT_NOTICES);
    assert_true(says(&parsed, QUERY_REPAIR, 0, "and more"));
    release(&parsed);
}

static void test_a_long_word_is_cut_between_characters(void **state) {
    (void)state;
    struct parsed parsed = parse_repeated("\xE6\xB5\xB7", 1000);
    assert_int_equal(parsed.query.root->op, QUERY_WORD);
    assert_int_equal(parsed.query.root->text_size, QUERY_LIMIT_WORD_BYTES / 3 * 3);
    assert_true(says(&parsed, QUERY_REPAIR, 1, "longer than"));
    release(&parsed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_are_read_as_the_table_says),
        cmocka_unit_test(test_a_description_is_read_as_itself),
        cmocka_unit_test(test_any_bytes_are_a_query),
        cmocka_unit_test(test_no_text_at_all_is_nothing),
        cmocka_unit_test(test_a_nul_byte_separates_words),
        cmocka_unit_test(test_columns_count_characters),
        cmocka_unit_test(test_a_hundred_thousand_brackets_are_flattened),
        cmocka_unit_test(test_every_kind_of_level_stays_within_the_depth),
        cmocka_unit_test(test_words_beyond_the_limit_are_left_out_and_told),
        cmocka_unit_test(test_a_megabyte_of_anything_is_read_in_linear_time),
        cmocka_unit_test(test_many_repairs_are_counted_but_not_all_listed),
        cmocka_unit_test(test_a_long_word_is_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
