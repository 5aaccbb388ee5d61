/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzing programs share. A reader gets bytes, as it does in earnest; afterwards the
 * document must be whole: its passages in order within its text.
 */
#ifndef PLENARY_TESTS_FUZZ_H
#define PLENARY_TESTS_FUZZ_H

#include "corpus/reader_bytes.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_check(const struct document *document) {
    size_t last = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->text_begin < last || passage->text_end < passage->text_begin ||
            passage->text_end > document->text.size)
            abort();
        last = passage->text_end;
    }
}

static inline void fuzz_reader(bytes_reader *reader, const uint8_t *data, size_t size) {
    struct document document;
    struct error error;
    uint64_t budget = 16 << 20; /* less than in earnest, so that a bomb is told soon */
    struct read_bytes in = {data, size, "fuzz", 0, &budget};
    document_init(&document);
    reader(&document, &in, &error);
    fuzz_check(&document);
    document_free(&document);
}

#endif
