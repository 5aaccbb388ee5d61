/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The postings of a segment while it is being built: for each term one run of bytes that grows as
 * batches arrive, in docid order. Small slices chained in an arena, doubling, as in Lucene's
 * in-memory index: no copy when a list grows, and little waste for the many short ones.
 * One thread.
 */
#ifndef PLENARY_INDEXER_POSTING_STORE_H
#define PLENARY_INDEXER_POSTING_STORE_H

#include "corpus/arena.h"
#include "corpus/bytes.h"

#include <stddef.h>
#include <stdint.h>

struct posting_slice;

struct stored_term {
    const char *text; /* with its field prefix; in the store's arena, NUL-terminated */
    uint32_t text_size;
    uint32_t last_docid, documents;
    uint64_t occurrences;
    struct posting_slice *first, *last;
};

struct posting_store {
    struct arena arena;
    struct stored_term *terms; /* by number */
    size_t term_count, term_capacity;
    uint32_t *table; /* open addressing by hash of the text: number + 1 */
    size_t table_size;
};

void posting_store_init(struct posting_store *store);
void posting_store_free(struct posting_store *store);

/* The number of a term, new or not; UINT32_MAX: out of memory. */
uint32_t posting_store_term(struct posting_store *store, const char *prefix, const char *text,
                            size_t size);

/* Append postings from first_docid to last_docid, all behind those the term has. `run`: varint(wdf)
 * of the first, then (varint(gap - 1) varint(wdf)) for each further one. */
int posting_store_append(struct posting_store *store, uint32_t term, uint32_t first_docid,
                         uint32_t last_docid, uint32_t documents, uint64_t occurrences,
                         const uint8_t *run, size_t size);

/* The term's whole run, first gap from docid 0, into `out`, which is emptied first. */
int posting_store_run(const struct posting_store *store, uint32_t term, struct bytes *out);

/* Term numbers in the byte order of their texts, malloc'ed; NULL: out of memory. */
uint32_t *posting_store_order(const struct posting_store *store);

size_t posting_store_memory(const struct posting_store *store);

#endif
