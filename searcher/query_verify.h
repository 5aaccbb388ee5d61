/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which candidate passages have the words of a phrase, or an exact word, in a field: titles,
 * speakers and headings have no tokens in the segments (phrase_source.h tells of the text).
 *
 * The candidates are all matches of a boolean query. Each one's title, speaker or heading is cut
 * into words again by the analysis that indexed it, a document at a time. The answer is exact; the
 * time is that of reading the candidates.
 */
#ifndef PLENARY_SEARCHER_QUERY_VERIFY_H
#define PLENARY_SEARCHER_QUERY_VERIFY_H

#include "searcher/filter.h"
#include "searcher/query_words.h"

struct query_verify {
    enum query_field field; /* not QUERY_FIELD_TEXT */
    struct query_operand operand;
    const struct shim_query *candidates;
};

/* The passages that stand the test, as a set of the caller's. */
int query_verify(struct passage_set *out, const struct query_verify *verify,
                 const struct snapshot *snapshot, struct shim_database *database,
                 struct analyser *analyser, struct error *err);

/* A status of the shim as an error of ours, with the handle's message. */
int shim_error(struct error *err, const struct shim_database *database, int status);

#endif
