/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The readers behind unit_read, one a format, and what the slicer asks of two of them. Options come
 * with their defaults filled in. Parameters and results as for unit_read.
 */
#ifndef PLENARY_CORPUS_READER_FORMATS_H
#define PLENARY_CORPUS_READER_FORMATS_H

#include "corpus/reader.h"
#include "corpus/slice.h"

reader_fn reader_markdown_read, reader_html_read, reader_jsonl_read, reader_tsv_read;
reader_fn reader_captions_read;

/* Their library may be missing from this build (format_unreadable tells): then they skip all. */
reader_fn reader_pdf_read, reader_archive_read;

/* The reader of any format; NULL for FORMAT_AUTO and what is no format. Who calls it is linked with
 * the libraries of all of them. */
reader_fn *reader_find(enum corpus_format format);

/* Set the unit's content hash from its data, format, these options and what is written
 * down beside the file. */
void unit_hash(struct unit *unit, const struct corpus_options *options);

/* Have libraries load now what they load when they are first used, before the right to open files
 * is gone. */
void reader_formats_prepare(void);
/* Formats that are parsed from bytes in memory (reader_bytes.h), and mailboxes of such. */
reader_fn reader_bytes_read, reader_mbox_read;

/* slice_document_fn; no context. */
enum slice_line reader_jsonl_document(void *context, const uint8_t *line, size_t size,
                                      struct bytes *out);

/* slice_document_fn; the context is the `struct bytes` of the header line. */
enum slice_line reader_tsv_document(void *context, const uint8_t *line, size_t size,
                                    struct bytes *out);

/* The first line that is not blank, if it names fields, into `header` (else that stays empty);
 * *shared: one of them is `document`. 0 or PLENARY_ENOMEM. */
int reader_tsv_header(const uint8_t *data, size_t size, struct bytes *header, bool *shared);

#endif
