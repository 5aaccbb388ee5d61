/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plenary-index: from files and folders of meeting records to an index. See plenary-index.1. */
#include "corpus/worker_pool.h"
#include "indexer/build.h"
#include "indexer/descriptors.h"
#include "indexer/dry_run.h"
#include "indexer/inspect.h"
#include "indexer/leftovers.h"
#include "indexer/options.h"
#include "indexer/progress.h"

#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum exit_code { EXIT_WELL = 0, EXIT_USAGE = 2, EXIT_SKIPPED = 3, EXIT_FAILED = 4 };

static volatile sig_atomic_t stopped;

static void on_signal(int number) {
    stopped = number;
}

/* A second Ctrl-C ends the program at once: what is published stays whole either way. */
static void catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file over the limit is then an error from write(2) */
    signal(SIGPIPE, SIG_IGN);
}

static void print_count(const char *what, uint64_t count, const char **separator) {
    if (count == 0)
        return;
    printf("%s%" PRIu64 " %s", *separator, count, what);
    *separator = ", ";
}

static void print_summary(const struct build_summary *summary, double seconds) {
    const char *separator = "";
    print_count("added", summary->added, &separator);
    print_count("replaced", summary->replaced, &separator);
    print_count("unchanged", summary->unchanged, &separator);
    print_count("deleted", summary->deleted, &separator);
    print_count("skipped", summary->skipped, &separator);
    if (*separator == '\0')
        fputs("nothing to do", stdout);
    else
        fputs(" (documents)", stdout);
    if (summary->passages)
        printf("; %" PRIu64 " passages", summary->passages);
    if (summary->bytes)
        printf("; %.1f MB in %.1f s", (double)summary->bytes / 1e6, seconds);
    if (summary->replaced_bytes)
        printf("; %" PRIu64 " invalid bytes replaced", summary->replaced_bytes);
    if (summary->shortened)
        printf("; %" PRIu64 " overlong words shortened", summary->shortened);
    fputc('\n', stdout);
}

static int change(const struct index_options *options, struct progress *progress,
                  struct error *err) {
    struct build_summary summary;
    int status = build_run(&summary, options, progress, &stopped, err);
    double seconds = progress_seconds(progress);
    progress_end(progress);
    if (status < 0)
        return status;
    if (!options->quiet)
        print_summary(&summary, seconds);
    return summary.skipped ? EXIT_SKIPPED : EXIT_WELL;
}

static int merge(const struct index_options *options, struct error *err) {
    struct timespec begin, end;
    uint32_t merged;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int status = build_merge(&merged, options, err);
    if (status < 0)
        return status;
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds =
        (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    if (options->quiet)
        return EXIT_WELL;
    if (merged)
        printf("merged %" PRIu32 " segments into one in %.1f s\n", merged, seconds);
    else
        puts("nothing to merge");
    return EXIT_WELL;
}

static int show_cuts(const struct index_options *options, struct progress *progress,
                     struct error *err) {
    uint64_t skipped = 0;
    int status = dry_run(options, &stopped, &skipped, err);
    progress_end(progress);
    return status < 0 ? status : skipped ? EXIT_SKIPPED : EXIT_WELL;
}

/* Read what the paths name, to index it or to show how it is cut. */
static int read_paths(const struct index_options *options, struct error *err) {
    struct progress progress;
    struct index_options told = *options;
    progress_begin(&progress, options->quiet, options->verbose);
    told.corpus.notify = progress_notice;
    told.corpus.context = &progress;
    told.corpus.leave_out = leftovers_is_index;
    int status = worker_pool_open(&told.corpus.pool, &told.limits, NULL, told.jobs, err);
    if (status < 0)
        return status;
    status = told.task == TASK_DRY_RUN ? show_cuts(&told, &progress, err)
                                       : change(&told, &progress, err);
    worker_pool_close(told.corpus.pool);
    return status;
}

/* A negative error or the exit code. */
static int run(const struct index_options *options, struct error *err) {
    int status;
    switch (options->task) {
    case TASK_HELP:
        index_options_help();
        return EXIT_WELL;
    case TASK_VERSION:
        puts("plenary-index " PLENARY_VERSION);
        return EXIT_WELL;
    case TASK_INFO:
        return inspect_info(options->index, err);
    case TASK_MERGE:
        return merge(options, err);
    case TASK_CHECK:
        status = inspect_check(options->index, err);
        return status > 0 ? EXIT_FAILED : status;
    default:
        return read_paths(options, err);
    }
}

int main(int argc, char **argv) {
    descriptors_keep_standard();
    setlocale(LC_CTYPE, "");
    struct index_options options;
    if (!index_options_parse(&options, argc, argv))
        return EXIT_USAGE;
    catch_signals();
    descriptors_raise_limit();
    struct error err = {0};
    int status = run(&options, &err);
    if (status >= 0 && (fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
        status = error_errno(&err, "standard output");
    }
    if (status < 0)
        fprintf(stderr, "plenary-index: %s\n", err.message);
    if (stopped) { /* end as the signal would have ended us, so that shells see it */
        signal(stopped, SIG_DFL);
        raise(stopped);
    }
    return status >= 0 ? status : status == PLENARY_EINVALID ? EXIT_USAGE : EXIT_FAILED;
}
