/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/segment/sidecar.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

enum { KIND = 'Z', VERSION = 3 };

/* Two sections: "first" as 1, `size` bytes that count up as 7. */
static void write_example(const char *path, size_t size) {
    struct sidecar_writer *writer;
    assert_int_equal(sidecar_create(&writer, path, KIND, VERSION, NULL), 0);
    assert_int_equal(sidecar_begin(writer, 1, NULL), 0);
    assert_int_equal(sidecar_append(writer, "first", 5, NULL), 0);
    assert_int_equal(sidecar_begin(writer, 7, NULL), 0);
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = (uint8_t)(i * 31 >> 3);
        assert_int_equal(sidecar_append(writer, &byte, 1, NULL), 0);
    }
    assert_int_equal(sidecar_finish(writer, NULL), 0);
    sidecar_writer_close(writer);
}

/* 0 if both sections come back right, an error if that is said, 99 if they are silently wrong. */
static int read_example(const char *path, size_t size, struct error *err) {
    struct sidecar *sidecar;
    struct section first, second;
    int status = sidecar_open(&sidecar, path, KIND, VERSION, err);
    if (status)
        return status;
    status = sidecar_section(sidecar, 1, &first, err);
    if (!status)
        status = sidecar_section(sidecar, 7, &second, err);
    if (!status)
        status = section_need(&first, 0, first.size, err);
    if (!status)
        status = section_need(&second, 0, second.size, err);
    if (!status && (first.size != 5 || memcmp(first.data, "first", 5) || second.size != size))
        status = 99;
    for (size_t i = 0; !status && i < size; i++)
        status = second.data[i] == (uint8_t)(i * 31 >> 3) ? 0 : 99;
    sidecar_close(sidecar);
    return status;
}

static void test_sections_come_back(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 4000, 4096, 65536, 200001};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        write_example(scratch_path("example"), sizes[i]);
        assert_int_equal(read_example(scratch_path("example"), sizes[i], NULL), 0);
    }
}

static void test_any_flipped_byte_is_an_error(void **state) {
    (void)state;
    struct error err;
    const char *path = scratch_path("flipped");
    write_example(path, 5000);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    for (size_t i = 0; i < size; i++) {
        data[i] ^= (uint8_t)(1 << i % 8);
        scratch_write(path, data, size);
        int status = read_example(path, 5000, &err);
        assert_int_equal(status, PLENARY_EDAMAGED);
        assert_non_null(strstr(err.message, path));
        data[i] ^= (uint8_t)(1 << i % 8);
    }
    free(data);
}

static void test_truncation_at_any_length_is_an_error(void **state) {
    (void)state;
    const char *path = scratch_path("short");
    write_example(path, 300);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    for (size_t length = 0; length < size; length++) {
        scratch_write(path, data, length);
        assert_int_equal(read_example(path, 300, NULL), PLENARY_EDAMAGED);
    }
    free(data);
}

static void test_damage_names_file_and_byte(void **state) {
    (void)state;
    const char *path = scratch_path("named");
    write_example(path, 20000);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    data[9000] ^= 1; /* in the third page */
    scratch_write(path, data, size);
    free(data);
    struct error err;
    assert_int_equal(read_example(path, 20000, &err), PLENARY_EDAMAGED);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "byte 8192"));
}

static void count_fault(void *context, const char *fault) {
    assert_non_null(strstr(fault, "damaged at byte"));
    ++*(unsigned *)context;
}

static void test_pages_are_verified_only_when_read_and_all_by_verify(void **state) {
    (void)state;
    const char *path = scratch_path("lazy");
    write_example(path, 20000);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    data[9000] ^= 1;
    data[17000] ^= 1;
    scratch_write(path, data, size);
    free(data);
    struct sidecar *sidecar;
    struct section section;
    assert_int_equal(sidecar_open(&sidecar, path, KIND, VERSION, NULL), 0);
    assert_int_equal(sidecar_section(sidecar, 7, &section, NULL), 0);
    assert_int_equal(section_need(&section, 0, 4000, NULL), 0);
    assert_int_equal(section_need(&section, 9000, 1, NULL), PLENARY_EDAMAGED);
    assert_int_equal(section_need(&section, 9000, 1, NULL), PLENARY_EDAMAGED);
    unsigned faults = 0;
    assert_int_equal(sidecar_verify(sidecar, count_fault, &faults), 2);
    assert_int_equal(faults, 2);
    sidecar_close(sidecar);
}

static void test_reading_outside_a_section_is_an_error(void **state) {
    (void)state;
    const char *path = scratch_path("outside");
    write_example(path, 100);
    struct sidecar *sidecar;
    struct section section;
    assert_int_equal(sidecar_open(&sidecar, path, KIND, VERSION, NULL), 0);
    assert_int_equal(sidecar_section(sidecar, 7, &section, NULL), 0);
    assert_int_equal(section_need(&section, 0, 101, NULL), PLENARY_EDAMAGED);
    assert_int_equal(section_need(&section, 100, 0, NULL), 0);
    assert_int_equal(section_need(&section, 101, 0, NULL), PLENARY_EDAMAGED);
    assert_int_equal(section_need(&section, UINT64_MAX, 2, NULL), PLENARY_EDAMAGED);
    assert_int_equal(sidecar_section(sidecar, 2, &section, NULL), PLENARY_EDAMAGED);
    sidecar_close(sidecar);
}

static void test_another_kind_version_or_no_file_are_told_apart(void **state) {
    (void)state;
    struct sidecar *sidecar;
    struct error err;
    const char *path = scratch_path("other");
    write_example(path, 10);
    assert_int_equal(sidecar_open(&sidecar, path, 'Q', VERSION, &err), PLENARY_EDAMAGED);
    assert_int_equal(sidecar_open(&sidecar, path, KIND, VERSION + 1, &err), PLENARY_EVERSION);
    assert_non_null(strstr(err.message, "version 3"));
    assert_int_equal(sidecar_open(&sidecar, scratch_path("none"), KIND, VERSION, &err),
                     PLENARY_ENOTFOUND);
    assert_int_equal(sidecar_open(&sidecar, scratch, KIND, VERSION, &err), PLENARY_EDAMAGED);
}

static void test_a_full_disk_is_reported_and_leaves_no_file(void **state) {
    (void)state;
    struct rlimit before, small = {100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small.rlim_max = before.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    struct sidecar_writer *writer;
    struct error err;
    const char *path = scratch_path("full");
    static const uint8_t block[1000];
    int status = sidecar_create(&writer, path, KIND, VERSION, &err);
    assert_int_equal(status, 0);
    status = sidecar_begin(writer, 1, &err);
    for (unsigned i = 0; !status && i < 300; i++)
        status = sidecar_append(writer, block, sizeof block, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, PLENARY_EIO);
    assert_non_null(strstr(err.message, path));
    sidecar_writer_close(writer);
    assert_false(scratch_exists(path));
}

static void test_a_folder_that_is_not_there_is_reported(void **state) {
    (void)state;
    struct sidecar_writer *writer;
    struct error err;
    assert_int_equal(sidecar_create(&writer, scratch_path("no/file"), KIND, VERSION, &err),
                     PLENARY_EIO);
    assert_null(writer);
    assert_non_null(strstr(err.message, "no/file"));
}

static void *read_all(void *context) {
    const struct section *section = context;
    for (uint64_t i = 0; i < section->size; i += 64) {
        if (section_need(section, i, 1, NULL))
            return context;
    }
    return NULL;
}

static void test_threads_may_read_together(void **state) {
    (void)state;
    struct sidecar *sidecar;
    struct section section;
    pthread_t threads[4];
    write_example(scratch_path("shared"), 500000);
    assert_int_equal(sidecar_open(&sidecar, scratch_path("shared"), KIND, VERSION, NULL), 0);
    assert_int_equal(sidecar_section(sidecar, 7, &section, NULL), 0);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_all, &section), 0);
    for (unsigned i = 0; i < 4; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    sidecar_close(sidecar);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_come_back),
        cmocka_unit_test(test_any_flipped_byte_is_an_error),
        cmocka_unit_test(test_truncation_at_any_length_is_an_error),
        cmocka_unit_test(test_damage_names_file_and_byte),
        cmocka_unit_test(test_pages_are_verified_only_when_read_and_all_by_verify),
        cmocka_unit_test(test_reading_outside_a_section_is_an_error),
        cmocka_unit_test(test_another_kind_version_or_no_file_are_told_apart),
        cmocka_unit_test(test_a_full_disk_is_reported_and_leaves_no_file),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_reported),
        cmocka_unit_test(test_threads_may_read_together),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
