/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which stemmer a document's words go to: the one the user named, else the one the document names,
 * else by its text. Records of one file share the language of the file's beginning, which is told
 * once. One thread.
 */
#ifndef PLENARY_INDEXER_DOCUMENT_LANGUAGE_H
#define PLENARY_INDEXER_DOCUMENT_LANGUAGE_H

#include "corpus/document.h"
#include "indexer/analysis/analyser.h"

struct document_language {
    int fixed;     /* a stemmer's number; -1: find out */
    int otherwise; /* where a text is too short to tell */
    /* The sample told last, and what it was. */
    const char *sample;
    size_t sample_size;
    char *source;
    char start[64];
    int found;
};

void document_language_init(struct document_language *language, int fixed);
void document_language_free(struct document_language *language);

/* A stemmer's number. */
int document_language_find(struct document_language *language, struct analyser *analyser,
                           const struct document *document);

#endif
