/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary-index --dry-run: how each file would be cut into passages, for a person to judge. No
 * index is read or written.
 */
#ifndef PLENARY_INDEXER_DRY_RUN_H
#define PLENARY_INDEXER_DRY_RUN_H

#include "indexer/options.h"

#include <signal.h>
#include <stdint.h>

/* Print to stdout; *skipped counts files and records left out. */
int dry_run(const struct index_options *options, const volatile sig_atomic_t *stop,
            uint64_t *skipped, struct error *err);

#endif
