/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/analysis/analyser.h"
#include "indexer/manifest.h"
#include "indexer/tombstones.h"

#include <jansson.h>

static const char *manifest_path(void) {
    return scratch_path("manifest.json");
}

static void write_example(void) {
    struct manifest manifest;
    manifest_init(&manifest, language_number("english"));
    manifest.generation = 7;
    manifest.next_segment = 12;
    struct manifest_segment old = {.name = 1,
                                   .documents = 100,
                                   .passages = 2000,
                                   .builder = "xapian",
                                   .tombstones = 6,
                                   .deleted_documents = 5,
                                   .deleted_passages = 60,
                                   .languages = UINT64_C(1) << language_number("english")};
    struct manifest_segment new = {.name = 11, .documents = 1, .passages = 1, .builder = "glass"};
    assert_int_equal(manifest_add(&manifest, &old, NULL), 0);
    assert_int_equal(manifest_add(&manifest, &new, NULL), 0);
    assert_int_equal(manifest_write(&manifest, scratch, NULL), 0);
    manifest_free(&manifest);
}

static int read_status(struct error *err) {
    struct manifest manifest;
    int status = manifest_read(&manifest, scratch, err);
    manifest_free(&manifest);
    return status;
}

static void test_a_manifest_comes_back(void **state) {
    (void)state;
    struct manifest manifest;
    write_example();
    assert_int_equal(manifest_read(&manifest, scratch, NULL), 0);
    assert_int_equal(manifest.generation, 7);
    assert_int_equal(manifest.next_segment, 12);
    assert_int_equal(manifest.language, language_number("english"));
    assert_int_equal(manifest.segment_count, 2);
    const struct manifest_segment *old = &manifest.segments[0], *new = &manifest.segments[1];
    assert_int_equal(old->name, 1);
    assert_int_equal(old->documents, 100);
    assert_int_equal(old->passages, 2000);
    assert_string_equal(old->builder, "xapian");
    assert_int_equal(old->tombstones, 6);
    assert_int_equal(old->deleted_documents, 5);
    assert_int_equal(old->deleted_passages, 60);
    assert_int_equal(new->name, 11);
    assert_int_equal(new->tombstones, 0);
    assert_int_equal(manifest_languages(&manifest), UINT64_C(1) << language_number("english"));
    manifest_free(&manifest);
    assert_false(scratch_exists(scratch_path("manifest.json.tmp")));
}

/* The days of generations 1, 2, ... published at these hours since 1970, an hour after another. */
static void publish_at(struct manifest *manifest, const unsigned *hours, size_t count) {
    manifest_init(manifest, -1);
    for (size_t i = 0; i < count; i++) {
        char epoch[20];
        snprintf(epoch, sizeof epoch, "%u", hours[i] * 3600);
        setenv("SOURCE_DATE_EPOCH", epoch, 1);
        struct manifest next;
        manifest_init(&next, -1);
        next.generation = manifest->generation + 1;
        assert_int_equal(manifest_note_published(&next, manifest, NULL), 0);
        manifest_free(manifest);
        *manifest = next;
    }
    unsetenv("SOURCE_DATE_EPOCH");
}

static void test_a_day_is_kept_with_its_last_generation(void **state) {
    (void)state;
    struct manifest made, read;
    /* 1 January twice, 3 January, a clock set back to the first, 4 January. */
    publish_at(&made, (const unsigned[]){1, 23, 50, 5, 72}, 5);
    assert_int_equal(manifest_write(&made, scratch, NULL), 0);
    assert_int_equal(manifest_read(&read, scratch, NULL), 0);
    assert_int_equal(read.day_count, 3);
    assert_int_equal(manifest_day_of(&read, 1), 19700101);
    assert_int_equal(manifest_day_of(&read, 2), 19700101);
    assert_int_equal(manifest_day_of(&read, 3), 19700103);
    assert_int_equal(manifest_day_of(&read, 4), 19700103);
    assert_int_equal(manifest_day_of(&read, 5), 19700104);
    assert_int_equal(manifest_day_of(&read, 6), 0);
    assert_int_equal(manifest_day_of(&read, 0), 0);
    assert_int_equal(manifest_generation_before(&read, 19700101), 0);
    assert_int_equal(manifest_generation_before(&read, 19700102), 2);
    assert_int_equal(manifest_generation_before(&read, 19700104), 4);
    assert_int_equal(manifest_generation_before(&read, 20000000), 5);
    manifest_free(&made);
    manifest_free(&read);
}

/* Days that fall, are of no generation, or are no pairs; with a right checksum. */
static void test_days_out_of_order_are_damage(void **state) {
    (void)state;
    struct manifest_day bad[][2] = {{{20200102, 1}, {20200101, 2}},
                                    {{20200101, 2}, {20200102, 2}},
                                    {{20200101, 1}, {20200102, 9}},
                                    {{0, 1}, {20200102, 2}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct manifest manifest;
        struct error err;
        manifest_init(&manifest, -1);
        manifest.generation = 8;
        manifest.days = bad[i];
        manifest.day_count = 2;
        assert_int_equal(manifest_write(&manifest, scratch, NULL), 0);
        assert_int_equal(read_status(&err), PLENARY_EDAMAGED);
        assert_non_null(strstr(err.message, "a day"));
    }
}

static void test_detected_languages_are_null(void **state) {
    (void)state;
    struct manifest manifest;
    manifest_init(&manifest, -1);
    assert_int_equal(manifest_write(&manifest, scratch, NULL), 0);
    manifest.language = 5;
    assert_int_equal(manifest_read(&manifest, scratch, NULL), 0);
    assert_int_equal(manifest.language, -1);
    assert_int_equal(manifest.segment_count, 0);
    manifest_free(&manifest);
}

static void test_any_change_of_a_byte_is_noticed_or_harmless(void **state) {
    (void)state;
    write_example();
    size_t size;
    uint8_t *data = scratch_read(manifest_path(), &size);
    unsigned harmless = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t kept = data[i];
        data[i] = (uint8_t)(kept ^ 1);
        scratch_write(manifest_path(), data, size);
        data[i] = kept;
        struct manifest manifest;
        if (manifest_read(&manifest, scratch, NULL) == 0) {
            /* White space may have become other white space. */
            harmless++;
            assert_int_equal(manifest.generation, 7);
            assert_int_equal(manifest.segments[0].documents, 100);
        }
        manifest_free(&manifest);
    }
    assert_true(harmless < size / 4);
    free(data);
}

static void test_truncation_at_any_length_is_an_error(void **state) {
    (void)state;
    write_example();
    size_t size;
    uint8_t *data = scratch_read(manifest_path(), &size);
    for (size_t length = 0; length < size; length++) {
        scratch_write(manifest_path(), data, length);
        assert_int_equal(read_status(NULL), PLENARY_EDAMAGED);
    }
    free(data);
}

/* Set a field of the example by jansson's format, leaving the checksum as it was. */
static void write_changed(json_t *change) {
    write_example();
    json_t *object = json_load_file(manifest_path(), 0, NULL);
    assert_non_null(object);
    assert_int_equal(json_object_update(object, change), 0);
    assert_int_equal(json_dump_file(object, manifest_path(), 0), 0);
    json_decref(object);
    json_decref(change);
}

static void test_other_formats_versions_and_features_are_told_apart(void **state) {
    (void)state;
    struct error err;
    write_changed(json_pack("{s:s}", "format", "something-else"));
    assert_int_equal(read_status(&err), PLENARY_ENOTFOUND);
    write_changed(json_pack("{s:i}", "version", 3));
    assert_int_equal(read_status(&err), PLENARY_EVERSION);
    assert_non_null(strstr(err.message, "version 2"));
    write_changed(json_pack("{s:[s]}", "features", "impact-order"));
    assert_int_equal(read_status(&err), PLENARY_EVERSION);
    assert_non_null(strstr(err.message, "\"impact-order\""));
    assert_non_null(strstr(err.message, "newer plenary"));
    write_changed(json_pack("{s:i}", "generation", 8));
    assert_int_equal(read_status(&err), PLENARY_EDAMAGED);
    assert_non_null(strstr(err.message, "checksum"));
}

static void test_another_analysis_is_told_with_what_to_do(void **state) {
    (void)state;
    struct manifest manifest;
    struct error err;
    manifest_init(&manifest, -1);
    manifest.analysis_version = ANALYSIS_VERSION + 1;
    assert_int_equal(manifest_write(&manifest, scratch, NULL), 0);
    assert_int_equal(read_status(&err), PLENARY_EVERSION);
    assert_non_null(strstr(err.message, "build the index again"));
}

static void test_no_folder_no_index_and_a_file_have_their_own_sentences(void **state) {
    (void)state;
    struct manifest manifest;
    struct error err;
    unlink(manifest_path());
    assert_int_equal(manifest_read(&manifest, scratch, &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "no index here"));
    assert_int_equal(manifest_read(&manifest, scratch_path("none"), &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "no such folder"));
    scratch_write(scratch_path("file"), "x", 1);
    assert_int_equal(manifest_read(&manifest, scratch_path("file"), &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "not an index"));
}

static void test_what_cannot_be_written_leaves_the_old_one(void **state) {
    (void)state;
    struct manifest manifest;
    struct error err;
    write_example();
    /* A folder in the way of the new file. */
    assert_int_equal(mkdir(scratch_path("manifest.json.tmp"), 0777), 0);
    manifest_init(&manifest, -1);
    assert_int_equal(manifest_write(&manifest, scratch, &err), PLENARY_EIO);
    assert_non_null(strstr(err.message, "manifest.json.tmp"));
    assert_int_equal(rmdir(scratch_path("manifest.json.tmp")), 0);
    assert_int_equal(manifest_read(&manifest, scratch, NULL), 0);
    assert_int_equal(manifest.generation, 7);
    manifest_free(&manifest);
}

/* ---- Tombstones ------------------------------------------------------------------------------ */

static void test_tombstones_come_back(void **state) {
    (void)state;
    struct tombstones written, read;
    const char *path = scratch_path("tombstones-3");
    tombstones_init(&written, 1000, 100000);
    assert_int_equal(tombstones_add(&written, 3, 100, 150, NULL), 0);
    assert_int_equal(tombstones_add(&written, 999, 99999, 100000, NULL), 0);
    assert_int_equal(tombstones_add(&written, 3, 100, 150, NULL), 0); /* again: no effect */
    assert_int_equal(tombstones_add(&written, 500, 70000, 70000, NULL), 0);
    assert_int_equal(tombstones_write(&written, path, NULL), 0);
    assert_int_equal(tombstones_read(&read, path, 1000, 100000, NULL), 0);
    assert_int_equal(read.deleted_documents, 3);
    assert_int_equal(read.deleted_passages, 51);
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(tombstones_passage(&read, i), (i >= 100 && i < 150) || i == 99999);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(tombstones_document(&read, i), i == 3 || i == 999 || i == 500);
    assert_false(tombstones_passage(&read, UINT32_MAX));
    tombstones_free(&written);
    tombstones_free(&read);
}

/* Deleted or not, from every place to every end: as one that looks at each passage finds it. */
static void test_the_next_passage_that_is_deleted_or_not(void **state) {
    (void)state;
    enum { PASSAGES = 260, BEYOND = 270 };
    static const uint32_t dead[][2] = {{0, 1},     {5, 9},     {60, 70},
                                       {127, 128}, {128, 193}, {255, 260}};
    struct tombstones tombstones;
    tombstones_init(&tombstones, 100, PASSAGES);
    for (uint32_t step = 0; step <= 6; step++) { /* at first nothing is deleted */
        if (step)
            assert_int_equal(
                tombstones_add(&tombstones, step, dead[step - 1][0], dead[step - 1][1], NULL), 0);
        for (int deleted = 0; deleted <= 1; deleted++)
            for (uint32_t from = 0; from <= BEYOND; from++)
                for (uint32_t end = 0; end <= BEYOND; end++) {
                    uint32_t expected = from;
                    while (expected < end &&
                           tombstones_passage(&tombstones, expected) != (deleted == 1))
                        expected++;
                    assert_int_equal(tombstones_next(&tombstones, deleted, from, end),
                                     expected < end ? expected : end);
                }
    }
    tombstones_free(&tombstones);
}

static void test_tombstones_of_another_segment_are_damage(void **state) {
    (void)state;
    struct tombstones tombstones;
    const char *path = scratch_path("tombstones-4");
    tombstones_init(&tombstones, 10, 100);
    assert_int_equal(tombstones_add(&tombstones, 9, 90, 100, NULL), 0);
    assert_int_equal(tombstones_add(&tombstones, 10, 90, 100, NULL), PLENARY_EINVALID);
    assert_int_equal(tombstones_write(&tombstones, path, NULL), 0);
    tombstones_free(&tombstones);
    assert_int_equal(tombstones_read(&tombstones, path, 9, 100, NULL), PLENARY_EDAMAGED);
    assert_int_equal(tombstones_read(&tombstones, path, 10, 99, NULL), PLENARY_EDAMAGED);
    assert_int_equal(tombstones_read(&tombstones, scratch_path("no"), 10, 99, NULL),
                     PLENARY_ENOTFOUND);
}

static void test_any_flipped_byte_of_tombstones_is_an_error(void **state) {
    (void)state;
    struct tombstones tombstones;
    const char *path = scratch_path("tombstones-5");
    tombstones_init(&tombstones, 10, 100);
    assert_int_equal(tombstones_add(&tombstones, 4, 40, 60, NULL), 0);
    assert_int_equal(tombstones_write(&tombstones, path, NULL), 0);
    tombstones_free(&tombstones);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    for (size_t i = 0; i < size; i++) {
        data[i] ^= 2;
        scratch_write(path, data, size);
        data[i] ^= 2;
        assert_int_equal(tombstones_read(&tombstones, path, 10, 100, NULL), PLENARY_EDAMAGED);
    }
    free(data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_manifest_comes_back),
        cmocka_unit_test(test_a_day_is_kept_with_its_last_generation),
        cmocka_unit_test(test_days_out_of_order_are_damage),
        cmocka_unit_test(test_detected_languages_are_null),
        cmocka_unit_test(test_any_change_of_a_byte_is_noticed_or_harmless),
        cmocka_unit_test(test_truncation_at_any_length_is_an_error),
        cmocka_unit_test(test_other_formats_versions_and_features_are_told_apart),
        cmocka_unit_test(test_another_analysis_is_told_with_what_to_do),
        cmocka_unit_test(test_no_folder_no_index_and_a_file_have_their_own_sentences),
        cmocka_unit_test(test_what_cannot_be_written_leaves_the_old_one),
        cmocka_unit_test(test_tombstones_come_back),
        cmocka_unit_test(test_the_next_passage_that_is_deleted_or_not),
        cmocka_unit_test(test_tombstones_of_another_segment_are_damage),
        cmocka_unit_test(test_any_flipped_byte_of_tombstones_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
