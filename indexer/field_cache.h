/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terms of titles, speakers and headings. Passages that are neighbours mostly share these, so
 * what was analysed of late is kept for the batch. One thread, one analyser.
 */
#ifndef PLENARY_INDEXER_FIELD_CACHE_H
#define PLENARY_INDEXER_FIELD_CACHE_H

#include "indexer/batch.h"

struct field_cache;

int field_cache_open(struct field_cache **out, struct error *err);
void field_cache_close(struct field_cache *cache);

/* The distinct terms of `text`, in `arena`. */
int field_cache_find(struct field_cache *cache, struct analyser *analyser, struct arena *arena,
                     unsigned field, const char *text, int language, const struct field_terms **out,
                     struct error *err);

/* To be called when the arena is reset or the analyser forgets. */
void field_cache_forget(struct field_cache *cache);

#endif
