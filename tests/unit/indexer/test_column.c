/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/segment/column.h"

enum { KIND = 'Z', SECTION = 4 };

typedef uint64_t (*value_fn)(uint64_t i, uint64_t *random);

/* Write `count` values and compare every one on both sides; returns the file's size. */
static size_t check_values(value_fn value, uint64_t count, uint64_t seed) {
    const char *path = scratch_path("column");
    uint64_t *values = calloc(count + 1, sizeof *values), random = seed;
    struct column_writer writer;
    struct sidecar_writer *file;
    column_writer_init(&writer);
    for (uint64_t i = 0; i < count; i++) {
        values[i] = value(i, &random);
        column_add(&writer, values[i]);
    }
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(column_added(&writer, i), values[i]);
    assert_int_equal(sidecar_create(&file, path, KIND, 1, NULL), 0);
    assert_int_equal(column_write(&writer, file, SECTION, NULL), 0);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);

    struct sidecar *sidecar;
    struct column column;
    assert_int_equal(sidecar_open(&sidecar, path, KIND, 1, NULL), 0);
    assert_int_equal(column_open_counted(&column, sidecar, SECTION, count, NULL), 0);
    assert_int_equal(column_open_counted(&column, sidecar, SECTION, count + 1, NULL),
                     PLENARY_EDAMAGED);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t found;
        assert_int_equal(column_get(&column, i, &found, NULL), 0);
        assert_int_equal(found, values[i]);
    }
    uint64_t none;
    assert_int_equal(column_get(&column, count, &none, NULL), PLENARY_EINVALID);
    assert_int_equal(column_get(&column, UINT64_MAX, &none, NULL), PLENARY_EINVALID);
    sidecar_close(sidecar);
    free(values);
    size_t size;
    free(scratch_read(path, &size));
    return size;
}

static uint64_t constant(uint64_t i, uint64_t *random) {
    (void)i;
    (void)random;
    return 42;
}
static uint64_t rising(uint64_t i, uint64_t *random) {
    (void)random;
    return 1000 + 7 * i;
}
static uint64_t falling(uint64_t i, uint64_t *random) {
    (void)random;
    return 5 - 3 * i; /* through zero into what is negative as int64_t */
}
static uint64_t nearly_rising(uint64_t i, uint64_t *random) {
    return 100 * i + random_next(random) % 64;
}
static uint64_t anything(uint64_t i, uint64_t *random) {
    (void)i;
    return random_next(random);
}
static uint64_t any_width(uint64_t i, uint64_t *random) {
    uint64_t value = random_next(random);
    unsigned width = i / COLUMN_BLOCK % 65;
    return width ? value >> (64 - width) : 0;
}
static uint64_t extremes(uint64_t i, uint64_t *random) {
    static const uint64_t values[] = {0, UINT64_MAX, INT64_MAX, (uint64_t)INT64_MIN, 1};
    (void)i;
    return values[random_next(random) % 5];
}
static uint64_t mostly_none(uint64_t i, uint64_t *random) {
    (void)random;
    return i % 5000 == 4999 ? i : 0;
}

static void test_values_come_back_whatever_they_are(void **state) {
    (void)state;
    static const value_fn kinds[] = {constant, rising,    falling,  nearly_rising,
                                     anything, any_width, extremes, mostly_none};
    static const uint64_t counts[] = {0, 1, 2, 127, 128, 129, 256, 1000, 65 * 128 + 5};
    uint64_t seed = random_seed();
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            check_values(kinds[kind], counts[i], seed);
    }
}

static void test_lines_cost_nothing(void **state) {
    (void)state;
    assert_true(check_values(constant, 100000, 1) < 200);
    assert_true(check_values(rising, 100000, 1) < 200);
    assert_true(check_values(falling, 100000, 1) < 200);
}

static void test_columns_that_are_nearly_constant_cost_next_to_nothing(void **state) {
    (void)state;
    assert_true(check_values(mostly_none, 100000, 1) < 10000);
}

static void test_the_distance_from_a_line_is_what_costs(void **state) {
    (void)state;
    /* 6 or 7 bits of noise each, and a header of about a dozen bytes for 128 values. */
    assert_true(check_values(nearly_rising, 100000, 1) < 100000 * 7 / 8 + 100000 / 128 * 16);
}

static void test_bytes_with_a_right_checksum_but_no_sense_are_errors(void **state) {
    (void)state;
    uint64_t random = random_seed();
    for (unsigned round = 0; round < 1000; round++) {
        const char *path = scratch_path("nonsense");
        struct sidecar_writer *file;
        uint8_t data[160];
        for (size_t i = 0; i < sizeof data; i++)
            data[i] = (uint8_t)random_next(&random);
        /* A plausible header half of the time: 300 values in 3 blocks. */
        if (round % 2) {
            memset(data, 0, 16);
            data[0] = 300 & 255;
            data[1] = 300 >> 8;
            data[12] = 3;
            for (unsigned i = 16; i < 28; i++)
                data[i] = i % 4 ? 0 : data[i] % 160;
        }
        assert_int_equal(sidecar_create(&file, path, KIND, 1, NULL), 0);
        sidecar_begin(file, SECTION, NULL);
        sidecar_append(file, data, random_next(&random) % sizeof data, NULL);
        assert_int_equal(sidecar_finish(file, NULL), 0);
        sidecar_writer_close(file);
        struct sidecar *sidecar;
        struct column column;
        uint64_t value;
        assert_int_equal(sidecar_open(&sidecar, path, KIND, 1, NULL), 0);
        if (!column_open(&column, sidecar, SECTION, NULL)) {
            for (uint64_t i = 0; i < 310; i++)
                column_get(&column, i, &value, NULL); /* the sanitizer is the judge */
        }
        sidecar_close(sidecar);
        unlink(path);
    }
}

static void test_zigzag_turns_back(void **state) {
    (void)state;
    static const int64_t values[] = {0, -1, 1, INT64_MAX, INT64_MIN, 123456789, -987654321};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_true(unzigzag(zigzag(values[i])) == values[i]);
    assert_int_equal(zigzag(-1), 1);
    assert_int_equal(zigzag(1), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_back_whatever_they_are),
        cmocka_unit_test(test_lines_cost_nothing),
        cmocka_unit_test(test_columns_that_are_nearly_constant_cost_next_to_nothing),
        cmocka_unit_test(test_the_distance_from_a_line_is_what_costs),
        cmocka_unit_test(test_bytes_with_a_right_checksum_but_no_sense_are_errors),
        cmocka_unit_test(test_zigzag_turns_back),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
