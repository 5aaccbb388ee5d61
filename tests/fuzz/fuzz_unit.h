/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes as a file for one reader, in this process: what it makes of them is looked through as
 * the indexer would. */
#ifndef PLENARY_TESTS_FUZZ_UNIT_H
#define PLENARY_TESTS_FUZZ_UNIT_H

#include "corpus/reader_formats.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline int fuzz_document(void *context, struct document *document) {
    volatile size_t *sum = context;
    size_t end = 0;
    if (!document->id || !document->source)
        abort();
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->text_begin < end || passage->text_end < passage->text_begin ||
            passage->text_end > document->text.size)
            abort();
        end = passage->text_end;
        *sum += (passage->heading ? strlen(passage->heading) : 0) +
                (passage->speaker ? strlen(passage->speaker) : 0) +
                (passage->label ? strlen(passage->label) : 0);
    }
    return 0;
}

static inline int fuzz_unit(reader_fn *reader, enum corpus_format format, const char *path,
                            const uint8_t *data, size_t size) {
    struct corpus_options options = {.max_file = 1 << 24, .max_line = 1 << 20};
    struct unit unit = {.path = path,
                        .source = path,
                        .format = format,
                        .data = data,
                        .size = size,
                        .line = 1,
                        .first_slice = true,
                        .last_slice = true};
    struct document document;
    struct error err;
    uint64_t skipped = 0;
    size_t sum = 0;
    document_init(&document);
    (void)reader(&unit, &options, &document, fuzz_document, &sum, &skipped, &err);
    document_free(&document);
    return 0;
}

#endif
