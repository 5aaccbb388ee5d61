/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/serve_options.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

const char serve_options_help[] =
    "Usage: plenary-serve [OPTION]... INDEX\n"
    "Serve an index over HTTP: a search page for people, an API for programs.\n"
    "\n"
    "  -l, --listen HOST:PORT    where to listen (127.0.0.1:8080; port 0: any that is free); not\n"
    "                            used where systemd passes a socket\n"
    "      --title TEXT          name of the portal, on every page\n"
    "      --prefix /PATH        what a reverse proxy puts before every address\n"
    "      --url URL             https://host as the world sees it, for feeds and OpenSearch\n"
    "      --cors ORIGIN         let pages of this origin use the API (*: any)\n"
    "      --frame-ancestors LIST  who may show the pages in a frame ('none')\n"
    "      --token-file FILE     answer only who brings the token in this file, as a bearer token\n"
    "                            or as the password of a sign-in\n"
    "      --token TOKEN         the same, readable by all users of this machine\n"
    "\n"
    "      --time-limit MS       cut off a query after so many milliseconds (5000)\n"
    "      --threads N           answer so many requests at once (one a core)\n"
    "      --connections N       keep so many connections open (20000, or what descriptors allow)\n"
    "      --idle SECONDS        close a connection on which no request comes (20)\n"
    "      --access-log FILE     a line a request, without addresses of persons (-: standard "
    "error)\n"
    "      --nothing-log FILE    a line a search that found nothing\n"
    "\n"
    "  -h, --help                print this\n"
    "  -V, --version             print the version\n"
    "\n"
    "SIGTERM and SIGINT stop it once the requests at work are answered.\n"
    "See plenary-serve(1) for more.\n";

enum {
    OPTION_TITLE = 256,
    OPTION_PREFIX,
    OPTION_URL,
    OPTION_CORS,
    OPTION_FRAMES,
    OPTION_TOKEN,
    OPTION_TOKEN_FILE,
    OPTION_THREADS,
    OPTION_CONNECTIONS,
    OPTION_IDLE,
    OPTION_ACCESS_LOG,
    OPTION_NOTHING_LOG,
    OPTION_TIME_LIMIT,
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, 'l'},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"prefix", required_argument, NULL, OPTION_PREFIX},
    {"url", required_argument, NULL, OPTION_URL},
    {"cors", required_argument, NULL, OPTION_CORS},
    {"frame-ancestors", required_argument, NULL, OPTION_FRAMES},
    {"token", required_argument, NULL, OPTION_TOKEN},
    {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"connections", required_argument, NULL, OPTION_CONNECTIONS},
    {"idle", required_argument, NULL, OPTION_IDLE},
    {"access-log", required_argument, NULL, OPTION_ACCESS_LOG},
    {"nothing-log", required_argument, NULL, OPTION_NOTHING_LOG},
    {"time-limit", required_argument, NULL, OPTION_TIME_LIMIT},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static int take_number(unsigned *out, const char *name, const char *text, unsigned long least,
                       unsigned long most, struct error *err) {
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || number < least || number > most)
        return error_set(err, PLENARY_EINVALID, "--%s: '%s' is not a number from %lu to %lu", name,
                         text, least, most);
    *out = (unsigned)number;
    return 0;
}

/* A header goes by these: no control characters, no line ends. */
static int take_plain(const char **out, const char *name, const char *text, struct error *err) {
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(err, PLENARY_EINVALID, "--%s: no control characters", name);
    *out = text;
    return 0;
}

static int take_prefix(const char **out, const char *text, struct error *err) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-._~/";
    size_t size = strlen(text);
    if (size && (text[0] != '/' || text[size - 1] == '/' || text[strspn(text, allowed)]))
        return error_set(err, PLENARY_EINVALID,
                         "--prefix: '%s' is not a path such as /search, without a slash at its end",
                         text);
    *out = text;
    return 0;
}

static int take_url(const char **out, const char *text, struct error *err) {
    bool good = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    const char *host = good ? strstr(text, "//") + 2 : "";
    if (!good || !*host || strpbrk(host, "/?#\"'<> "))
        return error_set(err, PLENARY_EINVALID, "--url: '%s' is not like https://records.example",
                         text);
    return take_plain(out, "url", text, err);
}

static int apply(struct serve_options *out, int code, const char *value, struct error *err) {
    switch (code) {
    case 'l':
        out->listen = value;
        return 0;
    case OPTION_TITLE:
        return take_plain(&out->title, "title", value, err);
    case OPTION_PREFIX:
        return take_prefix(&out->prefix, value, err);
    case OPTION_URL:
        return take_url(&out->url, value, err);
    case OPTION_CORS:
        return take_plain(&out->origin, "cors", value, err);
    case OPTION_FRAMES:
        return take_plain(&out->frames, "frame-ancestors", value, err);
    case OPTION_TOKEN:
        out->token = value;
        return 0;
    case OPTION_TOKEN_FILE:
        out->token_file = value;
        return 0;
    case OPTION_THREADS:
        return take_number(&out->threads, "threads", value, 1, 256, err);
    case OPTION_CONNECTIONS:
        return take_number(&out->connections, "connections", value, 1, 1000000, err);
    case OPTION_IDLE:
        return take_number(&out->idle, "idle", value, 1, 3600, err);
    case OPTION_TIME_LIMIT:
        return take_number(&out->time_limit, "time-limit", value, 1, 3600000, err);
    case OPTION_ACCESS_LOG:
        out->access_log = value;
        return 0;
    case OPTION_NOTHING_LOG:
        out->nothing_log = value;
        return 0;
    case 'h':
        out->action = SERVE_HELP;
        return 0;
    default:
        out->action = SERVE_VERSION;
        return 0;
    }
}

static int check(const struct serve_options *out, int argc, struct error *err) {
    if (out->action != SERVE_RUN)
        return 0;
    if (!out->index || optind + 1 != argc)
        return error_set(err, PLENARY_EINVALID, "name one index");
    if ((out->token && !*out->token) || (out->token && out->token_file))
        return error_set(err, PLENARY_EINVALID, "--token: give one token, and not an empty one");
    return 0;
}

int serve_options_parse(struct serve_options *out, int argc, char **argv, struct error *err) {
    *out = (struct serve_options){.listen = "127.0.0.1:8080",
                                  .title = "plenary",
                                  .prefix = "",
                                  .frames = "'none'",
                                  .idle = 20,
                                  .patience = 10,
                                  .time_limit = 5000};
    optind = 0;
    opterr = 0;
    for (int code; (code = getopt_long(argc, argv, ":l:hV", long_options, NULL)) != -1;) {
        if (code == '?')
            return error_set(err, PLENARY_EINVALID, "%s: no such option", argv[optind - 1]);
        if (code == ':')
            return error_set(err, PLENARY_EINVALID, "%s: its value is missing", argv[optind - 1]);
        int status = apply(out, code, optarg, err);
        if (status)
            return status;
    }
    out->index = optind < argc ? argv[optind] : NULL;
    return check(out, argc, err);
}
