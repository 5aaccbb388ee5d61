/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open addressing with linear probing, at most two thirds full. */
#include "indexer/document_map.h"

#include <stdlib.h>

struct document_map_slot {
    uint64_t hash;
    struct document_place place; /* segment UINT32_MAX: free */
};

static void place_slot(struct document_map_slot *slots, size_t capacity,
                       struct document_map_slot slot) {
    size_t at = slot.hash & (capacity - 1);
    while (slots[at].place.segment != UINT32_MAX)
        at = (at + 1) & (capacity - 1);
    slots[at] = slot;
}

static bool grow(struct document_map *map) {
    size_t capacity = map->capacity ? map->capacity * 2 : 1024;
    struct document_map_slot *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < capacity; i++)
        slots[i].place.segment = UINT32_MAX;
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].place.segment != UINT32_MAX)
            place_slot(slots, capacity, map->slots[i]);
    }
    free(map->slots);
    map->slots = slots;
    map->capacity = capacity;
    return true;
}

bool document_map_add(struct document_map *map, uint64_t hash, struct document_place place) {
    if ((map->count + 1) * 3 > map->capacity * 2 && !grow(map))
        return false;
    place_slot(map->slots, map->capacity, (struct document_map_slot){hash, place});
    map->count++;
    return true;
}

struct document_map_cursor document_map_seek(uint64_t hash) {
    return (struct document_map_cursor){hash, (size_t)hash};
}

struct document_place *document_map_next(const struct document_map *map,
                                         struct document_map_cursor *cursor) {
    if (!map->capacity)
        return NULL;
    for (;; cursor->at++) {
        struct document_map_slot *slot = &map->slots[cursor->at & (map->capacity - 1)];
        if (slot->place.segment == UINT32_MAX)
            return NULL;
        if (slot->hash == cursor->hash) {
            cursor->at++;
            return &slot->place;
        }
    }
}

void document_map_free(struct document_map *map) {
    free(map->slots);
    *map = (struct document_map){NULL, 0, 0};
}
