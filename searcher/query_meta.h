/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The passages that a QUERY_IS node means: date:, page:, body:, language:, id: and source: hold no
 * words, so they become a set, by one scan over documents or passages.
 *
 *   date      any day of the document's date is in the range
 *   page      the passage stands on a page in the range
 *   body      the body's name has the value as a part, folded
 *   language  the document's stemmer, by libstemmer's name or ISO code; none for an unknown name
 *   id        of the document, or of one passage as it is cited: "<document id>#7", "<id>#h5", or
 *             the id that a record gave it
 *   source    filter_path_matches of the document's source path
 */
#ifndef PLENARY_SEARCHER_QUERY_META_H
#define PLENARY_SEARCHER_QUERY_META_H

#include "searcher/filter.h"
#include "searcher/query.h"

/* The set is the caller's. Deleted passages may be in it: the search leaves them out. */
int query_meta_make(struct passage_set *out, const struct query_node *node,
                    const struct snapshot *snapshot, struct error *err);

/* The passage with this id, as above: 1 found, 0 not, or negative. */
int query_meta_find_passage(const struct snapshot *snapshot, const char *id, uint32_t *segment,
                            uint32_t *passage, struct error *err);

#endif
