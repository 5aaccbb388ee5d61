/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Questions about all bytes of a text, answered eight bytes at a time in a 64-bit word (H. Warren,
 * Hacker's Delight, "Find first 0-byte"), or sixteen at a time in a vector of the compiler's. Pure
 * functions, thread-safe.
 */
#ifndef PLENARY_CORPUS_SCAN_H
#define PLENARY_CORPUS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define SCAN_LOW UINT64_C(0x0101010101010101)
#define SCAN_HIGH UINT64_C(0x8080808080808080)

static inline uint64_t scan_word(const void *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint64_t scan_count_newlines(const uint8_t *data, size_t size) {
    uint64_t count = 0;
    size_t at = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t word = scan_word(data + at) ^ SCAN_LOW * '\n';
        /* The high bit of each byte that is not zero; no carry goes from one byte to the next. */
        uint64_t other = ((word & ~SCAN_HIGH) + ~SCAN_HIGH) | word;
        count += (uint64_t)__builtin_popcountll(~other & SCAN_HIGH);
    }
    for (; at < size; at++)
        count += data[at] == '\n';
    return count;
}

/* A byte below 0x20: newline, tab, any other control character. */
static inline bool scan_has_control(const char *text, size_t size) {
    size_t at = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t word = scan_word(text + at);
        if ((word - SCAN_LOW * 0x20) & ~word & SCAN_HIGH)
            return true;
    }
    for (; at < size; at++)
        if ((unsigned char)text[at] < 0x20)
            return true;
    return false;
}

/* The high bit of each byte of `word` that equals `byte`; perhaps also of bytes above such a one.
 * Not zero exactly if there is one. */
static inline uint64_t scan_equal(uint64_t word, uint8_t byte) {
    word ^= SCAN_LOW * byte;
    return (word - SCAN_LOW) & ~word & SCAN_HIGH;
}

/* Is there a byte below 0x20, two spaces in a row, or a lead byte that white space beyond ASCII can
 * begin with (C2, E2, EF)? May say yes where there is none. */
static inline bool scan_has_odd_space(const char *text, size_t size) {
    size_t at = 0;
    bool space = false;
    for (; size - at >= 8; at += 8) {
        uint64_t word = scan_word(text + at), spaces = scan_equal(word, ' ');
        if (((word - SCAN_LOW * 0x20) & ~word & SCAN_HIGH) | (spaces & spaces >> 8) |
            scan_equal(word, 0xC2) | scan_equal(word, 0xE2) | scan_equal(word, 0xEF) |
            (space && text[at] == ' '))
            return true;
        space = text[at + 7] == ' ';
    }
    for (; at < size; at++) {
        uint8_t byte = (uint8_t)text[at];
        if (byte < 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xEF || (byte == ' ' && space))
            return true;
        space = byte == ' ';
    }
    return false;
}

/* Sixteen bytes; comparing blocks gives 0xFF for each byte where it holds. */
typedef uint8_t scan_block __attribute__((vector_size(16)));

enum { SCAN_BLOCK = 16 };

static inline scan_block scan_load(const void *at) {
    scan_block block;
    memcpy(&block, at, sizeof block);
    return block;
}

/* Is any bit of the block set? */
static inline bool scan_any(scan_block block) {
    uint64_t halves[2];
    memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline bool scan_is_ascii(const char *text, size_t size) {
    size_t at = 0;
    scan_block all = {0};
    for (; size - at >= SCAN_BLOCK; at += SCAN_BLOCK)
        all |= scan_load(text + at);
    if (at && at < size)
        all |= scan_load(text + size - SCAN_BLOCK);
    else
        for (; at < size; at++)
            all[0] |= (uint8_t)text[at];
    return !scan_any(all & 0x80);
}

/* How many bytes begin a character of UTF-8, as all do but 10xxxxxx. */
static inline size_t scan_count_characters(const char *text, size_t size) {
    size_t at = 0, inner = 0;
    for (; size - at >= 8; at += 8) {
        uint64_t word = scan_word(text + at);
        inner += (size_t)(((word & ~(word << 1) & SCAN_HIGH) >> 7) * SCAN_LOW >> 56);
    }
    for (; at < size; at++)
        inner += ((uint8_t)text[at] & 0xC0) == 0x80;
    return size - inner;
}

#endif
