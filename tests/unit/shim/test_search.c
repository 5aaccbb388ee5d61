/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries and their scores. */
#include "fixture.h"
#include "tests/unit/rounds.h"

#include <math.h>

static const struct text minutes[] = {
    {1, "the council discussed peace and security"},
    {2, "peace peace and more peace"},
    {3, "the budget of the council"},
    {6, "security of the budget"}, /* docids with gaps */
    {7, "climate"},
    {20, "climate and peace in the council of security"},
};

/* BM25 as Xapian::BM25Weight documents it, with k2 = k3 = 0 and tf documents of N. */
static double bm25(double wdf, double length, double tf, double documents, double average) {
    const double k1 = 1.2, b = 0.75;
    double odds = (documents - tf + 0.5) / (tf + 0.5);
    if (odds < 2)
        odds = odds / 2 + 1;
    return log(odds) * (k1 + 1) * wdf / (k1 * (1 - b + b * length / average) + wdf);
}

static double weight_of(struct shim_database *database, const struct shim_query *query,
                        uint32_t docid) {
    struct shim_result result = find(database, query);
    double weight = NAN;
    for (size_t i = 0; i < result.count; i++)
        if (result.matches[i].docid == docid)
            weight = result.matches[i].weight;
    shim_result_free(&result);
    if (isnan(weight))
        fail_msg("document %u is not among the matches", docid);
    return weight;
}

static void assert_near(double a, double b) {
    if (!(fabs(a - b) <= 1e-9))
        fail_msg("%.17g is not %.17g", a, b);
}

static struct shim_database *open_minutes(struct fixture *fixture) {
    write_texts(fixture->path[0], minutes, COUNT(minutes));
    return open_one(fixture->path[0]);
}

static void test_scores_are_bm25(void **state) {
    struct shim_database *database = open_minutes(*state);
    const double average = (6 + 5 + 5 + 4 + 1 + 8) / 6.0;
    const struct shim_query *peace = TERM("peace");
    assert_near(weight_of(database, peace, 2), bm25(3, 5, 3, 6, average));
    assert_near(weight_of(database, peace, 20), bm25(1, 8, 3, 6, average));
    assert_near(weight_of(database, NODE(SHIM_OR, peace, TERM("climate")), 20),
                bm25(1, 8, 3, 6, average) + bm25(1, 8, 2, 6, average));
    shim_database_close(database);
}

static void test_operators_match_what_they_say(void **state) {
    struct shim_database *database = open_minutes(*state);
    const struct shim_query *peace = TERM("peace"), *council = TERM("council"),
                            *security = TERM("security"), *nowhere = TERM("nowhere");
    assert_string_equal(found(database, peace), "0:2 0:1 0:20");
    assert_string_equal(found(database, NODE(SHIM_AND, peace, council)), "0:1 0:20");
    assert_string_equal(found(database, NODE(SHIM_AND_NOT, peace, council)), "0:2");
    assert_string_equal(found(database, NODE(SHIM_AND_NOT, peace, council, TERM("more"))), "");
    assert_string_equal(found(database, NODE(SHIM_AND_NOT, LEAF(SHIM_ALL), peace)), "0:3 0:6 0:7");
    assert_string_equal(found(database, NODE(SHIM_FILTER, peace, security)), "0:1 0:20");
    assert_string_equal(found(database, NODE(SHIM_AND_MAYBE, council, peace)), "0:1 0:20 0:3");
    assert_string_equal(found(database, NODE(SHIM_OR, nowhere, TERM("climate"))), "0:7 0:20");
    assert_string_equal(found(database, NODE(SHIM_AND, nowhere, peace)), "");
    assert_string_equal(found(database, LEAF(SHIM_NOTHING)), "");
    assert_string_equal(found(database, NODE(SHIM_OR, LEAF(SHIM_NOTHING), TERM("more"))), "0:2");
    assert_string_equal(found(database, LEAF(SHIM_ALL)), "0:1 0:2 0:3 0:6 0:7 0:20");
    shim_database_close(database);
}

static void test_operators_without_children_match_nothing(void **state) {
    struct shim_database *database = open_minutes(*state);
    const enum shim_op kinds[] = {SHIM_AND, SHIM_OR, SHIM_SYNONYM, SHIM_NEAR, SHIM_PHRASE};
    for (size_t i = 0; i < COUNT(kinds); i++)
        assert_string_equal(found(database, LEAF(kinds[i])), "");
    shim_database_close(database);
}

static void test_phrase_keeps_order_and_near_does_not(void **state) {
    struct shim_database *database = open_minutes(*state);
    const struct shim_query *peace = TERM("peace"), *security = TERM("security"),
                            *council = TERM("council");
    assert_string_equal(found(database, WINDOW(SHIM_PHRASE, 3, peace, security)), "0:1");
    assert_string_equal(found(database, WINDOW(SHIM_PHRASE, 2, peace, security)), "");
    assert_string_equal(found(database, WINDOW(SHIM_PHRASE, 2, security, peace)), "");
    assert_string_equal(found(database, WINDOW(SHIM_NEAR, 3, security, peace)), "0:1");
    assert_string_equal(found(database, WINDOW(SHIM_NEAR, 8, security, peace, council)),
                        "0:1 0:20");
    shim_database_close(database);
}

static void test_synonyms_score_as_one_term(void **state) {
    struct shim_database *database = open_minutes(*state);
    const double average = (6 + 5 + 5 + 4 + 1 + 8) / 6.0;
    const struct shim_query *either = NODE(SHIM_SYNONYM, TERM("more"), TERM("climate"));
    assert_string_equal(found(database, either), "0:7 0:2 0:20");
    assert_near(weight_of(database, either, 7), bm25(1, 1, 3, 6, average));
    shim_database_close(database);
}

static void test_scale_multiplies_and_zero_makes_boolean(void **state) {
    struct shim_database *database = open_minutes(*state);
    const struct shim_query *peace = TERM("peace");
    double plain = weight_of(database, peace, 2);
    assert_near(weight_of(database, WEIGHTED(SHIM_SCALE, 2.5, peace), 2), 2.5 * plain);
    assert_near(weight_of(database, WEIGHTED(SHIM_SCALE, 0, peace), 2), 0);
    assert_string_equal(found(database, WEIGHTED(SHIM_SCALE, 0, peace)), "0:1 0:2 0:20");
    shim_database_close(database);
}

/* The same texts, dealt over `count` segments, each numbered from 1. */
static void deal(struct fixture *fixture, const struct text *texts, size_t total, size_t count) {
    struct shim_writer *writers[4];
    for (size_t i = 0; i < count; i++)
        assert_writes(writers[i], shim_writer_create(&writers[i], fixture->path[i]));
    for (size_t i = 0; i < total; i++)
        add_text(writers[i % count], (uint32_t)(i / count + 1), texts[i].words);
    for (size_t i = 0; i < count; i++) {
        assert_writes(writers[i], shim_writer_finish(writers[i]));
        shim_writer_close(writers[i]);
    }
}

static void test_fixed_weighs_alike_in_every_segment(void **state) {
    struct fixture *fixture = *state;
    deal(fixture, minutes, COUNT(minutes), 3);
    struct shim_database *database = open_many(fixture, 3);
    const struct shim_query *fixed = WEIGHTED(SHIM_FIXED, 1.5, TERM("peace"));
    struct shim_result result = find(database, fixed);
    assert_int_equal(result.count, 3);
    for (size_t i = 0; i < result.count; i++)
        assert_true(result.matches[i].weight == 1.5);
    shim_result_free(&result);
    /* As a part of something larger, and around other operators. */
    result = find(database, NODE(SHIM_OR, TERM("climate"), fixed));
    assert_int_equal(result.count, 4);
    shim_result_free(&result);
    result = find(database, WEIGHTED(SHIM_FIXED, 1, NODE(SHIM_AND_NOT, LEAF(SHIM_ALL), fixed)));
    assert_int_equal(result.count, 3);
    for (size_t i = 0; i < result.count; i++)
        assert_true(result.matches[i].weight == 1);
    shim_result_free(&result);
    assert_string_equal(found(database, WEIGHTED(SHIM_FIXED, 1, TERM("nowhere"))), "");
    shim_database_close(database);
}

/* Xapian hands a source the running minimum without dividing by the scale above it; a constant of 1
 * under a scale of 100 must not end when the minimum is 100. The best by docid lie in all segments.
 */
static void test_scaled_fixed_weight_loses_nothing(void **state) {
    struct fixture *fixture = *state;
    deal(fixture, minutes, COUNT(minutes), 3);
    struct shim_database *database = open_many(fixture, 3);
    const struct shim_query *all = LEAF(SHIM_ALL);
    struct shim_search search = search_for(WEIGHTED(SHIM_SCALE, 100, WEIGHTED(SHIM_FIXED, 1, all)));
    search.limit = 1;
    search.first = 1;
    search.check_at_least = 0;
    for (; search.first < COUNT(minutes); search.first++) {
        struct shim_result result;
        assert_reads(database, shim_search(database, &search, &result));
        assert_int_equal(result.count, 1);
        assert_int_equal(result.matches[0].segment, search.first % 3);
        assert_int_equal(result.matches[0].docid, search.first / 3 + 1);
        assert_true(result.matches[0].weight == 100);
        shim_result_free(&result);
    }
    shim_database_close(database);
}

/* ---- Segments ----------------------------------------------------------------------------------
 * Random texts and queries: however they are dealt, the same documents get the same scores. */

enum { TEXTS = 120 };

static uint32_t draw(uint64_t *seed, uint32_t below) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((*seed >> 33) % below);
}

static void random_texts(uint64_t *seed, struct text *texts, char words[TEXTS][200]) {
    for (uint32_t i = 0; i < TEXTS; i++) {
        size_t used = 0;
        uint32_t count = 1 + draw(seed, 25);
        for (uint32_t j = 0; j < count; j++)
            used += (size_t)sprintf(words[i] + used, "%s%c", j ? " " : "",
                                    (char)('a' + draw(seed, 1 + draw(seed, 12))));
        texts[i] = (struct text){i + 1, words[i]};
    }
}

static void assert_same_scores(struct shim_database *one, struct shim_database *many,
                               size_t segments, const struct shim_query *query) {
    double expected[TEXTS];
    struct shim_result a = find(one, query), b = find(many, query);
    assert_int_equal(a.count, b.count);
    assert_int_equal(a.lower, b.lower);
    assert_int_equal(a.upper, b.upper);
    for (size_t i = 0; i < TEXTS; i++)
        expected[i] = NAN;
    for (size_t i = 0; i < a.count; i++)
        expected[a.matches[i].docid - 1] = a.matches[i].weight;
    for (size_t i = 0; i < b.count; i++)
        assert_near(b.matches[i].weight,
                    expected[(b.matches[i].docid - 1) * segments + b.matches[i].segment]);
    shim_result_free(&a);
    shim_result_free(&b);
}

static void test_segments_do_not_change_scores(void **state) {
    struct fixture *fixture = *state;
    const char *fixed_seed = getenv("PLENARY_SEED");
    uint64_t seed = fixed_seed ? strtoull(fixed_seed, NULL, 0) : 20240517;
    print_message("seed %llu\n", (unsigned long long)seed);
    struct text texts[TEXTS];
    static char words[TEXTS][200];
    random_texts(&seed, texts, words);
    write_texts(fixture->path[3], texts, TEXTS);
    deal(fixture, texts, TEXTS, 3);
    struct shim_database *one = open_one(fixture->path[3]), *many = open_many(fixture, 3);
    for (int round = 0; round < (int)rounds(50); round++) {
        struct shim_query terms[4];
        for (size_t i = 0; i < COUNT(terms); i++) {
            static char letters[12][2];
            uint32_t letter = draw(&seed, 12);
            letters[letter][0] = (char)('a' + letter);
            terms[i] =
                (struct shim_query){.op = SHIM_TERM, .term = letters[letter], .term_size = 1};
        }
        const struct shim_query *a = &terms[0], *b = &terms[1], *c = &terms[2], *d = &terms[3];
        assert_same_scores(one, many, 3, NODE(SHIM_OR, a, b, c, d));
        assert_same_scores(one, many, 3, NODE(SHIM_AND, a, NODE(SHIM_OR, b, c)));
        assert_same_scores(one, many, 3, NODE(SHIM_AND_NOT, NODE(SHIM_AND_MAYBE, a, b), c));
        assert_same_scores(one, many, 3, NODE(SHIM_FILTER, NODE(SHIM_SYNONYM, a, b), d));
        assert_same_scores(one, many, 3, WEIGHTED(SHIM_FIXED, 2, NODE(SHIM_OR, a, b)));
        assert_same_scores(one, many, 3, WINDOW(SHIM_PHRASE, 3, a, b));
        assert_same_scores(one, many, 3, WINDOW(SHIM_NEAR, 4, c, b));
    }
    shim_database_close(one);
    shim_database_close(many);
}

/* Words that are not as frequent in one segment as in another, or lacking: Xapian's own synonym
 * adds them up in the order of their frequency there, rounding as it goes. */
static void test_synonyms_weigh_alike_in_all_segments(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = 11;
    struct text texts[TEXTS];
    static char words[TEXTS][200];
    random_texts(&seed, texts, words);
    for (uint32_t i = 0; i < TEXTS; i++)
        sprintf(words[i] + strlen(words[i]), " only%u of%u of%u", i, draw(&seed, 9),
                draw(&seed, 1 + draw(&seed, 9)));
    write_texts(fixture->path[3], texts, TEXTS);
    deal(fixture, texts, TEXTS, 3);
    struct shim_database *one = open_one(fixture->path[3]), *many = open_many(fixture, 3);
    const struct shim_query *few = NODE(SHIM_SYNONYM, TERM("only4"), TERM("only6"), TERM("of2"));
    const struct shim_query *mixed = NODE(SHIM_SYNONYM, TERM("k"), TERM("only7"), TERM("absent"));
    assert_same_scores(one, many, 3, few);
    assert_same_scores(one, many, 3,
                       NODE(SHIM_SYNONYM, TERM("of0"), TERM("of1"), TERM("of2"), TERM("of3"),
                            TERM("of4"), TERM("of5"), TERM("of6"), TERM("of7"), TERM("of8"),
                            TERM("l"), TERM("only30")));
    assert_same_scores(one, many, 3, mixed);
    assert_same_scores(one, many, 3, NODE(SHIM_OR, few, mixed, TERM("a")));
    assert_same_scores(one, many, 3, NODE(SHIM_AND, mixed, TERM("a")));
    assert_same_scores(one, many, 3, NODE(SHIM_AND_NOT, TERM("a"), mixed));
    assert_same_scores(one, many, 3, NODE(SHIM_AND_MAYBE, TERM("b"), mixed));
    assert_same_scores(one, many, 3, WEIGHTED(SHIM_SCALE, 2.5, NODE(SHIM_OR, mixed, TERM("c"))));
    assert_same_scores(one, many, 3, WEIGHTED(SHIM_SCALE, 0, mixed));
    shim_database_close(one);
    shim_database_close(many);
}

/* A source that skips must not lose what a scale above it makes matter. */
static void test_best_synonyms_are_the_first_of_all(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = 13;
    struct text texts[TEXTS];
    static char words[TEXTS][200];
    random_texts(&seed, texts, words);
    deal(fixture, texts, TEXTS, 3);
    struct shim_database *database = open_many(fixture, 3);
    const struct shim_query *either = NODE(SHIM_SYNONYM, TERM("g"), TERM("i"), TERM("k"));
    const struct shim_query *queries[] = {
        either, WEIGHTED(SHIM_SCALE, 3, NODE(SHIM_OR, either, TERM("a"))),
        WEIGHTED(SHIM_SCALE, 0.25, NODE(SHIM_OR, TERM("b"), either))};
    for (size_t i = 0; i < COUNT(queries); i++) {
        struct shim_result all = find(database, queries[i]);
        struct shim_search search = SHIM_SEARCH_INIT;
        struct shim_result best;
        search.query = queries[i];
        search.limit = 5;
        assert_reads(database, shim_search(database, &search, &best));
        assert_int_equal(best.count, 5);
        for (size_t k = 0; k < best.count; k++)
            assert_near(best.matches[k].weight, all.matches[k].weight);
        shim_result_free(&best);
        shim_result_free(&all);
    }
    shim_database_close(database);
}

/* The best k are the first k of all, whatever was skipped to find them. */
static void test_best_matches_are_the_first_of_all(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = 7;
    struct text texts[TEXTS];
    static char words[TEXTS][200];
    random_texts(&seed, texts, words);
    deal(fixture, texts, TEXTS, 3);
    struct shim_database *database = open_many(fixture, 3);
    const struct shim_query *query = NODE(SHIM_OR, TERM("a"), TERM("f"), TERM("k"));
    struct shim_result all = find(database, query);
    assert_true(all.count > 60);
    for (uint32_t limit = 1; limit <= 50; limit++) {
        struct shim_search search = search_for(query);
        struct shim_result result;
        search.first = limit / 3;
        search.limit = limit;
        search.check_at_least = 0;
        assert_reads(database, shim_search(database, &search, &result));
        assert_int_equal(result.count, limit);
        assert_true(result.lower <= all.count && all.count <= result.upper);
        assert_true(result.lower <= result.estimate && result.estimate <= result.upper);
        for (size_t i = 0; i < result.count; i++) {
            assert_int_equal(result.matches[i].segment, all.matches[search.first + i].segment);
            assert_int_equal(result.matches[i].docid, all.matches[search.first + i].docid);
        }
        shim_result_free(&result);
    }
    shim_result_free(&all);
    shim_database_close(database);
}

static void test_equal_weights_come_in_order_of_docid(void **state) {
    struct fixture *fixture = *state;
    const struct text same[] = {{1, "same"}, {2, "same"}, {3, "same"}, {4, "same"}, {5, "same"}};
    deal(fixture, same, COUNT(same), 2);
    struct shim_database *database = open_many(fixture, 2);
    for (uint32_t limit = 1; limit <= 5; limit++) {
        const char *wanted = "0:1 1:1 0:2 1:2 0:3";
        struct shim_search search = search_for(TERM("same"));
        struct shim_result result;
        search.limit = limit;
        search.check_at_least = 0;
        assert_reads(database, shim_search(database, &search, &result));
        assert_int_equal(result.count, limit);
        for (size_t i = 0; i < limit; i++) {
            assert_int_equal(result.matches[i].segment, wanted[4 * i] - '0');
            assert_int_equal(result.matches[i].docid, wanted[4 * i + 2] - '0');
        }
        shim_result_free(&result);
    }
    shim_database_close(database);
}

static void test_counts_are_exact_when_all_was_looked_at(void **state) {
    struct shim_database *database = open_minutes(*state);
    struct shim_search search = search_for(NODE(SHIM_OR, TERM("peace"), TERM("council")));
    struct shim_result result;
    search.limit = 1;
    assert_reads(database, shim_search(database, &search, &result));
    assert_int_equal(result.count, 1);
    assert_int_equal(result.lower, 4);
    assert_int_equal(result.estimate, 4);
    assert_int_equal(result.upper, 4);
    shim_result_free(&result);
    search.limit = 0;
    search.check_at_least = 0;
    assert_reads(database, shim_search(database, &search, &result));
    assert_null(result.matches);
    assert_true(result.lower <= 4 && result.upper >= 4);
    shim_result_free(&result);
    search.first = UINT32_MAX;
    search.limit = UINT32_MAX;
    assert_reads(database, shim_search(database, &search, &result));
    assert_int_equal(result.count, 0);
    shim_result_free(&result);
    shim_database_close(database);
}

/* ---- Queries that make no sense ----------------------------------------------------------------
 */

static void assert_refused(struct shim_database *database, const struct shim_query *query,
                           const char *part) {
    assert_int_equal(find_status(database, query), SHIM_EINVALID);
    assert_contains(shim_database_message(database), part);
}

static void test_bad_nodes_are_refused_with_a_reason(void **state) {
    struct shim_database *database = open_minutes(*state);
    const struct shim_query *peace = TERM("peace");
    const struct shim_query *none = NULL;
    assert_refused(database, NULL, "node is NULL");
    assert_refused(database, NODE(SHIM_OR, peace, none), "node is NULL");
    assert_refused(database, TERM(""), "term is empty");
    assert_refused(database, LEAF((enum shim_op)99), "no query node of kind 99");
    assert_refused(database, LEAF(SHIM_AND_NOT), "cannot have 0 children");
    assert_refused(database, LEAF(SHIM_FILTER), "cannot have 0 children");
    assert_refused(database, NODE(SHIM_SCALE, peace, peace), "cannot have 2 children");
    assert_refused(database, &(struct shim_query){.op = SHIM_OR, .count = 3}, "are NULL");
    assert_refused(database, WEIGHTED(SHIM_SCALE, -1, peace), "factor");
    assert_refused(database, WEIGHTED(SHIM_SCALE, NAN, peace), "factor");
    assert_refused(database, WEIGHTED(SHIM_FIXED, INFINITY, peace), "factor");
    assert_refused(
        database,
        &(struct shim_query){.op = SHIM_TERM, .term = "a", .term_size = 1, .factor = 1e12},
        "factor is too large");
    assert_refused(database, LEAF(SHIM_SOURCE), "source lacks");
    shim_database_close(database);
}

static void test_bad_parameters_are_refused(void **state) {
    struct shim_database *database = open_minutes(*state);
    const double bad[] = {-0.1, NAN, INFINITY, 1.5};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct shim_search search = search_for(TERM("peace"));
        struct shim_result result;
        search.b = bad[i];
        assert_int_equal(shim_search(database, &search, &result), SHIM_EINVALID);
        assert_contains(shim_database_message(database), "BM25");
    }
    shim_database_close(database);
}

/* A chain of `depth` operators over one term. */
static const struct shim_query *chain(struct shim_query *nodes, const struct shim_query **links,
                                      size_t depth) {
    nodes[0] = *TERM("peace");
    for (size_t i = 1; i <= depth; i++) {
        links[i] = &nodes[i - 1];
        nodes[i] = (struct shim_query){
            .op = i % 2 ? SHIM_AND : SHIM_OR, .children = &links[i], .count = 1};
    }
    return &nodes[depth];
}

static void test_depth_is_bounded(void **state) {
    struct shim_database *database = open_minutes(*state);
    enum { DEEP = 100000 };
    struct shim_query *nodes = calloc(DEEP + 1, sizeof *nodes);
    const struct shim_query **links = calloc(DEEP + 1, sizeof *links);
    assert_true(nodes && links);
    assert_string_equal(found(database, chain(nodes, links, 2000)), "0:2 0:1 0:20");
    assert_refused(database, chain(nodes, links, 2001), "nested more than 2000 deep");
    assert_refused(database, chain(nodes, links, DEEP), "nested more than 2000 deep");
    links[1] = &nodes[2]; /* a circle */
    assert_refused(database, &nodes[2], "nested more than 2000 deep");
    free(nodes);
    free(links);
    shim_database_close(database);
}

/* A node under itself twice: 2^60 paths in 60 nodes. */
static void test_number_of_nodes_is_bounded(void **state) {
    struct shim_database *database = open_minutes(*state);
    struct shim_query nodes[60];
    const struct shim_query *links[60][2];
    nodes[0] = *TERM("peace");
    for (size_t i = 1; i < COUNT(nodes); i++) {
        links[i][0] = links[i][1] = &nodes[i - 1];
        nodes[i] = (struct shim_query){.op = SHIM_OR, .children = links[i], .count = 2};
    }
    assert_refused(database, &nodes[59], "more than 1000000 nodes");
    shim_database_close(database);
}

/* Two deep branches that are not chains of one child, so that Xapian cannot shorten them. */
static void test_deep_tree_of_pairs_is_searched(void **state) {
    struct shim_database *database = open_minutes(*state);
    enum { DEEP = 1999 };
    struct shim_query *nodes = calloc(DEEP + 1, sizeof *nodes);
    const struct shim_query *(*links)[2] = calloc(DEEP + 1, sizeof *links);
    const struct shim_query *security = TERM("security"), *council = TERM("council");
    assert_true(nodes && links);
    nodes[0] = *TERM("peace");
    for (size_t i = 1; i <= DEEP; i++) {
        links[i][0] = &nodes[i - 1];
        links[i][1] = i % 2 ? council : security;
        nodes[i] =
            (struct shim_query){.op = i % 2 ? SHIM_OR : SHIM_AND, .children = links[i], .count = 2};
    }
    struct shim_result result = find(database, &nodes[DEEP]);
    assert_true(result.count >= 3);
    shim_result_free(&result);
    free(nodes);
    free(links);
    shim_database_close(database);
}

static void test_many_children_are_one_flat_operator(void **state) {
    struct shim_database *database = open_minutes(*state);
    enum { MANY = 20000 };
    static char names[MANY][8];
    struct shim_query *nodes = calloc(MANY, sizeof *nodes);
    const struct shim_query **links = calloc(MANY, sizeof *links);
    assert_true(nodes && links);
    for (int i = 0; i < MANY; i++) {
        int size = snprintf(names[i], sizeof names[i], "t%d", i);
        nodes[i] =
            (struct shim_query){.op = SHIM_TERM, .term = names[i], .term_size = (size_t)size};
        links[i] = &nodes[i];
    }
    nodes[MANY - 1] = *TERM("more");
    const struct shim_query all = {.op = SHIM_OR, .children = links, .count = MANY};
    assert_string_equal(found(database, &all), "0:2");
    free(nodes);
    free(links);
    shim_database_close(database);
}

static void test_query_text_is_xapians(void **state) {
    struct shim_database *database = open_minutes(*state);
    char *text =
        shim_query_text(database, NODE(SHIM_AND_NOT, NODE(SHIM_OR, TERM("peace"), TERM("war")),
                                       WINDOW(SHIM_PHRASE, 2, TERM("no"), TERM("thing"))));
    assert_string_equal(text, "Query(((peace OR war) AND_NOT (no PHRASE 2 thing)))");
    free(text);
    assert_null(shim_query_text(database, NULL));
    assert_contains(shim_database_message(database), "NULL");
    shim_database_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_scores_are_bm25),
        TEST(test_operators_match_what_they_say),
        TEST(test_operators_without_children_match_nothing),
        TEST(test_phrase_keeps_order_and_near_does_not),
        TEST(test_synonyms_score_as_one_term),
        TEST(test_scale_multiplies_and_zero_makes_boolean),
        TEST(test_fixed_weighs_alike_in_every_segment),
        TEST(test_scaled_fixed_weight_loses_nothing),
        TEST(test_segments_do_not_change_scores),
        TEST(test_synonyms_weigh_alike_in_all_segments),
        TEST(test_best_synonyms_are_the_first_of_all),
        TEST(test_best_matches_are_the_first_of_all),
        TEST(test_equal_weights_come_in_order_of_docid),
        TEST(test_counts_are_exact_when_all_was_looked_at),
        TEST(test_bad_nodes_are_refused_with_a_reason),
        TEST(test_bad_parameters_are_refused),
        TEST(test_depth_is_bounded),
        TEST(test_number_of_nodes_is_bounded),
        TEST(test_deep_tree_of_pairs_is_searched),
        TEST(test_many_children_are_one_flat_operator),
        TEST(test_query_text_is_xapians),
    };
    return cmocka_run_group_tests_name("shim/search", tests, NULL, NULL);
}
