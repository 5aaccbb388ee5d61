/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One worker as the pool sees it: a child process and the socket to it. Belongs to one thread at a
 * time.
 */
#ifndef PLENARY_CORPUS_WORKER_PROCESS_H
#define PLENARY_CORPUS_WORKER_PROCESS_H

#include "corpus/worker_pool.h"
#include "corpus/worker_protocol.h"

#include <stdbool.h>
#include <sys/types.h>

struct worker_process {
    pid_t pid; /* 0: not started */
    int socket;
    unsigned confinement;
    bool overdue;  /* it takes too long: worker_process_end kills it, and says so */
    bool unwanted; /* nobody waits for its answer any more: the same */
};

/* What a file may take by the clock: a process that waits for something uses no CPU time, and one
 * among many on a busy machine gets little. */
unsigned worker_clock_seconds(const struct worker_limits *limits);

/* Start it, if it is not running, and hear that it is ready. */
int worker_process_start(struct worker_process *worker, const char *program,
                         const struct worker_limits *limits, struct error *err);

/* Send a job with the descriptors of its input and output. */
int worker_process_send(struct worker_process *worker, const struct worker_job *job,
                        const int descriptors[2], struct error *err);

/* Wait up to `milliseconds`: 1: *reply has come; 0: not yet; PLENARY_EDAMAGED: it has died, or said
 * what no worker says. */
int worker_process_wait(struct worker_process *worker, int milliseconds,
                        struct worker_reply *reply);

/* Let it end, or kill it where it does not, and say in `why` how it ended: "crashed (SIGSEGV)". */
void worker_process_end(struct worker_process *worker, const struct worker_limits *limits,
                        char *why, size_t size);

#endif
