/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes position.glass, the table by which Xapian's own NEAR and PHRASE work. Plenary itself reads
 * positions from its token sidecar; other readers need this table. The grammar is at the head of
 * glass_position.c. One thread at a time; after a failed write every call fails.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_POSITION_H
#define PLENARY_INDEXER_SEGMENT_GLASS_POSITION_H

#include "corpus/error.h"
#include "indexer/segment/glass_version.h"

#include <stddef.h>
#include <stdint.h>

struct glass_positions;

/* Create `folder`/position.glass, which must not exist. `block_size`: see glass_table.h. */
int glass_positions_create(struct glass_positions **out, const char *folder, uint32_t block_size,
                           struct error *err);

/* The places of a term in a document, strictly rising, at least one. Terms rise (memcmp, shorter
 * first), and docids rise within a term. */
int glass_positions_add(struct glass_positions *positions, const void *term, size_t term_size,
                        uint32_t docid, const uint32_t *places, size_t count, struct error *err);

/* Finish; version->roots[GLASS_POSITION] is filled in. */
int glass_positions_finish(struct glass_positions *positions, struct glass_version *version,
                           struct error *err);

/* Free; without a successful finish before, the file is removed. NULL is allowed. */
void glass_positions_close(struct glass_positions *positions);

#endif
