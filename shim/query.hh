/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree of struct shim_query as Xapian's query. */
#ifndef PLENARY_SHIM_QUERY_HH
#define PLENARY_SHIM_QUERY_HH

#include "shim/source.hh"
#include "shim/synonym.hh"

namespace shim {

/* Xapian recurses on a query's depth, so it is bounded; nodes are counted as often as they are
 * reached, since a tree may share branches. */
enum { QUERY_DEPTH_MAX = 2000, QUERY_NODES_MAX = 1000000 };

/* Throws Xapian::InvalidArgumentError for a tree that makes no sense or is beyond the bounds.
 * Sources in the result refer to `database`, `fault` and the tree's struct shim_source. Synonyms
 * are weighed by `bm25`; where it is NULL they are Xapian's own, for a description. */
Xapian::Query build_query(const struct shim_query *tree, const shim_database &database,
                          const Bm25 *bm25, SourceFault &fault);

} // namespace shim

#endif
