/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of plenary-index, as a struct. */
#ifndef PLENARY_INDEXER_OPTIONS_H
#define PLENARY_INDEXER_OPTIONS_H

#include "corpus/reader.h"
#include "corpus/worker_pool.h"

#include <stdbool.h>
#include <stddef.h>

enum index_task {
    TASK_ADD,     /* add or refresh the paths */
    TASK_DELETE,  /* delete documents by id or source path */
    TASK_MERGE,   /* all segments into one */
    TASK_DRY_RUN, /* show how the paths are cut; no index is touched */
    TASK_INFO,
    TASK_CHECK,
    TASK_HELP,
    TASK_VERSION,
};

struct index_options {
    enum index_task task;
    const char *index;        /* NULL where the task has none */
    const char *const *paths; /* or ids, for TASK_DELETE; in argv */
    size_t path_count;
    struct corpus_options corpus;
    struct worker_limits limits; /* of reading one file that may be hostile */
    int language;                /* stemmer's number; -1 detect; -2 not said */
    const char *builder;         /* NULL: the default */
    unsigned wait;               /* seconds */
    unsigned jobs;               /* threads, at least 1 */
    size_t memory;               /* bytes that building may take, roughly */
    bool portable;               /* a new index shall serve other Xapian programs, too */
    bool prune, quiet, verbose;
};

/* Read the command line (argv is permuted). False: a usage error, already told on stderr. */
bool index_options_parse(struct index_options *options, int argc, char **argv);

void index_options_help(void);

#endif
