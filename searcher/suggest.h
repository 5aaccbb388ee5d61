/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody who types may be after: words of the index that begin so, and speakers and titles
 * in which a word begins so. The most frequent come first. Comparison is by folded text, so
 * "tome" finds Tomé.
 *
 * Speakers and titles are gathered once (the SUGGEST_STRINGS_MAX most frequent ones of each), at
 * the first call where nobody did before, and kept until the suggester is closed. It borrows the
 * snapshot. One thread until it has gathered; then any number may look for something.
 * searcher_suggest keeps one for the searcher and drops it at a refresh.
 */
#ifndef PLENARY_SEARCHER_SUGGEST_H
#define PLENARY_SEARCHER_SUGGEST_H

#include "corpus/arena.h"
#include "corpus/error.h"
#include "indexer/index.h"

#include <stddef.h>
#include <stdint.h>

enum { SUGGEST_STRINGS_MAX = 100000, SUGGEST_PREFIX_MAX = 200 };

enum suggest_kind { SUGGEST_WORD, SUGGEST_SPEAKER, SUGGEST_TITLE };

struct suggestion {
    enum suggest_kind kind;
    const char *text;  /* a word folded as it is indexed; a speaker or a title as written */
    uint64_t passages; /* that have the word or speaker; documents that have the title */
};

struct suggestions {
    struct suggestion
        *all; /* words, then speakers, then titles; most frequent first, then by text */
    size_t count;
    struct arena arena; /* owns all of the above */
};

struct suggester;

int suggester_open(struct suggester **out, const struct snapshot *snapshot, struct error *err);
void suggester_close(struct suggester *suggester);
int suggester_gather(struct suggester *suggester, struct error *err);

/* Up to `limit` of each kind; none for an empty prefix. `out` is to be freed only after success.
 * Any bytes may be asked for; only the first SUGGEST_PREFIX_MAX count. */
int suggester_find(struct suggestions *out, struct suggester *suggester, const char *prefix,
                   size_t size, size_t limit, struct error *err);

/* The same with the searcher's own suggester. */
struct searcher;
int searcher_suggest(struct suggestions *out, struct searcher *searcher, const char *prefix,
                     size_t size, size_t limit, struct error *err);

void suggestions_free(struct suggestions *suggestions);

#endif
