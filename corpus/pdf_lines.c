/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/pdf_lines.h"

#include "corpus/error.h"
#include "corpus/letters.h"
#include "corpus/line.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/utf8.h>

enum {
    ROMAN_BYTES = 6,
    SIZES = 400,        /* of type: half points up to 200 */
    HEAD_BYTES = 160,   /* longer lines are no running heads */
    HEAD_PAGES = 3,     /* on so many pages a line is one */
    HEADS_SOUGHT = 100, /* heads that are looked for in the rest of the text */
    NEIGHBOURS = 100,   /* lines among which the one beside a bullet is sought */
    EDGE_PERCENT = 10,  /* of the page's height: upper and lower margin */
};

/* In parts of the type's size: wider than any space between letters. */
static const float GAP = 0.5F;

/* ---- Adding ---- */

static struct pdf_line *open_line(struct pdf_lines *lines, uint32_t page) {
    if (!lines->lines || lines->count == lines->capacity) {
        size_t capacity = lines->capacity ? lines->capacity * 2 : 256;
        struct pdf_line *grown = reallocarray(lines->lines, capacity, sizeof *grown);
        if (!grown)
            return NULL;
        lines->lines = grown;
        lines->capacity = capacity;
    }
    struct pdf_line *line = &lines->lines[lines->count++];
    *line = (struct pdf_line){
        .begin = lines->text.size, .end = lines->text.size, .page = page, .bold = true};
    return line;
}

/* Signs that print as one letter or bullet and stand for others: ligatures, bullets of symbol
 * fonts. NULL: as it is. */
static const char *plain_form(uint32_t point) {
    static const char *const ligatures[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};
    static const uint32_t bullets[] = {0xF0B7, 0xF0A7, 0xF0D8, 0xF0A8, 0x25CF, 0x25A0,
                                       0x2756, 0x27A2, 0x25C6, 0xF0FC, 0x2751, 0xF06E};
    if (point >= 0xFB00 && point <= 0xFB06)
        return ligatures[point - 0xFB00];
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
        if (point == bullets[i])
            return "\xE2\x80\xA2";
    return NULL;
}

/* Zero-width space, word joiner, byte order mark. */
static bool is_nothing(uint32_t point) {
    return point == 0x200B || point == 0x2060 || point == 0xFEFF;
}

static void add_point(struct bytes *text, uint32_t point) {
    uint8_t utf8[U8_MAX_LENGTH];
    size_t size = 0;
    const char *plain = plain_form(point);
    if (plain) {
        bytes_add_string(text, plain);
        return;
    }
    if (point > 0x10FFFF || U_IS_SURROGATE(point) || !point)
        point = 0xFFFD;
    U8_APPEND_UNSAFE(utf8, size, point);
    bytes_add(text, utf8, size);
}

static void widen(struct pdf_line *line, const struct pdf_character *character, bool first) {
    if (first) {
        line->left = character->left;
        line->right = character->right;
        line->top = character->top;
        line->bottom = character->bottom;
        line->size = character->size;
    }
    line->left = character->left < line->left ? character->left : line->left;
    line->right = character->right > line->right ? character->right : line->right;
    line->top = character->top < line->top ? character->top : line->top;
    line->bottom = character->bottom > line->bottom ? character->bottom : line->bottom;
    /* A raised figure of a note does not set the size of its line. */
    line->size = character->size > line->size ? character->size : line->size;
    line->bold &= character->bold || !letters_is_letter(character->point);
}

int pdf_lines_add(struct pdf_lines *lines, uint32_t page, float height,
                  const struct pdf_character *character) {
    struct pdf_line *line = lines->count ? &lines->lines[lines->count - 1] : NULL;
    bool ended = !line || line->page != page || line->end < lines->text.size;
    if (character->point == '\n') {
        if (!ended)
            bytes_add_byte(&lines->text, '\n');
        return lines->text.failed ? PLENARY_ENOMEM : 0;
    }
    bool space = letters_is_space(character->point);
    if ((ended && space) || is_nothing(character->point))
        return 0;
    if (ended) {
        if (line && line->end == lines->text.size)
            bytes_add_byte(&lines->text, '\n');
        line = open_line(lines, page);
        if (!line)
            return PLENARY_ENOMEM;
    }
    bool first = line->end == line->begin;
    /* A tab between a number and its text may be a mere gap. */
    if (!first && !space && lines->text.data[line->end - 1] != ' ' &&
        character->left - lines->end > character->size * GAP)
        bytes_add_byte(&lines->text, ' ');
    lines->end = character->right;
    add_point(&lines->text, space ? ' ' : character->point);
    line->end = lines->text.size;
    if (!space)
        widen(line, character, first);
    float margin = height * EDGE_PERCENT / 100;
    line->edge = line->bottom < margin || line->top > height - margin;
    lines->pages = page > lines->pages ? page : lines->pages;
    return lines->text.failed ? PLENARY_ENOMEM : 0;
}

/* ---- The size of the body ---- */

static unsigned size_class(float size) {
    return size <= 0 ? 0 : size * 2 >= SIZES ? SIZES - 1 : (unsigned)(size * 2);
}

static float body_size(const struct pdf_lines *lines) {
    size_t bytes[SIZES] = {0}, best = 0;
    for (size_t i = 0; i < lines->count; i++)
        if (!lines->lines[i].dropped)
            bytes[size_class(lines->lines[i].size)] += lines->lines[i].end - lines->lines[i].begin;
    for (size_t i = 1; i < SIZES; i++)
        if (bytes[i] > bytes[best])
            best = i;
    return (float)best / 2;
}

/* ---- Running heads ---- */

struct head {
    uint64_t hash; /* of its text, numbers left out */
    size_t line;
};

static bool is_roman(const uint8_t *text, size_t size) {
    size_t at = 0;
    while (at < size && strchr("ivxl", text[at]) && text[at])
        at++;
    return at == size && size <= ROMAN_BYTES;
}

static bool is_number(const struct pdf_lines *lines, const struct pdf_line *line) {
    if (is_roman(lines->text.data + line->begin, line->end - line->begin))
        return true;
    struct line text = {.begin = line->begin, .end = line->end, .number = 1};
    line_classify((const char *)lines->text.data, &text);
    return text.class == LINE_PAGE_NUMBER;
}

/* FNV-1a; 0 is kept for "none". */
static uint64_t hash_head(const struct pdf_lines *lines, const struct pdf_line *line) {
    uint64_t hash = 14695981039346656037u;
    const uint8_t *text = lines->text.data;
    for (size_t at = line->begin; at < line->end; at++)
        if (!letters_is_digit(text[at]))
            hash = (hash ^ text[at]) * 1099511628211u;
    return hash | 1;
}

static int compare_heads(const void *one, const void *other) {
    const struct head *a = one, *b = other;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Does a line outside the margins say the same as this one? */
static bool is_said_elsewhere(const struct pdf_lines *lines, const struct pdf_line *line) {
    const uint8_t *text = lines->text.data;
    size_t size = line->end - line->begin;
    for (size_t i = 0; i < lines->count; i++) {
        const struct pdf_line *other = &lines->lines[i];
        if (!other->edge && other->end - other->begin == size &&
            !memcmp(text + other->begin, text + line->begin, size))
            return true;
    }
    return false;
}

/* Lines of heads[begin, end) say the same: do they say it page after page? */
static void drop_heads(struct pdf_lines *lines, const struct head *heads, size_t begin, size_t end,
                       unsigned *sought) {
    uint32_t pages = 0, last = 0;
    for (size_t i = begin; i < end; i++) {
        uint32_t page = lines->lines[heads[i].line].page;
        pages += page != last;
        last = page;
    }
    bool all = lines->pages > 1 && pages == lines->pages;
    if (pages < HEAD_PAGES && !all)
        return;
    for (size_t i = begin + 1; i < end; i++)
        lines->lines[heads[i].line].dropped = true;
    if ((*sought)++ < HEADS_SOUGHT)
        lines->lines[heads[begin].line].dropped =
            is_said_elsewhere(lines, &lines->lines[heads[begin].line]);
}

/* ---- Bullets ---- */

static bool is_bullet(const struct pdf_lines *lines, const struct pdf_line *line) {
    return line->end - line->begin == 3 &&
           !memcmp(lines->text.data + line->begin, "\xE2\x80\xA2", 3);
}

/* The page may give bullets first, their texts later: find the nearest text in the same row. */
static void place_bullet(struct pdf_lines *lines, size_t index) {
    struct pdf_line *bullet = &lines->lines[index], *best = NULL;
    float middle = (bullet->top + bullet->bottom) / 2;
    size_t begin = index > NEIGHBOURS ? index - NEIGHBOURS : 0;
    for (size_t i = begin; i < lines->count && i < index + NEIGHBOURS; i++) {
        struct pdf_line *line = &lines->lines[i];
        if (line->page == bullet->page && line->top < middle && line->bottom > middle &&
            line->left > bullet->left && (!best || line->left < best->left) && !line->bullet &&
            !is_bullet(lines, line))
            best = line;
    }
    bullet->dropped = true;
    if (best) {
        best->bullet = true;
        best->left = bullet->left;
    }
}

int pdf_lines_finish(struct pdf_lines *lines) {
    if (lines->text.failed)
        return PLENARY_ENOMEM;
    size_t count = 0;
    unsigned sought = 0;
    struct head *heads = lines->count ? calloc(lines->count, sizeof *heads) : NULL;
    if (lines->count && !heads)
        return PLENARY_ENOMEM;
    for (size_t i = 0; i < lines->count; i++) {
        struct pdf_line *line = &lines->lines[i];
        while (line->end > line->begin && lines->text.data[line->end - 1] == ' ')
            line->end--;
        if (line->edge && is_number(lines, line))
            line->dropped = true;
        else if (is_bullet(lines, line))
            place_bullet(lines, i);
        else if (line->edge && line->end - line->begin <= HEAD_BYTES)
            heads[count++] = (struct head){hash_head(lines, line), i};
    }
    if (count)
        qsort(heads, count, sizeof *heads, compare_heads);
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && heads[end].hash == heads[begin].hash;)
            end++;
        drop_heads(lines, heads, begin, end, &sought);
    }
    free(heads);
    lines->body = body_size(lines);
    return 0;
}

void pdf_lines_free(struct pdf_lines *lines) {
    bytes_free(&lines->text);
    free(lines->lines);
    *lines = (struct pdf_lines){.lines = NULL};
}
