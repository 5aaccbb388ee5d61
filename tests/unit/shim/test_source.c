/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Documents and weights from C, in the matcher. */
#include "fixture.h"
#include "tests/unit/rounds.h"

#include <math.h>
#include <time.h>

/* A source over lists: for each segment its docids, rising, and their weights. */
struct listed {
    uint32_t docid;
    double weight;
};

struct lists {
    const struct listed *entries[4];
    uint32_t counts[4];
    bool skips; /* leave out what cannot exceed the minimum, as a cursor may */
    bool out_of_memory;
    unsigned open, opened; /* cursors open now, and ever */
    unsigned skipped, settled, checked;
    double least_minimum, most_minimum; /* that were passed */
};

struct cursor {
    struct lists *lists;
    const struct listed *entries;
    uint32_t count, at; /* at: one past the current */
};

static void *lists_open(void *context, uint32_t segment) {
    struct lists *lists = context;
    if (lists->out_of_memory)
        return NULL;
    struct cursor *cursor = calloc(1, sizeof *cursor);
    assert_non_null(cursor);
    cursor->lists = lists;
    cursor->entries = lists->entries[segment];
    cursor->count = lists->counts[segment];
    lists->open++;
    lists->opened++;
    return cursor;
}

static void lists_close(void *context) {
    struct cursor *cursor = context;
    cursor->lists->open--;
    free(cursor);
}

static uint32_t lists_settle(struct cursor *cursor, uint32_t docid, double min_weight) {
    struct lists *lists = cursor->lists;
    lists->settled++;
    lists->least_minimum = fmin(lists->least_minimum, min_weight);
    lists->most_minimum = fmax(lists->most_minimum, min_weight);
    while (cursor->at < cursor->count) {
        const struct listed *entry = &cursor->entries[cursor->at++];
        if (entry->docid < docid)
            continue;
        if (!lists->skips || entry->weight > min_weight)
            return entry->docid;
        lists->skipped++;
    }
    return 0;
}

static uint32_t lists_next(void *cursor, double min_weight) {
    return lists_settle(cursor, 0, min_weight);
}

static uint32_t lists_skip_to(void *context, uint32_t docid, double min_weight) {
    struct cursor *cursor = context;
    if (cursor->at && cursor->entries[cursor->at - 1].docid >= docid)
        return cursor->entries[cursor->at - 1].docid;
    return lists_settle(cursor, docid, min_weight);
}

static double lists_weight(void *context) {
    const struct cursor *cursor = context;
    return cursor->entries[cursor->at - 1].weight;
}

/* From the current entry on. */
static double lists_max_weight(void *context) {
    const struct cursor *cursor = context;
    double most = 0;
    for (uint32_t i = cursor->at ? cursor->at - 1 : 0; i < cursor->count; i++)
        most = fmax(most, cursor->entries[i].weight);
    return most;
}

static void lists_frequency(void *context, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    const struct cursor *cursor = context;
    *least = *estimate = *most = cursor->count;
}

static struct shim_source filter_of(struct lists *lists) {
    return (struct shim_source){.context = lists,
                                .open = lists_open,
                                .close = lists_close,
                                .next = lists_next,
                                .skip_to = lists_skip_to,
                                .frequency = lists_frequency};
}

static struct shim_source weights_of(struct lists *lists) {
    struct shim_source source = filter_of(lists);
    source.weight = lists_weight;
    source.max_weight = lists_max_weight;
    return source;
}

/* Three segments of 30 documents "common", every third also "third", the tenth "rare". */
static struct shim_database *open_three(struct fixture *fixture) {
    for (size_t segment = 0; segment < 3; segment++) {
        struct shim_writer *writer;
        assert_writes(writer, shim_writer_create(&writer, fixture->path[segment]));
        for (uint32_t docid = 1; docid <= 30; docid++)
            add_text(writer, docid,
                     docid == 10      ? "common rare"
                     : docid % 3 == 0 ? "common third"
                                      : "common");
        assert_writes(writer, shim_writer_finish(writer));
        shim_writer_close(writer);
    }
    return open_many(fixture, 3);
}

static const struct listed low[] = {{3, 1}, {10, 5}, {11, 2}};
static const struct listed middle[] = {{9, 4}};
static const struct listed high[] = {{1, 0}, {27, 3}, {30, 6}};

static struct lists three_lists(void) {
    return (struct lists){.entries = {low, middle, high}, .counts = {3, 1, 3}};
}

static void assert_closed(const struct lists *lists) {
    assert_true(lists->opened > 0);
    assert_int_equal(lists->open, 0);
}

static void test_filter_meets_each_segments_own_documents(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = filter_of(&lists);
    assert_string_equal(found(database, SOURCE(&source)), "2:1 0:3 1:9 0:10 0:11 2:27 2:30");
    assert_string_equal(found(database, NODE(SHIM_FILTER, TERM("third"), SOURCE(&source))),
                        "0:3 1:9 2:27 2:30");
    assert_string_equal(found(database, NODE(SHIM_AND, SOURCE(&source), TERM("rare"))), "0:10");
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_filter_adds_no_weight(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    struct shim_result plain = find(database, TERM("third"));
    struct shim_result filtered = find(database, NODE(SHIM_FILTER, TERM("third"), SOURCE(&source)));
    assert_int_equal(filtered.count, 4);
    assert_true(filtered.matches[0].weight == plain.matches[0].weight);
    assert_int_equal(filtered.lower, 4);
    assert_int_equal(filtered.upper, 4);
    shim_result_free(&plain);
    shim_result_free(&filtered);
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_excluded_documents_stay_out(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    assert_string_equal(found(database, NODE(SHIM_AND_NOT, TERM("rare"), SOURCE(&source))),
                        "1:10 2:10");
    struct shim_result result = find(database, NODE(SHIM_AND_NOT, LEAF(SHIM_ALL), SOURCE(&source)));
    assert_int_equal(result.count, 90 - 7);
    shim_result_free(&result);
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_weights_rank_across_segments(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    assert_string_equal(found(database, SOURCE(&source)), "2:30 0:10 1:9 2:27 0:11 0:3 2:1");
    struct shim_result result = find(database, SOURCE(&source));
    assert_true(result.matches[0].weight == 6);
    assert_true(result.matches[6].weight == 0);
    shim_result_free(&result);
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_weights_add_to_those_of_terms(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    struct shim_result term = find(database, TERM("rare"));
    struct shim_result both = find(database, NODE(SHIM_OR, TERM("rare"), SOURCE(&source)));
    assert_int_equal(term.count, 3);
    assert_int_equal(both.count, 7 + 2);
    assert_int_equal(both.matches[0].docid, 10);
    assert_int_equal(both.matches[0].segment, 0);
    assert_true(fabs(both.matches[0].weight - (term.matches[0].weight + 5)) < 1e-9);
    shim_result_free(&term);
    shim_result_free(&both);
    assert_closed(&lists);
    shim_database_close(database);
}

/* The first k of `query` when cursors may skip, against the first k when all are looked at. */
static void assert_skipping_is_harmless(struct shim_database *database, struct lists *lists,
                                        const struct shim_query *query) {
    lists->skips = false;
    struct shim_result all = find(database, query);
    lists->skips = true;
    for (uint32_t limit = 1; limit <= all.count; limit++) {
        struct shim_search search = search_for(query);
        struct shim_result best;
        search.limit = limit;
        search.check_at_least = 0;
        assert_reads(database, shim_search(database, &search, &best));
        assert_int_equal(best.count, limit);
        for (size_t i = 0; i < best.count; i++) {
            assert_int_equal(best.matches[i].segment, all.matches[i].segment);
            assert_int_equal(best.matches[i].docid, all.matches[i].docid);
            assert_true(best.matches[i].weight == all.matches[i].weight);
        }
        shim_result_free(&best);
    }
    shim_result_free(&all);
}

static void test_minimum_weight_lets_cursors_skip(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    assert_skipping_is_harmless(database, &lists, SOURCE(&source));
    assert_true(lists.skipped > 0);
    assert_true(lists.least_minimum < 0); /* so that documents without weight exceed it */
    assert_closed(&lists);
    shim_database_close(database);
}

/* Xapian passes the minimum without dividing by the scale: 5 * 3 > 6 but 5 < 6. */
static void test_minimum_weight_is_in_the_sources_own_scale(void **state) {
    struct shim_database *database = open_three(*state);
    const double scales[] = {0, 0.25, 1, 3, 1e6};
    for (size_t i = 0; i < COUNT(scales); i++) {
        struct lists lists = three_lists();
        struct shim_source source = weights_of(&lists);
        const struct shim_query *scaled = WEIGHTED(SHIM_SCALE, scales[i], SOURCE(&source));
        assert_skipping_is_harmless(database, &lists, scaled);
        assert_skipping_is_harmless(database, &lists, WEIGHTED(SHIM_SCALE, 2, scaled));
        assert_skipping_is_harmless(database, &lists, NODE(SHIM_OR, TERM("third"), scaled));
        assert_skipping_is_harmless(database, &lists, NODE(SHIM_FILTER, TERM("third"), scaled));
        assert_skipping_is_harmless(database, &lists, WEIGHTED(SHIM_FIXED, 2, scaled));
        assert_closed(&lists);
    }
    shim_database_close(database);
}

/* Ties at the cut go by docid, also to a document that a cursor could only just not skip. */
static void test_ties_at_the_cut_are_not_skipped(void **state) {
    /* Two in the first segment, since Xapian sets a minimum only when a match falls out. */
    static const struct listed later[] = {{5, 2}, {6, 2}}, sooner[] = {{4, 2}, {7, 2}};
    struct shim_database *database = open_three(*state);
    struct lists lists = {.entries = {later, sooner, later}, .counts = {2, 2, 2}, .skips = true};
    struct shim_source source = weights_of(&lists);
    struct shim_search search = search_for(SOURCE(&source));
    struct shim_result result;
    search.limit = 1;
    search.check_at_least = 0;
    assert_reads(database, shim_search(database, &search, &result));
    assert_int_equal(result.count, 1);
    assert_int_equal(result.matches[0].segment, 1);
    assert_int_equal(result.matches[0].docid, 4);
    shim_result_free(&result);
    shim_database_close(database);
}

static void test_source_may_be_empty_in_a_segment(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = {.entries = {NULL, middle, NULL}, .counts = {0, 1, 0}};
    struct shim_source source = weights_of(&lists);
    assert_string_equal(found(database, SOURCE(&source)), "1:9");
    assert_string_equal(found(database, NODE(SHIM_AND, TERM("common"), SOURCE(&source))), "1:9");
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_one_source_may_stand_twice_in_a_query(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    const struct shim_query *twice = NODE(SHIM_OR, SOURCE(&source), SOURCE(&source));
    struct shim_result result = find(database, twice);
    assert_int_equal(result.count, 7);
    assert_true(result.matches[0].weight == 12);
    shim_result_free(&result);
    assert_closed(&lists);
    shim_database_close(database);
}

/* A synonym needs its children's frequencies over all segments; a source has none to give. */
static void test_weighted_synonym_of_a_source_is_refused(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    const struct shim_query *synonym = NODE(SHIM_SYNONYM, TERM("rare"), SOURCE(&source));
    assert_int_equal(find_status(database, synonym), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "get_termfreq_est_using_stats()");
    assert_string_equal(found(database, NODE(SHIM_FILTER, TERM("third"), synonym)),
                        "0:3 1:9 2:27 2:30"); /* as a filter it is an OR */
    assert_closed(&lists);
    shim_database_close(database);
}

/* ---- What a cursor can do wrong ----------------------------------------------------------------
 */

static void test_cursor_that_cannot_open_is_out_of_memory(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    lists.out_of_memory = true;
    assert_int_equal(find_status(database, NODE(SHIM_OR, TERM("rare"), SOURCE(&source))),
                     SHIM_ENOMEM);
    assert_contains(shim_database_message(database), "out of memory");
    assert_int_equal(find_status(database, NODE(SHIM_AND, TERM("rare"), SOURCE(&source))),
                     SHIM_ENOMEM);
    shim_database_close(database);
}

static void assert_faulty(struct shim_database *database, const struct listed *entries,
                          uint32_t count, const char *part) {
    struct lists lists = {.entries = {entries, middle, middle}, .counts = {count, 1, 1}};
    struct shim_source source = weights_of(&lists);
    assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
    assert_contains(shim_database_message(database), part);
    assert_int_equal(find_status(database, NODE(SHIM_AND, TERM("common"), SOURCE(&source))),
                     SHIM_EINVALID);
    assert_closed(&lists);
}

static void test_docids_that_do_not_rise_are_a_fault(void **state) {
    static const struct listed same[] = {{4, 1}, {4, 1}}, back[] = {{4, 1}, {2, 1}};
    struct shim_database *database = open_three(*state);
    assert_faulty(database, same, 2, "do not rise");
    struct lists lists = {.entries = {back, middle, middle}, .counts = {2, 1, 1}};
    struct shim_source source = weights_of(&lists);
    assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "do not rise");
    shim_database_close(database);
}

static void test_docids_beyond_the_segment_are_its_end(void **state) {
    static const struct listed beyond[] = {{4, 1}, {31, 2}, {32, 3}};
    struct shim_database *database = open_three(*state);
    struct lists lists = {.entries = {beyond, middle, beyond + 1}, .counts = {3, 1, 2}};
    struct shim_source source = weights_of(&lists);
    assert_string_equal(found(database, SOURCE(&source)), "1:9 0:4");
    assert_string_equal(found(database, NODE(SHIM_AND, TERM("common"), SOURCE(&source))),
                        "1:9 0:4");
    assert_closed(&lists);
    shim_database_close(database);
}

/* ---- Check --------------------------------------------------------------------------------- */

static bool lists_check(void *context, uint32_t docid, double min_weight) {
    struct cursor *cursor = context;
    (void)min_weight;
    cursor->lists->checked++;
    while (cursor->at < cursor->count && cursor->entries[cursor->at].docid < docid)
        cursor->at++;
    if (cursor->at == cursor->count || cursor->entries[cursor->at].docid != docid)
        return false;
    cursor->at++;
    return true;
}

/* It says nothing of its frequency and is taken for half of the segment, so rarer terms lead. */
static struct shim_source checked(struct lists *lists) {
    struct shim_source source = weights_of(lists);
    source.frequency = NULL;
    source.check = lists_check;
    return source;
}

static void test_candidates_are_checked_not_searched_for(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = checked(&lists);
    assert_string_equal(found(database, NODE(SHIM_FILTER, TERM("third"), SOURCE(&source))),
                        "0:3 1:9 2:27 2:30");
    assert_int_equal(lists.checked, 30);
    assert_int_equal(lists.settled, 0);
    assert_closed(&lists);
    shim_database_close(database);
}

static void test_a_search_goes_on_behind_what_was_refused(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = checked(&lists);
    /* OR asks the same cursor now for the next, now about a candidate. */
    assert_string_equal(found(database, NODE(SHIM_FILTER, TERM("third"),
                                             NODE(SHIM_OR, TERM("rare"), SOURCE(&source)))),
                        "0:3 1:9 2:27 2:30");
    assert_string_equal(found(database, SOURCE(&source)), "2:30 0:10 1:9 2:27 0:11 0:3 2:1");
    assert_closed(&lists);
    shim_database_close(database);
}

static void expect_same(struct shim_database *database, const struct shim_query *left,
                        const struct shim_query *right) {
    struct shim_result one = find(database, left), other = find(database, right);
    assert_int_equal(one.count, other.count);
    for (size_t i = 0; i < one.count; i++) {
        assert_int_equal(one.matches[i].segment, other.matches[i].segment);
        assert_int_equal(one.matches[i].docid, other.matches[i].docid);
        assert_true(fabs(one.matches[i].weight - other.matches[i].weight) < 1e-9);
    }
    shim_result_free(&one);
    shim_result_free(&other);
}

static void test_checking_finds_what_skipping_finds(void **state) {
    struct shim_database *database = open_three(*state);
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    for (unsigned round = 0; round < rounds(200); round++) {
        struct listed entries[3][30];
        struct lists lists = {.entries = {entries[0], entries[1], entries[2]}};
        for (size_t segment = 0; segment < 3; segment++)
            for (uint32_t docid = 1; docid <= 30; docid++)
                if (rand_r(&seed) % 3 == 0)
                    entries[segment][lists.counts[segment]++] =
                        (struct listed){docid, rand_r(&seed) % 5};
        struct shim_source with = checked(&lists), without = checked(&lists);
        without.check = NULL;
        const struct shim_query *a = SOURCE(&with), *b = SOURCE(&without);
        expect_same(database, a, b);
        expect_same(database, NODE(SHIM_AND, TERM("third"), a), NODE(SHIM_AND, TERM("third"), b));
        expect_same(database, NODE(SHIM_AND, TERM("third"), NODE(SHIM_OR, TERM("rare"), a)),
                    NODE(SHIM_AND, TERM("third"), NODE(SHIM_OR, TERM("rare"), b)));
        expect_same(database, NODE(SHIM_AND_MAYBE, TERM("common"), NODE(SHIM_OR, TERM("third"), a)),
                    NODE(SHIM_AND_MAYBE, TERM("common"), NODE(SHIM_OR, TERM("third"), b)));
        expect_same(database, NODE(SHIM_AND_NOT, TERM("common"), a),
                    NODE(SHIM_AND_NOT, TERM("common"), b));
        expect_same(database, NODE(SHIM_AND_MAYBE, TERM("third"), a),
                    NODE(SHIM_AND_MAYBE, TERM("third"), b));
        assert_closed(&lists);
    }
    shim_database_close(database);
}

static double weight_nan(void *cursor) {
    (void)cursor;
    return NAN;
}

static double weight_negative(void *cursor) {
    (void)cursor;
    return -1;
}

static void test_weights_that_are_no_numbers_are_a_fault(void **state) {
    struct shim_database *database = open_three(*state);
    double (*const bad[])(void *) = {weight_nan, weight_negative};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct lists lists = three_lists();
        struct shim_source source = weights_of(&lists);
        source.weight = bad[i];
        assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
        assert_contains(shim_database_message(database), "weight must be a finite number");
        source = weights_of(&lists);
        source.max_weight = bad[i];
        assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
        assert_contains(shim_database_message(database), "greatest weight must be");
        assert_closed(&lists);
    }
    shim_database_close(database);
}

static void wild_frequency(void *cursor, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    (void)cursor;
    *least = 4000000000u;
    *estimate = 0;
    *most = UINT32_MAX;
}

static void test_wild_frequencies_are_held_to_the_segment(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = weights_of(&lists);
    source.frequency = wild_frequency;
    struct shim_search search = search_for(SOURCE(&source));
    struct shim_result result;
    search.limit = 0;
    search.check_at_least = 0;
    assert_reads(database, shim_search(database, &search, &result));
    assert_int_equal(result.upper, 90);
    shim_result_free(&result);
    assert_string_equal(found(database, SOURCE(&source)), "2:30 0:10 1:9 2:27 0:11 0:3 2:1");
    shim_database_close(database);
}

static void test_frequency_may_be_left_out(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = filter_of(&lists);
    source.frequency = NULL;
    assert_string_equal(found(database, NODE(SHIM_AND, TERM("rare"), SOURCE(&source))), "0:10");
    shim_database_close(database);
}

static void test_incomplete_source_is_refused(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = filter_of(&lists);
    source.skip_to = NULL;
    assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "lacks open, next or skip_to");
    shim_database_close(database);
}

/* Segments are told apart by UUID: the same one twice has none of its own. */
static void test_twin_segments_are_refused_for_sources_only(void **state) {
    struct fixture *fixture = *state;
    shim_database_close(open_three(fixture));
    const char *paths[] = {fixture->path[0], fixture->path[1], fixture->path[0]};
    struct shim_database *database;
    struct lists lists = three_lists();
    struct shim_source source = filter_of(&lists);
    assert_reads(database, shim_database_open(&database, paths, 3));
    assert_string_equal(found(database, TERM("rare")), "0:10 1:10 2:10");
    assert_int_equal(find_status(database, SOURCE(&source)), SHIM_EINVALID);
    assert_contains(shim_database_message(database), "Segments 0 and 2 have the same UUID");
    shim_database_close(database);
}

static void test_query_text_does_not_open_sources(void **state) {
    struct shim_database *database = open_three(*state);
    struct lists lists = three_lists();
    struct shim_source source = filter_of(&lists);
    char *text = shim_query_text(database, NODE(SHIM_FILTER, TERM("rare"), SOURCE(&source)));
    assert_string_equal(text, "Query((rare FILTER PostingSource(source)))");
    assert_int_equal(lists.opened, 0);
    free(text);
    shim_database_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_filter_meets_each_segments_own_documents),
        TEST(test_filter_adds_no_weight),
        TEST(test_excluded_documents_stay_out),
        TEST(test_weights_rank_across_segments),
        TEST(test_weights_add_to_those_of_terms),
        TEST(test_minimum_weight_lets_cursors_skip),
        TEST(test_minimum_weight_is_in_the_sources_own_scale),
        TEST(test_ties_at_the_cut_are_not_skipped),
        TEST(test_source_may_be_empty_in_a_segment),
        TEST(test_one_source_may_stand_twice_in_a_query),
        TEST(test_weighted_synonym_of_a_source_is_refused),
        TEST(test_cursor_that_cannot_open_is_out_of_memory),
        TEST(test_docids_that_do_not_rise_are_a_fault),
        TEST(test_docids_beyond_the_segment_are_its_end),
        TEST(test_candidates_are_checked_not_searched_for),
        TEST(test_a_search_goes_on_behind_what_was_refused),
        TEST(test_checking_finds_what_skipping_finds),
        TEST(test_weights_that_are_no_numbers_are_a_fault),
        TEST(test_wild_frequencies_are_held_to_the_segment),
        TEST(test_frequency_may_be_left_out),
        TEST(test_incomplete_source_is_refused),
        TEST(test_twin_segments_are_refused_for_sources_only),
        TEST(test_query_text_does_not_open_sources),
    };
    return cmocka_run_group_tests_name("shim/source", tests, NULL, NULL);
}
