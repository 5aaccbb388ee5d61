/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written can be read, not before it is finished, and refusals cost no documents. */
#include "fixture.h"

#include <dirent.h>

static void assert_unreadable(const char *path) {
    struct shim_database *database;
    assert_int_equal(shim_database_open(&database, &path, 1), SHIM_ENOTFOUND);
    shim_database_close(database);
}

static unsigned count_files(const char *path) {
    unsigned count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void test_nothing_is_readable_before_finish(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    assert_unreadable(fixture->path[0]);
    for (uint32_t docid = 1; docid <= 25000; docid++) { /* past two commits */
        if (docid % 5000 == 0)
            assert_unreadable(fixture->path[0]);
        add_text(writer, docid, "some words");
    }
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    struct shim_statistics statistics;
    struct shim_database *database = open_one(fixture->path[0]);
    assert_reads(database, shim_database_statistics(database, &statistics));
    assert_int_equal(statistics.documents, 25000);
    assert_int_equal(statistics.total_length, 50000);
    shim_database_close(database);
}

static void test_commits_keep_to_the_environments_threshold(void **state) {
    struct fixture *fixture = *state;
    const char *const thresholds[] = {"1", "2", "7", "-3", "0", "nonsense"};
    for (size_t i = 0; i < COUNT(thresholds); i++) {
        struct shim_writer *writer;
        char path[200];
        snprintf(path, sizeof path, "%s/threshold-%zu", fixture->folder, i);
        assert_int_equal(setenv("XAPIAN_FLUSH_THRESHOLD", thresholds[i], 1), 0);
        assert_writes(writer, shim_writer_create(&writer, path));
        assert_int_equal(unsetenv("XAPIAN_FLUSH_THRESHOLD"), 0);
        for (uint32_t docid = 1; docid <= 20; docid++) {
            add_text(writer, docid, "word");
            assert_unreadable(path);
        }
        assert_writes(writer, shim_writer_finish(writer));
        shim_writer_close(writer);
        struct shim_database *database = open_one(path);
        struct shim_result result = find(database, TERM("word"));
        assert_int_equal(result.count, 20);
        shim_result_free(&result);
        shim_database_close(database);
    }
}

static void test_unfinished_database_leaves_no_files(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    assert_int_equal(mkdir(fixture->path[0], 0755), 0);
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    add_text(writer, 1, "some words");
    shim_writer_close(writer);
    assert_int_equal(count_files(fixture->path[0]), 0);
}

static void test_finished_database_has_no_lock_file(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    char lock[200];
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    add_text(writer, 1, "some words");
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    snprintf(lock, sizeof lock, "%s/flintlock", fixture->path[0]);
    assert_int_equal(access(lock, F_OK), -1);
}

/* What a writer that was killed leaves behind does not stand in the way of the next. */
static void test_remains_of_a_dead_writer_are_overwritten(void **state) {
    struct fixture *fixture = *state;
    const struct text old[] = {{1, "old words"}}, new[] = {{1, "new words"}};
    char from[200], to[200];
    write_texts(fixture->path[0], old, 1);
    snprintf(from, sizeof from, "%s/iamglass", fixture->path[0]);
    snprintf(to, sizeof to, "%s/iamglass.unfinished", fixture->path[0]);
    assert_int_equal(rename(from, to), 0);
    write_texts(fixture->path[0], new, 1);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(found(database, TERM("old")), "");
    assert_string_equal(found(database, TERM("new")), "0:1");
    shim_database_close(database);
}

static void test_finished_writer_is_closed(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    assert_writes(writer, shim_writer_finish(writer));
    assert_int_equal(shim_writer_add(writer, 1, NULL, 0, NULL, 0), SHIM_ECLOSED);
    assert_int_equal(shim_writer_finish(writer), SHIM_ECLOSED);
    assert_contains(shim_writer_message(writer), "finished");
    shim_writer_close(writer);
    shim_database_close(open_one(fixture->path[0]));
}

static void test_writer_that_did_not_open_is_closed(void **state) {
    struct shim_writer *writer;
    (void)state;
    assert_int_equal(shim_writer_create(&writer, ""), SHIM_EINVALID);
    assert_int_equal(shim_writer_add(writer, 1, NULL, 0, NULL, 0), SHIM_ECLOSED);
    shim_writer_close(writer);
    assert_int_equal(shim_writer_create(&writer, "/nonexistent/folder/x"), SHIM_ECREATE);
    assert_contains(shim_writer_message(writer), "No such file or directory");
    shim_writer_close(writer);
    shim_writer_close(NULL);
}

static void assert_refused(struct shim_writer *writer, uint32_t docid,
                           const struct shim_posting *posting, const char *part) {
    assert_int_equal(shim_writer_add(writer, docid, posting, 1, NULL, 0), SHIM_EINVALID);
    assert_contains(shim_writer_message(writer), part);
}

static void test_refused_documents_cost_no_others(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    char term[246];
    memset(term, 't', sizeof term);
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    add_text(writer, 5, "before");
    assert_refused(writer, 6, &(struct shim_posting){term, 246, 1, NULL, 0}, "term too long");
    assert_refused(writer, 6, &(struct shim_posting){"", 0, 1, NULL, 0}, "is empty");
    assert_refused(writer, 6, &(struct shim_posting){NULL, 4, 1, NULL, 0}, "is empty");
    assert_refused(writer, 6, &(struct shim_posting){"a", 1, 1, NULL, 3}, "positions are NULL");
    assert_refused(writer, 5, &(struct shim_posting){"a", 1, 1, NULL, 0}, "does not come after 5");
    assert_refused(writer, 0, &(struct shim_posting){"a", 1, 1, NULL, 0}, "does not come after 5");
    const struct shim_posting long_document[] = {{"a", 1, UINT32_MAX, NULL, 0},
                                                 {"b", 1, 1, NULL, 0}};
    assert_int_equal(shim_writer_add(writer, 6, long_document, 2, NULL, 0), SHIM_EINVALID);
    assert_contains(shim_writer_message(writer), "4,294,967,295");
    add_text(writer, 6, "after");
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(found(database, LEAF(SHIM_ALL)), "0:5 0:6");
    shim_database_close(database);
}

/* A zero byte takes two in a key, which Xapian would find out only when it commits. */
static void test_longest_terms_are_written(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    char letters[245], zeros[123];
    memset(letters, 't', sizeof letters);
    memset(zeros, 0, sizeof zeros);
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    const struct shim_posting fitting[] = {{letters, 245, 2, NULL, 0}, {zeros, 122, 1, NULL, 0}};
    assert_writes(writer, shim_writer_add(writer, 1, fitting, 2, NULL, 0));
    assert_refused(writer, 2, &(struct shim_posting){zeros, 123, 1, NULL, 0}, "term too long");
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    struct shim_database *database = open_one(fixture->path[0]);
    uint64_t documents, occurrences;
    assert_reads(database, shim_term_statistics(database, letters, 245, &documents, &occurrences));
    assert_int_equal(occurrences, 2);
    assert_reads(database, shim_term_statistics(database, zeros, 122, &documents, &occurrences));
    assert_int_equal(occurrences, 1);
    shim_database_close(database);
}

static void test_boolean_terms_add_no_length(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    const uint32_t positions[] = {1, 4};
    const struct shim_posting postings[] = {
        {"Sbudget", 7, 0, NULL, 0}, {"word", 4, 2, positions, 2}, {"bare", 4, 3, NULL, 0}};
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    assert_writes(writer, shim_writer_add(writer, 1, postings, 3, "data", 4));
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    struct shim_database *database = open_one(fixture->path[0]);
    uint32_t wdf, length;
    assert_reads(database, shim_posting(database, 0, 1, "word", 4, &wdf, &length));
    assert_int_equal(wdf, 2);
    assert_int_equal(length, 5);
    assert_reads(database, shim_posting(database, 0, 1, "Sbudget", 7, &wdf, &length));
    assert_int_equal(wdf, 0);
    assert_string_equal(found(database, TERM("Sbudget")), "0:1");
    shim_database_close(database);
}

static void test_memory_grows_with_documents_and_falls_at_commits(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    assert_int_equal(shim_writer_memory(writer), 0);
    add_text(writer, 1, "some words");
    size_t one = shim_writer_memory(writer);
    assert_true(one > 0);
    add_text(writer, 2, "some words");
    assert_int_equal(shim_writer_memory(writer), 2 * one);
    for (uint32_t docid = 3; docid <= 10000; docid++)
        add_text(writer, docid, "some words");
    assert_true(shim_writer_memory(writer) < 5 * one);
    shim_writer_close(writer);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_readable_before_finish),
        TEST(test_commits_keep_to_the_environments_threshold),
        TEST(test_unfinished_database_leaves_no_files),
        TEST(test_finished_database_has_no_lock_file),
        TEST(test_remains_of_a_dead_writer_are_overwritten),
        TEST(test_finished_writer_is_closed),
        cmocka_unit_test(test_writer_that_did_not_open_is_closed),
        TEST(test_refused_documents_cost_no_others),
        TEST(test_longest_terms_are_written),
        TEST(test_boolean_terms_add_no_length),
        TEST(test_memory_grows_with_documents_and_falls_at_commits),
    };
    return cmocka_run_group_tests_name("shim/writer", tests, NULL, NULL);
}
