/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plenary-report: many topics over an index, as a report, a run or a table; and measures of runs.
 */
#include "indexer/descriptors.h"
#include "searcher/ranking_options.h"
#include "searcher/report.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_OK = 0, EXIT_USAGE = 2, EXIT_TROUBLE = 4 };
enum { LIMIT_USUAL = 10, RUN_DEPTH = 1000, LIMIT_MOST = 100000, CONTEXT_MOST = 100 };

static const char help[] =
    "Usage: plenary-report [OPTION]... INDEX TOPICS\n"
    "       plenary-report [OPTION]... INDEX QUERY...\n"
    "       plenary-report eval --qrels QRELS [OPTION]... RUN...\n"
    "Answer each topic of a file (or each QUERY) with the passages that fit it best.\n"
    "TOPICS: lines id<TAB>query[<TAB>document to search inside], JSON Lines, TREC topics; - reads\n"
    "standard input.\n"
    "\n"
    "What to write, each to standard output or to FILE:\n"
    "      --html[=FILE]         a report as one web page\n"
    "      --run[=FILE]          a TREC run\n"
    "      --csv[=FILE], --tsv[=FILE], --jsonl[=FILE]   a line a passage, with its citation\n"
    "      --atom[=FILE]         an Atom feed\n"
    "      --text[=FILE]         a listing; what is written when nothing else is asked for\n"
    "\n"
    "  -n, --limit N             passages of each topic (10; of a run 1000)\n"
    "      --unit UNIT           passage (the default), or document: by its best passage\n"
    "      --since WHEN          only what was added or changed after a generation (plenary-index\n"
    "                            --info tells it) or from a day on, such as 2026-11-25\n"
    "      --context N           N paragraphs around each passage\n"
    "      --words               take the topics as plain words: no operators, no signs\n"
    "      --in PATH             only in documents under this folder, or that match this glob\n"
    "      --language NAME       only in documents of this language\n"
    "      --title TEXT          of the report\n"
    "      --tag NAME            the last column of a run (plenary)\n"
    "      --jobs N              threads (one for each processor)\n"
    "  -q, --quiet               no progress\n"
    "\n";

static const char help_end[] = "  -h, --help                print this\n"
                               "  -V, --version             print the version\n"
                               "\n"
                               "Exit status: 0 all well, 2 wrong usage, 4 index or I/O error.\n"
                               "See plenary-report(1) for more, with examples.\n";

enum option_code {
    OPTION_TEXT = 256, /* in the order of report_format */
    OPTION_RUN,
    OPTION_CSV,
    OPTION_TSV,
    OPTION_JSONL,
    OPTION_HTML,
    OPTION_ATOM,
    OPTION_UNIT,
    OPTION_SINCE,
    OPTION_CONTEXT,
    OPTION_WORDS,
    OPTION_IN,
    OPTION_LANGUAGE,
    OPTION_TITLE,
    OPTION_TAG,
    OPTION_JOBS,
};

static const struct option long_options[] = {
    {"text", optional_argument, NULL, OPTION_TEXT},
    {"run", optional_argument, NULL, OPTION_RUN},
    {"csv", optional_argument, NULL, OPTION_CSV},
    {"tsv", optional_argument, NULL, OPTION_TSV},
    {"jsonl", optional_argument, NULL, OPTION_JSONL},
    {"html", optional_argument, NULL, OPTION_HTML},
    {"atom", optional_argument, NULL, OPTION_ATOM},
    {"limit", required_argument, NULL, 'n'},
    {"unit", required_argument, NULL, OPTION_UNIT},
    {"since", required_argument, NULL, OPTION_SINCE},
    {"context", required_argument, NULL, OPTION_CONTEXT},
    {"words", no_argument, NULL, OPTION_WORDS},
    {"in", required_argument, NULL, OPTION_IN},
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"tag", required_argument, NULL, OPTION_TAG},
    {"jobs", required_argument, NULL, OPTION_JOBS},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    RANKING_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

struct program {
    struct report_options options;
    struct search_request request;
    struct ranking ranking;
    struct topics topics;
    const char **in; /* owned */
    unsigned jobs;
    bool words, limited;
    int answer; /* the exit status of --help and the like, or -1 */
};

static int parse_number(const char *name, const char *text, unsigned long most, unsigned long *out,
                        struct error *err) {
    char *end;
    errno = 0;
    *out = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || *out > most)
        return error_set(err, PLENARY_EINVALID, "--%s: '%s' is not a number from 0 to %lu", name,
                         text, most);
    return 0;
}

static int add_in(struct program *program, const char *value, struct error *err) {
    size_t count = program->request.filter.in_count;
    const char **in = reallocarray(program->in, count + 1, sizeof *in);
    if (!in)
        return error_memory(err);
    in[count] = value;
    program->in = in;
    program->request.filter.in = in;
    program->request.filter.in_count = count + 1;
    return 0;
}

static int apply_number(struct program *program, int code, const char *value, struct error *err) {
    unsigned long number = 0;
    int status = parse_number(code == 'n'           ? "limit"
                              : code == OPTION_JOBS ? "jobs"
                                                    : "context",
                              value,
                              code == 'n'           ? LIMIT_MOST
                              : code == OPTION_JOBS ? 64
                                                    : CONTEXT_MOST,
                              &number, err);
    if (code == 'n') {
        program->options.limit = (uint32_t)number;
        program->limited = true;
        if (!status && !number)
            status = error_set(err, PLENARY_EINVALID, "--limit: list at least 1");
    } else if (code == OPTION_JOBS) {
        program->jobs = (unsigned)number;
    } else {
        program->options.context = (unsigned)number;
    }
    return status;
}

static int apply_unit(struct program *program, const char *value, struct error *err) {
    bool document = strcmp(value, "document") == 0;
    if (!document && strcmp(value, "passage") != 0)
        return error_set(err, PLENARY_EINVALID, "--unit: '%s' is none of passage or document",
                         value);
    program->options.unit = document ? REPORT_DOCUMENTS : REPORT_PASSAGES;
    return 0;
}

static int apply_language(struct program *program, const char *value, struct error *err) {
    int number = language_number(value);
    program->request.filter.language = number;
    return number >= 0 ? 0
                       : error_set(err, PLENARY_EINVALID, "--language: '%s' is not known", value);
}

static int apply(struct program *program, int code, const char *value, struct error *err) {
    if (ranking_option_is(code))
        return ranking_option_apply(&program->ranking, &program->request, code, value, err);
    if (code >= OPTION_TEXT && code <= OPTION_ATOM) {
        program->options.paths[code - OPTION_TEXT] = value ? value : "-";
        return 0;
    }
    switch (code) {
    case OPTION_UNIT:
        return apply_unit(program, value, err);
    case OPTION_SINCE:
        program->options.since = value;
        return 0;
    case OPTION_WORDS:
        program->words = true;
        return 0;
    case OPTION_IN:
        return add_in(program, value, err);
    case OPTION_LANGUAGE:
        return apply_language(program, value, err);
    case OPTION_TITLE:
        program->options.title = value;
        return 0;
    case OPTION_TAG:
        program->options.tag = value;
        return *value ? 0 : error_set(err, PLENARY_EINVALID, "--tag: it cannot be empty");
    case 'q':
        program->options.quiet = true;
        return 0;
    case 'h':
        fputs(help, stdout);
        fputs(ranking_options_help, stdout);
        fputs(help_end, stdout);
        program->answer = EXIT_OK;
        return 0;
    case 'V':
        puts("plenary-report " PLENARY_VERSION);
        program->answer = EXIT_OK;
        return 0;
    case 'n':
    case OPTION_CONTEXT:
    case OPTION_JOBS:
        return apply_number(program, code, value, err);
    default:
        return error_set(err, PLENARY_EINVALID, "an unknown option, or one without its value");
    }
}

/* SOURCE_DATE_EPOCH makes a report the same at any time (reproducible-builds.org). */
static time_t now(void) {
    const char *pinned = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long value = pinned ? strtoll(pinned, &end, 10) : 0;
    return pinned && *pinned && !*end && value >= 0 && value < 253402300800 ? (time_t)value
                                                                            : time(NULL);
}

static int take_topics(struct program *program, int count, char **words, struct error *err) {
    if (count == 1 && (strcmp(words[0], "-") == 0 || access(words[0], R_OK) == 0))
        return topics_read(&program->topics, words[0], program->words, err);
    int status = 0;
    for (int i = 0; i < count && !status; i++)
        status = topics_add(&program->topics, words[i], program->words, err);
    return status;
}

static int parse(struct program *program, int argc, char **argv, struct error *err) {
    int code, status = 0;
    opterr = 0;
    while (!status && program->answer < 0 &&
           (code = getopt_long(argc, argv, "n:qhV", long_options, NULL)) != -1) {
        if (code == '?')
            status = error_set(err, PLENARY_EINVALID, "%s: no such option, or its value is missing",
                               argv[optind - 1]);
        else
            status = apply(program, code, optarg, err);
    }
    if (status || program->answer >= 0)
        return status;
    if (argc - optind < 2)
        return error_set(err, PLENARY_EINVALID,
                         "name an index and topics, such as: plenary-report meetings.index "
                         "topics.tsv --html=report.html");
    struct report_options *options = &program->options;
    options->index = argv[optind];
    bool any = false;
    int to_output = 0;
    for (int i = 0; i < REPORT_FORMATS; i++) {
        any |= options->paths[i] != NULL;
        to_output += options->paths[i] && strcmp(options->paths[i], "-") == 0;
    }
    if (!any)
        options->paths[REPORT_TEXT] = "-";
    if (to_output > 1)
        return error_set(err, PLENARY_EINVALID,
                         "only one output can go to standard output: give the others a file");
    if (!program->limited && options->paths[REPORT_RUN])
        options->limit = RUN_DEPTH;
    return take_topics(program, argc - optind - 1, argv + optind + 1, err);
}

int main(int argc, char **argv) {
    struct program program = {.options = {.limit = LIMIT_USUAL, .tag = "plenary", .now = now()},
                              .request = SEARCH_REQUEST_INIT,
                              .ranking = RANKING_DEFAULT,
                              .answer = -1};
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN);
    descriptors_raise_limit();
    if (argc > 1 && strcmp(argv[1], "eval") == 0)
        return report_eval(argc - 1, argv + 1);
    program.request.k1 = RANKING_K1;
    program.request.b = RANKING_B;
    int status = parse(&program, argc, argv, &err);
    if (!status && program.answer < 0)
        status = report_write(&program.options, &program.topics, &program.request, &program.ranking,
                              program.jobs, &err);
    topics_free(&program.topics);
    free(program.in);
    if (!status || status == PLENARY_ESTOPPED)
        return program.answer >= 0 ? program.answer : EXIT_OK;
    fprintf(stderr, "plenary-report: %s\n", err.message);
    if (status == PLENARY_EINVALID)
        fputs("Try 'plenary-report --help'.\n", stderr);
    return status == PLENARY_EINVALID ? EXIT_USAGE : EXIT_TROUBLE;
}
