/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes of unknown encoding become UTF-8, and an offset in the UTF-8 finds its way back.
 *
 * How the encoding is told:
 *   1. a byte order mark: UTF-8, UTF-16 little or big endian;
 *   2. NULs in nearly every second byte: UTF-16 without a mark;
 *   3. valid UTF-8, or mostly so: UTF-8; each broken sequence becomes one U+FFFD (the "maximal
 *      subpart" practice of the Unicode Standard, section 3.9) and its bytes are counted;
 *   4. more than two invalid bytes for each valid sequence: Windows-1252, which includes Latin-1.
 * Decoding never fails on content, only on memory. Not thread-safe per object.
 */
#ifndef PLENARY_CORPUS_CHARSET_H
#define PLENARY_CORPUS_CHARSET_H

#include "corpus/bytes.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum charset { CHARSET_UTF8, CHARSET_UTF16LE, CHARSET_UTF16BE, CHARSET_WINDOWS1252 };

struct decoded {
    const char *text; /* valid UTF-8, not NUL-terminated; the input itself where that was clean */
    size_t size;
    uint64_t replaced; /* input bytes that became U+FFFD */
    enum charset charset;
    const uint8_t *data;    /* the input, not owned; must outlive this */
    size_t data_size, mark; /* `mark`: bytes of byte order mark in front */
    struct bytes own;       /* the text, where it had to be rewritten */
    struct decoded_checkpoint {
        size_t text, source;
    } * checkpoints; /* owned; every few kilobytes of text, ascending; NULL: identity */
    size_t checkpoint_count, checkpoint_capacity;
};

/* Decode `data`, which must outlive *out. 0 or PLENARY_ENOMEM; decoded_free in both cases. */
int charset_decode(struct decoded *out, const uint8_t *data, size_t size, struct error *err);

/* The byte of the input at which the character at text[offset] began; offset == size gives the
 * input's size. Takes time proportional to the distance between checkpoints, not to the text. */
size_t decoded_source_offset(const struct decoded *decoded, size_t offset);

void decoded_free(struct decoded *decoded);

/* "UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252". */
const char *charset_name(enum charset charset);

/* Not text: a known magic (ELF, PNG, JPEG, ZIP, PDF, gzip, ...), NULs outside UTF-16, or more than
 * a twentieth control bytes, judged by the first 64 KiB. An empty input is text. */
bool charset_is_binary(const uint8_t *data, size_t size);

#endif
