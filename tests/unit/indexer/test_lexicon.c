/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"
#include "tests/unit/rounds.h"

#include "indexer/segment/lexicon.h"

#include "corpus/bytes.h"

static struct lexicon_row row(const char *word, const char *term, uint64_t passages) {
    return (struct lexicon_row){.word = word,
                                .term = term,
                                .word_size = (uint32_t)strlen(word),
                                .term_size = (uint32_t)strlen(term),
                                .passages = passages};
}

static struct lexicon_row row_of(uint32_t id, const char *word, const char *term, bool joined) {
    struct lexicon_row made = row(word, term, 1);
    made.id = id;
    made.joined = joined;
    return made;
}

static const char *lexicon_path(void) {
    return scratch_path("lexicon.words");
}

/* The last row gets id 0, the first the highest: no id is its row by accident. */
static int write_rows(struct lexicon_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++)
        rows[i].id = (uint32_t)(count - 1 - i);
    return lexicon_write(lexicon_path(), rows, count, NULL);
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
    assert_int_equal(write_rows(rows, 6), 0);
    expect_words("", "a/res/73/195>a/res/73/195:1 assemblies>assembl:300000000000 "
                     "assembly>assembl:3 cochairs>cochair:1 trafficking>traffick:12 went>go:700 ");
    expect_words("assembl", "assemblies>assembl:300000000000 assembly>assembl:3 ");
    expect_words("assembly", "assembly>assembl:3 ");
    expect_words("assemblyx", "");
    expect_words("zz", "");
    expect_words("A", "");
}

static void test_one_word_may_have_rows_for_several_terms_and_as_a_joined_form(void **state) {
    (void)state;
    struct lexicon_row rows[] = {row("pain", "pain", 4), row("pain", "pa", 2),
                                 row("pain", "pain", 3)};
    rows[2].joined = true;
    assert_int_equal(write_rows(rows, 3), 0);
    expect_words("pain", "pain>pa:2 pain>pain:4 pain>pain:3 ");
}

static void expect_refused(const struct lexicon_row *rows, size_t count, const char *part) {
    struct error err;
    unlink(lexicon_path());
    assert_int_equal(lexicon_write(lexicon_path(), rows, count, &err), PLENARY_EINVALID);
    if (!strstr(err.message, part))
        fail_msg("\"%s\" does not say \"%s\"", err.message, part);
    assert_false(scratch_exists(lexicon_path()));
}

static void test_rows_that_are_equal_or_ids_with_gaps_are_refused(void **state) {
    (void)state;
    const struct lexicon_row twice[] = {row_of(0, "fleet", "fleet", false),
                                        row_of(1, "fleet", "fleet", false)};
    const struct lexicon_row same_id[] = {row_of(0, "fleet", "fleet", false),
                                          row_of(0, "harbour", "harbour", false)};
    const struct lexicon_row gap[] = {row_of(0, "fleet", "fleet", false),
                                      row_of(2, "harbour", "harbour", false)};
    expect_refused(twice, 2, "\"fleet\" twice");
    expect_refused(same_id, 2, "0 to 1, each once");
    expect_refused(gap, 2, "0 to 1, each once");
}

/* ---- Ids ----------------------------------------------------------------------------------- */

typedef int (*find_fn)(const struct lexicon *lexicon, const char *text, size_t size,
                       struct word_ids *out, struct error *err);

static int by_number(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* "0 3 7": the ids found, rising. */
static void expect_ids(const struct lexicon *lexicon, find_fn find, const char *text,
                       const char *expected) {
    struct word_ids ids = {NULL, 0, 0};
    struct bytes out = BYTES_INIT;
    assert_int_equal(find(lexicon, text, strlen(text), &ids, NULL), 0);
    if (ids.count)
        qsort(ids.ids, ids.count, sizeof *ids.ids, by_number);
    for (size_t i = 0; i < ids.count; i++)
        bytes_printf(&out, "%s%u", i ? " " : "", ids.ids[i]);
    assert_string_equal(bytes_string(&out), expected);
    bytes_free(&out);
    word_ids_free(&ids);
}

static void test_ids_are_found_by_word_and_by_term(void **state) {
    (void)state;
    const struct lexicon_row rows[] = {
        row_of(0, "trafficking", "traffick", false),
        row_of(1, "chairs", "chair", false),
        row_of(2, "cochairs", "cochair", true),
        row_of(3, "trafficked", "traffick", false),
        row_of(4, "cochairs", "cochair", false),
        row_of(5, "went", "go", false),
        row_of(6, "chair", "chair", false),
        row_of(7, "chairs", "chairs", false),
        row_of(8, "going", "go", false),
    };
    struct lexicon lexicon;
    assert_int_equal(lexicon_write(lexicon_path(), rows, 9, NULL), 0);
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    expect_ids(&lexicon, lexicon_of_term, "traffick", "0 3");
    expect_ids(&lexicon, lexicon_of_term, "go", "5 8");
    expect_ids(&lexicon, lexicon_of_term, "chair", "1 6");
    expect_ids(&lexicon, lexicon_of_term, "cochair", "2 4");
    expect_ids(&lexicon, lexicon_of_term, "trafficking", "");
    expect_ids(&lexicon, lexicon_of_term, "", "");
    expect_ids(&lexicon, lexicon_of_word, "chairs", "1 7");
    expect_ids(&lexicon, lexicon_of_word, "chair", "6");
    expect_ids(&lexicon, lexicon_of_word, "cochairs", "2 4");
    expect_ids(&lexicon, lexicon_of_word, "traffick", "");
    expect_ids(&lexicon, lexicon_of_word, "", "");
    expect_ids(&lexicon, lexicon_of_word, "zz", "");
    assert_int_equal(lexicon_verify(&lexicon, NULL), 0);
    lexicon_close(&lexicon);
}

static void test_joined_forms_are_told_by_id(void **state) {
    (void)state;
    const struct lexicon_row rows[] = {row_of(0, "chairs", "chair", false),
                                       row_of(1, "cochairs", "cochair", true),
                                       row_of(2, "cochairs", "cochair", false)};
    struct lexicon lexicon;
    assert_int_equal(lexicon_write(lexicon_path(), rows, 3, NULL), 0);
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_false(lexicon_is_joined(&lexicon, 0));
    assert_true(lexicon_is_joined(&lexicon, 1));
    assert_false(lexicon_is_joined(&lexicon, 2));
    assert_false(lexicon_is_joined(&lexicon, 3));
    assert_false(lexicon_is_joined(&lexicon, UINT32_MAX));
    lexicon_close(&lexicon);
}

static int take_text(void *context, const struct lexicon_row *found) {
    bytes_printf(context, "%.*s>%.*s %u%s", (int)found->word_size, found->word,
                 (int)found->term_size, found->term, found->id, found->joined ? "*" : "");
    return 7;
}

static void test_an_id_leads_to_its_row(void **state) {
    (void)state;
    const struct lexicon_row rows[] = {row_of(1, "chairs", "chair", false),
                                       row_of(0, "cochairs", "cochair", true)};
    struct lexicon lexicon;
    struct bytes out = BYTES_INIT;
    assert_int_equal(lexicon_write(lexicon_path(), rows, 2, NULL), 0);
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_int_equal(lexicon_row_of_id(&lexicon, 0, take_text, &out, NULL), 7);
    assert_int_equal(lexicon_row_of_id(&lexicon, 1, take_text, &out, NULL), 7);
    assert_string_equal(bytes_string(&out), "cochairs>cochair 0*chairs>chair 1");
    assert_int_equal(lexicon_row_of_id(&lexicon, 2, take_text, &out, NULL), PLENARY_EINVALID);
    bytes_free(&out);
    lexicon_close(&lexicon);
}

enum { MANY = 3000 };

/* Is `id` of the rows whose word (or term) is this; and are there as many as were found? */
static void expect_like_scan(const struct lexicon *lexicon, const struct lexicon_row *rows,
                             const char *text, bool is_term) {
    struct word_ids ids = {NULL, 0, 0};
    find_fn find = is_term ? lexicon_of_term : lexicon_of_word;
    size_t expected = 0;
    assert_int_equal(find(lexicon, text, strlen(text), &ids, NULL), 0);
    for (size_t i = 0; i < MANY; i++)
        expected += !strcmp(is_term ? rows[i].term : rows[i].word, text);
    assert_int_equal(ids.count, expected);
    for (size_t i = 0; i < ids.count; i++) /* rows stand by id */
        assert_string_equal(is_term ? rows[ids.ids[i]].term : rows[ids.ids[i]].word, text);
    word_ids_free(&ids);
}

static void test_ids_are_what_a_scan_finds(void **state) {
    (void)state;
    uint64_t random = random_seed();
    static char words[MANY][8], terms[MANY][8];
    static struct lexicon_row rows[MANY];
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(words[i], sizeof words[i], "%llu", (unsigned long long)random_next(&random) % 700);
        snprintf(terms[i], sizeof terms[i], "%u", i); /* tells rows of one word apart ... */
        if (random_next(&random) % 2)
            snprintf(terms[i], sizeof terms[i], "t%u", i % 2 ? i : i / 50);
        rows[i] = row_of(i, words[i], terms[i], false);
        for (uint32_t k = 0; k < i; k++) /* ... and those that are alike even so */
            if (!strcmp(words[k], words[i]) && !strcmp(terms[k], terms[i]))
                snprintf(terms[i], sizeof terms[i], "%u", i);
        rows[i] = row_of(i, words[i], terms[i], random_next(&random) % 3 == 0);
    }
    struct lexicon lexicon;
    struct error err = {.code = 0};
    if (lexicon_write(lexicon_path(), rows, MANY, &err) ||
        lexicon_open(&lexicon, lexicon_path(), &err) || lexicon_verify(&lexicon, &err))
        fail_msg("%s", err.message);
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(lexicon_is_joined(&lexicon, i), rows[i].joined);
        if (i % 5)
            continue;
        expect_like_scan(&lexicon, rows, rows[i].term, true);
        expect_like_scan(&lexicon, rows, rows[i].word, false);
    }
    lexicon_close(&lexicon);
}

/* ---- Everything, nothing and damage -------------------------------------------------------- */

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
    assert_int_equal(write_rows(rows, 2), 0);
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
    assert_int_equal(write_rows(rows, WORDS), 0);
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

/* ---- Leaps ----------------------------------------------------------------------------------- */

struct leaping {
    uint64_t *random;
    char leap[8]; /* the last one; empty: none */
    char before[8];
    const struct lexicon_row *rows; /* in order */
    size_t next, count;             /* the row that must come */
};

static void random_letters(uint64_t *random, char *out, size_t most) {
    size_t size = 1 + random_next(random) % most;
    for (size_t i = 0; i < size; i++)
        out[i] = (char)('a' + random_next(random) % 4);
    out[size] = '\0';
}

/* Exactly the rows that are not leapt over come, and share with the one before what they say. */
static int leap_somewhere(void *context, const struct lexicon_row *found, size_t shared,
                          struct bytes *leap) {
    struct leaping *leaping = context;
    while (leaping->next < leaping->count && *leaping->leap &&
           strcmp(leaping->rows[leaping->next].word, leaping->leap) < 0)
        leaping->next++;
    assert_true(leaping->next < leaping->count);
    const struct lexicon_row *expected = &leaping->rows[leaping->next++];
    assert_int_equal(found->word_size, expected->word_size);
    assert_memory_equal(found->word, expected->word, found->word_size);
    assert_int_equal(found->passages, expected->passages);
    size_t common = 0;
    while (leaping->before[common] && leaping->before[common] == expected->word[common])
        common++;
    assert_int_equal(shared, common);
    strcpy(leaping->before, expected->word);
    *leaping->leap = '\0';
    if (random_next(leaping->random) % 3 == 0)
        random_letters(leaping->random, leaping->leap, random_next(leaping->random) % 2 ? 6 : 2);
    bytes_add_string(leap, leaping->leap);
    return 0;
}

static int rows_by_word(const void *a, const void *b) {
    return strcmp(((const struct lexicon_row *)a)->word, ((const struct lexicon_row *)b)->word);
}

static void test_leaps_pass_over_just_the_rows_before_them(void **state) {
    (void)state;
    enum { ROWS = 1500 };
    static char words[ROWS][8];
    static struct lexicon_row rows[ROWS];
    uint64_t random = random_seed();
    for (unsigned round = 0; round < rounds(100); round++) {
        size_t wanted = random_next(&random) % ROWS, count = 0;
        for (size_t i = 0; i < wanted; i++) {
            random_letters(&random, words[i], 6);
            rows[i] = row(words[i], words[i], i);
        }
        if (wanted)
            qsort(rows, wanted, sizeof *rows, rows_by_word);
        for (size_t i = 0; i < wanted; i++)
            if (!count || strcmp(rows[i].word, rows[count - 1].word) != 0)
                rows[count++] = rows[i];
        struct lexicon lexicon;
        assert_int_equal(write_rows(rows, count), 0);
        assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
        struct leaping leaping = {.random = &random, .rows = rows, .count = count};
        assert_int_equal(lexicon_leap(&lexicon, leap_somewhere, &leaping, NULL), 0);
        while (leaping.next < count && *leaping.leap &&
               strcmp(rows[leaping.next].word, leaping.leap) < 0)
            leaping.next++;
        assert_int_equal(leaping.next, count);
        lexicon_close(&lexicon);
    }
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
    assert_int_equal(write_rows(rows, 3), 0);
    size_t size;
    uint8_t *data = scratch_read(lexicon_path(), &size);
    for (size_t i = 0; i < size; i++) {
        struct lexicon lexicon;
        data[i] ^= 4;
        scratch_write(scratch_path("flipped"), data, size);
        data[i] ^= 4;
        int status = lexicon_open(&lexicon, scratch_path("flipped"), NULL);
        if (!status)
            status = lexicon_verify(&lexicon, NULL);
        assert_int_equal(status, PLENARY_EDAMAGED);
        lexicon_close(&lexicon);
    }
    free(data);
}

static void write_noise(struct sidecar_writer *file, uint32_t section, uint64_t count,
                        uint64_t most, uint64_t *random) {
    struct column_writer column;
    column_writer_init(&column);
    for (uint64_t i = 0; i < count; i++)
        column_add(&column, random_next(random) % most);
    assert_int_equal(column_write(&column, file, section, NULL), 0);
}

enum { NOISE_ROWS = 20 };

/* A lexicon of noise with right checksums. */
static void write_noise_lexicon(uint64_t *random) {
    struct sidecar_writer *file;
    struct column_writer begins;
    uint8_t data[80] = {NOISE_ROWS}, joined[3] = {0};
    for (size_t i = 8; i < sizeof data; i++)
        data[i] = (uint8_t)random_next(random);
    assert_int_equal(sidecar_create(&file, lexicon_path(), 'L', 2, NULL), 0);
    sidecar_begin(file, 1, NULL);
    sidecar_append(file, data, sizeof data, NULL);
    column_writer_init(&begins);
    column_add(&begins, 8);
    column_add(&begins, random_next(random) % 100);
    column_write(&begins, file, 2, NULL);
    for (uint32_t section = 3; section <= 5; section++)
        write_noise(file, section, NOISE_ROWS, NOISE_ROWS + 3, random);
    sidecar_begin(file, 6, NULL);
    sidecar_append(file, joined, sizeof joined, NULL);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);
}

static void test_rows_with_a_right_checksum_but_no_sense_are_errors(void **state) {
    (void)state;
    uint64_t random = random_seed();
    unsigned errors = 0;
    for (unsigned round = 0; round < 500; round++) {
        write_noise_lexicon(&random);
        struct lexicon lexicon;
        struct word_ids ids = {NULL, 0, 0};
        assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
        errors += lexicon_each(&lexicon, "", 0, ignore_row, NULL, NULL) == PLENARY_EDAMAGED;
        lexicon_each(&lexicon, "m", 1, ignore_row, NULL, NULL);
        lexicon_of_term(&lexicon, "m", 1, &ids, NULL);
        lexicon_of_word(&lexicon, "m", 1, &ids, NULL);
        lexicon_row_of_id(&lexicon, round % NOISE_ROWS, ignore_row, NULL, NULL);
        assert_int_equal(lexicon_verify(&lexicon, NULL), PLENARY_EDAMAGED);
        word_ids_free(&ids);
        lexicon_close(&lexicon);
        unlink(lexicon_path());
    }
    assert_true(errors > 400);
}

/* A lexicon of one-letter words, each its own term, with these columns. */
static void expect_verified(const uint64_t *ids, const uint64_t *of_ids, const uint64_t *by_term,
                            int expected) {
    enum { ROWS = 3 };
    const uint64_t *const columns[] = {ids, of_ids, by_term};
    /* Head (shared 0, further 1), the letter; head (dropped 0, further 0); one passage. */
    static const uint8_t data[] = {ROWS, 0, 0, 0,   0, 0, 0, 0,   1, 'a',
                                   0,    1, 1, 'b', 0, 1, 1, 'c', 0, 1};
    struct sidecar_writer *file;
    struct column_writer column;
    struct lexicon lexicon;
    assert_int_equal(sidecar_create(&file, lexicon_path(), 'L', 2, NULL), 0);
    sidecar_begin(file, 1, NULL);
    sidecar_append(file, data, sizeof data, NULL);
    column_writer_init(&column);
    column_add(&column, 8);
    column_write(&column, file, 2, NULL);
    for (uint32_t section = 3; section <= 5; section++) {
        column_writer_init(&column);
        for (size_t i = 0; i < ROWS; i++)
            column_add(&column, columns[section - 3][i]);
        column_write(&column, file, section, NULL);
    }
    sidecar_begin(file, 6, NULL);
    sidecar_append(file, "", 1, NULL);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);
    assert_int_equal(lexicon_open(&lexicon, lexicon_path(), NULL), 0);
    assert_int_equal(lexicon_verify(&lexicon, NULL), expected);
    lexicon_close(&lexicon);
}

static void test_verifying_compares_the_columns(void **state) {
    (void)state;
    static const uint64_t in_order[] = {0, 1, 2}, turned[] = {1, 2, 0}, back[] = {2, 0, 1},
                          twice[] = {0, 0, 2};
    expect_verified(in_order, in_order, in_order, 0);
    expect_verified(turned, back, in_order, 0);
    expect_verified(turned, turned, in_order, PLENARY_EDAMAGED);
    expect_verified(twice, in_order, in_order, PLENARY_EDAMAGED);
    expect_verified(in_order, in_order, turned, PLENARY_EDAMAGED);
    expect_verified(in_order, in_order, twice, PLENARY_EDAMAGED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_come_sorted_with_their_terms),
        cmocka_unit_test(test_one_word_may_have_rows_for_several_terms_and_as_a_joined_form),
        cmocka_unit_test(test_rows_that_are_equal_or_ids_with_gaps_are_refused),
        cmocka_unit_test(test_ids_are_found_by_word_and_by_term),
        cmocka_unit_test(test_joined_forms_are_told_by_id),
        cmocka_unit_test(test_an_id_leads_to_its_row),
        cmocka_unit_test(test_ids_are_what_a_scan_finds),
        cmocka_unit_test(test_an_empty_lexicon_has_no_words),
        cmocka_unit_test(test_a_callback_can_stop),
        cmocka_unit_test(test_every_prefix_finds_as_many_words_as_a_scan),
        cmocka_unit_test(test_leaps_pass_over_just_the_rows_before_them),
        cmocka_unit_test(test_any_flipped_byte_is_an_error),
        cmocka_unit_test(test_rows_with_a_right_checksum_but_no_sense_are_errors),
        cmocka_unit_test(test_verifying_compares_the_columns),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
