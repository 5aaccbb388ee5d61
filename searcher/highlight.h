/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a passage answers the query: byte ranges, found by the analysis that indexed it.
 *
 * A word is marked if its term is one the query asks of the text (not of a title, a speaker or a
 * heading); an exact word marks that form alone; a prefix marks the words that it expanded to; a
 * phrase is marked as one range, spaces included, and only where all of it stands. Ranges that
 * overlap become one, so that a hyphenated word found by its parts and by its joined form is marked
 * once.
 *
 * A highlighter may be used by one thread at a time.
 */
#ifndef PLENARY_SEARCHER_HIGHLIGHT_H
#define PLENARY_SEARCHER_HIGHLIGHT_H

#include "corpus/error.h"
#include "indexer/analysis/analyser.h"
#include "searcher/search.h"

#include <stddef.h>
#include <stdint.h>

struct highlight_range {
    uint32_t begin, end; /* bytes of the text */
    uint32_t word;       /* which word or phrase of the query: highlighter_word_count of them */
};

struct highlight_list {
    struct highlight_range *ranges; /* owned */
    size_t count, capacity;
};

#define HIGHLIGHT_LIST_INIT                                                                        \
    { NULL, 0, 0 }

struct highlighter;

/* What `result` highlights; its arena must outlive the highlighter. */
int highlighter_open(struct highlighter **out, const struct search_result *result,
                     struct error *err);
void highlighter_close(struct highlighter *highlighter);

/* Every match in `text`, in order of begin, overlaps and all, into `matches` (emptied first).
 * `language` is the document's stemmer number; the text at most UINT32_MAX bytes. */
int highlighter_find(struct highlighter *highlighter, struct analyser *analyser, int language,
                     const char *text, size_t size, struct highlight_list *matches,
                     struct error *err);

/* Make overlapping ranges one, in place; what begins first gives its word. */
void highlight_merge(struct highlight_list *list);

/* Words and phrases that are marked, and how much each is worth in a snippet: 1, until
 * highlighter_weigh makes it larger the rarer the word is in the collection. */
size_t highlighter_word_count(const struct highlighter *highlighter);
const double *highlighter_weights(const struct highlighter *highlighter);
int highlighter_weigh(struct highlighter *highlighter, struct shim_database *database,
                      struct error *err);

void highlight_list_free(struct highlight_list *list);

#endif
