/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fixed set of searches on an index, each boiled down to its status and a hash of all it says. */
#ifndef PLENARY_TESTS_ANSWERS_H
#define PLENARY_TESTS_ANSWERS_H

#include "searcher/search.h"

enum { ANSWERS_MAX = 24 };

struct answers {
    size_t count;
    int status[ANSWERS_MAX]; /* 0 or an error */
    uint64_t hash[ANSWERS_MAX];
    uint64_t hits; /* of all of them */
};

/* Open the index, search, close: 0, or an error of opening. Hits are read whole: rows, words and
 * texts. */
int answers_take(struct answers *out, const char *index, struct error *err);

/* The query of answer `i`. */
const char *answers_query(size_t i);

#endif
