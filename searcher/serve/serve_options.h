/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of plenary-serve.
 */
#ifndef PLENARY_SERVE_OPTIONS_H
#define PLENARY_SERVE_OPTIONS_H

#include "corpus/error.h"

enum serve_action { SERVE_RUN, SERVE_HELP, SERVE_VERSION };

struct serve_options {
    enum serve_action action;
    const char *index;
    const char *listen; /* "host:port" */
    const char *title, *prefix, *url, *origin, *frames;
    const char *token, *token_file;
    const char *access_log, *nothing_log; /* files; "-": standard error; NULL: none */
    unsigned threads, connections, idle, patience, time_limit;
};

/* 0 or PLENARY_EINVALID with a sentence for the user. Strings are those of argv. */
int serve_options_parse(struct serve_options *out, int argc, char **argv, struct error *err);

extern const char serve_options_help[];

#endif
