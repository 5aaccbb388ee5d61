/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"
#include "tests/unit/rounds.h"

#include "indexer/segment/text.h"

/* Texts of the given sizes one after the other, as text and as one buffer to compare with. */
struct fixture {
    char *whole;
    size_t size;
    struct text text;
};

static char letter(size_t i) {
    return "the assembly noted with concern "[i * i / 7 % 32];
}

static void open_text(struct fixture *fixture, const size_t *sizes, size_t count) {
    const char *path = scratch_path("text.blocks");
    struct text_writer *writer;
    fixture->size = 0;
    for (size_t i = 0; i < count; i++)
        fixture->size += sizes[i];
    fixture->whole = malloc(fixture->size + 1);
    for (size_t i = 0; i < fixture->size; i++)
        fixture->whole[i] = letter(i);
    assert_int_equal(text_create(&writer, path, NULL), 0);
    struct text_packer *packer;
    struct text_blocks blocks;
    text_blocks_init(&blocks);
    assert_int_equal(text_packer_open(&packer, NULL), 0);
    size_t begin = 0;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(text_packer_add(packer, &blocks, fixture->whole + begin, sizes[i], NULL),
                         0);
        begin += sizes[i];
        if (i % 8 != 5 && i + 1 < count) /* batches end in between */
            continue;
        assert_int_equal(text_packer_finish(packer, &blocks, NULL), 0);
        assert_int_equal(text_append(writer, &blocks, NULL), 0);
        assert_int_equal(text_size(writer), begin);
        text_blocks_reset(&blocks);
    }
    text_blocks_free(&blocks);
    text_packer_close(packer);
    assert_int_equal(text_finish(writer, NULL), 0);
    text_writer_close(writer);
    assert_int_equal(text_open(&fixture->text, path, fixture->size, NULL), 0);
}

static void close_text(struct fixture *fixture) {
    text_close(&fixture->text);
    free(fixture->whole);
}

static void expect_range(const struct fixture *fixture, size_t begin, size_t end) {
    struct bytes out = BYTES_INIT;
    bytes_add_string(&out, "before ");
    assert_int_equal(text_read(&fixture->text, begin, end, NULL, &out, NULL), 0);
    assert_int_equal(out.size, 7 + end - begin);
    assert_memory_equal(out.data, "before ", 7);
    if (end > begin)
        assert_memory_equal(out.data + 7, fixture->whole + begin, end - begin);
    bytes_free(&out);
}

static void test_any_range_comes_back(void **state) {
    (void)state;
    static const size_t sizes[] = {10,     0,     65526, 1, 65536, 65537, 300000,
                                   100000, 65535, 5,     0, 40000, 40000, 40000};
    struct fixture fixture;
    open_text(&fixture, sizes, sizeof sizes / sizeof *sizes);
    uint64_t random = random_seed();
    expect_range(&fixture, 0, fixture.size);
    expect_range(&fixture, fixture.size, fixture.size);
    for (unsigned i = 0; i < rounds(2000); i++) {
        size_t begin = random_next(&random) % fixture.size;
        size_t end = begin + random_next(&random) % 3000 % (fixture.size - begin + 1);
        expect_range(&fixture, begin, end);
    }
    assert_int_equal(text_verify(&fixture.text, NULL), 0);
    close_text(&fixture);
}

static void test_no_text_is_fine(void **state) {
    (void)state;
    static const size_t none[] = {0, 0};
    struct fixture fixture;
    open_text(&fixture, none, 2);
    expect_range(&fixture, 0, 0);
    assert_int_equal(text_verify(&fixture.text, NULL), 0);
    close_text(&fixture);
}

static void test_a_range_outside_is_an_error(void **state) {
    (void)state;
    static const size_t sizes[] = {1000};
    struct fixture fixture;
    struct bytes out = BYTES_INIT;
    open_text(&fixture, sizes, 1);
    assert_int_equal(text_read(&fixture.text, 0, 1001, NULL, &out, NULL), PLENARY_EINVALID);
    assert_int_equal(text_read(&fixture.text, 5, 4, NULL, &out, NULL), PLENARY_EINVALID);
    assert_int_equal(text_read(&fixture.text, UINT64_MAX, UINT64_MAX, NULL, &out, NULL),
                     PLENARY_EINVALID);
    close_text(&fixture);
    bytes_free(&out);
}

static void test_small_documents_share_a_block_and_are_not_cut(void **state) {
    (void)state;
    size_t sizes[20];
    for (size_t i = 0; i < 20; i++)
        sizes[i] = 10000;
    struct fixture fixture;
    open_text(&fixture, sizes, 20);
    /* Six of 10000 bytes fit into 64 KiB. */
    assert_int_equal(fixture.text.starts.count - 1, 4);
    uint64_t start;
    assert_int_equal(column_get(&fixture.text.starts, 1, &start, NULL), 0);
    assert_int_equal(start, 60000);
    close_text(&fixture);
}

static void test_another_size_than_the_segment_expects_is_damage(void **state) {
    (void)state;
    static const size_t sizes[] = {1000};
    struct fixture fixture;
    struct text text;
    open_text(&fixture, sizes, 1);
    assert_int_equal(text_open(&text, scratch_path("text.blocks"), 999, NULL), PLENARY_EDAMAGED);
    text_close(&text);
    close_text(&fixture);
}

static void test_any_flipped_byte_is_an_error(void **state) {
    (void)state;
    static const size_t sizes[] = {2000, 500};
    const char *path = scratch_path("text.blocks");
    struct fixture fixture;
    open_text(&fixture, sizes, 2);
    size_t size;
    uint8_t *data = scratch_read(path, &size);
    for (size_t i = 0; i < size; i++) {
        struct text text;
        struct bytes out = BYTES_INIT;
        struct error err;
        data[i] ^= 0x10;
        scratch_write(scratch_path("flipped"), data, size);
        data[i] ^= 0x10;
        int status = text_open(&text, scratch_path("flipped"), 2500, &err);
        if (!status)
            status = text_read(&text, 0, 2500, NULL, &out, &err);
        assert_int_equal(status, PLENARY_EDAMAGED);
        text_close(&text);
        bytes_free(&out);
    }
    free(data);
    close_text(&fixture);
}

/* A file whose checksums are right around a block that is not zlib's. */
static void test_a_block_that_does_not_inflate_is_an_error(void **state) {
    (void)state;
    const char *path = scratch_path("nonsense");
    struct sidecar_writer *file;
    struct column_writer begins, starts;
    column_writer_init(&begins);
    column_writer_init(&starts);
    assert_int_equal(sidecar_create(&file, path, 'T', 1, NULL), 0);
    sidecar_begin(file, 1, NULL);
    sidecar_append(file, "this is no zlib stream", 22, NULL);
    column_add(&begins, 0);
    column_add(&begins, 22);
    column_add(&starts, 0);
    column_add(&starts, 500);
    assert_int_equal(column_write(&begins, file, 2, NULL), 0);
    assert_int_equal(column_write(&starts, file, 3, NULL), 0);
    assert_int_equal(sidecar_finish(file, NULL), 0);
    sidecar_writer_close(file);
    struct text text;
    struct bytes out = BYTES_INIT;
    struct error err;
    assert_int_equal(text_open(&text, path, 500, &err), 0);
    assert_int_equal(text_read(&text, 0, 500, NULL, &out, &err), PLENARY_EDAMAGED);
    assert_int_equal(text_read(&text, 0, 10, NULL, &out, &err), PLENARY_EDAMAGED);
    assert_int_equal(text_verify(&text, &err), PLENARY_EDAMAGED);
    assert_non_null(strstr(err.message, "inflate"));
    text_close(&text);
    bytes_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_range_comes_back),
        cmocka_unit_test(test_no_text_is_fine),
        cmocka_unit_test(test_a_range_outside_is_an_error),
        cmocka_unit_test(test_small_documents_share_a_block_and_are_not_cut),
        cmocka_unit_test(test_another_size_than_the_segment_expects_is_damage),
        cmocka_unit_test(test_any_flipped_byte_is_an_error),
        cmocka_unit_test(test_a_block_that_does_not_inflate_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
