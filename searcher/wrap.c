/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/wrap.h"

#include "searcher/escape.h"

#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

void styled_add(struct styled_text *styled, const char *text, size_t size, const char *style) {
    size_t begin = styled->text.size;
    escape_terminal(&styled->text, text, size);
    if (!style || styled->text.size == begin || styled->text.failed)
        return;
    if (styled->span_count == styled->span_capacity) {
        size_t capacity = styled->span_capacity ? styled->span_capacity * 2 : 16;
        struct styled_span *spans = reallocarray(styled->spans, capacity, sizeof *spans);
        if (!spans) {
            styled->text.failed = true;
            return;
        }
        styled->spans = spans;
        styled->span_capacity = capacity;
    }
    styled->spans[styled->span_count++] = (struct styled_span){begin, styled->text.size, style};
}

void styled_reset(struct styled_text *styled) {
    bytes_reset(&styled->text);
    styled->span_count = 0;
}

void styled_free(struct styled_text *styled) {
    bytes_free(&styled->text);
    free(styled->spans);
    *styled = (struct styled_text)STYLED_TEXT_INIT;
}

struct writer {
    struct bytes *out;
    const struct styled_text *styled;
    const struct wrap_layout *layout;
    size_t span;        /* the first that does not lie behind what was written */
    const char *active; /* the style that is on */
    unsigned column;
};

static void set_style(struct writer *writer, const char *style) {
    if (writer->active == style)
        return;
    if (writer->active)
        bytes_add_string(writer->out, SGR_OFF);
    if (style)
        bytes_add_string(writer->out, style);
    writer->active = style;
}

/* Bytes [begin, end) of the text, in their styles. */
static void write_part(struct writer *writer, size_t begin, size_t end) {
    const struct styled_text *styled = writer->styled;
    const char *text = (const char *)styled->text.data;
    while (begin < end) {
        while (writer->span < styled->span_count && styled->spans[writer->span].end <= begin)
            writer->span++;
        size_t until = end;
        const char *style = NULL;
        if (writer->span < styled->span_count) {
            const struct styled_span *span = &styled->spans[writer->span];
            bool inside = span->begin <= begin;
            size_t border = inside ? span->end : span->begin;
            until = border < end ? border : end;
            style = inside ? span->style : NULL;
        }
        if (writer->layout->colour)
            set_style(writer, style);
        bytes_add(writer->out, text + begin, until - begin);
        begin = until;
    }
}

static unsigned count_columns(const char *text, size_t begin, size_t end) {
    unsigned columns = 0;
    while (begin < end)
        columns += column_width(utf8_next(text, end, &begin));
    return columns;
}

static void next_line(struct writer *writer) {
    set_style(writer, NULL);
    bytes_add_byte(writer->out, '\n');
    for (unsigned i = 0; i < writer->layout->indent; i++)
        bytes_add_byte(writer->out, ' ');
    writer->column = writer->layout->indent;
}

/* Piece by piece between two possible breaks. The spaces that end a piece wait for the next: at the
 * end of a line they are dropped. */
static void fill_lines(struct writer *writer, UBreakIterator *breaks, size_t size) {
    const char *text = (const char *)writer->styled->text.data;
    size_t begin = 0, written = 0;
    ubrk_first(breaks);
    while (begin < size) {
        int32_t next = ubrk_next(breaks);
        size_t end = next == UBRK_DONE || (size_t)next > size ? size : (size_t)next;
        size_t visible = end;
        while (visible > begin && text[visible - 1] == ' ')
            visible--;
        unsigned spaces = (unsigned)(begin - written),
                 columns = count_columns(text, begin, visible);
        bool fits = writer->column + spaces + columns <= writer->layout->width;
        if (!fits && writer->column > writer->layout->indent) {
            next_line(writer);
            written = begin;
        }
        write_part(writer, written, visible);
        writer->column += (unsigned)(begin - written) + columns;
        written = visible;
        begin = end;
    }
}

static int wrap_lines(struct writer *writer, struct error *err) {
    const struct bytes *text = &writer->styled->text;
    UErrorCode status = U_ZERO_ERROR;
    UText *view = utext_openUTF8(NULL, (const char *)text->data, (int64_t)text->size, &status);
    UBreakIterator *breaks = ubrk_open(UBRK_LINE, "", NULL, 0, &status);
    if (U_SUCCESS(status))
        ubrk_setUText(breaks, view, &status);
    if (U_SUCCESS(status))
        fill_lines(writer, breaks, text->size);
    if (breaks)
        ubrk_close(breaks);
    if (view)
        utext_close(view);
    if (U_FAILURE(status))
        return error_set(err, PLENARY_EENGINE, "ICU cannot break lines: %s", u_errorName(status));
    return 0;
}

int wrap_write(struct bytes *out, const struct styled_text *styled,
               const struct wrap_layout *layout, struct error *err) {
    struct writer writer = {
        .out = out, .styled = styled, .layout = layout, .column = layout->column};
    int status = 0;
    if (styled->text.failed)
        return error_memory(err);
    if (layout->width && styled->text.size <= INT32_MAX && styled->text.size > 0)
        status = wrap_lines(&writer, err);
    else
        write_part(&writer, 0, styled->text.size);
    set_style(&writer, NULL);
    return status;
}
