/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const parts[] = {"word/document.xml",
                                        "word/styles.xml",
                                        "word/numbering.xml",
                                        "word/footnotes.xml",
                                        "word/_rels/document.xml.rels",
                                        "docProps/core.xml"};
    fuzz_parts(docx_read, data, size, parts, sizeof parts / sizeof *parts);
    return 0;
}
