/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The builder that writes postings with Xapian's own writer. */
#include "indexer/segment/posting_builder.h"

#include "tests/unit/shim/fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static struct posting_builder *create(const char *folder) {
    struct posting_builder *builder;
    struct error err = {0};
    if (posting_builder_xapian.create(&builder, folder, &err) != PLENARY_OK)
        fail_msg("%s", err.message);
    return builder;
}

static void add(struct posting_builder *builder, uint32_t docid,
                const struct builder_posting *postings, size_t count) {
    struct error err = {0};
    if (posting_builder_xapian.add(builder, docid, postings, count, &err) != PLENARY_OK)
        fail_msg("%s", err.message);
}

static void finish(struct posting_builder *builder) {
    struct error err = {0};
    if (posting_builder_xapian.finish(builder, &err) != PLENARY_OK)
        fail_msg("%s", err.message);
    posting_builder_xapian.close(builder);
}

static void test_builders_have_names(void **state) {
    (void)state;
    assert_ptr_equal(posting_builder_named("xapian"), &posting_builder_xapian);
    assert_null(posting_builder_named("no such builder"));
    assert_null(posting_builder_named(""));
    assert_ptr_equal(posting_builder_named("glass"), &posting_builder_glass);
    assert_ptr_equal(posting_builder_named(NULL), &posting_builder_glass);
}

static void test_postings_and_positions_are_written(void **state) {
    struct fixture *fixture = *state;
    const uint32_t at_one[] = {1}, at_two[] = {2}, at_three_and_four[] = {3, 4};
    const struct builder_posting passage[] = {{"secur", 5, 1, at_two, 1},
                                              {"peac", 4, 1, at_one, 1},
                                              {"council", 7, 2, at_three_and_four, 2},
                                              {"Sbudget", 7, 0, NULL, 0}};
    const struct builder_posting other[] = {{"secur", 5, 1, at_one, 1}, {"peac", 4, 1, at_two, 1}};
    struct posting_builder *builder = create(fixture->path[0]);
    add(builder, 1, passage, COUNT(passage));
    add(builder, 3, other, COUNT(other));
    add(builder, 7, NULL, 0);
    finish(builder);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(found(database, LEAF(SHIM_ALL)), "0:1 0:3 0:7");
    assert_string_equal(found(database, WINDOW(SHIM_PHRASE, 2, TERM("peac"), TERM("secur"))),
                        "0:1");
    assert_string_equal(found(database, TERM("Sbudget")), "0:1");
    uint32_t wdf, length;
    assert_reads(database, shim_posting(database, 0, 1, "council", 7, &wdf, &length));
    assert_int_equal(wdf, 2);
    assert_int_equal(length, 4);
    shim_database_close(database);
}

static void test_many_terms_in_a_passage(void **state) {
    struct fixture *fixture = *state;
    enum { MANY = 5000 };
    static char names[MANY][8];
    static struct builder_posting postings[MANY];
    for (int i = 0; i < MANY; i++)
        postings[i] = (struct builder_posting){
            names[i], (uint32_t)snprintf(names[i], sizeof names[i], "t%d", i), 1, NULL, 0};
    struct posting_builder *builder = create(fixture->path[0]);
    add(builder, 1, postings, 10);
    size_t before = posting_builder_xapian.memory(builder);
    assert_true(before > 0);
    add(builder, 2, postings, MANY);
    assert_true(posting_builder_xapian.memory(builder) > before + MANY * sizeof *postings);
    add(builder, 3, postings, 10);
    finish(builder);
    struct shim_database *database = open_one(fixture->path[0]);
    uint32_t wdf, length;
    assert_reads(database, shim_posting(database, 0, 2, "t4999", 5, &wdf, &length));
    assert_int_equal(length, MANY);
    shim_database_close(database);
}

static void test_abandoned_postings_leave_nothing(void **state) {
    struct fixture *fixture = *state;
    const struct builder_posting word = {"word", 4, 1, NULL, 0};
    struct posting_builder *builder = create(fixture->path[0]);
    add(builder, 1, &word, 1);
    posting_builder_xapian.close(builder);
    assert_int_equal(rmdir(fixture->path[0]), 0);
    posting_builder_xapian.close(NULL);
}

static void test_create_says_what_is_in_the_way(void **state) {
    struct fixture *fixture = *state;
    struct posting_builder *builder;
    struct error err = {0};
    FILE *file = fopen(fixture->path[0], "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(posting_builder_xapian.create(&builder, fixture->path[0], &err), PLENARY_EIO);
    assert_null(builder);
    assert_int_equal(err.code, PLENARY_EIO);
    assert_contains(err.message, fixture->path[0]);
    assert_contains(err.message, "DatabaseCreateError");
    assert_int_equal(posting_builder_xapian.create(&builder, fixture->path[0], NULL), PLENARY_EIO);
    builder = create(fixture->path[1]);
    struct posting_builder *second;
    assert_int_equal(posting_builder_xapian.create(&second, fixture->path[1], &err),
                     PLENARY_ELOCKED);
    posting_builder_xapian.close(builder);
}

static void test_bad_passages_are_invalid(void **state) {
    struct fixture *fixture = *state;
    char term[300];
    struct error err = {0};
    memset(term, 't', sizeof term);
    const struct builder_posting overlong = {term, sizeof term, 1, NULL, 0};
    const struct builder_posting word = {"word", 4, 1, NULL, 0};
    struct posting_builder *builder = create(fixture->path[0]);
    add(builder, 2, &word, 1);
    assert_int_equal(posting_builder_xapian.add(builder, 3, &overlong, 1, &err), PLENARY_EINVALID);
    assert_contains(err.message, "term too long");
    assert_int_equal(posting_builder_xapian.add(builder, 2, &word, 1, &err), PLENARY_EINVALID);
    assert_contains(err.message, "does not come after 2");
    finish(builder);
}

static void test_full_disk_is_an_io_error(void **state) {
    struct fixture *fixture = *state;
    struct posting_builder *builder = create(fixture->path[0]);
    struct rlimit old, small;
    struct error err = {0};
    for (uint32_t docid = 1; docid <= 3000; docid++) {
        char text[20];
        const struct builder_posting word = {
            text, (uint32_t)snprintf(text, sizeof text, "word%u", docid), 1, NULL, 0};
        add(builder, docid, &word, 1);
    }
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes stands in for the full disk */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 16384;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int code = posting_builder_xapian.finish(builder, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(code, PLENARY_EIO);
    assert_contains(err.message, "File too large");
    assert_contains(err.message, fixture->path[0]);
    posting_builder_xapian.close(builder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_builders_have_names), TEST(test_postings_and_positions_are_written),
        TEST(test_many_terms_in_a_passage),         TEST(test_abandoned_postings_leave_nothing),
        TEST(test_create_says_what_is_in_the_way),  TEST(test_bad_passages_are_invalid),
        TEST(test_full_disk_is_an_io_error),
    };
    return cmocka_run_group_tests_name("indexer/builder_xapian", tests, NULL, NULL);
}
