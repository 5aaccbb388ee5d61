/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"
#include "tests/unit/rounds.h"

#include "indexer/segment/strings.h"

enum { KIND = 'Z', LIST = 1, ORDER = 3, TABLE = 10 };

/* A list of strings on disk, with its order. */
struct fixture {
    struct sidecar *sidecar;
    struct string_list list;
    struct column order;
    size_t size; /* of the file */
};

static void open_list(struct fixture *fixture, const char *const *strings, size_t count) {
    const char *path = scratch_path("strings");
    struct string_list_writer writer;
    struct sidecar_writer *file;
    uint64_t *hashes = calloc(count + 1, sizeof *hashes);
    string_list_writer_init(&writer);
    for (size_t i = 0; i < count; i++) {
        string_list_add(&writer, strings[i], strlen(strings[i]));
        hashes[i] = string_hash(strings[i], strlen(strings[i]));
    }
    for (size_t i = 0; i < count; i++) {
        size_t size;
        assert_string_equal(string_list_added(&writer, i, &size), strings[i]);
        assert_int_equal(size, strlen(strings[i]));
    }
    assert_int_equal(sidecar_create(&file, path, KIND, 1, NULL), 0);
    assert_int_equal(string_list_write(&writer, file, LIST, NULL), 0);
    assert_int_equal(string_order_write(hashes, count, file, ORDER, NULL), 0);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);
    free(hashes);
    assert_int_equal(sidecar_open(&fixture->sidecar, path, KIND, 1, NULL), 0);
    assert_int_equal(string_list_open(&fixture->list, fixture->sidecar, LIST, NULL), 0);
    assert_int_equal(column_open_counted(&fixture->order, fixture->sidecar, ORDER, count, NULL), 0);
    fixture->size = fixture->sidecar->size;
}

static void expect_strings(const struct fixture *fixture, const char *const *strings,
                           size_t count) {
    struct arena arena = ARENA_INIT;
    const char *found;
    assert_int_equal(fixture->list.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(string_list_copy(&fixture->list, i, &arena, &found, NULL), 0);
        assert_string_equal(found, strings[i]);
    }
    assert_int_equal(string_list_copy(&fixture->list, count, &arena, &found, NULL),
                     PLENARY_EINVALID);
    arena_free(&arena);
}

/* Front to back, in leaps of each size: what lies between is counted over where it can be. */
static void expect_scanned(const struct fixture *fixture, const char *const *strings,
                           size_t count) {
    for (size_t leap = 1; leap < 80; leap += 1 + leap / 8) {
        struct string_scan scan = {.list = &fixture->list};
        for (size_t i = leap - 1; i < count; i += leap) {
            assert_int_equal(string_scan_get(&scan, i, NULL), 0);
            assert_string_equal(bytes_string(&scan.string), strings[i]);
        }
        string_scan_free(&scan);
    }
}

static void check_list(const char *const *strings, size_t count) {
    struct fixture fixture;
    open_list(&fixture, strings, count);
    expect_strings(&fixture, strings, count);
    expect_scanned(&fixture, strings, count);
    sidecar_close(fixture.sidecar);
}

static void test_strings_of_every_shape_come_back(void **state) {
    (void)state;
    static const char *const strings[] = {
        "",
        "",
        "a",
        "ab",
        "abc",
        "abc",
        "b",
        "thirteen bytes",
        "fourteen bytes",
        "exactly14bytes",
        "exactly14bytes, and fifteen",
        "a long one that shares nothing with those before it at all",
        "a long one that shares nothing with those before it at all, but that",
        "\xe2\x82\xac",
        "",
        "last of a block",
        "first of the next",
        "x"};
    check_list(strings, sizeof strings / sizeof *strings);
    check_list(strings, 0);
    check_list(strings, 1);
    check_list(strings, 16);
    check_list(strings, 17);
}

static void test_strings_that_count_up_come_back(void **state) {
    (void)state;
    static const char *const strings[] = {"8",
                                          "9",
                                          "10",
                                          "11",
                                          "27",
                                          "28",
                                          "99",
                                          "100",
                                          "0100",
                                          "0101",
                                          "099",
                                          "0100",
                                          "s:0099",
                                          "s:0100",
                                          "s:9999",
                                          "s:10000",
                                          "s:10000",
                                          "s:9999",
                                          "t9",
                                          "t010",
                                          "t9x",
                                          "t10x",
                                          "999",
                                          "1000",
                                          "999999999999999999",
                                          "1000000000000000000",
                                          "1000000000000000001",
                                          "12345678901234567890123",
                                          "12345678901234567890124",
                                          "9999999999999999999999",
                                          "10000000000000000000000",
                                          "a",
                                          "1",
                                          "a1",
                                          "a2",
                                          "b3"};
    check_list(strings, sizeof strings / sizeof *strings);
    check_list(strings + 1, sizeof strings / sizeof *strings - 1);
    check_list(strings + 7, sizeof strings / sizeof *strings - 7);
}

static void test_ids_that_count_up_cost_about_a_byte(void **state) {
    (void)state;
    enum { COUNT = 10000 };
    static char text[COUNT][48];
    static const char *strings[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text[i], sizeof text[i], "records/2018/assembly-%zu:%zu", i / 500, i % 500);
        strings[i] = text[i];
    }
    struct fixture fixture;
    open_list(&fixture, strings, COUNT);
    /* A block of 64 has one whole string of about 27 bytes; the order takes 14 bits a string. */
    assert_true(fixture.size < COUNT * (1 + 27.0 / 64 + 14.0 / 8 + 0.6));
    sidecar_close(fixture.sidecar);
}

static char *random_string(uint64_t *random) {
    static const char alphabet[] = "ab01239/";
    size_t size = random_next(random) % 40;
    char *string = malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        string[i] = alphabet[random_next(random) % 8];
    string[size] = '\0';
    return string;
}

static void test_random_strings_come_back_and_are_found(void **state) {
    (void)state;
    enum { COUNT = 3000 };
    uint64_t random = random_seed(), ordinal;
    static char *strings[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        strings[i] = random_string(&random);
    struct fixture fixture;
    open_list(&fixture, (const char *const *)strings, COUNT);
    expect_strings(&fixture, (const char *const *)strings, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        size_t last = i;
        for (size_t k = i; k < COUNT; k++)
            last = strcmp(strings[k], strings[i]) ? last : k;
        assert_int_equal(string_find(&fixture.list, &fixture.order, strings[i], strlen(strings[i]),
                                     &ordinal, NULL),
                         1);
        assert_int_equal(ordinal, last);
    }
    assert_int_equal(string_find(&fixture.list, &fixture.order, "missing", 7, &ordinal, NULL), 0);
    sidecar_close(fixture.sidecar);
    for (size_t i = 0; i < COUNT; i++)
        free(strings[i]);
}

static void test_nothing_is_found_in_an_empty_list(void **state) {
    (void)state;
    struct fixture fixture;
    uint64_t ordinal;
    open_list(&fixture, NULL, 0);
    assert_int_equal(string_find(&fixture.list, &fixture.order, "a", 1, &ordinal, NULL), 0);
    sidecar_close(fixture.sidecar);
}

/* ---- Tables --------------------------------------------------------------------------------- */

static void check_table(const char *const *rows, size_t count, size_t distinct) {
    const char *path = scratch_path("table");
    struct string_table_writer writer;
    struct sidecar_writer *file;
    string_table_writer_init(&writer);
    for (size_t i = 0; i < count; i++)
        string_table_add(&writer, rows[i]);
    for (size_t i = 0; i < count; i++) {
        const char *added = string_table_added(&writer, i);
        if (rows[i])
            assert_string_equal(added, rows[i]);
        else
            assert_null(added);
    }
    assert_int_equal(sidecar_create(&file, path, KIND, 1, NULL), 0);
    assert_int_equal(string_table_write(&writer, file, TABLE, NULL), 0);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);

    struct sidecar *sidecar;
    struct string_table table;
    struct arena arena = ARENA_INIT;
    assert_int_equal(sidecar_open(&sidecar, path, KIND, 1, NULL), 0);
    assert_int_equal(string_table_open(&table, sidecar, TABLE, count, NULL), 0);
    assert_int_equal(table.list.count, distinct);
    for (size_t i = 0; i < count; i++) {
        const char *found;
        assert_int_equal(string_table_get(&table, i, &arena, &found, NULL), 0);
        if (rows[i])
            assert_string_equal(found, rows[i]);
        else
            assert_null(found);
    }
    arena_free(&arena);
    sidecar_close(sidecar);
}

static void test_a_table_keeps_each_string_once_and_tells_none_from_empty(void **state) {
    (void)state;
    static const char *const rows[] = {"Ms Adeyemi", "Ms Adeyemi", NULL,        "",  "Mr Okafor",
                                       "Ms Adeyemi", "",           "Mr Okafor", NULL};
    check_table(rows, sizeof rows / sizeof *rows, 3);
    check_table(rows, 0, 0);
}

static void test_a_table_of_many_strings_comes_back(void **state) {
    (void)state;
    enum { COUNT = 2000 };
    static char text[COUNT][24];
    static const char *rows[COUNT * 2];
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(text[i], sizeof text[i], "title %zu", i * 7919 % COUNT);
        rows[i] = text[i];
        rows[COUNT * 2 - 1 - i] = text[i];
    }
    check_table(rows, COUNT * 2, COUNT);
}

static void test_adding_goes_on_after_looking_back(void **state) {
    (void)state;
    struct string_table_writer writer;
    string_table_writer_init(&writer);
    string_table_add(&writer, "one");
    string_table_add(&writer, NULL);
    string_table_add(&writer, "two");
    assert_string_equal(string_table_added(&writer, 0), "one");
    string_table_add(&writer, "two");
    assert_null(string_table_added(&writer, 1));
    string_table_add(&writer, "one");
    assert_string_equal(string_table_added(&writer, 3), "two");
    assert_string_equal(string_table_added(&writer, 4), "one");
    assert_int_equal(writer.list.count, 2);
    string_table_writer_free(&writer);
}

static void test_bytes_with_a_right_checksum_but_no_sense_are_errors(void **state) {
    (void)state;
    uint64_t random = random_seed();
    struct bytes out = BYTES_INIT;
    for (unsigned round = 0; round < rounds(1000); round++) {
        const char *path = scratch_path("nonsense");
        struct sidecar_writer *file;
        struct column_writer begins;
        uint8_t data[100] = {80}; /* strings, in two blocks */
        for (size_t i = 8; i < sizeof data; i++)
            data[i] = (uint8_t)random_next(&random);
        assert_int_equal(sidecar_create(&file, path, KIND, 1, NULL), 0);
        sidecar_begin(file, LIST, NULL);
        sidecar_append(file, data, sizeof data, NULL);
        column_writer_init(&begins);
        column_add(&begins, random_next(&random) % 50);
        column_add(&begins, random_next(&random) % 120);
        column_write(&begins, file, LIST + 1, NULL);
        assert_int_equal(sidecar_finish(file, NULL), 0);
        sidecar_writer_close(file);
        struct sidecar *sidecar;
        struct string_list list;
        assert_int_equal(sidecar_open(&sidecar, path, KIND, 1, NULL), 0);
        assert_int_equal(string_list_open(&list, sidecar, LIST, NULL), 0);
        for (uint64_t i = 0; i < 80; i++)
            string_list_get(&list, i, &out, NULL); /* the sanitizer is the judge */
        struct string_scan scan = {.list = &list};
        for (uint64_t i = 0; i < 80; i += 1 + i / 9)
            string_scan_get(&scan, i, NULL);
        string_scan_free(&scan);
        sidecar_close(sidecar);
        unlink(path);
    }
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_of_every_shape_come_back),
        cmocka_unit_test(test_strings_that_count_up_come_back),
        cmocka_unit_test(test_ids_that_count_up_cost_about_a_byte),
        cmocka_unit_test(test_random_strings_come_back_and_are_found),
        cmocka_unit_test(test_nothing_is_found_in_an_empty_list),
        cmocka_unit_test(test_a_table_keeps_each_string_once_and_tells_none_from_empty),
        cmocka_unit_test(test_a_table_of_many_strings_comes_back),
        cmocka_unit_test(test_adding_goes_on_after_looking_back),
        cmocka_unit_test(test_bytes_with_a_right_checksum_but_no_sense_are_errors),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
