/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/server.h"

#include "searcher/serve/access_log.h"
#include "searcher/serve/clients.h"
#include "searcher/serve/metrics.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/send.h"
#include "searcher/serve/workers.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    CONNECTION_MEMORY = 24 << 10, /* of headers and what is read and written at once */
    CONNECTIONS_MOST = 20000,
    DESCRIPTORS_KEPT = 512, /* for segments, logs and epoll */
};

struct server {
    const struct site *site;
    struct MHD_Daemon *daemon;
    struct clients *clients;
    struct workers *workers;
    unsigned idle;
};

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t seconds(void) {
    return nanoseconds() / 1000000000 + 1; /* never 0 */
}

/* ---- A request ----------------------------------------------------------------------------- */

static struct client *client_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

static void exchange_free(struct exchange *x) {
    if (!x)
        return;
    if (x->response)
        MHD_destroy_response(x->response);
    bytes_free(&x->answer.body);
    arena_free(&x->arena);
    free(x);
}

/* libmicrohttpd calls this with the request line as it came, before it takes it apart. */
static void *begin_exchange(void *context, const char *target, struct MHD_Connection *connection) {
    struct server *server = context;
    struct exchange *x = calloc(1, sizeof *x);
    if (!x)
        return NULL;
    x->site = server->site;
    x->connection = connection;
    x->started = nanoseconds();
    x->found = UINT64_MAX;
    size_t size = strnlen(target, REQUEST_TARGET_MOST + 1);
    x->target = arena_text(&x->arena, target, size);
    if (!x->target) {
        exchange_free(x);
        return NULL;
    }
    return x;
}

/* By one of the workers, or at the end (over) by whom it is; libmicrohttpd leaves the connection
 * alone until it is resumed. */
static void answer(void *context, struct exchange *x, bool over) {
    struct server *server = context;
    if (!over) {
        size_t size = 0;
        enum metrics_kind kind = routes_answer(x, x->method);
        x->response = send_make(x, &size);
        uint64_t taken = nanoseconds() - x->started;
        metrics_count(server->site->metrics, kind, x->answer.status, taken, size);
        access_log_request(server->site->log, x->method, x->target, x->answer.status, size, taken);
    }
    x->state = EXCHANGE_ANSWERED;
    MHD_resume_connection(x->connection);
}

/* libmicrohttpd calls this with the headers, with what is uploaded, with the end of the request,
 * and once more when the connection was resumed. */
static enum MHD_Result answer_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *upload, size_t *upload_size, void **state) {
    struct server *server = context;
    struct exchange *x = *state;
    (void)url, (void)version, (void)upload;
    if (!x)
        return MHD_NO;
    if (x->state == EXCHANGE_NEW) { /* an answer as early as this would close the connection */
        x->state = EXCHANGE_BEGUN;
        return MHD_YES;
    }
    if (*upload_size) { /* nothing is taken in */
        *upload_size = 0;
        return MHD_YES;
    }
    if (x->state == EXCHANGE_ANSWERED)
        return x->response ? MHD_queue_response(connection, x->answer.status, x->response) : MHD_NO;
    client_waits(client_of(connection), 0);
    atomic_fetch_add(&server->site->metrics->active, 1);
    x->method = method;
    MHD_suspend_connection(connection);
    if (!workers_add(server->workers, x)) /* the server stops, and this connection still asks */
        answer(server, x, true);
    return MHD_YES;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code) {
    struct server *server = context;
    struct exchange *x = *state;
    (void)code;
    client_waits(client_of(connection), seconds());
    if (x && x->state == EXCHANGE_ANSWERED)
        atomic_fetch_sub(&server->site->metrics->active, 1);
    exchange_free(x);
    *state = NULL;
}

static void watch_connection(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode code) {
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        struct client *client = info ? clients_add(server->clients, info->connect_fd) : NULL;
        client_waits(client, seconds());
        *state = client;
    } else {
        clients_remove(server->clients, *state);
        *state = NULL;
    }
}

/* Names are taken apart by request_parse, from the target as it came. */
static size_t leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context, (void)connection;
    return strlen(text);
}

/* What clients send is nothing to tell standard error of. */
static void __attribute__((format(printf, 2, 0)))
be_silent(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

/* ---- The server ---------------------------------------------------------------------------- */

static unsigned connections_possible(unsigned asked) {
    struct rlimit limit;
    unsigned most = asked ? asked : CONNECTIONS_MOST;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return most;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    rlim_t possible =
        limit.rlim_max > 2 * DESCRIPTORS_KEPT ? limit.rlim_max - DESCRIPTORS_KEPT : 64;
    return possible < most ? (unsigned)possible : most;
}

static unsigned cores(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > 256 ? 256 : (unsigned)count;
}

static int start_daemon(struct server *server, const struct server_options *options,
                        struct error *err) {
    const struct MHD_OptionItem items[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)be_silent, NULL},
        {MHD_OPTION_LISTEN_SOCKET, options->socket, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)connections_possible(options->connections), NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, (intptr_t)options->idle, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)begin_exchange, server},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)leave_escaped, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)end_exchange, server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)watch_connection, server},
        {MHD_OPTION_END, 0, NULL},
    };
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        answer_request, server, MHD_OPTION_ARRAY, items, MHD_OPTION_END);
    if (server->daemon)
        return 0;
    return error_set(err, PLENARY_EIO, "the HTTP server could not be started: %s",
                     errno ? strerror(errno) : "libmicrohttpd refused");
}

int server_start(struct server **out, const struct server_options *options, struct error *err) {
    struct server *server = calloc(1, sizeof *server);
    unsigned threads = options->threads ? options->threads : cores();
    *out = NULL;
    if (!server)
        return error_memory(err);
    server->site = options->site;
    server->idle = options->idle;
    server->clients = clients_open();
    int status = server->clients ? workers_start(&server->workers, threads, answer, server, err)
                                 : error_memory(err);
    if (!status)
        status = start_daemon(server, options, err);
    if (status) {
        workers_stop(server->workers);
        workers_free(server->workers);
        clients_close(server->clients);
        free(server);
        return status;
    }
    *out = server;
    return 0;
}

void server_tend(struct server *server) {
    struct metrics *metrics = server->site->metrics;
    int moved = plenary_refresh(server->site->plenary, NULL);
    if (moved)
        atomic_fetch_add(moved > 0 ? &metrics->refreshes : &metrics->refresh_failures, 1);
    uint64_t now = seconds();
    if (now > server->idle)
        atomic_fetch_add(&metrics->dropped, clients_drop(server->clients, now - server->idle));
}

void server_stop(struct server *server, unsigned patience) {
    if (!server)
        return;
    MHD_socket socket = MHD_quiesce_daemon(server->daemon);
    for (uint64_t end = nanoseconds() + (uint64_t)patience * 1000000000;
         atomic_load(&server->site->metrics->active) > 0 && nanoseconds() < end;)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    workers_stop(server->workers); /* none may be suspended when the daemon stops */
    MHD_stop_daemon(server->daemon);
    workers_free(server->workers);
    if (socket != MHD_INVALID_SOCKET)
        close(socket);
    clients_close(server->clients);
    free(server);
}

unsigned server_connections(const struct server *server) {
    return server ? clients_count(server->clients) : 0; /* it may ask before it has started */
}
