/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns that items of a list open without a colon: rules T7 to T10, after those of turn.h, whose
 * turns they lean on. None of them holds below a heading or an item of tasks, nor for an entry of
 * the list of those present.
 *
 *   T7   "[Ann] we should wait", "(Ann) we should wait", "[Ann]" above items of what she said. In
 *        brackets in front of a topic stands who proposes it, and that is no turn. So these speak
 *        only in items below another item, the topic, which must be more than a label ("Topics:",
 *        "Announcements"), and only where at least half of the bracketed items right below that
 *        topic read as something said (spoken.h). One that is alone there must be somebody known;
 *        so must one whose name stands in brackets nowhere else, unless most of the others are.
 *   T8   "Ann - we should wait", "Ann, we should wait", "@ann: we should wait": of somebody known,
 *        but not under initials. A comma must not address her ("Ann, could you ..."), go on about
 *        her ("Ann, who ...") or list her ("Ann, bob, and others"), and stand so twice; a dash not
 *        tell where she is from. "Ann" alone, above items of what she said: where another name
 *        does so in the same list, both of people present, or the one twice.
 *   T9   "Ann - we should wait" of somebody unknown who begins at least three different items so
 *        (four, if in lower case), two in three of which read as something said, in the company of
 *        others.
 *   T10  Of three and more items side by side that begin with a name and a dash or a colon: those
 *        that read as something said, where half are turns or two in three begin as only speech
 *        does ("Ann - thanks to Bob for the rota").
 *
 * Somebody is known who is on the list of those present (roster.h) or opens a turn elsewhere.
 */
#ifndef PLENARY_CORPUS_TURN_ITEM_H
#define PLENARY_CORPUS_TURN_ITEM_H

#include "corpus/document.h"
#include "corpus/roster.h"

/* Set the speakers of such items, which have none. 0 or PLENARY_ENOMEM. */
int turn_item_mark(struct document *document, const struct roster *roster);

#endif
