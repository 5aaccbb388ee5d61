/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /api/...: what programs ask. openapi.json describes the parameters and every field.
 */
#include "corpus/error.h"
#include "searcher/serve/access_log.h"
#include "searcher/serve/ask.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/send.h"
#include "searcher/serve/tally_cache.h"
#include "searcher/serve/text.h"

#include <inttypes.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_USUAL = 10, CONTEXT_USUAL = 2, LIKE_LIMIT = 5 };

static bool read_ask(struct exchange *x, struct ask *ask, uint32_t limit) {
    struct error err = {0};
    int status = ask_read(ask, &x->request, limit, &err);
    if (status < 0)
        exchange_problem(x, MHD_HTTP_BAD_REQUEST, status == PLENARY_ELIMIT ? "limit" : "invalid",
                         err.message);
    return status >= 0;
}

static void finish(struct exchange *x, uint64_t generation) {
    x->answer.type = "application/json";
    x->answer.tagged = true;
    x->answer.generation = generation;
}

/* ---- Values -------------------------------------------------------------------------------- */

static void add_document(struct bytes *out, const struct plenary_document_info *document) {
    bytes_add_byte(out, '{');
    text_json_field(out, "id", document->id);
    text_json_field(out, "title", document->title);
    text_json_field(out, "date", document->date);
    text_json_field(out, "source", document->source);
    text_json_field(out, "body", document->body);
    text_json_field(out, "language", document->language);
    bytes_printf(out, ",\"rows\":%" PRIu32 "}", document->rows);
}

static void add_marks(struct bytes *out, const struct plenary_range *marks, size_t count) {
    bytes_add_byte(out, '[');
    for (size_t i = 0; i < count; i++)
        bytes_printf(out, "%s[%" PRIu32 ",%" PRIu32 "]", i ? "," : "", marks[i].begin,
                     marks[i].end);
    bytes_add_byte(out, ']');
}

static void add_known(struct bytes *out, const char *name, uint32_t number) {
    if (number)
        bytes_printf(out, ",\"%s\":%" PRIu32, name, number);
    else
        bytes_printf(out, ",\"%s\":null", name);
}

static void add_passage(struct bytes *out, const struct plenary_passage *passage) {
    bytes_add_byte(out, '{');
    text_json_field(out, "id", passage->id);
    bytes_printf(out, ",\"row\":%" PRIu32, passage->row);
    add_known(out, "number", passage->number);
    text_json_field(out, "kind", passage->kind);
    bytes_printf(out, ",\"level\":%u", passage->level);
    text_json_field(out, "heading", passage->heading);
    text_json_field(out, "speaker", passage->speaker);
    text_json_field(out, "label", passage->label);
    add_known(out, "page", passage->page);
    bytes_add_string(out, ",\"text\":");
    text_json_sized(out, passage->text, passage->text_size);
    bytes_add_string(out, ",\"marks\":");
    add_marks(out, passage->marks, passage->mark_count);
    bytes_add_byte(out, '}');
}

static void add_passages(struct bytes *out, const char *name, const struct plenary_passage *rows,
                         size_t count) {
    bytes_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(out, i ? ",\n" : "\n");
        add_passage(out, &rows[i]);
    }
    bytes_add_byte(out, ']');
}

static void add_facets(struct bytes *out, const struct plenary_values *values, unsigned facets) {
    bool first = true;
    bytes_add_byte(out, '{');
    for (int i = 0; i < PLENARY_FACETS; i++) {
        size_t count;
        if (!(facets >> i & 1))
            continue;
        const struct plenary_value *all = plenary_values_of(values, (enum plenary_facet)i, &count);
        bytes_printf(out, "%s\"%s\":[", first ? "" : ",", ask_facet_names[i]);
        first = false;
        for (size_t k = 0; k < count; k++) {
            bytes_add_string(out, k ? ",\n{" : "\n{");
            text_json_field(out, "value", all[k].value);
            bytes_printf(out, ",\"passages\":%" PRIu64 ",\"documents\":%" PRIu64, all[k].passages,
                         all[k].documents);
            text_json_field(out, "first", all[k].first);
            text_json_field(out, "last", all[k].last);
            bytes_add_byte(out, '}');
        }
        bytes_add_byte(out, ']');
    }
    bytes_add_byte(out, '}');
}

/* ---- /api/search --------------------------------------------------------------------------- */

static void log_nothing(const struct exchange *x, const struct ask *ask) {
    struct bytes others = BYTES_INIT;
    struct ask rest = *ask;
    rest.query = "";
    ask_write(&others, &rest);
    atomic_fetch_add(&x->site->metrics->nothing_found, 1);
    if (bytes_string(&others))
        access_log_nothing(x->site->log, ask->query, (const char *)others.data);
    bytes_free(&others);
}

/* The library's JSON, with every '<' (which stands in strings alone) as \u003C: safe even where a
 * program pastes it into a page. */
static void take_json(struct bytes *out, char *text, size_t size) {
    bytes_reserve(out, size + size / 64);
    for (const char *at = text, *end = text + size; at < end;) {
        const char *angle = memchr(at, '<', (size_t)(end - at));
        bytes_add(out, at, (size_t)((angle ? angle : end) - at));
        if (angle)
            bytes_add_string(out, "\\u003C");
        at = angle ? angle + 1 : end;
    }
    plenary_free(text);
}

static bool write_result(struct exchange *x, const struct ask *ask, struct plenary_result *result) {
    static const char *const types[] = {"application/json", "application/jsonl",
                                        "text/csv; charset=utf-8",
                                        "text/tab-separated-values; charset=utf-8"};
    static const char *const names[] = {NULL, "results.jsonl", "results.csv", "results.tsv"};
    struct plenary_failure failure;
    char *text;
    size_t size;
    if (plenary_result_write(&text, &size, result, (enum plenary_format)ask->format, &failure) <
        0) {
        exchange_failure(x, &failure);
        return false;
    }
    if (ask->format == ASK_JSON || ask->format == ASK_JSON_LINES)
        take_json(&x->answer.body, text, size);
    else
        x->answer.body =
            (struct bytes){.data = (uint8_t *)text, .size = size, .capacity = size + 1};
    finish(x, plenary_result_about(result)->generation);
    x->answer.type = types[ask->format];
    x->answer.disposition = request_value(&x->request, "download") && ask->format == ASK_JSON
                                ? "results.json"
                                : names[ask->format];
    return true;
}

void api_search(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_result *result;
    struct plenary_state state;
    (void)rest;
    if (!read_ask(x, &ask, LIMIT_USUAL))
        return;
    plenary_state(x->site->plenary, &state);
    if (send_is_known(x, state.generation))
        return;
    struct plenary_search_options options = ask_options(&ask);
    options.milliseconds = x->site->time_limit;
    if (plenary_search(&result, x->site->plenary, ask.query, PLENARY_ALL, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    x->found = plenary_result_about(result)->total;
    if (write_result(x, &ask, result) && !x->found && *ask.query)
        log_nothing(x, &ask);
    plenary_result_free(result);
}

void api_facets(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct tallied *tallied;
    struct bytes *out = &x->answer.body;
    (void)rest;
    if (!read_ask(x, &ask, 0))
        return;
    if (!ask.facets)
        ask.facets = 1U << PLENARY_BY_SPEAKER | 1U << PLENARY_BY_BODY | 1U << PLENARY_BY_YEAR |
                     1U << PLENARY_BY_MONTH | 1U << PLENARY_BY_LANGUAGE;
    if (tally_cache_take(&tallied, x->site, &ask, ask.facets, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    bytes_printf(out, "{\"generation\":%" PRIu64 ",\"total\":%" PRIu64 ",\"facets\":",
                 tallied_generation(tallied), plenary_values_total(tallied_values(tallied)));
    add_facets(out, tallied_values(tallied), ask.facets);
    bytes_add_string(out, "}\n");
    finish(x, tallied_generation(tallied));
    tally_cache_give(x->site->tallies, tallied);
}

/* ---- /api/suggest -------------------------------------------------------------------------- */

void api_suggest(struct exchange *x, const char *rest) {
    static const char *const kinds[] = {"word", "speaker", "title"};
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_suggestions *list;
    struct plenary_state state;
    struct bytes *out = &x->answer.body;
    size_t count;
    (void)rest;
    if (!read_ask(x, &ask, LIMIT_USUAL))
        return;
    plenary_state(x->site->plenary, &state);
    if (plenary_suggest(&list, x->site->plenary, ask.query, PLENARY_ALL, ask.limit, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    const struct plenary_suggestion *all = plenary_suggestions_of(list, &count);
    bytes_add_string(out, "{\"suggestions\":[");
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(out, i ? ",\n{" : "\n{");
        text_json_field(out, "kind", kinds[all[i].kind]);
        text_json_field(out, "text", all[i].text);
        bytes_printf(out, ",\"passages\":%" PRIu64 "}", all[i].passages);
    }
    bytes_add_string(out, "]}\n");
    finish(x, state.generation);
    plenary_suggestions_free(list);
}

/* ---- /api/documents ------------------------------------------------------------------------ */

void api_documents(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_list *list;
    struct plenary_state state;
    struct bytes *out = &x->answer.body;
    size_t count;
    (void)rest;
    if (!read_ask(x, &ask, LIMIT_USUAL))
        return;
    plenary_state(x->site->plenary, &state);
    struct plenary_search_options options = ask_options(&ask);
    if (plenary_list_documents(&list, x->site->plenary, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    const struct plenary_document_info *all = plenary_list_of(list, &count);
    bytes_printf(out, "{\"total\":%" PRIu64 ",\"documents\":[", plenary_list_total(list));
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(out, i ? ",\n" : "\n");
        add_document(out, &all[i]);
    }
    bytes_add_string(out, "],\"years\":[");
    const struct plenary_value *years = plenary_list_years(list, &count);
    for (size_t i = 0; i < count; i++) {
        bytes_add_string(out, i ? ",{" : "{");
        text_json_field(out, "year", *years[i].value ? years[i].value : NULL);
        bytes_printf(out, ",\"documents\":%" PRIu64 ",\"passages\":%" PRIu64 "}",
                     years[i].documents, years[i].passages);
    }
    bytes_add_string(out, "]}\n");
    finish(x, state.generation);
    plenary_list_free(list);
}

static void add_page(struct bytes *out, const struct plenary_document *document) {
    size_t rows, headings;
    const struct plenary_passage *all = plenary_document_rows(document, &rows);
    const struct plenary_passage *outline = plenary_document_outline(document, &headings);
    bytes_printf(
        out, "{\"generation\":%" PRIu64 ",\"document\":", plenary_document_generation(document));
    add_document(out, plenary_document_about(document));
    bytes_add_string(out, ",\"outline\":[");
    for (size_t i = 0; i < headings; i++) {
        bytes_printf(out, "%s{\"row\":%" PRIu32 ",\"level\":%u", i ? ",\n" : "\n", outline[i].row,
                     outline[i].level);
        text_json_field(out, "text", outline[i].text);
        bytes_add_byte(out, '}');
    }
    bytes_add_byte(out, ']');
    add_passages(out, "passages", all, rows);
    bytes_add_string(out, "}\n");
}

void api_document(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_document *document;
    struct plenary_document_options options = PLENARY_DOCUMENT_OPTIONS_INIT;
    if (!read_ask(x, &ask, ASK_LIMIT_MOST))
        return;
    options.query = ask.query;
    options.first = ask.offset;
    options.rows = ask.limit;
    if (plenary_document_open(&document, x->site->plenary, rest, &options, &failure) < 0) {
        exchange_failure(x, &failure);
        return;
    }
    add_page(&x->answer.body, document);
    finish(x, plenary_document_generation(document));
    plenary_document_free(document);
}

/* ---- /api/passages/{id} -------------------------------------------------------------------- */

/* Passages like this one, from other places; none where the search fails, for they are an extra. */
static void add_like(struct exchange *x, const char *id) {
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_result *result;
    const struct plenary_hit *hit;
    char *query;
    struct bytes *out = &x->answer.body;
    unsigned count = 0;
    bytes_add_string(out, ",\"like\":[");
    options.limit = LIKE_LIMIT + 1;
    if (plenary_like(&query, x->site->plenary, id, NULL) < 0)
        query = NULL;
    if (query && *query &&
        plenary_search(&result, x->site->plenary, query, PLENARY_ALL, &options, NULL) == 0) {
        while (count < LIKE_LIMIT && plenary_result_next(&hit, result, NULL) == 1) {
            if (strcmp(hit->passage.id, id) == 0)
                continue;
            bytes_printf(out, "%s\n{\"score\":%.9g,\"document\":", count++ ? "," : "", hit->score);
            add_document(out, &hit->document);
            bytes_add_string(out, ",\"passage\":");
            add_passage(out, &hit->passage);
            bytes_add_byte(out, '}');
        }
        plenary_result_free(result);
    }
    plenary_free(query);
    bytes_add_byte(out, ']');
}

void api_passage(struct exchange *x, const char *rest) {
    struct ask ask;
    struct plenary_failure failure;
    struct plenary_document *document;
    struct plenary_document_options options = PLENARY_DOCUMENT_OPTIONS_INIT;
    struct bytes *out = &x->answer.body;
    uint32_t row;
    size_t count;
    if (!read_ask(x, &ask, LIMIT_USUAL))
        return;
    options.query = ask.query;
    if (plenary_document_of_passage(&document, &row, x->site->plenary, rest, &options, &failure) <
        0) {
        exchange_failure(x, &failure);
        return;
    }
    uint32_t context = request_value(&x->request, "context") ? ask.context : CONTEXT_USUAL;
    const struct plenary_passage *rows = plenary_document_rows(document, &count);
    size_t first = row > context ? row - context : 0;
    size_t end = count - row > context + 1 ? row + context + 1 : count;
    bytes_printf(
        out, "{\"generation\":%" PRIu64 ",\"document\":", plenary_document_generation(document));
    add_document(out, plenary_document_about(document));
    bytes_add_string(out, ",\"passage\":");
    add_passage(out, &rows[row]);
    add_passages(out, "before", rows + first, row - first);
    add_passages(out, "after", rows + row + 1, end - row - 1);
    add_like(x, rows[row].id);
    bytes_add_string(out, "}\n");
    finish(x, plenary_document_generation(document));
    plenary_document_free(document);
}
