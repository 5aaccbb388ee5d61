/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Yes.", "Thank you.": turns that alone say nothing stay with their neighbours. A turn of fewer
 * words than asked for joins the passage before it; where none stands before it in its section, or
 * that has eight times as many words already, the turn behind joins it. Only turns are joined, and
 * only under one heading. The joined passage is said by who has most of its words; the names of all
 * stand in its text.
 */
#ifndef PLENARY_CORPUS_SHORT_TURN_H
#define PLENARY_CORPUS_SHORT_TURN_H

#include "corpus/document.h"

/* Before document_finish. 0 words: nothing is joined. Not thread-safe for one document. */
void short_turn_join(struct document *document, unsigned least_words);

#endif
