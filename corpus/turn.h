/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns of speech in minutes typed by hand: "AKI: I agree.", "Michael Dawson: we should wait."
 *
 * A passage's first words, up to a colon, may be who speaks, or only a label ("Where: Geneva").
 * Sure enough are: initials of two to four capitals that occur at least twice in the document, or
 * are explained in it ("(AKI)", "| AKI"); names of one to four capitalised words that begin at
 * least three passages and hold no word that minutes use for labels; what is sure in plain text
 * (speaker_line.h); and capitals with a title before ".-", as Pacific hansards print them.
 *
 * So are handles, one word in lower case, that begin at least five. A turn goes on over the
 * paragraphs behind it, up to the next name, label or heading, if most paragraphs of the document
 * begin with a name in full. Elsewhere a paragraph belongs to the turn before only if it plainly
 * goes on: what comes before ends in a colon or comma, or in no stop while it begins in lower case.
 */
#ifndef PLENARY_CORPUS_TURN_H
#define PLENARY_CORPUS_TURN_H

#include "corpus/document.h"

/* Does a line begin with initials and a colon, as a turn would? For telling turns apart inside one
 * paragraph. */
bool turn_starts(const char *text, size_t size);

/* Set the speaker of each paragraph and item that has none and begins with one. 0 or
 * PLENARY_ENOMEM. */
int turn_mark(struct document *document);

#endif
