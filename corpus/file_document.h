/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that is one document: what all readers of such files do before and after. */
#ifndef PLENARY_CORPUS_FILE_DOCUMENT_H
#define PLENARY_CORPUS_FILE_DOCUMENT_H

#include "corpus/reader.h"

/* The id of a document that is the file at `path`: that path, with U+FFFD for what is not UTF-8.
 * NULL when out of memory. */
const char *file_document_id(struct arena *arena, const char *path);

/* Empty `document` and name it after its file: id, source, content hash. */
int file_document_begin(struct document *document, const struct unit *unit, struct error *err);

/* Title it by its first heading of level 1, else its first heading; without one nothing changes. */
int file_document_title(struct document *document, struct error *err);

/* A page's title that names its site or nothing in particular gives way to the heading that names
 * the document, if there is one. */
int file_document_check_title(struct document *document, struct error *err);

/* Date and body as the title, the headings and the file's name tell them (file_date.h, body.h), and
 * what is written down beside the file (metadata.h), which goes before all else. `head`: as for
 * file_date. */
int file_document_describe(struct document *document, const struct unit *unit, const char *head,
                           size_t head_size, struct error *err);

/*
 * Fill in what the reader did not find and pass the document on.
 * Title: as it stands, else by the headings, else the start of the first passage, else (if that
 * has no letters) the file's name. Date and body: as they stand, else file_document_describe.
 * A document without any text is a NOTICE_SKIPPED.
 */
int file_document_finish(struct document *document, const struct unit *unit,
                         const struct corpus_options *options, document_fn each, void *context,
                         uint64_t *skipped, struct error *err);

#endif
