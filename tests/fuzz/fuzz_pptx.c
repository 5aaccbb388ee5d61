/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/fuzz/fuzz_parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const parts[] = {"ppt/presentation.xml",
                                        "ppt/_rels/presentation.xml.rels",
                                        "ppt/slides/slide1.xml",
                                        "ppt/slides/_rels/slide1.xml.rels",
                                        "ppt/notesSlides/notesSlide1.xml",
                                        "ppt/slides/slide2.xml"};
    fuzz_parts(pptx_read, data, size, parts, sizeof parts / sizeof *parts);
    return 0;
}
