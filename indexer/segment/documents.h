/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a segment's documents: a row each, in the order they were added. Bytes: documents.c.
 *
 * Writer: one thread, failures of memory sticky until documents_write. Reader: any number of
 * threads.
 */
#ifndef PLENARY_INDEXER_DOCUMENTS_H
#define PLENARY_INDEXER_DOCUMENTS_H

#include "indexer/segment/segment.h"
#include "indexer/segment/strings.h"

struct documents_writer {
    uint32_t count;
    struct string_list_writer ids;
    struct bytes id_hashes; /* u64 each */
    struct string_table_writer sources, titles, bodies;
    struct bytes first_of_source, last_of_source; /* u32 for each string of `sources` */
    struct column_writer languages, dates, first_passages, text_begins, content_begins;
    struct bytes contents;
    struct column_writer generations;
    uint64_t generation; /* of documents that documents_add adds */
};

void documents_writer_init(struct documents_writer *writer);

/* `text_begin`: where its text begins in the segment's. */
void documents_add(struct documents_writer *writer, const struct document *document, int language,
                   uint32_t first_passage, uint64_t text_begin);

struct documents;

/* All rows of another segment but those with a bit in `dead` (NULL: none). `passages` and
 * `text_size`: of the documents added before; raised by what these have. */
int documents_append(struct documents_writer *writer, const struct documents *from,
                     const uint64_t *dead, uint32_t *passages, uint64_t *text_size,
                     struct error *err);

/* What identifies a document that has been added; strings valid until the next call. */
int documents_added(struct documents_writer *writer, uint32_t document, struct document_key *out,
                    struct error *err);

/* `passages` and `text_size`: of the whole segment. The writer is then spent. */
int documents_write(struct documents_writer *writer, const char *path, uint32_t passages,
                    uint64_t text_size, struct error *err);
size_t documents_memory(const struct documents_writer *writer);
void documents_writer_free(struct documents_writer *writer);

struct documents {
    struct sidecar *sidecar;
    uint32_t count, passages;
    uint64_t text_size;
    struct string_list ids;
    struct column id_order;
    struct string_table sources, titles, bodies;
    struct column first_of_source, last_of_source;
    struct column languages, dates;
    struct column first_passages, text_begins, content_begins; /* with a last row for the end */
    struct section contents;
    struct column generations;
};

/* After a failure documents_close is still needed (and harmless). */
int documents_open(struct documents *out, const char *path, struct error *err);
void documents_close(struct documents *documents);

int documents_get(const struct documents *documents, uint32_t document, struct arena *arena,
                  struct document_row *out, struct error *err);

/* The row's text as bytes of the segment's text, and its passages [first, end). */
int documents_extent(const struct documents *documents, uint32_t document, uint64_t *text_begin,
                     uint64_t *text_end, uint32_t *first_passage, uint32_t *end_passage,
                     struct error *err);

/* The same for many documents in order: zero but for documents_scan_init. One thread. */
struct documents_scan {
    const struct documents *documents;
    struct column_scan first_passages, text_begins, content_begins;
};

struct document_extent {
    uint32_t first_passage, end_passage;
    uint64_t text_begin, text_end;
    uint64_t content_begin, content_end;
    bool is_record;
};

void documents_scan_init(struct documents_scan *scan, const struct documents *documents);
int documents_scan_get(struct documents_scan *scan, uint32_t document, struct document_extent *out,
                       struct error *err);

int documents_is_record(const struct documents *documents, uint32_t document, bool *out,
                        struct error *err);

/* The document a passage belongs to. */
int documents_of_passage(const struct documents *documents, uint32_t passage, uint32_t *out,
                         struct error *err);

/* 1, 0 or negative. Of documents with the same id, the one added last. */
int documents_find_id(const struct documents *documents, const char *id, uint32_t *document,
                      struct error *err);

int documents_each_of_source(const struct documents *documents, const char *source,
                             segment_document_fn each, void *context, struct error *err);

#endif
