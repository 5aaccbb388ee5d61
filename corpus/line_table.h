/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of one text with what each says by itself, so that it is found out once: measuring the
 * layout and cutting go over the same lines. Only the first LINE_TABLE_MAX lines are kept, which
 * bounds the memory (10 MB); what follows is read again. One thread.
 */
#ifndef PLENARY_CORPUS_LINE_TABLE_H
#define PLENARY_CORPUS_LINE_TABLE_H

#include "corpus/line.h"
#include "corpus/marker.h"
#include "corpus/speaker_line.h"

enum { LINE_TABLE_BLOCK = 256, LINE_TABLE_MAX = 65536 };

struct line_facts {
    struct marker marker;
    struct speaker_line speaker;
    uint32_t first, last; /* line_first, line_last */
    bool ends_sentence;
};

struct line_table {
    struct line_block *blocks[LINE_TABLE_MAX / LINE_TABLE_BLOCK]; /* owned */
    size_t count;
    const char *text; /* not owned */
    bool full;        /* or without memory: no line is added any more */
};

/* For `text`, which all readers of the table must read from its start. */
void line_table_init(struct line_table *table, const char *text);

/* As line_read; lines of text that are kept come with their facts. */
bool line_table_read(struct line_table *table, struct line_reader *reader, struct line *line);

void line_table_free(struct line_table *table);

/* marker_read and speaker_line_read, or what they said before. */
struct marker line_marker(const char *text, const struct line *line);
struct speaker_line line_speaker(const char *text, const struct line *line);

#endif
