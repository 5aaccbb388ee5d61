/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP around the routes: libmicrohttpd reads and writes in one thread, with epoll; a thread a core
 * answers. (A thread a core that does both, each with connections of its own, leaves a core idle
 * when these are spread unevenly: eight clients were often served by one of two.) Limits on
 * clients, a watch for new generations, a graceful stop.
 */
#ifndef PLENARY_SERVE_SERVER_H
#define PLENARY_SERVE_SERVER_H

#include "corpus/error.h"
#include "searcher/serve/exchange.h"

struct server_options {
    const struct site *site;
    int socket;           /* that listens; the server's from now on */
    unsigned threads;     /* 0: a thread a core */
    unsigned connections; /* at once; 0: as many as descriptors allow, at most 20,000 */
    unsigned idle;        /* seconds until a connection without a request is closed */
};

struct server;

int server_start(struct server **out, const struct server_options *options, struct error *err);

/* What has to be done now and then, by the thread that started it: look for a new generation, close
 * connections whose request does not come. To be called about ten times a second. */
void server_tend(struct server *server);

/* Take no new connections, answer what has been asked (for at most `seconds`), close. */
void server_stop(struct server *server, unsigned seconds);

/* Connections that are open, and requests that are being answered. */
unsigned server_connections(const struct server *server);

#endif
