/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "The CHAIR:", "Mr. SMITH (Indonesia):", "William J. Brennan, Jr.:": the words before a colon at
 * the start of a line that name who speaks, judged by that line alone; and the names
 * of a chat, "14:02 <nigel>". Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_SPEAKER_LINE_H
#define PLENARY_CORPUS_SPEAKER_LINE_H

#include "corpus/line.h"

struct speaker_line {
    size_t name_begin, name_end; /* equal: the line does not name a speaker */
    bool sure;  /* names a speaker by form alone: capitals, "The Chair", "Mr. ..." */
    bool label; /* it does not, but has that form: "Apologies:", "Agenda Item:" */
};

struct speaker_line speaker_line_read(const char *text, const struct line *line);

static inline bool speaker_line_named(const struct speaker_line *speaker) {
    return speaker->name_end > speaker->name_begin;
}

#endif
