/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The query parser on any bytes: it never fails, and a query as understood is understood the same.
 */
#include "searcher/query.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The description; NULL where it is longer than a query may be asked for. */
static char *describe(struct arena *arena, const char *text, size_t size) {
    struct query query;
    struct bytes out = BYTES_INIT;
    if (query_parse(&query, arena, text, size, NULL))
        abort();
    query_describe(query.root, &out);
    if (!bytes_string(&out))
        abort();
    char *copy = arena_text(arena, (const char *)out.data, out.size);
    bytes_free(&out);
    return copy;
}

/* Brackets deeper than the limit are read as if they were not there: see query_describe. */
static bool is_deep(const char *text) {
    int depth = 0, deepest = 0;
    for (; *text; text++) {
        depth += *text == '(';
        depth -= *text == ')';
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest >= QUERY_LIMIT_DEPTH;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    char *once = describe(&arena, (const char *)data, size);
    if (once && !is_deep(once)) {
        char *twice = describe(&arena, once, strlen(once));
        if (twice && strcmp(once, twice) != 0)
            abort();
    }
    arena_free(&arena);
    return 0;
}
