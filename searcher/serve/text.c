/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/text.h"

#include "searcher/escape.h"
#include "searcher/plenary.h"

#include <string.h>

static bool is_dangerous(uint32_t code) {
    return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0) ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xFFFE || code == 0xFFFF;
}

static const char *entity(uint32_t code) {
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return is_dangerous(code) ? "\xEF\xBF\xBD" : NULL;
    }
}

void text_html_sized(struct bytes *out, const char *text, size_t size) {
    size_t copied = 0;
    for (size_t at = 0; at < size;) {
        unsigned char c = (unsigned char)text[at];
        if (c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'') {
            at++;
            continue;
        }
        size_t begin = at;
        uint32_t code = utf8_next(text, size, &at);
        const char *instead = entity(code);
        if (code == 0xFFFD)
            instead = "\xEF\xBF\xBD";
        if (!instead)
            continue;
        bytes_add(out, text + copied, begin - copied);
        bytes_add_string(out, instead);
        copied = at;
    }
    bytes_add(out, text + copied, size - copied);
}

void text_html(struct bytes *out, const char *text) {
    if (text)
        text_html_sized(out, text, strlen(text));
}

void text_html_marked(struct bytes *out, const char *text, size_t size,
                      const struct plenary_range *marks, size_t count) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t begin = marks[i].begin, end = marks[i].end;
        if (begin < at || end < begin || end > size)
            continue;
        text_html_sized(out, text + at, begin - at);
        bytes_add_string(out, "<mark>");
        text_html_sized(out, text + begin, end - begin);
        bytes_add_string(out, "</mark>");
        at = end;
    }
    text_html_sized(out, text + at, size - at);
}

void text_json_sized(struct bytes *out, const char *text, size_t size) {
    bytes_add_byte(out, '"');
    for (size_t at = 0; at < size;) {
        size_t begin = at;
        uint32_t code = utf8_next(text, size, &at);
        if (code == '"' || code == '\\')
            bytes_printf(out, "\\%c", (int)code);
        else if (code == '\n')
            bytes_add_string(out, "\\n");
        else if (code < 0x20 || code == '<' || is_dangerous(code))
            bytes_printf(out, "\\u%04X", code);
        else if (code == 0xFFFD)
            bytes_add_string(out, "\xEF\xBF\xBD");
        else
            bytes_add(out, text + begin, at - begin);
    }
    bytes_add_byte(out, '"');
}

void text_json(struct bytes *out, const char *text) {
    if (text)
        text_json_sized(out, text, strlen(text));
    else
        bytes_add_string(out, "null");
}

void text_json_field(struct bytes *out, const char *name, const char *text) {
    if (out->size && out->data[out->size - 1] != '{')
        bytes_add_byte(out, ',');
    bytes_printf(out, "\"%s\":", name);
    text_json(out, text);
}
