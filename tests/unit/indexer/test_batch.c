/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batches: what a worker hands over says all that the segment needs, in the document's own order.
 */
#include "tests/unit/indexer/scratch.h"

#include "indexer/batch.h"
#include "indexer/vocabulary.h"

#include <stdio.h>
#include <string.h>

struct fixture {
    struct batcher *batcher;
    struct batch batch;
    struct vocabulary vocabulary;
    struct document document;
};

static int open_all(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){0};
    batch_init(&fixture.batch);
    document_init(&fixture.document);
    *state = &fixture;
    return batcher_open(&fixture.batcher, language_number("english"), NULL);
}

static int close_all(void **state) {
    struct fixture *fixture = *state;
    batcher_close(fixture->batcher);
    batch_free(&fixture->batch);
    vocabulary_free(&fixture->vocabulary);
    document_free(&fixture->document);
    return 0;
}

static void begin(struct fixture *fixture, const char *id) {
    document_reset(&fixture->document);
    fixture->document.id = id;
    fixture->document.source = "/minutes/a.txt";
}

static void add(struct fixture *fixture, enum passage_kind kind, const char *text) {
    struct passage *passage = document_add(&fixture->document, kind, text, strlen(text));
    passage->level = kind == PASSAGE_HEADING;
}

static void finish_document(struct fixture *fixture) {
    assert_int_equal(document_finish(&fixture->document), 0);
    assert_int_equal(batcher_add(fixture->batcher, &fixture->batch, &fixture->document, NULL), 0);
}

static void finish_batch(struct fixture *fixture) {
    assert_int_equal(batcher_finish(fixture->batcher, &fixture->batch, NULL), 0);
    assert_int_equal(vocabulary_learn(&fixture->vocabulary, &fixture->batch, NULL), 0);
}

static const char *token(const struct fixture *fixture, size_t i) {
    return fixture->vocabulary.words[fixture->batch.tokens[i]].text;
}

static void test_tokens_come_in_the_order_of_the_text(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_PARAGRAPH, "The co-chairs spoke.");
    add(fixture, PASSAGE_PARAGRAPH, "Nobody answered.");
    finish_document(fixture);
    finish_batch(fixture);
    static const char *const expected[] = {"the",   "cochairs", "co",      "chairs",
                                           "spoke", "nobody",   "answered"};
    assert_int_equal(fixture->batch.token_count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(token(fixture, i), expected[i]);
    assert_true(fixture->vocabulary.words[fixture->batch.tokens[1]].joined);
    assert_int_equal(fixture->batch.passages[0].token_end, 5);
    assert_int_equal(fixture->batch.passages[1].token_end, 7);
}

/* The forward index keeps no positions: they follow from the order and from which words are joined
 * forms. So the analyser's positions must be just that. */
static void test_positions_follow_from_the_order(void **state) {
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        "state-of-the-art co-chairs, U.N. and A/RES/73/195 of 1,000.5; don't",
        "l'asile d'accord aujourd'hui O'Brien's 's-Gravenhage e.g. S/PV.8514",
        "na\xc3\xafve caf\xc3\xa9-bar \xe5\x9b\xbd\xe9\x80\xa3\xe3\x81\xae\xe4\xbc\x9a\xe8\xad\xb0",
        "a-b-c-d-e-f-g-h-i-j-k-l x_y z@example.org https://example.org/a-b?c=d",
    };
    struct token_list tokens = {0};
    for (int language = 0; language_name(language); language++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            struct analyser *analyser = batcher_analyser(fixture->batcher);
            assert_int_equal(
                analyser_tokenise(analyser, language, texts[i], strlen(texts[i]), &tokens, NULL),
                0);
            uint32_t position = 1;
            for (size_t t = 0; t < tokens.count; t++) {
                assert_int_equal(tokens.tokens[t].position, position);
                position += !analyser_word(analyser, tokens.tokens[t].word)->joined;
            }
        }
    token_list_free(&tokens);
}

static void test_a_heading_is_found_through_what_it_heads(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_HEADING, "Heads something");
    add(fixture, PASSAGE_PARAGRAPH, "Something.");
    add(fixture, PASSAGE_HEADING, "Heads nothing");
    add(fixture, PASSAGE_HEADING, "Nor does this");
    finish_document(fixture);
    finish_batch(fixture);
    assert_false(fixture->batch.passages[0].indexed);
    assert_true(fixture->batch.passages[1].indexed);
    assert_true(fixture->batch.passages[2].indexed);
    assert_true(fixture->batch.passages[3].indexed);
}

static void test_words_are_counted_once_a_passage(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_PARAGRAPH, "port port port");
    add(fixture, PASSAGE_PARAGRAPH, "port ship");
    finish_document(fixture);
    finish_batch(fixture);
    assert_int_equal(fixture->batch.word_count, 2);
    assert_int_equal(fixture->batch.words[0].passages, 2);
    assert_int_equal(fixture->batch.words[1].passages, 1);
}

static void test_later_batches_bring_only_new_words(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_PARAGRAPH, "port");
    finish_document(fixture);
    finish_batch(fixture);
    batch_reset(&fixture->batch);
    begin(fixture, "b");
    add(fixture, PASSAGE_PARAGRAPH, "port ship");
    finish_document(fixture);
    finish_batch(fixture);
    assert_int_equal(fixture->batch.new_word_count, 1);
    assert_string_equal(fixture->batch.new_words[0].text, "ship");
    assert_string_equal(token(fixture, 0), "port");
}

static void test_forgetting_begins_the_numbers_again(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_PARAGRAPH, "port");
    finish_document(fixture);
    finish_batch(fixture);
    batcher_forget(fixture->batcher);
    batch_reset(&fixture->batch);
    begin(fixture, "b");
    add(fixture, PASSAGE_PARAGRAPH, "ship");
    finish_document(fixture);
    finish_batch(fixture);
    assert_true(fixture->batch.is_fresh);
    assert_int_equal(fixture->vocabulary.word_count, 1);
    assert_string_equal(token(fixture, 0), "ship");
}

static void test_batches_out_of_order_are_refused(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    add(fixture, PASSAGE_PARAGRAPH, "port");
    finish_document(fixture);
    assert_int_equal(batcher_finish(fixture->batcher, &fixture->batch, NULL), 0);
    fixture->batch.first_word = 5;
    struct error err;
    assert_int_equal(vocabulary_learn(&fixture->vocabulary, &fixture->batch, &err),
                     PLENARY_EINVALID);
}

static void test_rows_outlive_the_document(void **state) {
    struct fixture *fixture = *state;
    begin(fixture, "a");
    fixture->document.title = "A title";
    add(fixture, PASSAGE_PARAGRAPH, "One.");
    fixture->document.passages[0].speaker = arena_string(&fixture->document.arena, "The Chair");
    add(fixture, PASSAGE_PARAGRAPH, "Two.");
    fixture->document.passages[1].speaker = fixture->document.passages[0].speaker;
    finish_document(fixture);
    document_free(&fixture->document);
    document_init(&fixture->document);
    finish_batch(fixture);
    const struct document *kept = &fixture->batch.documents[0].document;
    assert_string_equal(kept->title, "A title");
    assert_string_equal(kept->passages[0].speaker, "The Chair");
    assert_ptr_equal(kept->passages[0].speaker, kept->passages[1].speaker);
    assert_int_equal(kept->text.size, strlen("One.\n\nTwo."));
    assert_int_equal(fixture->batch.text.text_size, kept->text.size);
    assert_non_null(fixture->batch.passages[0].fields[FIELD_TITLE]);
    assert_non_null(fixture->batch.passages[0].fields[FIELD_SPEAKER]);
    assert_null(fixture->batch.passages[0].fields[FIELD_HEADING]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tokens_come_in_the_order_of_the_text, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_positions_follow_from_the_order, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_a_heading_is_found_through_what_it_heads, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_words_are_counted_once_a_passage, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_later_batches_bring_only_new_words, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_forgetting_begins_the_numbers_again, open_all,
                                        close_all),
        cmocka_unit_test_setup_teardown(test_batches_out_of_order_are_refused, open_all, close_all),
        cmocka_unit_test_setup_teardown(test_rows_outlive_the_document, open_all, close_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
