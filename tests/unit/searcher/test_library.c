/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary.h as a program sees it: also from several threads, while generations come and go.
 */
#include "searcher/plenary.h"

#include "tests/unit/searcher/index_fixture.h"

#include <pthread.h>
#include <stdatomic.h>

static const struct fixture_document documents[] = {
    {"alpha",
     "Harbour talks",
     NULL,
     20200102,
     {"Ann| The harbour is safe.", "Bob| Ships need a harbour.", "No speaker names the harbour."},
     "Ports",
     "Council",
     0},
    {"beta",
     "Budget",
     NULL,
     20210304,
     {"Ann| The budget of the harbour.", "Money."},
     NULL,
     "Council",
     0},
    {"gamma", "Harbour talks", NULL, 20220506, {"Cleo| Nothing of note."}, NULL, NULL, 0},
};

static struct plenary *open_index(struct fixture *fixture) {
    struct plenary *index;
    struct plenary_failure failure;
    if (plenary_open(&index, fixture->folder, &failure) < 0)
        fail_msg("%s", failure.message);
    return index;
}

static void finds_and_iterates(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 3, 2);
    struct plenary *index = open_index(fixture);
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_result *result;
    const struct plenary_hit *hit;
    options.sort = PLENARY_NEWEST_FIRST;
    assert_int_equal(plenary_search(&result, index, "harbour", PLENARY_ALL, &options, NULL), 0);
    assert_int_equal(plenary_result_about(result)->total, 4);
    assert_int_equal(plenary_result_next(&hit, result, NULL), 1);
    assert_string_equal(hit->document.id, "beta");
    assert_string_equal(hit->document.date, "2021-03-04");
    assert_string_equal(hit->passage.speaker, "Ann");
    assert_int_equal(hit->passage.mark_count, 1);
    assert_int_equal(hit->passage.marks[0].begin, 18);
    assert_int_equal(plenary_result_next(&hit, result, NULL), 1);
    assert_int_equal(plenary_result_next(&hit, result, NULL), 1);
    assert_int_equal(plenary_result_next(&hit, result, NULL), 1);
    assert_int_equal(plenary_result_next(&hit, result, NULL), 0);
    assert_null(hit);
    plenary_result_free(result);
    plenary_close(index);
    fixture_close(fixture);
}

static void filters_by_speaker_and_tells_the_query_as_typed(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 3, 3);
    struct plenary *index = open_index(fixture);
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_result *result;
    options.speaker = "Ann";
    assert_int_equal(plenary_search(&result, index, "(harbour", PLENARY_ALL, &options, NULL), 0);
    assert_int_equal(plenary_result_about(result)->total, 2);
    assert_string_equal(plenary_result_about(result)->understood, "harbour");
    assert_int_equal(plenary_result_about(result)->notice_count, 1);
    plenary_result_free(result);
    options.speaker = "\" OR *";
    assert_int_equal(plenary_search(&result, index, "harbour", PLENARY_ALL, &options, NULL), 0);
    assert_int_equal(plenary_result_about(result)->total, 0);
    plenary_result_free(result);
    plenary_close(index);
    fixture_close(fixture);
}

/* As dates do: it takes away, and changes no score. */
static void a_speaker_is_a_filter_by_the_exact_name(void **state) {
    static const struct fixture_document said[] = {
        {"a",
         "A",
         "en",
         20200101,
         {"Ann Lee| The harbour.", "Ann| The harbour is open."},
         NULL,
         "Council",
         0},
        {"b",
         "B",
         "en",
         20200102,
         {"Ann| Ships.", "ann| The harbour.", "The harbour."},
         NULL,
         "Council of Ports",
         0},
    };
    (void)state;
    for (size_t per_segment = 1; per_segment <= 2; per_segment++) {
        struct fixture *fixture = fixture_open(said, 2, per_segment);
        struct plenary *index = open_index(fixture);
        struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
        struct plenary_result *result;
        const struct plenary_hit *hit;
        double score = 0;
        assert_int_equal(plenary_search(&result, index, "harbour", PLENARY_ALL, NULL, NULL), 0);
        assert_int_equal(plenary_result_about(result)->total, 4);
        while (plenary_result_next(&hit, result, NULL) == 1)
            if (hit->passage.speaker && strcmp(hit->passage.speaker, "Ann") == 0)
                score = hit->score;
        plenary_result_free(result);
        options.speaker = "Ann";
        assert_int_equal(plenary_search(&result, index, "harbour", PLENARY_ALL, &options, NULL), 0);
        assert_int_equal(plenary_result_about(result)->total, 1);
        assert_true(plenary_result_about(result)->total_exact);
        assert_int_equal(plenary_result_next(&hit, result, NULL), 1);
        assert_true(hit->score >= score && hit->score <= score && score > 0);
        plenary_result_free(result);
        assert_int_equal(plenary_search(&result, index, " ", PLENARY_ALL, &options, NULL), 0);
        assert_int_equal(plenary_result_about(result)->total, 2);
        plenary_result_free(result);
        options.speaker = NULL;
        options.body = "Council";
        assert_int_equal(plenary_search(&result, index, "harbour", PLENARY_ALL, &options, NULL), 0);
        assert_int_equal(plenary_result_about(result)->total, 2);
        plenary_result_free(result);
        plenary_close(index);
        fixture_close(fixture);
    }
}

static void counts_every_match(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 3, 1);
    struct plenary *index = open_index(fixture);
    struct plenary_values *values;
    size_t count;
    assert_int_equal(plenary_count(&values, index, "harbour", PLENARY_ALL,
                                   1 << PLENARY_BY_SPEAKER | 1 << PLENARY_BY_YEAR, NULL, NULL),
                     0);
    assert_int_equal(plenary_values_total(values), 4);
    const struct plenary_value *speakers = plenary_values_of(values, PLENARY_BY_SPEAKER, &count);
    assert_int_equal(count, 2);
    assert_string_equal(speakers[0].value, "Ann");
    assert_int_equal(speakers[0].passages, 2);
    assert_string_equal(speakers[0].first, "2020-01-02");
    assert_string_equal(speakers[0].last, "2021-03-04");
    const struct plenary_value *years = plenary_values_of(values, PLENARY_BY_YEAR, &count);
    assert_int_equal(count, 2);
    assert_string_equal(years[1].value, "2021");
    plenary_values_of(values, PLENARY_BY_BODY, &count);
    assert_int_equal(count, 0);
    plenary_values_free(values);
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    options.body = "Council";
    options.to = "2020";
    assert_int_equal(
        plenary_count(&values, index, "harbour", PLENARY_ALL, 1 << PLENARY_BY_BODY, &options, NULL),
        0);
    const struct plenary_value *bodies = plenary_values_of(values, PLENARY_BY_BODY, &count);
    assert_int_equal(count, 1);
    assert_int_equal(bodies[0].passages, 3);
    plenary_values_free(values);
    plenary_close(index);
    fixture_close(fixture);
}

static void opens_documents_and_passages(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 3, 3);
    struct plenary *index = open_index(fixture);
    struct plenary_document_options options = PLENARY_DOCUMENT_OPTIONS_INIT;
    struct plenary_document *document;
    struct plenary_failure failure;
    uint32_t row;
    size_t count;
    char *id;
    options.query = "ships";
    options.first = 1;
    options.rows = 1;
    assert_int_equal(plenary_document_open(&document, index, "alpha", &options, &failure), 0);
    const struct plenary_passage *rows = plenary_document_rows(document, &count);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].text, "Ships need a harbour.");
    assert_int_equal(rows[0].mark_count, 1);
    plenary_document_free(document);
    assert_int_equal(plenary_document_of_passage(&document, &row, index, "alpha#3", NULL, &failure),
                     0);
    assert_int_equal(row, 2);
    plenary_document_free(document);
    assert_int_equal(plenary_document_of_passage(&document, &row, index, "alpha#9", NULL, &failure),
                     PLENARY_ENOTFOUND);
    assert_null(document);
    assert_int_equal(plenary_document_open(&document, index, "none", NULL, &failure),
                     PLENARY_ENOTFOUND);
    assert_int_equal(plenary_find_title(&id, index, "harbour TALKS", &failure), 1);
    assert_string_equal(id, "gamma");
    plenary_free(id);
    assert_int_equal(plenary_find_title(&id, index, "harbour", &failure), 0);
    plenary_close(index);
    fixture_close(fixture);
}

static void lists_documents_newest_first(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 3, 1);
    struct plenary *index = open_index(fixture);
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_list *list;
    struct plenary_failure failure;
    size_t count;
    options.offset = 1;
    assert_int_equal(plenary_list_documents(&list, index, &options, NULL), 0);
    const struct plenary_document_info *all = plenary_list_of(list, &count);
    assert_int_equal(count, 2);
    assert_string_equal(all[0].id, "beta");
    assert_string_equal(all[1].id, "alpha");
    assert_int_equal(plenary_list_total(list), 3);
    const struct plenary_value *years = plenary_list_years(list, &count);
    assert_int_equal(count, 3);
    assert_int_equal(years[0].documents, 1);
    assert_int_equal(years[0].passages, 3);
    plenary_list_free(list);
    options.limit = 10000;
    assert_int_equal(plenary_list_documents(&list, index, &options, &failure), PLENARY_ELIMIT);
    plenary_close(index);
    fixture_close(fixture);
}

static void refuses_what_makes_no_sense(void **state) {
    (void)state;
    struct fixture *fixture = fixture_open(documents, 1, 1);
    struct plenary *index = open_index(fixture);
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_result *result = (void *)fixture;
    struct plenary_failure failure;
    options.from = "yesterday";
    assert_int_equal(plenary_search(&result, index, "x", PLENARY_ALL, &options, &failure),
                     PLENARY_EINVALID);
    assert_null(result);
    assert_non_null(strstr(failure.message, "yesterday"));
    options.from = NULL;
    options.version = 9;
    assert_int_equal(plenary_search(&result, index, "x", PLENARY_ALL, &options, &failure),
                     PLENARY_EVERSION);
    plenary_close(index);
    fixture_close(fixture);
}

/* ---- Threads ------------------------------------------------------------------------------- */

enum { THREADS = 4, GENERATIONS = 12 };

struct race {
    struct plenary *index;
    _Atomic bool over;
    _Atomic unsigned searches;
};

/* Document i of generation g says "generation g" and there are always as many passages as
 * documents: an answer that mixes two generations would not add up. */
static void *search_on(void *context) {
    struct race *race = context;
    while (!atomic_load(&race->over)) {
        struct plenary_result *result;
        struct plenary_failure failure;
        if (plenary_search(&result, race->index, "harbour", PLENARY_ALL, NULL, &failure) < 0)
            fail_msg("%s", failure.message);
        const struct plenary_result_info *info = plenary_result_about(result);
        assert_int_equal(info->total, info->documents);
        const struct plenary_hit *hit;
        while (plenary_result_next(&hit, result, &failure) == 1)
            assert_string_equal(hit->document.title, "Harbour");
        plenary_result_free(result);
        atomic_fetch_add(&race->searches, 1);
    }
    return NULL;
}

static void publish(struct fixture *fixture, struct plenary *index) {
    for (int i = 0; i < GENERATIONS; i++) {
        char id[16];
        snprintf(id, sizeof id, "d%d", i);
        const struct fixture_document one = {id,          "Harbour", NULL, 20200101,
                                             {"harbour"}, NULL,      NULL, 0};
        fixture_add(fixture, &one, 1, 1);
        assert_int_equal(plenary_refresh(index, NULL), 1);
        assert_int_equal(plenary_refresh(index, NULL), 0);
    }
}

static void threads_search_while_generations_come(void **state) {
    (void)state;
    static const struct fixture_document first = {"d",         "Harbour", NULL, 0,
                                                  {"harbour"}, NULL,      NULL, 0};
    struct fixture *fixture = fixture_open(&first, 1, 1);
    struct race race = {.index = open_index(fixture)};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, search_on, &race), 0);
    publish(fixture, race.index);
    while (atomic_load(&race.searches) < THREADS * 3)
        sched_yield();
    atomic_store(&race.over, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    struct plenary_state now;
    plenary_state(race.index, &now);
    assert_int_equal(now.documents, GENERATIONS + 1);
    plenary_close(race.index);
    fixture_close(fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_and_iterates),
        cmocka_unit_test(filters_by_speaker_and_tells_the_query_as_typed),
        cmocka_unit_test(a_speaker_is_a_filter_by_the_exact_name),
        cmocka_unit_test(counts_every_match),
        cmocka_unit_test(opens_documents_and_passages),
        cmocka_unit_test(lists_documents_newest_first),
        cmocka_unit_test(refuses_what_makes_no_sense),
        cmocka_unit_test(threads_search_while_generations_come),
    };
    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
