/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bounds and the posting lists read through them: what was written is read again, no posting weighs
 * more than its block allows under any parameters, and a file that says otherwise is told.
 */
#include "tests/unit/indexer/scratch.h"

#include "indexer/segment/glass_version.h"
#include "indexer/segment/posting_list.h"
#include "tests/unit/rounds.h"

enum { DOCIDS = 6000, TERMS = 12 };

static uint64_t random_state;
static uint32_t lengths[DOCIDS + 1];
static uint32_t wdfs[TERMS][DOCIDS + 1]; /* 0: not there */

static uint32_t choose(uint32_t count) {
    return (uint32_t)((random_next(&random_state) >> 33) % count);
}

/* Term t is in about one passage of 2^t; the first wdf are large now and then. */
static void make_postings(void) {
    memset(lengths, 0, sizeof lengths);
    memset(wdfs, 0, sizeof wdfs);
    for (uint32_t docid = 1; docid <= DOCIDS; docid++)
        for (uint32_t term = 0; term < TERMS; term++)
            if (docid == DOCIDS || choose(1u << term) == 0) {
                wdfs[term][docid] = choose(50) ? 1 + choose(3) : 1 + choose(100000);
                lengths[docid] += wdfs[term][docid];
            }
}

static void write_term(struct glass_postlist *postlist, uint32_t term) {
    struct glass_frequencies all = {0, 0};
    char name[20];
    int size = snprintf(name, sizeof name, "term%02u", term);
    for (uint32_t docid = 1; docid <= DOCIDS; docid++) {
        all.documents += wdfs[term][docid] > 0;
        all.occurrences += wdfs[term][docid];
    }
    assert_int_equal(glass_postlist_begin(postlist, name, (size_t)size, &all, 0, NULL), 0);
    for (uint32_t docid = 1; docid <= DOCIDS; docid++)
        if (wdfs[term][docid])
            assert_int_equal(glass_postlist_add(postlist, docid, wdfs[term][docid], NULL), 0);
    assert_int_equal(glass_postlist_end(postlist, NULL), 0);
}

static void write_all(const char *folder) {
    struct bounds_writer *bounds;
    struct glass_postlist *postlist;
    struct glass_version version;
    glass_version_init(&version);
    assert_int_equal(bounds_writer_create(&bounds, NULL), 0);
    struct glass_postlist_options options = {.each_chunk = bounds_add_chunk, .context = bounds};
    assert_int_equal(glass_postlist_create(&postlist, folder, &options, NULL), 0);
    for (uint32_t docid = 1; docid <= DOCIDS; docid++) {
        assert_int_equal(glass_postlist_add_length(postlist, docid, lengths[docid], NULL), 0);
        bounds_add_length(bounds, docid, lengths[docid]);
    }
    for (uint32_t term = 0; term < TERMS; term++)
        write_term(postlist, term);
    assert_int_equal(glass_postlist_finish(postlist, &version, NULL), 0);
    glass_postlist_close(postlist);
    assert_int_equal(glass_version_write(&version, folder, NULL), 0);
    assert_int_equal(bounds_finish(bounds, folder, NULL), 0);
    bounds_writer_close(bounds);
}

static struct glass_reader *glass;

static struct postings open_again(void) {
    struct postings postings;
    struct error err;
    if (glass_reader_open(&glass, scratch, &err) || postings_open(&postings, glass, scratch, &err))
        fail_msg("%s", err.message);
    return postings;
}

static struct postings open_written(void) {
    make_postings();
    write_all(scratch);
    return open_again();
}

static void close_all(struct postings *postings) {
    postings_close(postings);
    glass_reader_close(glass);
}

static void open_list(struct posting_list *list, const struct postings *postings, uint32_t term) {
    char name[20];
    int size = snprintf(name, sizeof name, "term%02u", term);
    assert_int_equal(posting_list_open(list, postings, name, (size_t)size, NULL), 1);
}

static void test_lists_are_read_as_they_were_written(void **state) {
    (void)state;
    struct postings postings = open_written();
    for (uint32_t term = 0; term < TERMS; term++) {
        struct posting_list list;
        struct posting_cursor cursor;
        open_list(&list, &postings, term);
        posting_cursor_init(&cursor, &list);
        uint32_t found = 0;
        for (uint32_t docid = 1; docid <= DOCIDS; docid++) {
            if (!wdfs[term][docid])
                continue;
            assert_true(posting_cursor_advance(&cursor, docid));
            assert_int_equal(cursor.docid, docid);
            assert_int_equal(cursor.wdf, wdfs[term][docid]);
            found++;
        }
        assert_int_equal(found, list.documents);
        assert_false(posting_cursor_advance(&cursor, DOCIDS + 1));
        assert_false(cursor.damaged);
    }
    close_all(&postings);
}

static void test_leaps_come_to_the_first_posting_behind(void **state) {
    (void)state;
    struct postings postings = open_written();
    for (unsigned round = 0; round < rounds(300); round++) {
        struct posting_list list;
        struct posting_cursor cursor;
        uint32_t term = choose(TERMS), docid = 1;
        open_list(&list, &postings, term);
        posting_cursor_init(&cursor, &list);
        for (;;) {
            docid += choose(1u << choose(13));
            uint32_t expected = docid;
            while (expected <= DOCIDS && !wdfs[term][expected])
                expected++;
            if (expected > DOCIDS)
                break;
            assert_true(posting_cursor_advance(&cursor, docid));
            assert_int_equal(cursor.docid, expected);
        }
        assert_false(posting_cursor_advance(&cursor, docid));
    }
    close_all(&postings);
}

static void check_blocks(const struct posting_list *list, double k1, double b, double average) {
    double scale[BOUNDS_CODES];
    bounds_scale(&list->postings->bounds, k1, b, average, scale);
    struct posting_cursor cursor;
    posting_cursor_init(&cursor, list);
    while (!posting_cursor_ended(&cursor)) {
        double bound = scale[list->blocks.code[cursor.block]];
        assert_true(bound <= scale[list->blocks.most]);
        posting_cursor_enter(&cursor);
        do {
            double norm = k1 * (1 - b + b * lengths[cursor.docid] / average);
            assert_true(cursor.wdf / (cursor.wdf + norm) <= bound * (1 + 1e-12));
        } while (posting_cursor_step(&cursor));
        posting_cursor_leave(&cursor);
    }
    assert_false(cursor.damaged);
}

static void test_no_posting_weighs_more_than_its_block_allows(void **state) {
    (void)state;
    struct postings postings = open_written();
    double average = postings.bounds.average;
    for (uint32_t term = 0; term < TERMS; term++) {
        struct posting_list list;
        open_list(&list, &postings, term);
        check_blocks(&list, BOUNDS_K1, BOUNDS_B, average);
        for (unsigned round = 0; round < rounds(20); round++)
            check_blocks(&list, choose(300) / 100.0, choose(101) / 100.0,
                         average * (choose(400) + 1) / 100);
    }
    close_all(&postings);
}

static void test_bounds_agree_with_the_postings_or_it_is_told(void **state) {
    (void)state;
    struct postings postings = open_written();
    struct error err;
    assert_int_equal(bounds_verify(&postings.bounds, scratch, &err), 0);
    close_all(&postings);
    /* Other postings under the same bounds. */
    const char *other = scratch_path("other");
    assert_int_equal(mkdir(other, 0700), 0);
    make_postings();
    write_all(other);
    postings = open_again();
    assert_int_equal(bounds_verify(&postings.bounds, other, &err), PLENARY_EDAMAGED);
    assert_non_null(strstr(err.message, "bounds.blocks"));
    close_all(&postings);
}

static void test_a_term_that_is_not_there_has_an_empty_list(void **state) {
    (void)state;
    static const char *const absent[] = {"a", "term", "term000", "term99", "zz"};
    struct postings postings = open_written();
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        struct posting_list list;
        struct posting_cursor cursor;
        assert_int_equal(posting_list_open(&list, &postings, absent[i], strlen(absent[i]), NULL),
                         0);
        posting_cursor_init(&cursor, &list);
        assert_true(posting_cursor_ended(&cursor));
        assert_false(posting_cursor_advance(&cursor, 1));
    }
    close_all(&postings);
}

static int set_up(void **state) {
    random_state = random_seed();
    return scratch_make(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_lists_are_read_as_they_were_written),
        TEST(test_leaps_come_to_the_first_posting_behind),
        TEST(test_no_posting_weighs_more_than_its_block_allows),
        TEST(test_bounds_agree_with_the_postings_or_it_is_told),
        TEST(test_a_term_that_is_not_there_has_an_empty_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
