/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/lock.h"

#include <signal.h>
#include <sys/wait.h>

static void test_a_second_writer_is_refused_and_told_who_holds_it(void **state) {
    (void)state;
    int first, second;
    struct error err;
    char process[40];
    assert_int_equal(lock_take(&first, scratch, 0, &err), 0);
    assert_int_equal(lock_take(&second, scratch, 0, &err), PLENARY_ELOCKED);
    snprintf(process, sizeof process, "test_lock (process %d)", (int)getpid());
    assert_non_null(strstr(err.message, process));
    assert_non_null(strstr(err.message, scratch));
    assert_non_null(strstr(err.message, "--wait SECONDS"));
    lock_release(first);
    assert_int_equal(lock_take(&second, scratch, 0, &err), 0);
    lock_release(second);
}

static void test_a_file_that_nobody_holds_is_no_lock(void **state) {
    (void)state;
    int lock;
    scratch_write(scratch_path("lock"), "1 plenary-index\n", 16);
    assert_int_equal(lock_take(&lock, scratch, 0, NULL), 0);
    lock_release(lock);
    assert_true(scratch_exists(scratch_path("lock")));
}

static void test_the_lock_goes_with_the_process_even_if_killed(void **state) {
    (void)state;
    int ready[2], lock;
    char byte;
    struct error err;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (lock_take(&lock, scratch, 0, NULL) || write(ready[1], "", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(lock_take(&lock, scratch, 0, &err), PLENARY_ELOCKED);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(lock_take(&lock, scratch, 0, &err), 0);
    lock_release(lock);
    close(ready[0]);
    close(ready[1]);
}

static void test_waiting_gets_the_lock_once_it_is_free(void **state) {
    (void)state;
    int ready[2], lock;
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (lock_take(&lock, scratch, 0, NULL) || write(ready[1], "", 1) != 1)
            _exit(1);
        usleep(300000);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(lock_take(&lock, scratch, 20, NULL), 0);
    lock_release(lock);
    waitpid(child, NULL, 0);
    close(ready[0]);
    close(ready[1]);
}

static void test_waiting_ends(void **state) {
    (void)state;
    int first, second;
    assert_int_equal(lock_take(&first, scratch, 0, NULL), 0);
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    assert_int_equal(lock_take(&second, scratch, 1, NULL), PLENARY_ELOCKED);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(end.tv_sec > begin.tv_sec);
    lock_release(first);
}

static void test_a_note_that_is_not_ours_is_not_printed(void **state) {
    (void)state;
    int lock, second;
    struct error err;
    assert_int_equal(lock_take(&lock, scratch, 0, NULL), 0);
    scratch_write(scratch_path("lock"), "\x1b[2J nonsense\n", 14);
    assert_int_equal(lock_take(&second, scratch, 0, &err), PLENARY_ELOCKED);
    assert_null(strchr(err.message, '\x1b'));
    assert_non_null(strstr(err.message, "another process"));
    lock_release(lock);
}

static void test_a_missing_folder_is_an_error(void **state) {
    (void)state;
    int lock;
    struct error err;
    assert_int_equal(lock_take(&lock, scratch_path("none"), 0, &err), PLENARY_EIO);
    assert_int_equal(lock, -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_second_writer_is_refused_and_told_who_holds_it),
        cmocka_unit_test(test_a_file_that_nobody_holds_is_no_lock),
        cmocka_unit_test(test_the_lock_goes_with_the_process_even_if_killed),
        cmocka_unit_test(test_waiting_gets_the_lock_once_it_is_free),
        cmocka_unit_test(test_waiting_ends),
        cmocka_unit_test(test_a_note_that_is_not_ours_is_not_printed),
        cmocka_unit_test(test_a_missing_folder_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
