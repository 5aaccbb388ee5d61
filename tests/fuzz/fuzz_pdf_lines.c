/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages without poppler: characters at any place, in any order, of any size. Six bytes each. */
#include "corpus/pdf_paragraphs.h"
#include "tests/fuzz/fuzz_unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pdf_lines lines = {.lines = NULL};
    struct document document;
    uint32_t page = 1;
    for (; size >= 6; data += 6, size -= 6) {
        page += data[0] == 0xFF;
        float left = (float)data[2] * 3, top = (float)data[3] * 4, type = (float)(data[4] & 63);
        struct pdf_character character = {.point = data[0] == '|' ? '\n'
                                                   : data[1] & 1
                                                       ? data[0]
                                                       : (uint32_t)data[0] << (data[1] & 15),
                                          .left = left,
                                          .right = left + (float)(data[5] & 15),
                                          .top = top,
                                          .bottom = top + type,
                                          .size = type,
                                          .bold = data[4] & 64};
        if (pdf_lines_add(&lines, page, 1000, &character))
            abort();
    }
    document_init(&document);
    document.id = document.source = "fuzz";
    size_t sum = 0;
    if (pdf_lines_finish(&lines) || pdf_paragraphs_cut(&document, &lines, NULL) ||
        document_finish(&document) || fuzz_document(&sum, &document))
        abort();
    document_free(&document);
    pdf_lines_free(&lines);
    return 0;
}
