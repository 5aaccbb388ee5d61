/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads files of formats that are told to be confined (format.h) in processes of their own, which
 * have given up their rights (confine.h), so that a hostile file costs that file and nothing else.
 * Workers are started when they are first needed and used again; one that dies or takes too long is
 * replaced, and its file (of an archive: the member) named with the reason as a NOTICE_SKIPPED.
 *
 * A worker is a program whose main begins as read_worker.h says: plenary-read, beside the program
 * that runs or in ../libexec/plenary. Any number of threads may read at once; each takes a worker
 * of its own, and waits while all are taken.
 */
#ifndef PLENARY_CORPUS_WORKER_POOL_H
#define PLENARY_CORPUS_WORKER_POOL_H

#include "corpus/reader.h"

struct worker_pool;

struct worker_limits {
    uint64_t memory;  /* bytes of address space for reading one file */
    uint64_t output;  /* bytes of text and passages of one file, or of one archive */
    unsigned seconds; /* of CPU for one file or member; ten times that by the clock, or a minute */
};

#define WORKER_LIMITS_INIT                                                                         \
    { UINT64_C(1) << 30, UINT64_C(1) << 30, 20 }

/* `program`: what a worker is, NULL for plenary-read; that there is one is found out when a file
 * needs it. `workers`: how many at once, 1 or more. */
int worker_pool_open(struct worker_pool **out, const struct worker_limits *limits,
                     const char *program, unsigned workers, struct error *err);

/* As unit_read, in a worker. Documents whose names are not those of the unit, or of something
 * inside it, are refused. */
int worker_pool_read(struct worker_pool *pool, const struct unit *unit,
                     const struct corpus_options *options, struct document *scratch,
                     document_fn each, void *context, uint64_t *skipped, struct error *err);

/* Ends the workers. No thread may be reading. NULL is fine. */
void worker_pool_close(struct worker_pool *pool);

#endif
