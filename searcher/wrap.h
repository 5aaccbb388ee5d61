/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text in lines of so many terminal columns, with parts of it in colour or bold. Lines break where
 * Unicode lets them (UAX #14) and columns are counted as terminals do (UAX #11). What has no place
 * to break, such as a long address, runs over, so that it can still be copied in one piece.
 */
#ifndef PLENARY_SEARCHER_WRAP_H
#define PLENARY_SEARCHER_WRAP_H

#include "corpus/bytes.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SGR_TITLE "\033[1m"
#define SGR_MATCH "\033[1;31m"
#define SGR_DIM "\033[2m"
#define SGR_OFF "\033[0m"

/* A run of text that is being put together, and how parts of it look. */
struct styled_text {
    struct bytes text; /* safe for a terminal */
    struct styled_span {
        size_t begin, end;
        const char *style; /* an SGR sequence */
    } * spans;             /* owned; apart, in order */
    size_t span_count, span_capacity;
};

#define STYLED_TEXT_INIT                                                                           \
    { BYTES_INIT, NULL, 0, 0 }

/* Append `size` bytes of any text, escaped for a terminal; `style` may be NULL for none. A failed
 * allocation shows as text.failed. */
void styled_add(struct styled_text *styled, const char *text, size_t size, const char *style);

void styled_reset(struct styled_text *styled);
void styled_free(struct styled_text *styled);

struct wrap_layout {
    unsigned width;  /* columns of a line, indentation included; 0: one line */
    unsigned column; /* where the first line begins: so much stands on it already */
    unsigned indent; /* of the lines after it */
    bool colour;     /* false: no SGR sequences */
};

/* Append to `out`, without a line end after the last line. */
int wrap_write(struct bytes *out, const struct styled_text *styled,
               const struct wrap_layout *layout, struct error *err);

#endif
