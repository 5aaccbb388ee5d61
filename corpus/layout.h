/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a text as a whole is laid out, measured in one pass before it is cut: where its lines wrap,
 * whether blank lines part its paragraphs, whether people take turns to speak in it.
 */
#ifndef PLENARY_CORPUS_LAYOUT_H
#define PLENARY_CORPUS_LAYOUT_H

#include "corpus/line_table.h"
#include "corpus/running_head.h"

struct layout {
    unsigned width; /* column at which lines wrap; 0: they do not, a line is a paragraph */
    unsigned slack; /* columns by which a wrapped line may fall short although a word would fit:
                       proportional type, ragged hand-made breaks */
    bool blanks;    /* paragraphs are parted by blank lines: short lines mean less */
    bool stanzas;   /* a line is a sentence, blank lines part paragraphs */
    bool few;       /* too few lines to measure whether they wrap */
    bool gaps;      /* blank lines occur more than by chance */
    bool spaced;    /* every line is followed by a blank one: a single blank means nothing */
    bool speech;    /* a transcript: speakers in front of colons, again and again */
    bool dashes;    /* dashes in the middle of lines may open items */
};

/* Also shows every line to `heads`, and keeps those read in `lines`. */
void layout_measure(struct layout *layout, struct running_heads *heads, struct line_table *lines,
                    size_t size);

/* Would the first word of `next` have fitted on `line`? Then the line was ended on purpose. */
bool layout_would_fit(const struct layout *layout, const char *text, const struct line *line,
                      const struct line *next);

#endif
