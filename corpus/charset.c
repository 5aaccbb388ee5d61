/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/charset.h"

#include "corpus/scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    SAMPLE = 64 * 1024,         /* bytes by which an encoding is guessed or a binary told */
    CHECKPOINT_DISTANCE = 4096, /* bytes of text */
    REPLACEMENT = 0xFFFD,
};

/* Windows-1252 differs from Latin-1 in 80..9F; zero marks the five bytes it leaves undefined. */
static const uint16_t windows1252_high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

struct step {
    uint32_t point; /* code point; REPLACEMENT where the bytes were bad */
    size_t length;  /* bytes of input used, at least 1 */
    bool bad;
};

static bool is_continuation(uint8_t byte) {
    return (byte & 0xC0) == 0x80;
}

/* The range of the second byte depends on the first (Unicode Standard, table 3-7): this is what
 * keeps out overlong forms, surrogates and points above 10FFFF. */
static bool second_byte_fits(uint8_t first, uint8_t second) {
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return is_continuation(second);
    }
}

static struct step utf8_step(const uint8_t *data, size_t size) {
    uint8_t first = data[0];
    if (first < 0x80)
        return (struct step){first, 1, false};
    size_t need = first >= 0xC2 && first <= 0xDF   ? 2
                  : first >= 0xE0 && first <= 0xEF ? 3
                  : first >= 0xF0 && first <= 0xF4 ? 4
                                                   : 0;
    if (!need || size < 2 || !second_byte_fits(first, data[1]))
        return (struct step){REPLACEMENT, 1, true};
    uint32_t point = first & (0xFFu >> (need + 1));
    point = point << 6 | (data[1] & 0x3F);
    for (size_t i = 2; i < need; i++) {
        if (i >= size || !is_continuation(data[i]))
            return (struct step){REPLACEMENT, i, true};
        point = point << 6 | (data[i] & 0x3F);
    }
    return (struct step){point, need, false};
}

static struct step utf16_step(const uint8_t *data, size_t size, bool big) {
    if (size < 2)
        return (struct step){REPLACEMENT, size, true};
    uint32_t unit = big ? (uint32_t)data[0] << 8 | data[1] : (uint32_t)data[1] << 8 | data[0];
    if (unit < 0xD800 || unit > 0xDFFF)
        return (struct step){unit, 2, false};
    if (unit > 0xDBFF || size < 4)
        return (struct step){REPLACEMENT, 2, true};
    uint32_t low = big ? (uint32_t)data[2] << 8 | data[3] : (uint32_t)data[3] << 8 | data[2];
    if (low < 0xDC00 || low > 0xDFFF)
        return (struct step){REPLACEMENT, 2, true};
    return (struct step){0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 4, false};
}

static struct step windows1252_step(uint8_t byte) {
    if (byte < 0x80 || byte > 0x9F)
        return (struct step){byte, 1, false};
    uint32_t point = windows1252_high[byte - 0x80];
    return (struct step){point ? point : REPLACEMENT, 1, !point};
}

static struct step charset_step(enum charset charset, const uint8_t *data, size_t size) {
    switch (charset) {
    case CHARSET_UTF16LE:
    case CHARSET_UTF16BE:
        return utf16_step(data, size, charset == CHARSET_UTF16BE);
    case CHARSET_WINDOWS1252:
        return windows1252_step(data[0]);
    default:
        return utf8_step(data, size);
    }
}

static size_t utf8_length(uint32_t point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static size_t utf8_put(uint8_t out[4], uint32_t point) {
    static const uint8_t lead[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = utf8_length(point);
    for (size_t i = length; i-- > 1; point >>= 6)
        out[i] = (uint8_t)(0x80 | (point & 0x3F));
    out[0] = (uint8_t)(lead[length] | point);
    return length;
}

/* How many bytes from the start are ASCII; sixteen at a time, since most text is. */
static size_t ascii_run(const uint8_t *data, size_t size) {
    size_t i = 0;
    while (size - i >= SCAN_BLOCK && !scan_any(scan_load(data + i) & 0x80))
        i += SCAN_BLOCK;
    while (i < size && data[i] < 0x80)
        i++;
    return i;
}

struct utf8_census {
    uint64_t sequences, bad_bytes;
};

static struct utf8_census utf8_count(const uint8_t *data, size_t size) {
    struct utf8_census census = {0, 0};
    for (size_t i = ascii_run(data, size); i < size; i += ascii_run(data + i, size - i)) {
        struct step step = utf8_step(data + i, size - i);
        if (step.bad)
            census.bad_bytes += step.length;
        else
            census.sequences++;
        i += step.length;
    }
    return census;
}

/* UTF-16 without a mark: in Western text nearly every second byte is NUL. */
static bool guess_utf16(const uint8_t *data, size_t size, enum charset *charset) {
    size_t pairs = (size < SAMPLE ? size : SAMPLE) / 2, even = 0, odd = 0;
    if (pairs < 2 || size % 2 || !memchr(data, 0, 2 * pairs))
        return false;
    for (size_t i = 0; i < pairs; i++) {
        even += !data[2 * i];
        odd += !data[2 * i + 1];
    }
    *charset = odd > even ? CHARSET_UTF16LE : CHARSET_UTF16BE;
    size_t most = odd > even ? odd : even, least = odd > even ? even : odd;
    return most * 2 > pairs && least * 20 <= pairs;
}

static size_t byte_order_mark(const uint8_t *data, size_t size, enum charset *charset) {
    if (size >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3)) {
        *charset = CHARSET_UTF8;
        return 3;
    }
    if (size >= 2 && (!memcmp(data, "\xFF\xFE", 2) || !memcmp(data, "\xFE\xFF", 2))) {
        *charset = data[0] == 0xFF ? CHARSET_UTF16LE : CHARSET_UTF16BE;
        return 2;
    }
    return 0;
}

/* Decide the charset; true where the text behind the mark may be used as it is. */
static bool detect(struct decoded *out) {
    const uint8_t *data = out->data;
    out->mark = byte_order_mark(data, out->data_size, &out->charset);
    if (out->mark ? out->charset != CHARSET_UTF8 : guess_utf16(data, out->data_size, &out->charset))
        return false;
    struct utf8_census census = utf8_count(data + out->mark, out->data_size - out->mark);
    bool foreign = !out->mark && census.bad_bytes > 2 * census.sequences;
    out->charset = foreign ? CHARSET_WINDOWS1252 : CHARSET_UTF8;
    return !census.bad_bytes;
}

static bool add_checkpoint(struct decoded *out, size_t source) {
    if (out->checkpoint_count == out->checkpoint_capacity) {
        size_t capacity = out->checkpoint_capacity ? out->checkpoint_capacity * 2 : 16;
        struct decoded_checkpoint *grown =
            reallocarray(out->checkpoints, capacity, sizeof *out->checkpoints);
        if (!grown)
            return false;
        out->checkpoints = grown;
        out->checkpoint_capacity = capacity;
    }
    out->checkpoints[out->checkpoint_count++] = (struct decoded_checkpoint){out->own.size, source};
    return true;
}

static int rewrite(struct decoded *out, struct error *err) {
    size_t next = 0;
    for (size_t at = out->mark; at < out->data_size;) {
        if (out->own.size >= next) {
            if (!add_checkpoint(out, at))
                return error_memory(err);
            next = out->own.size + CHECKPOINT_DISTANCE;
        }
        struct step step = charset_step(out->charset, out->data + at, out->data_size - at);
        uint8_t bytes[4];
        bytes_add(&out->own, bytes, utf8_put(bytes, step.point));
        out->replaced += step.bad ? step.length : 0;
        at += step.length;
    }
    if (out->own.failed)
        return error_memory(err);
    out->text = out->own.data ? (const char *)out->own.data : "";
    out->size = out->own.size;
    return 0;
}

int charset_decode(struct decoded *out, const uint8_t *data, size_t size, struct error *err) {
    memset(out, 0, sizeof *out);
    out->data = data;
    out->data_size = size;
    if (!detect(out))
        return rewrite(out, err);
    out->text = (const char *)data + out->mark;
    out->size = size - out->mark;
    return 0;
}

static const struct decoded_checkpoint *checkpoint_before(const struct decoded *decoded,
                                                          size_t offset) {
    size_t low = 0, high = decoded->checkpoint_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (decoded->checkpoints[middle].text <= offset)
            low = middle;
        else
            high = middle;
    }
    return &decoded->checkpoints[low];
}

size_t decoded_source_offset(const struct decoded *decoded, size_t offset) {
    if (offset >= decoded->size)
        return decoded->data_size;
    if (!decoded->checkpoint_count)
        return offset + decoded->mark;
    const struct decoded_checkpoint *from = checkpoint_before(decoded, offset);
    size_t text = from->text, source = from->source;
    while (source < decoded->data_size) {
        struct step step =
            charset_step(decoded->charset, decoded->data + source, decoded->data_size - source);
        text += utf8_length(step.point);
        if (text > offset)
            break;
        source += step.length;
    }
    return source;
}

void decoded_free(struct decoded *decoded) {
    bytes_free(&decoded->own);
    free(decoded->checkpoints);
    decoded->checkpoints = NULL;
    decoded->checkpoint_count = decoded->checkpoint_capacity = 0;
}

const char *charset_name(enum charset charset) {
    static const char *const names[] = {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1252"};
    return names[charset];
}

static bool has_magic(const uint8_t *data, size_t size) {
    static const struct {
        const char *bytes;
        size_t size;
    } magics[] = {
        {"\x7F"
         "ELF",
         4},
        {"\x89PNG", 4},
        {"\xFF\xD8\xFF", 3}, /* JPEG */
        {"PK\x03\x04", 4},
        {"PK\x05\x06", 4},
        {"%PDF-", 5},
        {"\x1F\x8B", 2},
        {"BZh", 3},
        {"\xFD"
         "7zXZ",
         5},
        {"\x28\xB5\x2F\xFD", 4},
        {"7z\xBC\xAF\x27\x1C", 6},
        {"GIF87a", 6},
        {"GIF89a", 6},
        {"SQLite format 3", 15},
        {"\xD0\xCF\x11\xE0", 4}, /* OLE: the old Word and Excel files */
        {"\xCA\xFE\xBA\xBE", 4}, /* Java class, universal Mach-O */
        {"\xCF\xFA\xED\xFE", 4}, /* Mach-O */
    };
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (size >= magics[i].size && !memcmp(data, magics[i].bytes, magics[i].size))
            return true;
    return false;
}

/* Of sixteen bytes: a control character that charset_is_binary counts. */
static bool has_rare_control(const uint8_t *data) {
    scan_block block = scan_load(data);
    scan_block breaks = (scan_block)((block - 8) <= 5) | (scan_block)(block == 0x1B);
    return scan_any((scan_block)(block < 0x20) & ~breaks);
}

bool charset_is_binary(const uint8_t *data, size_t size) {
    enum charset charset;
    if (has_magic(data, size))
        return true;
    if (byte_order_mark(data, size, &charset) || guess_utf16(data, size, &charset))
        return false;
    size_t sample = size < SAMPLE ? size : SAMPLE, nuls = 0, controls = 0;
    for (size_t i = 0; i < sample; i++) {
        while (sample - i > SCAN_BLOCK && !has_rare_control(data + i))
            i += SCAN_BLOCK;
        nuls += !data[i];
        /* Tab, line ends, form feed and the escape of terminal logs occur in text. */
        controls += data[i] < 0x20 && !(data[i] >= 8 && data[i] <= 13) && data[i] != 0x1B;
    }
    /* One stray NUL in a long record does not make it binary; one in a short file does. */
    return nuls * 500 > sample || controls * 20 > sample;
}
