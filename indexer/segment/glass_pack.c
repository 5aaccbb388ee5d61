/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/glass_pack.h"

#include <string.h>

bool glass_unpack_uint32_slow(const uint8_t **cursor, const uint8_t *end, uint32_t *value) {
    const uint8_t *at = *cursor;
    uint64_t result = 0;
    for (unsigned shift = 0; shift < 35 && at < end; shift += 7) {
        uint8_t byte = *at++;
        result |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (result > UINT32_MAX)
                return false;
            *value = (uint32_t)result;
            *cursor = at;
            return true;
        }
    }
    return false;
}

uint8_t *glass_pack_uint_last(uint8_t *out, uint64_t value) {
    for (; value; value >>= 8)
        *out++ = (uint8_t)value;
    return out;
}

static unsigned sortable_size(uint64_t value) {
    unsigned size = 3;
    for (value >>= 22; value; value >>= 7)
        size++;
    return size;
}

uint8_t *glass_pack_uint_sortable(uint8_t *out, uint64_t value) {
    if (value < 0x8000) {
        *out++ = (uint8_t)(value >> 8);
        *out++ = (uint8_t)value;
        return out;
    }
    unsigned size = sortable_size(value);
    unsigned ones = (size - 2) & 7; /* 1 to 7 as it is */
    for (unsigned i = size; i-- > 0; value >>= 8)
        out[i] = (uint8_t)value;
    out[0] |= (uint8_t)(0xff00u >> ones);
    return out + size;
}

bool glass_unpack_uint32_sortable(const uint8_t **cursor, const uint8_t *end, uint32_t *value) {
    const uint8_t *at = *cursor;
    if (end - at < 2 || *at == 0xff)
        return false;
    unsigned ones = 0;
    while (*at & (0x80u >> ones))
        ones++;
    unsigned size = ones ? ones + 2 : 2;
    if ((size_t)(end - at) < size)
        return false;
    uint64_t result = *at & (0x7fu >> ones);
    for (unsigned i = 1; i < size; i++) {
        if (result >> 24)
            return false;
        result = result << 8 | at[i];
    }
    *value = (uint32_t)result;
    *cursor = at + size;
    return true;
}

uint8_t *glass_pack_string_sortable(uint8_t *out, const void *string, size_t size, bool last) {
    const uint8_t *in = string;
    const uint8_t *end = in + size;
    while (in < end) {
        const uint8_t *zero = memchr(in, 0, (size_t)(end - in));
        size_t length = (size_t)((zero ? zero + 1 : end) - in);
        memcpy(out, in, length);
        out += length;
        in += length;
        if (zero)
            *out++ = 0xff;
    }
    if (!last)
        *out++ = 0;
    return out;
}

size_t glass_string_sortable_size(const void *string, size_t size, bool last) {
    const uint8_t *bytes = string;
    size_t total = size + !last;
    for (size_t i = 0; i < size; i++)
        total += bytes[i] == 0;
    return total;
}
