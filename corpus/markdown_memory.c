/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/markdown_memory.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local struct arena *in_use;

/* In front of each piece: how long it is, for realloc. */
struct piece {
    alignas(max_align_t) size_t size;
    unsigned char data[];
};

static void *take(size_t size) {
    struct piece *piece = NULL;
    if (in_use && size < SIZE_MAX - sizeof *piece)
        piece = arena_alloc(in_use, sizeof *piece + size);
    if (!piece) {
        fprintf(stderr, "plenary: out of memory for a Markdown document\n");
        abort();
    }
    piece->size = size;
    return piece->data;
}

static void *take_zeroed(size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        total = SIZE_MAX;
    void *data = take(total);
    memset(data, 0, total);
    return data;
}

static void *grow(void *data, size_t size) {
    if (!data)
        return take(size);
    struct piece *piece = (struct piece *)(void *)((char *)data - offsetof(struct piece, data));
    if (piece->size >= size)
        return data;
    void *grown = take(size);
    memcpy(grown, data, piece->size);
    return grown;
}

static void give_back(void *data) {
    (void)data;
}

cmark_mem *markdown_memory_use(struct arena *arena) {
    static cmark_mem memory = {take_zeroed, grow, give_back};
    in_use = arena;
    return &memory;
}
