/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mailboxes: each message is a document. */
#include "corpus/mbox.h"
#include "corpus/notice.h"
#include "corpus/reader_bytes.h"
#include "corpus/reader_formats.h"

#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

/* Named by its place in the file. */
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
        status = part.path ? bytes_read_unit(&part, mail_read, options, scratch, each, context,
                                             skipped, err)
                           : error_memory(err);
    }
    bytes_free(&path);
    if (!status && !number) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, 0, "the mailbox holds no message");
    }
    return status;
}
