/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is found and counted, against a matcher that reads every text: small random indexes in any
 * number of segments, with deleted documents.
 */
#include "searcher/synonyms.h"
#include "tests/unit/rounds.h"
#include "tests/unit/searcher/index_fixture.h"

#include <time.h>

enum { DOCUMENTS = 24, PARAGRAPHS = 4, WORDS = 6, VOCABULARY = 24 };

struct world {
    struct fixture *fixture;
    struct fixture_document documents[DOCUMENTS];
    char ids[DOCUMENTS][8], texts[DOCUMENTS][PARAGRAPHS][160], vocabulary[VOCABULARY][8];
    size_t count;
    bool deleted[DOCUMENTS];
    uint64_t random;
};

static uint64_t next_random(uint64_t *state) { /* xorshift64* */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 2685821657736338717u;
}

static uint64_t random_seed(void) {
    const char *given = getenv("SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    print_message("SEED=%llu\n", (unsigned long long)seed);
    return seed | 1;
}

static unsigned below(struct world *world, unsigned limit) {
    return (unsigned)(next_random(&world->random) % limit);
}

static void random_word(struct world *world, char *out) {
    size_t size = 2 + below(world, 5);
    for (size_t i = 0; i < size; i++)
        out[i] = "abcd"[below(world, 4)];
    out[size] = '\0';
}

static void fill_document(struct world *world, size_t i) {
    static const uint32_t dates[] = {0, 20180000, 20180800, 20180806, 20190102, 20170000, 20180806};
    static const char *const speakers[] = {"", "Ann| ", "Bob| ", "The Chair| "};
    static const char *const names[] = {NULL, "Halden", "Straits"};
    struct fixture_document *document = &world->documents[i];
    snprintf(world->ids[i], sizeof world->ids[i], "d%u", (unsigned)(i * 7 % 100));
    *document = (struct fixture_document){.id = world->ids[i],
                                          .language = "none",
                                          .title = names[below(world, 3)],
                                          .heading = names[below(world, 3)],
                                          .body = names[below(world, 3)],
                                          .page = below(world, 4),
                                          .date = dates[below(world, 7)]};
    size_t paragraphs = 1 + below(world, PARAGRAPHS);
    for (size_t p = 0; p < paragraphs; p++) {
        char *text = world->texts[i][p];
        strcpy(text, speakers[below(world, 4)]);
        size_t words = 1 + below(world, below(world, 2) ? 2 : WORDS);
        for (size_t w = 0; w < words; w++) {
            const char *word = world->vocabulary[below(world, VOCABULARY)];
            sprintf(text + strlen(text), "%s%s", w ? (below(world, 4) ? " " : ", ") : "", word);
        }
        document->paragraphs[p] = text;
    }
}

static void delete_some(struct world *world) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct error *err = &world->fixture->err;
    options.language = -1;
    assert_int_equal(index_writer_open(&writer, world->fixture->folder, &options, err), 0);
    for (size_t i = 0; i < world->count; i++) {
        uint64_t deleted;
        world->deleted[i] = below(world, 6) == 0;
        if (world->deleted[i])
            assert_int_equal(index_writer_delete(writer, world->ids[i], &deleted, err), 0);
    }
    assert_int_equal(index_writer_publish(writer, err), 0);
    index_writer_close(writer);
    assert_true(searcher_refresh(world->fixture->searcher, err) >= 0);
}

static void world_open(struct world *world) {
    world->count = 1 + below(world, DOCUMENTS);
    for (size_t i = 0; i < VOCABULARY; i++)
        random_word(world, world->vocabulary[i]);
    memset(world->deleted, 0, sizeof world->deleted);
    for (size_t i = 0; i < world->count; i++)
        fill_document(world, i);
    world->fixture = fixture_open(world->documents, world->count, 1 + below(world, DOCUMENTS));
    if (below(world, 2))
        delete_some(world);
}

/* ---- Reading every text ---------------------------------------------------------------------- */

/* The words of a paragraph without its speaker, with one blank around each. */
static void plain_words(const struct world *world, size_t document, size_t paragraph, char *out) {
    const char *text = world->documents[document].paragraphs[paragraph];
    const char *bar = strstr(text, "| ");
    text = bar ? bar + 2 : text;
    *out++ = ' ';
    for (; *text; text++)
        if (*text != ',')
            *out++ = *text;
    *out++ = ' ';
    *out = '\0';
}

typedef bool (*word_fn)(const char *wanted, const char *word);

static bool has_word(const struct world *world, size_t document, size_t paragraph, word_fn is,
                     const char *wanted) {
    char words[200];
    plain_words(world, document, paragraph, words);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        if (is(wanted, word))
            return true;
    return false;
}

static bool is_equal(const char *wanted, const char *word) {
    return strcmp(wanted, word) == 0;
}

static bool is_pattern(const char *pattern, const char *word) {
    if (*pattern == '*')
        return is_pattern(pattern + 1, word) || (*word && is_pattern(pattern, word + 1));
    if (!*pattern || !*word)
        return !*pattern && !*word;
    return (*pattern == '?' || *pattern == *word) && is_pattern(pattern + 1, word + 1);
}

/* One edit from `a` to `b`, or none: by trying each. */
static bool is_near(const char *a, const char *b, unsigned edits) {
    if (!*a || !*b)
        return strlen(a) + strlen(b) <= edits;
    if (*a == *b && is_near(a + 1, b + 1, edits))
        return true;
    return edits &&
           (is_near(a + 1, b + 1, edits - 1) || is_near(a + 1, b, edits - 1) ||
            is_near(a, b + 1, edits - 1) ||
            (a[1] && b[1] && a[0] == b[1] && a[1] == b[0] && is_near(a + 2, b + 2, edits - 1)));
}

static bool is_near_one(const char *wanted, const char *word) {
    return is_near(wanted, word, 1);
}

static bool is_near_two(const char *wanted, const char *word) {
    return is_near(wanted, word, 2);
}

/* "id#number" of each paragraph with at least `least` of the words, sorted as fixture_expect_set.
 */
static void expect_words(struct world *world, const char *query, word_fn is,
                         const char *const *wanted, size_t count, unsigned least) {
    char lines[DOCUMENTS * PARAGRAPHS][16], *sorted[DOCUMENTS * PARAGRAPHS];
    size_t found = 0;
    for (size_t d = 0; d < world->count; d++)
        for (size_t p = 0; p < PARAGRAPHS && world->documents[d].paragraphs[p]; p++) {
            unsigned has = 0;
            for (size_t i = 0; i < count; i++)
                has += has_word(world, d, p, is, wanted[i]);
            if (world->deleted[d] || has < least)
                continue;
            snprintf(lines[found], sizeof *lines, "%s#%zu", world->ids[d], p + 1);
            sorted[found] = lines[found];
            found++;
        }
    if (found)
        qsort(sorted, found, sizeof *sorted, fixture_by_text);
    struct bytes expected = BYTES_INIT;
    for (size_t i = 0; i < found; i++)
        bytes_printf(&expected, "%s%s", i ? " " : "", sorted[i]);
    assert_non_null(bytes_string(&expected));
    fixture_expect_set(world->fixture, query, (const char *)expected.data);
    bytes_free(&expected);
}

/* ---- Words ----------------------------------------------------------------------------------- */

static void check_pattern(struct world *world) {
    char pattern[12] = "";
    unsigned letters = 0;
    bool wild = false;
    for (size_t i = 0, size = 3 + below(world, 4); i < size; i++) {
        pattern[i] = "abcd*abcd?"[below(world, 10)];
        wild |= pattern[i] == '*';
        letters += pattern[i] >= 'a';
    }
    const char *wanted[] = {pattern};
    /* Without a star, a question mark only counts between letters. */
    if (wild && letters >= 2 && strspn(pattern, "abcd") < strcspn(pattern, "?"))
        expect_words(world, pattern, is_pattern, wanted, 1, 1);
}

static void check_similar(struct world *world) {
    char word[8], query[16];
    const char *wanted[] = {word};
    random_word(world, word);
    snprintf(query, sizeof query, "%s~1", word);
    expect_words(world, query, is_near_one, wanted, 1, 1);
    snprintf(query, sizeof query, "%s~2", word);
    expect_words(world, query, is_near_two, wanted, 1, 1);
}

static void check_least(struct world *world) {
    const char *wanted[5];
    size_t count = 2 + below(world, 4);
    unsigned least = 1 + below(world, (unsigned)count);
    struct bytes query = BYTES_INIT;
    for (size_t i = 0; i < count; i++) {
        wanted[i] = world->vocabulary[below(world, VOCABULARY)];
        bytes_printf(&query, "%s%s", i ? " " : "(", wanted[i]);
    }
    bytes_printf(&query, ")~%u", least);
    assert_non_null(bytes_string(&query));
    expect_words(world, (const char *)query.data, is_equal, wanted, count, least);
    bytes_free(&query);
}

static void test_words_are_found_as_by_reading_all_texts(void **state) {
    (void)state;
    struct world world = {.random = random_seed()};
    for (unsigned round = 0; round < rounds(15); round++) {
        world_open(&world);
        for (int i = 0; i < 10; i++) {
            check_pattern(&world);
            check_similar(&world);
            check_least(&world);
        }
        fixture_close(world.fixture);
    }
}

/* ---- Facets ---------------------------------------------------------------------------------- */

/* The value of a facet of a paragraph as text; NULL for none. */
static const char *value_of(const struct world *world, size_t d, size_t p, enum facet_field field,
                            char *out) {
    const struct fixture_document *document = &world->documents[d];
    const char *text = document->paragraphs[p], *bar = strstr(text, "| ");
    uint32_t date = document->date;
    switch (field) {
    case FACET_SPEAKER:
        sprintf(out, "%.*s", bar ? (int)(bar - text) : 0, text);
        return bar ? out : NULL;
    case FACET_BODY:
        return document->body;
    case FACET_YEAR:
        sprintf(out, "%04u", date / 10000);
        return date ? out : NULL;
    case FACET_MONTH:
        sprintf(out, "%04u-%02u", date / 10000, date / 100 % 100);
        return date / 100 % 100 ? out : NULL;
    case FACET_LANGUAGE:
        return "none";
    case FACET_TITLE:
        return document->title;
    default:
        return document->heading;
    }
}

static void check_value(const struct world *world, const char *word, enum facet_field field,
                        const struct facet_value *value) {
    uint64_t passages = 0, documents = 0;
    uint32_t first = 0, last = 0;
    for (size_t d = 0; d < world->count; d++) {
        bool any = false;
        for (size_t p = 0; p < PARAGRAPHS && world->documents[d].paragraphs[p]; p++) {
            char name[64];
            const char *is = value_of(world, d, p, field, name);
            bool counts = !world->deleted[d] && has_word(world, d, p, is_equal, word) && is &&
                          strcmp(is, value->name) == 0;
            passages += counts;
            any |= counts;
        }
        uint32_t date = any ? world->documents[d].date : 0;
        documents += any;
        first = date && (!first || date < first) ? date : first;
        last = date > last ? date : last;
    }
    assert_int_equal(value->passages, passages);
    assert_int_equal(value->documents, documents);
    assert_int_equal(value->first_date, first);
    assert_int_equal(value->last_date, last);
}

static void check_facets(struct world *world) {
    const char *word = world->vocabulary[below(world, VOCABULARY)];
    struct search_request request = fixture_request(word);
    request.limit = below(world, 2);
    request.facets = FACET_BIT(FACET_FIELDS) - 1;
    request.histogram = FACET_BIT(FACET_YEAR) | FACET_BIT(FACET_MONTH);
    struct search_result result = fixture_search(world->fixture, &request);
    uint64_t matches = 0;
    for (size_t d = 0; d < world->count; d++)
        for (size_t p = 0; p < PARAGRAPHS && world->documents[d].paragraphs[p]; p++)
            matches += !world->deleted[d] && has_word(world, d, p, is_equal, word);
    assert_int_equal(result.total.value, matches);
    assert_true(result.total.exact);
    assert_int_equal(result.facet_count, FACET_FIELDS + 2);
    for (size_t i = 0; i < result.facet_count; i++) {
        const struct facet *facet = &result.facets[i];
        uint64_t sum = facet->without;
        for (size_t v = 0; v < facet->count; v++) {
            const struct facet_value *value = &facet->values[v], *before = v ? value - 1 : NULL;
            check_value(world, word, facet->field, value);
            sum += value->passages;
            if (before && facet->histogram)
                assert_true(strcmp(before->name, value->name) < 0);
            else if (before)
                assert_true(
                    before->passages > value->passages ||
                    (before->passages == value->passages && strcmp(before->name, value->name) < 0));
        }
        assert_int_equal(sum, matches);
    }
    search_result_free(&result);
}

static void test_facets_count_all_matches(void **state) {
    (void)state;
    struct world world = {.random = random_seed()};
    for (unsigned round = 0; round < rounds(20); round++) {
        world_open(&world);
        for (int i = 0; i < 10; i++)
            check_facets(&world);
        fixture_close(world.fixture);
    }
}

/* ---- Duplicates ------------------------------------------------------------------------------ */

static bool same_words(const struct world *world, size_t d, size_t p, size_t e, size_t q) {
    char a[200], b[200];
    plain_words(world, d, p, a);
    plain_words(world, e, q, b);
    return strcmp(a, b) == 0;
}

/* Does (e, q) stand for both, (d, p) being another one? */
static bool goes_before(const struct world *world, size_t e, size_t q, size_t d, size_t p) {
    if (world->documents[e].date != world->documents[d].date)
        return world->documents[e].date > world->documents[d].date;
    int order = strcmp(world->ids[e], world->ids[d]);
    return order ? order < 0 : q < p;
}

static void check_fold(struct world *world) {
    const char *word = world->vocabulary[below(world, VOCABULARY)];
    struct search_request request = fixture_request(word);
    request.fold_duplicates = true;
    struct search_result result = fixture_search(world->fixture, &request);
    struct bytes expected = BYTES_INIT;
    uint64_t left_out = 0, kept = 0;
    for (size_t d = 0; d < world->count; d++)
        for (size_t p = 0; p < PARAGRAPHS && world->documents[d].paragraphs[p]; p++) {
            bool best = !world->deleted[d] && has_word(world, d, p, is_equal, word);
            unsigned others = 0;
            if (!best)
                continue;
            for (size_t e = 0; e < world->count; e++)
                for (size_t q = 0; q < PARAGRAPHS && world->documents[e].paragraphs[q]; q++)
                    if ((e != d || q != p) && !world->deleted[e] && same_words(world, d, p, e, q)) {
                        others++;
                        best &= !goes_before(world, e, q, d, p);
                    }
            left_out += !best;
            kept += best;
            if (best)
                bytes_printf(&expected, "[%s#%zu+%u]", world->ids[d], p + 1, others);
        }
    assert_int_equal(result.folded, left_out);
    assert_int_equal(result.total.value, kept);
    assert_int_equal(result.hit_count, kept);
    char *hits = fixture_hits(world->fixture, &result, false);
    size_t i = 0;
    for (char *hit = strtok(hits, " "); hit; hit = strtok(NULL, " "), i++) {
        char one[48];
        snprintf(one, sizeof one, "[%s+%u]", hit, result.hits[i].duplicates);
        if (!strstr((const char *)expected.data, one))
            fail_msg("%s: %s is none of %s", word, one, expected.data);
    }
    free(hits);
    bytes_free(&expected);
    search_result_free(&result);
}

static void test_duplicates_are_folded_and_counted(void **state) {
    (void)state;
    struct world world = {.random = random_seed()};
    for (unsigned round = 0; round < rounds(20); round++) {
        world_open(&world);
        for (int i = 0; i < 10; i++)
            check_fold(&world);
        fixture_close(world.fixture);
    }
}

/* ---- Pages ----------------------------------------------------------------------------------- */

static char *ranked_hits(struct world *world, const struct search_result *result) {
    struct bytes out = BYTES_INIT;
    char *hits = fixture_hits(world->fixture, result, true);
    size_t i = 0;
    for (char *hit = strtok(hits, " "); hit; hit = strtok(NULL, " "), i++)
        bytes_printf(&out, "%u.%u %s (%.9g)\n", result->hits[i].rank, result->hits[i].place, hit,
                     result->hits[i].group_score);
    free(hits);
    assert_non_null(bytes_string(&out));
    return (char *)out.data;
}

/* All pages by their cursors are the list that one request gives. */
static void check_pages(struct world *world) {
    char query[64];
    snprintf(query, sizeof query, below(world, 5) ? "%s %s %s" : "-%s",
             world->vocabulary[below(world, VOCABULARY)],
             world->vocabulary[below(world, VOCABULARY)],
             world->vocabulary[below(world, VOCABULARY)]);
    struct search_request request = fixture_request(query);
    request.sort = (enum search_sort)below(world, 3);
    request.per_document = below(world, 3);
    request.group_sum = below(world, 2);
    request.fold_duplicates = below(world, 3) == 0;
    struct search_result all = fixture_search(world->fixture, &request);
    char *whole = ranked_hits(world, &all);
    assert_null(all.cursor);
    struct bytes pages = BYTES_INIT;
    char cursor[200] = "";
    request.limit = 1 + below(world, 7);
    for (int page = 0;; page++) {
        assert_true(page < 200);
        request.after = *cursor ? cursor : NULL;
        struct search_result result = fixture_search(world->fixture, &request);
        char *hits = ranked_hits(world, &result);
        bytes_add_string(&pages, hits);
        bool more = result.cursor != NULL;
        assert_true(!more || result.hit_count);
        snprintf(cursor, sizeof cursor, "%s", more ? result.cursor : "");
        free(hits);
        search_result_free(&result);
        if (!more)
            break;
    }
    assert_non_null(bytes_string(&pages));
    if (strcmp((const char *)pages.data, whole) != 0)
        fail_msg("%s by %d, grouped %u: pages\n%snot\n%s", query, (int)request.sort,
                 request.per_document, pages.data, whole);
    free(whole);
    bytes_free(&pages);
    search_result_free(&all);
}

static void test_pages_by_cursor_are_the_whole_list(void **state) {
    (void)state;
    struct world world = {.random = random_seed()};
    for (unsigned round = 0; round < rounds(20); round++) {
        world_open(&world);
        for (int i = 0; i < 10; i++)
            check_pages(&world);
        fixture_close(world.fixture);
    }
}

/* ---- Documents by the sum of their passages -------------------------------------------------- */

static void check_sums(struct world *world) {
    const char *word = world->vocabulary[below(world, VOCABULARY)];
    struct search_request request = fixture_request(word);
    struct search_result passages = fixture_search(world->fixture, &request);
    request.per_document = PARAGRAPHS;
    request.group_sum = true;
    struct search_result documents = fixture_search(world->fixture, &request);
    double before = 0;
    assert_int_equal(documents.hit_count, passages.hit_count);
    for (size_t i = 0; i < documents.hit_count; i++) {
        const struct search_hit *hit = &documents.hits[i];
        double sum = 0;
        for (size_t k = 0; k < passages.hit_count; k++)
            if (passages.hits[k].segment == hit->segment &&
                passages.hits[k].document == hit->document)
                sum += passages.hits[k].score;
        assert_true(hit->group_score > sum - 1e-6 && hit->group_score < sum + 1e-6);
        assert_true(!i || hit->group_score <= before);
        before = hit->group_score;
    }
    search_result_free(&passages);
    search_result_free(&documents);
}

static void test_documents_can_be_ranked_by_the_sum(void **state) {
    (void)state;
    struct world world = {.random = random_seed()};
    for (unsigned round = 0; round < rounds(15); round++) {
        world_open(&world);
        for (int i = 0; i < 10; i++)
            check_sums(&world);
        fixture_close(world.fixture);
    }
}

/* ---- Refused cursors ------------------------------------------------------------------------- */

static void expect_refused(struct fixture *fixture, const struct search_request *request,
                           const char *part) {
    struct search_result result;
    assert_int_equal(searcher_search(&result, fixture->searcher, request, &fixture->err),
                     PLENARY_EINVALID);
    assert_non_null(strstr(fixture->err.message, part));
}

static void test_a_cursor_of_something_else_is_refused(void **state) {
    (void)state;
    static const struct fixture_document documents[] = {
        {.id = "a", .paragraphs = {"ships", "ships sail", "ships"}},
        {.id = "b", .paragraphs = {"ships in port", "port", "ships"}}};
    static const struct fixture_document one_more[] = {{.id = "c", .paragraphs = {"ships"}}};
    struct fixture *fixture = fixture_open(documents, 2, 1);
    struct search_request request = fixture_request("ships");
    request.limit = 2;
    struct search_result result = fixture_search(fixture, &request);
    char cursor[200];
    assert_non_null(result.cursor);
    snprintf(cursor, sizeof cursor, "%s", result.cursor);
    search_result_free(&result);
    request.after = "nonsense";
    expect_refused(fixture, &request, "not a cursor");
    request.after = cursor;
    cursor[5] ^= 1;
    expect_refused(fixture, &request, "not a cursor");
    cursor[5] ^= 1;
    request.sort = SEARCH_NEWEST_FIRST;
    expect_refused(fixture, &request, "another query");
    request.sort = SEARCH_BY_RELEVANCE;
    request.text = "port";
    request.text_size = 4;
    expect_refused(fixture, &request, "another query");
    request = fixture_request("ships");
    request.after = cursor;
    result = fixture_search(fixture, &request);
    assert_int_equal(result.hit_count, 3);
    assert_int_equal(result.first_rank, 3);
    search_result_free(&result);
    fixture_add(fixture, one_more, 1, 1);
    assert_int_equal(searcher_refresh(fixture->searcher, &fixture->err), 1);
    expect_refused(fixture, &request, "index has changed");
    fixture_close(fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_found_as_by_reading_all_texts),
        cmocka_unit_test(test_facets_count_all_matches),
        cmocka_unit_test(test_duplicates_are_folded_and_counted),
        cmocka_unit_test(test_pages_by_cursor_are_the_whole_list),
        cmocka_unit_test(test_documents_can_be_ranked_by_the_sum),
        cmocka_unit_test(test_a_cursor_of_something_else_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
