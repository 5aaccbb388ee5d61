/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/printable.h"

#include <string.h>
#include <unicode/utf8.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* C0, DEL and C1 drive terminals; the rest reorder or break the line they are shown in (UAX #9). */
static bool is_unsafe(UChar32 c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

void printable_add(struct bytes *out, const char *text, size_t size) {
    const uint8_t *bytes = (const uint8_t *)text;
    size_t at = 0;
    while (at < size) {
        size_t begin = at;
        UChar32 c;
        U8_NEXT(bytes, at, size, c);
        if (c == '\t' || c == '\n' || c == '\r')
            bytes_add_byte(out, ' ');
        else if (c < 0 || is_unsafe(c))
            bytes_add_string(out, REPLACEMENT);
        else
            bytes_add(out, bytes + begin, at - begin);
    }
}

const char *printable_copy(char *buffer, size_t capacity, const char *text) {
    struct bytes out = BYTES_INIT;
    printable_add(&out, text, strlen(text));
    size_t size = out.size < capacity ? out.size : capacity - 1;
    if (!out.data)
        size = 0;
    else if (size < out.size)
        U8_SET_CP_START(out.data, 0, size);
    if (size)
        memcpy(buffer, out.data, size);
    buffer[size] = '\0';
    bytes_free(&out);
    return buffer;
}
