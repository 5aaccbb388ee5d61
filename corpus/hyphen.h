/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words divided at the end of a line: is the hyphen the typesetter's or the writer's?
 *
 *   1. "pre-" + "and post-war": a hyphen left hanging before and, or, und, oder, et, y: kept, with
 *      the space.
 *   2. The second part begins with a digit or capital, or the first part with a digit before the
 *      hyphen ("Asia-" + "Pacific", "2018-" + "2019"): kept; unless both parts are capitals and the
 *      document has the word undivided elsewhere (INTER- + NATIONAL).
 *   3. The document itself has the word elsewhere, undivided in a line: as it stands there, and as
 *      it stands there more often.
 *   4. The first part is a prefix or number word that English hyphenates (co-, non-, self-, ex-,
 *      vice-, twenty-, ...), or a single letter (e-mail), or the second a French pronoun (est-il):
 *      kept.
 *   5. Else, both parts in lower case (the first may begin with a capital): joined, "regional".
 * Soft hyphens (U+00AD) always go.
 *
 * Memory in proportion to the divided words, not to the text; time linear in the text.
 */
#ifndef PLENARY_CORPUS_HYPHEN_H
#define PLENARY_CORPUS_HYPHEN_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hyphen_evidence;

enum hyphen_verdict {
    HYPHEN_JOIN,  /* drop it and the space */
    HYPHEN_KEEP,  /* keep it, drop the space */
    HYPHEN_SPACE, /* keep both */
};

/* Gather what the text says about its divided words. *out is NULL where there is none; it holds no
 * pointer into the text. 0 or PLENARY_ENOMEM. */
int hyphen_gather(struct hyphen_evidence **out, const char *text, size_t size, struct error *err);

/* text[begin, hyphen) ends the line before its hyphen; text[next, end) is the next line. */
enum hyphen_verdict hyphen_judge(const struct hyphen_evidence *evidence, const char *text,
                                 size_t begin, size_t hyphen, size_t next, size_t end);

void hyphen_free(struct hyphen_evidence *evidence);

#endif
