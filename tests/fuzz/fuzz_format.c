/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/mbox.h"
#include "tests/fuzz/fuzz.h"

/* Telling what a file is, and parting a mailbox. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct mbox mbox = {data, size, 0};
    struct mbox_message message;
    const char *kind;
    bytes_format("fuzz", data, size, &kind);
    while (mbox_next(&mbox, &message))
        if (message.data < data || message.data + message.size > data + size)
            abort();
    return 0;
}
