/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/segment/lexicon.h"

#include "corpus/bytes.h"

static struct lexicon_row row(const char *word, const char *term, uint64_t passages) {
    return (struct lexicon_row){word, term, (uint32_t)strlen(word), (uint32_t)strlen(term),
                                passages};
}

static const char *lexicon_path(void) {
    return scratch_path("lexicon.words");
}

/* "word>term:passages word>term:passages ..." of the words with a prefix. */
static int append_row(void *context, const struct lexicon_row *found) {
    bytes_printf(context, "%.*s>%.*s:%llu ", (int)found->word_size,
                 found->word_size ? found->word : "", (int)found->term_size,
                 found->term_size ? found->term : "", (unsigned long long)found->passages);
    return 0;
}

static void expect_words(const char *prefix, const char *expected) {
    struct lexicon lexicon;
    struct bytes out = BYTES_INIT;
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_int_equal(lexicon_each(&lexicon, prefix, strlen(prefix), append_row, &out, NULL), 0);
    assert_string_equal(bytes_string(&out), expected);
    bytes_free(&out);
    lexicon_close(&lexicon);
}

static void test_rows_come_sorted_with_their_terms(void **state) {
    (void)state;
    struct lexicon_row rows[] = {
        row("trafficking", "traffick", 12),     row("assembly", "assembl", 3),
        row("cochairs", "cochair", 1),          row("went", "go", 700),
        row("a/res/73/195", "a/res/73/195", 1), row("assemblies", "assembl", 300000000000),
    };
    assert_int_equal(lexicon_write(lexicon_path(), rows, 6, NULL), 0);
    expect_words("", "a/res/73/195>a/res/73/195:1 assemblies>assembl:300000000000 "
                     "assembly>assembl:3 cochairs>cochair:1 trafficking>traffick:12 went>go:700 ");
    expect_words("assembl", "assemblies>assembl:300000000000 assembly>assembl:3 ");
    expect_words("assembly", "assembly>assembl:3 ");
    expect_words("assemblyx", "");
    expect_words("zz", "");
    expect_words("A", "");
}

static void test_the_same_word_and_term_is_one_row_and_another_term_another(void **state) {
    (void)state;
    struct lexicon_row rows[] = {row("pain", "pain", 4), row("pain", "pa", 2),
                                 row("pain", "pain", 3)};
    assert_int_equal(lexicon_write(lexicon_path(), rows, 3, NULL), 0);
    expect_words("pain", "pain>pa:2 pain>pain:7 ");
}

static void test_an_empty_lexicon_has_no_words(void **state) {
    (void)state;
    assert_int_equal(lexicon_write(lexicon_path(), NULL, 0, NULL), 0);
    expect_words("", "");
    expect_words("a", "");
}

static int stop_at_once(void *context, const struct lexicon_row *found) {
    (void)found;
    ++*(int *)context;
    return 5;
}

static void test_a_callback_can_stop(void **state) {
    (void)state;
    struct lexicon_row rows[] = {row("a", "a", 1), row("b", "b", 1)};
    struct lexicon lexicon;
    int calls = 0;
    assert_int_equal(lexicon_write(lexicon_path(), rows, 2, NULL), 0);
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_int_equal(lexicon_each(&lexicon, "", 0, stop_at_once, &calls, NULL), 5);
    assert_int_equal(calls, 1);
    lexicon_close(&lexicon);
}

struct count {
    const char *prefix;
    uint64_t found;
};

static int count_row(void *context, const struct lexicon_row *found) {
    struct count *count = context;
    assert_memory_equal(found->word, count->prefix, strlen(count->prefix));
    assert_int_equal(found->word_size, found->term_size + 1);
    count->found++;
    return 0;
}

static void test_every_prefix_finds_as_many_words_as_a_scan(void **state) {
    (void)state;
    enum { WORDS = 2000 };
    uint64_t random = random_seed();
    static char words[WORDS][16];
    struct lexicon_row rows[WORDS];
    for (size_t i = 0; i < WORDS; i++) {
        /* Distinct, and unlike in length: a number in base 3 and a mark. */
        size_t size = 0;
        for (size_t left = i + 1; left; left /= 3)
            words[i][size++] = "abc"[left % 3];
        words[i][size] = 'z';
        rows[i] = row(words[i], words[i], 1);
        rows[i].term_size--;
    }
    assert_int_equal(lexicon_write(lexicon_path(), rows, WORDS, NULL), 0);
    struct lexicon lexicon;
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_int_equal(lexicon.count, WORDS);
    for (unsigned round = 0; round < 500; round++) {
        char prefix[16];
        size_t size = random_next(&random) % 7, expected = 0;
        for (size_t i = 0; i < size; i++)
            prefix[i] = "abcz"[random_next(&random) % 4];
        prefix[size] = '\0';
        for (size_t i = 0; i < WORDS; i++)
            expected += !strncmp(words[i], prefix, size);
        struct count count = {prefix, 0};
        assert_int_equal(lexicon_each(&lexicon, prefix, size, count_row, &count, NULL), 0);
        assert_int_equal(count.found, expected);
    }
    lexicon_close(&lexicon);
}

static int ignore_row(void *context, const struct lexicon_row *found) {
    (void)context;
    (void)found;
    return 0;
}

static void test_any_flipped_byte_is_an_error(void **state) {
    (void)state;
    struct lexicon_row rows[] = {row("council", "council", 2), row("councils", "council", 9),
                                 row("quorum", "quorum", 1)};
    assert_int_equal(lexicon_write(lexicon_path(), rows, 3, NULL), 0);
    size_t size;
    uint8_t *data = scratch_read(lexicon_path(), &size);
    for (size_t i = 0; i < size; i++) {
        struct lexicon lexicon;
        data[i] ^= 4;
        scratch_write(scratch_path("flipped"), data, size);
        data[i] ^= 4;
        int status = lexicon_open(&lexicon, scratch_path("flipped"), NULL);
        if (!status)
            status = lexicon_each(&lexicon, "", 0, ignore_row, NULL, NULL);
        assert_int_equal(status, PLENARY_EDAMAGED);
        lexicon_close(&lexicon);
    }
    free(data);
}

static void test_rows_with_a_right_checksum_but_no_sense_are_errors(void **state) {
    (void)state;
    uint64_t random = random_seed();
    unsigned errors = 0;
    for (unsigned round = 0; round < 500; round++) {
        struct sidecar_writer *file;
        struct column_writer begins;
        uint8_t data[80] = {20};
        for (size_t i = 8; i < sizeof data; i++)
            data[i] = (uint8_t)random_next(&random);
        assert_int_equal(sidecar_create(&file, lexicon_path(), 'L', 1, NULL), 0);
        sidecar_begin(file, 1, NULL);
        sidecar_append(file, data, sizeof data, NULL);
        column_writer_init(&begins);
        column_add(&begins, 8);
        column_add(&begins, random_next(&random) % 100);
        column_write(&begins, file, 2, NULL);
        assert_int_equal(sidecar_finish(file, NULL), 0);
        sidecar_writer_close(file);
        struct lexicon lexicon;
        assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
        errors += lexicon_each(&lexicon, "", 0, ignore_row, NULL, NULL) == PLENARY_EDAMAGED;
        lexicon_each(&lexicon, "m", 1, ignore_row, NULL, NULL);
        lexicon_close(&lexicon);
        unlink(lexicon_path());
    }
    assert_true(errors > 400);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_come_sorted_with_their_terms),
        cmocka_unit_test(test_the_same_word_and_term_is_one_row_and_another_term_another),
        cmocka_unit_test(test_an_empty_lexicon_has_no_words),
        cmocka_unit_test(test_a_callback_can_stop),
        cmocka_unit_test(test_every_prefix_finds_as_many_words_as_a_scan),
        cmocka_unit_test(test_any_flipped_byte_is_an_error),
        cmocka_unit_test(test_rows_with_a_right_checksum_but_no_sense_are_errors),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
