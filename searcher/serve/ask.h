/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a request asks of the engine, read from its parameters and written back into addresses: the
 * page, the feed and the API share one set of parameters, so that an address can be passed on.
 */
#ifndef PLENARY_SERVE_ASK_H
#define PLENARY_SERVE_ASK_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "searcher/plenary.h"
#include "searcher/serve/request.h"

enum {
    ASK_QUERY_MOST = 2000,   /* bytes of a query */
    ASK_LIMIT_MOST = 100,    /* hits of an answer */
    ASK_EXPORT_MOST = 10000, /* hits of a download */
    ASK_WINDOW_MOST = 10000, /* offset + limit */
    ASK_IN_MOST = 16,
};

enum ask_format { ASK_JSON, ASK_JSON_LINES, ASK_CSV, ASK_TSV };

struct ask {
    const char *query, *from, *to, *speaker, *body, *language, *after; /* "" where not asked for */
    const char *in[ASK_IN_MOST];
    size_t in_count;
    enum plenary_sort sort;
    bool sort_given, count, exact, fold, by_sum;
    uint32_t offset, limit, group, context, snippet;
    enum ask_format format;
    unsigned facets; /* 1 << PLENARY_BY_... */
};

/* Read the parameters; those unknown are passed over. `limit` is what to list where none is asked
 * for. PLENARY_EINVALID with a sentence that names the parameter, PLENARY_ELIMIT for too much. */
int ask_read(struct ask *out, const struct request *request, uint32_t limit, struct error *err);

/* For plenary.h; borrows the ask. */
struct plenary_search_options ask_options(const struct ask *ask);

/* Append "?q=...&from=..." with what is asked for, percent-encoded; only what differs from none. */
void ask_write(struct bytes *out, const struct ask *ask);

/* Append text percent-encoded for a query string; or for a path, where '/' stays. */
void ask_encode(struct bytes *out, const char *text);
void ask_encode_path(struct bytes *out, const char *text);

extern const char *const ask_facet_names[PLENARY_FACETS];
extern const char *const ask_sort_names[];

#endif
