/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document as bytes, to be handed from the process that read it to the one that indexes it. The
 * receiver believes nothing: every count, range and string is checked before it is used, since the
 * sender may have been taken over by the file it read. The bytes are for the two halves of one
 * program, never for a disk. Thread-safe for different documents.
 */
#ifndef PLENARY_CORPUS_DOCUMENT_MESSAGE_H
#define PLENARY_CORPUS_DOCUMENT_MESSAGE_H

#include "corpus/document.h"
#include "corpus/error.h"

#include <stddef.h>
#include <stdint.h>

/* Append the message to `out`; a failure shows in out->failed. `language_sample` is left out. */
void document_message_write(struct bytes *out, const struct document *document);

/*
 * Make `document` (initialised; what it held is forgotten) what `data` says: its strings lie in its
 * arena, all of it is valid UTF-8, its passages are in order and inside the text. Memory: at most
 * thirty times `size`. PLENARY_EDAMAGED: not such a message, and the document is empty;
 * PLENARY_ENOMEM.
 */
int document_message_read(struct document *document, const uint8_t *data, size_t size,
                          struct error *err);

#endif
