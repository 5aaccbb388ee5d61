/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the two tables of a Xapian glass database that go by document: termlist.glass (the terms
 * of each, for Xapian's query expansion, Document::termlist_begin and Xapian's own writer) and
 * docdata.glass (Document::get_data). Plenary itself needs neither; other readers may. The grammar
 * is at the head of glass_document.c.
 *
 * Docids rise. Memory: two glass_tables, and buffers for one document. One thread at a time. After
 * a failed write every call fails.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_DOCUMENT_H
#define PLENARY_INDEXER_SEGMENT_GLASS_DOCUMENT_H

#include "corpus/error.h"
#include "indexer/segment/glass_version.h"

#include <stddef.h>
#include <stdint.h>

struct glass_document_term {
    const char *text;
    uint32_t size; /* 1 to GLASS_TERM_MAX */
    uint32_t wdf;
};

struct glass_documents;

/* Create `folder`/termlist.glass and `folder`/docdata.glass, which must not exist. `block_size`:
 * see glass_table.h. */
int glass_documents_create(struct glass_documents **out, const char *folder, uint32_t block_size,
                           struct error *err);

/* Add a document: its terms in strictly rising byte order (as in the postings), and its data, which
 * may be empty. */
int glass_documents_add(struct glass_documents *documents, uint32_t docid,
                        const struct glass_document_term *terms, size_t count, const void *data,
                        size_t data_size, struct error *err);

/* Finish both; version->roots[GLASS_TERMLIST] and [GLASS_DOCDATA] are filled in. */
int glass_documents_finish(struct glass_documents *documents, struct glass_version *version,
                           struct error *err);

/* Free; without a successful finish before, the files are removed. NULL is allowed. */
void glass_documents_close(struct glass_documents *documents);

#endif
