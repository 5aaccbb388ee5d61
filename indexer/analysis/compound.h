/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a folded chunk (text between spaces) is made of: words, numbers, acronyms, and joined forms
 * with their parts. The rules are in README.md; this is the grammar they make, loosest first:
 *
 *   chunk    = { run of a script without spaces | symbol | list }
 *   symbol   = run {("/" | "." | "-" | "&") run}    with "/" and a digit, or short and with "&"
 *   list     = compound {("/" | "&") compound}
 *   compound = elided {"-" elided}                  co-chairs: cochairs co chairs
 *   elided   = atom {"'" atom}                      o'brien: obrien o brien; unhcr's: unhcr
 *   atom     = run {("." | ",") run}                u.n: un; 1,000: 1000; 3.5: 3.5 3 5
 *   run      = letter or digit {letter or digit or mark}
 *
 * Memory is bounded by the chunk's size, time is linear in it. One thread per parser.
 */
#ifndef PLENARY_INDEXER_COMPOUND_H
#define PLENARY_INDEXER_COMPOUND_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "indexer/analysis/dictionary.h"

/* A folded chunk: byte i came from the chunk's bytes begins[i] to ends[i]. */
struct folded {
    char *text;
    uint32_t *begins, *ends;
    size_t size;
};

struct piece {
    const char *text; /* valid during the call */
    size_t size;
    uint32_t begin, end; /* bytes of the chunk */
    uint32_t position;   /* 1, 2, ... in the chunk */
    bool joined;
};

struct run;

struct compound_parser {
    struct dictionary *dictionary; /* opened when first needed; owned */
    struct run *runs;
    size_t count, capacity;
    struct bytes joined;
    /* Of the call under way: */
    int (*take)(void *context, const struct piece *piece, struct error *err);
    void *context;
    const struct folded *chunk;
    int language;
    uint32_t position;
    struct error *err;
};

/* Hand the pieces of a chunk without white space to `take`, in order of position, a joined form
 * before its parts. `chunk` may be changed. Positions go on from parser->position, which the caller
 * sets. What `take` returns below 0 ends the call and is returned. */
int compound_parse(struct compound_parser *parser, struct folded *chunk, int language,
                   struct error *err);

void compound_parser_free(struct compound_parser *parser);

#endif
