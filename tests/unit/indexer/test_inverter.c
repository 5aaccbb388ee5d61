/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inverting a batch: every occurrence comes out once, under its term, in order. */
#include "tests/unit/indexer/scratch.h"

#include "indexer/inverter.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 4000 };

/* What a term's run says, decoded. */
struct decoded {
    uint32_t passages[MOST], wdf[MOST], count;
};

static void decode(const struct inverter *inverter, const struct inverted_term *term,
                   struct decoded *out) {
    const uint8_t *at = inverter->runs.data + term->run, *end = at + term->run_size;
    uint64_t gap = 0, wdf;
    uint32_t passage = term->first_passage;
    out->count = 0;
    while (at < end) {
        if (out->count) {
            assert_true(varint_read(&at, end, &gap));
            passage += (uint32_t)gap + 1;
        }
        assert_true(varint_read(&at, end, &wdf));
        assert_in_range(out->count, 0, MOST - 1);
        out->passages[out->count] = passage;
        out->wdf[out->count++] = (uint32_t)wdf;
    }
}

static const struct inverted_term *find(const struct inverter *inverter,
                                        const struct analyser *analyser, enum term_field field,
                                        const char *text) {
    for (size_t i = 0; i < inverter->term_count; i++) {
        uint32_t size;
        const struct inverted_term *term = &inverter->terms[i];
        const char *found = analyser_term(analyser, term->key / TERM_FIELDS, &size);
        if (term->key % TERM_FIELDS == field && size == strlen(text) && !memcmp(found, text, size))
            return term;
    }
    return NULL;
}

struct fixture {
    struct analyser *analyser;
    struct inverter inverter;
    struct token_list tokens;
};

static int open_all(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){0};
    inverter_init(&fixture.inverter);
    *state = &fixture;
    return analyser_open(&fixture.analyser, NULL);
}

static int close_all(void **state) {
    struct fixture *fixture = *state;
    token_list_free(&fixture->tokens);
    inverter_free(&fixture->inverter);
    analyser_close(fixture->analyser);
    return 0;
}

static uint32_t add(struct fixture *fixture, uint32_t passage, const char *text) {
    uint32_t length;
    assert_int_equal(analyser_tokenise(fixture->analyser, language_number("none"), text,
                                       strlen(text), &fixture->tokens, NULL),
                     0);
    assert_int_equal(inverter_add_text(&fixture->inverter, fixture->analyser, passage,
                                       &fixture->tokens, &length),
                     0);
    return length;
}

static void test_words_are_counted_per_passage(void **state) {
    struct fixture *fixture = *state;
    struct decoded decoded;
    inverter_begin(&fixture->inverter);
    assert_int_equal(add(fixture, 0, "port and port and ship"), 5);
    assert_int_equal(add(fixture, 3, "ship"), 1);
    assert_int_equal(add(fixture, 4, ""), 0);
    assert_int_equal(add(fixture, 200, "ship port"), 2);
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    assert_int_equal(fixture->inverter.term_count, 3);
    const struct inverted_term *port =
        find(&fixture->inverter, fixture->analyser, FIELD_TEXT, "port");
    assert_int_equal(port->documents, 2);
    assert_int_equal(port->occurrences, 3);
    assert_int_equal(port->first_passage, 0);
    assert_int_equal(port->last_passage, 200);
    decode(&fixture->inverter, find(&fixture->inverter, fixture->analyser, FIELD_TEXT, "ship"),
           &decoded);
    assert_int_equal(decoded.count, 3);
    assert_int_equal(decoded.passages[1], 3);
    assert_int_equal(decoded.passages[2], 200);
}

static void test_field_terms_stand_apart_with_no_weight(void **state) {
    struct fixture *fixture = *state;
    struct decoded decoded;
    inverter_begin(&fixture->inverter);
    add(fixture, 0, "port");
    uint32_t port = analyser_word(fixture->analyser, fixture->tokens.tokens[0].word)->term_id;
    assert_int_equal(
        inverter_add_field(&fixture->inverter, fixture->analyser, FIELD_TITLE, 0, 1, &port, 1), 0);
    assert_int_equal(
        inverter_add_field(&fixture->inverter, fixture->analyser, FIELD_TITLE, 7, 1, &port, 1), 0);
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    const struct inverted_term *title =
        find(&fixture->inverter, fixture->analyser, FIELD_TITLE, "port");
    assert_int_equal(title->occurrences, 0);
    decode(&fixture->inverter, title, &decoded);
    assert_int_equal(decoded.count, 2);
    assert_int_equal(decoded.passages[1], 7);
    assert_int_equal(decoded.wdf[1], 0);
    assert_int_equal(find(&fixture->inverter, fixture->analyser, FIELD_TEXT, "port")->documents, 1);
}

/* Runs of passages, some of one passage, in two batches: what was added is what comes out. */
static void test_field_terms_come_in_runs(void **state) {
    struct fixture *fixture = *state;
    enum { PASSAGES = 2000 };
    static struct decoded decoded;
    uint64_t random = random_seed();
    for (int batch = 0; batch < 2; batch++) {
        bool marked[PASSAGES] = {false};
        uint32_t count = 0, at = 0, port = 0, open = 0;
        inverter_begin(&fixture->inverter);
        for (uint32_t passage = 0, length = 0; passage < PASSAGES; passage++, length--) {
            add(fixture, passage, "port");
            port = analyser_word(fixture->analyser, fixture->tokens.tokens[0].word)->term_id;
            if (!length)
                length = 1 + (uint32_t)(random_next(&random) % 40);
            marked[passage] = length > 20 || passage == 0;
            count += marked[passage];
            const uint32_t twice[] = {port, port};
            /* one by one, or with those before it */
            open += marked[passage];
            if (open && (!marked[passage] || random_next(&random) % 3 == 0)) {
                assert_int_equal(inverter_add_field(&fixture->inverter, fixture->analyser,
                                                    FIELD_SPEAKER, passage + marked[passage] - open,
                                                    open, twice, 2),
                                 0);
                open = 0;
            }
        }
        if (open) {
            const uint32_t twice[] = {port, port};
            assert_int_equal(inverter_add_field(&fixture->inverter, fixture->analyser,
                                                FIELD_SPEAKER, PASSAGES - open, open, twice, 2),
                             0);
        }
        assert_int_equal(inverter_finish(&fixture->inverter), 0);
        const struct inverted_term *term =
            find(&fixture->inverter, fixture->analyser, FIELD_SPEAKER, "port");
        decode(&fixture->inverter, term, &decoded);
        assert_int_equal(decoded.count, count);
        assert_int_equal(term->first_passage, 0);
        for (uint32_t passage = 0; passage < PASSAGES; passage++)
            if (marked[passage]) {
                assert_int_equal(decoded.passages[at], passage);
                assert_int_equal(decoded.wdf[at++], 0);
            }
        assert_int_equal(term->last_passage, decoded.passages[count - 1]);
        assert_int_equal(find(&fixture->inverter, fixture->analyser, FIELD_TEXT, "port")->documents,
                         PASSAGES);
    }
}

static void test_a_batch_knows_nothing_of_the_one_before(void **state) {
    struct fixture *fixture = *state;
    inverter_begin(&fixture->inverter);
    add(fixture, 0, "port");
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    inverter_begin(&fixture->inverter);
    add(fixture, 0, "ship");
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    assert_int_equal(fixture->inverter.term_count, 1);
    assert_null(find(&fixture->inverter, fixture->analyser, FIELD_TEXT, "port"));
    inverter_begin(&fixture->inverter);
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    assert_int_equal(fixture->inverter.term_count, 0);
}

/* A plain table of counts is the oracle. */
static void test_random_passages_agree_with_a_table(void **state) {
    struct fixture *fixture = *state;
    enum { PASSAGES = 500, WORDS = 40 };
    static uint32_t counts[WORDS][PASSAGES];
    uint64_t random = random_seed();
    struct decoded decoded;
    memset(counts, 0, sizeof counts);
    inverter_begin(&fixture->inverter);
    for (uint32_t passage = 0; passage < PASSAGES; passage++) {
        char text[1024] = "";
        for (uint64_t n = random_next(&random) % 60; n > 0; n--) {
            unsigned word = (unsigned)(random_next(&random) % WORDS * random_next(&random) % WORDS);
            counts[word][passage]++;
            snprintf(text + strlen(text), sizeof text - strlen(text), "w%u ", word);
        }
        add(fixture, passage, text);
    }
    assert_int_equal(inverter_finish(&fixture->inverter), 0);
    for (unsigned word = 0; word < WORDS; word++) {
        char text[16];
        snprintf(text, sizeof text, "w%u", word);
        const struct inverted_term *term =
            find(&fixture->inverter, fixture->analyser, FIELD_TEXT, text);
        decoded.count = 0;
        if (term)
            decode(&fixture->inverter, term, &decoded);
        uint32_t at = 0;
        for (uint32_t passage = 0; passage < PASSAGES; passage++) {
            if (!counts[word][passage])
                continue;
            assert_true(at < decoded.count);
            assert_int_equal(decoded.passages[at], passage);
            assert_int_equal(decoded.wdf[at++], counts[word][passage]);
        }
        assert_int_equal(at, decoded.count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words_are_counted_per_passage, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_field_terms_stand_apart_with_no_weight, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_field_terms_come_in_runs, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_a_batch_knows_nothing_of_the_one_before, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_random_passages_agree_with_a_table, open_all,
                                        close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
