/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a portable segment has in addition, made from batches: takes their passages apart again, for
 * portable_tables, and gives the posting builder the boolean terms. One thread.
 */
#ifndef PLENARY_INDEXER_PORTABLE_WRITER_H
#define PLENARY_INDEXER_PORTABLE_WRITER_H

#include "indexer/posting_store.h"
#include "indexer/segment/glass_version.h"
#include "indexer/vocabulary.h"

struct portable_writer;

int portable_writer_create(struct portable_writer **out, const char *folder, struct error *err);

/* The passages of a batch, whose first is docid first_docid; boolean terms go to `store`. Passages
 * without any other term get none: they stay out of the database, as in any segment. */
int portable_writer_append(struct portable_writer *writer, const struct vocabulary *vocabulary,
                           const struct batch *batch, uint32_t first_docid,
                           struct posting_store *store, struct error *err);

int portable_writer_finish(struct portable_writer *writer, struct glass_version *version,
                           struct error *err);

/* 0 for NULL. */
size_t portable_writer_memory(const struct portable_writer *writer);

/* Without a finish before, its files are removed. NULL is allowed. */
void portable_writer_close(struct portable_writer *writer);

#endif
