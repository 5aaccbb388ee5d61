/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a word processor's or presentation's file says, event by event, becomes passages: text of
 * paragraphs, list items and headings, rows of tables, footnotes behind the paragraph that has
 * their mark, text boxes before the paragraph that holds them. Not thread-safe: one office, one
 * document.
 */
#ifndef PLENARY_CORPUS_OFFICE_H
#define PLENARY_CORPUS_OFFICE_H

#include "corpus/passage_builder.h"

enum { OFFICE_NEST_MAX = 6, OFFICE_LABEL = 64 };

/* A paragraph, as its style and list make it. */
struct office_paragraph {
    enum passage_kind kind;
    unsigned level;
    char label[OFFICE_LABEL];
    bool title; /* the document's */
};

struct office {
    struct document *document;
    struct passage_builder builder;
    struct office_paragraph paragraph; /* the one being collected */
    unsigned rows;                     /* table rows that are open */
    struct bytes saved;                /* texts of the paragraphs around, outermost first */
    struct office_frame {
        struct office_paragraph paragraph;
        size_t begin; /* in `saved` */
        unsigned rows;
    } frames[OFFICE_NEST_MAX];
    unsigned depth, too_deep; /* frames in use, and nested ones beyond them */
    struct bytes notes;       /* to come behind the paragraph: label NUL text NUL ... */
    uint32_t page;            /* of passages to come, or 0 */
    size_t slide_first;       /* passage with which the slide begins */
    const char *speaker;      /* of passages to come, in the document's arena, or NULL */
    uint64_t begin, end;      /* of the paragraph in the source, where known */
    uint64_t line_begin, line_end;
    int status; /* 0 or PLENARY_ENOMEM; once set all calls do nothing */
};

void office_init(struct office *office, struct document *document);

void office_text(struct office *office, const char *text, size_t size);

/* A line break within the paragraph. */
void office_break(struct office *office);

/* A new paragraph, plain until office->paragraph is changed; and its end. Within a row, a short
 * paragraph is a part of the row. */
void office_begin(struct office *office);
void office_end(struct office *office);

void office_row_begin(struct office *office);
void office_cell_begin(struct office *office);
void office_row_end(struct office *office);

/* A slide: a section of its own, whose title heads all of it wherever it stands. */
void office_slide_begin(struct office *office, uint32_t number);
void office_slide_end(struct office *office);

/* The number of the item or heading as printed, cut to fit. */
void office_set_label(struct office *office, const char *text, size_t size);

/* Set the paragraph aside for others that stand within it, and take it up again. */
void office_nest(struct office *office);
void office_unnest(struct office *office);

/* A footnote of the paragraph, as printed: "3". White space in the text is folded. */
void office_note(struct office *office, const char *label, const char *text, size_t size);

/* The last paragraph's end, and the notes left. Gives back what the office holds, after an error
 * too. 0 or PLENARY_ENOMEM. */
int office_finish(struct office *office);

#endif
