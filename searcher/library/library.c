/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/library.h"

#include "searcher/citation.h"
#include "searcher/query_range.h"
#include "searcher/snippet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT_MOST = 1000000, PER_DOCUMENT_MOST = 1000, CONTEXT_MOST = 1000, FACETS_LISTED = 100 };

PLENARY_EXPORT const char *plenary_version(void) {
    return PLENARY_VERSION;
}

PLENARY_EXPORT void plenary_free(void *text) {
    free(text);
}

int library_fail(struct plenary_failure *out, int status, const struct error *err) {
    if (out) {
        out->code = status;
        snprintf(out->message, sizeof out->message, "%s", err->message);
    }
    return status;
}

_Static_assert((int)PLENARY_BY_SPEAKER == (int)FACET_SPEAKER &&
                   (int)PLENARY_BY_BODY == (int)FACET_BODY &&
                   (int)PLENARY_BY_YEAR == (int)FACET_YEAR &&
                   (int)PLENARY_BY_MONTH == (int)FACET_MONTH &&
                   (int)PLENARY_BY_LANGUAGE == (int)FACET_LANGUAGE &&
                   (int)PLENARY_BY_TITLE == (int)FACET_TITLE &&
                   (int)PLENARY_BY_HEADING == (int)FACET_HEADING &&
                   (int)PLENARY_FACETS == (int)FACET_FIELDS,
               "the public facets are the engine's, in its order");

/* ---- An index ------------------------------------------------------------------------------ */

PLENARY_EXPORT int plenary_open(struct plenary **out, const char *folder,
                                struct plenary_failure *failure) {
    struct error err = {0};
    struct plenary *plenary = calloc(1, sizeof *plenary);
    *out = NULL;
    int status = plenary ? pool_open(&plenary->pool, folder, &err) : error_memory(&err);
    if (status < 0) {
        free(plenary);
        return library_fail(failure, status, &err);
    }
    *out = plenary;
    return 0;
}

PLENARY_EXPORT void plenary_close(struct plenary *plenary) {
    if (!plenary)
        return;
    pool_close(plenary->pool);
    free(plenary);
}

PLENARY_EXPORT int plenary_refresh(struct plenary *plenary, struct plenary_failure *failure) {
    struct error err = {0};
    int status = pool_refresh(plenary->pool, &err);
    return status < 0 ? library_fail(failure, status, &err) : status;
}

PLENARY_EXPORT int plenary_warm(struct plenary *plenary, struct plenary_failure *failure) {
    struct error err = {0};
    int status = pool_warm(plenary->pool, &err);
    return status < 0 ? library_fail(failure, status, &err) : status;
}

PLENARY_EXPORT void plenary_state(struct plenary *plenary, struct plenary_state *out) {
    struct pool_state state;
    pool_state(plenary->pool, &state);
    *out = (struct plenary_state){state.generation, state.documents, state.passages};
}

/* ---- Requests ------------------------------------------------------------------------------ */

size_t library_size(const char *text, size_t size) {
    if (!text)
        return 0;
    return size == PLENARY_ALL ? strlen(text) : size;
}

static int take_date(uint32_t *out, const char *name, const char *text, struct error *err) {
    if (!text || !*text || query_date_read(text, strlen(text), out))
        return 0;
    return error_set(err, PLENARY_EINVALID,
                     "%s: '%.40s' is not a date; write 2018, 2018-08 or 2018-08-06", name, text);
}

static int check_limit(const char *name, unsigned long value, unsigned long most,
                       struct error *err) {
    if (value <= most)
        return 0;
    return error_set(err, PLENARY_EINVALID, "%s: %lu is more than %lu", name, value, most);
}

static int take_numbers(struct search_request *out, const struct plenary_search_options *options,
                        struct error *err) {
    int status = check_limit("limit", options->limit, LIMIT_MOST, err);
    if (!status)
        status = check_limit("offset", options->offset, LIMIT_MOST, err);
    if (!status)
        status = check_limit("per_document", options->per_document, PER_DOCUMENT_MOST, err);
    if (!status)
        status = check_limit("context", options->context, CONTEXT_MOST, err);
    if (!status)
        status = check_limit("snippet_length", options->snippet_length, SNIPPET_MOST, err);
    if (!status && (unsigned)options->sort > PLENARY_OLDEST_FIRST)
        status = error_set(err, PLENARY_EINVALID, "sort: there is no order %d", (int)options->sort);
    out->offset = options->offset;
    out->limit = options->limit;
    out->per_document = options->per_document;
    out->sort = (enum search_sort)options->sort;
    out->count_only = options->count_only;
    out->exact_total = options->exact_total;
    return status;
}

static int take_language(struct search_request *out, const char *name, struct error *err) {
    if (!name || !*name)
        return 0;
    out->filter.language = language_number(name);
    if (out->filter.language >= 0)
        return 0;
    return error_set(err, PLENARY_EINVALID, "language: '%.40s' is not known", name);
}

/* Times come in order, as a histogram. */
static void take_facets(struct search_request *out, unsigned facets) {
    const unsigned times = FACET_BIT(FACET_YEAR) | FACET_BIT(FACET_MONTH);
    out->histogram = facets & times;
    out->facets = facets & ~times & (FACET_BIT(FACET_FIELDS) - 1);
    out->facet_limit = FACETS_LISTED;
}

static bool is_blank(const char *text, size_t size) {
    while (size && strchr(" \t\r\n", text[size - 1]) && text[size - 1])
        size--;
    return !size;
}

static int take_name(const char **out, struct arena *arena, const char *name, struct error *err) {
    *out = name && *name ? arena_string(arena, name) : NULL;
    return *out || !name || !*name ? 0 : error_memory(err);
}

/* Who and where; of all passages if nothing is searched for. */
static int take_names(struct search_request *out, struct arena *arena,
                      const struct plenary_search_options *options, struct error *err) {
    int status = take_name(&out->filter.speaker, arena, options->speaker, err);
    if (!status)
        status = take_name(&out->filter.body, arena, options->body, err);
    if ((out->filter.speaker || out->filter.body) && is_blank(out->text, out->text_size)) {
        out->text = "*";
        out->text_size = 1;
    }
    return status;
}

int library_request(struct search_request *out, struct arena *arena, const char *query, size_t size,
                    const struct plenary_search_options *options, struct error *err) {
    *out = (struct search_request)SEARCH_REQUEST_INIT;
    out->text = query ? query : "";
    out->text_size = library_size(query, size);
    if (!options)
        return 0;
    if (options->version != 1)
        return error_set(err, PLENARY_EVERSION, "options of version %u; this is version 1",
                         options->version);
    int status = take_numbers(out, options, err);
    if (!status)
        status = take_date(&out->filter.from, "from", options->from, err);
    if (!status)
        status = take_date(&out->filter.to, "to", options->to, err);
    if (!status)
        status = take_language(out, options->language, err);
    out->filter.in = options->in;
    out->filter.in_count = options->in_count;
    out->after = options->after && *options->after ? options->after : NULL;
    out->group_sum = options->by_sum;
    out->fold_duplicates = options->fold_duplicates;
    take_facets(out, options->facets);
    return status ? status : take_names(out, arena, options, err);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

bool library_date(const char **out, struct arena *arena, uint32_t date) {
    struct bytes text = BYTES_INIT;
    *out = NULL;
    citation_iso_date(&text, date);
    if (text.size)
        *out = arena_text(arena, (const char *)text.data, text.size);
    bool good = !text.failed && (!text.size || *out);
    bytes_free(&text);
    return good;
}

int library_document(struct plenary_document_info *out, struct arena *arena,
                     const struct document_row *row, struct error *err) {
    *out = (struct plenary_document_info){
        .id = row->id ? row->id : "",
        .title = row->title,
        .source = row->source,
        .body = row->body,
        .language = row->language ? row->language : "none",
        .rows = row->passage_count,
    };
    return library_date(&out->date, arena, row->date) ? 0 : error_memory(err);
}

void library_passage(struct plenary_passage *out, const struct passage_row *row) {
    *out = (struct plenary_passage){
        .number = row->number,
        .kind = passage_kind_name(row->kind),
        .level = row->level,
        .heading = row->heading,
        .speaker = row->speaker,
        .label = row->label,
        .page = row->page,
        .text = "",
    };
}
