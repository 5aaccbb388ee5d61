/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a plain text file as one document: decode (charset.h), cut (paragraph.h), date and title.
 *
 * Title: the first heading-like line at the top, else the first sentence, shortened.
 * Date: file_date.h; its first 40 lines (4 KiB) are its title page.
 *
 * Parameters and result as for unit_read in reader.h. A file without any text is a NOTICE_SKIPPED.
 */
#ifndef PLENARY_CORPUS_READER_TEXT_H
#define PLENARY_CORPUS_READER_TEXT_H

#include "corpus/reader.h"

int reader_text_read(const struct unit *unit, const struct corpus_options *options,
                     struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                     struct error *err);

#endif
