/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader_text.h"

#include "corpus/charset.h"
#include "corpus/file_document.h"
#include "corpus/notice.h"
#include "corpus/paragraph.h"
#include "corpus/short_turn.h"
#include "corpus/turn.h"

#include <inttypes.h>
#include <string.h>

enum { HEAD_LINES = 40, HEAD_BYTES = 4096 };

struct origin {
    const struct decoded *decoded;
    uint64_t offset; /* of the unit in its file */
};

static uint64_t source_offset(const void *context, size_t offset) {
    const struct origin *origin = context;
    return origin->offset + decoded_source_offset(origin->decoded, offset);
}

/* How much of the text is its first lines, in which a record says when the meeting was. */
static size_t head_size(const struct decoded *decoded) {
    size_t limit = decoded->size < HEAD_BYTES ? decoded->size : HEAD_BYTES, at = 0;
    for (int lines = 0; lines < HEAD_LINES && at < limit; lines++) {
        const char *end = memchr(decoded->text + at, '\n', limit - at);
        at = end ? (size_t)(end - decoded->text) + 1 : limit;
    }
    return at;
}

/* "minutes/som-2018.txt": "som-2018". */
static const char *title_from_name(struct document *document, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t size = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    return arena_text(&document->arena, name, size);
}

static int describe(struct document *document, const struct decoded *decoded,
                    const struct unit *unit, const struct corpus_options *options,
                    struct error *err) {
    document->replaced_bytes = decoded->replaced;
    int rc = file_document_describe(document, unit, decoded->text, head_size(decoded), err);
    if (rc)
        return rc;
    if (options->whole)
        document_join(document);
    else if (turn_mark(document))
        return error_memory(err);
    short_turn_join(document, options->min_words);
    if (!document->title || !*document->title)
        document->title = title_from_name(document, unit->path);
    return document->title && !document_finish(document) ? 0 : error_memory(err);
}

static int cut(struct document *document, const struct decoded *decoded, const struct unit *unit,
               struct error *err) {
    struct origin origin = {decoded, unit->offset};
    struct cut_options options = CUT_OPTIONS_INIT;
    options.line = unit->line ? unit->line : 1;
    options.source_offset = source_offset;
    options.context = &origin;
    return paragraph_cut(document, decoded->text, decoded->size, &options, err);
}

int reader_text_read(const struct unit *unit, const struct corpus_options *options,
                     struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                     struct error *err) {
    struct decoded decoded;
    int rc = file_document_begin(scratch, unit, err);
    if (rc)
        return rc;
    rc = charset_decode(&decoded, unit->data, unit->size, err);
    if (!rc)
        rc = cut(scratch, &decoded, unit, err);
    bool empty = !scratch->passage_count;
    if (!rc && !empty)
        rc = describe(scratch, &decoded, unit, options, err);
    decoded_free(&decoded);
    if (rc)
        return rc;
    if (empty) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, 0, "the file has no readable text");
        return 0;
    }
    if (scratch->replaced_bytes)
        notice_send(options, NOTICE_WARNING, unit->path, 0,
                    "%" PRIu64 " bytes that are not valid in its encoding were replaced by U+FFFD",
                    scratch->replaced_bytes);
    return each(context, scratch);
}
