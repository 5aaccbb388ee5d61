/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/iconv_text.h"

#include <errno.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */

void iconv_text_add(struct bytes *out, iconv_t conversion, const uint8_t *data, size_t size,
                    uint64_t *replaced) {
    struct bytes copy = BYTES_INIT; /* iconv wants its input writable, though it does not write */
    bytes_add(&copy, data, size);
    char *in = (char *)copy.data;
    size_t left = copy.size;
    while (left && !out->failed && !copy.failed && bytes_reserve(out, left + 16)) {
        char *next = (char *)out->data + out->size;
        size_t room = out->capacity - out->size;
        size_t result = iconv(conversion, &in, &left, &next, &room);
        out->size = out->capacity - room;
        if (result == (size_t)-1 && errno != E2BIG && left) {
            bytes_add(out, REPLACEMENT, sizeof REPLACEMENT - 1);
            ++*replaced;
            in++;
            left--;
        }
    }
    out->failed |= copy.failed;
    bytes_free(&copy);
}
