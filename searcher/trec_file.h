/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two files of an evaluation, as TREC and trec_eval have them:
 *
 *   qrels   topic  iteration  document  judgement      judgement: a whole number; 1 or more is
 *                                                      relevant, 0 is not, below 0: not judged
 *   run     topic  iteration  document  rank  score [tag]      the rank is ignored
 *
 * Fields are parted by blanks, lines may come in any order, empty lines are skipped. A table keeps
 * topics in order of their bytes and the documents of each too. The same document twice in a topic
 * is an error (as in trec_eval), and so is a line of another shape; messages name the line.
 *
 * Tables are immutable after reading, so any number of threads may use one.
 */
#ifndef PLENARY_SEARCHER_TREC_FILE_H
#define PLENARY_SEARCHER_TREC_FILE_H

#include "corpus/arena.h"
#include "corpus/error.h"

#include <stddef.h>
#include <stdio.h>

enum trec_kind { TREC_QRELS, TREC_RUN };

struct trec_row {
    const char *topic, *document; /* in the arena */
    long judgement;               /* of qrels */
    float score; /* of runs; trec_eval keeps a float, so scores that differ less are tied */
};

struct trec_topic {
    const char *id;
    const struct trec_row *rows; /* by document */
    size_t count;
};

struct trec_table {
    struct trec_topic *topics; /* by id */
    size_t count;
    struct trec_row *rows; /* owned */
    size_t row_count;
    struct arena arena;
};

/* Read `path`. `out` is to be freed only after success. */
int trec_table_read(struct trec_table *out, enum trec_kind kind, const char *path,
                    struct error *err);
/* The same from an open file; `name` is for messages. */
int trec_table_read_stream(struct trec_table *out, enum trec_kind kind, FILE *file,
                           const char *name, struct error *err);
void trec_table_free(struct trec_table *table);

/* The topic with this id, or NULL. */
const struct trec_topic *trec_table_find(const struct trec_table *table, const char *id);

#endif
