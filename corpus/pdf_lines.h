/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a PDF in reading order, with where they stand on their page: what reader_pdf.c makes
 * paragraphs of. Lengths are in points (1/72 inch), downwards from the upper left corner of the
 * page. Not thread-safe per object.
 */
#ifndef PLENARY_CORPUS_PDF_LINES_H
#define PLENARY_CORPUS_PDF_LINES_H

#include "corpus/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pdf_line {
    size_t begin, end; /* bytes of pdf_lines.text, without space around them */
    uint32_t page;     /* 1.. */
    float left, right, top, bottom;
    float size;  /* of the type, most of the line */
    bool bold;   /* all of it */
    bool edge;   /* in the upper or lower margin, where running heads stand */
    bool bullet; /* one stands before it; it is not in the text */
    bool dropped;
};

struct pdf_lines {
    struct bytes text;      /* UTF-8; lines end in a newline, ligatures are taken apart */
    struct pdf_line *lines; /* owned */
    size_t count, capacity;
    uint32_t pages;
    float body; /* size of type that most of the text is in */
    float end;  /* private: where the last character ended */
};

/* The layout of one page, as poppler gives it: a character and its place, one after the other. */
struct pdf_character {
    uint32_t point;
    float left, right, top, bottom;
    float size;
    bool bold;
};

/* Add a character of `page`, which is `height` high; U'\n' ends a line. 0 or PLENARY_ENOMEM. */
int pdf_lines_add(struct pdf_lines *lines, uint32_t page, float height,
                  const struct pdf_character *character);

/*
 * After the last: find the size of the body, bring bullets together with their lines, and drop page
 * numbers and running heads. Of a running head the first stays, if nothing else in the document
 * says the same. 0 or PLENARY_ENOMEM.
 */
int pdf_lines_finish(struct pdf_lines *lines);

void pdf_lines_free(struct pdf_lines *lines);

#endif
