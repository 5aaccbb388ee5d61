/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order of names, ASCII letters in either case, the shorter of two first that begin alike.
 * Pure, thread-safe. */
#ifndef PLENARY_CORPUS_NAME_ORDER_H
#define PLENARY_CORPUS_NAME_ORDER_H

#include <stddef.h>
#include <stdint.h>
#include <strings.h>

enum { NAME_KEY_BYTES = 8 };

/* The first eight bytes in lower case, the first the highest; what is shorter ends in zeros. Keys
 * that differ come as their names do. */
static inline uint64_t name_key(const char *name, size_t size) {
    uint64_t key = 0;
    for (size_t i = 0; i < NAME_KEY_BYTES; i++) {
        uint8_t byte = i < size ? (uint8_t)name[i] : 0;
        key = key << 8 | (byte >= 'A' && byte <= 'Z' ? byte | 32 : byte);
    }
    return key;
}

static inline int name_compare(const char *a, size_t a_size, const char *b, size_t b_size) {
    int order = strncasecmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* The same where their keys are known. */
static inline int name_compare_keys(uint64_t a_key, const char *a, size_t a_size, uint64_t b_key,
                                    const char *b, size_t b_size) {
    if (a_key != b_key)
        return a_key < b_key ? -1 : 1;
    if (a_size <= NAME_KEY_BYTES && b_size <= NAME_KEY_BYTES)
        return (a_size > b_size) - (a_size < b_size);
    return name_compare(a, a_size, b, b_size);
}

#endif
