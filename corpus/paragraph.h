/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plain text becomes passages: see the rules at the head of paragraph.c.
 */
#ifndef PLENARY_CORPUS_PARAGRAPH_H
#define PLENARY_CORPUS_PARAGRAPH_H

#include "corpus/document.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a passage's text; what is longer is cut behind a sentence. */
enum { PASSAGE_LIMIT = 20000 };

struct cut_options {
    bool whole;    /* one passage, however long */
    bool record;   /* text of a JSON Lines or TSV record: one paragraph unless it has line breaks;
                      no title is sought */
    uint64_t line; /* number of the text's first line in the source; 0: lines are unknown */
    /* Byte of the source for a byte of the text; NULL: unknown, source ranges stay 0. Called with
     * offsets up to and including the text's size. */
    uint64_t (*source_offset)(const void *context, size_t offset);
    const void *context;
};

#define CUT_OPTIONS_INIT                                                                           \
    { false, false, 1, NULL, NULL }

/*
 * Append the passages of `text` (UTF-8; broken sequences are tolerated) to the document, and give
 * it a title where it has none and one is wanted. The document is not finished: call
 * document_finish. 0 or PLENARY_ENOMEM. Time linear in the text. Thread-safe for different
 * documents.
 */
int paragraph_cut(struct document *document, const char *text, size_t size,
                  const struct cut_options *options, struct error *err);

#endif
