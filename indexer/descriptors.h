/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * File descriptors: Xapian keeps up to four open for each segment (one for each table), so an index
 * of many segments may need more than a process is given to begin with. For a program's main; a
 * library leaves the limit alone.
 */
#ifndef PLENARY_INDEXER_DESCRIPTORS_H
#define PLENARY_INDEXER_DESCRIPTORS_H

#include "corpus/error.h"

#include <stdint.h>

/* Where standard input, output or error is closed, keep its number taken: else the next file opened
 * would get it, be read as the input, or have messages written into it. Call this first. */
void descriptors_keep_standard(void);

/* Allow this process as many as it may have: the soft limit becomes the hard one. */
void descriptors_raise_limit(void);

/* PLENARY_ELIMIT: this many segments of `index` are too many at once, and what to do. */
int descriptors_exhausted(const char *index, uint32_t segments, struct error *err);

#endif
