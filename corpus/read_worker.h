/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process that reads what may be hostile: started by worker_pool with a hidden argument, it
 * gives up its rights (confine.h) and then reads one file after another.
 */
#ifndef PLENARY_CORPUS_READ_WORKER_H
#define PLENARY_CORPUS_READ_WORKER_H

#include "corpus/reader_formats.h"

/* Is this process started as a worker, by a pool of the same version? Ask first thing in main of a
 * program that is to be one. */
bool read_worker_wanted(int argc, char *const *argv);

/* Then return from main what this returns. `find` gives the reader of a format; NULL if none. */
int read_worker_main(char *const *argv, reader_find_fn *find);

/* The hidden argument; limits follow it: memory and output in bytes, seconds of CPU. */
#define READ_WORKER_ARGUMENT "--read-worker=" PLENARY_VERSION

#endif
