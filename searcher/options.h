/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of plenary-search.
 *
 * Options may stand anywhere and are long, but for -h, -V and -n: any other word that begins with
 * one dash belongs to the query, so that `trafficking -smuggling` needs no quoting. After "--" all
 * words do. The words of the query are joined by spaces; an argument with spaces in it is not a
 * phrase unless quotation marks are part of it.
 */
#ifndef PLENARY_SEARCHER_OPTIONS_H
#define PLENARY_SEARCHER_OPTIONS_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "searcher/output.h"
#include "searcher/ranking.h"
#include "searcher/search.h"

#include <stdbool.h>

enum search_action { ACTION_SEARCH, ACTION_HELP, ACTION_VERSION };
enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

enum { WIDTH_AUTO = -1 };

struct search_options {
    enum search_action action;
    const char *index;
    struct search_request request; /* its text is `query` */
    struct ranking ranking;
    struct bytes query;   /* owned */
    char **in;            /* owned: what its filter's `in` points to; so are the strings */
    const char *synonyms; /* a file; NULL: none */
    const char *like;     /* a passage's id; NULL: none. The query may then be empty */
    enum output_format format;
    enum colour_choice colour;
    unsigned context, snippet_length;
    int width; /* columns, 0: do not wrap, or WIDTH_AUTO */
    bool explain, strict;
};

/* 0; PLENARY_EINVALID with a sentence for the user; or PLENARY_ENOMEM. To be freed in any case. */
int search_options_parse(struct search_options *out, int argc, char **argv, struct error *err);
void search_options_free(struct search_options *options);

/* What --help and --version print. */
extern const char search_options_help[];

#endif
