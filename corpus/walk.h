/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files below the paths a user gave, in a fixed order: the paths in the order given, what is in
 * a folder by bytewise order of its names. Symbolic links are followed; a folder that is already on
 * the way down (same device and inode) is not entered again.
 *
 * Inside folders, hidden names (".git") and editors' backups ("notes.txt~", "#notes.txt#") are left
 * out, sidecars (metadata.h), and folders that `leave_out` of the options tells; a path that the
 * user names is always taken. Memory: the names of the folders on the way, and what was looked
 * ahead for. Not thread-safe: one walk, one thread.
 */
#ifndef PLENARY_CORPUS_WALK_H
#define PLENARY_CORPUS_WALK_H

#include "corpus/error.h"
#include "corpus/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct walk;

struct walk_entry {
    const char *path;   /* as given, cleaned of "./", "//" and a final "/"; holds until the next */
    const char *source; /* absolute, its folder without symbolic links; "-" for standard input */
    uint64_t size;      /* on disk; 0 for a stream */
    bool stream;        /* standard input, or a fifo or terminal that the user named */
    bool alone;         /* its folder was listed, and no sidecar lies in it */
};

/* `paths` are kept, not copied. Of `options` only notify, context and leave_out are used: what
 * cannot be read is a NOTICE_SKIPPED, what is left out on purpose a NOTICE_DETAIL. */
int walk_open(struct walk **out, const char *const *paths, size_t count,
              const struct corpus_options *options, struct error *err);

/* 1: *entry is the next file; 0: the end; negative: out of memory. */
int walk_next(struct walk *walk, struct walk_entry *entry, struct error *err);

/* Find up to `most` files before they are asked for, so that their sizes are known without walking
 * twice; walk_next then gives them out. Adds to *bytes, and to *streams, what they are. 1: there
 * are no more files than these, 0: there may be, negative: out of memory. */
int walk_look_ahead(struct walk *walk, size_t most, uint64_t *bytes, size_t *streams,
                    struct error *err);

/* Paths given by the user, and folders, that could not be read. */
uint64_t walk_skipped(const struct walk *walk);

void walk_close(struct walk *walk);

/* A path without "." components, repeated slashes and a final slash; ".." stays, since a symbolic
 * link may stand before it. malloc'ed, NULL when out of memory. */
char *walk_clean_path(const char *path);

#endif
