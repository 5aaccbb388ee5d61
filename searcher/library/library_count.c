/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_count: every match of a query looked at once, and counted by what it has.
 */
#include "searcher/filter.h"
#include "searcher/library/library.h"
#include "searcher/library/tally.h"
#include "searcher/query_plan.h"
#include "searcher/query_verify.h"

#include <stdlib.h>
#include <string.h>

struct plenary_values {
    struct arena arena;
    struct plenary_value *values[PLENARY_FACETS];
    size_t counts[PLENARY_FACETS];
    uint64_t total;
};

/* What is known of the document last met in a segment: matches of one are neighbours. */
struct met {
    uint32_t document; /* + 1; 0: none yet */
    uint32_t date;
    const char *body, *id; /* in the values' arena */
};

struct count {
    const struct snapshot *snapshot;
    struct shim_database *database;
    unsigned facets;
    struct plenary_values *out;
    struct tally tallies[PLENARY_FACETS];
    struct met *met; /* by segment; owned */
    struct passage_set filter;
    bool filtered;
    struct arena scratch;
    struct error *err;
};

static bool wants(const struct count *count, enum plenary_facet facet) {
    return count->facets >> facet & 1;
}

static void add(struct count *count, enum plenary_facet facet, const char *value, size_t size,
                const struct met *met, uint32_t segment) {
    struct tally_row *row = tally_row(&count->tallies[facet], value, size);
    if (!row)
        return;
    if (!row->passages) {
        row->segment = segment;
        row->document = met->document - 1;
    }
    tally_add(row, 1, met->date);
}

static void add_date(struct count *count, const struct met *met, uint32_t segment) {
    struct bytes text = BYTES_INIT;
    if (!met->date)
        return;
    bytes_printf(&text, "%04u-%02u", met->date / 10000, met->date / 100 % 100);
    if (!text.failed && wants(count, PLENARY_BY_YEAR))
        add(count, PLENARY_BY_YEAR, (const char *)text.data, 4, met, segment);
    if (!text.failed && wants(count, PLENARY_BY_MONTH) && met->date / 100 % 100)
        add(count, PLENARY_BY_MONTH, (const char *)text.data, text.size, met, segment);
    bytes_free(&text);
}

static int meet(struct count *count, struct met *met, const struct segment *segment,
                uint32_t document) {
    if (met->document == document + 1)
        return 0;
    *met = (struct met){document + 1, segment_document_date(segment, document), NULL, NULL};
    if (!wants(count, PLENARY_BY_BODY) && !wants(count, PLENARY_BY_DOCUMENT))
        return 0;
    struct document_row row;
    arena_reset(&count->scratch);
    int status = segment_document(segment, document, &count->scratch, &row, count->err);
    if (status < 0)
        return status;
    met->body = arena_string(&count->out->arena, row.body);
    met->id = arena_string(&count->out->arena, row.id);
    return (row.body && !met->body) || (row.id && !met->id) ? error_memory(count->err) : 0;
}

static int add_match(struct count *count, const struct shim_match *match) {
    const struct segment *segment = snapshot_segment(count->snapshot, match->segment);
    uint32_t passage = match->docid - 1;
    if (passage >= segment_passage_count(segment) ||
        (count->filtered && !passage_set_has(&count->filter, match->segment, passage)))
        return 0;
    struct met *met = &count->met[match->segment];
    uint32_t document = segment_document_of(segment, passage);
    int status = meet(count, met, segment, document);
    if (status < 0)
        return status;
    count->out->total++;
    add_date(count, met, match->segment);
    if (met->body && wants(count, PLENARY_BY_BODY))
        add(count, PLENARY_BY_BODY, met->body, strlen(met->body), met, match->segment);
    if (met->id && wants(count, PLENARY_BY_DOCUMENT))
        add(count, PLENARY_BY_DOCUMENT, met->id, strlen(met->id), met, match->segment);
    const char *language = language_name((int)segment_document_language(segment, document));
    if (language && wants(count, PLENARY_BY_LANGUAGE))
        add(count, PLENARY_BY_LANGUAGE, language, strlen(language), met, match->segment);
    if (!wants(count, PLENARY_BY_SPEAKER))
        return 0;
    struct passage_row row;
    arena_reset(&count->scratch);
    status = segment_passage(segment, passage, &count->scratch, &row, count->err);
    if (status >= 0 && row.speaker && *row.speaker)
        add(count, PLENARY_BY_SPEAKER, row.speaker, strlen(row.speaker), met, match->segment);
    return status;
}

/* ---- All matches --------------------------------------------------------------------------- */

static int run_plan(struct count *count, const struct query_plan *plan) {
    struct shim_statistics statistics;
    struct shim_result found = {.matches = NULL};
    const struct shim_query *children[] = {plan->root};
    const struct shim_query boolean = {
        .op = SHIM_SCALE, .factor = 0, .children = children, .count = 1};
    int status = shim_error(count->err, count->database,
                            shim_database_statistics(count->database, &statistics));
    if (status)
        return status;
    struct shim_search asked = SHIM_SEARCH_INIT;
    asked.query = &boolean;
    asked.limit = statistics.documents < UINT32_MAX ? (uint32_t)statistics.documents : UINT32_MAX;
    status = shim_error(count->err, count->database, shim_search(count->database, &asked, &found));
    if (!status)
        status = query_plan_fault(plan, count->err);
    for (size_t i = 0; i < found.count && status >= 0; i++)
        status = add_match(count, &found.matches[i]);
    shim_result_free(&found);
    return status;
}

static int count_all(struct count *count, struct searcher *searcher,
                     const struct search_request *request) {
    struct arena arena = ARENA_INIT;
    struct query query;
    struct query_plan plan = {.root = NULL};
    int language = request->language >= 0 ? request->language : request->filter.language;
    const struct query_plan_options options = {count->snapshot, count->database,
                                               searcher_analyser(searcher),
                                               language >= 0 ? (uint64_t)1 << language : 0};
    count->filtered = filter_is_needed(&request->filter, count->snapshot);
    count->met = calloc(snapshot_segment_count(count->snapshot) + 1, sizeof *count->met);
    int status = count->met ? 0 : error_memory(count->err);
    if (!status && count->filtered)
        status = filter_make(&count->filter, &request->filter, count->snapshot, count->err);
    if (!status)
        status = query_parse(&query, &arena, request->text, request->text_size, count->err);
    if (!status)
        status = query_plan_make(&plan, &arena, &query, &options, count->err);
    if (!status)
        status = run_plan(count, &plan);
    query_plan_free(&plan);
    arena_free(&arena);
    return status;
}

/* ---- Values -------------------------------------------------------------------------------- */

static const char *label_of(struct count *count, const struct tally_row *row) {
    struct document_row document;
    arena_reset(&count->scratch);
    if (segment_document(snapshot_segment(count->snapshot, row->segment), row->document,
                         &count->scratch, &document, NULL) < 0 ||
        !document.title || !*document.title)
        return row->value;
    const char *label = arena_string(&count->out->arena, document.title);
    return label ? label : row->value;
}

static int take_values(struct count *count, enum plenary_facet facet) {
    struct tally *tally = &count->tallies[facet];
    struct plenary_values *out = count->out;
    tally_sort(tally, facet == PLENARY_BY_YEAR || facet == PLENARY_BY_MONTH);
    struct plenary_value *values = arena_zero(&out->arena, tally->count + 1, sizeof *values);
    if (!values)
        return error_memory(count->err);
    for (size_t i = 0; i < tally->count; i++) {
        const struct tally_row *row = &tally->rows[i];
        values[i].value = values[i].label = row->value;
        values[i].passages = row->passages;
        if (facet == PLENARY_BY_DOCUMENT)
            values[i].label = label_of(count, row);
        if (!library_date(&values[i].first, &out->arena, row->first) ||
            !library_date(&values[i].last, &out->arena, row->last))
            return error_memory(count->err);
    }
    out->values[facet] = values;
    out->counts[facet] = tally->count;
    return 0;
}

static int count_in(struct plenary_values *out, struct searcher *searcher, unsigned facets,
                    const struct search_request *request, struct error *err) {
    struct count count = {.snapshot = searcher_snapshot(searcher),
                          .database = searcher_database(searcher),
                          .facets = facets,
                          .out = out,
                          .scratch = ARENA_INIT,
                          .err = err};
    for (int i = 0; i < PLENARY_FACETS; i++)
        count.tallies[i].arena = &out->arena;
    int status = count_all(&count, searcher, request);
    for (int i = 0; i < PLENARY_FACETS && status >= 0; i++)
        status = take_values(&count, (enum plenary_facet)i);
    for (int i = 0; i < PLENARY_FACETS; i++)
        tally_free(&count.tallies[i]);
    passage_set_free(&count.filter);
    arena_free(&count.scratch);
    free(count.met);
    return status;
}

PLENARY_EXPORT int plenary_count(struct plenary_values **out, struct plenary *plenary,
                                 const char *query, size_t size, unsigned facets,
                                 const struct plenary_search_options *options,
                                 struct plenary_failure *failure) {
    struct error err = {0};
    struct search_request request;
    struct pooled *pooled = NULL;
    struct plenary_values *values = calloc(1, sizeof *values);
    *out = NULL;
    int status = values ? 0 : error_memory(&err);
    if (!status)
        status = library_request(&request, &values->arena, query, size, options, &err);
    if (!status)
        status = pool_take(&pooled, plenary->pool, &err);
    if (!status)
        status = count_in(values, pooled->searcher, facets, &request, &err);
    pool_give(plenary->pool, pooled);
    if (status < 0) {
        plenary_values_free(values);
        return library_fail(failure, status, &err);
    }
    *out = values;
    return 0;
}

PLENARY_EXPORT uint64_t plenary_values_total(const struct plenary_values *values) {
    return values->total;
}

PLENARY_EXPORT const struct plenary_value *
plenary_values_of(const struct plenary_values *values, enum plenary_facet facet, size_t *count) {
    bool known = (unsigned)facet < PLENARY_FACETS;
    *count = known ? values->counts[facet] : 0;
    return known ? values->values[facet] : NULL;
}

PLENARY_EXPORT void plenary_values_free(struct plenary_values *values) {
    if (!values)
        return;
    arena_free(&values->arena);
    free(values);
}
