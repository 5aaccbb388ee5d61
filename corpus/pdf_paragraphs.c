/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/pdf_paragraphs.h"

#include "corpus/hyphen.h"
#include "corpus/letters.h"
#include "corpus/line.h"
#include "corpus/marker.h"
#include "corpus/passage_builder.h"
#include "corpus/unwrap.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADING_BYTES = 200,
    HEADING_LINES = 3,
    SIZES_MAX = 4,
    NEIGHBOURS = 30,
    TYPES = 200,    /* sizes of type that are told apart, in half points */
    DISTANCES = 60, /* from line to line, in twentieths of the size */
};

/* In parts of the type's size. */
static const float LARGER = 1.12F, INDENT = 0.8F, SAME_ROW = 0.5F, MORE_SPACE = 1.25F;

struct cutting {
    const struct pdf_lines *lines;
    const char *text;
    struct passage_builder builder;
    struct hyphen_evidence *evidence;
    struct span *spans; /* of the open paragraph; owned */
    size_t *members;    /* its lines; owned */
    size_t count;
    float left, hanging;            /* of the open paragraph: leftmost, and of its later lines */
    float distances[TYPES];         /* from line to line by size of type, in that size */
    float heading_sizes[SIZES_MAX]; /* falling; 0: none */
    struct bytes joined;
};

static struct line as_line(const struct pdf_line *line) {
    return (struct line){.begin = line->begin, .end = line->end, .number = 1, .page = line->page};
}

static const struct pdf_line *first_line(const struct cutting *cutting) {
    return &cutting->lines->lines[cutting->members[0]];
}

/* ---- Measuring ---- */

static bool follows(const struct pdf_line *before, const struct pdf_line *line) {
    return before->page == line->page && line->bottom > before->bottom + before->size * SAME_ROW;
}

static size_t type_of(float size) {
    return size <= 0 ? 0 : size * 2 >= TYPES ? TYPES - 1 : (size_t)(size * 2);
}

/* The smallest of the distances that occur often. */
static float often(const uint32_t *counts) {
    size_t best = 0, i = 1;
    for (size_t at = 1; at < DISTANCES; at++)
        best = counts[at] > counts[best] ? at : best;
    while (i < best && counts[i] * 3 <= counts[best])
        i++;
    return counts[best] ? ((float)i + 1) / 20 : 1.2F;
}

/* How far lines of one size are from each other. */
static bool measure_distances(struct cutting *cutting) {
    const struct pdf_lines *lines = cutting->lines;
    uint32_t(*counts)[DISTANCES] = calloc(TYPES, sizeof *counts);
    if (!counts)
        return false;
    for (size_t i = 1; i < lines->count; i++) {
        const struct pdf_line *before = &lines->lines[i - 1], *line = &lines->lines[i];
        if (before->dropped || line->dropped || !follows(before, line) || line->size <= 0 ||
            type_of(before->size) != type_of(line->size))
            continue;
        float distance = (line->bottom - before->bottom) / line->size * 20;
        if (distance < DISTANCES)
            counts[type_of(line->size)][(size_t)distance]++;
    }
    for (size_t i = 0; i < TYPES; i++)
        cutting->distances[i] = often(counts[i]);
    free(counts);
    return true;
}

/* The largest sizes of type, which rank headings. */
static void measure_headings(struct cutting *cutting) {
    const struct pdf_lines *lines = cutting->lines;
    for (size_t i = 0; i < lines->count; i++) {
        float size = lines->lines[i].size;
        size_t at = 0;
        if (lines->lines[i].dropped || size < lines->body * LARGER)
            continue;
        while (at < SIZES_MAX && cutting->heading_sizes[at] > size * 1.03F)
            at++;
        if (at == SIZES_MAX || cutting->heading_sizes[at] >= size * 0.97F)
            continue;
        memmove(cutting->heading_sizes + at + 1, cutting->heading_sizes + at,
                (SIZES_MAX - 1 - at) * sizeof(float));
        cutting->heading_sizes[at] = size;
    }
}

/* How far right the lines around this one, in its column, go. */
static float column_right(const struct pdf_lines *lines, size_t index) {
    const struct pdf_line *line = &lines->lines[index];
    size_t begin = index > NEIGHBOURS ? index - NEIGHBOURS : 0;
    float right = line->right;
    for (size_t i = begin; i < lines->count && i < index + NEIGHBOURS; i++) {
        const struct pdf_line *other = &lines->lines[i];
        if (other->page == line->page && !other->dropped && other->left < line->right &&
            other->right > line->left && other->size < line->size * LARGER &&
            other->left > line->left - line->size * 3 && other->left < line->left + line->size * 3)
            right = other->right > right ? other->right : right;
    }
    return right;
}

/* ---- Borders ---- */

static bool opens_item(const struct cutting *cutting, const struct pdf_line *before,
                       const struct pdf_line *line) {
    struct line text = as_line(line), last = as_line(before);
    struct marker marker = marker_read(cutting->text, &text);
    if (line->bullet)
        return true;
    if (marker.style == MARKER_NONE)
        return false;
    struct line first = as_line(first_line(cutting));
    struct marker opener = marker_read(cutting->text, &first);
    if (marker.style == MARKER_BULLET && opener.symbol == marker.symbol &&
        opener.style == marker.style)
        return true;
    bool sentence = line_ends_sentence(cutting->text, &last);
    uint32_t end = line_last(cutting->text, &last);
    if (marker.style == MARKER_BULLET && !marker_is_dash(&marker))
        return true;
    return sentence || end == ':' || end == ';' || line->left < cutting->left - line->size * INDENT;
}

/* Over the end of a column or page: the sentence tells. */
static bool goes_on(const struct cutting *cutting, const struct pdf_line *before,
                    const struct pdf_line *line) {
    struct line last = as_line(before), next = as_line(line);
    uint32_t end = line_last(cutting->text, &last);
    return !line_ends_sentence(cutting->text, &last) && end != ':' &&
           (line_starts_lower(cutting->text, &next) || end == ',');
}

static bool ends_early(const struct cutting *cutting, size_t index, const struct pdf_line *next) {
    const struct pdf_line *line = &cutting->lines->lines[index];
    struct line text = as_line(line), after = as_line(next);
    float right = column_right(cutting->lines, index), width = right - line->left;
    size_t bytes = next->end - next->begin;
    float letter = bytes ? (next->right - next->left) / (float)bytes : 0;
    float word = (float)(line_first_word(cutting->text, &after) + 2) * letter;
    bool sentence = line_ends_sentence(cutting->text, &text);
    if (sentence && line->right + word < right)
        return true;
    uint32_t end = line_last(cutting->text, &text);
    return line->right < line->left + width * 0.6F && end != ',' && !letters_is_dash(end) &&
           line_starts_fresh(cutting->text, &after);
}

/* Of a table of contents, with dots that lead to a page. */
static bool is_row(const struct cutting *cutting, const struct pdf_line *line) {
    struct line text = as_line(line);
    line_classify(cutting->text, &text);
    return text.class == LINE_ROW;
}

static bool is_border(const struct cutting *cutting, size_t index, const struct pdf_line *next) {
    const struct pdf_line *line = &cutting->lines->lines[index];
    struct line text = as_line(line);
    if (is_row(cutting, line) || is_row(cutting, next))
        return true;
    if (line->page == next->page && next->bottom > line->bottom - line->size * SAME_ROW &&
        next->bottom < line->bottom + line->size * SAME_ROW)
        return next->bullet || next->left < line->left; /* cells, or a number and its text */
    if (next->size > line->size * LARGER || line->size > next->size * LARGER ||
        line->bold != next->bold)
        return true;
    if (opens_item(cutting, line, next))
        return true;
    if (!follows(line, next))
        return !goes_on(cutting, line, next);
    float distance = cutting->distances[type_of(line->size)] * line->size;
    if (next->bottom - line->bottom > distance * MORE_SPACE)
        return true;
    float indent = line->size * INDENT;
    bool sentence = line_ends_sentence(cutting->text, &text);
    if (sentence && next->left > cutting->left + indent && cutting->hanging < next->left - indent)
        return true;
    if (cutting->count > 1 && next->left < cutting->hanging - indent && sentence)
        return true;
    return ends_early(cutting, index, next);
}

/* ---- Passages ---- */

/* 1.. for a heading, else 0: lines in larger type, or in bold type by themselves. */
static unsigned heading_level(const struct cutting *cutting) {
    const struct pdf_line *first = first_line(cutting);
    const struct pdf_line *last = &cutting->lines->lines[cutting->members[cutting->count - 1]];
    struct line text = as_line(last);
    unsigned level = 0;
    if (cutting->count > HEADING_LINES || cutting->joined.size > HEADING_BYTES)
        return 0;
    while (level < SIZES_MAX && cutting->heading_sizes[level] > first->size * 1.03F)
        level++;
    if (first->size >= cutting->lines->body * LARGER)
        return level + 1;
    bool sentence = line_ends_sentence(cutting->text, &text);
    return first->bold && !sentence ? level + 1 : 0;
}

static bool has_letters(const struct bytes *text) {
    for (size_t at = 0; at < text->size;)
        if (letters_is_letter(letters_at((const char *)text->data, at, text->size, &at)))
            return true;
    return false;
}

/* Bullets and rules by themselves are no text. */
static bool is_bare(const struct bytes *text) {
    for (size_t at = 0; at < text->size; at++)
        if (letters_is_digit(text->data[at]))
            return false;
    return !has_letters(text);
}

static int set_kind(struct cutting *cutting, struct block *block, size_t *begin) {
    const char *text = (const char *)cutting->joined.data;
    struct line line = {.end = cutting->joined.size, .number = 1};
    struct marker marker = marker_read(text, &line);
    unsigned level = has_letters(&cutting->joined) ? heading_level(cutting) : 0;
    if (is_row(cutting, first_line(cutting))) {
        block->kind = PASSAGE_ROW;
        return 0;
    }
    if (first_line(cutting)->bullet) {
        block->kind = PASSAGE_ITEM;
        block->level = 1;
        return 0;
    }
    if (level && marker.style != MARKER_BULLET) {
        block->kind = PASSAGE_HEADING;
        block->level = level > HEADING_LEVELS ? HEADING_LEVELS : level;
        return 0;
    }
    if (marker.style == MARKER_NONE || marker.text >= line.end)
        return 0;
    bool label = marker.style == MARKER_SECTION || marker.style == MARKER_REFERENCE ||
                 marker.style == MARKER_ARTICLE;
    block->kind = label ? PASSAGE_PARAGRAPH : PASSAGE_ITEM;
    block->level = label ? 0 : 1;
    if (marker.style == MARKER_ARTICLE)
        return 0;
    *begin = marker.text;
    if (marker.style == MARKER_BULLET)
        return 0;
    block->label = arena_text(&cutting->builder.document->arena, text, marker.label_end);
    return block->label ? 0 : PLENARY_ENOMEM;
}

static int close_paragraph(struct cutting *cutting) {
    if (!cutting->count)
        return 0;
    struct document *document = cutting->builder.document;
    size_t first = document->passage_count, begin = 0;
    struct unwrap unwrap = {.text = cutting->text,
                            .spans = cutting->spans,
                            .count = cutting->count,
                            .evidence = cutting->evidence,
                            .row = is_row(cutting, first_line(cutting))};
    struct block block = {.kind = PASSAGE_PARAGRAPH};
    bytes_reset(&cutting->joined);
    int status = 0;
    if (unwrap_next(&unwrap, &cutting->joined) && !is_bare(&cutting->joined)) {
        status = set_kind(cutting, &block, &begin);
        if (!status)
            status = passage_builder_add(&cutting->builder, &block,
                                         (const char *)cutting->joined.data + begin,
                                         cutting->joined.size - begin);
    }
    uint32_t page = first_line(cutting)->page;
    for (size_t i = first; i < document->passage_count; i++)
        document->passages[i].page = page;
    cutting->count = 0;
    return cutting->joined.failed ? PLENARY_ENOMEM : status;
}

static void add_line(struct cutting *cutting, size_t index) {
    const struct pdf_line *line = &cutting->lines->lines[index];
    if (!cutting->count)
        cutting->left = cutting->hanging = line->left;
    else if (cutting->count == 1)
        cutting->hanging = line->left;
    cutting->left = line->left < cutting->left ? line->left : cutting->left;
    cutting->spans[cutting->count] = (struct span){line->begin, line->end, 0};
    cutting->members[cutting->count++] = index;
}

static int cut_lines(struct cutting *cutting) {
    const struct pdf_lines *lines = cutting->lines;
    for (size_t i = 0; i < lines->count; i++) {
        const struct pdf_line *line = &lines->lines[i];
        if (line->dropped || line->begin == line->end)
            continue;
        if (cutting->count && is_border(cutting, cutting->members[cutting->count - 1], line) &&
            close_paragraph(cutting))
            return PLENARY_ENOMEM;
        add_line(cutting, i);
    }
    return close_paragraph(cutting);
}

int pdf_paragraphs_cut(struct document *document, const struct pdf_lines *lines,
                       struct error *err) {
    if (!lines->count)
        return 0;
    struct cutting cutting = {.lines = lines, .text = (const char *)lines->text.data};
    passage_builder_init(&cutting.builder, document);
    measure_headings(&cutting);
    cutting.spans = calloc(lines->count, sizeof *cutting.spans);
    cutting.members = calloc(lines->count, sizeof *cutting.members);
    int status = cutting.spans && cutting.members && measure_distances(&cutting)
                     ? hyphen_gather(&cutting.evidence, cutting.text, lines->text.size, err)
                     : error_memory(err);
    if (!status && cut_lines(&cutting))
        status = error_memory(err);
    hyphen_free(cutting.evidence);
    passage_builder_free(&cutting.builder);
    bytes_free(&cutting.joined);
    free(cutting.spans);
    free(cutting.members);
    return status;
}
