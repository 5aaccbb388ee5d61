/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Single columns of a segment, for passes over many rows: a column whose strings repeat is read as
 * numbers, one for each distinct string, so that counting touches no string.
 *
 * Any number of threads. Values are checked against the file: PLENARY_EDAMAGED where they make no
 * sense.
 */
#ifndef PLENARY_INDEXER_SEGMENT_COLUMNS_H
#define PLENARY_INDEXER_SEGMENT_COLUMNS_H

#include "indexer/segment/lexicon.h"
#include "indexer/segment/segment.h"

/* Of passages: speakers and headings; of documents: titles and bodies. */
enum segment_strings { SEGMENT_SPEAKERS, SEGMENT_HEADINGS, SEGMENT_TITLES, SEGMENT_BODIES };

/* How many distinct strings there are: numbers are 1 to this. Less than 2^32. */
uint64_t segment_strings_count(const struct segment *segment, enum segment_strings which);

/* The number of a passage's or document's string; 0 where it has none. */
int segment_strings_number(const struct segment *segment, enum segment_strings which, uint32_t row,
                           uint32_t *number, struct error *err);

/* All of them in order of number until non-zero, which is returned; each text (no NUL behind it)
 * holds during the call. */
typedef int (*segment_string_fn)(void *context, uint32_t number, const char *text, size_t size);
int segment_strings_each(const struct segment *segment, enum segment_strings which,
                         segment_string_fn each, void *context, struct error *err);

/* The text of a number, in `arena`. */
int segment_strings_text(const struct segment *segment, enum segment_strings which, uint32_t number,
                         struct arena *arena, const char **out, struct error *err);

/* The id of a document into `out`, which is emptied first. */
int segment_read_document_id(const struct segment *segment, uint32_t document, struct bytes *out,
                             struct error *err);

/* 0 where it is not known. */
uint32_t segment_passage_page(const struct segment *segment, uint32_t passage);

/* The passage with this given id, if there is one: 1, 0 or negative. Reads all given ids. */
int segment_find_passage_id(const struct segment *segment, const char *id, uint32_t *passage,
                            struct error *err);

/* As segment_each_word with all that the lexicon tells. */
int segment_each_word_row(const struct segment *segment, const char *prefix, size_t size,
                          lexicon_fn each, void *context, struct error *err);

/* As segment_each_word_row over all words, where `each` may leap: see lexicon_leap. */
int segment_leap_words(const struct segment *segment, lexicon_leap_fn each, void *context,
                       struct error *err);

#endif
