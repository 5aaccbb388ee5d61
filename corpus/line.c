/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/line.h"

#include "corpus/letters.h"
#include "corpus/line_table.h"
#include "corpus/scan.h"

#include <string.h>

enum {
    ROW_MAX = 400, /* bytes; longer lines are prose with odd spacing */
    CAPITALS_MAX = 200,
    ABBREVIATION_MAX = 5,   /* bytes */
    PAGE_NUMBER_MAX = 1900, /* from here on a number alone is more likely a year */
};

/* ---- cutting text into lines ---- */

void line_reader_init(struct line_reader *reader, const char *text, size_t size) {
    *reader = (struct line_reader){.text = text, .size = size, .page = 1};
    reader->feeds = size && memchr(text, '\n', size);
}

/* End of the line that begins at `at`; *next is the start of the line behind it. The next LF is
 * remembered, since a text with CRs and few LFs would otherwise be searched once per line. */
static size_t find_end(struct line_reader *reader, size_t at, size_t *next) {
    const char *text = reader->text;
    if (reader->feed < at || !at) {
        const char *feed = memchr(text + at, '\n', reader->size - at);
        reader->feed = feed ? (size_t)(feed - text) : reader->size;
    }
    size_t end = reader->feed;
    const char *lone = memchr(text + at, '\r', end - at);
    size_t cr = lone ? (size_t)(lone - text) : end;
    bool at_feed = cr == end || cr + 1 == end;
    *next = at_feed ? end + (end < reader->size) : cr + 1;
    return cr;
}

/* Marks of quoted mail: ">", "> >", ">>". */
static size_t strip_quotes(const char *text, size_t begin, size_t end, unsigned *depth) {
    size_t at = begin;
    *depth = 0;
    while (at < end && text[at] == '>') {
        ++*depth;
        at++;
        if (at + 1 < end && text[at] == ' ' && text[at + 1] == '>')
            at++;
    }
    return at;
}

static size_t strip_indent(struct line_reader *reader, struct line *line, size_t at, size_t end) {
    while (at < end) {
        size_t next;
        uint32_t point = letters_at(reader->text, at, end, &next);
        if (point == '\t')
            line->indent =
                line->indent < LINE_WIDTH_MAX ? (line->indent / 8 + 1) * 8 : line->indent;
        else if (point == '\f') {
            line->indent = 0;
            line->page_break = true;
            reader->page += reader->page < UINT32_MAX;
        } else if (!letters_is_space(point) && point != 0xFEFF)
            break;
        else
            line->indent += line->indent < LINE_WIDTH_MAX;
        at = next;
    }
    return at;
}

bool line_read(struct line_reader *reader, struct line *line) {
    if (reader->at >= reader->size)
        return false;
    memset(line, 0, sizeof *line);
    size_t begin = reader->at, next, end = find_end(reader, begin, &next);
    bool counted = !reader->feeds || begin == 0 || reader->text[begin - 1] == '\n';
    reader->number += counted;
    reader->at = next;
    reader->count++;
    line->number = reader->number;
    begin = strip_quotes(reader->text, begin, end, &line->quote);
    line->begin = strip_indent(reader, line, begin, end);
    line->end = end;
    for (size_t start; line->end > line->begin; line->end = start)
        if (!letters_is_space(letters_before(reader->text, line->begin, line->end, &start)))
            break;
    line->page = reader->page;
    line_classify(reader->text, line);
    return true;
}

/* ---- what a line is ---- */

static unsigned count_columns(const char *text, size_t begin, size_t end, unsigned columns) {
    size_t size = end - begin, most = (size_t)4 * LINE_WIDTH_MAX; /* bytes that are surely enough */
    size = size < most ? size : most;
    size_t count =
        columns +
        (scan_is_ascii(text + begin, size) ? size : scan_count_characters(text + begin, size));
    return count < LINE_WIDTH_MAX ? (unsigned)count : LINE_WIDTH_MAX;
}

/* Three or more of the same drawing character, with or without spaces between. */
static bool is_rule(const char *text, size_t begin, size_t end) {
    size_t next, marks = 0;
    uint32_t first = letters_at(text, begin, end, &next);
    bool drawing = (first < 0x80 && first && strchr("-_=*~#.+", (int)first)) || first == 0xB7 ||
                   first == 0x2022 || (first >= 0x2010 && first <= 0x2015) ||
                   (first >= 0x2500 && first <= 0x257F);
    if (!drawing || end - begin > 4 * ROW_MAX)
        return false;
    for (size_t at = begin; at < end; at = next) {
        uint32_t point = letters_at(text, at, end, &next);
        if (point == first || (first == '+' && point == '-'))
            marks++;
        else if (!letters_is_space(point))
            return false;
    }
    return marks >= 3;
}

static size_t skip_spaces(const char *text, size_t at, size_t end) {
    size_t next;
    while (at < end && letters_is_space(letters_at(text, at, end, &next)))
        at = next;
    return at;
}

static size_t skip_digits(const char *text, size_t at, size_t end) {
    while (at < end && letters_is_digit((uint8_t)text[at]))
        at++;
    return at;
}

static size_t skip_word(const char *text, size_t at, size_t end) {
    size_t next;
    while (at < end && letters_is_letter(letters_at(text, at, end, &next)))
        at = next;
    return at;
}

/* "12", "- 12 -", "Page 12", "Seite 12 von 30", "12/30", "[12]". */
static bool is_page_number(const char *text, size_t begin, size_t end) {
    static const char *const words[] = {"page", "seite", "p\xC3\xA1gina", "pagina", "pag",
                                        "p",    NULL};
    static const char *const of[] = {"of", "von", "sur", "de", "/", NULL};
    if (end - begin > 24)
        return false;
    size_t at = begin, word, start, next;
    uint32_t open = letters_at(text, at, end, &next);
    bool framed = (letters_is_dash(open) || open == '[') && next < end;
    at = framed ? skip_spaces(text, next, end) : at;
    word = skip_word(text, at, end);
    bool named = word > at && letters_among(text, at, word, words);
    if (named)
        at = skip_spaces(text, word + (word < end && text[word] == '.'), end);
    start = at;
    at = skip_digits(text, at, end);
    if (at == start || at - start > 4)
        return false;
    struct line digits = {.begin = start, .end = at};
    if (!named && line_page_number(text, &digits) >= PAGE_NUMBER_MAX)
        return false;
    at = skip_spaces(text, at, end);
    word = at < end && text[at] == '/' ? at + 1 : skip_word(text, at, end);
    if (word > at && letters_among(text, at, word, of)) {
        start = skip_spaces(text, word, end);
        at = skip_digits(text, start, end);
        if (at == start)
            return false;
        at = skip_spaces(text, at, end);
    }
    if (framed) {
        uint32_t close = letters_at(text, at, end, &next);
        at = letters_is_dash(close) || close == ']' ? next : at;
    }
    return at == end;
}

unsigned line_page_number(const char *text, const struct line *line) {
    unsigned value = 0;
    size_t at = line->begin;
    while (at < line->end && !letters_is_digit((uint8_t)text[at]))
        at++;
    for (; at < line->end && letters_is_digit((uint8_t)text[at]); at++)
        value = value < 100000 ? value * 10 + (unsigned)(text[at] - '0') : value;
    return value;
}

static bool is_roman(char c) {
    return c == 'i' || c == 'v' || c == 'x' || c == 'l' || c == 'c';
}

static bool is_leader(char c) {
    return c == '.' || c == ' ' || c == '\t';
}

/* "Opening of the session ........ 12", "Budget . . . . 4", "Annex\t\tiv". */
static bool is_contents_entry(const char *text, size_t begin, size_t end) {
    size_t at = end, leaders = 0;
    while (at > begin && (letters_is_digit((uint8_t)text[at - 1]) || is_roman(text[at - 1])) &&
           end - at < 6)
        at--;
    if (at == end)
        return false;
    for (; at > begin && is_leader(text[at - 1]); at--)
        leaders += text[at - 1] == '.';
    return at > begin && leaders >= 3;
}

/* What a row shows at one of sixteen places: a bar, a tab, the lead byte of box drawings, two
 * spaces. */
static scan_block row_signs(const char *at) {
    scan_block block = scan_load(at);
    return (scan_block)(block == '|') | (scan_block)(block == '\t') | (scan_block)(block == 0xE2) |
           ((scan_block)(block == ' ') & (scan_block)(scan_load(at + 1) == ' '));
}

/* Without any such sign there is no row. */
static bool may_be_row(const char *text, size_t begin, size_t end) {
    size_t at = begin;
    scan_block signs = {0};
    if (end - begin > SCAN_BLOCK) {
        for (; end - at > SCAN_BLOCK; at += SCAN_BLOCK)
            signs |= row_signs(text + at);
        /* All but the last byte, which begins no pair and of which a row has others. */
        signs |= row_signs(text + end - SCAN_BLOCK - 1);
        return scan_any(signs) || text[end - 1] == '|';
    }
    for (; at < end; at++)
        if (text[at] == '|' || text[at] == '\t' || (uint8_t)text[at] == 0xE2 ||
            (text[at] == ' ' && at + 1 < end && text[at + 1] == ' '))
            return true;
    return false;
}

/* Cells parted by bars, by tabs or by gaps of three and more spaces. */
static bool is_table_row(const char *text, size_t begin, size_t end) {
    unsigned bars = 0, gaps = 0, spaces = 0, boxes = 0;
    for (size_t at = begin; at < end; at++) {
        bars += text[at] == '|';
        boxes += at + 2 < end && !memcmp(text + at, "\xE2\x94\x82", 3);
        if (text[at] == ' ') {
            spaces++;
            continue;
        }
        if (text[at] == '\t')
            spaces += 3;
        else {
            /* A gap behind a bare number or bullet is the indent of a list, not a table's. */
            gaps += spaces >= 3 && at - begin > 8;
            spaces = 0;
        }
    }
    return bars >= 2 || boxes >= 1 || gaps >= 2;
}

void line_classify(const char *text, struct line *line) {
    size_t size = line->end - line->begin;
    line->width = count_columns(text, line->begin, line->end, line->indent);
    line->class = LINE_TEXT;
    line->facts = NULL;
    if (!size)
        line->class = LINE_BLANK;
    else if (is_rule(text, line->begin, line->end))
        line->class = LINE_RULE;
    else if (is_page_number(text, line->begin, line->end))
        line->class = LINE_PAGE_NUMBER;
    else if (size <= ROW_MAX && (is_contents_entry(text, line->begin, line->end) ||
                                 (may_be_row(text, line->begin, line->end) &&
                                  is_table_row(text, line->begin, line->end))))
        line->class = LINE_ROW;
}

/* ---- beginnings and ends ---- */

unsigned line_first_word(const char *text, const struct line *line) {
    size_t at = line->begin, next;
    unsigned columns = 0;
    if (letters_is_unspaced(letters_at(text, at, line->end, &next)))
        return 1; /* such lines break between any two characters */
    while (at < line->end && columns < LINE_WIDTH_MAX &&
           !letters_is_space(letters_at(text, at, line->end, &next))) {
        at = next;
        columns++;
    }
    return columns;
}

/* Where the line's text ends once closing quotes and brackets are left out. */
static size_t end_before_closers(const char *text, const struct line *line) {
    size_t end = line->end, start;
    for (int i = 0; i < 6 && end > line->begin; i++, end = start)
        if (!letters_is_closer(letters_before(text, line->begin, end, &start)))
            break;
    return end;
}

uint32_t line_last(const char *text, const struct line *line) {
    if (line->facts)
        return line->facts->last;
    size_t start;
    return letters_before(text, line->begin, end_before_closers(text, line), &start);
}

/* Is the word before the full stop at `stop` one that is written with it? */
static bool is_abbreviation(const char *text, size_t begin, size_t stop) {
    static const char *const words[] = {
        "mr",  "mrs",  "ms",   "dr",  "prof", "st",   "no",  "nos",  "nr",  "art", "para", "paras",
        "vs",  "v",    "cf",   "hon", "gen",  "col",  "rev", "sen",  "rep", "abs", "bzw",  "ca",
        "mm",  "sr",   "sra",  "abg", "jr",   "vol",  "pp",  "p",    "e.g", "i.e", "z.b",  "d.h",
        "mme", "mlle", "bspw", "vgl", "ggf",  "inkl", "lt",  "capt", NULL};
    size_t start = stop, before;
    while (start > begin && stop - start < 8 &&
           !letters_is_space(letters_before(text, begin, start, &before)) &&
           !letters_is_opener((uint8_t)text[before]))
        start = before;
    size_t next;
    uint32_t first = letters_at(text, start, stop, &next);
    if (next == stop && letters_is_upper(first)) /* an initial: "J." */
        return true;
    return stop - start <= ABBREVIATION_MAX && letters_among(text, start, stop, words);
}

bool line_ends_sentence(const char *text, const struct line *line) {
    if (line->facts)
        return line->facts->ends_sentence;
    size_t end = end_before_closers(text, line), start;
    uint32_t last = letters_before(text, line->begin, end, &start);
    if (!letters_is_stop(last))
        return false;
    return last != '.' || end != line->end || !is_abbreviation(text, line->begin, start);
}

uint32_t line_first(const char *text, const struct line *line) {
    if (line->facts)
        return line->facts->first;
    size_t at = line->begin, next = at;
    uint32_t point = 0;
    for (int i = 0; i < 4; i++, at = next) {
        point = letters_at(text, at, line->end, &next);
        if (!letters_is_opener(point))
            break;
    }
    return point;
}

bool line_starts_lower(const char *text, const struct line *line) {
    return letters_is_lower(line_first(text, line));
}

bool line_starts_fresh(const char *text, const struct line *line) {
    uint32_t first = line_first(text, line);
    return letters_is_digit(first) || (letters_is_letter(first) && !letters_is_lower(first));
}

bool line_is_capitals(const char *text, const struct line *line) {
    unsigned letters = 0;
    if (line->end - line->begin > CAPITALS_MAX)
        return false;
    for (size_t at = line->begin, next; at < line->end; at = next) {
        uint32_t point = letters_at(text, at, line->end, &next);
        if (letters_is_lower(point) || letters_is_unspaced(point))
            return false;
        letters += letters_is_upper(point);
    }
    return letters >= 2;
}
