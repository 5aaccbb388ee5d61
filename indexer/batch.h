/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A batch: some documents that one worker has analysed, inverted and compressed, ready to be
 * appended to a segment. Workers make batches side by side; the segment's writer appends them in
 * order, which takes a fraction of the time, so that the index is the same however many workers
 * there are.
 *
 * Words and terms in a batch are the numbers of the worker's analyser. The batch brings along those
 * that the worker had not met before its previous batch (`new_words`, `new_terms`), so whoever
 * appends a worker's batches in order knows all of them without touching the analyser.
 *
 * A batcher belongs to one thread. A batch may be handed to another; its words' strings live in the
 * batcher's analyser and hold until batcher_forget or batcher_close.
 */
#ifndef PLENARY_INDEXER_BATCH_H
#define PLENARY_INDEXER_BATCH_H

#include "corpus/document.h"
#include "corpus/error.h"
#include "indexer/analysis/analyser.h"
#include "indexer/inverter.h"
#include "indexer/segment/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The ids of the terms of a title, speaker or heading, each once, rising; and of its words. */
struct field_terms {
    uint32_t count, word_count;
    const uint32_t *words;
    uint32_t ids[];
};

struct batch_passage {
    uint32_t token_end; /* of batch.tokens; they begin where the passage before ends */
    bool indexed;       /* false: a heading that is found through the passages below it */
    const struct field_terms *fields[TERM_FIELDS]; /* NULL where there is none; text's unused */
};

struct batch_document {
    struct document
        document; /* strings and passages in the batch's arena; of `text` the size only */
    int language;
    bool is_unchanged; /* only its id and source count: the index has it already */
};

struct batch_word {
    uint32_t word, passages; /* in how many of the batch's passages; 0: in titles and such only */
};

struct batch_term {
    const char *text;
    uint32_t size;
};

struct batch {
    struct arena arena;
    struct batch_document *documents;
    size_t document_count, document_capacity;
    struct batch_passage *passages;
    size_t passage_count, passage_capacity;
    uint32_t *tokens; /* word ids of all passages */
    size_t token_count, token_capacity;
    struct batch_word *words; /* that occur */
    size_t word_count, word_capacity;
    struct inverted_term *terms; /* postings by term; runs in `runs` */
    size_t term_count, term_capacity;
    struct bytes runs;
    struct text_blocks text; /* compressed; blocks of whole documents */
    struct word *new_words;  /* numbers first_word, first_word + 1, ... */
    size_t first_word, new_word_count, new_word_capacity;
    struct batch_term *new_terms;
    size_t first_term, new_term_count, new_term_capacity;
    bool is_fresh; /* the worker has forgotten all words: numbers begin again */
};

void batch_init(struct batch *batch);
void batch_reset(struct batch *batch);
void batch_free(struct batch *batch);
size_t batch_memory(const struct batch *batch);

struct batcher;

/* `language`: a stemmer's number, or -1 to detect each document's. */
int batcher_open(struct batcher **out, int language, struct error *err);
void batcher_close(struct batcher *batcher);

/* Analyse a document and add it. */
int batcher_add(struct batcher *batcher, struct batch *batch, const struct document *document,
                struct error *err);

/* Note that a document is there unchanged. */
int batcher_add_unchanged(struct batch *batch, const struct document *document, struct error *err);

/* End the batch: sort its postings, compress the rest of its text. */
int batcher_finish(struct batcher *batcher, struct batch *batch, struct error *err);

/* Drop all words and terms, once no batch of this batcher is waiting to be appended. */
void batcher_forget(struct batcher *batcher);

struct analyser *batcher_analyser(struct batcher *batcher);
size_t batcher_memory(const struct batcher *batcher);

#endif
