/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/markdown_mend.h"

#include "corpus/letters.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { CODE_INDENT = 4 };

/* ---- Lines ---------------------------------------------------------------------------------- */

struct markdown_line {
    size_t begin, text, end; /* text: behind the indent; end: behind the line's end */
    size_t indent;           /* columns */
    bool plain;              /* it begins with a letter */
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
    line.plain = !line.blank && letters_is_ascii((uint8_t)text[line.text]);
    if (line.blank || line.plain) /* most lines */
        return line;
    line.item = is_item(text, line.text, line.end);
    line.heading = line.indent < CODE_INDENT && text[line.text] == '#';
    line.fence = line.end - line.text >= 3 &&
                 (!memcmp(text + line.text, "```", 3) || !memcmp(text + line.text, "~~~", 3));
    return line;
}

/* ---- Lists that are indented like code ------------------------------------------------------- */

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

/* ---- Tags ------------------------------------------------------------------------------------ */

/* Where "<presents slides>" and the like begin a line, behind marks of items and quotes: libmd4c
 * 0.4 takes each tag that begins as <pre>, <script>, <style> or <textarea> does for those, which
 * makes HTML of everything up to the closing one. 0: nowhere. */
static size_t find_false_tag(const char *text, const struct markdown_line *line) {
    static const char *const names[] = {"pre", "script", "style", "textarea"};
    size_t at = line->text;
    while (at < line->end && strchr(" \t>-*+.)0123456789", text[at]))
        at++;
    size_t rest = line->end - at;
    for (size_t i = 0; rest && text[at] == '<' && i < sizeof names / sizeof *names; i++) {
        size_t name = strlen(names[i]);
        if (rest > name + 1 && !strncasecmp(text + at + 1, names[i], name))
            return strchr(" \t>\r\n", text[at + 1 + name]) ? 0 : at;
    }
    return 0;
}

/* ---- Tildes ---------------------------------------------------------------------------------- */

/* What stands behind three and more tildes at the start of a line. */
enum tildes { TILDES_NONE, TILDES_BARE, TILDES_NAMED, TILDES_STRUCK };

static enum tildes read_tildes(const char *text, const struct markdown_line *line, size_t *end) {
    for (*end = line->text; *end < line->end && text[*end] == '~'; ++*end)
        ;
    if (line->indent >= CODE_INDENT || *end - line->text < 3)
        return TILDES_NONE;
    if (*end == line->end || text[*end] == '\n' || text[*end] == '\r')
        return TILDES_BARE;
    uint8_t next = (uint8_t)text[*end];
    bool name = letters_is_ascii(next) || letters_is_digit(next) || next == '_';
    return name || text[*end] == ' ' || text[*end] == '{' ? TILDES_NAMED : TILDES_STRUCK;
}

/* Tildes at the start of lines that are no fences, though CommonMark would make code of all that
 * follows: struck text with nothing in it ("~~" and "~~"), as editors leave behind. */
struct stray_tildes {
    bool all;    /* each bare run of four: the text has some with words right behind them */
    size_t last; /* the line that begins here opens a fence that nothing closes, else SIZE_MAX */
};

/* The next three in a row; NULL: there are none. */
static const char *find_tildes(const char *at, const char *end) {
    while (end - at >= 3 && (at = memchr(at, '~', (size_t)(end - at) - 2))) {
        if (at[1] == '~' && at[2] == '~')
            return at;
        at++;
    }
    return NULL;
}

static struct stray_tildes find_stray_tildes(const char *text, size_t size) {
    struct stray_tildes stray = {false, SIZE_MAX};
    size_t last = SIZE_MAX, fences = 0, end;
    const char *at = find_tildes(text, text + size);
    for (const char *next; at; at = next) {
        const char *newline = memrchr(text, '\n', (size_t)(at - text));
        struct markdown_line line =
            read_line(text, newline ? (size_t)(newline - text) + 1 : 0, size);
        enum tildes tildes = read_tildes(text, &line, &end);
        stray.all |= tildes == TILDES_STRUCK;
        fences += tildes == TILDES_BARE || tildes == TILDES_NAMED;
        last = tildes == TILDES_BARE ? line.begin : last;
        next = find_tildes(text + line.end, text + size);
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

/* ---- Gaps in items ----------------------------------------------------------------------------
 */

/*
 * libmd4c 0.4 ends an item at a gap of two lines when the item has been empty so far. To tell, it
 * looks at the type of the last block it has noted; behind text, that is the lowest byte of the
 * place of a line, where an item's type is 4. So one in 256 items that go on behind such a gap was
 * torn apart. The text is moved by some bytes so that no line stands at such a place.
 */
enum { ITEM_TYPE = 4, PLACES = 256, MARKS_MAX = 8 };

struct gaps {
    unsigned hits[PLACES]; /* lines before a gap, by the lowest byte of their place */
    size_t text, end;      /* of the line last met that is not blank */
    size_t moved;          /* its byte `at` is to stand at `at` + `moved` */
    unsigned blank_lines;
};

/* Note the places that the line before the gap may be known by. */
static void note_gap(struct gaps *gaps, const char *text) {
    size_t at = gaps->text;
    gaps->hits[(gaps->end + gaps->moved) % PLACES]++; /* of code: where it ends */
    gaps->hits[(at + gaps->moved) % PLACES]++;
    for (unsigned marks = 0; marks < MARKS_MAX && is_item(text, at, gaps->end); marks++) {
        while (text[at] > ' ')
            at++;
        while (text[at] == ' ' || text[at] == '\t')
            at++;
        gaps->hits[(at + gaps->moved) % PLACES]++;
    }
}

static void gaps_step(struct gaps *gaps, const char *text, const struct markdown_line *line,
                      size_t moved) {
    if (line->blank) {
        gaps->blank_lines++;
        return;
    }
    if (gaps->blank_lines > 1 && line->indent && !line->item)
        note_gap(gaps, text);
    gaps->text = line->text;
    gaps->end = line->end - (text[line->end - 1] == '\n');
    gaps->moved = moved;
    gaps->blank_lines = 0;
}

/* How far to move the text: 0, or the smallest way that tears the fewest items. */
static size_t gaps_padding(const struct gaps *gaps) {
    size_t best = 0;
    for (size_t padding = 1; gaps->hits[(ITEM_TYPE - best) % PLACES] && padding < PLACES; padding++)
        if (gaps->hits[(ITEM_TYPE - padding) % PLACES] < gaps->hits[(ITEM_TYPE - best) % PLACES])
            best = padding;
    return best;
}

/* ---- The whole ------------------------------------------------------------------------------- */

static void add_padding(struct bytes *out, size_t padding) {
    if (!padding || !bytes_reserve(out, padding))
        return;
    memmove(out->data + padding, out->data, out->size);
    memset(out->data, ' ', padding - 1);
    out->data[padding - 1] = '\n';
    out->size += padding;
}

bool markdown_mend(struct bytes *out, const char *text, size_t size, size_t *padding) {
    struct unindent state = {.after_gap = true};
    struct gaps gaps = {.blank_lines = 0};
    struct stray_tildes stray = find_stray_tildes(text, size);
    size_t done = 0; /* bytes that are in `out` */
    bool changed = false;
    for (size_t at = 0; at < size;) {
        struct markdown_line line = read_line(text, at, size);
        bool dropped = drop_stray(text, &line, &stray);
        size_t shift = unindent_step(&state, &line);
        if (shift || dropped) {
            bytes_add(out, text + done, line.begin - done);
            for (size_t column = shift; column < line.indent; column++)
                bytes_add_byte(out, ' ');
            done = line.text;
        }
        bool code = state.in_fence || (line.indent - shift >= CODE_INDENT && !state.in_list);
        size_t tag = line.plain || code ? 0 : find_false_tag(text, &line);
        if (tag) {
            bytes_add(out, text + done, tag - done);
            bytes_add_byte(out, '\\');
            done = tag;
        }
        changed |= shift || dropped || tag;
        gaps_step(&gaps, text, &line, out->size - done);
        at = line.end;
    }
    *padding = gaps_padding(&gaps);
    if (!changed && !*padding)
        return false;
    bytes_add(out, text + done, size - done);
    add_padding(out, *padding);
    return true;
}
