/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much of a test to run. Under a wrapper (PLENARY_WRAP: valgrind, some thirty times slower)
 * properties are tried on fewer random cases and sizes are smaller: there it is the memory that is
 * watched, and the plain run has tried them all.
 */
#ifndef PLENARY_TESTS_UNIT_ROUNDS_H
#define PLENARY_TESTS_UNIT_ROUNDS_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool is_wrapped(void) {
    const char *wrap = getenv("PLENARY_WRAP");
    return wrap && *wrap;
}

/* `usual`, or a fiftieth of it under a wrapper. */
static inline unsigned rounds(unsigned usual) {
    return is_wrapped() ? usual / 50 + 1 : usual;
}

#endif
