/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What search_run does beside ranking: cursors, facets and a suggestion. For search.c only. */
#ifndef PLENARY_SEARCHER_SEARCH_EXTRAS_H
#define PLENARY_SEARCHER_SEARCH_EXTRAS_H

#include "searcher/cursor.h"
#include "searcher/search.h"

/* A hash of all that the ranking depends on but the index. */
uint64_t search_request_hash(const struct search_request *request, const char *description);

/* Read a cursor; another generation's is refused. */
int search_read_cursor(struct search_cursor *out, const char *text, const struct snapshot *snapshot,
                       struct error *err);

/* PLENARY_EINVALID: the cursor belongs to another request. */
int search_cursor_refused(struct error *err);

/* Set result->cursor to behind the last hit. */
int search_next_cursor(struct search_result *result, const struct snapshot *snapshot,
                       const struct search_request *request, struct error *err);

/* What was counted: the facets that the request asks for, and the matches as result->total. */
struct facet_counter;
int search_take_facets(struct search_result *result, struct facet_counter *counter,
                       const struct search_request *request, struct error *err);

/* Set result->suggestion if little was found and the index has words that fit better. */
int search_suggest(struct search_result *result, const struct snapshot *snapshot,
                   struct shim_database *database, struct analyser *analyser,
                   const struct search_request *request, struct error *err);

#endif
