/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/rtf_encoding.h"

#include "corpus/iconv_text.h"

#include <stdio.h>

unsigned rtf_encoding_of_charset(int charset) {
    static const struct {
        int charset;
        unsigned page;
    } pages[] = {{77, 10000}, {128, 932},  {129, 949},  {134, 936},  {136, 950},
                 {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256},
                 {186, 1257}, {204, 1251}, {222, 874},  {238, 1250}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (pages[i].charset == charset)
            return pages[i].page;
    return 0;
}

static iconv_t conversion_of(struct rtf_encoding *encoding, unsigned page) {
    char name[24];
    for (unsigned i = 0; i < encoding->count; i++)
        if (encoding->pages[i] == page)
            return encoding->conversions[i];
    if (encoding->count == RTF_PAGES)
        iconv_close(encoding->conversions[--encoding->count]);
    if (page == 10000)
        snprintf(name, sizeof name, "MACINTOSH");
    else if (page == 65001)
        snprintf(name, sizeof name, "UTF-8");
    else
        snprintf(name, sizeof name, "CP%u", page);
    iconv_t conversion = iconv_open("UTF-8", name);
    if (conversion == (iconv_t)-1)
        conversion = iconv_open("UTF-8", "CP1252");
    if (conversion == (iconv_t)-1)
        return conversion;
    encoding->conversions[encoding->count] = conversion;
    encoding->pages[encoding->count++] = page;
    return conversion;
}

void rtf_encoding_add(struct rtf_encoding *encoding, unsigned page, const uint8_t *data,
                      size_t size, struct bytes *out, uint64_t *replaced) {
    iconv_t conversion = conversion_of(encoding, page);
    if (conversion == (iconv_t)-1)
        return;
    iconv(conversion, NULL, NULL, NULL, NULL);
    iconv_text_add(out, conversion, data, size, replaced);
}

void rtf_encoding_free(struct rtf_encoding *encoding) {
    while (encoding->count)
        iconv_close(encoding->conversions[--encoding->count]);
}
