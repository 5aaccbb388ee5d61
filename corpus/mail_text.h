/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plain text of a mail as passages. Thread-safe for different builders. */
#ifndef PLENARY_CORPUS_MAIL_TEXT_H
#define PLENARY_CORPUS_MAIL_TEXT_H

#include "corpus/passage_builder.h"

/* Nearly all of it is in paragraphs that are one line each, blank lines between them. */
bool mail_text_is_unwrapped(const char *text, size_t size);

/*
 * Add it. Unwrapped or flowed (RFC 3676) text says where its paragraphs end, at blank lines; other
 * text is cut by the rules of paragraph.h. 0 or PLENARY_ENOMEM.
 */
int mail_text_add(struct passage_builder *builder, const char *text, size_t size, bool flowed);

#endif
