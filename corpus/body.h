/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose meeting it was, where the title, or a heading or short line before the first text,
 * says so. THE RULES:
 *
 *   W1  a word for an institution with the capitalised words around it: "Steering Committee",
 *       "Committee on Trade", "Deutscher Bundestag", "Conseil municipal"; in front of it go
 *       names, in several languages, "and", "of" and "the" between them; days, ordinals and words
 *       of proceedings (Minutes, Agenda, Meeting, Report) are no part;
 *   W2  what met: "Meeting of the Bali Process";
 *   W3  a name with an abbreviation in front of "Meeting", "Minutes", "Notes", "Call": "io.js TC
 *       Meeting", "102nd TC39 Meeting".
 *
 * The title may hold more; of a heading or line two thirds must be the name. A single word for an
 * institution ("the committee") names none. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_BODY_H
#define PLENARY_CORPUS_BODY_H

#include "corpus/document.h"

/* The part of `text`, one line, that names a body: its size, *begin where it starts; 0 for none. */
size_t body_in(const char *text, size_t size, size_t *begin);

/* Set document->body where it is not set and something says it. 0 or PLENARY_ENOMEM. */
int body_find(struct document *document);

#endif
