/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns of speech in minutes typed by hand: "AKI: I agree.", "Michael Dawson: we should wait."
 *
 * A passage's first words, up to a colon, may be who speaks, or only a label ("Where: Geneva").
 * Sure enough are: initials of two to four capitals that occur at least twice in the document, or
 * are explained in it ("(AKI)", "| AKI"); names of one to four capitalised words that begin at
 * least three passages and hold no word that minutes use for labels; and what is sure in plain text
 * (speaker_line.h).
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
