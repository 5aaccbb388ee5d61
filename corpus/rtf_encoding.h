/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The 8-bit bytes of RTF (\'e9) as UTF-8, by Windows code page. Not thread-safe per object. */
#ifndef PLENARY_CORPUS_RTF_ENCODING_H
#define PLENARY_CORPUS_RTF_ENCODING_H

#include "corpus/bytes.h"

#include <iconv.h>

enum { RTF_PAGES = 24 };

struct rtf_encoding {
    iconv_t conversions[RTF_PAGES]; /* opened when first met: a text may go to and fro */
    unsigned pages[RTF_PAGES];
    unsigned count;
};

/* Append the text of these bytes; what means nothing in the code page becomes U+FFFD and counts. */
void rtf_encoding_add(struct rtf_encoding *encoding, unsigned page, const uint8_t *data,
                      size_t size, struct bytes *out, uint64_t *replaced);

/* The code page of a font's \fcharset; 0: that of the document. */
unsigned rtf_encoding_of_charset(int charset);

void rtf_encoding_free(struct rtf_encoding *encoding);

#endif
