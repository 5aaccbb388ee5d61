/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a reading process answers. What is taken for a document is one, and says the same again. */
#include "corpus/document_message.h"
#include "tests/fuzz/fuzz_unit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct document document, again;
    struct bytes message = BYTES_INIT;
    size_t sum = 0;
    document_init(&document);
    document_init(&again);
    if (!document_message_read(&document, data, size, NULL)) {
        fuzz_document(&sum, &document);
        document_message_write(&message, &document);
        if (document_message_read(&again, message.data, message.size, NULL) ||
            again.passage_count != document.passage_count || again.text.size != document.text.size)
            abort();
    }
    bytes_free(&message);
    document_free(&document);
    document_free(&again);
    return 0;
}
