/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What made a score: the weight of each word of the query in a passage, computed from the
 * statistics of the collection by the BM25 formula that ranked it (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework", 2009; as Xapian::BM25Weight has it).
 *
 * An explainer borrows the searcher, the result and the request; it belongs to the searcher's
 * thread.
 */
#ifndef PLENARY_SEARCHER_EXPLAIN_H
#define PLENARY_SEARCHER_EXPLAIN_H

#include "corpus/error.h"
#include "searcher/output.h"
#include "searcher/search.h"

#include <stddef.h>

struct explainer;

/* `request` is the one that gave the result: its formula's k1 and b, its language. */
int explainer_open(struct explainer **out, struct searcher *searcher,
                   const struct search_result *result, const struct search_request *request,
                   struct error *err);
void explainer_close(struct explainer *explainer);

/*
 * The parts of a hit's score, largest first; valid until the next call. A word that the formula
 * alone does not account for (in a title, hyphenated) is a part with the weight that Xapian gives
 * it, without statistics. The parts add up to the score; a difference would be shown as a part of
 * its own, "(other)".
 */
int explainer_parts(struct explainer *explainer, const struct listing_hit *hit,
                    const struct output_part **out, size_t *count, struct error *err);

#endif
