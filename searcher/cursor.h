/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a page of results ended, as text that a client hands back to get the next one. It names the
 * last hit and its rank, and carries a hash of what was asked and the generation of the index, in
 * which the same question has the same ranking; what does not fit together is refused, not guessed.
 *
 * Bytes: version u8, generation, request hash, segment, passage, rank, score (as its bits), check,
 * all but the first little-endian; written as hexadecimal digits. Thread-safe: no state.
 */
#ifndef PLENARY_SEARCHER_CURSOR_H
#define PLENARY_SEARCHER_CURSOR_H

#include "corpus/arena.h"
#include "corpus/error.h"

#include <stdint.h>

struct search_cursor {
    uint64_t generation, request;
    uint32_t segment, passage; /* the last hit; grouped: of the last document */
    uint32_t rank;
    double score; /* by which it is ranked */
};

/* In `arena`; NULL: out of memory. */
const char *cursor_write(const struct search_cursor *cursor, struct arena *arena);

/* PLENARY_EINVALID if the text is none. */
int cursor_read(const char *text, struct search_cursor *out, struct error *err);

#endif
