/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Topics: what an analyst wants to know, one query each, read from a file.
 *
 *   TSV         id<TAB>query[<TAB>scope]; a line without a tab is a query, its id the line's number
 *   JSON Lines  {"id": "7", "query": "...", "scope": "..."}; "text" or "title" do for "query",
 *               "_id", "qid" or "num" for "id", "document" for "scope"
 *   TREC        <top> <num> Number: 401 <title> words <desc> ... </top>, of which the title is
 * asked; such topics are plain words, not the query language
 *
 * The format is told by the first character that is not blank: `<` is TREC, `{` JSON Lines. A scope
 * is the id (or path, or a glob of either) of the document to search inside. Empty lines and lines
 * that begin with # are skipped. The same id twice is an error.
 *
 * Topics are kept whole in memory: a line each. Immutable after reading.
 */
#ifndef PLENARY_SEARCHER_TOPICS_H
#define PLENARY_SEARCHER_TOPICS_H

#include "corpus/arena.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { TOPICS_MOST = 1000000, TOPICS_FILE_MOST = 1 << 30 };

struct topic {
    const char *id, *query; /* in the arena */
    const char *scope;      /* NULL: everywhere */
};

struct topics {
    struct topic *all; /* owned */
    size_t count, capacity;
    struct arena arena;
};

/* Read a file, or standard input for "-". `words`: take every query as plain words. `out` is to be
 * freed only after success. */
int topics_read(struct topics *out, const char *path, bool words, struct error *err);

/* The same from memory; `name` is for messages. */
int topics_parse(struct topics *out, const char *text, size_t size, const char *name, bool words,
                 struct error *err);

/* One more topic, its id its place from 1 on. For an empty (zeroed) list, too. */
int topics_add(struct topics *topics, const char *query, bool words, struct error *err);

void topics_free(struct topics *topics);

#endif
