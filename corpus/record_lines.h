/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a unit of records, as valid UTF-8. Bytes that are not, and NULs, become U+FFFD and
 * are counted; a byte order mark at the start of the file is passed over. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_RECORD_LINES_H
#define PLENARY_CORPUS_RECORD_LINES_H

#include "corpus/bytes.h"
#include "corpus/reader.h"

struct record_line {
    const uint8_t *raw; /* as in the file, without the line's end */
    size_t raw_size;
    const char *text; /* the same as valid UTF-8 without NULs */
    size_t size;
    uint64_t number, offset; /* of the line and of its first byte in the (decompressed) file */
    uint64_t replaced;       /* bytes that became U+FFFD */
};

struct record_lines {
    const struct unit *unit;
    const struct corpus_options *options;
    uint64_t *skipped;
    const uint8_t *at, *end;
    uint64_t number;
    bool clean; /* the whole unit is valid UTF-8 without NULs */
    uint64_t replaced;
    struct bytes mended; /* the current line, where it was not clean */
};

void record_lines_init(struct record_lines *lines, const struct unit *unit,
                       const struct corpus_options *options, uint64_t *skipped);

/* 1: *line is the next line that is not blank (held until the next call); 0: the end; negative.
 * Lines longer than options.max_line are skipped with a notice. */
int record_lines_next(struct record_lines *lines, struct record_line *line, struct error *err);

/* Adds the bytes replaced to the unit's file, or warns of them if it has none; frees. */
void record_lines_finish(struct record_lines *lines);

#endif
