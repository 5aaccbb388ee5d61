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
    CODE_INDENT = 4,
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

/* ---- lists that are indented like code ---- */

struct markdown_line {
    size_t begin, text, end; /* text: behind the indent; end: behind the line's end */
    size_t indent;           /* columns */
    bool blank, item, heading, fence;
};

static bool is_item(const char *text, size_t at, size_t end) {
    size_t start = at;
    if (at < end && (text[at] == '-' || text[at] == '*' || text[at] == '+'))
        at++;
    else {
        while (at < end && letters_is_digit((uint8_t)text[at]) && at - start < 9)
            at++;
        if (at == start || at >= end || (text[at] != '.' && text[at] != ')'))
            return false;
        at++;
    }
    size_t gap = at;
    while (at < end && (text[at] == ' ' || text[at] == '\t'))
        at++;
    return at > gap && at < end && (unsigned char)text[at] > ' ';
}

static struct markdown_line read_line(const char *text, size_t at, size_t size) {
    const char *newline = memchr(text + at, '\n', size - at);
    struct markdown_line line = {
        .begin = at, .text = at, .end = newline ? (size_t)(newline - text) + 1 : size};
    for (; line.text < line.end && (text[line.text] == ' ' || text[line.text] == '\t'); line.text++)
        line.indent += text[line.text] == '\t' ? 4 - line.indent % 4 : 1;
    line.blank = line.text == line.end || text[line.text] == '\n' || text[line.text] == '\r';
    if (line.blank || letters_is_ascii((uint8_t)text[line.text])) /* most lines */
        return line;
    line.item = is_item(text, line.text, line.end);
    line.heading = line.indent < CODE_INDENT && text[line.text] == '#';
    line.fence = line.end - line.text >= 3 &&
                 (!memcmp(text + line.text, "```", 3) || !memcmp(text + line.text, "~~~", 3));
    return line;
}

struct unindent {
    bool in_list, in_fence, after_gap; /* after_gap: a blank line or a heading came before */
    size_t shift;                      /* columns by which the list we are in is moved */
};

/* Update the state for a line; how many columns to take from it. */
static size_t unindent_step(struct unindent *state, const struct markdown_line *line) {
    if (line->fence)
        state->in_fence = !state->in_fence;
    if (state->in_fence || line->fence)
        return line->indent < state->shift ? 0 : state->shift;
    if (line->blank) {
        state->after_gap = true;
        return 0;
    }
    bool ends = (state->after_gap && !line->item && !line->indent) || line->heading;
    if (ends || (state->shift && line->item && line->indent < state->shift)) {
        state->in_list = false;
        state->shift = 0;
    }
    if (!state->in_list && line->item && (line->indent < CODE_INDENT || state->after_gap)) {
        state->in_list = true;
        state->shift = line->indent < CODE_INDENT ? 0 : line->indent;
    }
    state->after_gap = line->heading;
    return line->indent < state->shift ? 0 : state->shift;
}

/* The line with its indent less `shift` columns. */
static void add_shifted(struct bytes *out, const char *text, const struct markdown_line *line,
                        size_t shift) {
    for (size_t column = shift; column < line->indent; column++)
        bytes_add_byte(out, ' ');
    bytes_add(out, text + line->text, line->end - line->text);
}

/* What stands behind three and more tildes at the start of a line. */
enum tildes { TILDES_NONE, TILDES_BARE, TILDES_NAMED, TILDES_STRUCK };

static enum tildes read_tildes(const char *text, const struct markdown_line *line, size_t *end) {
    for (*end = line->text; *end < line->end && text[*end] == '~'; ++*end)
        ;
    if (line->indent >= CODE_INDENT || *end - line->text < 3)
        return TILDES_NONE;
    if (*end == line->end || text[*end] == '\n' || text[*end] == '\r')
        return TILDES_BARE;
    bool name = is_name_byte(text[*end]) && text[*end] != '-';
    return name || text[*end] == ' ' || text[*end] == '{' ? TILDES_NAMED : TILDES_STRUCK;
}

/* Tildes at the start of lines that are no fences, though CommonMark would make code of all that
 * follows: struck text with nothing in it ("~~" and "~~"), as editors leave behind. */
struct stray_tildes {
    bool all;    /* each bare run of four: the text has some with words right behind them */
    size_t last; /* the line that begins here opens a fence that nothing closes, else SIZE_MAX */
};

static struct stray_tildes find_stray_tildes(const char *text, size_t size) {
    struct stray_tildes stray = {false, SIZE_MAX};
    size_t last = SIZE_MAX, fences = 0, end;
    const char *at = memchr(text, '~', size) ? memmem(text, size, "~~~", 3) : NULL;
    for (const char *next; at; at = next) {
        const char *newline = memrchr(text, '\n', (size_t)(at - text));
        struct markdown_line line =
            read_line(text, newline ? (size_t)(newline - text) + 1 : 0, size);
        enum tildes tildes = read_tildes(text, &line, &end);
        stray.all |= tildes == TILDES_STRUCK;
        fences += tildes == TILDES_BARE || tildes == TILDES_NAMED;
        last = tildes == TILDES_BARE ? line.begin : last;
        next = memmem(text + line.end, size - line.end, "~~~", 3);
    }
    stray.last = fences % 2 ? last : SIZE_MAX;
    return stray;
}

/* Take the tildes from a line that has stray ones, so that what is left may be an item or blank. */
static bool drop_stray(const char *text, struct markdown_line *line,
                       const struct stray_tildes *stray) {
    size_t end;
    enum tildes tildes = read_tildes(text, line, &end);
    bool empty = stray->all && end - line->text == 4;
    if (tildes != TILDES_STRUCK &&
        !(tildes == TILDES_BARE && (empty || line->begin == stray->last)))
        return false;
    line->text = end;
    line->fence = false;
    line->blank = tildes == TILDES_BARE;
    line->item = is_item(text, end, line->end);
    return true;
}

bool markdown_unindent(struct bytes *out, const char *text, size_t size) {
    struct unindent state = {.after_gap = true};
    struct stray_tildes stray = find_stray_tildes(text, size);
    size_t done = 0;
    for (size_t at = 0; at < size;) {
        struct markdown_line line = read_line(text, at, size);
        bool dropped = drop_stray(text, &line, &stray);
        size_t shift = unindent_step(&state, &line);
        if (shift || dropped) {
            bytes_add(out, text + done, line.begin - done);
            add_shifted(out, text, &line, shift);
            done = line.end;
        }
        at = line.end;
    }
    if (!done)
        return false;
    bytes_add(out, text + done, size - done);
    return true;
}
