/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a passage of a portable segment carries besides the terms of its words: boolean terms by
 * which other programs select, and a record by which they show it. Prefixes are Omega's where it
 * has them:
 *
 *   Q  id        the passage's, unless it has none of its own: DOCUMENT#NUMBER, or DOCUMENT#hN for
 *                a heading, the Nth of the document's passages, as in the programs' output
 *   D  yyyymmdd  the document's date; mm or dd 00 where only the month or year is known
 *   L  language  the stemmer's name
 *   B  body      whose meeting it was, as written
 *
 * A term longer than Xapian takes keeps its first bytes and ends in a hash of all.
 *
 * The record is a JSON object of strings: id, document, title, date (2018-08-06, 2018-08 or 2018),
 * source, heading, speaker, text; those that are not known are left out. Thread-safe.
 */
#ifndef PLENARY_INDEXER_SEGMENT_PORTABLE_PASSAGE_H
#define PLENARY_INDEXER_SEGMENT_PORTABLE_PASSAGE_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "indexer/segment/glass_postlist.h"
#include "indexer/segment/posting_builder.h"

#include <stddef.h>
#include <stdint.h>

/* The caller's; strings may be NULL but for document and language. */
struct portable_passage {
    const char *document, *title, *source, *body, *language;
    uint32_t date; /* 0: none */
    const char *id, *heading, *speaker;
    uint32_t number;  /* 0: a heading */
    uint32_t ordinal; /* among the document's passages, from 0 */
    const char *text;
    size_t text_size;
};

enum { PORTABLE_TERMS_MAX = 4 };

/* Zeroed is empty; it keeps its memory from passage to passage. */
struct portable_record {
    char texts[PORTABLE_TERMS_MAX][GLASS_TERM_MAX];
    struct builder_posting terms[PORTABLE_TERMS_MAX]; /* wdf 0, no positions */
    size_t term_count;
    struct bytes id;
    struct bytes data; /* JSON */
};

int portable_record_make(struct portable_record *out, const struct portable_passage *passage,
                         struct error *err);
void portable_record_free(struct portable_record *record);

#endif
