/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/reader_text.h"
#include "tests/fuzz/fuzz_unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return fuzz_unit(reader_text_read, FORMAT_TEXT, "fuzz-2018-08-06.txt", data, size);
}
