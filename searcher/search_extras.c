/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/search_extras.h"

#include "searcher/facet_count.h"
#include "searcher/spelling.h"

#include <string.h>
#include <xxhash.h>

/* ---- Cursors --------------------------------------------------------------------------------- */

static uint64_t hash_text(uint64_t seed, const char *text) {
    return XXH3_64bits_withSeed(text, strlen(text), seed);
}

uint64_t search_request_hash(const struct search_request *request, const char *description) {
    const struct search_filter *filter = &request->filter;
    const struct {
        double k1, b;
        uint32_t sort, from, to;
        int32_t filter_language, language;
        uint32_t grouped, sum, fold;
        uint64_t since;
    } numbers = {request->k1,
                 request->b,
                 request->sort,
                 filter->from,
                 filter->to,
                 filter->language,
                 request->language,
                 request->per_document > 0,
                 request->per_document > 0 && request->group_sum,
                 request->fold_duplicates,
                 filter->since};
    uint64_t hash = XXH3_64bits(&numbers, sizeof numbers);
    for (size_t i = 0; i < filter->in_count; i++)
        hash = hash_text(hash, filter->in[i]);
    hash = hash_text(hash, filter->speaker ? filter->speaker : "");
    hash = hash_text(hash, filter->body ? filter->body : "");
    return hash_text(hash, description);
}

int search_read_cursor(struct search_cursor *out, const char *text, const struct snapshot *snapshot,
                       struct error *err) {
    int status = cursor_read(text, out, err);
    if (status)
        return status;
    if (out->generation != snapshot_generation(snapshot))
        return error_set(err, PLENARY_EINVALID,
                         "the index has changed since this cursor was made (generation %llu then, "
                         "%llu now); begin again with the first page",
                         (unsigned long long)out->generation,
                         (unsigned long long)snapshot_generation(snapshot));
    if (out->segment >= snapshot_segment_count(snapshot) ||
        out->passage >= segment_passage_count(snapshot_segment(snapshot, out->segment)))
        return search_cursor_refused(err);
    return 0;
}

int search_cursor_refused(struct error *err) {
    return error_set(err, PLENARY_EINVALID,
                     "the cursor belongs to another query or other options; give those it was made "
                     "with, or begin with the first page");
}

int search_next_cursor(struct search_result *result, const struct snapshot *snapshot,
                       const struct search_request *request, struct error *err) {
    if (!result->hit_count)
        return 0;
    const struct search_hit *last = &result->hits[result->hit_count - 1];
    const struct search_cursor cursor = {
        .generation = snapshot_generation(snapshot),
        .request = search_request_hash(request, result->description),
        .segment = last->segment,
        .passage = last->passage,
        .rank = last->rank,
        .score = request->per_document ? last->group_score : last->score};
    result->cursor = cursor_write(&cursor, &result->arena);
    return result->cursor ? 0 : error_memory(err);
}

/* ---- Facets ---------------------------------------------------------------------------------- */

int search_take_facets(struct search_result *result, struct facet_counter *counter,
                       const struct search_request *request, struct error *err) {
    result->total = (struct search_total){facet_counter_total(counter), true};
    return facet_counter_finish(counter, &result->arena, request->facet_limit, &result->facets,
                                &result->facet_count, err);
}

/* ---- Suggestion ------------------------------------------------------------------------------ */

int search_suggest(struct search_result *result, const struct snapshot *snapshot,
                   struct shim_database *database, struct analyser *analyser,
                   const struct search_request *request, struct error *err) {
    bool unknown = !result->total.exact && result->cursor;
    if (request->no_suggestion || result->total.value >= SPELLING_BELOW || unknown ||
        request->after)
        return 0;
    const struct spelling_request spelling = {snapshot,       database,      analyser,
                                              &result->query, request->text, request->text_size};
    return spelling_suggest(&result->suggestion, &result->arena, &spelling, err);
}
