/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one analysis of plenary: text to words, words to terms. Indexing, querying, snippets and
 * highlights all come through here, so that both sides cut words alike. Rules: README.md beside
 * this file; ANALYSIS_VERSION changes whenever a rule does, and is kept in every index.
 *
 * An analyser keeps every distinct word it has met (the stem cache): a word is folded and stemmed
 * once, and tokens are ids into that table. Words and terms have ids 0, 1, 2, ... in the order
 * first met. An analyser belongs to one thread.
 */
#ifndef PLENARY_INDEXER_ANALYSER_H
#define PLENARY_INDEXER_ANALYSER_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANALYSIS_VERSION 1

/* Xapian refuses terms over 245 bytes; field prefixes need a few. Longer words are shortened: see
 * README.md. Both sides shorten alike; `shortened` counts them. */
enum { TERM_MAX = 240, LANGUAGE_MAX = 40 };

struct token {
    uint32_t word;       /* id: analyser_word */
    uint32_t position;   /* 1, 2, ... within the text; a joined form shares its first part's */
    uint32_t begin, end; /* bytes of the text it stands for */
};

struct token_list {
    struct token *tokens; /* owned, grows */
    size_t count, capacity;
};

struct word {
    const char *text; /* folded surface form: "trafficking", NUL-terminated */
    const char *term; /* its stem: "traffick", NUL-terminated */
    uint32_t text_size, term_size;
    uint32_t term_id; /* equal for equal terms, whatever the language */
    uint16_t language;
    bool joined; /* a joined or whole form: co-chairs as "cochairs", A/RES/73/195 whole */
};

struct analyser;

int analyser_open(struct analyser **out, struct error *err);
void analyser_close(struct analyser *analyser);

/* The number of a stemmer by libstemmer's name or ISO code ("english", "en", "none"); -1 unknown.
 * Numbers are the same in every process with this ANALYSIS_VERSION. */
int language_number(const char *name);
/* "english", ...; NULL past the last. 0 is "none". */
const char *language_name(int number);

/* The language a text is written in, by libexttextcat over its first 8 KiB; `otherwise` where it is
 * too short to tell or has no stemmer of its own (a detected language without a stemmer is "none").
 */
int analyser_detect(struct analyser *analyser, const char *text, size_t size, int otherwise);

/* The tokens of `text` (any bytes; invalid UTF-8 separates words) into `list`, which is emptied
 * first. Tokens are in order of position, a joined form directly before its parts. */
int analyser_tokenise(struct analyser *analyser, int language, const char *text, size_t size,
                      struct token_list *list, struct error *err);

void token_list_free(struct token_list *list);

/* The word of an id; valid until analyser_forget or the next analyser_tokenise (which may move it;
 * the strings it points to stay until analyser_forget). */
const struct word *analyser_word(const struct analyser *analyser, uint32_t id);
size_t analyser_word_count(const struct analyser *analyser);

/* The bytes of a term id. */
const char *analyser_term(const struct analyser *analyser, uint32_t term_id, uint32_t *size);
size_t analyser_term_count(const struct analyser *analyser);

/* How many words were shortened to TERM_MAX, since opening. */
uint64_t analyser_shortened(const struct analyser *analyser);

/* Bytes held for words and terms, for memory budgets. */
size_t analyser_memory(const struct analyser *analyser);

/* Drop all words and terms; ids start from 0 again. */
void analyser_forget(struct analyser *analyser);

/* Fold a text as words are folded (NFKC, case, diacritics), spaces and punctuation kept: for field
 * values and comparisons. `out` must hold 4 * size + 1 bytes; returns the size written. */
size_t analysis_fold(const char *text, size_t size, char *out);

#endif
