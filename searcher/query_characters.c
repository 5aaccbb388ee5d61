/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_characters.h"

#include "searcher/query_lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- Fields ---------------------------------------------------------------------------------- */

static const char *const field_names[QUERY_FIELDS_ALL] = {
    "", "title", "speaker", "heading", "body", "language", "id", "source", "page", "date"};

const char *query_field_name(enum query_field field) {
    return field < QUERY_FIELDS_ALL ? field_names[field] : "";
}

enum query_field query_field_named(const char *name, size_t size) {
    for (int i = 1; i < QUERY_FIELDS_ALL; i++)
        if (strlen(field_names[i]) == size && strncasecmp(field_names[i], name, size) == 0)
            return (enum query_field)i;
    bool path = size == 4 && strncasecmp(name, "path", 4) == 0;
    return path ? QUERY_FIELD_SOURCE : QUERY_FIELD_TEXT;
}

/* ---- Notices ------------------------------------------------------------------------------- */

int query_note(struct query *query, struct arena *arena, enum query_notice_kind kind,
               uint32_t column, const char *format, ...) {
    if (kind == QUERY_REPAIR)
        query->repair_count++;
    if (query->notice_count == QUERY_LIMIT_NOTICES)
        return 0;
    if (!query->notices) {
        query->notices = arena_zero(arena, QUERY_LIMIT_NOTICES, sizeof *query->notices);
        if (!query->notices)
            return PLENARY_ENOMEM;
    }
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    /* The planner comes by some words more than once. */
    for (size_t i = 0; i < query->notice_count; i++)
        if (kind == QUERY_NOTE && query->notices[i].column == column &&
            strcmp(query->notices[i].message, message) == 0)
            return 0;
    struct query_notice *notice = &query->notices[query->notice_count];
    *notice = (struct query_notice){kind, column, arena_string(arena, message)};
    if (query->notice_count == QUERY_LIMIT_NOTICES - 1) {
        notice->message = "and more, which are not listed";
        notice->column = 0;
    }
    if (!notice->message)
        return PLENARY_ENOMEM;
    query->notice_count++;
    return 0;
}

/* ---- Characters ------------------------------------------------------------------------------ */

size_t query_character_size(const unsigned char *text, size_t size) {
    unsigned char c = text[0];
    if (c < 0x80)
        return 1;
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || need > size)
        return 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (text[1] < low || text[1] > high)
        return 0;
    for (size_t i = 2; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return need;
}

size_t query_space_size(const char *text, size_t size) {
    const unsigned char *t = (const unsigned char *)text;
    if (!size || (t[0] != ' ' && t[0] < 0xC2))
        return 0;
    if (t[0] == ' ')
        return 1;
    if (size >= 2 && t[0] == 0xC2 && (t[1] == 0xA0 || t[1] == 0x85)) /* no-break space, next line */
        return 2;
    if (size < 3)
        return 0;
    uint32_t code = (uint32_t)(t[0] & 0x0F) << 12 | (uint32_t)(t[1] & 0x3F) << 6 | (t[2] & 0x3F);
    if ((t[0] & 0xF0) != 0xE0)
        return 0;
    return (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
                   code == 0x202F || code == 0x205F || code == 0x3000 || code == 0x1680
               ? 3
               : 0;
}

enum quote query_quote_at(const char *text, size_t size, size_t *bytes) {
    *bytes = 0;
    if (!size)
        return QUOTE_NONE;
    if (text[0] == '"') {
        *bytes = 1;
        return QUOTE_PLAIN;
    }
    if (size >= 2 && memcmp(text, "\xC2\xAB", 2) == 0) {
        *bytes = 2;
        return QUOTE_LEFT;
    }
    if (size >= 2 && memcmp(text, "\xC2\xBB", 2) == 0) {
        *bytes = 2;
        return QUOTE_RIGHT;
    }
    unsigned char last = size >= 3 ? (unsigned char)text[2] : 0;
    if (size >= 3 && memcmp(text, "\xE2\x80", 2) == 0 && last >= 0x9C && last <= 0x9F) {
        *bytes = 3;
        return QUOTE_CURLY;
    }
    return QUOTE_NONE;
}

size_t query_quote_size(const char *text, size_t size) {
    size_t bytes;
    query_quote_at(text, size, &bytes);
    return bytes;
}

bool query_quote_closes(enum quote open, enum quote mark) {
    if (open == QUOTE_LEFT)
        return mark == QUOTE_RIGHT;
    if (open == QUOTE_RIGHT)
        return mark == QUOTE_LEFT;
    return mark == QUOTE_PLAIN || mark == QUOTE_CURLY;
}
