/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Running heads: the short line that printers repeat at the top or foot of each page, and that text
 * taken from pages carries in the middle of sentences. A line is one if it comes at least three
 * times, at the distance of pages, and
 *   - it stands beside page breaks (form feeds, page numbers, other heads), whatever number in it
 *     changes: "Report of the Committee 12", or
 *   - it is a date, the same each time: "8 July 1998", or
 *   - it has no words but months, and one of its numbers counts on: "586 1998", "588 1998".
 * What ends as a sentence, names a speaker or stands in brackets is never one. The first of its
 * kind stays, since it may be the only place where the words stand.
 *
 * Show all lines first, then ask. Memory: a bounded table. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_RUNNING_HEAD_H
#define PLENARY_CORPUS_RUNNING_HEAD_H

#include "corpus/line.h"

struct running_head;

struct running_heads {
    struct running_head *entries; /* open addressing by hash; owned; NULL: none seen */
    size_t count, capacity;
    size_t last;     /* the entry of the line before, plus one; 0: it was no candidate */
    bool after_mark; /* the line before was one that stands at a page's edge */
};

/* Lines in order, without the blank ones. Out of memory, or when there are too many, what is new is
 * not noted and so never dropped. */
void running_heads_see(struct running_heads *heads, const char *text, const struct line *line);

/* Is this line one that was seen often enough, and not the first of its kind? */
bool running_heads_drop(struct running_heads *heads, const char *text, const struct line *line);

void running_heads_free(struct running_heads *heads);

#endif
