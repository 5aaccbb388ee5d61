/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/cutter.h"

#include "corpus/letters.h"

#include <stdlib.h>
#include <string.h>

enum {
    /* An open passage is emitted when it has gathered so much, so that a text without any border
     * needs bounded memory; a multiple of PASSAGE_LIMIT keeps the pieces even. */
    GATHER_BYTES = 4 * PASSAGE_LIMIT,
    GATHER_LINES = 8192,
    PATH_MAX_BYTES = 1000,
};

/* ---- lines in ---- */

/* A number alone on a line is a page number beside a blank line or a page break, or when it
 * continues the count. */
static bool drops_page_number(struct cutter *cutter, const struct line *line) {
    struct line_reader peek = cutter->reader;
    struct line next;
    unsigned number = line_page_number(cutter->text, line);
    bool alone = line->blanks || line->page_break || line->number == 1 ||
                 line->end - line->begin > 4 || number == cutter->last_page_number + 1;
    if (!alone && line_table_read(&cutter->lines, &peek, &next))
        alone = next.class == LINE_BLANK || next.page_break;
    if (alone)
        cutter->last_page_number = number;
    return alone;
}

static bool read_line(struct cutter *cutter, struct line *line) {
    unsigned blanks = 0;
    bool page_break = false;
    if (cutter->has_rest) {
        *line = cutter->rest;
        cutter->has_rest = false;
        return true;
    }
    while (line_table_read(&cutter->lines, &cutter->reader, line)) {
        page_break |= line->page_break;
        line->blanks = blanks;
        line->page_break = page_break;
        if (line->class == LINE_BLANK)
            blanks += blanks < 1000;
        else if ((line->class == LINE_PAGE_NUMBER && drops_page_number(cutter, line)) ||
                 running_heads_drop(&cutter->heads, cutter->text, line))
            page_break = true;
        else {
            if (line->class == LINE_PAGE_NUMBER)
                line->class = LINE_TEXT;
            if (cutter->layout.spaced && line->blanks == 1)
                line->blanks = 0;
            return true;
        }
    }
    return false;
}

bool cutter_next(struct cutter *cutter, struct line *line) {
    if (!cutter->has_ahead && !read_line(cutter, line))
        return false;
    if (cutter->has_ahead)
        *line = cutter->ahead;
    cutter->has_ahead = read_line(cutter, &cutter->ahead);
    return true;
}

/* The rest of a divided line comes before the line that was looked at ahead: put that one back by
 * letting the reader stand before it again. */
void cutter_push_back(struct cutter *cutter, const struct line *line) {
    if (cutter->has_ahead) {
        cutter->rest = cutter->ahead;
        cutter->has_rest = true;
    }
    cutter->ahead = *line;
    cutter->has_ahead = true;
}

/* ---- passages out ---- */

static uint64_t source_offset(const struct cutter *cutter, size_t offset) {
    const struct cut_options *options = cutter->options;
    return options->source_offset ? options->source_offset(options->context, offset) : 0;
}

static void place(const struct cutter *cutter, struct passage *passage, const struct unwrap *unwrap,
                  size_t begin) {
    const struct cut_options *options = cutter->options;
    passage->source_begin = source_offset(cutter, begin);
    passage->source_end = source_offset(cutter, unwrap->end);
    if (options->line) {
        passage->line_begin = options->line - 1 + unwrap->line_begin;
        passage->line_end = options->line - 1 + unwrap->line_end;
    }
}

int cutter_emit(struct cutter *cutter, const struct open_passage *form, const struct span *spans,
                size_t count) {
    struct unwrap unwrap = {.text = cutter->text,
                            .spans = spans,
                            .count = count,
                            .evidence = cutter->evidence,
                            .row = form->kind == PASSAGE_ROW,
                            .limit = cutter->limit};
    bool first = true;
    while (unwrap_next(&unwrap, &cutter->piece)) {
        struct passage *passage = document_add(
            cutter->document, form->kind, (const char *)cutter->piece.data, cutter->piece.size);
        if (!passage)
            return error_memory(cutter->err);
        place(cutter, passage, &unwrap, first ? form->begin : unwrap.begin);
        passage->level = form->level;
        passage->label = form->label;
        passage->speaker = form->speaker;
        passage->heading = form->kind == PASSAGE_HEADING ? NULL : cutter->path;
        /* Pages are known only where form feeds divide them. */
        passage->page = cutter->reader.page > 1 ? form->first.page : 0;
        first = false;
    }
    return cutter->piece.failed ? error_memory(cutter->err) : 0;
}

static int emit_open(struct cutter *cutter) {
    int rc = cutter_emit(cutter, &cutter->open, cutter->spans, cutter->span_count);
    cutter->span_count = cutter->span_bytes = 0;
    return rc;
}

int cutter_close(struct cutter *cutter) {
    if (!cutter->open.active)
        return 0;
    cutter->open.active = false;
    /* A label without text ("5." and nothing) is text after all. */
    if (cutter->open.headless && !cutter->span_count) {
        struct span span = {cutter->open.begin, cutter->open.first.end, cutter->open.first.number};
        cutter->open.label = NULL;
        return cutter_emit(cutter, &cutter->open, &span, 1);
    }
    return emit_open(cutter);
}

int cutter_add_line(struct cutter *cutter, const struct line *line, size_t begin) {
    if (begin >= line->end)
        return 0;
    if (cutter->span_count == cutter->span_capacity) {
        size_t capacity = cutter->span_capacity ? cutter->span_capacity * 2 : 64;
        struct span *grown = reallocarray(cutter->spans, capacity, sizeof *grown);
        if (!grown)
            return error_memory(cutter->err);
        cutter->spans = grown;
        cutter->span_capacity = capacity;
    }
    cutter->spans[cutter->span_count++] = (struct span){begin, line->end, line->number};
    cutter->span_bytes += line->end - begin;
    cutter->open.last = *line;
    if (cutter->span_bytes < GATHER_BYTES && cutter->span_count < GATHER_LINES)
        return 0;
    int rc = emit_open(cutter);
    cutter->open.begin = line->end; /* what follows begins behind this line */
    return rc;
}

/* ---- the outline ---- */

static int join_path(struct cutter *cutter) {
    struct bytes path = BYTES_INIT;
    for (size_t i = 0; i < cutter->outline_depth; i++) {
        if (i)
            bytes_add_string(&path, " > ");
        bytes_add_string(&path, cutter->outline[i].text);
    }
    cutter->path = NULL;
    bool failed = path.failed;
    if (!failed && path.size) {
        size_t size = path.size;
        while (size > PATH_MAX_BYTES && (size == path.size || (path.data[size] & 0xC0) == 0x80))
            size = size == path.size ? PATH_MAX_BYTES : size - 1;
        cutter->path = arena_text(&cutter->document->arena, (const char *)path.data, size);
        failed = !cutter->path;
    }
    bytes_free(&path);
    return failed ? error_memory(cutter->err) : 0;
}

static void outline_push(struct cutter *cutter, unsigned level, const char *text) {
    while (cutter->outline_depth && cutter->outline[cutter->outline_depth - 1].level >= level)
        cutter->outline_depth--;
    if (cutter->outline_depth < OUTLINE_DEPTH) {
        cutter->outline[cutter->outline_depth].level = level;
        cutter->outline[cutter->outline_depth++].text = text;
    }
}

int cutter_heading(struct cutter *cutter, const struct span *spans, size_t count, unsigned level,
                   bool title) {
    struct open_passage form = {.kind = PASSAGE_HEADING,
                                .level = level < 1   ? 1
                                         : level > 6 ? 6
                                                     : level,
                                .begin = spans[0].begin,
                                .first = {.page = cutter->reader.page}};
    struct document *document = cutter->document;
    size_t before = document->passage_count;
    int rc = cutter_emit(cutter, &form, spans, count);
    if (rc || document->passage_count == before)
        return rc;
    const struct passage *passage = &document->passages[document->passage_count - 1];
    const char *text =
        arena_text(&document->arena, (const char *)document->text.data + passage->text_begin,
                   passage->text_end - passage->text_begin);
    if (!text)
        return error_memory(cutter->err);
    cutter->list_depth = 0;
    cutter->speaker = NULL;
    if (title) {
        /* The title is shown with every hit; in the path it would only take room. */
        document->title = text;
        cutter->wants_title = false;
        return 0;
    }
    outline_push(cutter, form.level, text);
    return join_path(cutter);
}

/* ---- lists ---- */

unsigned cutter_list_level(struct cutter *cutter, const struct line *line,
                           const struct marker *marker) {
    size_t depth = cutter->list_depth;
    /* A list that stands further right than this item has ended. */
    while (depth && cutter->list[depth - 1].indent > line->indent + 1)
        depth--;
    /* At the same indent, another kind of mark is a deeper list, unless it is open further up. */
    size_t same = depth;
    while (same && !(cutter->list[same - 1].style == marker->style &&
                     cutter->list[same - 1].symbol == marker->symbol &&
                     cutter->list[same - 1].indent <= line->indent + 1 &&
                     line->indent <= cutter->list[same - 1].indent + 1))
        same--;
    if (same)
        depth = same;
    else if (depth < LIST_DEPTH) {
        cutter->list[depth].indent = line->indent;
        cutter->list[depth].style = marker->style;
        cutter->list[depth].symbol = marker->symbol;
        depth++;
    }
    cutter->list_depth = depth;
    return (unsigned)depth;
}
