/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members of a zip archive in memory, as office files are made of: those that a reader wants,
 * decompressed, by name. libarchive does it; without it zip_members_read says so.
 * Not thread-safe per object.
 */
#ifndef PLENARY_CORPUS_ZIP_MEMBERS_H
#define PLENARY_CORPUS_ZIP_MEMBERS_H

#include "corpus/reader_bytes.h"

enum {
    ZIP_ENTRIES_MAX = 50000, /* in the archive */
    ZIP_MEMBERS_MAX = 8000,  /* read */
    ZIP_MEMBER_MAX = 128 << 20
};

struct zip_member {
    char *name; /* owned */
    struct bytes data;
};

struct zip_members {
    struct zip_member *list; /* owned */
    size_t count, capacity;
    bool encrypted;   /* one that was wanted is, and was left out */
    uint64_t *budget; /* that of the file */
};

/* Read all members for which `wanted` is true. Their bytes come off in->budget. zip_members_free in
 * all cases. Errors as for a bytes_reader. */
int zip_members_read(struct zip_members *out, const struct read_bytes *in,
                     bool (*wanted)(const char *name), struct error *err);

/* Of this name, in either case; NULL if there is none. */
const struct bytes *zip_members_find(const struct zip_members *members, const char *name);

/* Take the size of a member off the budget once more, before it is parsed again: a package can
 * point to one part a thousand times. 0 or PLENARY_ELIMIT. */
int zip_members_charge(const struct zip_members *members, const struct bytes *member,
                       struct error *err);

void zip_members_free(struct zip_members *members);

#endif
