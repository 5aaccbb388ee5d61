/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Readers of formats that are parsed from bytes in memory: office files, RTF, mail, captions, XML.
 * Each appends passages to a document and fills in what the format says of it (title, date, ...).
 * They open no file, keep nothing between calls and share nothing, so that one can run on any
 * thread, or in a process that may do nothing else. The document is not finished by them.
 *
 * All bytes are taken to be hostile: nesting, numbers of parts and decompressed bytes are bounded.
 */
#ifndef PLENARY_CORPUS_READER_BYTES_H
#define PLENARY_CORPUS_READER_BYTES_H

#include "corpus/reader.h"

enum {
    /* Mails within mails and files attached to them. */
    READ_DEPTH_MAX = 8,
};

/* What one file may become when all its parts are decompressed. */
#define READ_BUDGET (UINT64_C(256) << 20)

struct read_bytes {
    const uint8_t *data;
    size_t size;
    const char *name; /* of the file or attachment; "" */
    unsigned depth;   /* how many mails it is in */
    uint64_t *budget; /* decompressed bytes that may still be made; shared by all parts of a file */
};

/*
 * 0, PLENARY_ENOMEM, or another code with a sentence in *err (without the file's name) that says
 * why this cannot be read: damaged, encrypted, beyond a limit, or its library missing. The document
 * may then hold a part of the passages. A file without text is no error.
 */
typedef int bytes_reader(struct document *document, const struct read_bytes *in, struct error *err);

bytes_reader docx_read, pptx_read, odf_read, rtf_read, mail_read, captions_read, xml_document_read;

/* The reader of a format; NULL where it is none of these. */
bytes_reader *bytes_reader_of(enum corpus_format format);

/* What the bytes are, when they are one of these formats or may be read as text or HTML; else
 * FORMAT_AUTO, and *kind says what they are ("a PNG image"), or is NULL. */
enum corpus_format bytes_format(const char *name, const uint8_t *data, size_t size,
                                const char **kind);

/* One document from a unit's bytes, passed on; or a notice why not. As unit_read. */
int bytes_read_unit(const struct unit *unit, bytes_reader *reader,
                    const struct corpus_options *options, struct document *document,
                    document_fn each, void *context, uint64_t *skipped, struct error *err);

#endif
