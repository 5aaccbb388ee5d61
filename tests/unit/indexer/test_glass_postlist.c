/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "glass_reader.h"
#include "tests/unit/rounds.h"

#include "indexer/segment/glass_postlist.h"

#include <inttypes.h>

struct posting {
    uint32_t docid, wdf;
};

static struct bytes run_of(const struct posting *postings, size_t count) {
    struct bytes run = BYTES_INIT;
    uint32_t previous = 0;
    for (size_t i = 0; i < count; i++) {
        bytes_add_varint(&run, postings[i].docid - previous - 1);
        bytes_add_varint(&run, postings[i].wdf);
        previous = postings[i].docid;
    }
    return run;
}

static struct glass_frequencies frequencies_of(const struct bytes *run) {
    struct glass_frequencies frequencies = {0, 0};
    assert_int_equal(glass_run_count(run->data, run->size, &frequencies, NULL), 0);
    return frequencies;
}

static struct glass_postlist *create(const char *folder,
                                     const struct glass_postlist_options *options) {
    struct glass_postlist *postlist;
    struct error err;
    assert_int_equal(glass_postlist_create(&postlist, folder, options, &err), 0);
    return postlist;
}

/* Lengths of `count` documents, all the same. */
static void add_lengths(struct glass_postlist *postlist, uint32_t count, uint32_t length) {
    for (uint32_t docid = 1; docid <= count; docid++)
        assert_int_equal(glass_postlist_add_length(postlist, docid, length, NULL), 0);
}

static void add_term(struct glass_postlist *postlist, const char *term, const struct bytes *run,
                     uint32_t chunk_size) {
    struct glass_frequencies frequencies = frequencies_of(run);
    struct error err = {0};
    if (glass_postlist_begin(postlist, term, strlen(term), &frequencies, chunk_size, &err) ||
        glass_postlist_add_run(postlist, run->data, run->size, &err) ||
        glass_postlist_end(postlist, &err))
        fail_msg("%s", err.message);
}

static void finish(struct glass_postlist *postlist, struct glass_version *version) {
    struct error err = {0};
    if (glass_postlist_finish(postlist, version, &err))
        fail_msg("%s", err.message);
    glass_postlist_close(postlist);
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

struct expected_entry {
    const char *key, *tag;
    size_t key_size, tag_size;
};

static void expect_bytes(void *context, const struct bytes *key, const struct bytes *tag) {
    const struct expected_entry **next = context;
    assert_int_equal(key->size, (*next)->key_size);
    assert_memory_equal(key->data, (*next)->key, key->size);
    assert_int_equal(tag->size, (*next)->tag_size);
    assert_memory_equal(tag->data, (*next)->tag, tag->size);
    (*next)++;
}

static void a_small_database_has_the_bytes_of_the_grammar(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_postlist *postlist = create(folder, NULL);
    assert_int_equal(glass_postlist_add_metadata(postlist, "kind", 4, "minutes", 7, NULL), 0);
    assert_int_equal(glass_postlist_add_length(postlist, 3, 2, NULL), 0);
    assert_int_equal(glass_postlist_add_length(postlist, 4, 0, NULL), 0);
    assert_int_equal(glass_postlist_add_length(postlist, 300, 201, NULL), 0);
    struct bytes run = run_of((struct posting[]){{3, 2}, {300, 200}}, 2);
    struct bytes one = run_of((struct posting[]){{300, 1}}, 1);
    add_term(postlist, "vote", &run, 0);
    add_term(postlist, "x", &one, 0);
    struct glass_version version;
    glass_version_init(&version);
    finish(postlist, &version);
    static const struct expected_entry entries[] = {
        {"\x00\xc0kind", "minutes", 6, 7},
        {"\x00\xe0",
         "\0\0\x02"
         "1\xa9\x02"
         "\x02\0\0\xa7\x02\xc9\x01",
         2, 13},
        {"vote",
         "\x02\xca\x01\x02"
         "1\xa9\x02"
         "\x02\xa8\x02\xc8\x01",
         4, 12},
        {"x",
         "\x01\x01\xab\x02"
         "1\0"
         "\x01",
         1, 7},
    };
    const struct expected_entry *next = entries;
    struct table_file table =
        table_read(folder, "postlist.glass", &version.roots[GLASS_POSTLIST], expect_bytes, &next);
    assert_ptr_equal(next, entries + 4);
    assert_int_equal(version.statistics.documents, 3);
    assert_int_equal(version.statistics.last_docid, 300);
    assert_int_equal(version.statistics.shortest, 2);
    assert_int_equal(version.statistics.longest, 201);
    assert_int_equal(version.statistics.largest_wdf, 200);
    assert_int_equal(version.statistics.total_length, 203);
    bytes_free(&table.bytes);
    bytes_free(&run);
    bytes_free(&one);
    folder_remove(folder);
}

static void the_version_file_has_the_bytes_of_the_grammar(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_version version = {.uuid = "0123456789abcde"};
    version.roots[GLASS_POSTLIST] = (struct glass_root){true, 200, 1, 300, 8192, 201};
    version.statistics = (struct glass_statistics){3, 300, 2, 201, 200, 203};
    struct error err = {0};
    assert_int_equal(glass_version_write(&version, folder, &err), 0);
    struct bytes file = file_read(folder, "iamglass");
    static const char expected[] = "\x0f\x0dXapian Glass\x04\x6e"
                                   "0123456789abcde\0"
                                   "\x01"
                                   "\xc8\x01\x06\xac\x02\x04\x00\x07\x01\xc9\x01\0\0\0\0"
                                   "\0\x03\0\x04\x12\0"
                                   "\0\x03\0\x04\x12\0"
                                   "\0\x03\0\x04\0\0"
                                   "\0\x03\0\x04\x12\0"
                                   "\0\x03\0\x04\x12\0"
                                   "\x03\xa9\x02\x02\xc8\x01\x01\0\xcb\x01\0";
    assert_int_equal(file.size, sizeof expected - 1);
    assert_memory_equal(file.data, expected, file.size);
    bytes_free(&file);
    assert_int_equal(glass_version_write(&version, folder, &err), PLENARY_EIO); /* it exists */
    folder_remove(folder);
}

static void an_impossible_version_is_refused(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_version version = {0};
    assert_int_equal(glass_version_write(&version, folder, NULL), PLENARY_EINVALID);
    version.roots[GLASS_POSTLIST] = (struct glass_root){true, 0, 0, 0, 8192, 1};
    version.statistics = (struct glass_statistics){.documents = 2, .last_docid = 1};
    assert_int_equal(glass_version_write(&version, folder, NULL), PLENARY_EINVALID);
    version.statistics = (struct glass_statistics){1, 1, 1, 1, 2, 1};
    assert_int_equal(glass_version_write(&version, folder, NULL), PLENARY_EINVALID);
    version.statistics.longest = 2;
    assert_int_equal(glass_version_write(&version, "/nonexistent", NULL), PLENARY_EIO);
    assert_int_equal(glass_version_write(&version, folder, NULL), 0);
    folder_remove(folder);
}

/* ---- Chunks ---------------------------------------------------------------------------------- */

struct receiver {
    struct posting *postings; /* expected, of one term */
    size_t count, seen;
    size_t chunks, largest;
    uint32_t last_docid;
    bool ended;
    uint64_t offsets[20000];
    uint8_t first_bytes[20000][8];
    size_t first_sizes[20000];
    int stop_with;
};

static int receive(void *context, const struct glass_chunk *chunk) {
    struct receiver *receiver = context;
    assert_false(receiver->ended);
    assert_true(chunk->first_docid > receiver->last_docid);
    assert_true(receiver->chunks < 20000);
    receiver->offsets[receiver->chunks] = chunk->offset;
    size_t first = chunk->postings_size < 8 ? chunk->postings_size : 8;
    memcpy(receiver->first_bytes[receiver->chunks], chunk->postings, first);
    receiver->first_sizes[receiver->chunks++] = first;
    if (chunk->postings_size > receiver->largest)
        receiver->largest = chunk->postings_size;
    const uint8_t *at = chunk->postings, *end = at + chunk->postings_size;
    uint64_t docid = chunk->first_docid, wdf, gap;
    uint32_t entries = 0, largest = 0;
    for (;;) {
        assert_true(varint_read(&at, end, &wdf));
        assert_true(receiver->seen < receiver->count);
        assert_int_equal(receiver->postings[receiver->seen].docid, docid);
        assert_int_equal(receiver->postings[receiver->seen++].wdf, wdf);
        largest = wdf > largest ? (uint32_t)wdf : largest;
        entries++;
        if (at == end)
            break;
        assert_true(varint_read(&at, end, &gap));
        docid += gap + 1;
    }
    assert_int_equal(docid, chunk->last_docid);
    assert_int_equal(entries, chunk->entries);
    assert_int_equal(largest, chunk->largest_wdf);
    receiver->last_docid = chunk->last_docid;
    receiver->ended = chunk->is_last;
    return receiver->stop_with;
}

static size_t random_postings(struct random *random, struct posting *postings, size_t count) {
    uint32_t docid = 0;
    for (size_t i = 0; i < count; i++) {
        docid += 1 + random_below(random, random_below(random, 100) ? 4 : 20000);
        postings[i].docid = docid;
        postings[i].wdf =
            random_below(random, 50) ? random_below(random, 4) : random_below(random, 300);
    }
    return docid;
}

/* One long list, its document lengths made to fit. */
static void write_one_list(const char *folder, struct receiver *receiver, uint32_t chunk_size,
                           uint32_t block_size) {
    struct glass_postlist_options options = {block_size, 0, receive, receiver};
    struct glass_postlist *postlist = create(folder, &options);
    for (size_t i = 0; i < receiver->count; i++)
        assert_int_equal(glass_postlist_add_length(postlist, receiver->postings[i].docid,
                                                   receiver->postings[i].wdf, NULL),
                         0);
    struct bytes run = run_of(receiver->postings, receiver->count);
    add_term(postlist, "vote", &run, chunk_size);
    struct glass_version version = {0};
    finish(postlist, &version);
    bytes_free(&run);
}

static void chunks_hold_the_postings_and_lie_where_reported(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    enum { COUNT = 300000 };
    struct posting *postings = malloc(COUNT * sizeof *postings);
    random_postings(&random, postings, COUNT);
    static const uint32_t chunk_sizes[] = {0, 1, 64, 500, 8000};
    for (uint32_t block_size = 2048; block_size <= 65536; block_size *= is_wrapped() ? 32 : 2) {
        char *folder = folder_create();
        struct receiver *receiver = calloc(1, sizeof *receiver);
        receiver->postings = postings;
        receiver->count = COUNT;
        uint32_t chunk_size = chunk_sizes[random_below(&random, 5)];
        write_one_list(folder, receiver, chunk_size, block_size);
        assert_int_equal(receiver->seen, COUNT);
        assert_true(receiver->ended);
        assert_true(receiver->largest <= (chunk_size == 0   ? 2000
                                          : chunk_size < 64 ? 64
                                                            : chunk_size));
        struct bytes file = file_read(folder, "postlist.glass");
        for (size_t i = 0; i < receiver->chunks; i++)
            assert_memory_equal(file.data + receiver->offsets[i], receiver->first_bytes[i],
                                receiver->first_sizes[i]);
        bytes_free(&file);
        free(receiver);
        folder_remove(folder);
    }
    free(postings);
}

/* However the postings come, the file is the same. */
static void runs_and_single_postings_make_the_same_file(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    enum { COUNT = 50000 };
    struct posting *postings = malloc(COUNT * sizeof *postings);
    random_postings(&random, postings, COUNT);
    struct bytes whole = run_of(postings, COUNT);
    struct glass_frequencies frequencies = frequencies_of(&whole);
    struct bytes files[3];
    for (int way = 0; way < 3; way++) {
        char *folder = folder_create();
        struct glass_postlist *postlist = create(folder, NULL);
        for (size_t i = 0; i < COUNT; i++)
            glass_postlist_add_length(postlist, postings[i].docid, postings[i].wdf, NULL);
        assert_int_equal(glass_postlist_begin(postlist, "a", 1, &frequencies, 0, NULL), 0);
        for (size_t i = 0, n; way != 0 && i < COUNT; i += n) {
            n = way == 1 ? 1 : 1 + random_below(&random, 3000);
            n = n < COUNT - i ? n : COUNT - i;
            struct bytes part = run_of(postings + i, n);
            assert_int_equal(
                way == 1 ? glass_postlist_add(postlist, postings[i].docid, postings[i].wdf, NULL)
                         : glass_postlist_add_run(postlist, part.data, part.size, NULL),
                0);
            bytes_free(&part);
        }
        if (way == 0)
            assert_int_equal(glass_postlist_add_run(postlist, whole.data, whole.size, NULL), 0);
        assert_int_equal(glass_postlist_end(postlist, NULL), 0);
        struct glass_version version = {0};
        finish(postlist, &version);
        files[way] = file_read(folder, "postlist.glass");
        assert_int_equal(files[way].size, files[0].size);
        assert_memory_equal(files[way].data, files[0].data, files[0].size);
        folder_remove(folder);
    }
    for (int way = 0; way < 3; way++)
        bytes_free(&files[way]);
    bytes_free(&whole);
    free(postings);
}

static void lists_fill_their_blocks(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    char *folder = folder_create();
    struct glass_postlist *postlist = create(folder, NULL);
    add_lengths(postlist, 100000, 0);
    struct posting *postings = malloc(3000 * sizeof *postings);
    for (uint32_t term = 0; term < 3000; term++) {
        size_t count = 1 + random_below(&random, random_below(&random, 20) ? 40 : 3000);
        for (size_t i = 0; i < count; i++)
            postings[i] = (struct posting){(uint32_t)(1 + i * 30), 0};
        struct bytes run = run_of(postings, count);
        char text[32];
        snprintf(text, sizeof text, "%08" PRIu32, term);
        add_term(postlist, text, &run, 0);
        bytes_free(&run);
    }
    struct glass_version version = {0};
    finish(postlist, &version);
    struct table_file table =
        table_read(folder, "postlist.glass", &version.roots[GLASS_POSTLIST], NULL, NULL);
    assert_true(table.gap / table.leaves_seen < 100); /* of 8192 */
    bytes_free(&table.bytes);
    free(postings);
    folder_remove(folder);
}

static void a_receiver_can_stop_the_writing(void **state) {
    (void)state;
    char *folder = folder_create();
    struct posting posting = {1, 1};
    struct receiver *receiver = calloc(1, sizeof *receiver);
    receiver->postings = &posting;
    receiver->count = 1;
    receiver->stop_with = PLENARY_ESTOPPED;
    struct glass_postlist_options options = {0, 0, receive, receiver};
    struct glass_postlist *postlist = create(folder, &options);
    struct glass_frequencies one = {1, 1};
    struct glass_version version = {0};
    add_lengths(postlist, 1, 1);
    assert_int_equal(glass_postlist_begin(postlist, "a", 1, &one, 0, NULL), 0);
    assert_int_equal(glass_postlist_add(postlist, 1, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, NULL), PLENARY_ESTOPPED);
    assert_int_equal(glass_postlist_finish(postlist, &version, NULL), PLENARY_ESTOPPED);
    glass_postlist_close(postlist);
    char *path = path_in(folder, "postlist.glass");
    assert_int_equal(access(path, F_OK), -1);
    free(path);
    free(receiver);
    folder_remove(folder);
}

/* ---- What is refused ------------------------------------------------------------------------- */

/* Ten documents of length 1 and the term "a" begun, with `documents` postings announced. */
static struct glass_postlist *begin_a(const char *folder, uint32_t documents, uint64_t wdf) {
    struct glass_postlist *postlist = create(folder, NULL);
    add_lengths(postlist, 10, 1);
    struct glass_frequencies frequencies = {documents, wdf};
    assert_int_equal(glass_postlist_begin(postlist, "a", 1, &frequencies, 0, NULL), 0);
    return postlist;
}

static void damaged_runs_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
    } damaged[] = {
        {"\x01", 1},                                          /* no wdf */
        {"\x01\x80", 2},                                      /* cut short */
        {"\x01\x01\x01", 3},                                  /* second without wdf */
        {"\x01\x01\xff\xff\xff\xff\x0f\x01", 8},              /* docid beyond 32 bits */
        {"\xff\xff\xff\xff\x0f\x01", 6},                      /* so is the first */
        {"\x01\xff\xff\xff\xff\xff\xff\x0f\x01\x01", 10},     /* wdf beyond 32 bits */
        {"\x01\x01\x01\x01\x80\x80\x80\x80\x80\x80\x01", 11}, /* a number without end */
    };
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        char *folder = folder_create();
        struct glass_postlist *postlist = begin_a(folder, 2, 2);
        const uint8_t *run = (const uint8_t *)damaged[i].bytes;
        assert_int_equal(glass_postlist_add_run(postlist, run, damaged[i].size, NULL),
                         PLENARY_EDAMAGED);
        assert_int_equal(glass_postlist_end(postlist, NULL), PLENARY_EDAMAGED);
        glass_postlist_close(postlist);
        folder_remove(folder);
    }
    struct glass_frequencies frequencies = {0, 0};
    assert_int_equal(glass_run_count((const uint8_t *)"\x01", 1, &frequencies, NULL),
                     PLENARY_EDAMAGED);
}

static void docids_that_do_not_rise_are_refused(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_postlist *postlist = begin_a(folder, 2, 2);
    assert_int_equal(glass_postlist_add(postlist, 5, 1, NULL), 0);
    assert_int_equal(glass_postlist_add(postlist, 5, 1, NULL), PLENARY_EINVALID);
    glass_postlist_close(postlist);
    postlist = begin_a(folder, 2, 2);
    struct bytes run = run_of(&(struct posting){5, 1}, 1);
    assert_int_equal(glass_postlist_add_run(postlist, run.data, run.size, NULL), 0);
    assert_int_equal(glass_postlist_add_run(postlist, run.data, run.size, NULL), PLENARY_EINVALID);
    glass_postlist_close(postlist);
    bytes_free(&run);
    postlist = begin_a(folder, 2, 2);
    assert_int_equal(glass_postlist_add(postlist, 0, 1, NULL), PLENARY_EINVALID);
    glass_postlist_close(postlist);
    postlist = create(folder, NULL);
    assert_int_equal(glass_postlist_add_length(postlist, 2, 1, NULL), 0);
    assert_int_equal(glass_postlist_add_length(postlist, 2, 1, NULL), PLENARY_EINVALID);
    glass_postlist_close(postlist);
    folder_remove(folder);
}

static void sums_that_do_not_fit_are_refused(void **state) {
    (void)state;
    char *folder = folder_create();
    struct error err = {0};
    struct glass_postlist *postlist = begin_a(folder, 2, 2);
    assert_int_equal(glass_postlist_add(postlist, 5, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, &err), PLENARY_EINVALID); /* one is missing */
    glass_postlist_close(postlist);
    postlist = begin_a(folder, 1, 2);
    assert_int_equal(glass_postlist_add(postlist, 5, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, &err), PLENARY_EINVALID); /* wdf 1, not 2 */
    glass_postlist_close(postlist);
    postlist = begin_a(folder, 1, 1);
    assert_int_equal(glass_postlist_add(postlist, 11, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, &err), PLENARY_EINVALID); /* no such document */
    glass_postlist_close(postlist);
    postlist = begin_a(folder, 1, 1);
    struct glass_version version = {0};
    assert_int_equal(glass_postlist_add(postlist, 5, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, &err), 0);
    assert_int_equal(glass_postlist_finish(postlist, &version, &err), PLENARY_EINVALID);
    assert_non_null(strstr(err.message, "10")); /* the lengths' sum; the terms' is 1 */
    glass_postlist_close(postlist);
    folder_remove(folder);
}

static void terms_are_checked(void **state) {
    (void)state;
    char *folder = folder_create();
    static const uint8_t long_term[GLASS_TERM_MAX + 1] = {'z'};
    static const uint8_t zeros[GLASS_TERM_MAX] = {0};
    struct glass_frequencies one = {1, 1}, none = {0, 0}, many = {11, 11};
    struct glass_frequencies huge = {1, 1ull << 32};
    struct glass_postlist *postlist = begin_a(folder, 1, 1);
    assert_int_equal(glass_postlist_begin(postlist, "b", 1, &one, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add(postlist, 1, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add(postlist, 2, 1, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_begin(postlist, "", 0, &one, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_begin(postlist, long_term, sizeof long_term, &one, 0, NULL),
                     PLENARY_EINVALID);
    assert_int_equal(glass_postlist_begin(postlist, "b", 1, &none, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_begin(postlist, "b", 1, &many, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_begin(postlist, "b", 1, &huge, 0, NULL), PLENARY_ELIMIT);
    assert_int_equal(glass_postlist_add_length(postlist, 11, 1, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add_metadata(postlist, "a", 1, "b", 1, NULL), PLENARY_EINVALID);
    /* The writer is still good: only arguments were refused. */
    assert_int_equal(glass_postlist_begin(postlist, "a", 1, &one, 0, NULL), 0);
    assert_int_equal(glass_postlist_add(postlist, 1, 1, NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, NULL), PLENARY_EINVALID); /* "a" again */
    glass_postlist_close(postlist);
    postlist = create(folder, NULL);
    add_lengths(postlist, 1, 1);
    assert_int_equal(glass_postlist_begin(postlist, zeros, sizeof zeros, &one, 0, NULL), 0);
    assert_int_equal(glass_postlist_add(postlist, 1, 1, NULL), PLENARY_ELIMIT);
    glass_postlist_close(postlist);
    folder_remove(folder);
}

static void metadata_is_checked(void **state) {
    (void)state;
    char *folder = folder_create();
    static const uint8_t name[254] = {'n'};
    struct glass_postlist *postlist = create(folder, NULL);
    assert_int_equal(glass_postlist_add_metadata(postlist, "", 0, "v", 1, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add_metadata(postlist, "n", 1, "", 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add_metadata(postlist, name, 254, "v", 1, NULL),
                     PLENARY_EINVALID);
    assert_int_equal(glass_postlist_add_metadata(postlist, name, 253, "v", 1, NULL), 0);
    assert_int_equal(glass_postlist_add_metadata(postlist, "a", 1, "v", 1, NULL), PLENARY_EINVALID);
    glass_postlist_close(postlist);
    glass_postlist_close(NULL);
    assert_int_equal(glass_postlist_create(&postlist, "/nonexistent", NULL, NULL), PLENARY_EIO);
    assert_null(postlist);
    folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_database_has_the_bytes_of_the_grammar),
        cmocka_unit_test(the_version_file_has_the_bytes_of_the_grammar),
        cmocka_unit_test(an_impossible_version_is_refused),
        cmocka_unit_test(chunks_hold_the_postings_and_lie_where_reported),
        cmocka_unit_test(runs_and_single_postings_make_the_same_file),
        cmocka_unit_test(lists_fill_their_blocks),
        cmocka_unit_test(a_receiver_can_stop_the_writing),
        cmocka_unit_test(damaged_runs_are_refused),
        cmocka_unit_test(docids_that_do_not_rise_are_refused),
        cmocka_unit_test(sums_that_do_not_fit_are_refused),
        cmocka_unit_test(terms_are_checked),
        cmocka_unit_test(metadata_is_checked),
    };
    return cmocka_run_group_tests_name("glass_postlist", tests, NULL, NULL);
}
