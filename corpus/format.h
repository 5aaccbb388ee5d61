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

/* The format of files that are known by how they begin, whatever their encoding: PDF, RTF, mail,
 * archives, and FORMAT_ZIP for what format_of_zip tells; else FORMAT_AUTO. None that this build has
 * no library for. */
enum corpus_format format_of_magic(const uint8_t *data, size_t size);

/* What a whole zip archive is; FORMAT_AUTO with *kind said ("a zip archive") where it is none that
 * can be read. */
enum corpus_format format_of_zip(const uint8_t *data, size_t size, const char **kind);

/* What kind of file this is ("PDF", "a PNG image"), if it is one that cannot be read; else NULL. */
const char *format_unreadable(const char *name, const uint8_t *data, size_t size, bool complete);

/* What to read a file as, or why it cannot be read. */
struct format_verdict {
    enum corpus_format format; /* FORMAT_AUTO: not at all */
    char why[160];             /* then: "the file is binary, not text" */
};

/* All of the above: of a file that is not empty and starts with these bytes, decompressed but not
 * decoded. `forced`: what the user says it is, or FORMAT_AUTO. 0 or PLENARY_ENOMEM. */
int format_tell(struct format_verdict *verdict, enum corpus_format forced, const char *name,
                const uint8_t *data, size_t size, bool complete, struct error *err);

/* A file of this format can be hostile to what reads it, which is more than we would answer for. */
bool format_is_confined(enum corpus_format format);

/* Its slices can be read by themselves: one record a line. */
bool format_has_records(enum corpus_format format);

#endif
