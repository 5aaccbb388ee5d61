/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What takes a look at the whole index, and is the same for all until the next generation: the
 * names to suggest, and the newest documents with the years that are covered. Each is made once.
 *
 * Thread-safe; what is handed out lives as long as the standing does (a list: until it is freed).
 * The snapshot is borrowed.
 */
#ifndef PLENARY_SEARCHER_STANDING_H
#define PLENARY_SEARCHER_STANDING_H

#include "corpus/error.h"
#include "indexer/index.h"
#include "searcher/plenary.h"
#include "searcher/suggest.h"

struct standing;

int standing_open(struct standing **out, const struct snapshot *snapshot, struct error *err);
void standing_close(struct standing *standing); /* NULL is fine */

/* Gathered: suggester_find on it may be called by several threads. */
int standing_suggester(struct suggester **out, struct standing *standing, struct error *err);

/* The newest documents, as many as library_list.c keeps; the caller does not free it. */
int standing_latest(struct plenary_list **out, struct standing *standing, struct error *err);

/* Make both now. */
int standing_make(struct standing *standing, struct error *err);

#endif
