/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader_bytes.h"

#include "corpus/charset.h"
#include "corpus/file_document.h"
#include "corpus/format.h"
#include "corpus/mbox.h"
#include "corpus/notice.h"
#include "corpus/reader_formats.h"
#include "corpus/turn.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

bytes_reader *bytes_reader_of(enum corpus_format format) {
    switch (format) {
    case FORMAT_DOCX:
        return docx_read;
    case FORMAT_PPTX:
        return pptx_read;
    case FORMAT_ODT:
    case FORMAT_ODP:
        return odf_read;
    case FORMAT_RTF:
        return rtf_read;
    case FORMAT_MAIL:
        return mail_read;
    case FORMAT_CAPTIONS:
        return captions_read;
    case FORMAT_XML:
        return xml_document_read;
    default:
        return NULL;
    }
}

enum corpus_format bytes_format(const char *name, const uint8_t *data, size_t size,
                                const char **kind) {
    size_t sample = size < FORMAT_SAMPLE ? size : FORMAT_SAMPLE;
    struct decoded decoded;
    enum corpus_format format = format_of_magic(data, sample);
    *kind = NULL;
    if (format == FORMAT_ZIP)
        format = format_of_zip(data, size, kind);
    if (format || *kind)
        return format;
    if ((*kind = format_unreadable(name, data, sample, sample == size)))
        return FORMAT_AUTO;
    if (charset_is_binary(data, sample)) {
        *kind = "binary, not text";
        return FORMAT_AUTO;
    }
    if (!charset_decode(&decoded, data, sample, NULL))
        format = format_detect(name, (const uint8_t *)decoded.text, decoded.size, sample == size);
    decoded_free(&decoded);
    return format;
}

/* One document from these bytes, passed on; or a notice why not. */
static int read_one(const struct unit *unit, bytes_reader *reader,
                    const struct corpus_options *options, struct document *document,
                    document_fn each, void *context, uint64_t *skipped, struct error *err) {
    struct error fault = {.message = ""};
    uint64_t budget = READ_BUDGET;
    struct read_bytes in = {unit->data, unit->size, unit->path, 0, &budget};
    int status = file_document_begin(document, unit, err);
    if (status)
        return status;
    document->is_record = !unit->last_slice || !unit->first_slice; /* a mail among others */
    status = reader(document, &in, &fault);
    if (status == PLENARY_ENOMEM)
        return error_memory(err);
    if (status) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, unit->line > 1 ? unit->line : 0, "%s",
                    fault.message);
        return 0;
    }
    if (turn_mark_unless_given(document))
        return error_memory(err);
    if (document->remark)
        notice_send(options, document->left_out ? NOTICE_SKIPPED : NOTICE_WARNING, unit->path, 0,
                    "%s", document->remark);
    *skipped += document->left_out;
    return file_document_finish(document, unit, options, each, context, skipped, err);
}

int reader_bytes_read(const struct unit *unit, const struct corpus_options *options,
                      struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                      struct error *err) {
    return read_one(unit, bytes_reader_of(unit->format), options, scratch, each, context, skipped,
                    err);
}

/* Each message is a document, named by its place in the file. */
int reader_mbox_read(const struct unit *unit, const struct corpus_options *options,
                     struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                     struct error *err) {
    struct mbox mbox = {unit->data, unit->size, 0};
    struct mbox_message message;
    struct bytes path = BYTES_INIT;
    XXH128_canonical_t hash;
    uint64_t number = 0;
    int status = 0;
    while (!status && mbox_next(&mbox, &message)) {
        struct unit part = *unit;
        part.file = NULL; /* what is written down beside it is not of each mail */
        bytes_reset(&path);
        bytes_printf(&path, "%s#%" PRIu64, unit->path, ++number);
        part.path = bytes_string(&path);
        if (number < options->first_member)
            continue;
        if (part.path && options->begin_member)
            options->begin_member(options->context, number, part.path);
        part.data = message.data;
        part.size = message.size;
        part.format = FORMAT_MAIL;
        part.line = 1;
        part.first_slice = part.last_slice = false;
        XXH128_canonicalFromHash(&hash, XXH3_128bits(message.data, message.size));
        memcpy(part.content, hash.digest, sizeof part.content);
        status = part.path
                     ? read_one(&part, mail_read, options, scratch, each, context, skipped, err)
                     : error_memory(err);
    }
    bytes_free(&path);
    if (!status && !number) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, 0, "the mailbox holds no message");
    }
    return status;
}
