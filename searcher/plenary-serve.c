/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary-serve: an index over HTTP, for people and programs.
 */
#include "corpus/bytes.h"
#include "searcher/escape.h"
#include "searcher/serve/access_log.h"
#include "searcher/serve/listen.h"
#include "searcher/serve/metrics.h"
#include "searcher/serve/serve_options.h"
#include "searcher/serve/server.h"
#include "searcher/serve/tally_cache.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum exit_code { EXIT_WELL = 0, EXIT_USAGE = 2, EXIT_TROUBLE = 4 };

/* All that the program holds; a zeroed one may be closed. */
struct serving {
    struct serve_options options;
    struct metrics metrics;
    struct site site;
    struct server *server;
    char *token;
    int socket;
};

static void complain(const char *message) {
    struct bytes safe = BYTES_INIT;
    escape_terminal(&safe, message, strlen(message));
    const char *text = bytes_string(&safe);
    fprintf(stderr, "plenary-serve: %s\n", text ? text : "out of memory");
    bytes_free(&safe);
}

/* The first line of a file; owned. */
static int read_token(char **out, const char *path, struct error *err) {
    char line[1024];
    FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, "--token-file: %s", path);
    char *found = fgets(line, sizeof line, file);
    fclose(file);
    if (found)
        line[strcspn(line, "\r\n")] = '\0';
    if (!found || !*line)
        return error_set(err, PLENARY_EINVALID, "--token-file: %s holds no token", path);
    *out = strdup(line);
    return *out ? 0 : error_memory(err);
}

static unsigned count_connections(const void *server) {
    return server_connections(server);
}

static int open_site(struct serving *serving, struct error *err) {
    const struct serve_options *options = &serving->options;
    struct plenary_failure failure;
    struct site *site = &serving->site;
    int status = options->token_file ? read_token(&serving->token, options->token_file, err) : 0;
    if (status)
        return status;
    *site = (struct site){.title = options->title,
                          .prefix = options->prefix,
                          .url = options->url,
                          .token = serving->token ? serving->token : options->token,
                          .origin = options->origin,
                          .frames = options->frames,
                          .metrics = &serving->metrics,
                          .time_limit = options->time_limit,
                          .connections = count_connections};
    status = plenary_open(&site->plenary, options->index, &failure);
    if (status >= 0)
        status = plenary_warm(site->plenary, &failure);
    if (status < 0)
        return error_set(err, (enum plenary_error)status, "%s", failure.message);
    site->tallies = tally_cache_open();
    if (!site->tallies)
        return error_memory(err);
    return access_log_open(&site->log, options->access_log, options->nothing_log, err);
}

static int start(struct serving *serving, struct error *err) {
    const struct serve_options *options = &serving->options;
    char name[128];
    int status = open_site(serving, err);
    if (!status)
        status = listen_open(&serving->socket, options->listen, err);
    if (status)
        return status;
    const struct server_options server = {&serving->site, serving->socket, options->threads,
                                          options->connections, options->idle};
    listen_name(name, sizeof name, serving->socket);
    status = server_start(&serving->server, &server, err);
    if (status)
        return status;
    serving->site.server = serving->server;
    fprintf(stderr, "plenary-serve: http://%s%s/\n", name, options->prefix);
    return 0;
}

/* Until a signal says stop. */
static void tend(struct serving *serving, const sigset_t *signals) {
    const struct timespec tenth = {0, 100000000};
    while (sigtimedwait(signals, NULL, &tenth) < 0)
        server_tend(serving->server);
}

static void close_all(struct serving *serving) {
    server_stop(serving->server, serving->options.patience);
    access_log_close(serving->site.log);
    tally_cache_close(serving->site.tallies);
    plenary_close(serving->site.plenary);
    free(serving->token);
}

static int serve(struct serving *serving) {
    struct error err = {0};
    sigset_t signals;
    /* Before any thread starts, so that none of them takes a signal. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    int status = start(serving, &err);
    if (!status)
        tend(serving, &signals);
    close_all(serving);
    if (!status)
        return EXIT_WELL;
    complain(err.message);
    return status == PLENARY_EINVALID ? EXIT_USAGE : EXIT_TROUBLE;
}

int main(int argc, char **argv) {
    struct serving serving = {.socket = -1};
    struct error err = {0};
    if (serve_options_parse(&serving.options, argc, argv, &err) < 0) {
        complain(err.message);
        fputs("Try 'plenary-serve --help'.\n", stderr);
        return EXIT_USAGE;
    }
    if (serving.options.action == SERVE_HELP)
        return fputs(serve_options_help, stdout) < 0 || fflush(stdout) ? EXIT_TROUBLE : EXIT_WELL;
    if (serving.options.action == SERVE_VERSION)
        return puts("plenary-serve " PLENARY_VERSION) < 0 || fflush(stdout) ? EXIT_TROUBLE
                                                                            : EXIT_WELL;
    return serve(&serving);
}
