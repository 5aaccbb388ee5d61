/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Searches that read postings in place against Xapian's own matcher, over random indexes: the same
 * passages, the same scores, the same totals. Indexes have several segments, deleted documents,
 * lists of many blocks, passages of very different lengths; queries are nested, filtered, grouped
 * and paged.
 */
#include "tests/unit/searcher/index_fixture.h"

#include "tests/unit/rounds.h"

#include <math.h>
#include <time.h>

enum { WORDS = 60, PASSAGES_MOST = 700, DOCUMENTS = 24 };

static uint64_t random_state;

static size_t choose(size_t count) {
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)(random_state * UINT64_C(2685821657736338717) >> 33) % count;
}

/* Rank r comes about 1/r as often as the first: long lists and short ones. */
static void add_word(struct bytes *text) {
    size_t rank = (size_t)pow(WORDS, (double)choose(10000) / 10000) - 1;
    bytes_printf(text, "w%zux ", rank);
}

static void add_passage(struct document *document) {
    struct bytes text = BYTES_INIT;
    size_t words = choose(20) ? 1 + choose(30) : 1 + choose(1500);
    if (choose(6) == 0)
        words = 2; /* many that tie */
    while (words-- > 0)
        add_word(&text);
    assert_false(text.failed);
    struct passage *passage =
        document_add(document, PASSAGE_PARAGRAPH, (const char *)text.data, text.size);
    assert_non_null(passage);
    bytes_free(&text);
}

static void add_document(struct index_writer *writer, struct document *document, size_t number) {
    char id[20], source[40];
    struct error err;
    enum index_change change;
    snprintf(id, sizeof id, "d%zu", number);
    snprintf(source, sizeof source, "/%s/%s.txt", number % 3 ? "a" : "b", id);
    document_reset(document);
    document->id = arena_string(&document->arena, id);
    document->source = arena_string(&document->arena, source);
    document->title = document->id;
    document->language = "en";
    document->date = number % 4 ? 20200101 + (uint32_t)choose(4) * 10000 : 0;
    for (size_t i = 0; i < sizeof document->content; i++)
        document->content[i] = (uint8_t)choose(256);
    for (size_t i = choose(PASSAGES_MOST) + 1; i > 0; i--)
        add_passage(document);
    assert_int_equal(document_finish(document), 0);
    if (index_writer_add(writer, document, &change, &err))
        fail_msg("%s", err.message);
}

/* Documents in a few segments; some are replaced and some deleted afterwards. */
static void fill(const char *folder) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct document document;
    struct error err;
    options.language = -1;
    if (index_writer_open(&writer, folder, &options, &err))
        fail_msg("%s", err.message);
    document_init(&document);
    size_t each = 4 + choose(DOCUMENTS);
    for (size_t i = 0; i < DOCUMENTS + choose(8); i++) {
        add_document(writer, &document, i < DOCUMENTS ? i : choose(DOCUMENTS));
        if ((i + 1) % each == 0 && index_writer_publish(writer, &err))
            fail_msg("%s", err.message);
    }
    for (size_t i = choose(3); i > 0; i--) {
        uint64_t deleted;
        char id[20];
        snprintf(id, sizeof id, "d%zu", choose(DOCUMENTS));
        if (index_writer_delete(writer, id, &deleted, &err))
            fail_msg("%s", err.message);
    }
    if (index_writer_publish(writer, &err))
        fail_msg("%s", err.message);
    document_free(&document);
    index_writer_close(writer);
}

/* ---- Queries ------------------------------------------------------------------------------- */

static void ask_words(struct bytes *query, size_t count, const char *before) {
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(query, before);
        if (choose(40))
            add_word(query);
        else
            bytes_add_string(query, "absent ");
    }
}

static void ask(struct bytes *query, int depth) {
    switch (choose(depth ? 9 : 7)) {
    case 0:
        ask_words(query, 1, "");
        break;
    case 1:
        ask_words(query, 1 + choose(4), "+");
        ask_words(query, choose(3), "");
        break;
    case 2:
        ask_words(query, 1 + choose(2), "");
        ask_words(query, 1, "-");
        break;
    case 3:
        bytes_add_string(query, "\"");
        ask_words(query, 2 + choose(2), "");
        bytes_add_string(query, "\" ");
        break;
    case 4:
    case 5:
    case 6:
        ask_words(query, 2 + choose(5), "");
        break;
    case 7:
        bytes_add_string(query, "(");
        ask(query, depth - 1);
        bytes_add_string(query, choose(2) ? ") AND (" : ") OR (");
        ask(query, depth - 1);
        bytes_add_string(query, ") ");
        break;
    default:
        bytes_add_string(query, "title:d1 ");
        ask(query, depth - 1);
        break;
    }
}

static struct search_request make_request(void) {
    static const char *const folders[] = {"/b/"};
    static const double k1[] = {1.2, 1.2, 0.9, 2, 0}, b[] = {0.75, 0.75, 0.4, 0, 1};
    struct search_request request = SEARCH_REQUEST_INIT;
    size_t parameters = choose(5);
    request.k1 = k1[parameters];
    request.b = b[choose(5)];
    request.limit = (uint32_t)(1 + choose(choose(4) ? 20 : 2000));
    request.offset = choose(4) ? 0 : (uint32_t)choose(30);
    request.exact_total = choose(2) == 0;
    request.per_document = choose(5) ? 0 : (uint32_t)(1 + choose(3));
    request.sort = choose(8) ? SEARCH_BY_RELEVANCE : SEARCH_NEWEST_FIRST;
    if (choose(3) == 0)
        request.filter.from = 20210000;
    if (choose(5) == 0) {
        request.filter.in = folders;
        request.filter.in_count = 1;
    }
    return request;
}

static void compare(const struct search_result *fast, const struct search_result *plain) {
    assert_int_equal(fast->hit_count, plain->hit_count);
    for (size_t i = 0; i < fast->hit_count; i++) {
        const struct search_hit *a = &fast->hits[i], *b = &plain->hits[i];
        if (a->passage != b->passage)
            print_error("hit %zu: %u.%u %.17g, not %u.%u %.17g\n", i, a->segment, a->passage,
                        a->score, b->segment, b->passage, b->score);
        assert_int_equal(a->segment, b->segment);
        assert_int_equal(a->passage, b->passage);
        assert_int_equal(a->rank, b->rank);
        assert_true(fabs(a->score - b->score) <= 1e-9 * b->score);
    }
    if (fast->total.exact && plain->total.exact)
        assert_int_equal(fast->total.value, plain->total.value);
}

static void search_both_ways(struct searcher *searcher, struct search_request *request) {
    struct search_result fast, plain;
    struct error err;
    request->plain = false;
    if (searcher_search(&fast, searcher, request, &err))
        fail_msg("%s", err.message);
    request->plain = true;
    if (searcher_search(&plain, searcher, request, &err))
        fail_msg("%s", err.message);
    if (request->exact_total || request->count_only)
        assert_true(fast.total.exact && plain.total.exact);
    compare(&fast, &plain);
    search_result_free(&fast);
    search_result_free(&plain);
}

static void test_the_answer_is_that_of_xapian(void **state) {
    (void)state;
    for (unsigned round = 0; round < rounds(12); round++) {
        char folder[] = "/tmp/plenary-accelerator-XXXXXX";
        struct searcher *searcher;
        struct error err;
        assert_non_null(mkdtemp(folder));
        fill(folder);
        if (searcher_open(&searcher, folder, &err))
            fail_msg("%s", err.message);
        for (unsigned i = 0; i < rounds(300); i++) {
            struct bytes query = BYTES_INIT;
            ask(&query, 2);
            struct search_request request = make_request();
            request.text = bytes_string(&query);
            request.text_size = query.size;
            request.count_only = choose(10) == 0;
            print_message("# %u.%u k1 %g b %g limit %u+%u sort %d group %u from %u in %zu: %s\n",
                          round, i, request.k1, request.b, request.offset, request.limit,
                          (int)request.sort, request.per_document, request.filter.from,
                          request.filter.in_count, request.text);
            search_both_ways(searcher, &request);
            bytes_free(&query);
        }
        searcher_close(searcher);
        nftw(folder, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
}

static int seed_random(void **state) {
    (void)state;
    const char *given = getenv("PLENARY_TEST_SEED");
    random_state = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 2654435761u + 1;
    print_message("PLENARY_TEST_SEED=%llu\n", (unsigned long long)random_state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_answer_is_that_of_xapian, seed_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
