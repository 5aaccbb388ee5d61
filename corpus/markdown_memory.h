/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where libcmark puts a document's tree: into an arena, so that a hundred thousand small pieces are
 * neither kept account of nor given back one by one.
 *
 * libcmark's allocators know no context: between markdown_memory_use and the next call of it on the
 * same thread, what libcmark allocates there goes into that arena, lives until the arena is
 * emptied, and freeing does nothing. As libcmark's own allocator does, this one ends the program
 * when memory is short. Each thread has its own arena in use.
 */
#ifndef PLENARY_CORPUS_MARKDOWN_MEMORY_H
#define PLENARY_CORPUS_MARKDOWN_MEMORY_H

#include "corpus/arena.h"

#include <cmark.h>

/* The allocator that fills `arena`; NULL: none is in use any longer. */
cmark_mem *markdown_memory_use(struct arena *arena);

#endif
