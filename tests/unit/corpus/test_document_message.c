/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document goes through bytes and comes out the same; bytes that are no document, or no longer
 * one, never come out as one that the indexer could stumble over. PLENARY_TEST_SEED repeats a run.
 */
#include "corpus/document_message.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <unicode/utf8.h>

static uint64_t seed;

static uint32_t next(void) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

/* ---- Documents to send ---- */

static const char *pick(const char *const *from, size_t count) {
    return from[next() % count];
}

static void make(struct document *document) {
    static const char *const texts[] = {"The meeting adopted the agenda.", "Été à Genève", "議事録",
                                        "a", "Decision 12/4 \xF0\x9F\x91\x8D"};
    static const char *const names[] = {NULL, "", "The CHAIR", "Ms. Núñez", "Item 3 > Reports"};
    document_init(document);
    document->id = "minutes/2020.pdf";
    document->source = "/data/minutes/2020.pdf";
    document->title = pick(names, 5);
    document->body = pick(names, 5);
    document->language = next() % 2 ? "fr" : NULL;
    document->date = next() % 2 ? 20200309 : 0;
    document->is_record = next() % 2;
    document->replaced_bytes = next() % 3;
    for (size_t i = 0; i < sizeof document->content; i++)
        document->content[i] = (uint8_t)next();
    for (size_t i = 0, count = next() % 30; i < count; i++) {
        const char *text = pick(texts, 5);
        struct passage *passage =
            document_add(document, (enum passage_kind)(next() % PASSAGE_KINDS), text, strlen(text));
        assert_non_null(passage);
        passage->level = next() % 6;
        passage->page = next() % 4;
        passage->opens_turn = next() % 2;
        passage->source_begin = next();
        passage->source_end = passage->source_begin + next() % 1000;
        passage->line_begin = next() % 1000;
        passage->line_end = passage->line_begin + next() % 10;
        passage->id = pick(names, 5);
        passage->label = pick(names, 5);
        passage->speaker = pick(names, 5);
        passage->heading = pick(names, 5);
    }
    assert_int_equal(document_finish(document), 0);
}

/* ---- What the indexer takes for granted ---- */

static void assert_string(const char *string) {
    if (!string)
        return;
    for (size_t at = 0, size = strlen(string); at < size;) {
        UChar32 point;
        U8_NEXT((const uint8_t *)string, at, size, point);
        assert_true(point >= 0x20);
    }
}

static void assert_sound(const struct document *document) {
    const struct bytes *text = &document->text;
    size_t end = 0;
    assert_non_null(document->id);
    assert_non_null(document->source);
    assert_string(document->id);
    assert_string(document->title);
    assert_string(document->body);
    assert_string(document->language);
    for (size_t at = 0; at < text->size;) {
        UChar32 point;
        U8_NEXT(text->data, at, text->size, point);
        assert_true(point >= 0);
    }
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        assert_true(passage->text_begin >= end && passage->text_begin <= passage->text_end);
        end = passage->text_end;
        assert_true(end <= text->size);
        assert_true(end == text->size || (text->data[end] & 0xC0) != 0x80);
        assert_true((unsigned)passage->kind < PASSAGE_KINDS);
        assert_true(passage->source_begin <= passage->source_end);
        assert_true(passage->line_begin <= passage->line_end);
        assert_string(passage->id);
        assert_string(passage->label);
        assert_string(passage->speaker);
        assert_string(passage->heading);
    }
}

static void assert_text(const char *one, const char *other) {
    if (!one || !other)
        assert_true(one == other);
    else
        assert_string_equal(one, other);
}

static void assert_same(const struct document *one, const struct document *other) {
    assert_text(one->id, other->id);
    assert_text(one->source, other->source);
    assert_text(one->title, other->title);
    assert_text(one->body, other->body);
    assert_text(one->language, other->language);
    assert_int_equal(one->date, other->date);
    assert_int_equal(one->is_record, other->is_record);
    assert_int_equal(one->replaced_bytes, other->replaced_bytes);
    assert_memory_equal(one->content, other->content, sizeof one->content);
    assert_int_equal(one->text.size, other->text.size);
    if (one->text.size)
        assert_memory_equal(one->text.data, other->text.data, one->text.size);
    assert_int_equal(one->passage_count, other->passage_count);
    for (size_t i = 0; i < one->passage_count; i++) {
        const struct passage a = one->passages[i], b = other->passages[i];
        assert_text(a.id, b.id);
        assert_text(a.label, b.label);
        assert_text(a.speaker, b.speaker);
        assert_text(a.heading, b.heading);
        assert_int_equal(a.kind, b.kind);
        assert_int_equal(a.level, b.level);
        assert_int_equal(a.number, b.number);
        assert_int_equal(a.page, b.page);
        assert_int_equal(a.opens_turn, b.opens_turn);
        assert_int_equal(a.text_begin, b.text_begin);
        assert_int_equal(a.text_end, b.text_end);
        assert_int_equal(a.source_begin, b.source_begin);
        assert_int_equal(a.source_end, b.source_end);
        assert_int_equal(a.line_begin, b.line_begin);
        assert_int_equal(a.line_end, b.line_end);
    }
}

/* ---- Tests ---- */

static void test_round_trip(void **state) {
    (void)state;
    for (int i = 0; i < 300; i++) {
        struct document sent, received;
        struct bytes message = BYTES_INIT;
        make(&sent);
        document_init(&received);
        document_message_write(&message, &sent);
        assert_int_equal(document_message_read(&received, message.data, message.size, NULL), 0);
        assert_same(&sent, &received);
        assert_sound(&received);
        document_free(&sent);
        document_free(&received);
        bytes_free(&message);
    }
}

/* Cut anywhere it is no message; longer by a byte neither. */
static void test_cut(void **state) {
    (void)state;
    struct document sent, received;
    struct bytes message = BYTES_INIT;
    make(&sent);
    document_init(&received);
    document_message_write(&message, &sent);
    for (size_t size = 0; size < message.size; size++) {
        assert_int_equal(document_message_read(&received, message.data, size, NULL),
                         PLENARY_EDAMAGED);
        assert_int_equal(received.passage_count, 0);
    }
    bytes_add_byte(&message, 0);
    assert_int_equal(document_message_read(&received, message.data, message.size, NULL),
                     PLENARY_EDAMAGED);
    document_free(&sent);
    document_free(&received);
    bytes_free(&message);
}

static void test_mutated(void **state) {
    (void)state;
    unsigned damaged = 0;
    for (int i = 0; i < 5000; i++) {
        struct document sent, received;
        struct bytes message = BYTES_INIT;
        make(&sent);
        document_init(&received);
        document_message_write(&message, &sent);
        for (unsigned change = 0, changes = 1 + next() % 4; change < changes; change++)
            message.data[next() % message.size] = (uint8_t)next();
        if (document_message_read(&received, message.data, message.size, NULL))
            damaged++;
        else
            assert_sound(&received);
        document_free(&sent);
        document_free(&received);
        bytes_free(&message);
    }
    assert_true(damaged > 1000);
}

static void test_random(void **state) {
    (void)state;
    uint8_t noise[200];
    struct document received;
    document_init(&received);
    for (int i = 0; i < 20000; i++) {
        size_t size = next() % sizeof noise;
        for (size_t at = 0; at < size; at++)
            noise[at] = (uint8_t)(next() % (i % 2 ? 256 : 8));
        if (!document_message_read(&received, noise, size, NULL))
            assert_sound(&received);
    }
    document_free(&received);
}

int main(void) {
    const char *given = getenv("PLENARY_TEST_SEED");
    seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    print_message("# seed %" PRIu64 "\n", seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_mutated),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
