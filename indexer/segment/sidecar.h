/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The container that every file of a segment beside Xapian's is kept in: named sections of bytes,
 * a checksum for each page of them, and a checksum over those. Grammar of the bytes: sidecar.c.
 *
 * Writer: one thread; bytes go out in order, nothing is written twice, each write error is reported
 * with the file's name. Reader: the file is mapped, immutable after opening and safe for any number
 * of threads. A page's checksum is verified when something in it is first read, once per opening;
 * damage is PLENARY_EDAMAGED with file and byte. (Files of a segment are never shortened in place,
 * only unlinked, so that a mapping stays whole.)
 */
#ifndef PLENARY_INDEXER_SIDECAR_H
#define PLENARY_INDEXER_SIDECAR_H

#include "corpus/error.h"

#include <endian.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SIDECAR_PAGE_BITS = 12, SIDECAR_PAGE = 1 << SIDECAR_PAGE_BITS };

/* ---- Writing ------------------------------------------------------------------------------- */

struct sidecar_writer;

/* Create the file, or replace it. `kind` and `version` tell one sidecar from another. */
int sidecar_create(struct sidecar_writer **out, const char *path, uint8_t kind, uint32_t version,
                   struct error *err);

/* End the section before, if any, and begin section `id` (each id once a file). */
int sidecar_begin(struct sidecar_writer *writer, uint32_t id, struct error *err);

/* More bytes of the current section. */
int sidecar_append(struct sidecar_writer *writer, const void *data, size_t size, struct error *err);
int sidecar_append_u32(struct sidecar_writer *writer, uint32_t value, struct error *err);
int sidecar_append_u64(struct sidecar_writer *writer, uint64_t value, struct error *err);

/* Write the trailer and fsync. */
int sidecar_finish(struct sidecar_writer *writer, struct error *err);

size_t sidecar_memory(const struct sidecar_writer *writer);

/* Free; without a successful finish before, the file is removed. NULL is fine. */
void sidecar_writer_close(struct sidecar_writer *writer);

/* ---- Reading ------------------------------------------------------------------------------- */

struct sidecar {
    char *path;
    const uint8_t *data; /* the mapping */
    uint64_t size;       /* of the file */
    uint64_t content;    /* bytes covered by page checksums: header and sections */
    const uint8_t *checksums, *table;
    uint32_t section_count;
    _Atomic uint64_t *verified; /* a bit for each page */
};

struct section {
    const struct sidecar *sidecar;
    const uint8_t *data; /* read only what section_need has let through */
    uint64_t begin;      /* in the file */
    uint64_t size;
};

int sidecar_open(struct sidecar **out, const char *path, uint8_t kind, uint32_t version,
                 struct error *err);
void sidecar_close(struct sidecar *sidecar);

/* PLENARY_EDAMAGED if there is no such section. */
int sidecar_section(const struct sidecar *sidecar, uint32_t id, struct section *out,
                    struct error *err);

/* Verify every page, whether read before or not; `report` gets a sentence for each bad one (may be
 * NULL). The number of bad pages. */
uint64_t sidecar_verify(const struct sidecar *sidecar,
                        void (*report)(void *context, const char *fault), void *context);

/* "FILE: damaged at byte N (WHAT); ..." as PLENARY_EDAMAGED; `offset` is in the section. */
int section_damaged(const struct section *section, uint64_t offset, const char *what,
                    struct error *err);

/* The part of section_need that is seldom run. */
int section_verify_pages(const struct section *section, uint64_t offset, uint64_t size,
                         struct error *err);

static inline bool sidecar_page_verified(const struct sidecar *sidecar, uint64_t page) {
    /* Relaxed is enough: the bit guards bytes that never change. */
    uint64_t word = atomic_load_explicit(&sidecar->verified[page >> 6], memory_order_relaxed);
    return word >> (page & 63) & 1;
}

/* Must be called, and return 0, before bytes [offset, offset + size) of the section are read. */
static inline int section_need(const struct section *section, uint64_t offset, uint64_t size,
                               struct error *err) {
    if (size > section->size || offset > section->size - size)
        return section_damaged(section, offset, "something points outside its section", err);
    if (!size)
        return 0;
    uint64_t first = (section->begin + offset) >> SIDECAR_PAGE_BITS;
    uint64_t last = (section->begin + offset + size - 1) >> SIDECAR_PAGE_BITS;
    if (last - first > 1 || !sidecar_page_verified(section->sidecar, first) ||
        !sidecar_page_verified(section->sidecar, last))
        return section_verify_pages(section, offset, size, err);
    return 0;
}

static inline uint32_t load_u32(const uint8_t *data) {
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return le32toh(value);
}

static inline uint64_t load_u64(const uint8_t *data) {
    uint64_t value;
    memcpy(&value, data, sizeof value);
    return le64toh(value);
}

#endif
