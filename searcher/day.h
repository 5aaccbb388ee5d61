/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A day, month or year as people write it in an option or an address. Thread-safe: no state.
 */
#ifndef PLENARY_SEARCHER_DAY_H
#define PLENARY_SEARCHER_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* yyyy, yyyy-mm or yyyy-mm-dd, and a day that exists: as yyyymmdd, 00 for what is not said. */
bool day_parse(const char *text, uint32_t *out);

#endif
