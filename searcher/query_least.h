/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nodes of a query with something more asked of them: a boost, or that at least so many of its
 * alternatives match. Nodes are immutable, so both make new ones in the arena.
 */
#ifndef PLENARY_SEARCHER_QUERY_LEAST_H
#define PLENARY_SEARCHER_QUERY_LEAST_H

#include "corpus/arena.h"
#include "searcher/query.h"

/* The node, of whose outermost OR at least `least` children must match (all, if it has no more).
 * The outermost OR is the node itself, the one below AND beside exclusions only, or the optional
 * part of +a b c, which then is required. `node` itself if it has none; NULL: out of memory. */
const struct query_node *query_least(struct arena *arena, const struct query_node *node,
                                     uint32_t least);

/* How many children that OR has; 0: none. */
size_t query_alternatives(const struct query_node *node);

/* The node, weighing `boost` times as much; boosts multiply, within 0.0001 and QUERY_BOOST_MOST.
 * What weighs nothing (an exclusion, everything, a value of a field) stays as it is. NULL: out of
 * memory. */
const struct query_node *query_boosted(struct arena *arena, const struct query_node *node,
                                       double boost);

#endif
