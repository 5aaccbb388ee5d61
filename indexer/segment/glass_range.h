/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verifies beforehand what Xapian is going to read of postlist.glass: the blocks of a term's
 * postings, or of the lengths, and those on the way to them. Once verified they cost a look at a
 * bit each. Thread-safe.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_RANGE_H
#define PLENARY_INDEXER_SEGMENT_GLASS_RANGE_H

#include "indexer/segment/glass_reader.h"

/* 0 if all blocks that hold something of the term are as they were written, or it does not occur;
 * else PLENARY_EDAMAGED. A reader without checksums is let through. */
int glass_range_need_term(const struct glass_reader *reader, const void *term, size_t size,
                          struct error *err);

/* The same for the lengths of all documents. */
int glass_range_need_lengths(const struct glass_reader *reader, struct error *err);

#endif
