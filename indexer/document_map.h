/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the documents stand that a writer has added since it was opened, by the hash of a name. Two
 * names may have the same hash: the caller compares the names. 16 bytes and some air for each
 * document. One thread.
 */
#ifndef PLENARY_INDEXER_DOCUMENT_MAP_H
#define PLENARY_INDEXER_DOCUMENT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document_place {
    uint32_t segment, document;
};

struct document_map_slot;

struct document_map {
    struct document_map_slot *slots; /* owned */
    size_t count, capacity;
};

struct document_map_cursor {
    uint64_t hash;
    size_t at;
};

/* False: out of memory. */
bool document_map_add(struct document_map *map, uint64_t hash, struct document_place place);

/* Go through the places of a hash; each may be changed in place until the next add. NULL: no more.
 */
struct document_map_cursor document_map_seek(uint64_t hash);
struct document_place *document_map_next(const struct document_map *map,
                                         struct document_map_cursor *cursor);

void document_map_free(struct document_map *map);

#endif
