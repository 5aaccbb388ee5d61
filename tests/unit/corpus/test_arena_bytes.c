/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/arena.h"
#include "corpus/bytes.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void an_arena_aligns_and_zeroes(void **state) {
    (void)state;
    struct arena arena = ARENA_INIT;
    for (int i = 1; i < 200; i++) {
        arena_text(&arena, "x", 1);
        unsigned char *memory = arena_zero(&arena, (size_t)i, 7);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (int j = 0; j < i * 7; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, 0xAA, (size_t)i * 7);
    }
    arena_free(&arena);
    assert_int_equal(arena.total, 0);
}

static void strings_of_an_arena_stay_where_they_are(void **state) {
    (void)state;
    struct arena arena = ARENA_INIT;
    const char *strings[3000];
    for (int i = 0; i < 3000; i++) {
        char text[64];
        int size = snprintf(text, sizeof text, "string number %d", i);
        strings[i] = arena_text(&arena, text, (size_t)size);
    }
    for (int i = 0; i < 3000; i++)
        assert_int_equal(atoi(strings[i] + strlen("string number ")), i);
    assert_null(arena_string(&arena, NULL));
    arena_free(&arena);
}

static void an_arena_refuses_impossible_sizes(void **state) {
    (void)state;
    struct arena arena = ARENA_INIT;
    assert_null(arena_zero(&arena, SIZE_MAX / 2, 3));
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_text(&arena, "", SIZE_MAX));
    assert_non_null(arena_alloc(&arena, 10));
    arena_free(&arena);
}

static void a_reset_arena_keeps_one_block(void **state) {
    (void)state;
    struct arena arena = ARENA_INIT;
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(&arena, 10000));
    assert_non_null(arena_alloc(&arena, 1000000));
    size_t before = arena.total;
    arena_reset(&arena);
    assert_true(arena.total > 0 && arena.total < before / 10);
    size_t kept = arena.total;
    assert_non_null(arena_alloc(&arena, 10000));
    assert_int_equal(arena.total, kept);
    arena_free(&arena);
}

static void bytes_grow_and_end_in_a_nul_on_request(void **state) {
    (void)state;
    struct bytes bytes = BYTES_INIT;
    for (int i = 0; i < 1000; i++)
        bytes_printf(&bytes, "%d,", i);
    bytes_add_byte(&bytes, '!');
    const char *text = bytes_string(&bytes);
    assert_int_equal(strlen(text), bytes.size);
    assert_memory_equal(text, "0,1,2,", 6);
    assert_memory_equal(text + bytes.size - 5, "999,!", 5);
    bytes_free(&bytes);
}

static void a_failure_sticks_until_reset(void **state) {
    (void)state;
    struct bytes bytes = BYTES_INIT;
    bytes.limit = 100;
    char block[200] = {0};
    bytes_add(&bytes, block, 50);
    bytes_add(&bytes, block, sizeof block);
    assert_true(bytes.failed);
    bytes_add(&bytes, block, 1);
    assert_int_equal(bytes.size, 50);
    assert_null(bytes_string(&bytes));
    bytes_reset(&bytes);
    bytes_add(&bytes, block, 1);
    assert_false(bytes.failed);
    assert_int_equal(bytes.size, 1);
    bytes_free(&bytes);
    assert_int_equal(bytes.limit, 100);
}

static void huge_reservations_fail_without_overflow(void **state) {
    (void)state;
    struct bytes bytes = BYTES_INIT;
    bytes_add(&bytes, "abc", 3);
    assert_false(bytes_reserve(&bytes, SIZE_MAX));
    assert_true(bytes.failed);
    bytes_free(&bytes);
}

static void a_limit_holds_below_the_capacity_too(void **state) {
    (void)state;
    struct bytes bytes = BYTES_INIT;
    bytes_add(&bytes, "0123456789", 10); /* the capacity is now larger than the limit to come */
    assert_true(bytes.capacity > 12);
    bytes.limit = 12;
    bytes_add(&bytes, "ab", 2);
    assert_int_equal(bytes.size, 12);
    assert_false(bytes.failed);
    assert_string_equal(bytes_string(&bytes), "0123456789ab"); /* the NUL does not count */
    bytes_add_byte(&bytes, 'c');
    assert_true(bytes.failed);
    assert_int_equal(bytes.size, 12);
    bytes_free(&bytes);
}

static void every_way_of_writing_keeps_the_limit(void **state) {
    (void)state;
    struct bytes bytes = {.limit = 4};
    bytes_printf(&bytes, "%d", 1234);
    assert_false(bytes.failed);
    bytes_printf(&bytes, "%d", 5);
    assert_true(bytes.failed);
    bytes_reset(&bytes);
    bytes_add_varint(&bytes, 1u << 20);
    assert_false(bytes.failed); /* three bytes, though ten might have been needed */
    bytes_add_varint(&bytes, 1u << 20);
    assert_true(bytes.failed);
    assert_int_equal(bytes.size, 3);
    bytes_reset(&bytes);
    assert_false(bytes_reserve(&bytes, 5));
    bytes_free(&bytes);
}

static void varints_come_back(void **state) {
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    struct bytes bytes = BYTES_INIT;
    uint64_t values[2000] = {0, 127, 128, 16383, 16384, UINT64_MAX, UINT64_MAX / 2 + 1};
    for (size_t i = 7; i < 2000; i++)
        values[i] =
            ((uint64_t)rand() << 42 ^ (uint64_t)rand() << 21 ^ (uint64_t)rand()) >> (rand() % 64);
    for (size_t i = 0; i < 2000; i++)
        bytes_add_varint(&bytes, values[i]);
    const uint8_t *at = bytes.data, *end = at + bytes.size;
    for (size_t i = 0; i < 2000; i++) {
        uint64_t value;
        assert_true(varint_read(&at, end, &value));
        assert_true(value == values[i]);
    }
    assert_ptr_equal(at, end);
    bytes_free(&bytes);
}

static void broken_varints_are_refused(void **state) {
    (void)state;
    static const uint8_t cut[] = {0x80, 0x80},
                         wide[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02},
                         endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                      0x80, 0x80, 0x80, 0x80, 0x80, 0x01};
    uint64_t value;
    const uint8_t *at = cut;
    assert_false(varint_read(&at, cut + sizeof cut, &value));
    assert_ptr_equal(at, cut);
    assert_false(varint_read(&at, cut, &value));
    at = wide;
    assert_false(varint_read(&at, wide + sizeof wide, &value));
    at = endless;
    assert_false(varint_read(&at, endless + sizeof endless, &value));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_aligns_and_zeroes),
        cmocka_unit_test(strings_of_an_arena_stay_where_they_are),
        cmocka_unit_test(an_arena_refuses_impossible_sizes),
        cmocka_unit_test(a_reset_arena_keeps_one_block),
        cmocka_unit_test(bytes_grow_and_end_in_a_nul_on_request),
        cmocka_unit_test(a_failure_sticks_until_reset),
        cmocka_unit_test(huge_reservations_fail_without_overflow),
        cmocka_unit_test(a_limit_holds_below_the_capacity_too),
        cmocka_unit_test(every_way_of_writing_keeps_the_limit),
        cmocka_unit_test(varints_come_back),
        cmocka_unit_test(broken_varints_are_refused),
    };
    return cmocka_run_group_tests_name("arena and bytes", tests, NULL, NULL);
}
