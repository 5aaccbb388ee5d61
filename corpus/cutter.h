/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of one paragraph_cut, shared by its parts and by nobody else:
 *   paragraph.c  the rules, the borders between paragraphs, the loop over lines
 *   heading.c    which short lines are headings, and the title
 *   cutter.c     lines in, passages out; the outline and the list levels
 * Functions that return int: 0 or a negative PLENARY_E…
 */
#ifndef PLENARY_CORPUS_CUTTER_H
#define PLENARY_CORPUS_CUTTER_H

#include "corpus/hyphen.h"
#include "corpus/layout.h"
#include "corpus/line.h"
#include "corpus/line_table.h"
#include "corpus/marker.h"
#include "corpus/paragraph.h"
#include "corpus/unwrap.h"

enum {
    OUTLINE_DEPTH = 6,
    LIST_DEPTH = 6,
    PENDING_MAX = 4,     /* heading candidates looked at together */
    CANDIDATE_LINES = 3, /* a heading in capitals may run over so many */
};

/* The passage being gathered. */
struct open_passage {
    bool active;
    bool headless; /* only its label or its speaker so far: the next line belongs to it */
    enum passage_kind kind;
    unsigned level;
    struct marker marker;
    struct line first, last; /* lines */
    size_t begin;            /* bytes: where it begins, its label included */
    const char *label, *speaker;
    bool hanging; /* its continuation lines are indented deeper than its first */
};

struct candidate {
    struct line line;
    struct marker marker;
    struct span spans[CANDIDATE_LINES];
    size_t count;
    bool strong; /* capitals: a heading even where weaker signs are doubtful */
};

struct cutter {
    struct document *document;
    const char *text;
    size_t size;
    const struct cut_options *options;
    struct error *err;
    struct layout layout;
    struct running_heads heads;
    struct hyphen_evidence *evidence;

    struct line_reader reader;
    struct line_table lines;
    struct line ahead, rest; /* the line behind the current one; a divided line's second part */
    bool has_ahead, has_rest;
    unsigned last_page_number;

    struct open_passage open;
    struct span *spans; /* of the open passage; owned */
    size_t span_count, span_capacity, span_bytes;
    struct bytes piece; /* text of the passage being emitted */

    struct candidate pending[PENDING_MAX];
    size_t pending_count;
    bool pending_overflow; /* the run of candidates is longer than headings come in */

    struct {
        unsigned level;
        const char *text;
    } outline[OUTLINE_DEPTH];
    size_t outline_depth;
    const char *path; /* of headings, as passages carry it */
    bool had_strong, had_numbered;
    struct {
        enum marker_style style;
        unsigned value, level;
    } numbered; /* the last numbered heading */
    struct {
        unsigned indent;
        enum marker_style style;
        uint32_t symbol;
    } list[LIST_DEPTH];
    size_t list_depth;
    size_t limit;         /* bytes of a passage; 0: none */
    const char *speaker;  /* of the turn we are in */
    size_t first_passage; /* passages the document had before */
    bool wants_title;
};

/* Lines. `cutter_next` skips blank lines and page numbers, noting both in the line. */
bool cutter_next(struct cutter *cutter, struct line *line);
void cutter_push_back(struct cutter *cutter, const struct line *line);

/* The open passage. */
int cutter_add_line(struct cutter *cutter, const struct line *line, size_t begin);
int cutter_close(struct cutter *cutter);

/* Emit spans as passages of the open passage's form. */
int cutter_emit(struct cutter *cutter, const struct open_passage *form, const struct span *spans,
                size_t count);

/* Emit a heading and put it into the outline; level 1..6. `title`: it names the document. */
int cutter_heading(struct cutter *cutter, const struct span *spans, size_t count, unsigned level,
                   bool title);

/* Depth 1.. of an item with this mark at this indent; keeps the stack of open lists. */
unsigned cutter_list_level(struct cutter *cutter, const struct line *line,
                           const struct marker *marker);

/* Headings. */
bool heading_is_underlined(const struct cutter *cutter, const struct line *line);
unsigned heading_hashes(const struct cutter *cutter, const struct line *line, size_t *text);
bool heading_is_list_label(const struct cutter *cutter, const struct line *line);
bool heading_is_candidate(const struct cutter *cutter, const struct line *line);
int heading_push(struct cutter *cutter, const struct line *line);

/* Decide on the candidates gathered; `followed`: text comes behind them. */
int heading_flush(struct cutter *cutter, bool followed);

/* A title from the first sentence, cut at a clause or word to 90 bytes or a little more. */
int heading_title_from_prose(struct cutter *cutter);

#endif
