/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One request and its answer. The server makes an exchange, a route fills in the answer, the server
 * sends it. An exchange belongs to one thread; what it points to as `site` is shared and read only.
 */
#ifndef PLENARY_SERVE_EXCHANGE_H
#define PLENARY_SERVE_EXCHANGE_H

#include "corpus/arena.h"
#include "corpus/bytes.h"
#include "searcher/plenary.h"
#include "searcher/serve/request.h"
#include "searcher/serve/words.h"

#include <stdbool.h>
#include <stdint.h>

struct access_log;
struct metrics;
struct tally_cache;

/* What all requests share. */
struct site {
    struct plenary *plenary;
    const char *title;  /* of the portal, on every page */
    const char *prefix; /* "" or "/search": before every address */
    const char *url;    /* "https://host" without the prefix, NULL: as the request has it */
    const char *token;  /* NULL: open to all */
    const char *origin; /* of CORS: "*", an origin, or NULL */
    const char *frames; /* who may show the pages in a frame: a CSP source list; "'none'" */
    struct access_log *log;
    struct metrics *metrics;
    struct tally_cache *tallies;
    unsigned time_limit;                         /* milliseconds a query may take */
    unsigned (*connections)(const void *server); /* how many are open; NULL: unknown */
    const void *server;
};

struct answer {
    unsigned status; /* of HTTP */
    const char *type;
    struct bytes body; /* owned */
    const void *fixed; /* instead of a body: bytes that live for ever */
    size_t fixed_size;
    const char *cache;       /* Cache-Control; NULL: "no-cache" */
    const char *location;    /* of a redirection; in the arena */
    const char *disposition; /* file name of a download; static */
    const char *cookie;      /* in the arena */
    const char *allow;       /* of a 405 */
    bool page;               /* HTML: gets a policy, and depends on language and cookies */
    bool tagged;             /* has an ETag, made of the generation */
    uint64_t generation;
    bool open; /* answered whether or not there is a token */
};

struct exchange {
    const struct site *site;
    struct MHD_Connection *connection;
    struct exchange *next; /* in the workers' queue */
    struct arena arena;
    struct request request;
    const char *path;   /* of the request, without the prefix */
    const char *target; /* as it was sent; for the log */
    enum words_language language;
    const char *host; /* of the request, checked; NULL */
    const char *method;
    enum {
        EXCHANGE_NEW,   /* libmicrohttpd has not shown all of the request */
        EXCHANGE_BEGUN, /* it has shown the headers; then the exchange is the workers' */
        EXCHANGE_ANSWERED,
    } state;
    struct MHD_Response *response; /* once it is answered; NULL: there is none, the server stops */
    bool newest;                   /* the reader's standing choice of order */
    const char *theme; /* "light" or "dark", by the reader's choice; NULL: as the system has it */
    uint64_t started;  /* nanoseconds */
    uint64_t found;    /* matches of a search; UINT64_MAX: this was none */
    struct answer answer;
};

/* An error as RFC 9457 has it (application/problem+json). `kind` names it for programs. */
void exchange_problem(struct exchange *x, unsigned status, const char *kind, const char *detail);

/* The same of what the library said. */
void exchange_failure(struct exchange *x, const struct plenary_failure *failure);

/* "https://host/prefix", as far as known: for addresses that leave the site. */
void exchange_base(const struct exchange *x, struct bytes *out);

#endif
