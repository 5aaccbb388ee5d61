/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of one paragraph become running text: one space between words, control characters and
 * no-break spaces as spaces, divided words healed, soft hyphens and byte order marks dropped. Lines
 * of scripts without spaces join without one.
 */
#ifndef PLENARY_CORPUS_UNWRAP_H
#define PLENARY_CORPUS_UNWRAP_H

#include "corpus/bytes.h"
#include "corpus/hyphen.h"

struct span {
    size_t begin, end; /* bytes of the text: one line, trimmed */
    uint64_t line;     /* its number */
};

struct unwrap {
    const char *text;
    const struct span *spans;
    size_t count;
    const struct hyphen_evidence *evidence; /* may be NULL */
    bool row;                               /* drop dotted leaders */
    size_t limit;                           /* bytes of one piece; 0: none */
    size_t span, at;                        /* where the next piece begins; start with 0, 0 */
    /* The piece just made: */
    size_t begin, end;             /* bytes of the text */
    uint64_t line_begin, line_end; /* lines */
};

/*
 * Write the next piece into `out` (emptied first) and advance. A piece longer than the limit is cut
 * behind its last sentence end, else at its last space, else between characters. False when nothing
 * is left or `out` failed; pieces are never empty.
 */
bool unwrap_next(struct unwrap *unwrap, struct bytes *out);

#endif
