/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Xapian's own check, through the shim. */
#include "fixture.h"

struct report {
    unsigned lines;
    bool postlist;
};

static void note_line(void *context, const char *line) {
    struct report *report = context;
    report->lines++;
    assert_true(*line != '\0');
    assert_null(strchr(line, '\n'));
    report->postlist |= strncmp(line, "postlist:", 9) == 0;
}

static void write_some(const char *path) {
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, path));
    for (uint32_t docid = 1; docid <= 500; docid++) {
        char words[60];
        snprintf(words, sizeof words, "all w%u v%u", docid, docid % 17);
        add_text(writer, docid * 2, words);
    }
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
}

static void test_whole_database_has_no_errors(void **state) {
    struct fixture *fixture = *state;
    struct report report = {0};
    char message[300] = "old";
    uint64_t errors = 99;
    write_some(fixture->path[0]);
    assert_int_equal(
        shim_check(fixture->path[0], &errors, note_line, &report, message, sizeof message),
        SHIM_OK);
    assert_int_equal(errors, 0);
    assert_string_equal(message, "");
    assert_true(report.lines > 3);
    assert_true(report.postlist);
}

static void damage(const char *path, const char *name, long from, size_t size) {
    char file_name[200];
    snprintf(file_name, sizeof file_name, "%s/%s", path, name);
    FILE *file = fopen(file_name, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, from, SEEK_SET), 0);
    for (size_t i = 0; i < size; i++)
        fputc(0x5a, file);
    assert_int_equal(fclose(file), 0);
}

/* Found either as a count of errors or as an error of the check itself, never as nothing. */
static void assert_found(const char *path) {
    char message[300];
    uint64_t errors;
    int status = shim_check(path, &errors, NULL, NULL, message, sizeof message);
    assert_true(errors > 0 || (status < 0 && *message));
}

static void test_damaged_table_is_found(void **state) {
    struct fixture *fixture = *state;
    write_some(fixture->path[0]);
    damage(fixture->path[0], "postlist.glass", 0, 4000);
    assert_found(fixture->path[0]);
}

static void test_damaged_entries_are_counted(void **state) {
    struct fixture *fixture = *state;
    struct report report = {0};
    uint64_t errors;
    write_some(fixture->path[0]);
    damage(fixture->path[0], "termlist.glass", 8192 - 600, 500);
    assert_found(fixture->path[0]);
    shim_check(fixture->path[0], &errors, note_line, &report, NULL, 0);
    assert_true(report.lines > 0);
}

static void test_truncated_table_is_found(void **state) {
    struct fixture *fixture = *state;
    char table[200];
    write_some(fixture->path[0]);
    snprintf(table, sizeof table, "%s/postlist.glass", fixture->path[0]);
    assert_int_equal(truncate(table, 5000), 0);
    assert_found(fixture->path[0]);
}

static void test_no_database_is_not_found(void **state) {
    struct fixture *fixture = *state;
    char message[300];
    uint64_t errors;
    assert_int_equal(shim_check(fixture->path[0], &errors, NULL, NULL, message, sizeof message),
                     SHIM_ENOTFOUND);
    assert_contains(message, "holds no glass database");
    assert_contains(message, fixture->path[0]);
    char tiny[8];
    assert_int_equal(shim_check(fixture->path[0], &errors, NULL, NULL, tiny, sizeof tiny),
                     SHIM_ENOTFOUND);
    assert_string_equal(tiny, "Databas");
}

static void test_damaged_version_file_is_corrupt(void **state) {
    struct fixture *fixture = *state;
    char message[300];
    uint64_t errors;
    write_some(fixture->path[0]);
    damage(fixture->path[0], "iamglass", 0, 10);
    assert_int_equal(shim_check(fixture->path[0], &errors, NULL, NULL, message, sizeof message),
                     SHIM_ECORRUPT);
    assert_contains(message, "DatabaseCorruptError: Rev file magic incorrect");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_whole_database_has_no_errors), TEST(test_damaged_table_is_found),
        TEST(test_damaged_entries_are_counted),  TEST(test_truncated_table_is_found),
        TEST(test_no_database_is_not_found),     TEST(test_damaged_version_file_is_corrupt),
    };
    return cmocka_run_group_tests_name("shim/check", tests, NULL, NULL);
}
