/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The target of an HTTP request, "/api/search?q=a+b&from=2018": its path and its parameters,
 * decoded. Any bytes may come in; what comes out is valid UTF-8 without NUL. A percent sign that
 * does not begin an escape stands for itself; a byte that is not UTF-8, or an escaped NUL, becomes
 * U+FFFD. Nothing here touches the file system.
 *
 * Everything lives in the arena passed. Thread-safe: no state.
 */
#ifndef PLENARY_SERVE_REQUEST_H
#define PLENARY_SERVE_REQUEST_H

#include "corpus/arena.h"
#include "corpus/error.h"

#include <stddef.h>

enum {
    REQUEST_TARGET_MOST = 8192, /* bytes */
    REQUEST_PARAMETERS_MOST = 64,
};

struct request_parameter {
    const char *name, *value; /* NUL-terminated */
};

struct request {
    const char *path; /* begins with '/' */
    struct request_parameter parameters[REQUEST_PARAMETERS_MOST];
    size_t count;
};

/* 0; PLENARY_ELIMIT for a longer target or more parameters; PLENARY_ENOMEM. */
int request_parse(struct request *out, struct arena *arena, const char *target, size_t size,
                  struct error *err);

/* The value of the first parameter of this name, NULL if there is none. */
const char *request_value(const struct request *request, const char *name);

#endif
