/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

static void *arena_take(struct arena *arena, size_t size, size_t alignment) {
    struct arena_block *block = arena->first;
    if (block) {
        size_t start = (block->used + alignment - 1) & ~(alignment - 1);
        if (start <= block->size && size <= block->size - start) {
            block->used = start + size;
            return block->data + start;
        }
    }
    size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    if (room > SIZE_MAX - sizeof *block)
        return NULL;
    block = malloc(sizeof *block + room);
    if (!block)
        return NULL;
    *block = (struct arena_block){.next = arena->first, .size = room, .used = size};
    arena->first = block;
    arena->total += sizeof *block + room;
    return block->data;
}

void *arena_alloc(struct arena *arena, size_t size) {
    return arena_take(arena, size, alignof(max_align_t));
}

void *arena_zero(struct arena *arena, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    void *memory = arena_alloc(arena, total);
    if (memory)
        memset(memory, 0, total);
    return memory;
}

char *arena_text(struct arena *arena, const char *text, size_t size) {
    if (size == SIZE_MAX)
        return NULL;
    char *copy = arena_take(arena, size + 1, 1);
    if (copy) {
        if (size)
            memcpy(copy, text, size);
        copy[size] = '\0';
    }
    return copy;
}

char *arena_string(struct arena *arena, const char *string) {
    return string ? arena_text(arena, string, strlen(string)) : NULL;
}

static void arena_drop(struct arena *arena, struct arena_block *keep) {
    struct arena_block *block = arena->first;
    while (block) {
        struct arena_block *next = block->next;
        if (block != keep) {
            arena->total -= sizeof *block + block->size;
            free(block);
        }
        block = next;
    }
    arena->first = keep;
}

void arena_reset(struct arena *arena) {
    struct arena_block *keep = arena->first;
    while (keep && keep->size != ARENA_BLOCK)
        keep = keep->next;
    arena_drop(arena, keep);
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
    }
}

void arena_free(struct arena *arena) {
    arena_drop(arena, NULL);
}
