/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/bytes.h"
#include "corpus/line_cursor.h"
#include "corpus/line_table.h"
#include "corpus/word_set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_same_line(const struct line *a, const struct line *b) {
    return a->begin == b->begin && a->end == b->end && a->number == b->number &&
           a->page == b->page && a->indent == b->indent && a->width == b->width &&
           a->quote == b->quote && a->page_break == b->page_break && a->class == b->class;
}

static bool is_same_marker(struct marker a, struct marker b) {
    return a.style == b.style && a.symbol == b.symbol && a.value == b.value && a.depth == b.depth &&
           a.label_end == b.label_end && a.text == b.text;
}

/* What the table says of a line is what is found out without it. */
static void check_facts(const char *text, const struct line *kept, const struct line *plain) {
    struct speaker_line a = line_speaker(text, kept), b = speaker_line_read(text, plain);
    assert_true(is_same_marker(line_marker(text, kept), marker_read(text, plain)));
    assert_true(a.name_begin == b.name_begin && a.name_end == b.name_end && a.sure == b.sure &&
                a.label == b.label);
    assert_int_equal(line_first(text, kept), line_first(text, plain));
    assert_int_equal(line_last(text, kept), line_last(text, plain));
    assert_int_equal(line_ends_sentence(text, kept), line_ends_sentence(text, plain));
}

static void check_reading(struct line_table *table, const char *text, size_t size) {
    struct line_reader through, plain;
    struct line kept, line;
    line_reader_init(&through, text, size);
    line_reader_init(&plain, text, size);
    while (line_read(&plain, &line)) {
        assert_true(line_table_read(table, &through, &kept));
        assert_true(is_same_line(&kept, &line));
        if (line.class == LINE_TEXT)
            check_facts(text, &kept, &line);
    }
    assert_false(line_table_read(table, &through, &kept));
}

static void check_text(const char *text, size_t size) {
    struct line_table table;
    line_table_init(&table, text);
    check_reading(&table, text, size);
    check_reading(&table, text, size); /* now from the table */
    line_table_free(&table);
}

static void test_lines_are_kept_as_they_are_read(void **state) {
    static const char text[] = "Minutes\r\n=======\n\nMr. SMITH (Indonesia): Thank you,\n"
                               "  (a) the first \xE2\x80\x93 item.\f\n> quoted\rlone\n"
                               "Article 3\n12. Twelve\n- a bullet\n\t| a | row |\n12\n"
                               "\xC2\xA7 5 of it; \xC3\x89t\xC3\xA9 3 and more\nNote: Geneva";
    (void)state;
    check_text(text, sizeof text - 1);
    check_text(text, 0);
    check_text("one\rtwo\rthree", 13);
}

/* Random lines of what lines are made of; the seed is printed. */
static void test_lines_of_anything(void **state) {
    static const char *const parts[] = {
        "The CHAIR: ",        "12. ", "(iv) ", "- ",   "* ",   "word ",
        "Geneva. ",           "\n",   "\n\n",  "\r\n", "\f",   "  ",
        "\xC3\xA9t\xC3\xA9 ", "\xFF", "|",     "\t",   "Mr. ", "....... 4"};
    unsigned seed = getenv("PLENARY_SEED") ? (unsigned)atoi(getenv("PLENARY_SEED")) : 1126;
    (void)state;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 300; round++) {
        struct bytes text = BYTES_INIT;
        for (int i = rand() % 200; i > 0; i--)
            bytes_add_string(&text, parts[(size_t)rand() % (sizeof parts / sizeof *parts)]);
        assert_false(text.failed);
        check_text(bytes_string(&text), text.size);
        bytes_free(&text);
    }
}

/* Lines beyond those that are kept are read again. */
static void test_more_lines_than_are_kept(void **state) {
    struct bytes text = BYTES_INIT;
    (void)state;
    for (int i = 0; i < LINE_TABLE_MAX + 500; i++)
        bytes_add_string(&text, i % 3 ? "a.\n" : "Ann Lee: yes\n");
    check_text(bytes_string(&text), text.size);
    bytes_free(&text);
}

static void test_word_set(void **state) {
    static const char *const words[] = {"a", "ann", "annex",
                                        "d\xC3\xA9"
                                        "cision",
                                        "zeit"};
    static struct word_set set;
    (void)state;
    word_set_build(&set, words, 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(word_set_find(&set, words[i], strlen(words[i])), i);
    assert_int_equal(word_set_find(&set, "ANNEX", 5), 2);
    assert_int_equal(word_set_find(&set,
                                   "D\xC3\xA9"
                                   "CISION",
                                   9),
                     3);
    assert_int_equal(word_set_find(&set, "anne", 4), -1);
    assert_int_equal(word_set_find(&set, "annexe", 6), -1);
    assert_int_equal(word_set_find(&set, "", 0), -1);
}

/* Lines by the simplest reading: where line `line` starts; *end before what ends it. */
static size_t line_of(const char *text, size_t begin, size_t size, uint64_t line, size_t *end) {
    size_t at = begin;
    for (uint64_t number = 1;; number++) {
        size_t stop = at;
        while (stop < size && text[stop] != '\n' && text[stop] != '\r')
            stop++;
        *end = stop;
        size_t next = stop + (stop < size);
        if (stop + 1 < size && text[stop] == '\r' && text[stop + 1] == '\n')
            next++;
        if (number == line || next >= size)
            return number == line ? at : size;
        at = next;
    }
}

/* Any text, asked in any order. */
static void test_line_cursor(void **state) {
    static const char letters[] = "aaaa\n\n\r";
    unsigned seed = getenv("PLENARY_SEED") ? (unsigned)atoi(getenv("PLENARY_SEED")) : 1126;
    (void)state;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 3000; round++) {
        char text[40];
        size_t size = 1 + (size_t)rand() % (sizeof text - 1), begin = 0, end;
        bool returns = round % 3 == 0;
        for (size_t i = 0; i < size; i++)
            text[i] = letters[(size_t)rand() % (returns ? 7 : 6)];
        begin = (size_t)rand() % size;
        struct line_cursor cursor;
        line_cursor_init(&cursor, text, begin, size);
        for (int ask = 0; ask < 12; ask++) {
            size_t offset = begin + (size_t)rand() % (size - begin);
            uint64_t line = line_cursor_find(&cursor, offset);
            size_t start = line_of(text, begin, size, line, &end);
            assert_true(start <= offset && start == line_cursor_go(&cursor, line));
            assert_true(offset <= end + 1);
            assert_int_equal(line_cursor_end(&cursor, line), end);
            line_of(text, begin, size, line + 1, &end);
            if (line_of(text, begin, size, line + 1, &end) < size)
                assert_int_equal(line_cursor_end(&cursor, line + 1), end);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_kept_as_they_are_read),
        cmocka_unit_test(test_lines_of_anything),
        cmocka_unit_test(test_more_lines_than_are_kept),
        cmocka_unit_test(test_word_set),
        cmocka_unit_test(test_line_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
