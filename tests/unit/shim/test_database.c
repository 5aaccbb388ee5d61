/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be read without a search: statistics, terms and postings, of one segment and of several.
 */
#include "fixture.h"

static const struct text first[] = {
    {1, "peace and security"}, {4, "peace peace budget"}, {9, "climate"}};
static const struct text second[] = {{2, "peace security council"}, {3, "climatology"}};

static struct shim_database *open_both(struct fixture *fixture) {
    write_texts(fixture->path[0], first, COUNT(first));
    write_texts(fixture->path[1], second, COUNT(second));
    return open_many(fixture, 2);
}

static void test_statistics_are_of_all_segments(void **state) {
    struct shim_database *database = open_both(*state);
    struct shim_statistics statistics;
    assert_reads(database, shim_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 5);
    assert_int_equal(statistics.total_length, 3 + 3 + 1 + 3 + 1);
    assert_true(statistics.average_length == 11.0 / 5.0);
    shim_database_close(database);
}

static void test_term_statistics_are_of_all_segments(void **state) {
    struct shim_database *database = open_both(*state);
    uint64_t documents, occurrences;
    assert_reads(database, shim_term_statistics(database, "peace", 5, &documents, &occurrences));
    assert_int_equal(documents, 3);
    assert_int_equal(occurrences, 4);
    assert_reads(database, shim_term_statistics(database, "war", 3, &documents, &occurrences));
    assert_int_equal(documents, 0);
    assert_int_equal(occurrences, 0);
    char huge[1000];
    memset(huge, 'w', sizeof huge);
    assert_reads(database,
                 shim_term_statistics(database, huge, sizeof huge, &documents, &occurrences));
    assert_int_equal(documents, 0);
    assert_int_equal(shim_term_statistics(database, "", 0, &documents, &occurrences),
                     SHIM_EINVALID);
    shim_database_close(database);
}

static void test_no_paths_are_an_empty_database(void **state) {
    struct shim_database *database;
    struct shim_statistics statistics;
    uint64_t documents, occurrences;
    (void)state;
    assert_reads(database, shim_database_open(&database, NULL, 0));
    assert_reads(database, shim_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 0);
    assert_true(statistics.average_length == 0);
    assert_reads(database, shim_term_statistics(database, "a", 1, &documents, &occurrences));
    assert_reads(database, shim_each_term(database, "", 0, NULL, NULL));
    assert_string_equal(found(database, NODE(SHIM_OR, TERM("a"), LEAF(SHIM_ALL))), "");
    shim_database_close(database);
}

static void test_database_without_documents_is_empty(void **state) {
    struct fixture *fixture = *state;
    struct shim_statistics statistics;
    write_texts(fixture->path[0], NULL, 0);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_reads(database, shim_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 0);
    assert_true(statistics.average_length == 0);
    assert_string_equal(found(database, LEAF(SHIM_ALL)), "");
    shim_database_close(database);
}

struct list {
    char text[500];
    size_t used;
    unsigned stop_after;
    int answer;
};

static int list_stop(struct list *list) {
    return list->stop_after && --list->stop_after == 0 ? list->answer : 0;
}

static int list_term(void *context, const char *term, size_t size, uint64_t documents) {
    struct list *list = context;
    list->used += (size_t)snprintf(list->text + list->used, sizeof list->text - list->used,
                                   "%.*s=%u ", (int)size, term, (unsigned)documents);
    return list_stop(list);
}

static int list_posting(void *context, uint32_t docid, uint32_t wdf) {
    struct list *list = context;
    list->used += (size_t)snprintf(list->text + list->used, sizeof list->text - list->used,
                                   "%u*%u ", docid, wdf);
    return list_stop(list);
}

static void test_terms_of_a_prefix_come_in_byte_order(void **state) {
    struct shim_database *database = open_both(*state);
    struct list all = {0}, some = {0}, none = {0};
    assert_reads(database, shim_each_term(database, "", 0, list_term, &all));
    assert_string_equal(all.text,
                        "and=1 budget=1 climate=1 climatology=1 council=1 peace=3 security=2 ");
    assert_reads(database, shim_each_term(database, "climat", 6, list_term, &some));
    assert_string_equal(some.text, "climate=1 climatology=1 ");
    assert_reads(database, shim_each_term(database, "z", 1, list_term, &none));
    assert_string_equal(none.text, "");
    shim_database_close(database);
}

static void test_walks_stop_when_told_and_hand_back_errors(void **state) {
    struct shim_database *database = open_both(*state);
    struct list list = {.stop_after = 2, .answer = 1};
    assert_int_equal(shim_each_term(database, "", 0, list_term, &list), SHIM_OK);
    assert_string_equal(list.text, "and=1 budget=1 ");
    list = (struct list){.stop_after = 1, .answer = -77};
    assert_int_equal(shim_each_term(database, "", 0, list_term, &list), -77);
    assert_string_equal(list.text, "and=1 ");
    list = (struct list){.stop_after = 1, .answer = 5};
    assert_int_equal(shim_each_posting(database, 0, "peace", 5, list_posting, &list), SHIM_OK);
    assert_string_equal(list.text, "1*1 ");
    list = (struct list){.stop_after = 2, .answer = -78};
    assert_int_equal(shim_each_posting(database, 0, "peace", 5, list_posting, &list), -78);
    shim_database_close(database);
}

static void test_postings_are_one_segments(void **state) {
    struct shim_database *database = open_both(*state);
    struct list one = {0}, two = {0}, none = {0};
    assert_reads(database, shim_each_posting(database, 0, "peace", 5, list_posting, &one));
    assert_string_equal(one.text, "1*1 4*2 ");
    assert_reads(database, shim_each_posting(database, 1, "peace", 5, list_posting, &two));
    assert_string_equal(two.text, "2*1 ");
    assert_reads(database, shim_each_posting(database, 1, "budget", 6, list_posting, &none));
    assert_string_equal(none.text, "");
    shim_database_close(database);
}

static void test_empty_term_lists_lengths(void **state) {
    struct shim_database *database = open_both(*state);
    struct list list = {0};
    assert_reads(database, shim_each_posting(database, 0, "", 0, list_posting, &list));
    assert_string_equal(list.text, "1*3 4*3 9*1 ");
    shim_database_close(database);
}

static void assert_posting(struct shim_database *database, uint32_t segment, uint32_t docid,
                           const char *term, uint32_t wanted_wdf, uint32_t wanted_length) {
    uint32_t wdf, length;
    assert_reads(database,
                 shim_posting(database, segment, docid, term, strlen(term), &wdf, &length));
    assert_int_equal(wdf, wanted_wdf);
    assert_int_equal(length, wanted_length);
}

static void test_posting_gives_frequency_and_length(void **state) {
    struct shim_database *database = open_both(*state);
    assert_posting(database, 0, 4, "peace", 2, 3);
    assert_posting(database, 0, 1, "peace", 1, 3);
    assert_posting(database, 0, 9, "peace", 0, 1); /* past the term's last document */
    assert_posting(database, 0, 4, "and", 0, 3);
    assert_posting(database, 0, 1, "budget", 0, 3); /* before its first */
    assert_posting(database, 1, 3, "war", 0, 1);    /* no such term */
    uint32_t wdf, length;
    assert_int_equal(shim_posting(database, 0, 4, "", 0, &wdf, &length), SHIM_EINVALID);
    assert_int_equal(shim_posting(database, 2, 4, "a", 1, &wdf, &length), SHIM_EINVALID);
    shim_database_close(database);
}

/* Docids of n segments are interleaved in 32 bits; what does not fit is refused, not wrapped. */
static void test_docids_too_large_for_several_segments_are_refused(void **state) {
    struct fixture *fixture = *state;
    const struct text far[] = {{1, "near"}, {3000000000u, "far"}};
    write_texts(fixture->path[0], far, COUNT(far));
    write_texts(fixture->path[1], second, COUNT(second));
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(found(database, TERM("far")), "0:3000000000");
    shim_database_close(database);
    const char *paths[] = {fixture->path[1], fixture->path[0]};
    assert_int_equal(shim_database_open(&database, paths, 2), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "Docid 3000000000 is too large");
    assert_contains(shim_database_message(database), fixture->path[0]);
    assert_int_equal(find_status(database, TERM("far")), SHIM_ECLOSED); /* nor half-opened */
    shim_database_close(database);
}

static void test_null_path_is_refused(void **state) {
    const char *paths[] = {NULL};
    struct shim_database *database;
    (void)state;
    assert_int_equal(shim_database_open(&database, paths, 1), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "NULL");
    shim_database_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_statistics_are_of_all_segments),
        TEST(test_term_statistics_are_of_all_segments),
        TEST(test_no_paths_are_an_empty_database),
        TEST(test_database_without_documents_is_empty),
        TEST(test_terms_of_a_prefix_come_in_byte_order),
        TEST(test_walks_stop_when_told_and_hand_back_errors),
        TEST(test_postings_are_one_segments),
        TEST(test_empty_term_lists_lengths),
        TEST(test_posting_gives_frequency_and_length),
        TEST(test_docids_too_large_for_several_segments_are_refused),
        TEST(test_null_path_is_refused),
    };
    return cmocka_run_group_tests_name("shim/database", tests, NULL, NULL);
}
