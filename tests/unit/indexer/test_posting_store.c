/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The in-memory postings of a segment: what is appended comes out again, in order. */
#include "indexer/posting_store.h"

#include "corpus/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t term(struct posting_store *store, const char *text) {
    return posting_store_term(store, "", text, strlen(text));
}

static void test_a_term_keeps_its_number(void **state) {
    (void)state;
    struct posting_store store;
    posting_store_init(&store);
    uint32_t port = term(&store, "port");
    assert_int_not_equal(port, term(&store, "ship"));
    assert_int_equal(port, term(&store, "port"));
    assert_int_not_equal(port, posting_store_term(&store, "S", "port", 4));
    assert_string_equal(store.terms[port].text, "port");
    posting_store_free(&store);
}

static void test_order_is_bytewise_and_a_prefix_comes_first(void **state) {
    (void)state;
    static const char *const texts[] = {"port", "por", "\xc3\xa9t\xc3\xa9", "ship", "Sport", "12"};
    static const char *const sorted[] = {"12", "Sport", "por", "port", "ship", "\xc3\xa9t\xc3\xa9"};
    struct posting_store store;
    posting_store_init(&store);
    for (size_t i = 0; i < 6; i++)
        term(&store, texts[i]);
    uint32_t *order = posting_store_order(&store);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(store.terms[order[i]].text, sorted[i]);
    free(order);
    posting_store_free(&store);
}

static void test_runs_are_joined_with_their_gaps(void **state) {
    (void)state;
    struct posting_store store;
    posting_store_init(&store);
    uint32_t port = term(&store, "port");
    const uint8_t first[] = {2, 0, 1};       /* wdf 2; next document, wdf 1 */
    const uint8_t second[] = {7, 4, 130, 1}; /* wdf 7; gap 5, wdf 130 */
    assert_int_equal(posting_store_append(&store, port, 1, 2, 2, 3, first, sizeof first), 0);
    assert_int_equal(posting_store_append(&store, port, 300, 305, 2, 137, second, sizeof second),
                     0);
    struct bytes run = BYTES_INIT;
    assert_int_equal(posting_store_run(&store, port, &run), 0);
    const uint8_t expected[] = {0, 2, 0, 1, 0xa9, 2, 7, 4, 130, 1};
    assert_int_equal(run.size, sizeof expected);
    assert_memory_equal(run.data, expected, sizeof expected);
    assert_int_equal(store.terms[port].documents, 4);
    assert_int_equal(store.terms[port].occurrences, 140);
    bytes_free(&run);
    posting_store_free(&store);
}

static void test_docids_must_rise(void **state) {
    (void)state;
    struct posting_store store;
    posting_store_init(&store);
    uint32_t port = term(&store, "port");
    const uint8_t run[] = {1};
    assert_int_equal(posting_store_append(&store, port, 5, 5, 1, 1, run, 1), 0);
    assert_int_equal(posting_store_append(&store, port, 5, 5, 1, 1, run, 1), PLENARY_EINVALID);
    assert_int_equal(posting_store_append(&store, port, 9, 8, 1, 1, run, 1), PLENARY_EINVALID);
    posting_store_free(&store);
}

static void test_many_terms_and_long_runs_survive_growth(void **state) {
    (void)state;
    enum { TERMS = 20000, ROUNDS = 40 };
    struct posting_store store;
    posting_store_init(&store);
    for (uint32_t round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < TERMS; i += round % 7 + 1) {
            char name[16];
            snprintf(name, sizeof name, "t%u", i);
            const uint8_t run[] = {(uint8_t)(round + 1)};
            assert_int_equal(posting_store_append(&store, term(&store, name), round + 1, round + 1,
                                                  1, round + 1, run, 1),
                             0);
        }
    assert_int_equal(store.term_count, TERMS);
    struct bytes out = BYTES_INIT;
    assert_int_equal(posting_store_run(&store, term(&store, "t0"), &out), 0);
    assert_int_equal(out.size, 2 * ROUNDS);
    for (uint32_t round = 0; round < ROUNDS; round++)
        assert_int_equal(out.data[2 * round + 1], round + 1);
    bytes_free(&out);
    posting_store_free(&store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_term_keeps_its_number),
        cmocka_unit_test(test_order_is_bytewise_and_a_prefix_comes_first),
        cmocka_unit_test(test_runs_are_joined_with_their_gaps),
        cmocka_unit_test(test_docids_must_rise),
        cmocka_unit_test(test_many_terms_and_long_runs_survive_growth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
