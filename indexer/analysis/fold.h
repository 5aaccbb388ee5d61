/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folding: what makes São Tomé equal sao tome. NFKC, case folding and default-ignorable code points
 * as in Unicode's NFKC_Casefold, then diacritics, digits, apostrophes and hyphens by the rules in
 * README.md.
 *
 * A text is folded in small steps that do not depend on each other (a starter and the marks that
 * may combine with it), so that every folded byte can be traced to the source bytes it came from.
 * Pure functions; any thread.
 */
#ifndef PLENARY_INDEXER_FOLD_H
#define PLENARY_INDEXER_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* The most one step can write. */
enum { FOLD_STEP_MAX = 4 * 64 };

/* Fold the step that begins at text[*at] into `out`, move *at behind it and return the bytes
 * written (0 if the step folds to nothing). Needs *at < size. Never writes more than four times
 * the bytes it read. Bytes that are not UTF-8 become U+FFFD. */
size_t fold_step(const char *text, size_t size, size_t *at, char out[FOLD_STEP_MAX]);

#endif
