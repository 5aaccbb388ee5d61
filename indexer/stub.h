/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * INDEX/xapian.stub, one path for other Xapian programs to a portable index however many segments
 * it has: a stub database, that is, a text file of lines
 *
 *   auto segments/NNNNNN
 *
 * for which Xapian takes the folder that the file is in. It is replaced as a whole by rename(2),
 * after the manifest and before segments that it no longer names are removed; where a writer died
 * between the two, the next one catches up. So it names segments that are there, at all times.
 */
#ifndef PLENARY_INDEXER_STUB_H
#define PLENARY_INDEXER_STUB_H

#include "indexer/manifest.h"

/* Write it if it is not so already. */
int stub_write(const struct manifest *manifest, const char *index, struct error *err);

#endif
