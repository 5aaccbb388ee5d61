/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The records that a worker writes into its memory file (worker_protocol.h), taken out by the pool
 * and passed on, each checked as a hostile file is. The file is read, never mapped, since the
 * worker could cut it under our eyes. Memory: the largest record. Belongs to one thread.
 */
#ifndef PLENARY_CORPUS_WORKER_ANSWER_H
#define PLENARY_CORPUS_WORKER_ANSWER_H

#include "corpus/bytes.h"
#include "corpus/reader.h"

struct worker_answer {
    /* Set by the caller: what is read, and where documents and notices go. */
    const struct unit *unit;
    const struct corpus_options *options;
    struct document *scratch;
    document_fn each;
    void *context;

    int file;
    uint64_t at; /* what has been taken of the file */
    struct bytes record;
    bool damaged;           /* it wrote what no worker writes */
    char *member;           /* the archive's member it has turned to, owned; NULL: none yet */
    uint64_t member_number; /* its number in the archive */
};

/* Begin to read `file`, which is not taken over. */
void worker_answer_begin(struct worker_answer *answer, int file);

/* Take what whole records there are: how many, or what `each` returned if that was negative, or
 * PLENARY_ENOMEM. Stops at a damaged one. */
int worker_answer_take(struct worker_answer *answer, struct error *err);

/* Frees; the caller's fields stay. */
void worker_answer_end(struct worker_answer *answer);

#endif
