/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranking, paging, sorting, grouping, filters and totals; and that segmentation changes nothing. */
#include "tests/unit/searcher/index_fixture.h"

#include "searcher/filter.h"

#include <time.h>

/* Passages about fish weigh the same in b, c, d and e: same words, same length. */
static const struct fixture_document documents[] = {
    {.id = "a",
     .title = "A",
     .date = 20200110,
     .paragraphs = {"fish fish fish", "cod cod cod cod"}},
    {.id = "c", .title = "C", .date = 20210000, .paragraphs = {"fish net ship", "ship ship oar"}},
    {.id = "b", .title = "B", .date = 20210000, .paragraphs = {"fish net ship", "fish net ship"}},
    {.id = "d", .title = "D", .paragraphs = {"fish net ship"}},
    {.id = "e", .title = "E", .date = 20220301, .paragraphs = {"fish net ship", "oar oar fish"}},
    {.id = "f", .title = "F", .language = "fr", .date = 19991231, .paragraphs = {"le poisson"}},
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

static int set_up(void **state) {
    *state = fixture_open(documents, DOCUMENTS, 2);
    return 0;
}

static int tear_down(void **state) {
    fixture_close(*state);
    return 0;
}

/* ---- Order --------------------------------------------------------------------------------- */

static void test_ties_go_by_date_then_id_then_place(void **state) {
    fixture_expect(*state, "fish", "a#1 e#1 e#2 b#1 b#2 c#1 d#1");
    fixture_expect(*state, "-le -cod -oar", "e#1 b#1 b#2 c#1 a#1 d#1");
}

static void test_pages_are_slices_of_the_whole(void **state) {
    static const char *const expected[] = {"a#1", "e#1", "e#2", "b#1", "b#2", "c#1", "d#1", ""};
    for (uint32_t offset = 0; offset < 8; offset++) {
        struct search_request request = fixture_request("fish");
        request.limit = 1;
        request.offset = offset;
        fixture_expect_of(*state, &request, expected[offset]);
    }
}

static void test_ranks_go_on_from_page_to_page(void **state) {
    struct search_request request = fixture_request("fish");
    request.offset = 2;
    request.limit = 2;
    struct search_result result = fixture_search(*state, &request);
    assert_int_equal(result.hits[0].rank, 3);
    assert_int_equal(result.hits[1].rank, 4);
    assert_int_equal(result.hits[1].place, 1);
    search_result_free(&result);
}

static void test_sorting_by_date_puts_undated_documents_last(void **state) {
    struct search_request request = fixture_request("fish");
    request.sort = SEARCH_NEWEST_FIRST;
    fixture_expect_of(*state, &request, "e#1 e#2 b#1 b#2 c#1 a#1 d#1");
    request.sort = SEARCH_OLDEST_FIRST;
    fixture_expect_of(*state, &request, "a#1 b#1 b#2 c#1 e#1 e#2 d#1");
    request.limit = 2;
    request.offset = 2;
    fixture_expect_of(*state, &request, "b#2 c#1");
}

static void test_documents_rank_by_their_best_passage(void **state) {
    struct search_request request = fixture_request("fish");
    request.per_document = 1;
    fixture_expect_of(*state, &request, "a#1 e#1 b#1 c#1 d#1");
    request.per_document = 2;
    request.limit = 2;
    request.offset = 1;
    fixture_expect_of(*state, &request, "e#1 e#2 b#1 b#2");
    struct search_result result = fixture_search(*state, &request);
    assert_int_equal(result.hits[1].rank, 2);
    assert_int_equal(result.hits[1].place, 2);
    assert_int_equal(result.hits[2].rank, 3);
    search_result_free(&result);
    request.sort = SEARCH_OLDEST_FIRST;
    fixture_expect_of(*state, &request, "b#1 b#2 c#1");
}

/* ---- Totals -------------------------------------------------------------------------------- */

static void test_counting_is_exact_and_lists_nothing(void **state) {
    struct search_request request = fixture_request("fish OR oar");
    request.count_only = true;
    struct search_result result = fixture_search(*state, &request);
    assert_int_equal(result.hit_count, 0);
    assert_true(result.total.exact);
    assert_int_equal(result.total.value, 8);
    search_result_free(&result);
}

static void test_an_exact_total_can_be_asked_with_one_hit(void **state) {
    for (int sort = SEARCH_BY_RELEVANCE; sort <= SEARCH_OLDEST_FIRST; sort++) {
        struct search_request request = fixture_request("fish OR oar");
        request.exact_total = true;
        request.limit = 1;
        request.sort = (enum search_sort)sort;
        struct search_result result = fixture_search(*state, &request);
        assert_int_equal(result.hit_count, 1);
        assert_true(result.total.exact);
        assert_int_equal(result.total.value, 8);
        search_result_free(&result);
    }
}

/* ---- Filters ------------------------------------------------------------------------------- */

static void test_dates_filter_by_any_day_they_may_mean(void **state) {
    struct search_request request = fixture_request("fish");
    request.filter.from = 20210600;
    fixture_expect_of(*state, &request, "e#1 e#2 b#1 b#2 c#1");
    request.filter.to = 20211231;
    fixture_expect_of(*state, &request, "b#1 b#2 c#1");
    request.filter.from = 0;
    request.filter.to = 20200000;
    fixture_expect_of(*state, &request, "a#1");
    request.filter.to = 19000000;
    fixture_expect_of(*state, &request, "");
}

static void test_paths_and_languages_filter(void **state) {
    struct search_request request = fixture_request("fish OR poisson");
    const char *in[] = {"/minutes/[ab].txt", "nowhere"};
    request.filter.in = in;
    request.filter.in_count = 2;
    fixture_expect_of(*state, &request, "");
    in[0] = "minutes/?.txt";
    request.limit = 1;
    struct search_result result = fixture_search(*state, &request);
    assert_int_equal(result.hit_count, 1);
    search_result_free(&result);
    in[0] = "b";
    request.limit = 10;
    fixture_expect_of(*state, &request, "b#1 b#2");
    in[1] = "f";
    fixture_expect_of(*state, &request, "f#1 b#1 b#2");
    request.filter.in_count = 0;
    request.filter.language = language_number("french");
    fixture_expect_of(*state, &request, "f#1");
}

static void test_a_filter_holds_for_negative_queries(void **state) {
    struct search_request request = fixture_request("-fish");
    request.filter.from = 20200000;
    fixture_expect_of(*state, &request, "c#2 a#2");
}

static void test_date_ranges(void **state) {
    (void)state;
    assert_true(filter_date_matches(0, 0, 0));
    assert_false(filter_date_matches(0, 20000101, 0));
    assert_true(filter_date_matches(20171000, 20171031, 20171031));
    assert_true(filter_date_matches(20171000, 0, 20171001));
    assert_false(filter_date_matches(20171000, 20171101, 0));
    assert_false(filter_date_matches(20171000, 0, 20170930));
    assert_true(filter_date_matches(20170000, 20171231, 0));
    assert_true(filter_date_matches(20170515, 20170000, 20170000));
    assert_true(filter_date_matches(20170515, 20170500, 20170500));
    assert_false(filter_date_matches(20170515, 20170516, 0));
}

static void test_path_patterns(void **state) {
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {
        {"/data/minutes", "/data/minutes/2019/a.txt", true},
        {"/data/minutes/", "/data/minutes/2019/a.txt", true},
        {"/data/minute", "/data/minutes/2019/a.txt", false},
        {"minutes/2019", "/data/minutes/2019/a.txt", true},
        {"data", "/data/minutes/2019/a.txt", true},
        {"/", "/data/a.txt", true},
        {"*.txt", "/data/minutes/a.txt", true},
        {"/data/*.txt", "/data/minutes/a.txt", false},
        {"/data/**.txt", "/data/minutes/a.txt", true},
        {"/data/**/a.txt", "/data/a.txt", true},
        {"/data/**/a.txt", "/data/x/y/a.txt", true},
        {"/data/**/a.txt", "/data/x/ya.txt", false},
        {"/data/**", "/data/x/y/a.txt", true},
        {"/d?ta/*", "/data/a", true},
        {"/data?a", "/data/a", false},
        {"caf?.txt", "/x/café.txt", true},
        {"*a*b*c", "/xaxxbxxc", true},
        {"*a*b*c", "/xaxxbxx", false},
        {"**/x/*b", "/x/a/x/cb", true},
        {"", "/x", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (filter_path_matches(cases[i].pattern, cases[i].path) != cases[i].matches)
            fail_msg("%s %s %s", cases[i].pattern, cases[i].matches ? "misses" : "matches",
                     cases[i].path);
}

/* ---- Sets ---------------------------------------------------------------------------------- */

static void test_a_set_walks_its_runs(void **state) {
    (void)state;
    struct passage_set set;
    assert_int_equal(passage_set_init(&set, 2), 0);
    assert_int_equal(passage_set_add(&set, 1, 3, 4, 0), 0);
    assert_int_equal(passage_set_add(&set, 1, 5, 5, 0), 0);
    assert_int_equal(passage_set_add(&set, 1, 9, 10, 2), 0);
    assert_int_equal(passage_set_add(&set, 1, 7, 8, 0), PLENARY_EINVALID);
    assert_int_equal(set.segments[1].count, 2);
    assert_int_equal(passage_set_count(&set), 5);
    assert_true(passage_set_has(&set, 1, 5) && !passage_set_has(&set, 1, 6));
    assert_false(passage_set_has(&set, 0, 5));
    void *cursor = set.source.open(set.source.context, 1);
    assert_non_null(cursor);
    assert_int_equal(set.source.next(cursor, -1), 4);
    assert_int_equal(set.source.next(cursor, -1), 5);
    assert_int_equal(set.source.skip_to(cursor, 7, -1), 10);
    assert_true(set.source.weight(cursor) > 1.5);
    assert_int_equal(set.source.next(cursor, 2), 0); /* must exceed 2 */
    set.source.close(cursor);
    passage_set_trim(&set, 1, 10);
    assert_true(passage_set_has(&set, 1, 9) && !passage_set_has(&set, 1, 10));
    passage_set_trim(&set, 1, 3);
    assert_int_equal(passage_set_count(&set), 0);
    passage_set_free(&set);
}

/* ---- Changes ------------------------------------------------------------------------------- */

static void test_deleted_and_replaced_documents_are_not_found(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, DOCUMENTS, 2);
    struct index_writer *writer;
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    uint64_t deleted;
    assert_int_equal(index_writer_open(&writer, fixture->folder, &options, &fixture->err), 0);
    assert_int_equal(index_writer_delete(writer, "b", &deleted, &fixture->err), 0);
    assert_int_equal(deleted, 1);
    assert_int_equal(index_writer_publish(writer, &fixture->err), 0);
    index_writer_close(writer);
    fixture_expect(fixture, "-le -cod -oar",
                   "e#1 b#1 b#2 c#1 a#1 d#1"); /* still the old snapshot */
    assert_int_equal(searcher_refresh(fixture->searcher, &fixture->err), 1);
    assert_int_equal(searcher_refresh(fixture->searcher, &fixture->err), 0);
    fixture_expect(fixture, "-le -cod -oar", "e#1 c#1 a#1 d#1");
    fixture_expect_set(fixture, "net", "c#1 d#1 e#1");
    struct search_request request = fixture_request("net");
    request.count_only = true;
    struct search_result result = fixture_search(fixture, &request);
    assert_int_equal(result.total.value, 3);
    search_result_free(&result);
    fixture_close(fixture);
}

/* ---- The same answer, however the index is cut ----------------------------------------------- */

enum { MANY = 120 };

static uint64_t next_random(uint64_t *state) { /* xorshift64* */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u;
}

struct corpus {
    struct fixture_document documents[MANY];
    struct arena arena;
};

/* Few words and short passages, so that scores often tie. */
static void corpus_make(struct corpus *corpus, uint64_t seed) {
    static const char *const words[] = {"fish",    "net", "ship", "ships",  "oar", "co-chairs",
                                        "harbour", "cod", "nets", "chairs", "co",  "fishing"};
    static const uint32_t dates[] = {0, 20200101, 20200101, 20210000, 20190305};
    memset(corpus, 0, sizeof *corpus);
    for (int i = 0; i < MANY; i++) {
        struct fixture_document *document = &corpus->documents[i];
        char id[16];
        snprintf(id, sizeof id, "%c%03d", 'a' + (int)(next_random(&seed) % 26), i);
        document->id = arena_string(&corpus->arena, id);
        document->title = words[next_random(&seed) % 12];
        document->date = dates[next_random(&seed) % 5];
        document->language = next_random(&seed) % 3 ? "en" : "fr";
        for (uint64_t p = 0, count = 1 + next_random(&seed) % 4; p < count; p++) {
            char text[200] = "";
            for (uint64_t w = 0, length = 2 + next_random(&seed) % 4; w < length; w++)
                snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", w ? " " : "",
                         words[next_random(&seed) % 12]);
            document->paragraphs[p] = arena_string(&corpus->arena, text);
        }
    }
}

static const char *const queries[] = {"fish",
                                      "fish net",
                                      "ship AND oar",
                                      "\"fish net\"",
                                      "\"co-chairs fish\"",
                                      "co-chairs",
                                      "-fish",
                                      "+cod fish -net",
                                      "fish NEAR/2 cod",
                                      "\"fish net\" NEAR/3 cod",
                                      "ship* OR title:fish*",
                                      "title:co-chairs AND NOT oar",
                                      "title:fish fish"};

static void assert_same(struct fixture *one, struct fixture *other,
                        const struct search_request *request) {
    struct search_result expected = fixture_search(one, request);
    struct search_result got = fixture_search(other, request);
    char *expected_hits = fixture_hits(one, &expected, true);
    char *got_hits = fixture_hits(other, &got, true);
    if (strcmp(expected_hits, got_hits) != 0)
        fail_msg("%s (sort %d, offset %u, limit %u, per document %u): one segment [%s], several "
                 "[%s]",
                 request->text, request->sort, request->offset, request->limit,
                 request->per_document, expected_hits, got_hits);
    free(expected_hits);
    free(got_hits);
    search_result_free(&expected);
    search_result_free(&got);
}

static void assert_same_answers(struct fixture *one, struct fixture *other, uint64_t *random) {
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        for (int round = 0; round < 6; round++) {
            struct search_request request = fixture_request(queries[i]);
            request.sort = (enum search_sort)(next_random(random) % 3);
            request.offset = (uint32_t)(next_random(random) % 20);
            request.limit = 1 + (uint32_t)(next_random(random) % 20);
            request.per_document = round % 2 ? 1 + (uint32_t)(next_random(random) % 3) : 0;
            if (round > 3)
                request.filter.from = 20200000;
            assert_same(one, other, &request);
        }
}

static void test_segmentation_changes_no_answer(void **state) {
    (void)state;
    const char *given = getenv("SEED");
    uint64_t seed = (given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL)) | 1;
    print_message("SEED=%llu\n", (unsigned long long)seed);
    struct corpus *corpus = malloc(sizeof *corpus);
    assert_non_null(corpus);
    corpus_make(corpus, seed);
    struct fixture *one = fixture_open(corpus->documents, MANY, MANY);
    static const size_t cuts[] = {50, 7};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct fixture *other = fixture_open(corpus->documents, MANY, cuts[i]);
        assert_same_answers(one, other, &seed);
        fixture_close(other);
    }
    fixture_close(one);
    arena_free(&corpus->arena);
    free(corpus);
}

/* Every page of every size is a slice of the list of all. */
static void test_any_page_is_a_slice_of_all_hits(void **state) {
    (void)state;
    uint64_t random = 12345;
    struct corpus *corpus = malloc(sizeof *corpus);
    assert_non_null(corpus);
    corpus_make(corpus, random);
    struct fixture *fixture = fixture_open(corpus->documents, MANY, 25);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct search_request request = fixture_request(queries[i]);
        request.sort = (enum search_sort)(i % 3);
        struct search_result all = fixture_search(fixture, &request);
        for (int round = 0; round < 10; round++) {
            request.offset = (uint32_t)(next_random(&random) % 60);
            request.limit = 1 + (uint32_t)(next_random(&random) % 30);
            struct search_result page = fixture_search(fixture, &request);
            size_t left = all.hit_count > request.offset ? all.hit_count - request.offset : 0;
            assert_int_equal(page.hit_count, left < request.limit ? left : request.limit);
            for (size_t h = 0; h < page.hit_count; h++)
                assert_memory_equal(&page.hits[h].segment, &all.hits[request.offset + h].segment,
                                    4 * sizeof(uint32_t));
            search_result_free(&page);
        }
        search_result_free(&all);
    }
    fixture_close(fixture);
    arena_free(&corpus->arena);
    free(corpus);
}

/* ---- Errors -------------------------------------------------------------------------------- */

static void test_requests_that_make_no_sense_are_refused(void **state) {
    struct fixture *fixture = *state;
    struct search_result result;
    struct search_request request = fixture_request("fish");
    request.b = 1.5;
    assert_int_equal(searcher_search(&result, fixture->searcher, &request, &fixture->err),
                     PLENARY_EINVALID);
    assert_non_null(strstr(fixture->err.message, "b from 0 to 1"));
    request = fixture_request("fish");
    request.filter.from = 20201301;
    assert_int_equal(searcher_search(&result, fixture->searcher, &request, &fixture->err),
                     PLENARY_EINVALID);
    assert_non_null(strstr(fixture->err.message, "20201301 is not a date"));
    request = fixture_request("fish");
    request.language = 64;
    assert_int_equal(searcher_search(&result, fixture->searcher, &request, &fixture->err),
                     PLENARY_EINVALID);
    search_result_free(&result);
}

/* A deadline long past, so that the clock decides nothing. */
static void test_a_search_without_time_is_cut_off_and_says_so(void **state) {
    static const char *const asked[] = {"fish",       "fish boat",     "fish OR boat",
                                        "fi*",        "\"fish boat\"", "fish AND NOT boat",
                                        "NOT fish",   "title:fish",    "fish NEAR/5 boat",
                                        "fish^2 boat"};
    struct fixture *fixture = *state;
    struct search_result result;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        for (unsigned kind = 0; kind < 16; kind++) {
            struct search_request request = fixture_request(asked[i]);
            request.plain = kind & 1;
            request.facets = kind & 2 ? FACET_BIT(FACET_SPEAKER) : 0;
            request.sort = kind & 4 ? SEARCH_NEWEST_FIRST : SEARCH_BY_RELEVANCE;
            request.per_document = kind & 8 ? 2 : 0;
            request.no_suggestion = true;
            shim_database_set_deadline(searcher_database(fixture->searcher), 1);
            int status = searcher_search(&result, fixture->searcher, &request, &fixture->err);
            if (status != PLENARY_ESTOPPED)
                fail_msg("%s, kind %u: %d", asked[i], kind, status);
            assert_non_null(strstr(fixture->err.message, "took longer than it was given"));
            searcher_give_time(fixture->searcher, 0);
            assert_int_equal(searcher_search(&result, fixture->searcher, &request, &fixture->err),
                             0);
            search_result_free(&result);
        }
    }
}

static void test_a_missing_index_is_said_to_be_missing(void **state) {
    (void)state;
    struct searcher *searcher;
    struct error err = {0};
    assert_true(searcher_open(&searcher, "/nowhere/at/all", &err) < 0);
    assert_null(searcher);
    assert_non_null(strstr(err.message, "/nowhere/at/all"));
}

static void test_an_empty_query_finds_nothing(void **state) {
    fixture_expect(*state, "", "");
    fixture_expect(*state, "( ) \"", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties_go_by_date_then_id_then_place),
        cmocka_unit_test(test_pages_are_slices_of_the_whole),
        cmocka_unit_test(test_ranks_go_on_from_page_to_page),
        cmocka_unit_test(test_sorting_by_date_puts_undated_documents_last),
        cmocka_unit_test(test_documents_rank_by_their_best_passage),
        cmocka_unit_test(test_counting_is_exact_and_lists_nothing),
        cmocka_unit_test(test_an_exact_total_can_be_asked_with_one_hit),
        cmocka_unit_test(test_dates_filter_by_any_day_they_may_mean),
        cmocka_unit_test(test_paths_and_languages_filter),
        cmocka_unit_test(test_a_filter_holds_for_negative_queries),
        cmocka_unit_test(test_date_ranges),
        cmocka_unit_test(test_path_patterns),
        cmocka_unit_test(test_a_set_walks_its_runs),
        cmocka_unit_test(test_deleted_and_replaced_documents_are_not_found),
        cmocka_unit_test(test_segmentation_changes_no_answer),
        cmocka_unit_test(test_any_page_is_a_slice_of_all_hits),
        cmocka_unit_test(test_requests_that_make_no_sense_are_refused),
        cmocka_unit_test(test_a_search_without_time_is_cut_off_and_says_so),
        cmocka_unit_test(test_a_missing_index_is_said_to_be_missing),
        cmocka_unit_test(test_an_empty_query_finds_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
