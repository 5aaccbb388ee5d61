/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_document_open: rows of a document, its outline, and what a query marks in it.
 */
#include "searcher/citation.h"
#include "searcher/escape.h"
#include "searcher/highlight.h"
#include "searcher/library/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTLINE_TEXT_MOST = 16 << 20 }; /* bytes of a document's text to take headings from */

struct plenary_document {
    struct arena arena;
    struct plenary_document_info info;
    struct plenary_passage *rows, *outline;
    size_t row_count, outline_count;
    uint64_t generation;
};

/* A document being read. */
struct reading {
    struct plenary_document *out;
    struct searcher *searcher;
    const struct segment *segment;
    uint32_t document;
    struct document_row row;
    struct passage_row *passages; /* all of them; in the scratch arena */
    struct bytes text;            /* all of it, or of the rows wanted */
    uint32_t text_begin;
    struct arena scratch;
    struct error *err;
};

/* ---- Rows ---------------------------------------------------------------------------------- */

static int read_rows(struct reading *reading) {
    uint32_t count = reading->row.passage_count;
    reading->passages =
        arena_zero(&reading->scratch, (size_t)count + 1, sizeof(struct passage_row));
    if (!reading->passages)
        return error_memory(reading->err);
    for (uint32_t i = 0; i < count; i++) {
        int status = segment_passage(reading->segment, reading->row.first_passage + i,
                                     &reading->out->arena, &reading->passages[i], reading->err);
        if (status < 0)
            return status;
    }
    return 0;
}

static int read_text(struct reading *reading, uint32_t begin, uint32_t end) {
    bytes_reset(&reading->text);
    reading->text_begin = begin;
    int status =
        segment_text(reading->segment, reading->document, begin, end, &reading->text, reading->err);
    if (status < 0)
        return status;
    if (!bytes_string(&reading->text))
        return error_memory(reading->err);
    utf8_repair((char *)reading->text.data, reading->text.size);
    return 0;
}

static const char *row_id(struct reading *reading, uint32_t i) {
    struct bytes id = BYTES_INIT;
    citation_passage_id(&id, &reading->row, &reading->passages[i], reading->row.first_passage + i);
    const char *copy = NULL;
    if (!id.failed)
        copy = arena_text(&reading->out->arena, id.data ? (const char *)id.data : "", id.size);
    bytes_free(&id);
    return copy;
}

static int make_row(struct reading *reading, uint32_t i, struct plenary_passage *out) {
    const struct passage_row *row = &reading->passages[i];
    size_t begin = row->text_begin - reading->text_begin, end = row->text_end - reading->text_begin;
    if (row->text_begin < reading->text_begin || end < begin || end > reading->text.size)
        return error_set(reading->err, PLENARY_EDAMAGED, "%s: passage %u lies outside its text",
                         reading->row.id ? reading->row.id : "?", i);
    library_passage(out, row);
    out->row = i;
    out->id = row_id(reading, i);
    out->text_size = end - begin;
    out->text =
        arena_text(&reading->out->arena, (const char *)reading->text.data + begin, out->text_size);
    return out->id && out->text ? 0 : error_memory(reading->err);
}

static int make_outline(struct reading *reading) {
    struct plenary_document *out = reading->out;
    size_t headings = 0;
    for (uint32_t i = 0; i < reading->row.passage_count; i++)
        headings += reading->passages[i].kind == PASSAGE_HEADING;
    out->outline = arena_zero(&out->arena, headings + 1, sizeof *out->outline);
    if (!out->outline)
        return error_memory(reading->err);
    for (uint32_t i = 0; i < reading->row.passage_count; i++) {
        if (reading->passages[i].kind != PASSAGE_HEADING)
            continue;
        int status = make_row(reading, i, &out->outline[out->outline_count++]);
        if (status < 0)
            return status;
    }
    return 0;
}

static int make_rows(struct reading *reading, uint32_t first, uint32_t count) {
    struct plenary_document *out = reading->out;
    out->rows = arena_zero(&out->arena, (size_t)count + 1, sizeof *out->rows);
    if (!out->rows)
        return error_memory(reading->err);
    for (uint32_t i = 0; i < count; i++) {
        int status = make_row(reading, first + i, &out->rows[out->row_count++]);
        if (status < 0)
            return status;
    }
    return 0;
}

static int read_wanted(struct reading *reading, const struct plenary_document_options *options) {
    uint32_t total = reading->row.passage_count;
    uint32_t first = options->first < total ? options->first : total;
    uint32_t count = options->rows < total - first ? options->rows : total - first;
    uint32_t end = total ? reading->passages[total - 1].text_end : 0;
    int status = 0;
    if (end <= OUTLINE_TEXT_MOST) {
        status = read_text(reading, 0, UINT32_MAX);
        if (!status)
            status = make_outline(reading);
    } else if (count) {
        status = read_text(reading, reading->passages[first].text_begin,
                           reading->passages[first + count - 1].text_end);
    }
    return status ? status : make_rows(reading, first, count);
}

/* ---- Marks --------------------------------------------------------------------------------- */

static int mark_row(struct reading *reading, struct highlighter *highlighter,
                    struct highlight_list *list, struct plenary_passage *row) {
    int language = language_number(reading->out->info.language);
    int status = highlighter_find(highlighter, searcher_analyser(reading->searcher),
                                  language < 0 ? 0 : language, row->text, row->text_size, list,
                                  reading->err);
    if (status < 0)
        return status;
    highlight_merge(list);
    struct plenary_range *marks = arena_zero(&reading->out->arena, list->count + 1, sizeof *marks);
    if (!marks)
        return error_memory(reading->err);
    for (size_t i = 0; i < list->count; i++)
        marks[i] = (struct plenary_range){list->ranges[i].begin, list->ranges[i].end};
    row->marks = marks;
    row->mark_count = list->count;
    return 0;
}

static int mark_rows(struct reading *reading, const struct plenary_document_options *options) {
    struct search_request request = SEARCH_REQUEST_INIT;
    request.text = options->query;
    request.text_size = library_size(options->query, options->query_size);
    request.limit = 0;
    if (!request.text_size)
        return 0;
    struct search_result result;
    struct highlighter *highlighter = NULL;
    struct highlight_list list = HIGHLIGHT_LIST_INIT;
    int status = searcher_search(&result, reading->searcher, &request, reading->err);
    if (status < 0)
        return status;
    status = highlighter_open(&highlighter, &result, reading->err);
    for (size_t i = 0; i < reading->out->row_count && status >= 0; i++)
        if (strcmp(reading->out->rows[i].kind, "heading") != 0)
            status = mark_row(reading, highlighter, &list, &reading->out->rows[i]);
    highlight_list_free(&list);
    highlighter_close(highlighter);
    search_result_free(&result);
    return status;
}

/* ---- Opening ------------------------------------------------------------------------------- */

static int find_document(struct reading *reading, const char *id) {
    const struct snapshot *snapshot = searcher_snapshot(reading->searcher);
    uint32_t segment = 0;
    int found = snapshot_find_id(snapshot, id, &segment, &reading->document, reading->err);
    if (found == 0)
        return error_set(reading->err, PLENARY_ENOTFOUND, "there is no document '%.200s'", id);
    if (found < 0)
        return found;
    reading->segment = snapshot_segment(snapshot, segment);
    return segment_document(reading->segment, reading->document, &reading->out->arena,
                            &reading->row, reading->err);
}

static int read_document(struct reading *reading, const char *id) {
    struct plenary_document *out = reading->out;
    out->generation = snapshot_generation(searcher_snapshot(reading->searcher));
    int status = find_document(reading, id);
    if (!status)
        status = library_document(&out->info, &out->arena, &reading->row, reading->err);
    return status ? status : read_rows(reading);
}

/* The row that `place` ("7", "h2") or the passage's own id names; PLENARY_ENOTFOUND. */
static int find_row(struct reading *reading, const char *passage_id, uint32_t *row) {
    for (uint32_t i = 0; i < reading->row.passage_count; i++) {
        char numbered[16];
        const struct passage_row *passage = &reading->passages[i];
        const char *hash = strrchr(passage_id, '#');
        snprintf(numbered, sizeof numbered, passage->number ? "%u" : "h%u",
                 passage->number ? passage->number : i + 1);
        const char *id = row_id(reading, i);
        if (!id)
            return error_memory(reading->err);
        if (strcmp(id, passage_id) == 0 || (hash && strcmp(hash + 1, numbered) == 0)) {
            *row = i;
            return 0;
        }
    }
    return error_set(reading->err, PLENARY_ENOTFOUND, "there is no passage '%.200s'", passage_id);
}

/* The document's id is the passage's own, or what stands before its last '#'. */
static int read_of_passage(struct reading *reading, const char *passage_id, uint32_t *row) {
    int status = read_document(reading, passage_id);
    if (status == 0)
        return reading->row.passage_count == 1 ? (*row = 0, 0) : find_row(reading, passage_id, row);
    const char *hash = strrchr(passage_id, '#');
    if (status != PLENARY_ENOTFOUND || !hash)
        return status;
    char *id = arena_text(&reading->scratch, passage_id, (size_t)(hash - passage_id));
    if (!id)
        return error_memory(reading->err);
    status = read_document(reading, id);
    if (status == PLENARY_ENOTFOUND)
        return error_set(reading->err, status, "there is no passage '%.200s'", passage_id);
    return status ? status : find_row(reading, passage_id, row);
}

static int check_options(const struct plenary_document_options *options, struct error *err) {
    if (options->version == 1)
        return 0;
    return error_set(err, PLENARY_EVERSION, "options of version %u; this is version 1",
                     options->version);
}

static int open_document(struct plenary_document **out, struct plenary *plenary, const char *id,
                         uint32_t *row, const struct plenary_document_options *asked,
                         struct plenary_failure *failure) {
    static const struct plenary_document_options defaults = PLENARY_DOCUMENT_OPTIONS_INIT;
    const struct plenary_document_options *options = asked ? asked : &defaults;
    struct error err = {0};
    struct pooled *pooled = NULL;
    struct reading reading = {.out = calloc(1, sizeof **out), .err = &err};
    *out = NULL;
    int status = reading.out ? check_options(options, &err) : error_memory(&err);
    if (!status)
        status = pool_take(&pooled, plenary->pool, &err);
    if (!status) {
        reading.searcher = pooled->searcher;
        status = row ? read_of_passage(&reading, id, row) : read_document(&reading, id);
    }
    if (!status)
        status = read_wanted(&reading, options);
    if (!status)
        status = mark_rows(&reading, options);
    pool_give(plenary->pool, pooled);
    bytes_free(&reading.text);
    arena_free(&reading.scratch);
    if (status < 0) {
        plenary_document_free(reading.out);
        return library_fail(failure, status, &err);
    }
    *out = reading.out;
    return 0;
}

PLENARY_EXPORT int plenary_document_open(struct plenary_document **out, struct plenary *plenary,
                                         const char *id,
                                         const struct plenary_document_options *options,
                                         struct plenary_failure *failure) {
    return open_document(out, plenary, id, NULL, options, failure);
}

PLENARY_EXPORT int plenary_document_of_passage(struct plenary_document **out, uint32_t *row,
                                               struct plenary *plenary, const char *passage_id,
                                               const struct plenary_document_options *options,
                                               struct plenary_failure *failure) {
    *row = 0;
    return open_document(out, plenary, passage_id, row, options, failure);
}

PLENARY_EXPORT const struct plenary_document_info *
plenary_document_about(const struct plenary_document *document) {
    return &document->info;
}

PLENARY_EXPORT uint64_t plenary_document_generation(const struct plenary_document *document) {
    return document->generation;
}

PLENARY_EXPORT const struct plenary_passage *
plenary_document_rows(const struct plenary_document *document, size_t *count) {
    *count = document->row_count;
    return document->rows;
}

PLENARY_EXPORT const struct plenary_passage *
plenary_document_outline(const struct plenary_document *document, size_t *count) {
    *count = document->outline_count;
    return document->outline;
}

PLENARY_EXPORT void plenary_document_free(struct plenary_document *document) {
    if (!document)
        return;
    arena_free(&document->arena);
    free(document);
}
