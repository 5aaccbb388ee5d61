/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` bytes, whatever the limit says. */
static bool grow(struct bytes *bytes, size_t more) {
    if (bytes->failed)
        return false;
    if (more <= bytes->capacity - bytes->size)
        return true;
    size_t need, capacity = bytes->capacity ? bytes->capacity : 64;
    bytes->failed = true;
    if (__builtin_add_overflow(bytes->size, more, &need))
        return false;
    while (capacity < need)
        capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
    uint8_t *data = realloc(bytes->data, capacity);
    if (!data)
        return false;
    bytes->data = data;
    bytes->capacity = capacity;
    bytes->failed = false;
    return true;
}

bool bytes_grow(struct bytes *bytes, size_t more) {
    bool full = bytes->limit && (bytes->size > bytes->limit || more > bytes->limit - bytes->size);
    bytes->failed |= full;
    return grow(bytes, more);
}

void bytes_add(struct bytes *bytes, const void *data, size_t size) {
    if (!size || !bytes_reserve(bytes, size))
        return;
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void bytes_add_byte(struct bytes *bytes, uint8_t byte) {
    if (bytes_reserve(bytes, 1))
        bytes->data[bytes->size++] = byte;
}

void bytes_add_string(struct bytes *bytes, const char *string) {
    bytes_add(bytes, string, strlen(string));
}

void bytes_printf(struct bytes *bytes, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    /* vsnprintf writes a NUL behind the text, which is not kept and so not held to the limit. */
    if (need < 0 || !bytes_reserve(bytes, (size_t)need) || !grow(bytes, (size_t)need + 1)) {
        bytes->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf((char *)bytes->data + bytes->size, (size_t)need + 1, format, args);
    va_end(args);
    bytes->size += (size_t)need;
}

void bytes_add_varint(struct bytes *bytes, uint64_t value) {
    if (!grow(bytes, 10))
        return;
    uint8_t *at = bytes->data + bytes->size;
    for (; value >= 0x80; value >>= 7)
        *at++ = (uint8_t)(value | 0x80);
    *at++ = (uint8_t)value;
    size_t size = (size_t)(at - bytes->data);
    bytes->failed = bytes->limit && size > bytes->limit;
    bytes->size = bytes->failed ? bytes->size : size;
}

bool varint_read_any(const uint8_t **cursor, const uint8_t *end, uint64_t *value) {
    uint64_t result = 0;
    const uint8_t *at = *cursor;
    for (unsigned shift = 0; shift < 64 && at < end; shift += 7) {
        uint8_t byte = *at++;
        if (shift == 63 && byte > 1)
            return false;
        result |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *cursor = at;
            *value = result;
            return true;
        }
    }
    return false;
}

const char *bytes_string(struct bytes *bytes) {
    if (!grow(bytes, 1))
        return NULL;
    bytes->data[bytes->size] = '\0';
    return (const char *)bytes->data;
}

void bytes_reset(struct bytes *bytes) {
    bytes->size = 0;
    bytes->failed = false;
}

void bytes_free(struct bytes *bytes) {
    free(bytes->data);
    *bytes = (struct bytes){.limit = bytes->limit};
}
