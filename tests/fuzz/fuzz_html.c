/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz_unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    return fuzz_unit(reader_html_read, FORMAT_HTML, "fuzz.html", data, size);
}
