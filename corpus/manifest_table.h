/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of one manifest.tsv by file name (metadata.h tells what it is). */
#ifndef PLENARY_CORPUS_MANIFEST_TABLE_H
#define PLENARY_CORPUS_MANIFEST_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum manifest_column {
    MANIFEST_FILENAME,
    MANIFEST_DATE,
    MANIFEST_TITLE,
    MANIFEST_BODY,
    MANIFEST_LANGUAGE,
    MANIFEST_COLUMNS, /* how many there are */
};

struct manifest_cell {
    const char *text; /* NULL: empty, or no such column */
    size_t size;
};

struct manifest_table;

/* Read the manifest at `path`: *out is NULL if there is none or it is not one. 0, PLENARY_ENOMEM,
 * or PLENARY_EIO with errno set for one that cannot be read or is larger than 64 MiB. */
int manifest_table_read(struct manifest_table **out, const char *path);

/* The line of the file of this name; the first where it is there twice. The cells point into the
 * table. */
bool manifest_table_find(const struct manifest_table *table, const char *name,
                         struct manifest_cell cells[MANIFEST_COLUMNS]);

void manifest_table_free(struct manifest_table *table);

#endif
