/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_search: the result keeps its searcher until it is freed, and loads a hit at a time.
 */
#include "searcher/citation.h"
#include "searcher/escape.h"
#include "searcher/library/library.h"
#include "searcher/listing.h"
#include "searcher/output.h"

#include <stdlib.h>
#include <string.h>

struct plenary_result {
    struct plenary *plenary;
    struct pooled *pooled;
    struct arena arena;     /* of the request */
    struct arena hit_arena; /* of the hit shown */
    struct plenary_search_options options;
    struct search_request request;
    const char *typed; /* the query as it was asked, in `arena` */
    size_t typed_size;
    struct search_result result;
    struct listing *listing;
    struct plenary_result_info info;
    struct plenary_hit hit;
    size_t next;
};

static const struct plenary_search_options defaults = PLENARY_SEARCH_OPTIONS_INIT;

static int take_notices(struct plenary_result *result, struct error *err) {
    const struct query *query = &result->result.query;
    struct plenary_notice *notices =
        arena_zero(&result->arena, query->notice_count + 1, sizeof *notices);
    if (!notices)
        return error_memory(err);
    for (size_t i = 0; i < query->notice_count; i++)
        notices[i] = (struct plenary_notice){query->notices[i].kind == QUERY_REPAIR,
                                             query->notices[i].column, query->notices[i].message};
    result->info.notices = notices;
    result->info.notice_count = query->notice_count;
    return 0;
}

static int describe(struct plenary_result *result, struct error *err) {
    const struct snapshot *snapshot = searcher_snapshot(result->pooled->searcher);
    result->info = (struct plenary_result_info){
        .generation = snapshot_generation(snapshot),
        .documents = snapshot_documents(snapshot),
        .passages = snapshot_passages(snapshot),
        .total = result->result.total.value,
        .total_exact = result->result.total.exact,
        .understood = result->result.description,
        .hits = result->result.hit_count,
        .suggestion = result->result.suggestion,
        .cursor = result->result.cursor,
        .folded = result->result.folded,
    };
    return take_notices(result, err);
}

static int open_listing(struct plenary_result *result, struct error *err) {
    const struct listing_options options = {result->options.snippet_length,
                                            result->options.context};
    listing_close(result->listing);
    result->listing = NULL;
    return listing_open(&result->listing, result->pooled->searcher, &result->result, &options, err);
}

static int prepare(struct plenary_result *result, const char *query, size_t size,
                   struct error *err) {
    result->typed_size = library_size(query, size);
    result->typed = arena_text(&result->arena, query ? query : "", result->typed_size);
    if (!result->typed)
        return error_memory(err);
    return library_request(&result->request, &result->arena, result->typed, result->typed_size,
                           &result->options, err);
}

static int find(struct plenary_result *result, struct error *err) {
    int status = pool_take(&result->pooled, result->plenary->pool, err);
    if (!status) {
        searcher_give_time(result->pooled->searcher, result->options.milliseconds);
        status = searcher_search(&result->result, result->pooled->searcher, &result->request, err);
        if (status)
            result->result = (struct search_result){.arena = ARENA_INIT};
        searcher_give_time(result->pooled->searcher, 0);
    }
    if (!status)
        status = describe(result, err);
    return status ? status : open_listing(result, err);
}

PLENARY_EXPORT int plenary_search(struct plenary_result **out, struct plenary *plenary,
                                  const char *query, size_t size,
                                  const struct plenary_search_options *options,
                                  struct plenary_failure *failure) {
    struct error err = {0};
    struct plenary_result *result = calloc(1, sizeof *result);
    *out = NULL;
    if (!result)
        return library_fail(failure, error_memory(&err), &err);
    result->plenary = plenary;
    result->options = options ? *options : defaults;
    int status = prepare(result, query, size, &err);
    if (!status)
        status = find(result, &err);
    if (status) {
        plenary_result_free(result);
        return library_fail(failure, status, &err);
    }
    *out = result;
    return 0;
}

PLENARY_EXPORT void plenary_result_free(struct plenary_result *result) {
    if (!result)
        return;
    listing_close(result->listing);
    search_result_free(&result->result);
    pool_give(result->plenary->pool, result->pooled);
    arena_free(&result->hit_arena);
    arena_free(&result->arena);
    free(result);
}

PLENARY_EXPORT const struct plenary_result_info *
plenary_result_about(const struct plenary_result *result) {
    return &result->info;
}

/* ---- Hits ---------------------------------------------------------------------------------- */

static struct plenary_range *copy_ranges(struct arena *arena, const struct highlight_range *from,
                                         size_t count) {
    struct plenary_range *ranges = arena_zero(arena, count + 1, sizeof *ranges);
    for (size_t i = 0; i < count && ranges; i++)
        ranges[i] = (struct plenary_range){from[i].begin, from[i].end};
    return ranges;
}

static const char *cite(struct arena *arena, const struct listing_hit *hit) {
    struct bytes text = BYTES_INIT;
    citation_write(&text, &hit->document, &hit->passage.row);
    const char *copy = NULL;
    if (!text.failed)
        copy = arena_text(arena, text.data ? (const char *)text.data : "", text.size);
    bytes_free(&text);
    return copy;
}

static int fill_hit(struct plenary_result *result, const struct listing_hit *from,
                    struct error *err) {
    struct plenary_hit *hit = &result->hit;
    struct arena *arena = &result->hit_arena;
    arena_reset(arena);
    *hit = (struct plenary_hit){
        .rank = from->hit->rank, .place = from->hit->place, .score = from->hit->score};
    int status = library_document(&hit->document, arena, &from->document, err);
    if (status)
        return status;
    struct plenary_passage *passage = &hit->passage;
    library_passage(passage, &from->passage.row);
    passage->id = from->passage.id;
    passage->row = from->passage.ordinal - from->document.first_passage;
    passage->text = from->passage.text;
    passage->text_size = from->passage.size;
    passage->marks = copy_ranges(arena, from->highlights, from->highlight_count);
    passage->mark_count = from->highlight_count;
    hit->snippet = arena_text(arena, from->snippet.text, from->snippet.size);
    hit->snippet_size = from->snippet.size;
    hit->snippet_marks = copy_ranges(arena, from->snippet.ranges, from->snippet.range_count);
    hit->snippet_mark_count = from->snippet.range_count;
    hit->citation = cite(arena, from);
    if (!passage->marks || !hit->snippet || !hit->snippet_marks || !hit->citation)
        return error_memory(err);
    return 0;
}

PLENARY_EXPORT int plenary_result_next(const struct plenary_hit **out,
                                       struct plenary_result *result,
                                       struct plenary_failure *failure) {
    struct error err = {0};
    const struct listing_hit *hit;
    *out = NULL;
    if (result->next >= result->result.hit_count)
        return 0;
    int status = listing_load(result->listing, result->next, &hit, &err);
    if (status >= 0)
        status = fill_hit(result, hit, &err);
    if (status < 0)
        return library_fail(failure, status, &err);
    result->next++;
    *out = &result->hit;
    return 1;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static int write_hits(struct plenary_result *result, struct output *output, struct error *err) {
    int status = 0;
    for (size_t i = 0; i < result->result.hit_count && status >= 0; i++) {
        const struct listing_hit *hit;
        status = listing_load(result->listing, i, &hit, err);
        if (status >= 0)
            status = output_hit(output, hit, NULL, 0, err);
    }
    return status;
}

static int write_all(struct plenary_result *result, enum output_format format, struct bytes *to,
                     struct error *err) {
    const struct search_filter *filter = &result->request.filter;
    struct output output = {.format = format, .to = to};
    const struct output_summary summary = {
        .text = result->typed,
        .text_size = result->typed_size,
        .result = &result->result,
        .offset = result->request.offset,
        .limit = result->request.limit,
        .grouped = result->request.per_document > 0,
        .count_only = result->request.count_only,
        .filtered = filter->from || filter->to || filter->in_count || filter->language >= 0,
        .generation = result->info.generation,
        .documents = result->info.documents,
        .passages = result->info.passages,
    };
    int status = output_begin(&output, &summary, err);
    if (status >= 0 && !summary.count_only)
        status = write_hits(result, &output, err);
    if (status >= 0)
        status = output_end(&output, err);
    return status >= 0 && !bytes_string(to) ? error_memory(err) : status;
}

PLENARY_EXPORT int plenary_result_write(char **out, size_t *size, struct plenary_result *result,
                                        enum plenary_format format,
                                        struct plenary_failure *failure) {
    static const enum output_format formats[] = {OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV, OUTPUT_TSV};
    struct error err = {0};
    struct bytes to = BYTES_INIT;
    *out = NULL;
    *size = 0;
    int status = 0;
    if ((unsigned)format > PLENARY_TSV)
        status = error_set(&err, PLENARY_EINVALID, "there is no format %d", (int)format);
    if (!status)
        status = write_all(result, formats[format], &to, &err);
    if (status < 0) {
        bytes_free(&to);
        return library_fail(failure, status, &err);
    }
    *out = (char *)to.data;
    *size = to.size;
    return 0;
}
