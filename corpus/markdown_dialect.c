/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/markdown_dialect.h"

#include "corpus/letters.h"
#include "corpus/scan.h"

#include <string.h>

enum {
    FOOTNOTE_MAX = 40, /* bytes of a footnote's name */
    ROLL_LINES = 3,
    ROLL_BYTES = 60,
    ROLL_WORDS = 7,
    SOURCE_MARKS = 3,
};

/* ---- inline text ---- */

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* "[^name]": its size, else 0. */
static size_t footnote_size(const char *text, size_t size) {
    size_t at = 2;
    if (size < 4 || text[0] != '[' || text[1] != '^')
        return 0;
    while (at < size && at < FOOTNOTE_MAX && is_name_byte(text[at]))
        at++;
    return at > 2 && at < size && text[at] == ']' ? at + 1 : 0;
}

bool markdown_has_footnotes(const char *text, size_t size) {
    const char *at = text, *end = text + size;
    /* The rarest of the three bytes is looked for. */
    while (at < end && (at = memchr(at, '^', (size_t)(end - at)))) {
        if (at - text < 2 || at[-1] != '[' || at[-2] != '\n') {
            at++;
            continue;
        }
        size_t mark = footnote_size(at - 1, (size_t)(end - at) + 1);
        at += mark ? mark - 1 : 1;
        if (mark && at < end && *at == ':')
            return true;
    }
    return false;
}

static size_t run_length(const char *text, size_t at, size_t size) {
    size_t end = at;
    while (end < size && text[end] == text[at])
        end++;
    return end - at;
}

static bool is_word_byte(const char *text, size_t at, size_t size) {
    return at < size && ((text[at] & 0x80) || (is_name_byte(text[at]) && text[at] != '-'));
}

/* Asterisks that were meant as marks: on one side of them only stands a word. */
static bool is_stray(const char *text, size_t at, size_t count, size_t size, bool opened) {
    bool before = at && is_word_byte(text, at - 1, size),
         after = is_word_byte(text, at + count, size);
    bool spaced = at && text[at - 1] == ' ' && at + count < size && text[at + count] == ' ';
    return count >= 2 && count <= 4 && !(before && after) && (!spaced || opened);
}

/* How many bytes lie before the next character that may be markup. */
static size_t plain_size(const char *text, size_t size) {
    size_t at = 0;
    for (; size - at >= SCAN_BLOCK; at += SCAN_BLOCK) {
        scan_block block = scan_load(text + at);
        if (scan_any((scan_block)(block == '*') | (scan_block)(block == '~') |
                     (scan_block)(block == '[')))
            break;
    }
    while (at < size && text[at] != '*' && text[at] != '~' && text[at] != '[')
        at++;
    return at;
}

void markdown_add_text(struct bytes *out, const char *text, size_t size, bool footnotes) {
    bool opened = false;
    size_t done = 0, next;
    for (size_t at = 0; at < size; at = next) {
        at += plain_size(text + at, size - at);
        if (at == size)
            break;
        size_t run = text[at] == '*' || text[at] == '~' ? run_length(text, at, size) : 1, drop = 0;
        next = at + run;
        if (text[at] == '*' && is_stray(text, at, run, size, opened)) {
            drop = run;
            opened = !opened;
        } else if (text[at] == '~' && run == 2)
            drop = 2;
        else if (text[at] == '[' && footnotes) {
            drop = footnote_size(text + at, size - at);
            if (at + drop < size && text[at + drop] == ':') /* the definition itself */
                drop = 0;
        }
        if (!drop)
            continue;
        bytes_add(out, text + done, at - done);
        done = next = at + drop;
    }
    bytes_add(out, text + done, size - done);
}

/* ---- headings and labels ---- */

static size_t trim_end(const char *text, size_t size) {
    while (size && (unsigned char)text[size - 1] <= ' ')
        size--;
    return size;
}

size_t markdown_heading_size(const char *text, size_t size) {
    size = trim_end(text, size);
    const char *open = size && text[size - 1] == '}' ? memrchr(text, '{', size) : NULL;
    if (open && (open[1] == '#' || open[1] == '.') &&
        !memchr(open, ' ', (size_t)(text + size - open)))
        size = trim_end(text, (size_t)(open - text));
    while (size && text[size - 1] == '\\')
        size = trim_end(text, size - 1);
    return size;
}

struct markdown_label markdown_label_read(const char *text, size_t size) {
    struct markdown_label none = {0, 0};
    size_t at = 0, label;
    while (at < size && (unsigned char)text[at] <= ' ')
        at++;
    if (at)
        return none;
    if (size > 4 && text[0] == '[' && text[1] && strchr(" xX", text[1]) && text[2] == ']' &&
        text[3] == ' ')
        return (struct markdown_label){3, 4};
    label = footnote_size(text, size);
    return label && label < size && text[label] == ':' ? (struct markdown_label){label, label + 1}
                                                       : none;
}

/* ---- lines of names ---- */

static bool is_roll_line(const char *text, size_t size) {
    unsigned words = 0;
    size_t next;
    for (size_t at = 0; at < size; at++)
        words += (unsigned char)text[at] > ' ' && (!at || (unsigned char)text[at - 1] <= ' ');
    uint32_t first = letters_at(text, 0, size, &next);
    size_t begin;
    uint32_t last = letters_before(text, 0, size, &begin);
    return size && size <= ROLL_BYTES && words <= ROLL_WORDS && !letters_is_lower(first) &&
           (letters_is_letter(first) || letters_is_digit(first) || first == '@') &&
           !letters_is_stop(last) && !letters_is_dash(last) && last != ',' && last != ';' &&
           last != ':' && last != '(';
}

bool markdown_is_roll(const char *text, size_t size) {
    unsigned lines = 0;
    if (!memchr(text, '\n', size < ROLL_BYTES + 2 ? size : ROLL_BYTES + 2))
        return false;
    for (size_t at = 0; at < size; lines++) {
        const char *newline = memchr(text + at, '\n', size - at);
        size_t end = newline ? (size_t)(newline - text) : size;
        size_t stop = at + trim_end(text + at, end - at);
        if (!is_roll_line(text + at, stop - at))
            return false;
        at = end + 1;
    }
    return lines >= ROLL_LINES;
}

/* ---- long paragraphs ---- */

bool markdown_is_endless(const char *text, size_t size, size_t lines) {
    size_t run = 0;
    const char *at = text, *end = text + size;
    if (size < 2 * lines)
        return false;
    while (run < lines && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        run = at < end && *at != '\n' && *at != '\r' ? run + 1 : 0;
    }
    return run == lines;
}

/* ---- Markdown that is not called so ---- */

bool markdown_is_source(const char *text, size_t size) {
    const char *at = text, *end = text + size;
    unsigned marks = 0;
    if (!size || !memmem(text, size, "\n\n", 2))
        return false;
    while (marks < SOURCE_MARKS && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        marks += end - at > 2 && *at && strchr("*-#", *at) && (at[1] == ' ' || at[1] == '#');
    }
    return marks >= SOURCE_MARKS;
}
