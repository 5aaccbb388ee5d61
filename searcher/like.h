/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * More like this: a query of the words that say most about a passage (by how often they stand in it
 * and how rare they are in the index), which leaves out the passage itself. It is a query like any
 * other, so it can be shown, explained and changed.
 */
#ifndef PLENARY_SEARCHER_LIKE_H
#define PLENARY_SEARCHER_LIKE_H

#include "searcher/search.h"

enum { LIKE_WORDS = 15 };

/* Put the query for a passage's id (as results cite it, query_meta.h) into `query`; what stands in
 * it already is asked for too. PLENARY_EINVALID if there is no such passage, or it has no words. */
int like_query(struct bytes *query, struct searcher *searcher, const char *id, struct error *err);

#endif
