/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checksums over the files of a segment's database, and the UUID that comes from its content. */
#include "tests/unit/indexer/scratch.h"

#include "indexer/index.h"
#include "indexer/segment/folder.h"
#include "indexer/segment/glass_range.h"

enum { DOCUMENTS = 3000, UUID_AT = 16, UUID_SIZE = 16 };

static void assert_well(int status, const struct error *err) {
    if (status < 0)
        print_message("%s\n", err->message);
    assert_true(status >= 0);
}

/* Each document has "harbour", a word of its own and one of a tenth of all. */
static void add_documents(const char *index, unsigned first, unsigned count) {
    struct index_writer *writer;
    struct error err;
    struct document document;
    document_init(&document);
    assert_well(index_writer_open(&writer, index, NULL, &err), &err);
    for (unsigned i = first; i < first + count; i++) {
        char id[20], text[80];
        enum index_change change;
        document_reset(&document);
        snprintf(id, sizeof id, "d%u", i);
        snprintf(text, sizeof text, "harbour own%ux tenth%ux", i, i % 10);
        document.id = id;
        document.source = "/all.jsonl";
        document.language = "english";
        document.is_record = true;
        memcpy(document.content, &i, sizeof i);
        assert_non_null(document_add(&document, PASSAGE_PARAGRAPH, text, strlen(text)));
        assert_int_equal(document_finish(&document), 0);
        assert_well(index_writer_add(writer, &document, &change, &err), &err);
    }
    assert_well(index_writer_publish(writer, &err), &err);
    index_writer_close(writer);
    document_free(&document);
}

/* The index that the tests damage and mend, its segment, and the table of that. */
static char folder[256], postlist[300];

static const char *file_of(const char *name) {
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_index(void **state) {
    scratch_make(state);
    add_documents(scratch_path("index"), 0, DOCUMENTS);
    snprintf(folder, sizeof folder, "%s/index/segments/000001", scratch);
    snprintf(postlist, sizeof postlist, "%s/postlist.glass", folder);
    return 0;
}

static void flip_byte(const char *path, uint64_t at) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, (long)at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, (long)at, SEEK_SET);
    fputc(byte ^ 1, file);
    assert_int_equal(fclose(file), 0);
}

static void count_fault(void *context, const char *fault) {
    unsigned *faults = context;
    assert_non_null(strstr(fault, "segments/000001"));
    ++*faults;
}

static void test_a_whole_segment_has_no_fault(void **state) {
    (void)state;
    unsigned faults = 0;
    struct error err;
    assert_int_equal(glass_sums_verify(folder, count_fault, &faults, &err), 0);
    assert_int_equal(faults, 0);
}

/* In each page of each file a bit is changed: the check finds that page and no other. */
static void test_a_bit_in_any_page_is_found(void **state) {
    (void)state;
    static const char *const names[] = {"postlist.glass", "iamglass", "postings.sums"};
    unsigned pages = 0;
    for (size_t i = 0; i < 2; i++) {
        const char *path = file_of(names[i]);
        uint64_t size = folder_file_size(folder, names[i]);
        for (uint64_t at = 0; at < size; at += GLASS_SUMS_PAGE, pages++) {
            uint64_t byte = at + 77 < size ? at + 77 : size - 1;
            unsigned faults = 0;
            struct error err;
            flip_byte(path, byte);
            assert_int_equal(glass_sums_verify(folder, count_fault, &faults, &err), 1);
            assert_int_equal(faults, 1);
            flip_byte(path, byte);
        }
    }
    assert_true(pages > 10);
}

static void test_what_a_search_needs_is_verified_and_no_more(void **state) {
    (void)state;
    uint64_t size = folder_file_size(folder, "postlist.glass");
    unsigned met_lengths = 0, met_own = 0, met_both = 0;
    for (uint64_t at = 0; at < size; at += GLASS_SUMS_PAGE) {
        struct segment *segment;
        struct error err;
        flip_byte(postlist, at + 5);
        assert_well(segment_open(&segment, folder, &err), &err);
        int lengths = segment_need_lengths(segment, &err);
        int own = segment_need_term(segment, "own7x", 5, &err);
        if (own)
            assert_non_null(strstr(err.message, "postlist.glass"));
        assert_true(lengths == 0 || lengths == PLENARY_EDAMAGED);
        assert_true(own == 0 || own == PLENARY_EDAMAGED);
        met_lengths += lengths < 0;
        met_own += own < 0;
        met_both += own < 0 && lengths < 0;
        segment_close(segment);
        flip_byte(postlist, at + 5);
    }
    /* The root for both; a leaf for a term that is in one document. */
    assert_int_equal(met_both, 1);
    assert_in_range(met_own, 2, 3);
    assert_in_range(met_lengths, 2, 6);
}

/* Every block that holds something of a long list, wherever it begins. */
static void test_all_blocks_of_a_term_are_needed(void **state) {
    (void)state;
    struct glass_reader *reader;
    struct error err;
    assert_well(glass_reader_open(&reader, folder, &err), &err);
    struct glass_cursor cursor;
    uint64_t pages[64];
    size_t count = 0;
    glass_cursor_init(&cursor, reader);
    while (glass_cursor_next_list(&cursor, &err) > 0) {
        if (cursor.term_size != 7 || memcmp(cursor.term, "harbour", 7))
            continue;
        do {
            if (cursor.postings >= reader->data && cursor.postings < reader->data + reader->size)
                pages[count++] = (uint64_t)(cursor.postings - reader->data) / GLASS_SUMS_PAGE;
        } while (glass_cursor_next_chunk(&cursor, &err) > 0);
    }
    glass_cursor_free(&cursor);
    glass_reader_close(reader);
    assert_true(count > 2);
    for (size_t i = 0; i < count; i++) {
        struct segment *segment;
        flip_byte(postlist, pages[i] * GLASS_SUMS_PAGE + 100);
        assert_well(segment_open(&segment, folder, &err), &err);
        assert_int_equal(segment_need_term(segment, "harbour", 7, &err), PLENARY_EDAMAGED);
        segment_close(segment);
        flip_byte(postlist, pages[i] * GLASS_SUMS_PAGE + 100);
    }
}

static void test_terms_that_do_not_occur_need_nothing(void **state) {
    (void)state;
    struct segment *segment;
    struct error err;
    char long_term[300];
    memset(long_term, 'z', sizeof long_term);
    assert_well(segment_open(&segment, folder, &err), &err);
    assert_int_equal(segment_need_term(segment, "", 0, &err), 0);
    assert_int_equal(segment_need_term(segment, "a", 1, &err), 0);
    assert_int_equal(segment_need_term(segment, "\xff", 1, &err), 0);
    assert_int_equal(segment_need_term(segment, "nul\0inside", 10, &err), 0);
    assert_int_equal(segment_need_term(segment, long_term, sizeof long_term, &err), 0);
    segment_close(segment);
}

static void test_files_of_another_size_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {"postlist.glass", "iamglass", "postings.sums"};
    for (size_t i = 0; i < 3; i++) {
        const char *path = file_of(names[i]);
        size_t size;
        uint8_t *data = scratch_read(path, &size);
        struct segment *segment;
        struct error err;
        scratch_write(path, data, size + 1); /* a byte too many */
        assert_int_equal(segment_open(&segment, folder, &err), PLENARY_EDAMAGED);
        assert_non_null(strstr(err.message, names[i]));
        scratch_write(path, data, size - 1);
        assert_int_equal(segment_open(&segment, folder, &err), PLENARY_EDAMAGED);
        scratch_write(path, data, size);
        assert_well(segment_open(&segment, folder, &err), &err);
        segment_close(segment);
        assert_int_equal(unlink(path), 0);
        assert_int_equal(segment_open(&segment, folder, &err), PLENARY_ENOTFOUND);
        assert_non_null(strstr(err.message, names[i]));
        scratch_write(path, data, size);
        free(data);
    }
}

static void test_a_table_that_does_not_belong_is_told(void **state) {
    (void)state;
    const char *path = file_of("spelling.glass");
    unsigned faults = 0;
    struct error err;
    scratch_write(path, "x", 1);
    assert_int_equal(glass_sums_verify(folder, count_fault, &faults, &err), 1);
    assert_int_equal(unlink(path), 0);
}

/* ---- The UUID ------------------------------------------------------------------------------ */

static void read_uuid(const char *index, const char *number, uint8_t uuid[UUID_SIZE]) {
    char path[300];
    size_t size;
    snprintf(path, sizeof path, "%s/segments/%s/iamglass", index, number);
    uint8_t *data = scratch_read(path, &size);
    memcpy(uuid, data + UUID_AT, UUID_SIZE);
    free(data);
}

static void test_equal_segments_have_equal_uuids(void **state) {
    (void)state;
    uint8_t one[UUID_SIZE], again[UUID_SIZE], other[UUID_SIZE];
    add_documents(scratch_path("one"), 0, 10);
    add_documents(scratch_path("again"), 0, 10);
    add_documents(scratch_path("other"), 1, 10);
    read_uuid(scratch_path("one"), "000001", one);
    read_uuid(scratch_path("again"), "000001", again);
    read_uuid(scratch_path("other"), "000001", other);
    assert_memory_equal(one, again, UUID_SIZE);
    assert_memory_not_equal(one, other, UUID_SIZE);
    assert_int_equal(one[6] >> 4, 8);
    assert_int_equal(one[8] >> 6, 2);
}

/* The postings of both are the same; the number tells them apart. */
static void test_segments_of_an_index_never_share_one(void **state) {
    (void)state;
    uint8_t first[UUID_SIZE], second[UUID_SIZE];
    const char *index = scratch_path("twins");
    add_documents(index, 0, 1);
    char to[300], command[700];
    snprintf(to, sizeof to, "%s/segments/000002", index);
    snprintf(command, sizeof command, "cp -r '%s/segments/000001' '%s' && rm '%s/postings.sums'",
             index, to, to);
    assert_int_equal(system(command), 0);
    struct error err;
    assert_well(glass_sums_seal(to, &err), &err);
    read_uuid(index, "000001", first);
    read_uuid(index, "000002", second);
    assert_memory_not_equal(first, second, UUID_SIZE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_segment_has_no_fault),
        cmocka_unit_test(test_a_bit_in_any_page_is_found),
        cmocka_unit_test(test_what_a_search_needs_is_verified_and_no_more),
        cmocka_unit_test(test_all_blocks_of_a_term_are_needed),
        cmocka_unit_test(test_terms_that_do_not_occur_need_nothing),
        cmocka_unit_test(test_files_of_another_size_are_refused),
        cmocka_unit_test(test_a_table_that_does_not_belong_is_told),
        cmocka_unit_test(test_equal_segments_have_equal_uuids),
        cmocka_unit_test(test_segments_of_an_index_never_share_one),
    };
    return cmocka_run_group_tests_name("indexer/glass_sums", tests, make_index, scratch_remove);
}
