/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file within a document, as a mail's attachment is: its passages become the document's. */
#ifndef PLENARY_CORPUS_PART_DOCUMENT_H
#define PLENARY_CORPUS_PART_DOCUMENT_H

#include "corpus/reader_bytes.h"

/*
 * Read the bytes by the format that they are in, and append the passages under a heading of their
 * name. What cannot be read is named in document->remark and counted in document->left_out. 0 or
 * PLENARY_ENOMEM.
 */
int part_document_add(struct document *document, const struct read_bytes *in);

#endif
