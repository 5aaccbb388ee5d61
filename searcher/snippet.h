/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a passage that shows best why it was found.
 *
 * A passage no longer than the limit is shown whole. Of a longer one, the window is taken that
 * holds the most and rarest words of the query; its borders are put at those of sentences or
 * clauses where that costs little. No character sequence that is seen as one (a grapheme cluster,
 * UAX #29) is ever cut, and no word, unless it alone is longer than the limit. An ellipsis stands
 * where something was left out.
 *
 * A snippet maker holds ICU's iterators and may be used by one thread at a time.
 */
#ifndef PLENARY_SEARCHER_SNIPPET_H
#define PLENARY_SEARCHER_SNIPPET_H

#include "corpus/arena.h"
#include "corpus/error.h"
#include "searcher/highlight.h"

#include <stddef.h>
#include <stdint.h>

/* Characters of a snippet, without its ellipses: what is usual, and what may be asked for. */
enum { SNIPPET_LENGTH = 240, SNIPPET_LEAST = 20, SNIPPET_MOST = 4000 };

struct snippet {
    const char *text; /* in the caller's arena; line ends and tabs have become spaces */
    size_t size;
    const struct highlight_range
        *ranges; /* bytes of the snippet, apart from each other, in order */
    size_t range_count;
    uint32_t begin, end; /* what part of the passage it shows */
};

struct snippet_maker;

int snippet_maker_open(struct snippet_maker **out, struct error *err);
void snippet_maker_close(struct snippet_maker *maker);

/* What to make a snippet of. `matches` as highlighter_find gives them; their words are below
 * `word_count` and weigh `weights` each. `text` is UTF-8 (utf8_repair) of less than 1 GiB. */
struct snippet_source {
    const char *text;
    size_t size;
    const struct highlight_range *matches;
    size_t match_count;
    const double *weights;
    size_t word_count;
    unsigned length; /* characters; 0: the whole passage */
};

int snippet_make(struct snippet *out, struct snippet_maker *maker, struct arena *arena,
                 const struct snippet_source *source, struct error *err);

#endif
