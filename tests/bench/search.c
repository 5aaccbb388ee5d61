/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time searches in one process: every query of a file, again and again, through the searcher that
 * plenary-search uses, without opening, printing or fetching texts.
 *
 * usage: search [--threads N] INDEX QUERIES or|and|phrase TOPK REPS [WARM]
 *
 *   QUERIES  a query a line, as words; "or" asks for any of them, "and" for all, "phrase" for them
 *            side by side in order
 *   REPS     how often the whole file is run and timed, after WARM (1) rounds that are not
 *   N        threads, each with a searcher of its own and all the rounds (1); a query's time is
 * then that which its thread took, and qps tells of all
 *
 * Prints one line: mean, percentiles and maximum of a query's time, queries a second, and how many
 * hits the timed and untimed rounds had between them.
 */
#include "searcher/search.h"

#include "corpus/bytes.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { THREADS_MAX = 64 };

enum form { FORM_OR, FORM_AND, FORM_PHRASE };

struct query_text {
    char *text; /* owned */
    size_t size;
};

struct task {
    const char *index;
    uint32_t top;
    unsigned repetitions, warm;
    struct query_text *queries; /* owned */
    size_t count;
    pthread_barrier_t start; /* of the timed rounds */
};

struct runner {
    struct task *task;
    pthread_t thread;
    double *times; /* owned; seconds of each timed query */
    uint64_t hits;
    double begin, end;
    int status;
    struct error err;
};

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- Queries ------------------------------------------------------------------------------- */

static bool find_form(const char *name, enum form *out) {
    static const char *const names[] = {"or", "and", "phrase"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(name, names[i])) {
            *out = (enum form)i;
            return true;
        }
    return false;
}

/* A line of words as a query of the form. */
static void write_query(struct bytes *out, char *line, enum form form) {
    if (form == FORM_OR) {
        bytes_add_string(out, line);
        return;
    }
    const char *between = form == FORM_AND ? " AND " : " ";
    bool first = true;
    char *rest;
    if (form == FORM_PHRASE)
        bytes_add_string(out, "\"");
    for (char *word = strtok_r(line, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
        if (!first)
            bytes_add_string(out, between);
        bytes_add_string(out, word);
        first = false;
    }
    if (form == FORM_PHRASE)
        bytes_add_string(out, "\"");
}

static int add_query(struct task *task, char *line, enum form form, struct error *err) {
    struct bytes text = BYTES_INIT;
    write_query(&text, line, form);
    struct query_text *queries =
        reallocarray(task->queries, task->count + 1, sizeof *task->queries);
    if (queries)
        task->queries = queries;
    char *copy = text.failed ? NULL : strndup((const char *)text.data, text.size);
    if (queries && copy)
        queries[task->count++] = (struct query_text){copy, text.size};
    bytes_free(&text);
    return queries && copy ? 0 : error_memory(err);
}

static int read_queries(struct task *task, const char *path, enum form form, struct error *err) {
    FILE *file = fopen(path, "re");
    if (!file)
        return error_errno(err, "%s: cannot open", path);
    char *line = NULL;
    size_t capacity = 0;
    int status = 0;
    while (!status && getline(&line, &capacity, file) >= 0) {
        line[strcspn(line, "\r\n")] = '\0';
        if (*line)
            status = add_query(task, line, form, err);
    }
    free(line);
    fclose(file);
    if (!status && !task->count)
        status = error_set(err, PLENARY_EINVALID, "%s: no queries", path);
    return status;
}

/* ---- Running ------------------------------------------------------------------------------- */

static int search_once(struct runner *runner, struct searcher *searcher,
                       const struct query_text *query) {
    struct search_request request = SEARCH_REQUEST_INIT;
    struct search_result result;
    request.text = query->text;
    request.text_size = query->size;
    request.limit = runner->task->top;
    request.no_suggestion = true; /* as the peers have none */
    int status = searcher_search(&result, searcher, &request, &runner->err);
    if (status)
        return status;
    runner->hits += result.hit_count;
    search_result_free(&result);
    return 0;
}

static int run_round(struct runner *runner, struct searcher *searcher, double *times) {
    const struct task *task = runner->task;
    int status = 0;
    for (size_t i = 0; !status && i < task->count; i++) {
        double begin = seconds_now();
        status = search_once(runner, searcher, &task->queries[i]);
        if (times)
            times[i] = seconds_now() - begin;
    }
    return status;
}

static void *run(void *context) {
    struct runner *runner = context;
    struct task *task = runner->task;
    struct searcher *searcher = NULL;
    int status = searcher_open(&searcher, task->index, &runner->err);
    for (unsigned i = 0; !status && i < task->warm; i++)
        status = run_round(runner, searcher, NULL);
    pthread_barrier_wait(&task->start);
    runner->begin = seconds_now();
    for (unsigned i = 0; !status && i < task->repetitions; i++)
        status = run_round(runner, searcher, runner->times + i * task->count);
    runner->end = seconds_now();
    searcher_close(searcher);
    runner->status = status;
    return NULL;
}

static int run_all(struct task *task, struct runner *runners, unsigned threads, struct error *err) {
    size_t count = task->count * task->repetitions;
    pthread_barrier_init(&task->start, NULL, threads);
    for (unsigned i = 0; i < threads; i++) {
        runners[i].task = task;
        runners[i].times = calloc(count + 1, sizeof *runners[i].times);
        if (!runners[i].times)
            return error_memory(err);
    }
    for (unsigned i = 1; i < threads; i++)
        if (pthread_create(&runners[i].thread, NULL, run, &runners[i])) {
            /* The others wait at the barrier. */
            fputs("search: no thread is to be had\n", stderr);
            exit(4);
        }
    run(&runners[0]);
    for (unsigned i = 1; i < threads; i++)
        pthread_join(runners[i].thread, NULL);
    pthread_barrier_destroy(&task->start);
    int status = 0;
    for (unsigned i = 0; !status && i < threads; i++)
        if ((status = runners[i].status))
            *err = runners[i].err;
    return status;
}

/* ---- Telling ------------------------------------------------------------------------------- */

static int compare_times(const void *a, const void *b) {
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

static int print_summary(const struct task *task, const struct runner *runners, unsigned threads,
                         const char *form, struct error *err) {
    size_t each = task->count * task->repetitions, count = each * threads;
    double *times = calloc(count, sizeof *times), sum = 0, begin = runners[0].begin, end = 0;
    uint64_t hits = 0;
    if (!times)
        return error_memory(err);
    for (unsigned i = 0; i < threads; i++) {
        memcpy(times + i * each, runners[i].times, each * sizeof *times);
        hits += runners[i].hits;
        begin = runners[i].begin < begin ? runners[i].begin : begin;
        end = runners[i].end > end ? runners[i].end : end;
    }
    qsort(times, count, sizeof *times, compare_times);
    for (size_t i = 0; i < count; i++)
        sum += times[i];
    printf("%s k=%u n=%zu mean %.3fms p50 %.3f p90 %.3f p99 %.3f max %.3f qps %.1f hits %llu", form,
           task->top, count, 1e3 * sum / (double)count, 1e3 * times[count / 2],
           1e3 * times[count * 9 / 10], 1e3 * times[count * 99 / 100], 1e3 * times[count - 1],
           (double)count / (end - begin), (unsigned long long)hits);
    if (threads > 1)
        printf(" threads %u", threads);
    putchar('\n');
    free(times);
    return 0;
}

static int usage(void) {
    fputs("usage: search [--threads N] INDEX QUERIES or|and|phrase TOPK REPS [WARM]\n", stderr);
    return 2;
}

int main(int argc, char **argv) {
    static struct runner runners[THREADS_MAX];
    unsigned threads = 1;
    if (argc > 2 && !strcmp(argv[1], "--threads")) {
        threads = (unsigned)strtoul(argv[2], NULL, 10);
        argc -= 2;
        argv += 2;
    }
    enum form form;
    if (argc < 6 || argc > 7 || !find_form(argv[3], &form) || !threads || threads > THREADS_MAX)
        return usage();
    struct task task = {.index = argv[1],
                        .top = (uint32_t)strtoul(argv[4], NULL, 10),
                        .repetitions = (unsigned)strtoul(argv[5], NULL, 10),
                        .warm = argc > 6 ? (unsigned)strtoul(argv[6], NULL, 10) : 1};
    if (!task.top || !task.repetitions)
        return usage();
    struct error err = {0};
    int status = read_queries(&task, argv[2], form, &err);
    if (!status)
        status = run_all(&task, runners, threads, &err);
    if (!status)
        status = print_summary(&task, runners, threads, argv[3], &err);
    if (status)
        fprintf(stderr, "search: %s\n", err.message);
    for (size_t i = 0; i < task.count; i++)
        free(task.queries[i].text);
    free(task.queries);
    for (unsigned i = 0; i < threads; i++)
        free(runners[i].times);
    return status ? 4 : 0;
}
