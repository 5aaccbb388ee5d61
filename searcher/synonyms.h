/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Synonyms from a file, a rule a line:
 *
 *   # whoever asks for one finds the others too
 *   people smuggling = smuggling of migrants
 *   UNHCR = UN Refugee Agency = Refugee Agency
 *   # whoever asks for the left finds the right, not the other way round
 *   vessel => boat
 *   IUU => illegal fishing = unreported fishing
 *
 * A side is a word or several, which are looked for as a phrase. Words are compared folded, not
 * stemmed. They apply to the text's words and phrases (not to those of a field, with = or
 * wildcards) and to words that stand side by side; of two that begin at the same word the longer
 * one. The description of the query shows them.
 *
 * A finished list may be used by any number of threads.
 */
#ifndef PLENARY_SEARCHER_SYNONYMS_H
#define PLENARY_SEARCHER_SYNONYMS_H

#include "corpus/arena.h"
#include "corpus/error.h"
#include "searcher/query.h"

enum {
    SYNONYMS_BYTES_MAX = 16 << 20, /* of the file */
    SYNONYMS_WORDS_MAX = 16,       /* of a side */
    SYNONYMS_ADDED_MAX = 200,      /* alternatives added to a query; more are left out and told */
    SYNONYMS_SIDES_MAX = 64        /* of a rule */
};

struct synonyms;

/* Errors name the file and the line. */
int synonyms_read(struct synonyms **out, const char *path, struct error *err);

/* The same from memory; `name` is for messages. */
int synonyms_parse(struct synonyms **out, const char *name, const char *text, size_t size,
                   struct error *err);
void synonyms_free(struct synonyms *synonyms);

/* Put the synonyms into the tree, whose new nodes live in the arena. PLENARY_ENOMEM is the only
 * failure. */
int synonyms_apply(const struct synonyms *synonyms, struct query *query, struct arena *arena,
                   struct error *err);

#endif
