/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that answer requests, in the order in which these came: a request waits only while all of
 * them are at work, whatever connection it came by.
 *
 * Thread-safe, but for workers_stop and workers_free.
 */
#ifndef PLENARY_SERVE_WORKERS_H
#define PLENARY_SERVE_WORKERS_H

#include "corpus/error.h"

#include <stdbool.h>

struct exchange;
struct workers;

/* Called by one of the threads for each exchange; `over`: the server stops, nothing is to be
 * answered any more. */
typedef void workers_answer(void *context, struct exchange *x, bool over);

int workers_start(struct workers **out, unsigned threads, workers_answer *answer, void *context,
                  struct error *err);

/* The exchange is linked into the queue by its `next`, and is the workers' until it is answered;
 * false when the server stops: it stays the caller's. */
bool workers_add(struct workers *workers, struct exchange *x);

/* Hand back what still waits as over, wait for what is at work, end the threads. Nothing is taken
 * any more, but it may be offered until workers_free. */
void workers_stop(struct workers *workers);
void workers_free(struct workers *workers);

#endif
