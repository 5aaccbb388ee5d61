/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a note read as something said, rather than as a topic? "we should wait", "Is it safe?",
 * "agree, let's ask them" against "Budget for the pier", "New rota". Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_SPOKEN_H
#define PLENARY_CORPUS_SPOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* It does where it ends as a sentence of at least three words or as a question, or where one of its
 * words is a pronoun, an auxiliary verb, or one by which people agree, doubt or thank. */
bool spoken(const char *text, size_t size);

/* Does it begin as only speech does: is one of its first three words "I", "we", "yes", "thanks" or
 * the like? */
bool spoken_at_once(const char *text, size_t size);

#endif
