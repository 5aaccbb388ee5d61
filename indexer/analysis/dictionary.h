/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of scripts written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese), by ICU's
 * dictionaries. One thread per dictionary.
 */
#ifndef PLENARY_INDEXER_DICTIONARY_H
#define PLENARY_INDEXER_DICTIONARY_H

#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dictionary;

int dictionary_open(struct dictionary **out, struct error *err);
void dictionary_close(struct dictionary *dictionary);

/* Is this code point a letter of such a script? */
bool dictionary_covers(int32_t point);

/* Cut a run of such letters (valid UTF-8) into words: *ends points to the `count` byte offsets at
 * which words end, rising, the last one `size`; owned by the dictionary until its next call. */
int dictionary_cut(struct dictionary *dictionary, const char *text, size_t size,
                   const uint32_t **ends, size_t *count, struct error *err);

#endif
