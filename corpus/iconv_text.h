/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes through iconv(3), whatever they hold. As thread-safe as the conversion. */
#ifndef PLENARY_CORPUS_ICONV_TEXT_H
#define PLENARY_CORPUS_ICONV_TEXT_H

#include "corpus/bytes.h"

#include <iconv.h>

/* Append what `conversion`, to UTF-8, makes of these bytes; one that fits nowhere becomes U+FFFD
 * and counts in *replaced. out->failed when memory is short. */
void iconv_text_add(struct bytes *out, iconv_t conversion, const uint8_t *data, size_t size,
                    uint64_t *replaced);

#endif
