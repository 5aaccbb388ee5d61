/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each class of Xapian's errors becomes its status, with the class and the message in the sentence:
 * provoked by a call of the shim where one can, thrown by hand for all. */
#include "fixture.h"
#include "shim/testing.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static void test_every_class_has_its_status(void **state) {
    static const struct {
        const char *class_name;
        int status;
    } cases[] = {
        {"AssertionError", SHIM_EINVALID},
        {"InvalidArgumentError", SHIM_EINVALID},
        {"InvalidOperationError", SHIM_EINVALID},
        {"UnimplementedError", SHIM_EINVALID},
        {"RangeError", SHIM_EINVALID},
        {"DatabaseNotFoundError", SHIM_ENOTFOUND},
        {"DocNotFoundError", SHIM_ENOTFOUND},
        {"DatabaseOpeningError", SHIM_EOPEN},
        {"DatabaseCreateError", SHIM_ECREATE},
        {"DatabaseLockError", SHIM_ELOCKED},
        {"DatabaseModifiedError", SHIM_EMODIFIED},
        {"DatabaseCorruptError", SHIM_ECORRUPT},
        {"SerialisationError", SHIM_ECORRUPT},
        {"DatabaseVersionError", SHIM_EVERSION},
        {"DatabaseClosedError", SHIM_ECLOSED},
        {"DatabaseError", SHIM_EDATABASE},
        {"NetworkError", SHIM_ENETWORK},
        {"NetworkTimeoutError", SHIM_ENETWORK},
        {"QueryParserError", SHIM_EQUERY},
        {"WildcardError", SHIM_EQUERY},
        {"FeatureUnavailableError", SHIM_EFEATURE},
        {"InternalError", SHIM_EINTERNAL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char message[200], wanted[200];
        int status = shim_testing_throw(cases[i].class_name, message, sizeof message);
        if (status != cases[i].status)
            fail_msg("%s became %s", cases[i].class_name, shim_status_name(status));
        snprintf(wanted, sizeof wanted, "%s: thrown (by hand; No space left on device)",
                 cases[i].class_name);
        assert_string_equal(message, wanted);
    }
}

static void test_other_exceptions_do_not_cross_either(void **state) {
    char message[200];
    (void)state;
    assert_int_equal(shim_testing_throw("bad_alloc", message, sizeof message), SHIM_ENOMEM);
    assert_string_equal(message, "out of memory");
    assert_int_equal(shim_testing_throw("runtime_error", message, sizeof message), SHIM_EINTERNAL);
    assert_string_equal(message, "thrown");
    assert_int_equal(shim_testing_throw("int", message, sizeof message), SHIM_EINTERNAL);
    assert_string_equal(message, "an exception of unknown type");
    assert_int_equal(shim_testing_throw("no such class", message, sizeof message), 1);
}

static void test_statuses_have_names(void **state) {
    (void)state;
    assert_string_equal(shim_status_name(SHIM_OK), "SHIM_OK");
    assert_string_equal(shim_status_name(SHIM_ECORRUPT), "SHIM_ECORRUPT");
    assert_string_equal(shim_status_name(SHIM_EINTERNAL), "SHIM_EINTERNAL");
    assert_string_equal(shim_status_name(SHIM_ETIME - 1), "unknown status");
    assert_string_equal(shim_status_name(1), "unknown status");
    assert_string_equal(shim_status_name(INT32_MIN), "unknown status");
    assert_true(strncmp(shim_xapian_version(), "1.4.", 4) == 0);
}

/* ---- Provoked for real ------------------------------------------------------------------------
 */

static void assert_open_fails(const char *path, int wanted, const char *part) {
    struct shim_database *database;
    int status = shim_database_open(&database, &path, 1);
    assert_non_null(database);
    if (status != wanted)
        fail_msg("%s: %s", shim_status_name(status), shim_database_message(database));
    assert_contains(shim_database_message(database), part);
    assert_contains(shim_database_message(database), path);
    shim_database_close(database);
}

static void assert_create_fails(const char *path, int wanted, const char *part) {
    struct shim_writer *writer;
    int status = shim_writer_create(&writer, path);
    assert_non_null(writer);
    if (status != wanted)
        fail_msg("%s: %s", shim_status_name(status), shim_writer_message(writer));
    assert_contains(shim_writer_message(writer), part);
    shim_writer_close(writer);
}

static const struct text three[] = {{1, "peace and security"}, {2, "security"}, {5, "budget"}};

static void write_file(const char *folder, const char *name, const void *data, size_t size) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void change_byte(const char *folder, const char *name, long offset, int value) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    fputc(value, file);
    assert_int_equal(fclose(file), 0);
}

static void test_missing_database_is_not_found(void **state) {
    struct fixture *fixture = *state;
    assert_open_fails(fixture->path[0], SHIM_ENOTFOUND, "DatabaseNotFoundError: ");
    assert_int_equal(mkdir(fixture->path[0], 0755), 0);
    assert_open_fails(fixture->path[0], SHIM_ENOTFOUND, "No such file");
}

static void test_file_that_cannot_be_opened_is_an_opening_error(void **state) {
    struct fixture *fixture = *state;
    char link[200];
    assert_int_equal(mkdir(fixture->path[0], 0755), 0);
    snprintf(link, sizeof link, "%s/iamglass", fixture->path[0]);
    assert_int_equal(symlink("iamglass", link), 0); /* a circle */
    assert_open_fails(fixture->path[0], SHIM_EOPEN, "DatabaseOpeningError: ");
}

static void test_foreign_version_file_is_corrupt(void **state) {
    struct fixture *fixture = *state;
    write_texts(fixture->path[0], three, COUNT(three));
    change_byte(fixture->path[0], "iamglass", 3, 'x');
    assert_open_fails(fixture->path[0], SHIM_ECORRUPT, "DatabaseCorruptError: ");
}

static void test_other_format_number_is_a_version_error(void **state) {
    struct fixture *fixture = *state;
    write_texts(fixture->path[0], three, COUNT(three));
    change_byte(fixture->path[0], "iamglass", 14, 0x7f); /* the date after the magic's 14 bytes */
    assert_open_fails(fixture->path[0], SHIM_EVERSION, "DatabaseVersionError: ");
}

static void test_stub_file_is_never_followed(void **state) {
    struct fixture *fixture = *state;
    char stub[300], trace[200];
    assert_int_equal(mkdir(fixture->path[0], 0755), 0);
    snprintf(trace, sizeof trace, "%s/trace", fixture->folder);
    snprintf(stub, sizeof stub, "remote :/bin/touch %s\n", trace);
    write_file(fixture->path[0], "XAPIANDB", stub, strlen(stub));
    assert_open_fails(fixture->path[0], SHIM_ENOTFOUND, "DatabaseNotFoundError: ");
    uint64_t errors;
    char message[300];
    assert_int_equal(shim_check(fixture->path[0], &errors, NULL, NULL, message, sizeof message),
                     SHIM_ENOTFOUND);
    assert_int_equal(access(trace, F_OK), -1);
}

/* A database of many blocks, so that readers have not met all of them yet. */
static void write_large(const char *path) {
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, path));
    for (uint32_t docid = 1; docid <= 3000; docid++) {
        char words[100];
        snprintf(words, sizeof words, "all w%u v%u u%u", docid, docid * 7 % 1009, docid % 31);
        add_text(writer, docid, words);
    }
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
}

/* Look every term up until one fails. */
static int look_everywhere(struct shim_database *database) {
    uint64_t documents, occurrences;
    int status = SHIM_OK;
    for (unsigned i = 0; status == SHIM_OK && i < 3000; i++) {
        char term[20];
        int size = snprintf(term, sizeof term, "w%u", i);
        status = shim_term_statistics(database, term, (size_t)size, &documents, &occurrences);
    }
    return status;
}

static void test_overwritten_table_is_corrupt(void **state) {
    struct fixture *fixture = *state;
    write_large(fixture->path[0]);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_int_equal(look_everywhere(database), SHIM_OK);
    shim_database_close(database);
    for (long offset = 0; offset < 5 * 8192; offset++)
        change_byte(fixture->path[0], "postlist.glass", offset, offset % 8192 < 4 ? 0 : 0xff);
    const char *path = fixture->path[0];
    int status = shim_database_open(&database, &path, 1);
    if (status == SHIM_OK)
        status = look_everywhere(database);
    assert_int_equal(status, SHIM_ECORRUPT);
    assert_contains(shim_database_message(database), "DatabaseCorruptError: ");
    shim_database_close(database);
}

static void test_truncated_table_is_a_database_error(void **state) {
    struct fixture *fixture = *state;
    char table[200];
    write_large(fixture->path[0]);
    snprintf(table, sizeof table, "%s/postlist.glass", fixture->path[0]);
    assert_int_equal(truncate(table, 100), 0);
    const char *path = fixture->path[0];
    struct shim_database *database;
    int status = shim_database_open(&database, &path, 1);
    if (status == SHIM_OK)
        status = look_everywhere(database);
    assert_int_equal(status, SHIM_EDATABASE);
    assert_contains(shim_database_message(database), "DatabaseError: EOF reading block");
    shim_database_close(database);
}

static void test_reader_overtaken_by_a_stock_writer_is_told(void **state) {
    struct fixture *fixture = *state;
    write_large(fixture->path[0]);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_int_equal(shim_testing_rewrite(fixture->path[0], 3), SHIM_OK);
    assert_int_equal(look_everywhere(database), SHIM_EMODIFIED);
    assert_contains(shim_database_message(database), "DatabaseModifiedError: ");
    shim_database_close(database);
}

static void test_create_over_a_file_fails(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture->folder, "0", "text", 4);
    assert_create_fails(fixture->path[0], SHIM_ECREATE, "DatabaseCreateError: ");
}

static void test_create_over_a_database_fails(void **state) {
    struct fixture *fixture = *state;
    write_texts(fixture->path[0], three, COUNT(three));
    assert_create_fails(fixture->path[0], SHIM_ECREATE, "holds a database already");
    struct shim_database *database = open_one(fixture->path[0]); /* and it is still whole */
    assert_string_equal(found(database, TERM("budget")), "0:5");
    shim_database_close(database);
}

static void test_second_writer_is_locked_out(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    assert_create_fails(fixture->path[0], SHIM_ELOCKED, "DatabaseLockError: ");
    add_text(writer, 1, "unharmed");
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(found(database, TERM("unharmed")), "0:1");
    shim_database_close(database);
}

/* A limit on the size of files stands in for the full disk: write(2) fails with EFBIG. */
static void test_full_disk_is_a_database_error_that_stays(void **state) {
    struct fixture *fixture = *state;
    struct shim_writer *writer;
    struct rlimit old, small;
    assert_writes(writer, shim_writer_create(&writer, fixture->path[0]));
    for (uint32_t docid = 1; docid <= 2000; docid++) {
        char words[60];
        snprintf(words, sizeof words, "word%u term%u", docid, docid * 31);
        add_text(writer, docid, words);
    }
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 16384;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int first = shim_writer_finish(writer);
    char message[480];
    snprintf(message, sizeof message, "%s", shim_writer_message(writer));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(first, SHIM_EDATABASE);
    assert_contains(message, "DatabaseError: ");
    assert_contains(message, "File too large");
    /* Documents are lost: now that there is room again, nothing may pretend otherwise. */
    assert_int_equal(shim_writer_finish(writer), SHIM_EDATABASE);
    assert_int_equal(shim_writer_add(writer, 3000, NULL, 0, NULL, 0), SHIM_EDATABASE);
    assert_string_equal(shim_writer_message(writer), message);
    shim_writer_close(writer);
    assert_open_fails(fixture->path[0], SHIM_ENOTFOUND, "DatabaseNotFoundError: ");
}

static void test_document_that_is_not_there_is_not_found(void **state) {
    struct fixture *fixture = *state;
    uint32_t wdf, length;
    write_texts(fixture->path[0], three, COUNT(three));
    struct shim_database *database = open_one(fixture->path[0]);
    assert_int_equal(shim_posting(database, 0, 3, "budget", 6, &wdf, &length), SHIM_ENOTFOUND);
    assert_contains(shim_database_message(database), "DocNotFoundError: ");
    assert_int_equal(shim_posting(database, 0, 0, "budget", 6, &wdf, &length), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "InvalidArgumentError: ");
    shim_database_close(database);
}

static void test_what_makes_no_sense_is_invalid(void **state) {
    struct fixture *fixture = *state;
    write_texts(fixture->path[0], three, COUNT(three));
    struct shim_database *database = open_one(fixture->path[0]);
    assert_int_equal(shim_each_posting(database, 1, "a", 1, NULL, NULL), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "There is no segment 1: 1 are open");
    struct shim_search search = search_for(TERM("budget"));
    struct shim_result result;
    search.k1 = -1;
    assert_int_equal(shim_search(database, &search, &result), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "InvalidArgumentError: A BM25 parameter");
    shim_database_close(database);
}

static void test_phrase_of_operators_is_unimplemented(void **state) {
    struct fixture *fixture = *state;
    write_texts(fixture->path[0], three, COUNT(three));
    struct shim_database *database = open_one(fixture->path[0]);
    const struct shim_query *both = NODE(SHIM_AND, TERM("peace"), TERM("and"));
    assert_int_equal(find_status(database, WINDOW(SHIM_PHRASE, 3, both, TERM("security"))),
                     SHIM_EINVALID);
    assert_contains(shim_database_message(database), "UnimplementedError: OP_NEAR and OP_PHRASE");
    shim_database_close(database);
}

static void test_message_goes_with_the_next_call(void **state) {
    struct fixture *fixture = *state;
    struct shim_statistics statistics;
    write_texts(fixture->path[0], three, COUNT(three));
    struct shim_database *database = open_one(fixture->path[0]);
    assert_string_equal(shim_database_message(database), "");
    assert_int_equal(find_status(database, NULL), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "NULL");
    assert_reads(database, shim_database_statistics(database, &statistics));
    assert_string_equal(shim_database_message(database), "");
    shim_database_close(database);
}

static void test_messages_hold_no_control_characters(void **state) {
    struct fixture *fixture = *state;
    char path[200];
    snprintf(path, sizeof path, "%s/\033[31mred", fixture->folder);
    const char *one = path;
    struct shim_database *database;
    assert_int_equal(shim_database_open(&database, &one, 1), SHIM_ENOTFOUND);
    assert_contains(shim_database_message(database), "?[31mred");
    shim_database_close(database);
}

/* Every call on a handle that did not open says so, whatever it is asked. */
static void test_calls_on_an_unopened_database_are_refused(void **state) {
    struct fixture *fixture = *state;
    const char *path = fixture->path[0];
    struct shim_database *database;
    struct shim_statistics statistics;
    uint64_t documents, occurrences;
    uint32_t wdf, length;
    assert_int_equal(shim_database_open(&database, &path, 1), SHIM_ENOTFOUND);
    assert_int_equal(shim_database_statistics(database, &statistics), SHIM_ECLOSED);
    assert_int_equal(shim_term_statistics(database, "a", 1, &documents, &occurrences),
                     SHIM_ECLOSED);
    assert_int_equal(shim_each_term(database, "", 0, NULL, NULL), SHIM_ECLOSED);
    assert_int_equal(shim_each_posting(database, 0, "a", 1, NULL, NULL), SHIM_ECLOSED);
    assert_int_equal(shim_posting(database, 0, 1, "a", 1, &wdf, &length), SHIM_ECLOSED);
    assert_int_equal(find_status(database, TERM("a")), SHIM_ECLOSED);
    assert_contains(shim_database_message(database), "not open");
    shim_database_close(database);
    shim_database_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_class_has_its_status),
        cmocka_unit_test(test_other_exceptions_do_not_cross_either),
        cmocka_unit_test(test_statuses_have_names),
        TEST(test_missing_database_is_not_found),
        TEST(test_file_that_cannot_be_opened_is_an_opening_error),
        TEST(test_foreign_version_file_is_corrupt),
        TEST(test_other_format_number_is_a_version_error),
        TEST(test_stub_file_is_never_followed),
        TEST(test_overwritten_table_is_corrupt),
        TEST(test_truncated_table_is_a_database_error),
        TEST(test_reader_overtaken_by_a_stock_writer_is_told),
        TEST(test_create_over_a_file_fails),
        TEST(test_create_over_a_database_fails),
        TEST(test_second_writer_is_locked_out),
        TEST(test_full_disk_is_a_database_error_that_stays),
        TEST(test_document_that_is_not_there_is_not_found),
        TEST(test_what_makes_no_sense_is_invalid),
        TEST(test_phrase_of_operators_is_unimplemented),
        TEST(test_message_goes_with_the_next_call),
        TEST(test_messages_hold_no_control_characters),
        TEST(test_calls_on_an_unopened_database_are_refused),
    };
    return cmocka_run_group_tests_name("shim/status", tests, NULL, NULL);
}
