/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words that stand before a colon in records without naming who speaks: "Note:", "Decision:",
 * "Tagesordnungspunkt 3:". A false speaker is worse than a missed one, so a label with one of these
 * in it names nobody unless the record's own list of people says otherwise. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_LABEL_WORDS_H
#define PLENARY_CORPUS_LABEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* ASCII letters in either case. */
bool label_word(const char *text, size_t size);

#endif
