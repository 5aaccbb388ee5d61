/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plenary-index --info and --check: look at an index without changing it. */
#ifndef PLENARY_INDEXER_INSPECT_H
#define PLENARY_INDEXER_INSPECT_H

#include "corpus/error.h"

/* Print segments, sizes by part, documents, passages and generation to stdout. */
int inspect_info(const char *index, struct error *err);

/* Verify every segment, faults to stdout. 0 sound, 1 faults found, negative: could not check. */
int inspect_check(const char *index, struct error *err);

#endif
