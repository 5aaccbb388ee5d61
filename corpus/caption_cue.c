/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/caption_cue.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_MAX = 6 };

/* ---- Cues --------------------------------------------------------------------------------------
 */

/* "01:02:03.456", "02:03,456"; false if it is none. *at moves behind it. */
static bool read_time(const char **at, const char *end, uint64_t *milliseconds) {
    uint64_t parts[4] = {0};
    unsigned count = 0, digits = 0;
    const char *cursor = *at;
    for (; cursor < end && count < 4; cursor++) {
        if (isdigit((unsigned char)*cursor)) {
            if (++digits > 6)
                return false;
            parts[count] = parts[count] * 10 + (uint64_t)(*cursor - '0');
        } else if (digits && (*cursor == ':' || *cursor == '.' || *cursor == ',')) {
            count++;
            digits = 0;
            if (*cursor != ':' && count < 2)
                return false;
        } else {
            break;
        }
    }
    if (!digits || count < 2 || count > 3)
        return false;
    *milliseconds = count == 3 ? ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + parts[3]
                               : (parts[0] * 60 + parts[1]) * 1000 + parts[2];
    *at = cursor;
    return true;
}

static bool read_timing(const char *line, size_t size, uint64_t *start, uint64_t *stop) {
    const char *at = line, *end = line + size;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (!read_time(&at, end, start))
        return false;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (end - at < 3 || memcmp(at, "-->", 3) != 0)
        return false;
    for (at += 3; at < end && (*at == ' ' || *at == '\t'); at++)
        ;
    return read_time(&at, end, stop);
}

bool caption_is_timing(const char *line, size_t size) {
    uint64_t start, stop;
    return read_timing(line, size, &start, &stop);
}

/* The line at the cursor, without its end; the cursor moves to the next. */
static bool take_line(struct caption_cursor *cursor, const char **line, size_t *size) {
    if (cursor->at >= cursor->size)
        return false;
    *line = cursor->text + cursor->at;
    const char *newline = memchr(*line, '\n', cursor->size - cursor->at);
    *size = newline ? (size_t)(newline - *line) : cursor->size - cursor->at;
    cursor->at += *size + (newline != NULL);
    cursor->line++;
    if (*size && (*line)[*size - 1] == '\r')
        --*size;
    return true;
}

/* Up to the blank line that ends the cue, or the times of the next one where that is missing. */
static void take_text(struct caption_cursor *cursor, struct caption_cue *cue) {
    const char *line;
    size_t size;
    cue->text = cursor->text + cursor->at;
    cue->size = 0;
    cue->end = cursor->at;
    cue->line_end = cursor->line - 1;
    for (struct caption_cursor ahead = *cursor; take_line(&ahead, &line, &size);) {
        if (caption_is_timing(line, size))
            return;
        *cursor = ahead;
        if (!size)
            return;
        cue->size = (size_t)(line + size - cue->text);
        cue->end = (size_t)(line + size - cursor->text);
        cue->line_end = cursor->line - 1;
    }
}

bool caption_next(struct caption_cursor *cursor, struct caption_cue *cue) {
    const char *line;
    size_t size;
    size_t begin = cursor->at;
    uint64_t number = cursor->line;
    while (take_line(cursor, &line, &size)) {
        if (read_timing(line, size, &cue->start, &cue->stop)) {
            cue->begin = begin;
            cue->line_begin = number;
            take_text(cursor, cue);
            return true;
        }
        /* The line before the times is the cue's number or name. */
        if (!size || cursor->line - number > 1) {
            begin = size ? (size_t)(line - cursor->text) : cursor->at;
            number = size ? cursor->line - 1 : cursor->line;
        }
    }
    return false;
}

/* ---- Markup ------------------------------------------------------------------------------------
 */

static const char *add_entity(const char *at, const char *end, struct bytes *out) {
    static const struct {
        const char *name, *text;
    } entities[] = {{"&amp;", "&"},   {"&lt;", "<"},  {"&gt;", ">"},
                    {"&nbsp;", " "},  {"&lrm;", ""},  {"&rlm;", ""},
                    {"&quot;", "\""}, {"&#39;", "'"}, {"&apos;", "'"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        size_t size = strlen(entities[i].name);
        if ((size_t)(end - at) >= size && !memcmp(at, entities[i].name, size)) {
            bytes_add_string(out, entities[i].text);
            return at + size;
        }
    }
    bytes_add_byte(out, '&');
    return at + 1;
}

/* <v.loud Ada Lovelace> names a voice; other tags go. */
static void add_tag(const char *tag, const char *end, struct bytes *out) {
    if (tag == end || (*tag != 'v' && *tag != 'V') ||
        (end - tag > 1 && tag[1] != ' ' && tag[1] != '.'))
        return;
    while (tag < end && *tag != ' ')
        tag++;
    while (tag < end && *tag == ' ')
        tag++;
    if (tag == end || end - tag > CAPTION_NAME_MAX)
        return;
    bytes_add_byte(out, CAPTION_VOICE);
    bytes_add(out, tag, (size_t)(end - tag));
    bytes_add_byte(out, CAPTION_VOICE_END);
}

/* A tag opens with a letter, a slash or a time's digit: "<" may stand for itself. */
static bool opens_tag(const char *at, const char *end) {
    return at < end && (isalnum((unsigned char)*at) || *at == '/');
}

void caption_plain(const struct caption_cue *cue, struct bytes *out) {
    const char *at = cue->text, *end = cue->text + cue->size;
    bytes_reset(out);
    while (at < end) {
        const char *close = NULL;
        if (*at == '<' && opens_tag(at + 1, end))
            close = memchr(at, '>', (size_t)(end - at) < 200 ? (size_t)(end - at) : 200);
        if (close) {
            add_tag(at + 1, close, out);
            at = close + 1;
        } else if (*at == '&') {
            at = add_entity(at, end, out);
        } else if (*at == '{' && end - at > 1 && at[1] == '\\' &&
                   (close = memchr(at, '}', (size_t)(end - at) < 40 ? (size_t)(end - at) : 40))) {
            at = close + 1; /* SubRip files with {\an8} */
        } else {
            bytes_add_byte(out, (unsigned char)*at < ' ' ? ' ' : (uint8_t)*at);
            at++;
        }
    }
}

/* ---- Names -------------------------------------------------------------------------------------
 */

size_t caption_name(const char *text, size_t size, size_t *text_begin) {
    size_t limit = size < CAPTION_NAME_MAX + 1 ? size : CAPTION_NAME_MAX + 1, words = 1;
    const char *colon = limit ? memchr(text, ':', limit) : NULL;
    size_t name = colon ? (size_t)(colon - text) : 0;
    *text_begin = 0;
    if (!name || (name + 1 < size && text[name + 1] != ' '))
        return 0;
    for (size_t i = 0; i < name; i++) {
        if (strchr("?!;,\"", text[i]) || (text[i] == '.' && i + 1 < name && text[i + 1] != ' ' &&
                                          !isupper((unsigned char)text[i + 1])))
            return 0;
        words += text[i] == ' ';
    }
    if (words > WORDS_MAX || isdigit((unsigned char)*text) || *text == ' ')
        return 0;
    *text_begin = name + 1;
    return name;
}

/* Its place among the names; their count if it is none of them. */
static size_t find_name(const struct caption_names *names, const char *name, size_t size) {
    size_t i = 0;
    while (i < names->count &&
           (strlen(names->names[i].name) != size || memcmp(names->names[i].name, name, size) != 0))
        i++;
    return i;
}

void caption_names_add(struct caption_names *names, const char *text, size_t size) {
    size_t begin, length = caption_name(text, size, &begin);
    names->cues++;
    if (!length)
        return;
    names->named++;
    size_t found = find_name(names, text, length);
    if (found == names->count && found < CAPTION_NAMES_MAX) {
        memcpy(names->names[found].name, text, length);
        names->names[found].name[length] = '\0';
        names->count++;
    }
    if (found < names->count)
        names->names[found].count++;
}

static bool is_capitalised(const char *name, size_t size) {
    bool word = true;
    for (size_t i = 0; i < size; i++) {
        if (word && islower((unsigned char)name[i]))
            return false;
        word = name[i] == ' ';
    }
    return true;
}

bool caption_names_hold(const struct caption_names *names, const char *name, size_t size) {
    size_t found = find_name(names, name, size);
    if (names->named * 2 >= names->cues)
        return true;
    return is_capitalised(name, size) || (found < names->count && names->names[found].count >= 3);
}
