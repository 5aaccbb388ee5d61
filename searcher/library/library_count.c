/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_count: the facets of a query, all values of them.
 */
#include "searcher/library/library.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 100000 }; /* of a facet */

struct plenary_values {
    struct arena arena;
    struct plenary_value *values[PLENARY_FACETS];
    size_t counts[PLENARY_FACETS];
    uint64_t total, generation;
};

/* A histogram's empty places between two others are left out: a caller can tell where they are. */
static int take_facet(struct plenary_values *out, const struct facet *facet, struct error *err) {
    struct plenary_value *values = arena_zero(&out->arena, facet->count + 1, sizeof *values);
    size_t count = 0;
    if (!values)
        return error_memory(err);
    for (size_t i = 0; i < facet->count; i++) {
        const struct facet_value *from = &facet->values[i];
        struct plenary_value *to = &values[count];
        if (!from->passages)
            continue;
        *to = (struct plenary_value){.value = arena_string(&out->arena, from->name),
                                     .passages = from->passages,
                                     .documents = from->documents};
        if (!to->value || !library_date(&to->first, &out->arena, from->first_date) ||
            !library_date(&to->last, &out->arena, from->last_date))
            return error_memory(err);
        count++;
    }
    out->values[facet->field] = values;
    out->counts[facet->field] = count;
    return 0;
}

static int count_in(struct plenary_values *out, struct searcher *searcher,
                    struct search_request *request, struct error *err) {
    struct search_result result;
    request->limit = request->offset = request->per_document = 0;
    request->after = NULL;
    request->facet_limit = VALUES_MOST;
    request->exact_total = true;
    int status = searcher_search(&result, searcher, request, err);
    if (status < 0)
        return status;
    out->total = result.total.value;
    out->generation = snapshot_generation(searcher_snapshot(searcher));
    for (size_t i = 0; i < result.facet_count && status >= 0; i++)
        if (result.facets[i].field < FACET_FIELDS)
            status = take_facet(out, &result.facets[i], err);
    search_result_free(&result);
    return status;
}

PLENARY_EXPORT int plenary_count(struct plenary_values **out, struct plenary *plenary,
                                 const char *query, size_t size, unsigned facets,
                                 const struct plenary_search_options *options,
                                 struct plenary_failure *failure) {
    static const struct plenary_search_options defaults = PLENARY_SEARCH_OPTIONS_INIT;
    struct plenary_search_options asked = options ? *options : defaults;
    struct error err = {0};
    struct search_request request;
    struct pooled *pooled = NULL;
    struct plenary_values *values = calloc(1, sizeof *values);
    *out = NULL;
    asked.facets = facets;
    int status = values ? 0 : error_memory(&err);
    if (!status)
        status = library_request(&request, &values->arena, query, size, &asked, &err);
    if (!status)
        status = pool_take(&pooled, plenary->pool, &err);
    if (!status) {
        searcher_give_time(pooled->searcher, asked.milliseconds);
        status = count_in(values, pooled->searcher, &request, &err);
        searcher_give_time(pooled->searcher, 0);
    }
    pool_give(plenary->pool, pooled);
    if (status < 0) {
        plenary_values_free(values);
        return library_fail(failure, status, &err);
    }
    *out = values;
    return 0;
}

PLENARY_EXPORT uint64_t plenary_values_generation(const struct plenary_values *values) {
    return values->generation;
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
