/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing list of ids of words in one segment's lexicon. Owned by whoever declares it; zeroed is
 * empty. Not thread-safe.
 */
#ifndef PLENARY_INDEXER_WORD_IDS_H
#define PLENARY_INDEXER_WORD_IDS_H

#include "corpus/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct word_ids {
    uint32_t *ids; /* owned */
    size_t count, capacity;
};

/* 0 or PLENARY_ENOMEM. */
static inline int word_ids_add(struct word_ids *list, uint32_t id) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        uint32_t *grown = reallocarray(list->ids, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        list->ids = grown;
        list->capacity = capacity;
    }
    list->ids[list->count++] = id;
    return 0;
}

static inline void word_ids_free(struct word_ids *list) {
    free(list->ids);
    *list = (struct word_ids){NULL, 0, 0};
}

#endif
