/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const parts[] = {"content.xml", "styles.xml", "meta.xml",
                                        "META-INF/manifest.xml"};
    fuzz_parts(odf_read, data, size, parts, sizeof parts / sizeof *parts);
    return 0;
}
