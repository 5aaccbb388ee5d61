/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cues of WebVTT and SubRip files, and who speaks in them. Not thread-safe per object. */
#ifndef PLENARY_CORPUS_CAPTION_CUE_H
#define PLENARY_CORPUS_CAPTION_CUE_H

#include "corpus/bytes.h"

#include <stdbool.h>

struct caption_cue {
    uint64_t start, stop;          /* milliseconds */
    uint64_t line_begin, line_end; /* of the whole cue, 1-based */
    size_t begin, end;             /* its bytes in the text */
    const char *text;              /* its lines, with their markup */
    size_t size;
};

struct caption_cursor {
    const char *text;
    size_t size, at;
    uint64_t line; /* of `at`: 1 at first */
};

/* The next cue; false at the end. What is none (notes, styles, broken ones) is passed over. */
bool caption_next(struct caption_cursor *cursor, struct caption_cue *cue);

/* A line of times, as every cue has one: "00:01.000 --> 00:02.000". */
bool caption_is_timing(const char *line, size_t size);

/* A VOICE_MARK begins what another voice says; behind it its name, ended by VOICE_END. */
enum { CAPTION_VOICE = 1, CAPTION_VOICE_END = 2 };

/* The text without markup, <v Name> made a voice mark, entities resolved; into `out`, emptied. */
void caption_plain(const struct caption_cue *cue, struct bytes *out);

/* Length of a name before a colon at the start of a text, as "Ada Lovelace" of "Ada Lovelace: Yes";
 * 0: there is none. *text_begin: where the text behind it begins. */
size_t caption_name(const char *text, size_t size, size_t *text_begin);

enum { CAPTION_NAMES_MAX = 300, CAPTION_NAME_MAX = 64 };

/* How often each name comes before a cue. Zero it first. */
struct caption_names {
    struct caption_name_count {
        char name[CAPTION_NAME_MAX + 1];
        unsigned count;
    } names[CAPTION_NAMES_MAX];
    size_t count;
    uint64_t named, cues;
};

void caption_names_add(struct caption_names *names, const char *text, size_t size);

/* With all cues counted: is it the name of a speaker, rather than words before a colon? */
bool caption_names_hold(const struct caption_names *names, const char *name, size_t size);

#endif
