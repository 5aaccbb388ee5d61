/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/charset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct decoded decode(const char *data, size_t size) {
    struct decoded decoded;
    struct error err;
    assert_int_equal(charset_decode(&decoded, (const uint8_t *)data, size, &err), 0);
    return decoded;
}

#define DECODE(literal) decode(literal, sizeof(literal) - 1)

static void expect_text(struct decoded *decoded, enum charset charset, const char *text) {
    assert_int_equal(decoded->charset, charset);
    assert_int_equal(decoded->size, strlen(text));
    assert_memory_equal(decoded->text, text, decoded->size);
    decoded_free(decoded);
}

static void test_clean_utf8_is_not_copied(void **state) {
    (void)state;
    static const char data[] = "S\xC3\xA3o Tom\xC3\xA9";
    struct decoded decoded = DECODE(data);
    assert_ptr_equal(decoded.text, data);
    assert_int_equal(decoded.replaced, 0);
    assert_int_equal(decoded_source_offset(&decoded, 3), 3);
    expect_text(&decoded, CHARSET_UTF8, data);
}

static void test_utf8_mark_is_no_text_but_counts_in_offsets(void **state) {
    (void)state;
    struct decoded decoded = DECODE("\xEF\xBB\xBFMinutes");
    assert_int_equal(decoded_source_offset(&decoded, 0), 3);
    assert_int_equal(decoded_source_offset(&decoded, decoded.size), 10);
    expect_text(&decoded, CHARSET_UTF8, "Minutes");
}

static void test_utf16_is_told_by_its_mark(void **state) {
    (void)state;
    struct decoded little = DECODE("\xFF\xFEG\0\xFC\0");
    struct decoded big = DECODE("\xFE\xFF\0G\0\xFC");
    expect_text(&little, CHARSET_UTF16LE, "G\xC3\xBC");
    expect_text(&big, CHARSET_UTF16BE, "G\xC3\xBC");
}

static void test_utf16_without_mark_is_told_by_its_nuls(void **state) {
    (void)state;
    struct decoded little = DECODE("T\0h\0e\0 \0c\0h\0a\0i\0r\0");
    struct decoded big = DECODE("\0T\0h\0e\0 \0c\0h\0a\0i\0r");
    expect_text(&little, CHARSET_UTF16LE, "The chair");
    expect_text(&big, CHARSET_UTF16BE, "The chair");
}

static void test_surrogates_pair_up_and_lone_ones_are_replaced(void **state) {
    (void)state;
    struct decoded decoded = DECODE("\xFF\xFE\x3D\xD8\x00\xDE"
                                    "A\0\x00\xDE");
    assert_int_equal(decoded.replaced, 2);
    expect_text(&decoded, CHARSET_UTF16LE,
                "\xF0\x9F\x98\x80"
                "A\xEF\xBF\xBD");
}

static void test_file_with_no_valid_sequence_is_windows_1252(void **state) {
    (void)state;
    struct decoded decoded = DECODE("Pr\xE4sident \x96 90 \x80");
    assert_int_equal(decoded.replaced, 0);
    expect_text(&decoded, CHARSET_WINDOWS1252, "Pr\xC3\xA4sident \xE2\x80\x93 90 \xE2\x82\xAC");
}

static void test_few_bad_bytes_do_not_make_a_file_windows_1252(void **state) {
    (void)state;
    struct decoded decoded = DECODE("caf\xC3\xA9 th\xC3\xA9 \xFF na\xC3\xAFve");
    assert_int_equal(decoded.replaced, 1);
    expect_text(&decoded, CHARSET_UTF8, "caf\xC3\xA9 th\xC3\xA9 \xEF\xBF\xBD na\xC3\xAFve");
}

static void test_overlong_forms_and_surrogates_are_not_utf8(void **state) {
    (void)state;
    struct decoded decoded = DECODE("\xEF\xBB\xBF"
                                    "a\xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80");
    assert_int_equal(decoded.replaced, 9);
    assert_null(memchr(decoded.text, '/', decoded.size));
    decoded_free(&decoded);
}

static void test_cut_sequence_is_one_replacement_of_its_bytes(void **state) {
    (void)state;
    struct decoded decoded = DECODE("\xEF\xBB\xBFok \xE2\x80");
    assert_int_equal(decoded.replaced, 2);
    expect_text(&decoded, CHARSET_UTF8, "ok \xEF\xBF\xBD");
}

static void test_undefined_bytes_of_windows_1252_are_replaced(void **state) {
    (void)state;
    struct decoded decoded = DECODE("\xE9\xE8 \x81");
    assert_int_equal(decoded.replaced, 1);
    expect_text(&decoded, CHARSET_WINDOWS1252, "\xC3\xA9\xC3\xA8 \xEF\xBF\xBD");
}

static void test_offsets_find_their_way_back_across_checkpoints(void **state) {
    (void)state;
    enum { SIZE = 20000 };
    char *data = malloc(SIZE);
    assert_non_null(data);
    for (size_t i = 0; i < SIZE; i++)
        data[i] = i % 3 ? 'a' : (char)0xE9; /* two bytes of UTF-8 for every third */
    struct decoded decoded = decode(data, SIZE);
    assert_int_equal(decoded.charset, CHARSET_WINDOWS1252);
    for (size_t source = 0, text = 0; source < SIZE; source++) {
        assert_int_equal(decoded_source_offset(&decoded, text), source);
        text += source % 3 ? 1 : 2;
    }
    assert_int_equal(decoded_source_offset(&decoded, decoded.size), SIZE);
    decoded_free(&decoded);
    free(data);
}

static void test_empty_input_is_empty_text(void **state) {
    (void)state;
    struct decoded decoded = decode("", 0);
    assert_int_equal(decoded_source_offset(&decoded, 0), 0);
    expect_text(&decoded, CHARSET_UTF8, "");
    assert_false(charset_is_binary((const uint8_t *)"", 0));
}

static bool is_binary(const char *data, size_t size) {
    return charset_is_binary((const uint8_t *)data, size);
}

static void test_magics_nuls_and_control_bytes_are_binary(void **state) {
    (void)state;
    assert_true(is_binary("%PDF-1.7 and text behind it", 27));
    assert_true(is_binary("PK\x03\x04 zip", 8));
    assert_true(is_binary("\x1F\x8B\x08 gzip", 8));
    assert_true(is_binary("\x7F"
                          "ELF etc",
                          8));
    assert_true(is_binary("te\0xt with a NUL", 16));
    assert_true(is_binary("\1\2\3\4 text \5\6", 12));
}

static void test_text_in_any_encoding_is_not_binary(void **state) {
    (void)state;
    assert_false(is_binary("The meeting\twas\r\nopened\f.", 25));
    assert_false(is_binary("T\0h\0e\0 \0c\0h\0a\0i\0r\0", 18));
    assert_false(is_binary("Pr\xE4sident", 9));
}

/* Whatever the bytes, the result is valid UTF-8 and offsets ascend within the source. */
static void test_any_bytes_become_valid_utf8(void **state) {
    (void)state;
    unsigned seed = 20180806;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 300; round++) {
        uint8_t data[257];
        size_t size = (size_t)rand() % sizeof data;
        for (size_t i = 0; i < size; i++)
            data[i] = (uint8_t)(rand() % 4 ? rand() % 128 : rand());
        struct decoded decoded, again;
        assert_int_equal(charset_decode(&decoded, data, size, NULL), 0);
        assert_int_equal(charset_decode(&again, (const uint8_t *)decoded.text, decoded.size, NULL),
                         0);
        if (again.charset == CHARSET_UTF8)
            assert_int_equal(again.replaced, 0);
        size_t before = 0;
        for (size_t i = 0; i <= decoded.size; i++) {
            size_t source = decoded_source_offset(&decoded, i);
            assert_true(source >= before && source <= size);
            before = source;
        }
        decoded_free(&again);
        decoded_free(&decoded);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_utf8_is_not_copied),
        cmocka_unit_test(test_utf8_mark_is_no_text_but_counts_in_offsets),
        cmocka_unit_test(test_utf16_is_told_by_its_mark),
        cmocka_unit_test(test_utf16_without_mark_is_told_by_its_nuls),
        cmocka_unit_test(test_surrogates_pair_up_and_lone_ones_are_replaced),
        cmocka_unit_test(test_file_with_no_valid_sequence_is_windows_1252),
        cmocka_unit_test(test_few_bad_bytes_do_not_make_a_file_windows_1252),
        cmocka_unit_test(test_overlong_forms_and_surrogates_are_not_utf8),
        cmocka_unit_test(test_cut_sequence_is_one_replacement_of_its_bytes),
        cmocka_unit_test(test_undefined_bytes_of_windows_1252_are_replaced),
        cmocka_unit_test(test_offsets_find_their_way_back_across_checkpoints),
        cmocka_unit_test(test_empty_input_is_empty_text),
        cmocka_unit_test(test_magics_nuls_and_control_bytes_are_binary),
        cmocka_unit_test(test_text_in_any_encoding_is_not_binary),
        cmocka_unit_test(test_any_bytes_become_valid_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
