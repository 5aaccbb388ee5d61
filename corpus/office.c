/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/office.h"

#include <stdio.h>
#include <string.h>

enum { CELL_PARAGRAPH = 400 /* bytes of text in a cell that make the table a page layout */ };

void office_init(struct office *office, struct document *document) {
    *office = (struct office){.document = document};
    passage_builder_init(&office->builder, document);
    office->builder.limit = PASSAGE_MARKED_LIMIT;
}

void office_text(struct office *office, const char *text, size_t size) {
    bytes_add(&office->builder.text, text, size);
    if (office->builder.text.failed)
        office->status = PLENARY_ENOMEM;
}

void office_break(struct office *office) {
    office_text(office, "\n", 1);
}

void office_set_label(struct office *office, const char *text, size_t size) {
    char *label = office->paragraph.label;
    if (size > OFFICE_LABEL - 1) /* cut between characters */
        for (size = OFFICE_LABEL - 1; size && ((unsigned char)text[size] & 0xC0) == 0x80;)
            size--;
    memcpy(label, text, size);
    label[size] = '\0';
}

/* ---- Passages ----------------------------------------------------------------------------------
 */

static bool is_blank(const struct bytes *text) {
    for (size_t i = 0; i < text->size; i++)
        if (text->data[i] > ' ')
            return false;
    return true;
}

static int set_title(struct office *office, size_t first) {
    struct document *document = office->document;
    if (document->passage_count == first || document->title)
        return 0;
    const struct passage *passage = &document->passages[first];
    size_t size = passage->text_end - passage->text_begin;
    document->title =
        arena_text(&document->arena, (const char *)document->text.data + passage->text_begin,
                   size < 400 ? size : 400);
    return document->title ? 0 : PLENARY_ENOMEM;
}

/* The text so far becomes a passage. */
static int add_passage(struct office *office, const struct office_paragraph *paragraph) {
    struct document *document = office->document;
    size_t first = document->passage_count;
    struct block block = {.kind = paragraph->kind,
                          .level = paragraph->level,
                          .speaker = paragraph->kind == PASSAGE_HEADING ? NULL : office->speaker,
                          .line_begin = office->line_begin,
                          .line_end = office->line_end,
                          .source_begin = office->begin,
                          .source_end = office->end};
    if (*paragraph->label && !(block.label = arena_string(&document->arena, paragraph->label)))
        return PLENARY_ENOMEM;
    int status = passage_builder_flush(&office->builder, &block);
    for (size_t i = first; i < document->passage_count; i++)
        document->passages[i].page = office->page;
    if (!status && paragraph->title)
        status = set_title(office, first);
    return status;
}

/* The number of a heading is a part of it: put it in front. */
static int put_label(struct office *office, const char *label) {
    struct bytes *text = &office->builder.text;
    size_t size = strlen(label) + 1;
    if (!bytes_reserve(text, size))
        return PLENARY_ENOMEM;
    memmove(text->data + size, text->data, text->size);
    memcpy(text->data, label, size - 1);
    text->data[size - 1] = ' ';
    text->size += size;
    return 0;
}

static int add_notes(struct office *office) {
    struct bytes *notes = &office->notes;
    int status = 0;
    for (size_t at = 0; at < notes->size && !status;) {
        const char *label = (const char *)notes->data + at, *text = label + strlen(label) + 1;
        size_t size = strlen(text);
        at += strlen(label) + size + 2;
        struct office_paragraph note = {.kind = PASSAGE_PARAGRAPH};
        snprintf(note.label, sizeof note.label, "%s", label);
        bytes_add(&office->builder.text, text, size);
        status = add_passage(office, &note);
    }
    bytes_reset(notes);
    return status;
}

static void flush(struct office *office) {
    struct bytes *text = &office->builder.text;
    struct office_paragraph paragraph = office->paragraph;
    int status = office->status;
    if (!status && !is_blank(text)) {
        if (office->rows)
            paragraph = (struct office_paragraph){
                .kind = text->size < CELL_PARAGRAPH * 2 ? PASSAGE_ROW : PASSAGE_PARAGRAPH};
        if (paragraph.kind == PASSAGE_HEADING && *paragraph.label) {
            status = put_label(office, paragraph.label);
            *paragraph.label = '\0';
        }
        if (!status)
            status = add_passage(office, &paragraph);
    }
    bytes_reset(text);
    if (!status && !office->depth && office->notes.size)
        status = add_notes(office);
    if (status)
        office->status = status;
}

void office_begin(struct office *office) {
    if (!office->rows)
        flush(office);
    office->paragraph = (struct office_paragraph){.kind = PASSAGE_PARAGRAPH};
}

void office_end(struct office *office) {
    if (office->rows && office->builder.text.size < CELL_PARAGRAPH)
        office_text(office, " ", 1);
    else
        flush(office);
}

void office_row_begin(struct office *office) {
    flush(office);
    office->rows++;
}

void office_cell_begin(struct office *office) {
    if (office->rows && !is_blank(&office->builder.text))
        office_text(office, " | ", 3);
}

void office_row_end(struct office *office) {
    flush(office);
    if (office->rows)
        office->rows--;
    office->paragraph = (struct office_paragraph){.kind = PASSAGE_PARAGRAPH};
}

void office_slide_begin(struct office *office, uint32_t number) {
    struct passage_builder *builder = &office->builder;
    flush(office);
    memset(builder->headings, 0, sizeof builder->headings);
    builder->path = builder->above = NULL;
    office->rows = 0;
    office->page = number;
    office->slide_first = office->document->passage_count;
}

void office_slide_end(struct office *office) {
    struct document *document = office->document;
    flush(office);
    for (size_t i = office->slide_first; i < document->passage_count; i++)
        if (document->passages[i].kind != PASSAGE_HEADING)
            document->passages[i].heading = office->builder.path;
}

/* ---- Paragraphs within a paragraph -------------------------------------------------------------
 */

void office_nest(struct office *office) {
    struct bytes *text = &office->builder.text;
    if (office->depth == OFFICE_NEST_MAX) {
        office->too_deep++;
        return;
    }
    office->frames[office->depth++] =
        (struct office_frame){office->paragraph, office->saved.size, office->rows};
    bytes_add(&office->saved, text->data, text->size);
    if (office->saved.failed)
        office->status = PLENARY_ENOMEM;
    bytes_reset(text);
    office->rows = 0;
    office->paragraph = (struct office_paragraph){.kind = PASSAGE_PARAGRAPH};
}

void office_unnest(struct office *office) {
    if (office->too_deep) {
        office->too_deep--;
        return;
    }
    if (!office->depth)
        return;
    flush(office);
    const struct office_frame *frame = &office->frames[--office->depth];
    if (office->saved.failed)
        return;
    bytes_reset(&office->builder.text);
    if (office->saved.size > frame->begin)
        office_text(office, (const char *)office->saved.data + frame->begin,
                    office->saved.size - frame->begin);
    office->saved.size = frame->begin;
    office->rows = frame->rows;
    office->paragraph = frame->paragraph;
}

void office_note(struct office *office, const char *label, const char *text, size_t size) {
    bytes_add(&office->notes, label, strlen(label) + 1);
    for (size_t i = 0; i < size; i++)
        bytes_add_byte(&office->notes, text[i] ? (uint8_t)text[i] : ' ');
    bytes_add_byte(&office->notes, '\0');
    if (office->notes.failed)
        office->status = PLENARY_ENOMEM;
}

int office_finish(struct office *office) {
    office->too_deep = 0;
    while (office->depth)
        office_unnest(office);
    flush(office);
    bytes_free(&office->saved);
    bytes_free(&office->notes);
    passage_builder_free(&office->builder);
    return office->status;
}
