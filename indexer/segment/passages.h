/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of a segment's passages: a row each, document by document. Bytes: passages.c.
 * Writer: one thread, failures of memory sticky until passages_write. Reader: any number of
 * threads.
 */
#ifndef PLENARY_INDEXER_PASSAGES_H
#define PLENARY_INDEXER_PASSAGES_H

#include "indexer/segment/documents.h"

struct passages_writer {
    uint32_t count;
    struct column_writer kinds, numbers, pages, text_begins, text_ends, source_begins, source_sizes,
        line_begins, line_counts, id_numbers;
    struct string_list_writer ids;
    struct string_table_writer labels, speakers, headings;
};

void passages_writer_init(struct passages_writer *writer);

/* All passages of a document, which begins at `text_begin` in the segment's text. PLENARY_EINVALID
 * if they do not lie in its text one behind the other. */
int passages_add(struct passages_writer *writer, const struct document *document,
                 uint64_t text_begin, struct error *err);

struct passages;

/* All rows of another segment but those of documents with a bit in `dead_documents` (NULL: none),
 * which are the ones with a bit in `dead`. `text_size`: of the documents added before. */
int passages_append(struct passages_writer *writer, const struct passages *from,
                    const struct documents *documents, const uint64_t *dead_documents,
                    const uint64_t *dead, uint64_t text_size, struct error *err);

int passages_write(struct passages_writer *writer, const char *path, struct error *err);
size_t passages_memory(const struct passages_writer *writer);
void passages_writer_free(struct passages_writer *writer);

struct passages {
    struct sidecar *sidecar;
    uint32_t count;
    struct column kinds, numbers, pages, text_begins, text_ends, source_begins, source_sizes,
        line_begins, line_counts, id_numbers;
    struct string_list ids;
    struct string_table labels, speakers, headings;
};

/* After a failure passages_close is still needed (and harmless). */
int passages_open(struct passages *out, const char *path, struct error *err);
void passages_close(struct passages *passages);

/* The row of a passage; `documents` are those of the same segment. */
int passages_get(const struct passages *passages, const struct documents *documents,
                 uint32_t passage, struct arena *arena, struct passage_row *out, struct error *err);

/* Of it the kind alone (PASSAGE_PARAGRAPH where it cannot be read), or the number; `first` is its
 * document's first passage. */
enum passage_kind passages_kind(const struct passages *passages, uint32_t passage);
int passages_number(const struct passages *passages, uint32_t first, uint32_t passage,
                    uint32_t *number, struct error *err);

#endif
