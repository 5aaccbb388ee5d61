/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checksums over the Xapian files of a segment, whose blocks have none of their own. They stand in
 * a sidecar, postings.sums (grammar: glass_sums.c), a checksum for each 8 KiB of each file.
 *
 * Who reads such a file through a mapping asks glass_sums_need before each read; a page is verified
 * when it is first asked for. Xapian reads the files by itself, so what it is going to read is
 * asked for before: see glass_range.h. Immutable but for atomic marks: any number of threads.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_SUMS_H
#define PLENARY_INDEXER_SEGMENT_GLASS_SUMS_H

#include "indexer/segment/glass_version.h"
#include "indexer/segment/sidecar.h"

enum { GLASS_SUMS_PAGE_BITS = 13, GLASS_SUMS_PAGE = 1 << GLASS_SUMS_PAGE_BITS };

/* The files by number: the tables as in glass_version.h, then iamglass. */
enum { GLASS_SUMS_VERSION_FILE = GLASS_TABLE_COUNT, GLASS_SUMS_FILES };

/* "postlist.glass", ..., "iamglass". */
const char *glass_sums_file_name(unsigned file);

/* ---- Writing ------------------------------------------------------------------------------- */

/*
 * The last thing that is written of a segment, when all other files are in place: gives the
 * database the UUID that follows from what the segment holds and from the name of its folder, and
 * writes postings.sums. So segments with the same content differ in it if their numbers do, and are
 * the same to the byte if those are the same. Files are written, not fsynced, but for
 * postings.sums.
 */
int glass_sums_seal(const char *folder, struct error *err);

/* ---- Reading ------------------------------------------------------------------------------- */

/* Open `folder`/postings.sums: PLENARY_ENOTFOUND if there is none. sidecar_close ends it. */
int glass_sums_open(struct sidecar **out, const char *folder, struct error *err);

/* Had the segment bounds.blocks when it was written? */
bool glass_sums_tell_of_bounds(const struct sidecar *sums);

/* The checksums of one file, which is in memory. */
struct glass_sums {
    char *path;          /* of that file, for messages */
    const uint8_t *data; /* the caller's */
    uint64_t size;
    struct section sums;
    _Atomic uint64_t *verified; /* a bit for each page */
};

/* `sums`, the caller's, was opened for `folder`; `data` are all `size` bytes of the file.
 * PLENARY_EDAMAGED if it had another size when it was written, or did not exist. */
int glass_sums_init(struct glass_sums *out, const struct sidecar *sums, const char *folder,
                    unsigned file, const uint8_t *data, uint64_t size, struct error *err);
void glass_sums_free(struct glass_sums *sums);

typedef void (*glass_sums_report_fn)(void *context, const char *fault);

/* Verify every page of every file of the database, and that there are just those: `report` gets a
 * sentence for each fault. How many; negative if that cannot be told. */
int glass_sums_verify(const char *folder, glass_sums_report_fn report, void *context,
                      struct error *err);

/* The part of glass_sums_need that is seldom run. */
int glass_sums_need_pages(const struct glass_sums *sums, uint64_t offset, uint64_t size,
                          struct error *err);

static inline bool glass_sums_page_verified(const struct glass_sums *sums, uint64_t page) {
    /* Relaxed is enough: the bit guards bytes that never change. */
    uint64_t word = atomic_load_explicit(&sums->verified[page >> 6], memory_order_relaxed);
    return word >> (page & 63) & 1;
}

/* Must be called, and return 0, before bytes [offset, offset + size) of the file are read. */
static inline int glass_sums_need(const struct glass_sums *sums, uint64_t offset, uint64_t size,
                                  struct error *err) {
    if (size && size <= sums->size && offset <= sums->size - size) {
        uint64_t first = offset >> GLASS_SUMS_PAGE_BITS;
        uint64_t last = (offset + size - 1) >> GLASS_SUMS_PAGE_BITS;
        if (last - first <= 1 && glass_sums_page_verified(sums, first) &&
            glass_sums_page_verified(sums, last))
            return 0;
    }
    return glass_sums_need_pages(sums, offset, size, err);
}

#endif
