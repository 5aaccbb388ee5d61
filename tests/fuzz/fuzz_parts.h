/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Office files are zip archives: an input that is none itself is taken as the texts of the named
 * parts, NULs between them, so that the fuzzer works on XML and not on checksums.
 */
#ifndef PLENARY_TESTS_FUZZ_PARTS_H
#define PLENARY_TESTS_FUZZ_PARTS_H

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/stored_zip.h"

static inline void fuzz_parts(bytes_reader *reader, const uint8_t *data, size_t size,
                              const char *const *names, size_t count) {
    struct stored_zip zip = {.count = 0};
    if (size >= 4 && !memcmp(data, "PK", 2)) {
        fuzz_reader(reader, data, size);
        return;
    }
    for (size_t i = 0; i < count && size; i++) {
        const uint8_t *end = memchr(data, 0, size);
        size_t part = end ? (size_t)(end - data) : size;
        if (part)
            stored_zip_add(&zip, names[i], data, part);
        data += part + (end != NULL);
        size -= part + (end != NULL);
    }
    stored_zip_finish(&zip);
    fuzz_reader(reader, zip.file.data, zip.file.size);
    stored_zip_free(&zip);
}

#endif
