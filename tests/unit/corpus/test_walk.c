/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/bytes.h"
#include "corpus/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/corpus/folder.h"

static struct bytes found, notices;
static uint64_t skipped;

static void note(void *context, const struct notice *notice) {
    (void)context;
    bytes_printf(&notices, "%c %s: %s\n", "DWS"[notice->level], notice -> source, notice -> text);
}

static bool (*leave_out)(const char *folder);

/* Walk these paths; the files found, one a line. */
static const char *walk_paths(const char *const *paths, size_t count) {
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    struct walk *walk;
    struct walk_entry entry;
    options.notify = note;
    options.leave_out = leave_out;
    bytes_reset(&found);
    bytes_reset(&notices);
    assert_int_equal(walk_open(&walk, paths, count, &options, NULL), 0);
    int status;
    while ((status = walk_next(walk, &entry, NULL)) > 0)
        bytes_printf(&found, "%s\n", entry.path);
    assert_int_equal(status, 0);
    skipped = walk_skipped(walk);
    walk_close(walk);
    return bytes_string(&found);
}

static const char *walk_path(const char *path) {
    return walk_paths(&path, 1);
}

static void files_come_in_bytewise_order(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/b", 0700), 0);
    folder_write("d/c", "");
    folder_write("d/b/2", "");
    folder_write("d/b/10", "");
    folder_write("d/B", "");
    folder_write("d/\xC3\xA9", "");
    assert_string_equal(walk_path("d"), "d/B\nd/b/10\nd/b/2\nd/c\nd/\xC3\xA9\n");
}

static void paths_are_cleaned_and_dot_vanishes(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    folder_write("d/x", "");
    assert_string_equal(walk_path(".//d/./"), "d/x\n");
    assert_string_equal(walk_path("."), "d/x\n");
    assert_string_equal(walk_path("d/../d//x"), "d/../d/x\n");
}

static void cleaning_keeps_roots_and_parents(void **state) {
    (void)state;
    static const char *const cases[][2] = {{"/", "/"},      {"//a///b/", "/a/b"}, {"", "."},
                                           {"./", "."},     {"../x", "../x"},     {"./.a/.", ".a"},
                                           {"a/./b", "a/b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *clean = walk_clean_path(cases[i][0]);
        assert_string_equal(clean, cases[i][1]);
        free(clean);
    }
}

static bool ends_with_index(const char *folder) {
    size_t size = strlen(folder);
    return size >= 5 && strcmp(folder + size - 5, "index") == 0;
}

static void folders_to_leave_out_are_not_entered_unless_named(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/index", 0700), 0);
    folder_write("d/index/x", "");
    folder_write("d/y", "");
    leave_out = ends_with_index;
    assert_string_equal(walk_path("d"), "d/y\n");
    assert_non_null(strstr(bytes_string(&notices), "D d/index: "));
    assert_int_equal(skipped, 0);
    assert_string_equal(walk_path("d/index"), "d/index/x\n");
    leave_out = NULL;
    assert_string_equal(walk_path("d"), "d/index/x\nd/y\n");
}

static void hidden_names_and_backups_are_left_out_unless_named(void **state) {
    (void)state;
    folder_write(".hidden", "");
    folder_write("a~", "");
    folder_write("#a#", "");
    folder_write("a.swp", "");
    folder_write("a", "");
    assert_string_equal(walk_path("."), "a\n");
    assert_int_equal(skipped, 0);
    assert_string_equal(walk_path(".hidden"), ".hidden\n");
    assert_string_equal(walk_path("a~"), "a~\n");
}

static void a_link_back_up_is_not_followed_again(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/e", 0700), 0);
    folder_write("d/e/x", "");
    assert_int_equal(symlink("..", "d/e/up"), 0);
    assert_int_equal(symlink("e", "d/same"), 0);
    assert_string_equal(walk_path("d"), "d/e/x\nd/same/x\n");
    assert_non_null(strstr(bytes_string(&notices), "D d/e/up: the folder leads back"));
}

static void the_source_is_absolute_and_without_linked_folders(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    folder_write("d/x", "");
    assert_int_equal(symlink("d", "l"), 0);
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    const char *paths[] = {"l", "l/x"};
    char expected[64];
    snprintf(expected, sizeof expected, "%s/d/x", folder_path);
    struct walk *walk;
    struct walk_entry entry;
    assert_int_equal(walk_open(&walk, paths, 2, &options, NULL), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(walk_next(walk, &entry, NULL), 1);
        assert_string_equal(entry.path, "l/x");
        assert_string_equal(entry.source, expected);
    }
    walk_close(walk);
}

static void what_is_missing_is_named_and_counted(void **state) {
    (void)state;
    folder_write("x", "");
    const char *paths[] = {"nothing", "x"};
    assert_string_equal(walk_paths(paths, 2), "x\n");
    assert_int_equal(skipped, 1);
    assert_string_equal(bytes_string(&notices), "S nothing: No such file or directory\n");
}

static void an_unreadable_folder_is_named_and_counted(void **state) {
    (void)state;
    if (!geteuid()) {
        print_message("running as root, for whom every folder is readable\n");
        skip();
    }
    assert_int_equal(mkdir("d", 0000), 0);
    assert_string_equal(walk_path("."), "");
    assert_int_equal(skipped, 1);
}

static void a_fifo_is_a_stream_if_named_and_left_out_if_found(void **state) {
    (void)state;
    assert_int_equal(mkfifo("f", 0600), 0);
    assert_string_equal(walk_path("."), "");
    assert_int_equal(skipped, 0);
    assert_non_null(strstr(bytes_string(&notices), "D f: it is a fifo"));
    assert_string_equal(walk_path("f"), "f\n");
}

static void standard_input_is_an_entry_of_its_own(void **state) {
    (void)state;
    assert_string_equal(walk_path("-"), "-\n");
}

static void what_was_looked_ahead_for_comes_in_the_same_order(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/e", 0700), 0);
    const char *names[] = {"d/a", "d/b", "d/e/c", "d/e/d", "d/f"}, *path = "d";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        folder_write(names[i], "12345");
    for (size_t most = 0; most < 7; most++) {
        struct corpus_options options = CORPUS_OPTIONS_INIT;
        struct walk *walk;
        struct walk_entry entry;
        uint64_t bytes = 0;
        size_t streams = 0, count = 0;
        assert_int_equal(walk_open(&walk, &path, 1, &options, NULL), 0);
        assert_int_equal(walk_look_ahead(walk, most, &bytes, &streams, NULL), most > 5);
        assert_int_equal(bytes, 5 * (most < 5 ? most : 5));
        assert_int_equal(streams, 0);
        for (; walk_next(walk, &entry, NULL) > 0; count++) {
            assert_string_equal(entry.path, names[count]);
            assert_int_equal(entry.size, 5);
        }
        assert_int_equal(count, 5);
        walk_close(walk);
        assert_int_equal(walk_open(&walk, &path, 1, &options, NULL), 0); /* and freed unread */
        assert_true(walk_look_ahead(walk, most, &bytes, &streams, NULL) >= 0);
        walk_close(walk);
    }
}

static void a_folder_tells_whether_sidecars_lie_in_it(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d/e", 0700), 0);
    folder_write("d/a", "");
    folder_write("d/a.meta.json", "{}");
    folder_write("d/e/b", "");
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    const char *paths[] = {"d", "d/e/b"};
    static const bool alone[] = {false, true, false}; /* one that is named: who knows */
    struct walk *walk;
    struct walk_entry entry;
    assert_int_equal(walk_open(&walk, paths, 2, &options, NULL), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(walk_next(walk, &entry, NULL), 1);
        assert_int_equal(entry.alone, alone[i]);
    }
    walk_close(walk);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(files_come_in_bytewise_order),
        TEST(paths_are_cleaned_and_dot_vanishes),
        TEST(cleaning_keeps_roots_and_parents),
        TEST(folders_to_leave_out_are_not_entered_unless_named),
        TEST(hidden_names_and_backups_are_left_out_unless_named),
        TEST(a_link_back_up_is_not_followed_again),
        TEST(the_source_is_absolute_and_without_linked_folders),
        TEST(what_is_missing_is_named_and_counted),
        TEST(an_unreadable_folder_is_named_and_counted),
        TEST(a_fifo_is_a_stream_if_named_and_left_out_if_found),
        TEST(standard_input_is_an_entry_of_its_own),
        TEST(what_was_looked_ahead_for_comes_in_the_same_order),
        TEST(a_folder_tells_whether_sidecars_lie_in_it),
    };
    int failed = cmocka_run_group_tests_name("walk", tests, NULL, NULL);
    bytes_free(&found);
    bytes_free(&notices);
    return failed;
}
