/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ranking's part of a command line, the same for all programs that search. Long options only,
 * with codes from RANKING_OPTION_FIRST on.
 */
#ifndef PLENARY_SEARCHER_RANKING_OPTIONS_H
#define PLENARY_SEARCHER_RANKING_OPTIONS_H

#include "searcher/ranking.h"

#include <getopt.h>

enum { RANKING_OPTION_FIRST = 4096 };

/* Entries of a table for getopt_long. */
#define RANKING_LONG_OPTIONS                                                                       \
    {"thorough", no_argument, NULL, RANKING_OPTION_FIRST},                                         \
        {"plain", no_argument, NULL, RANKING_OPTION_FIRST + 1},                                    \
        {"model", required_argument, NULL, RANKING_OPTION_FIRST + 2},                              \
        {"k1", required_argument, NULL, RANKING_OPTION_FIRST + 3},                                 \
        {"b", required_argument, NULL, RANKING_OPTION_FIRST + 4},                                  \
        {"rank", required_argument, NULL, RANKING_OPTION_FIRST + 5}, {                             \
        "ranking", required_argument, NULL, RANKING_OPTION_FIRST + 6                               \
    }

extern const char ranking_options_help[];

/* Is it one of them? Then apply it: 0, or PLENARY_EINVALID with a sentence. `value` must stay. */
bool ranking_option_is(int code);
int ranking_option_apply(struct ranking *ranking, struct search_request *request, int code,
                         const char *value, struct error *err);

#endif
