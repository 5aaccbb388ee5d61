/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary-search: a query on the command line, its passages on standard output.
 */
#include "indexer/descriptors.h"
#include "searcher/escape.h"
#include "searcher/explain.h"
#include "searcher/like.h"
#include "searcher/listing.h"
#include "searcher/options.h"
#include "searcher/output.h"
#include "searcher/synonyms.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum exit_code { EXIT_FOUND = 0, EXIT_NOTHING = 1, EXIT_USAGE = 2, EXIT_TROUBLE = 4 };

/* All that one run holds; a zeroed one may be closed. */
struct run {
    struct search_options options;
    struct searcher *searcher;
    struct search_result result;
    struct explainer *explainer;
    struct listing *listing;
    struct synonyms *synonyms;
    char *xapian;
    char *folder;    /* the current one */
    struct bytes to; /* output not yet written */
};

static void complain(const char *message) {
    struct bytes safe = BYTES_INIT;
    escape_terminal(&safe, message, strlen(message));
    const char *text = bytes_string(&safe);
    fprintf(stderr, "plenary-search: %s\n", text ? text : "out of memory");
    bytes_free(&safe);
}

/* ---- The terminal ------------------------------------------------------------------------- */

static bool use_colour(enum colour_choice choice) {
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (choice != COLOUR_AUTO)
        return choice == COLOUR_ALWAYS;
    return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

/* As asked; otherwise the terminal's; 0 where the output is no terminal. */
static unsigned find_width(int asked) {
    enum { USUAL = 80, LEAST = 20, MOST = 10000 };
    if (asked != WIDTH_AUTO)
        return (unsigned)asked;
    if (!isatty(STDOUT_FILENO))
        return 0;
    const char *columns = getenv("COLUMNS");
    long width = columns ? strtol(columns, NULL, 10) : 0;
    struct winsize size;
    if ((width < LEAST || width > MOST) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    return width < LEAST || width > MOST ? USUAL : (unsigned)width;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Write what has been gathered. A reader that has closed the pipe has seen enough: that is told by
 * PLENARY_ESTOPPED and is no error. */
static int flush_output(struct run *run, struct error *err) {
    struct bytes *to = &run->to;
    if (to->failed)
        return error_memory(err);
    size_t written = to->size ? fwrite(to->data, 1, to->size, stdout) : 0;
    bool complete = written == to->size;
    bytes_reset(to);
    if (complete)
        return 0;
    if (errno == EPIPE)
        return error_set(err, PLENARY_ESTOPPED, "the reader closed the pipe");
    return error_errno(err, "cannot write the results");
}

static int close_output(struct error *err) {
    if (fflush(stdout) == 0 && !ferror(stdout) && fclose(stdout) == 0)
        return 0;
    if (errno == EPIPE)
        return error_set(err, PLENARY_ESTOPPED, "the reader closed the pipe");
    return error_errno(err, "cannot write the results");
}

static int write_hits(struct run *run, struct output *output, struct error *err) {
    int status = 0;
    for (size_t i = 0; i < run->result.hit_count && status >= 0; i++) {
        const struct listing_hit *hit;
        const struct output_part *parts = NULL;
        size_t part_count = 0;
        status = listing_load(run->listing, i, &hit, err);
        if (status >= 0 && run->options.explain)
            status = explainer_parts(run->explainer, hit, &parts, &part_count, err);
        if (status >= 0)
            status = output_hit(output, hit, parts, part_count, err);
        if (status >= 0)
            status = flush_output(run, err);
    }
    return status;
}

static int write_results(struct run *run, struct error *err) {
    const struct search_options *options = &run->options;
    const struct search_filter *filter = &options->request.filter;
    const struct snapshot *snapshot = searcher_snapshot(run->searcher);
    struct output output = {
        .format = options->format,
        .colour = use_colour(options->colour),
        .width = find_width(options->width),
        .folder = run->folder,
        .to = &run->to,
    };
    struct output_summary summary = {
        .text = options->request.text,
        .text_size = options->request.text_size,
        .result = &run->result,
        .offset = run->result.first_rank ? run->result.first_rank - 1 : options->request.offset,
        .after = options->request.after != NULL,
        .limit = options->request.limit,
        .grouped = options->request.per_document > 0,
        .count_only = options->request.count_only,
        .filtered = filter->from || filter->to || filter->in_count || filter->language >= 0,
        .xapian = run->xapian,
        .generation = snapshot_generation(snapshot),
        .documents = snapshot_documents(snapshot),
        .passages = snapshot_passages(snapshot),
    };
    int status = output_begin(&output, &summary, err);
    if (status >= 0)
        status = write_hits(run, &output, err);
    if (status >= 0)
        status = output_end(&output, err);
    if (status >= 0)
        status = flush_output(run, err);
    return status < 0 ? status : close_output(err);
}

/* ---- Searching ---------------------------------------------------------------------------- */

/* ".", "..", "./x" and "../x" are as seen from here; the filter takes any other pattern as it is.
 */
static bool is_seen_from_here(const char *path) {
    if (*path++ != '.')
        return false;
    path += *path == '.';
    return *path == '\0' || *path == '/';
}

static int place_filter(struct run *run, struct error *err) {
    const struct search_filter *filter = &run->options.request.filter;
    for (size_t i = 0; i < filter->in_count; i++) {
        char *path = run->options.in[i];
        if (!is_seen_from_here(path))
            continue;
        run->options.in[i] = realpath(path, NULL);
        if (!run->options.in[i]) {
            run->options.in[i] = path;
            return error_set(err, PLENARY_EINVALID,
                             "--in: %s: %s (a glob goes without ./ in front)", path,
                             strerror(errno));
        }
        free(path);
    }
    return 0;
}

/* Say what was repaired in the query; with --strict that is an error. */
static int tell_notices(const struct run *run, struct error *err) {
    const struct query *query = &run->result.query;
    bool refused = false;
    for (size_t i = 0; i < query->notice_count; i++) {
        const struct query_notice *notice = &query->notices[i];
        char line[600];
        if (notice->column)
            snprintf(line, sizeof line, "query, column %u: %s", notice->column, notice->message);
        else
            snprintf(line, sizeof line, "query: %s", notice->message);
        complain(line);
        refused |= run->options.strict && notice->kind == QUERY_REPAIR;
    }
    if (refused)
        return error_set(err, PLENARY_EINVALID, "--strict: the query cannot be read as it stands");
    return 0;
}

static int prepare(struct run *run, struct error *err) {
    const struct search_options *options = &run->options;
    const struct listing_options listing = {options->snippet_length, options->context};
    int status = listing_open(&run->listing, run->searcher, &run->result, &listing, err);
    if (status >= 0 && options->explain)
        status =
            explainer_open(&run->explainer, run->searcher, &run->result, &options->request, err);
    if (status >= 0 && options->explain)
        status = searcher_explain(&run->xapian, run->searcher, &options->request, err);
    return status;
}

static int find(struct run *run, struct error *err) {
    struct search_options *options = &run->options;
    int status = searcher_open(&run->searcher, options->index, err);
    if (status >= 0 && options->synonyms)
        status = synonyms_read(&run->synonyms, options->synonyms, err);
    if (status >= 0 && options->like)
        status = like_query(&options->query, run->searcher, options->like, err);
    if (status < 0)
        return status;
    options->request.synonyms = run->synonyms;
    options->request.exact_total =
        true; /* a person is told how many there are, not about how many */
    options->request.text = (const char *)options->query.data;
    options->request.text_size = options->query.size;
    status = ranking_search(&run->result, run->searcher, &run->options.request,
                            &run->options.ranking, err);
    if (status < 0) {
        run->result = (struct search_result){0};
        return status;
    }
    return prepare(run, err);
}

static int search(struct run *run, struct error *err) {
    run->folder = getcwd(NULL, 0);
    int status = place_filter(run, err);
    if (status >= 0)
        status = find(run, err);
    if (status >= 0)
        status = tell_notices(run, err);
    return status >= 0 ? write_results(run, err) : status;
}

static void close_run(struct run *run) {
    listing_close(run->listing);
    explainer_close(run->explainer);
    search_result_free(&run->result);
    searcher_close(run->searcher);
    synonyms_free(run->synonyms);
    free(run->xapian);
    search_options_free(&run->options);
    bytes_free(&run->to);
    free(run->folder);
}

/* ---- The program -------------------------------------------------------------------------- */

static int print_and_close(const char *text) {
    struct error err;
    fputs(text, stdout);
    int status = close_output(&err);
    if (status == 0 || status == PLENARY_ESTOPPED)
        return EXIT_FOUND;
    complain(err.message);
    return EXIT_TROUBLE;
}

static int exit_code(const struct run *run, int status, const struct error *err) {
    if (status == 0 || status == PLENARY_ESTOPPED)
        return run->result.total.value ? EXIT_FOUND : EXIT_NOTHING;
    complain(err->message);
    return status == PLENARY_EINVALID ? EXIT_USAGE : EXIT_TROUBLE;
}

int main(int argc, char **argv) {
    struct run run = {0};
    struct error err = {0};
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is seen when writing */
    descriptors_keep_standard();
    descriptors_raise_limit();
    int status = search_options_parse(&run.options, argc, argv, &err);
    int code;
    if (status < 0) {
        complain(err.message);
        fputs("Try 'plenary-search --help'.\n", stderr);
        code = status == PLENARY_EINVALID ? EXIT_USAGE : EXIT_TROUBLE;
    } else if (run.options.action == ACTION_HELP) {
        code = print_and_close(search_options_help);
    } else if (run.options.action == ACTION_VERSION) {
        code = print_and_close("plenary-search " PLENARY_VERSION "\n");
    } else {
        status = search(&run, &err);
        code = exit_code(&run, status, &err);
    }
    close_run(&run);
    return code;
}
