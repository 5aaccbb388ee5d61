/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Zip archives without compression, to hand readers of office files the parts that a test wants.
 * CRCs are right, so that libarchive reads them.
 */
#ifndef PLENARY_TESTS_STORED_ZIP_H
#define PLENARY_TESTS_STORED_ZIP_H

#include "corpus/bytes.h"

#include <string.h>
#include <zlib.h>

struct stored_zip {
    struct bytes file, directory;
    unsigned count;
};

static inline void stored_zip_number(struct bytes *out, uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; i++)
        bytes_add_byte(out, (uint8_t)(value >> 8 * i));
}

/* Fields that a local header and a directory entry share. */
static inline void stored_zip_fields(struct bytes *out, const char *name, const void *data,
                                     size_t size) {
    stored_zip_number(out, 20, 2);        /* version needed */
    stored_zip_number(out, 0, 2 + 2 + 4); /* flags, stored, time */
    stored_zip_number(out, crc32(0, data, (uInt)size), 4);
    stored_zip_number(out, size, 4);
    stored_zip_number(out, size, 4);
    stored_zip_number(out, strlen(name), 2);
    stored_zip_number(out, 0, 2); /* extra */
}

static inline void stored_zip_add(struct stored_zip *zip, const char *name, const void *data,
                                  size_t size) {
    size_t offset = zip->file.size;
    bytes_add(&zip->file, "PK\3\4", 4);
    stored_zip_fields(&zip->file, name, data, size);
    bytes_add_string(&zip->file, name);
    bytes_add(&zip->file, data, size);
    bytes_add(&zip->directory, "PK\1\2", 4);
    stored_zip_number(&zip->directory, 20, 2);
    stored_zip_fields(&zip->directory, name, data, size);
    stored_zip_number(&zip->directory, 0, 2 + 2 + 2); /* comment, disk, attributes */
    stored_zip_number(&zip->directory, 0, 4);
    stored_zip_number(&zip->directory, offset, 4);
    bytes_add_string(&zip->directory, name);
    zip->count++;
}

static inline void stored_zip_string(struct stored_zip *zip, const char *name, const char *text) {
    stored_zip_add(zip, name, text, strlen(text));
}

/* Ends the archive: zip->file is it. */
static inline void stored_zip_finish(struct stored_zip *zip) {
    size_t offset = zip->file.size;
    bytes_add(&zip->file, zip->directory.data, zip->directory.size);
    bytes_add(&zip->file, "PK\5\6", 4);
    stored_zip_number(&zip->file, 0, 2 + 2);
    stored_zip_number(&zip->file, zip->count, 2);
    stored_zip_number(&zip->file, zip->count, 2);
    stored_zip_number(&zip->file, zip->directory.size, 4);
    stored_zip_number(&zip->file, offset, 4);
    stored_zip_number(&zip->file, 0, 2);
}

static inline void stored_zip_free(struct stored_zip *zip) {
    bytes_free(&zip->file);
    bytes_free(&zip->directory);
}

#endif
