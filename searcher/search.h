/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a query on an index: ranked passages, totals, and the words to highlight in them.
 *
 * Ranking is BM25 over passages with statistics of the whole index. Equal scores (to nine
 * significant digits) are ordered by document date, newest first and undated last, then by document
 * id, then by place in the document: the answer does not depend on how the index is cut in
 * segments.
 *
 * A searcher belongs to one thread at a time; open one per thread. Results own their memory and
 * outlive a refresh, but their segment and passage numbers mean the snapshot they came from.
 */
#ifndef PLENARY_SEARCHER_SEARCH_H
#define PLENARY_SEARCHER_SEARCH_H

#include "corpus/arena.h"
#include "corpus/error.h"
#include "indexer/analysis/analyser.h"
#include "indexer/index.h"
#include "searcher/facet.h"
#include "searcher/query.h"
#include "shim/shim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum search_sort {
    SEARCH_BY_RELEVANCE,
    SEARCH_NEWEST_FIRST, /* by document date, then relevance; undated documents come last */
    SEARCH_OLDEST_FIRST, /* the same, undated documents still last */
};

struct search_filter {
    /* Document dates, yyyymmdd, both inclusive; 0: open. mm or dd may be 00 and then mean the whole
     * year or month; so may a document's own date, which counts if any day of it is in range. */
    uint32_t from, to;
    /* Globs on the document's source path or id (`*` and `?` stay within a folder, `**` does not),
     * or folders above the source, one of which is enough; none: anywhere. */
    const char *const *in;
    size_t in_count;
    int language;   /* stemmer number of the documents; -1: any */
    uint64_t since; /* only documents added or changed after this generation; 0: all */
    /* Exactly this speaker and body, as the facets name them; NULL or "": any. */
    const char *speaker, *body;
};

struct synonyms;

/* How many of the alternatives of a query must match: of the words of its outermost OR. */
struct search_least {
    uint32_t value; /* 0: one is enough */
    bool percent;   /* value is a share of them, rounded down */
};

struct search_result;

struct search_request {
    const char *text; /* the query; any bytes */
    size_t text_size;
    uint32_t offset, limit; /* of passages; of documents when grouped */
    enum search_sort sort;
    struct search_filter filter;
    int language;          /* stem the query's words as this language only; -1: as each language of
                              the index (or only as filter.language where that is set) */
    uint32_t per_document; /* 0: passages are ranked alone. Otherwise documents are, by their best
                              passage, and up to this many passages are listed under each */
    bool count_only;       /* no hits, exact total */
    bool exact_total; /* look at every match for the total, even where the top is found sooner */
    double k1, b;     /* BM25 */
    bool plain;       /* rank through Xapian's own postings alone: slower, the same answer */

    bool group_sum;       /* grouped: rank documents by the sum of their passages' scores */
    bool fold_duplicates; /* of passages with the same words in the same order, list the newest */
    struct search_least least;
    const struct synonyms *synonyms; /* searcher/synonyms.h; NULL: none */
    /* search_result.cursor of the page before: list what comes behind it, whatever `offset` is.
     * PLENARY_EINVALID with a sentence for the user where it is damaged, belongs to another request
     * or to another generation of the index. NULL: from the top. */
    const char *after;
    unsigned facets;      /* FACET_BIT of each that is wanted */
    unsigned histogram;   /* FACET_BIT(FACET_YEAR), FACET_BIT(FACET_MONTH), both or neither */
    uint32_t facet_limit; /* values of each facet; not of a histogram */

    bool no_suggestion; /* spare the search for other spellings where little is found */
    const char *model;  /* another of Xapian's weightings, such as "PL2"; NULL: BM25 */
    /* Called once the query is planned, and may put another in its place (in the result's arena);
     * NULL: the query as it is. See ranking.h. */
    int (*reshape)(void *context, struct search_result *result, const struct shim_query **query,
                   struct error *err);
    void *reshape_context;
};

#define SEARCH_REQUEST_INIT                                                                        \
    {                                                                                              \
        .limit = 10, .filter = {.language = -1}, .language = -1, .k1 = 1.2, .b = 0.75,             \
        .facet_limit = FACET_LIMIT_DEFAULT                                                         \
    }

struct search_hit {
    uint32_t segment, document, passage; /* of the snapshot */
    uint32_t rank;  /* 1-based, counted from the top of all matches; of its document when grouped */
    uint32_t place; /* 1-based, among the hits listed under its document; 1 when not grouped */
    double score;   /* of the passage */
    double group_score;  /* grouped: of the document, by the best or by the sum of its passages */
    uint32_t duplicates; /* folded: how many more passages have the same words */
};

/* Something to highlight: one term, or the terms of a phrase in order. A passage's token matches
 * term i if the term of its word equals any of alternatives i (stems of the word in several
 * languages, or the expansions of a prefix), and the word itself any of its words, if it has some
 * (an exact word). */
struct search_term {
    const char *const *alternatives; /* NUL-terminated terms, sorted by bytes */
    size_t alternative_count;
    const char *const *words; /* folded, NUL-terminated */
    size_t word_count;
};

struct search_highlight {
    enum query_field field; /* where it was asked for */
    bool ordered;           /* a phrase: terms at successive positions. Otherwise each by itself */
    const struct search_term *terms;
    size_t term_count;
};

struct search_total {
    uint64_t value; /* matching passages */
    bool exact;     /* otherwise there are at least so many */
};

struct search_result {
    struct search_hit *hits; /* best first; grouped: a document's hits are neighbours */
    size_t hit_count;
    struct search_total total;
    struct query query; /* as understood, and the notices: of parsing first, then of planning */
    const char *description; /* query_describe of it */
    const struct search_highlight
        *highlights; /* from the parts of the query that are not negated */
    size_t highlight_count;
    uint32_t first_rank; /* of the first hit: offset + 1, or what comes after the cursor */
    const char *cursor;  /* for search_request.after: to go on behind the last hit; NULL where there
                            is nothing behind it. Printable ASCII without spaces */
    const struct facet *facets; /* in order of field, histograms last */
    size_t facet_count;
    const char *suggestion; /* the query text with misspelt words put right, where little or nothing
                               was found and the index has words that fit; else NULL */
    uint64_t folded;        /* fold_duplicates: matches that are not counted in total */
    struct arena arena;     /* owns all of the above */
};

/* Free what a search returned. Zeroed and failed results may be freed too. */
void search_result_free(struct search_result *result);

/* Search. 0, or a negative error with a message; `out` is to be freed only after success. The
 * database is the snapshot's segments, in order. The analyser's words may be forgotten. */
int search_run(struct search_result *out, const struct snapshot *snapshot,
               struct shim_database *database, struct analyser *analyser,
               const struct search_request *request, struct error *err);

/* ---- A searcher: snapshot, Xapian's view of it and an analyser, opened together ---------------
 */

struct searcher;

int searcher_open(struct searcher **out, const char *index, struct error *err);

/* On a snapshot that several searchers share; it stays the caller's and must outlive the searcher
 * or its next move. An error to open its segments may mean that a writer has removed them since. */
int searcher_open_shared(struct searcher **out, const char *index, const struct snapshot *snapshot,
                         struct error *err);
/* Move to another snapshot of the same index; after an error the old one stays. */
int searcher_move(struct searcher *searcher, const struct snapshot *snapshot, struct error *err);
void searcher_close(struct searcher *searcher);

/* Move to the newest generation: 1 if it changed, 0 if not. After an error the old one stays. */
int searcher_refresh(struct searcher *searcher, struct error *err);

int searcher_search(struct search_result *out, struct searcher *searcher,
                    const struct search_request *request, struct error *err);

/* Searches end with PLENARY_ESTOPPED so many milliseconds from now; 0: they do not. */
void searcher_give_time(struct searcher *searcher, unsigned milliseconds);

/* Xapian's own description of the planned query, for --explain; free() it. */
int searcher_explain(char **out, struct searcher *searcher, const struct search_request *request,
                     struct error *err);

/* Valid until the next refresh that returns 1, or close. */
const struct snapshot *searcher_snapshot(const struct searcher *searcher);
/* The snapshot's segments as Xapian sees them, in order; for reading only. */
struct shim_database *searcher_database(struct searcher *searcher);
/* For rendering results: the same analysis as the search. */
struct analyser *searcher_analyser(struct searcher *searcher);
struct word_cache *searcher_words(struct searcher *searcher); /* NULL: out of memory */

#endif
