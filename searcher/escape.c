/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/escape.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { REPLACEMENT = 0xFFFD, CONTROL_PICTURES = 0x2400, DELETE_PICTURE = 0x2421 };

uint32_t utf8_next(const char *text, size_t size, size_t *at) {
    UChar32 code;
    size_t i = *at;
    U8_NEXT(text, i, size, code);
    *at = i;
    return code < 0 ? REPLACEMENT : (uint32_t)code;
}

size_t utf8_repair(char *text, size_t size) {
    size_t invalid = 0;
    for (size_t i = 0; i < size;) {
        size_t start = i;
        UChar32 code;
        U8_NEXT(text, i, size, code);
        if (code >= 0)
            continue;
        invalid += i - start;
        memset(text + start, '?', i - start);
    }
    return invalid;
}

static void add_code(struct bytes *out, uint32_t code) {
    uint8_t sequence[U8_MAX_LENGTH];
    size_t size = 0;
    U8_APPEND_UNSAFE(sequence, size, code);
    bytes_add(out, sequence, size);
}

/* Characters that turn the order of what follows them: CVE-2021-42574 shows what that does. */
static bool is_directional(uint32_t code) {
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_eight_bit_control(uint32_t code) {
    return code >= 0x80 && code <= 0x9F;
}

static bool is_line_end(uint32_t code) {
    return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* What stands for a character on a terminal: itself where it is harmless. */
static uint32_t harmless(uint32_t code) {
    if (code < 0x20)
        return CONTROL_PICTURES + code;
    if (code == 0x7F)
        return DELETE_PICTURE;
    if (is_eight_bit_control(code) || is_directional(code))
        return REPLACEMENT;
    return code;
}

/* Most text is printable ASCII, which no rule here touches: copied a run at a time. */
static size_t add_plain(struct bytes *out, const char *text, size_t size) {
    size_t run = 0;
    while (run < size && text[run] >= 0x20 && text[run] < 0x7F)
        run++;
    bytes_add(out, text, run);
    return run;
}

void escape_utf8(struct bytes *out, const char *text, size_t size) {
    bytes_reserve(out, size);
    for (size_t i = add_plain(out, text, size); i < size;) {
        add_code(out, utf8_next(text, size, &i));
        i += add_plain(out, text + i, size - i);
    }
}

void escape_terminal(struct bytes *out, const char *text, size_t size) {
    bytes_reserve(out, size);
    for (size_t i = 0; i < size;) {
        uint32_t code = utf8_next(text, size, &i);
        add_code(out, is_line_end(code) ? ' ' : harmless(code));
    }
}

void escape_csv(struct bytes *out, const char *text, size_t size) {
    bool quote = false;
    for (size_t i = 0; i < size && !quote; i++)
        quote = strchr("\",\r\n", text[i]) && text[i];
    /* A space at either end is data, but some readers trim it unless quoted. */
    quote = quote || (size && (text[0] == ' ' || text[size - 1] == ' '));
    bytes_reserve(out, size + 2);
    if (quote)
        bytes_add_byte(out, '"');
    for (size_t i = 0; i < size;) {
        uint32_t code = utf8_next(text, size, &i);
        if (code == '"')
            bytes_add_byte(out, '"');
        add_code(out, code == '\t' || code == '\n' || code == '\r' ? code : harmless(code));
    }
    if (quote)
        bytes_add_byte(out, '"');
}

void escape_tsv(struct bytes *out, const char *text, size_t size) {
    bytes_reserve(out, size);
    for (size_t i = 0; i < size;) {
        uint32_t code = utf8_next(text, size, &i);
        switch (code) {
        case '\t':
            bytes_add_string(out, "\\t");
            break;
        case '\n':
            bytes_add_string(out, "\\n");
            break;
        case '\r':
            bytes_add_string(out, "\\r");
            break;
        case '\\':
            bytes_add_string(out, "\\\\");
            break;
        default:
            add_code(out, harmless(code));
        }
    }
}

void escape_json(struct bytes *out, const char *json, size_t size) {
    bytes_reserve(out, size);
    for (size_t i = add_plain(out, json, size); i < size; i += add_plain(out, json + i, size - i)) {
        uint32_t code = utf8_next(json, size, &i);
        if (code == 0x7F || is_eight_bit_control(code) || is_directional(code))
            bytes_printf(out, "\\u%04x", (unsigned)code);
        else
            add_code(out, code);
    }
}

/* UAX #11: wide and fullwidth characters take two columns; marks, format characters and the vowels
 * and finals of conjoining Hangul take none of their own. */
unsigned column_width(uint32_t code) {
    if (code < 0x300)
        return code >= 0x20 && code != 0x7F && !is_eight_bit_control(code) && code != 0xAD;
    int8_t category = u_charType((UChar32)code);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK ||
        category == U_FORMAT_CHAR || (code >= 0x1160 && code <= 0x11FF))
        return 0;
    int width = u_getIntPropertyValue((UChar32)code, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}
