/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a writer that died, or a generation that is past, has left in an index folder. Only for the
 * holder of the lock.
 */
#ifndef PLENARY_INDEXER_LEFTOVERS_H
#define PLENARY_INDEXER_LEFTOVERS_H

#include "indexer/manifest.h"

#include <stdbool.h>

/* Remove segments and tombstones that the manifest does not name, and unfinished manifests. */
int leftovers_remove(const char *index, const struct manifest *manifest, struct error *err);

/* Whether a folder without a manifest may become an index: it is empty, or holds only what a first
 * writer that died has left. PLENARY_ENOTFOUND otherwise. */
int leftovers_check_new(const char *index, struct error *err);

/* Whether a folder is an index, of whatever version, or about to become one. */
bool leftovers_is_index(const char *folder);

#endif
