/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader_bytes.h"

#include "corpus/charset.h"
#include "corpus/file_document.h"
#include "corpus/format.h"
#include "corpus/notice.h"
#include "corpus/turn.h"

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

int bytes_read_unit(const struct unit *unit, bytes_reader *reader,
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
