/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What format a file is in, told from its first bytes and, where they leave it open, its name.
 * Pure functions; any number of threads.
 */
#ifndef PLENARY_CORPUS_FORMAT_H
#define PLENARY_CORPUS_FORMAT_H

#include "corpus/reader.h"

enum {
    /* How many bytes are worth showing to format_detect. */
    FORMAT_SAMPLE = 64 * 1024
};

/* The format of a file named `name` that starts with these bytes (decompressed, UTF-8). `complete`:
 * they are the whole file. Never FORMAT_AUTO. */
enum corpus_format format_detect(const char *name, const uint8_t *data, size_t size, bool complete);

/* The format of files that are known by how they begin, whatever their encoding: RTF, mail, and
 * FORMAT_ZIP for what format_of_zip tells; else FORMAT_AUTO. */
enum corpus_format format_of_magic(const uint8_t *data, size_t size);

/* What a whole zip archive is; FORMAT_AUTO with *kind said ("a zip archive") where it is none that
 * can be read. */
enum corpus_format format_of_zip(const uint8_t *data, size_t size, const char **kind);

/* What kind of file this is ("PDF", "a PNG image"), if it is one that cannot be read; else NULL. */
const char *format_unreadable(const char *name, const uint8_t *data, size_t size, bool complete);

/* Its slices can be read by themselves: one record a line. */
bool format_has_records(enum corpus_format format);

#endif
