/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tokeniser: text to chunks, chunks to pieces, pieces to word ids.
 *
 * A chunk is what stands between ASCII white space; it alone decides its tokens. A chunk that is
 * one run of ASCII letters and digits with punctuation around it, as nine in ten are in English, is
 * lower-cased, hashed and looked up in one pass; others go through fold.h and compound.h, unless
 * the chunk cache knows them.
 */
#ifndef PLENARY_INDEXER_TOKENISER_H
#define PLENARY_INDEXER_TOKENISER_H

#include "indexer/analysis/chunk_cache.h"
#include "indexer/analysis/compound.h"
#include "indexer/analysis/stemmer.h"
#include "indexer/analysis/word_table.h"

/* A longer stretch without white space is cut here, so that memory stays bounded. */
enum { CHUNK_MAX = 64 * 1024 };

struct tokeniser {
    struct word_table words;
    struct stemmers stemmers;
    struct chunk_cache cache;
    struct compound_parser parser;
    struct folded folded; /* buffers for `capacity` folded bytes */
    size_t folded_capacity;
    uint64_t shortened;
    /* Of the text under way: */
    int language;
    struct token_list *list;
    uint32_t position;    /* of the last token */
    uint32_t chunk_begin; /* where the chunk begins in the text */
};

/* See analyser_tokenise. */
int tokeniser_run(struct tokeniser *tokeniser, int language, const char *text, size_t size,
                  struct token_list *list, struct error *err);

/* Forget words, terms and cached chunks. */
void tokeniser_forget(struct tokeniser *tokeniser);

void tokeniser_free(struct tokeniser *tokeniser);

#endif
