/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of date: and page:, one or a range: 2018, 2018-08-06, 2017..2018, 2018-08.., ..9.
 * Thread-safe: no state.
 */
#ifndef PLENARY_SEARCHER_QUERY_RANGE_H
#define PLENARY_SEARCHER_QUERY_RANGE_H

#include "corpus/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* yyyy, yyyy-mm or yyyy-mm-dd, and a day that exists, as yyyymmdd with 00 for what is not said. */
bool query_date_read(const char *text, size_t size, uint32_t *out);

/* Both ends inclusive, 0: open; not both. False if the text is none, or ends before it begins. */
bool query_range_dates(const char *text, size_t size, uint32_t *from, uint32_t *to);
bool query_range_pages(const char *text, size_t size, uint32_t *from, uint32_t *to);

#endif
