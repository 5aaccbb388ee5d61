/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a file, decompressed on the way if it is gzip (RFC 1952, any number of members).
 * Told by the file's first two bytes, not by its name. Streamed: memory does not depend on the
 * file's size. Not thread-safe: one inflater, one thread.
 */
#ifndef PLENARY_CORPUS_INFLATE_H
#define PLENARY_CORPUS_INFLATE_H

#include "corpus/error.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct inflater;

/* Takes over `fd` (closed by inflater_close, and on failure); it need not be seekable. `expected`:
 * the bytes of a regular file as stat tells them, 0 for others or where that is not known; a file
 * that has grown is read to its end all the same. `name` is for messages and must outlive the
 * inflater. */
int inflater_open(struct inflater **out, int fd, uint64_t expected, const char *name,
                  struct error *err);

/* As much of `size` as there is: fewer bytes than asked for mean the end of the file. The first
 * call tells gzip, and asks for two bytes at least. Negative: PLENARY_EIO, or PLENARY_EDAMAGED for
 * a broken or cut-off gzip file. */
ssize_t inflater_read(struct inflater *inflater, void *buffer, size_t size, struct error *err);

/* Bytes taken from the file so far, before decompression: for progress. */
uint64_t inflater_consumed(const struct inflater *inflater);

void inflater_close(struct inflater *inflater);

#endif
