/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which passages have words at the right places, told from the segments' forward index: phrases,
 * NEAR and exact words, as a source for Xapian's matcher.
 *
 * It is meant to stand beside the words' postings under a SHIM_AND or SHIM_FILTER: it claims to
 * match every passage, so the matcher asks it last, and only about passages that have all the
 * words. By itself it finds the same passages by reading every one's tokens.
 *
 * A passage is read in one pass with the Shift-And automaton (Baeza-Yates and Gonnet, A New
 * Approach to Text Searching, CACM 35:10, 1992): a bit for each place of each path, moved on by a
 * position of the text and masked with the places that what stands there can fill.
 *
 * One thread at a time. The paths are only read while opening; the snapshot is borrowed.
 */
#ifndef PLENARY_SEARCHER_PHRASE_SOURCE_H
#define PLENARY_SEARCHER_PHRASE_SOURCE_H

#include "indexer/index.h"
#include "searcher/query_words.h"
#include "shim/shim.h"

#include <stddef.h>
#include <stdint.h>

enum { PHRASE_PLACES_MAX = 16384 }; /* all paths' units together */

struct phrase_source;

/* Passages with one of the paths of each of `count` operands, and a span of operand i at most
 * windows[i] positions before or behind one of operand i + 1, without overlap. One operand is a
 * phrase or a word and needs no windows. PLENARY_ELIMIT beyond PHRASE_PLACES_MAX. */
int phrase_source_open(struct phrase_source **out, const struct query_operand *operands,
                       const uint32_t *windows, size_t count, const struct snapshot *snapshot,
                       struct error *err);
void phrase_source_close(struct phrase_source *source);

/* For a query's node; valid until phrase_source_close. */
const struct shim_source *phrase_source_shim(const struct phrase_source *source);

/* What went wrong in a search so far: the matcher cannot be told, it sees the end of the passages.
 * 0, or the first error. */
int phrase_source_fault(const struct phrase_source *source, struct error *err);

#endif
