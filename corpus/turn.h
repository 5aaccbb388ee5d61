/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns of speech in minutes: "AKI: I agree.", "Michael Dawson: we should wait."
 *
 * THE RULES. A passage's first words, up to a colon, may be who speaks, or only a label ("Where:
 * Geneva"). A false speaker is worse than a missed one. They name who speaks if
 *   T1  the record's own list of people knows them (roster.h): initials, a first or last name, an
 *       account. Then they resolve: "RPR" becomes "Rob Palmer (RPR)", "Rob" "Rob Palmer";
 *   T2  they are initials that begin at least two passages, or stand next to other turns in a
 *       record that has some; or two or three such names joined ("DH & YK", "RW/YK");
 *   T3  they are one to four capitalised words that begin at least three passages, or one word in
 *       lower case that begins four, in the company of other turns; or, in a record with ten
 *       turns and more, one word between two turns;
 *   T4  their form leaves no doubt: "The CHAIR:", "Mr. SMITH:" (speaker_line.h), capitals with a
 *       title before ".-", as Pacific hansards print them, and "From Ann Lee to Everyone:" of
 * chats. T2 to T4 do not hold where one of the words is one that minutes use for labels
 * (label_words.h), nor where mostly names, numbers or links follow the colon ("Scribe: Ann Lee").
 * Remarks on how it was said ("JK (chat):") are no part of the name.
 *
 *   T5  A turn goes on over the paragraphs behind it, until the next turn, a heading, a table, a
 *       label, a line in brackets or the report of an outcome ("Conclusion"), where at least two
 *       in three paragraphs of its section (one in three, where three are of people named in full;
 *       or six in ten of the document) open turns. Elsewhere a
 *       paragraph belongs to the turn before only if it plainly goes on: what comes before ends in
 *       a colon or comma, or in no stop while it begins in lower case.
 *   T6  List items below a turn's own item, and a list behind its colon, belong to the turn, up to
 *       an item that begins with somebody else's name in brackets.
 *
 * Items of lists open turns in other forms, too: rules T7 to T10, in turn_item.h.
 */
#ifndef PLENARY_CORPUS_TURN_H
#define PLENARY_CORPUS_TURN_H

#include "corpus/document.h"

/* Does a line begin as a turn would? For telling turns apart inside one paragraph, where both of
 * two lines must. */
bool turn_starts(const char *text, size_t size);

/* Set the speaker of each paragraph and item that has none and belongs to a turn, and mark those
 * that open one. 0 or PLENARY_ENOMEM. */
int turn_mark(struct document *document);

/* For formats whose markup can say who speaks: where it did, in any passage, that is all there is
 * to know, and only names are resolved and turns marked; else as turn_mark. */
int turn_mark_unless_given(struct document *document);

#endif
