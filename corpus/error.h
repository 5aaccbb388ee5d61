/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What went wrong, as a code to act on and a sentence to show.
 *
 * Every function that can fail returns 0 (or a count) on success and one of these negative codes
 * otherwise. The sentence says what, where and what to do; it is written into the `struct error`
 * that the caller passed, which may be NULL when nobody will read it.
 */
#ifndef PLENARY_CORPUS_ERROR_H
#define PLENARY_CORPUS_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* The public header, searcher/plenary.h, tells the same codes; whichever comes first does. */
#ifndef PLENARY_ERROR_CODES
#define PLENARY_ERROR_CODES
enum plenary_error {
    PLENARY_OK = 0,
    PLENARY_EINVALID = -1,  /* the caller asked for something that makes no sense */
    PLENARY_ENOMEM = -2,    /* an allocation failed, or a stated bound on memory was reached */
    PLENARY_EIO = -3,       /* the operating system refused: open, read, write, fsync, rename */
    PLENARY_EDAMAGED = -4,  /* bytes that are not what their format says: input or index */
    PLENARY_EVERSION = -5,  /* an index of another version, or with features unknown here */
    PLENARY_ELOCKED = -6,   /* another process is writing this index */
    PLENARY_ENOTFOUND = -7, /* no such file, index, document or passage */
    PLENARY_ELIMIT = -8,    /* larger, deeper or longer than the stated limit */
    PLENARY_EENGINE = -9,   /* xapian-core reported an error of another kind */
    PLENARY_ESTOPPED = -10, /* the user interrupted, or a callback asked to stop */
};
#endif

struct error {
    enum plenary_error code;
    char message[480];
};

/* Record a failure (printf-like) and return `code`, so that callers can write
 * `return error_set(err, PLENARY_EIO, "%s: %s", path, strerror(errno));`. `err` may be NULL. */
int error_set(struct error *err, enum plenary_error code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As error_set with PLENARY_EIO and ": <strerror(errno)>" appended. */
int error_errno(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As error_set with PLENARY_ENOMEM and a standard sentence. */
int error_memory(struct error *err);

#ifdef __clang_analyzer__
/* The analyser sees one file at a time: tell it that recording a failure never returns 0. */
static inline int error_is_negative(int code) {
    if (code >= 0)
        __builtin_unreachable();
    return code;
}
#define error_set(...) error_is_negative((error_set)(__VA_ARGS__))
#define error_errno(...) error_is_negative((error_errno)(__VA_ARGS__))
#define error_memory(err) error_is_negative((error_memory)(err))
#endif

#endif
