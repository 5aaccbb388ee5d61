/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For tests alone: what no call of shim.h can bring about. A program that does not use these does
 * not link them, since they are alone in their file of the archive.
 */
#ifndef PLENARY_SHIM_TESTING_H
#define PLENARY_SHIM_TESTING_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Throw an exception of this class ("RangeError", "bad_alloc", ...) with the message "thrown", the
 * context "by hand" and errno ENOSPC where the class has them, through the shim's mapper: the
 * status it becomes, its sentence in `message`. 1: there is no such class. */
int shim_testing_throw(const char *class_name, char *message, size_t message_size);

/* Commit `times` times to the database in `path`, as a stock Xapian writer. */
int shim_testing_rewrite(const char *path, unsigned times);

#ifdef __cplusplus
}
#endif
#endif
