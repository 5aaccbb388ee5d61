/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "glass_reader.h"

struct example {
    uint64_t number;
    const char *bytes;
    size_t size;
};

static void uint_is_leb128(void **state) {
    (void)state;
    static const struct example examples[] = {
        {0, "\x00", 1},
        {127, "\x7f", 1},
        {128, "\x80\x01", 2},
        {300, "\xac\x02", 2},
        {UINT32_MAX, "\xff\xff\xff\xff\x0f", 5},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        uint8_t out[GLASS_UINT64_MAX_BYTES];
        size_t size = (size_t)(glass_pack_uint(out, examples[i].number) - out);
        assert_int_equal(size, examples[i].size);
        assert_int_equal(glass_uint_size(examples[i].number), size);
        assert_memory_equal(out, examples[i].bytes, size);
    }
}

static void uint_last_drops_high_zero_bytes(void **state) {
    (void)state;
    uint8_t out[8];
    assert_ptr_equal(glass_pack_uint_last(out, 0), out);
    assert_int_equal(glass_pack_uint_last(out, 0x010203) - out, 3);
    assert_memory_equal(out, "\x03\x02\x01", 3);
}

/* Lengths and bytes as Xapian writes them, at both sides of each change of length. */
static void sortable_uint_has_known_bytes(void **state) {
    (void)state;
    static const struct example examples[] = {
        {0, "\x00\x00", 2},
        {1, "\x00\x01", 2},
        {0x7fff, "\x7f\xff", 2},
        {0x8000, "\x80\x80\x00", 3},
        {0x3fffff, "\xbf\xff\xff", 3},
        {0x400000, "\xc0\x40\x00\x00", 4},
        {0x1fffffff, "\xdf\xff\xff\xff", 4},
        {0x20000000, "\xe0\x20\x00\x00\x00", 5},
        {UINT32_MAX, "\xe0\xff\xff\xff\xff", 5},
        {UINT64_MAX, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff", 9},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        uint8_t out[GLASS_SORTABLE_MAX_BYTES];
        size_t size = (size_t)(glass_pack_uint_sortable(out, examples[i].number) - out);
        assert_int_equal(size, examples[i].size);
        assert_memory_equal(out, examples[i].bytes, size);
    }
}

static void sortable_uints_sort_and_come_back(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    for (int i = 0; i < 100000; i++) {
        uint32_t a = (uint32_t)(random_next(&random) >> (32 + random_below(&random, 32)));
        uint32_t b = i % 4 ? (uint32_t)(random_next(&random) >> 40) : a + 1;
        uint8_t packed_a[GLASS_SORTABLE_MAX_BYTES] = {0}, packed_b[GLASS_SORTABLE_MAX_BYTES] = {0};
        uint8_t *end_a = glass_pack_uint_sortable(packed_a, a);
        glass_pack_uint_sortable(packed_b, b);
        int order = memcmp(packed_a, packed_b, sizeof packed_a);
        assert_int_equal((a > b) - (a < b), (order > 0) - (order < 0));
        const uint8_t *at = packed_a;
        uint32_t back;
        assert_true(glass_unpack_uint32_sortable(&at, end_a, &back));
        assert_int_equal(back, a);
        assert_ptr_equal(at, end_a);
        at = packed_a;
        assert_false(glass_unpack_uint32_sortable(&at, end_a - 1, &back));
    }
}

static void damaged_uints_are_refused(void **state) {
    (void)state;
    static const struct example damaged[] = {
        {0, "", 0},
        {0, "\x80", 1},
        {0, "\xff\xff\xff\xff", 4},
        {0, "\xff\xff\xff\xff\x10", 5}, /* 2^32 and more */
        {0, "\x80\x80\x80\x80\x80\x00", 6},
    };
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        const uint8_t *start = (const uint8_t *)damaged[i].bytes, *at = start;
        uint32_t value;
        assert_false(glass_unpack_uint32(&at, start + damaged[i].size, &value));
        assert_ptr_equal(at, start);
    }
    const uint8_t wide[] = {0xfe, 1, 2, 3, 4, 5, 6, 7, 8}, invalid[] = {0xff, 1, 2};
    const uint8_t *at = wide;
    uint32_t value;
    assert_false(glass_unpack_uint32_sortable(&at, wide + sizeof wide, &value));
    at = invalid;
    assert_false(glass_unpack_uint32_sortable(&at, invalid + sizeof invalid, &value));
}

static size_t random_string(struct random *random, uint8_t *out) {
    size_t size = random_below(random, 12);
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t[]){0, 0, 1, 'a', 0xfe, 0xff}[random_below(random, 6)];
    return size;
}

static int compare(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    if (order == 0)
        order = (a_size > b_size) - (a_size < b_size);
    return (order > 0) - (order < 0);
}

/* Also against the same string with a number behind it: chunks of a term stay together. */
static void sortable_strings_sort(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    for (int i = 0; i < 100000; i++) {
        uint8_t a[16], b[16], packed_a[64], packed_b[64];
        size_t a_size = random_string(&random, a), b_size = random_string(&random, b);
        bool last = i & 1;
        uint8_t *end_a = glass_pack_string_sortable(packed_a, a, a_size, last);
        uint8_t *end_b = glass_pack_string_sortable(packed_b, b, b_size, false);
        assert_int_equal(end_a - packed_a, glass_string_sortable_size(a, a_size, last));
        assert_int_equal(end_b - packed_b, glass_string_sortable_size(b, b_size, false));
        end_b = glass_pack_uint_sortable(end_b, random_next(&random) >> 32);
        int expected = compare(a, a_size, b, b_size);
        if (!last)
            end_a = glass_pack_uint_sortable(end_a, random_next(&random) >> 32);
        else if (expected == 0)
            expected = -1; /* the first chunk, before those with a number */
        if (expected != 0)
            assert_int_equal(
                compare(packed_a, (size_t)(end_a - packed_a), packed_b, (size_t)(end_b - packed_b)),
                expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uint_is_leb128),
        cmocka_unit_test(uint_last_drops_high_zero_bytes),
        cmocka_unit_test(sortable_uint_has_known_bytes),
        cmocka_unit_test(sortable_uints_sort_and_come_back),
        cmocka_unit_test(damaged_uints_are_refused),
        cmocka_unit_test(sortable_strings_sort),
    };
    return cmocka_run_group_tests_name("glass_pack", tests, NULL, NULL);
}
