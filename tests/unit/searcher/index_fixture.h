/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small index in a temporary folder, for tests of searching: documents given as plain structs,
 * cut into as many segments as the test likes.
 */
#ifndef PLENARY_TESTS_INDEX_FIXTURE_H
#define PLENARY_TESTS_INDEX_FIXTURE_H

#include "indexer/index.h"
#include "searcher/search.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { FIXTURE_PARAGRAPHS = 6 };

struct fixture_document {
    const char *id, *title, *language;
    uint32_t date;
    const char *paragraphs[FIXTURE_PARAGRAPHS]; /* "Speaker| text" sets the speaker */
    const char *heading, *body;
    uint32_t page; /* of all its paragraphs */
};

struct fixture {
    char folder[64];
    struct searcher *searcher;
    struct error err;
};

static inline int fixture_remove_one(const char *path, const struct stat *stat, int flag,
                                     struct FTW *ftw) {
    (void)stat, (void)flag, (void)ftw;
    return remove(path);
}

static inline void fixture_fill(struct document *document, const struct fixture_document *from) {
    char source[200];
    snprintf(source, sizeof source, "/minutes/%s.txt", from->id);
    document_reset(document);
    document->id = arena_string(&document->arena, from->id);
    document->source = arena_string(&document->arena, source);
    document->title = arena_string(&document->arena, from->title);
    document->language = from->language ? from->language : "en";
    document->date = from->date;
    document->body = from->body;
    snprintf((char *)document->content, sizeof document->content, "%.15s", from->id);
    for (size_t i = 0; i < FIXTURE_PARAGRAPHS && from->paragraphs[i]; i++) {
        const char *text = from->paragraphs[i], *bar = strstr(text, "| ");
        const char *begin = bar ? bar + 2 : text;
        struct passage *passage = document_add(document, PASSAGE_PARAGRAPH, begin, strlen(begin));
        assert_non_null(passage);
        if (bar)
            passage->speaker = arena_text(&document->arena, text, (size_t)(bar - text));
        passage->heading = from->heading;
        passage->page = from->page;
    }
    assert_int_equal(document_finish(document), 0);
}

/* `per_segment` documents go into each segment, their postings by this builder (NULL: the default).
 */
static inline void fixture_add_built(struct fixture *fixture, const char *builder,
                                     const struct fixture_document *documents, size_t count,
                                     size_t per_segment) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    options.language = -1;
    options.builder = builder;
    struct index_writer *writer;
    struct document document;
    int status = index_writer_open(&writer, fixture->folder, &options, &fixture->err);
    if (status)
        fail_msg("%s", fixture->err.message);
    document_init(&document);
    for (size_t i = 0; i < count && !status; i++) {
        enum index_change change;
        fixture_fill(&document, &documents[i]);
        status = index_writer_add(writer, &document, &change, &fixture->err);
        if (!status && (i + 1) % per_segment == 0)
            status = index_writer_publish(writer, &fixture->err);
    }
    if (!status)
        status = index_writer_publish(writer, &fixture->err);
    document_free(&document);
    index_writer_close(writer);
    if (status)
        fail_msg("%s", fixture->err.message);
}

static inline void fixture_add(struct fixture *fixture, const struct fixture_document *documents,
                               size_t count, size_t per_segment) {
    fixture_add_built(fixture, NULL, documents, count, per_segment);
}

static inline struct fixture *fixture_open_built(const char *builder,
                                                 const struct fixture_document *documents,
                                                 size_t count, size_t per_segment) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/plenary-search-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture_add_built(fixture, builder, documents, count, per_segment);
    if (searcher_open(&fixture->searcher, fixture->folder, &fixture->err))
        fail_msg("%s", fixture->err.message);
    return fixture;
}

static inline struct fixture *fixture_open(const struct fixture_document *documents, size_t count,
                                           size_t per_segment) {
    return fixture_open_built(NULL, documents, count, per_segment);
}

static inline void fixture_close(struct fixture *fixture) {
    searcher_close(fixture->searcher);
    nftw(fixture->folder, fixture_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(fixture);
}

static inline struct search_request fixture_request(const char *query) {
    struct search_request request = SEARCH_REQUEST_INIT;
    request.text = query;
    request.text_size = strlen(query);
    request.limit = 1000;
    return request;
}

static inline struct search_result fixture_search(struct fixture *fixture,
                                                  const struct search_request *request) {
    struct search_result result;
    if (searcher_search(&result, fixture->searcher, request, &fixture->err))
        fail_msg("%.*s: %s", (int)request->text_size, request->text, fixture->err.message);
    return result;
}

/* "id#passage id#passage ...", with " =score" behind each if `scores`; free it. */
static inline char *fixture_hits(struct fixture *fixture, const struct search_result *result,
                                 bool scores) {
    struct bytes out = BYTES_INIT;
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < result->hit_count; i++) {
        const struct search_hit *hit = &result->hits[i];
        const struct segment *segment =
            snapshot_segment(searcher_snapshot(fixture->searcher), hit->segment);
        struct document_row row;
        struct passage_row passage;
        assert_int_equal(segment_document(segment, hit->document, &arena, &row, NULL), 0);
        assert_int_equal(segment_passage(segment, hit->passage, &arena, &passage, NULL), 0);
        bytes_printf(&out, "%s%s#%u", i ? " " : "", row.id, passage.number);
        if (scores)
            bytes_printf(&out, "=%.9g", hit->score);
    }
    arena_free(&arena);
    assert_non_null(bytes_string(&out));
    return (char *)out.data;
}

static inline void fixture_expect_of(struct fixture *fixture, const struct search_request *request,
                                     const char *expected) {
    struct search_result result = fixture_search(fixture, request);
    char *hits = fixture_hits(fixture, &result, false);
    if (strcmp(hits, expected) != 0)
        fail_msg("%.*s finds [%s], not [%s]", (int)request->text_size, request->text, hits,
                 expected);
    free(hits);
    search_result_free(&result);
}

/* The hits of a query, in order. */
static inline void fixture_expect(struct fixture *fixture, const char *query,
                                  const char *expected) {
    struct search_request request = fixture_request(query);
    fixture_expect_of(fixture, &request, expected);
}

static inline int fixture_by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The hits of a query, whatever their order: `expected` in order of id. */
static inline void fixture_expect_set(struct fixture *fixture, const char *query,
                                      const char *expected) {
    struct search_request request = fixture_request(query);
    struct search_result result = fixture_search(fixture, &request);
    char *hits = fixture_hits(fixture, &result, false), *words[1000];
    size_t count = 0;
    for (char *word = strtok(hits, " "); word && count < 1000; word = strtok(NULL, " "))
        words[count++] = word;
    if (count)
        qsort(words, count, sizeof *words, fixture_by_text);
    struct bytes sorted = BYTES_INIT;
    for (size_t i = 0; i < count; i++)
        bytes_printf(&sorted, "%s%s", i ? " " : "", words[i]);
    assert_non_null(bytes_string(&sorted));
    if (strcmp((char *)sorted.data, expected) != 0)
        fail_msg("%s finds [%s], not [%s]", query, sorted.data, expected);
    bytes_free(&sorted);
    free(hits);
    search_result_free(&result);
}

#endif
