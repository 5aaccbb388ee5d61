/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_prepare.h"

#include "searcher/query_least.h"
#include "searcher/synonyms.h"

/* At least so many of the alternatives, as typed: synonyms count with the word they stand beside.
 */
static int apply_least(struct query *query, struct arena *arena, struct search_least least,
                       struct error *err) {
    size_t count = query_alternatives(query->root);
    uint64_t wanted = least.percent ? count * (uint64_t)least.value / 100 : least.value;
    if (!count || wanted < 2)
        return 0;
    if (wanted > count &&
        query_note(query, arena, QUERY_NOTE, 0,
                   "only %zu words to choose from; all of them must match", count))
        return error_memory(err);
    query->root =
        query_least(arena, query->root, wanted < count ? (uint32_t)wanted : (uint32_t)count);
    return query->root ? 0 : error_memory(err);
}

int query_prepare(struct query *out, struct arena *arena, const struct search_request *request,
                  struct error *err) {
    int status = query_parse(out, arena, request->text, request->text_size, err);
    if (!status)
        status = apply_least(out, arena, request->least, err);
    if (!status && request->synonyms)
        status = synonyms_apply(request->synonyms, out, arena, err);
    return status;
}
