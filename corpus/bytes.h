/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing run of bytes with a sticky failure: once an allocation has failed, or `limit` would be
 * passed, further writes do nothing and `failed` stays set, so that a long sequence of writes needs
 * one check at its end (the idea of SQLite FTS5's buffers). Not thread-safe.
 */
#ifndef PLENARY_CORPUS_BYTES_H
#define PLENARY_CORPUS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data; /* owned; NULL while empty */
    size_t size, capacity;
    size_t limit; /* which `size` never passes; 0: no limit */
    bool failed;
};

#define BYTES_INIT                                                                                 \
    { NULL, 0, 0, 0, false }

/* bytes_reserve where there is no room yet, or a limit. */
bool bytes_grow(struct bytes *bytes, size_t more);

/* Room for `more` bytes behind the current size; false (and `failed`) when it cannot be had. */
static inline bool bytes_reserve(struct bytes *bytes, size_t more) {
    bool roomy = !bytes->failed && !bytes->limit && more <= bytes->capacity - bytes->size;
    return roomy || bytes_grow(bytes, more);
}

void bytes_add(struct bytes *bytes, const void *data, size_t size);
void bytes_add_byte(struct bytes *bytes, uint8_t byte);
void bytes_add_string(struct bytes *bytes, const char *string);

/* printf-like; the NUL is not kept. */
void bytes_printf(struct bytes *bytes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* LEB128: seven bits a byte, low bits first, the top bit says that more follow. 10 bytes at most.
 */
void bytes_add_varint(struct bytes *bytes, uint64_t value);

/* Read a varint at *cursor, never past `end`; false if it is cut short or longer than 64 bits. */
bool varint_read_any(const uint8_t **cursor, const uint8_t *end, uint64_t *value);

/* The same; most have one byte or two, and those are read in place. */
static inline bool varint_read(const uint8_t **cursor, const uint8_t *end, uint64_t *value) {
    const uint8_t *at = *cursor;
    if (end - at < 2 || (at[0] & at[1] & 0x80))
        return varint_read_any(cursor, end, value);
    bool two = at[0] >= 0x80;
    *value = two ? (at[0] & 0x7fu) | (uint64_t)at[1] << 7 : at[0];
    *cursor = at + 1 + two;
    return true;
}

/* A NUL after the last byte (not counted), so that `data` is a C string; NULL when failed. */
const char *bytes_string(struct bytes *bytes);

/* Size 0 and `failed` cleared, memory kept. */
void bytes_reset(struct bytes *bytes);

void bytes_free(struct bytes *bytes);

#endif
