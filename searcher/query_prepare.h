/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The query of a request as a tree: parsed, with synonyms and the least number of matches. */
#ifndef PLENARY_SEARCHER_QUERY_PREPARE_H
#define PLENARY_SEARCHER_QUERY_PREPARE_H

#include "searcher/search.h"

/* All in the arena. PLENARY_ENOMEM is the only failure. */
int query_prepare(struct query *out, struct arena *arena, const struct search_request *request,
                  struct error *err);

#endif
