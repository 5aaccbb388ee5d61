/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The integers and strings of Xapian's glass format (xapian-core 1.4 glass, format 2016,03,14).
 *
 *   uint            LEB128: seven bits a byte, low bits first, the top bit says that more follow
 *   uint-last       base 256, low byte first, no zero bytes at the end; 0 is empty. Its length is
 *                   known from outside, so it can only end a key or tag
 *   uint-sortable   sorts as the number does, and never starts with 0xff:
 *                     < 2^15   0 and 15 bits
 *                     else     n-2 one bits and a zero bit, then the number in the other bits of n
 *                              bytes, high byte first; n as small as will do, 3 to 9
 *   string-sortable each zero byte becomes 00 ff; a 00 ends it, unless it ends the key. What
 * follows must not start with ff bool            '0' or '1' (the ASCII digits)
 *
 * The pack functions write without a bound check: the caller has room for the stated maximum. The
 * unpack functions never read past `end`. No function keeps state.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_PACK_H
#define PLENARY_INDEXER_SEGMENT_GLASS_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLASS_UINT32_MAX_BYTES 5
#define GLASS_UINT64_MAX_BYTES 10
#define GLASS_SORTABLE_MAX_BYTES 9
/* A string-sortable of this many bytes, at most. */
#define GLASS_SORTABLE_STRING_MAX(size) (2 * (size) + 1)

/* Write a uint at `out`; returns the byte behind it. */
static inline uint8_t *glass_pack_uint(uint8_t *out, uint64_t value) {
    while (value >= 0x80) {
        *out++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *out++ = (uint8_t)value;
    return out;
}

/* How many bytes glass_pack_uint would write. */
static inline unsigned glass_uint_size(uint64_t value) {
    unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
    return (bits + 6) / 7;
}

static inline uint8_t *glass_pack_bool(uint8_t *out, bool value) {
    *out++ = value ? '1' : '0';
    return out;
}

/* Read a uint of up to 32 bits in more than one byte, or at the end: the rest of
 * glass_unpack_uint32. */
bool glass_unpack_uint32_slow(const uint8_t **cursor, const uint8_t *end, uint32_t *value);

/* Read a uint; false (cursor not moved) if it is cut short or does not fit into 32 bits. */
static inline bool glass_unpack_uint32(const uint8_t **cursor, const uint8_t *end,
                                       uint32_t *value) {
    if (__builtin_expect(*cursor < end && **cursor < 0x80, 1)) {
        *value = *(*cursor)++;
        return true;
    }
    return glass_unpack_uint32_slow(cursor, end, value);
}

uint8_t *glass_pack_uint_last(uint8_t *out, uint64_t value);
uint8_t *glass_pack_uint_sortable(uint8_t *out, uint64_t value);

/* Read a uint-sortable; false (cursor not moved) if it is cut short or has more than 32 bits. */
bool glass_unpack_uint32_sortable(const uint8_t **cursor, const uint8_t *end, uint32_t *value);

/* `last`: nothing will follow in the key. At most GLASS_SORTABLE_STRING_MAX(size) bytes. */
uint8_t *glass_pack_string_sortable(uint8_t *out, const void *string, size_t size, bool last);

/* How many bytes glass_pack_string_sortable would write. */
size_t glass_string_sortable_size(const void *string, size_t size, bool last);

#endif
