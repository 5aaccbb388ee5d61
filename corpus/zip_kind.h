/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kind of file a zip archive is, by what is in it: its central directory (PKWARE APPNOTE
 * 4.3.12) is read here, bounded by the bytes that there are. Pure, thread-safe.
 */
#ifndef PLENARY_CORPUS_ZIP_KIND_H
#define PLENARY_CORPUS_ZIP_KIND_H

#include <stddef.h>
#include <stdint.h>

enum zip_kind {
    ZIP_ARCHIVE, /* none of these: of any files */
    ZIP_DOCX,
    ZIP_PPTX,
    ZIP_XLSX,
    ZIP_ODT,
    ZIP_ODP,
    ZIP_ODS,
    ZIP_EPUB,
};

enum zip_kind zip_kind(const uint8_t *data, size_t size);

#endif
