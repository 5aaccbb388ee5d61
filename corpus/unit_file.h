/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the units of one file share: its names, the line that names a TSV file's fields, text of its
 * start to tell the language from, and what is to be said once a file rather than once a slice.
 *
 * Counted references: the corpus holds one while it reads the file, each unit one. The counters may
 * be used from any thread; the rest does not change once the first unit has been handed out.
 */
#ifndef PLENARY_CORPUS_UNIT_FILE_H
#define PLENARY_CORPUS_UNIT_FILE_H

#include "corpus/bytes.h"
#include "corpus/metadata.h"
#include "corpus/reader.h"

#include <stdatomic.h>

struct unit_file {
    atomic_uint references;
    struct corpus_options options;
    char *path, *source;          /* owned */
    struct bytes header;          /* TSV: the first line, if it names the fields; else empty */
    struct bytes language_sample; /* UTF-8 */
    struct metadata metadata;     /* written down beside the file */
    atomic_uint_fast64_t replaced_bytes;
    atomic_bool unknown_field_told;
};

/* NULL when out of memory. */
struct unit_file *unit_file_create(const char *path, const char *source,
                                   const struct corpus_options *options);

struct unit_file *unit_file_keep(struct unit_file *file);

/* The last release frees it, and first warns of invalid bytes that were replaced. NULL is fine. */
void unit_file_release(struct unit_file *file);

#endif
