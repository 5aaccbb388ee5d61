/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The version file of a Xapian glass database, `iamglass`: it makes tables a database. Written
 * last.
 *
 * Only the postlist table must exist. A reader (Xapian::Database) takes missing docdata, position,
 * spelling and synonym tables as empty, and does without termlist: then termlist_begin, unique
 * terms and expansion are not to be had, and Xapian's own writer can open the database only with
 * DB_NO_TERMLIST. Database::check finds no fault with any of them missing. With all tables (see
 * glass_document.h, glass_position.h) Xapian's writer can add and delete as in a database of its
 * own.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_VERSION_H
#define PLENARY_INDEXER_SEGMENT_GLASS_VERSION_H

#include "corpus/error.h"
#include "indexer/segment/glass_table.h"

#include <stdint.h>

/* In the file's order. */
enum glass_table_number {
    GLASS_POSTLIST,
    GLASS_DOCDATA,
    GLASS_TERMLIST,
    GLASS_POSITION,
    GLASS_SPELLING,
    GLASS_SYNONYM,
    GLASS_TABLE_COUNT
};

struct glass_statistics {
    uint32_t documents, last_docid;
    uint32_t shortest, longest; /* document lengths; the shortest that is not 0 */
    uint32_t largest_wdf;
    uint64_t total_length;
};

struct glass_version {
    uint8_t uuid[16];
    struct glass_root roots[GLASS_TABLE_COUNT];
    struct glass_statistics statistics;
};

/* All zero; glass_sums_seal gives a segment's database its UUID. */
void glass_version_init(struct glass_version *version);

/* Write `folder`/iamglass, which must not exist, and fsync it. The folder itself is for the caller
 * to fsync. On failure no file is left. */
int glass_version_write(const struct glass_version *version, const char *folder, struct error *err);

#endif
