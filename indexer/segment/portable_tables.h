/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables that make a segment whole in the eyes of other Xapian programs: termlist.glass and
 * docdata.glass, written while passages come, and position.glass, whose entries are kept in memory
 * by term and written at the end.
 *
 * What it takes is one passage, wherever that comes from. It does not write the postings: whoever
 * does must give the same terms, boolean ones too. One thread.
 */
#ifndef PLENARY_INDEXER_SEGMENT_PORTABLE_TABLES_H
#define PLENARY_INDEXER_SEGMENT_PORTABLE_TABLES_H

#include "corpus/error.h"
#include "indexer/segment/glass_version.h"
#include "indexer/segment/posting_builder.h"

#include <stddef.h>
#include <stdint.h>

struct portable_tables;

/* Create the three files in `folder`, which must not have them. */
int portable_tables_create(struct portable_tables **out, const char *folder, struct error *err);

/* Add a document: all its terms, distinct, in any order, and its data. Docids rise. */
int portable_tables_add(struct portable_tables *tables, uint32_t docid,
                        const struct builder_posting *postings, size_t count, const void *data,
                        size_t data_size, struct error *err);

/* Write the positions, finish all three; version->roots of GLASS_TERMLIST, GLASS_DOCDATA and
 * GLASS_POSITION are filled in. */
int portable_tables_finish(struct portable_tables *tables, struct glass_version *version,
                           struct error *err);

/* Bytes of memory in use. */
size_t portable_tables_memory(const struct portable_tables *tables);

/* Free; without a finish before, the files are removed. NULL is allowed. */
void portable_tables_close(struct portable_tables *tables);

#endif
