/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/progress.h"

#include "corpus/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double seconds_between(const struct timespec *from, const struct timespec *to) {
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

void progress_begin(struct progress *progress, bool quiet, bool verbose) {
    *progress = (struct progress){.quiet = quiet, .verbose = verbose};
    pthread_mutex_init(&progress->mutex, NULL);
    const char *terminal = getenv("TERM");
    progress->line = !quiet && isatty(STDERR_FILENO) && !(terminal && !strcmp(terminal, "dumb"));
    clock_gettime(CLOCK_MONOTONIC, &progress->begun);
}

static void clear_line(struct progress *progress) {
    if (progress->visible)
        fputs("\r\033[K", stderr);
    progress->visible = false;
}

void progress_notice(void *context, const struct notice *notice) {
    struct progress *progress = context;
    pthread_mutex_lock(&progress->mutex);
    progress->skipped += notice->level == NOTICE_SKIPPED;
    progress->warnings += notice->level == NOTICE_WARNING;
    bool wanted = notice->level == NOTICE_SKIPPED ||
                  (notice->level == NOTICE_WARNING && !progress->quiet) || progress->verbose;
    if (wanted) {
        char source[1024], text[1024];
        printable_copy(source, sizeof source, notice->source ? notice->source : "-");
        printable_copy(text, sizeof text, notice->text);
        clear_line(progress);
        fprintf(stderr, "plenary-index: %s", source);
        if (notice->line)
            fprintf(stderr, ":%llu", (unsigned long long)notice->line);
        fprintf(stderr, ": %s%s\n", notice->level == NOTICE_SKIPPED ? "skipped: " : "", text);
    }
    pthread_mutex_unlock(&progress->mutex);
}

static void print_time_left(double seconds) {
    unsigned long whole = (unsigned long)(seconds + 0.5);
    if (whole >= 3600)
        fprintf(stderr, ", %lu h %02lu min left", whole / 3600, whole / 60 % 60);
    else if (whole >= 60)
        fprintf(stderr, ", %lu min %02lu s left", whole / 60, whole % 60);
    else
        fprintf(stderr, ", %lu s left", whole);
}

/* How the speed was over the whole of a build: for --verbose, and for benchmarks. */
static void show_tenths(struct progress *progress, uint64_t done, uint64_t total) {
    if (!progress->verbose || !total || done > total)
        return;
    unsigned tenths = (unsigned)(done / ((total + 9) / 10));
    if (done == total)
        tenths = 10;
    if (tenths <= progress->tenths)
        return;
    pthread_mutex_lock(&progress->mutex);
    clear_line(progress);
    progress->tenths = tenths;
    fprintf(stderr, "plenary-index: %u %% of the input, %.1f MB, after %.3f s\n", tenths * 10,
            (double)done / 1e6, progress_seconds(progress));
    pthread_mutex_unlock(&progress->mutex);
}

void progress_show(struct progress *progress, uint64_t documents, uint64_t done, uint64_t total) {
    show_tenths(progress, done, total);
    if (!progress->line)
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (progress->visible && seconds_between(&progress->shown, &now) < 0.2)
        return;
    pthread_mutex_lock(&progress->mutex);
    double elapsed = seconds_between(&progress->begun, &now);
    double speed = elapsed > 0 ? (double)done / elapsed : 0;
    clear_line(progress);
    fprintf(stderr, "%llu documents, %.1f MB, %.1f MB/s", (unsigned long long)documents,
            (double)done / 1e6, speed / 1e6);
    if (total > done && speed > 0 && elapsed > 1)
        print_time_left((double)(total - done) / speed);
    fflush(stderr);
    progress->visible = true;
    progress->shown = now;
    pthread_mutex_unlock(&progress->mutex);
}

void progress_end(struct progress *progress) {
    clear_line(progress);
    fflush(stderr);
    pthread_mutex_destroy(&progress->mutex);
}

double progress_seconds(const struct progress *progress) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return seconds_between(&progress->begun, &now);
}
