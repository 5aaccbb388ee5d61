/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An arena: many small allocations, one release. A document's strings live in one.
 *
 * Allocations stay where they are until arena_reset or arena_free. Not thread-safe: one arena,
 * one thread. Every call that allocates returns NULL when memory is short.
 */
#ifndef PLENARY_CORPUS_ARENA_H
#define PLENARY_CORPUS_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *first; /* the block being filled; older ones behind it */
    size_t total;              /* bytes held from malloc, for memory budgets */
};

#define ARENA_INIT                                                                                 \
    { NULL, 0 }

/* `size` bytes aligned for any type, uninitialised. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc for `count` items of `size` bytes, zeroed; NULL if the product overflows. */
void *arena_zero(struct arena *arena, size_t count, size_t size);

/* `size` bytes of `text` and a final NUL, without alignment. */
char *arena_text(struct arena *arena, const char *text, size_t size);

/* arena_text of a NUL-terminated string; NULL stays NULL. */
char *arena_string(struct arena *arena, const char *string);

/* Forget all allocations; keep one block for the next document. */
void arena_reset(struct arena *arena);

/* Give everything back; the arena may be used again. */
void arena_free(struct arena *arena);

#endif
