/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library alone, called in a loop: what requests per second over HTTP are held against.
 * usage: loop INDEX QUERIES SECONDS THREADS   (QUERIES: a file, a query a line)
 */
#include "searcher/plenary.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUERIES_MOST = 10000 };

static struct plenary *library;
static char *queries[QUERIES_MOST];
static size_t count;
static double end;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void *search(void *context) {
    size_t *done = context, at = (size_t)context % count;
    for (; now() < end; ++*done, at = (at + 1) % count) {
        struct plenary_result *result;
        struct plenary_failure failure;
        char *text;
        size_t size;
        if (plenary_search(&result, library, queries[at], PLENARY_ALL, NULL, &failure) < 0 ||
            plenary_result_write(&text, &size, result, PLENARY_JSON, &failure) < 0) {
            fprintf(stderr, "%s\n", failure.message);
            exit(1);
        }
        plenary_free(text);
        plenary_result_free(result);
    }
    return NULL;
}

int main(int argc, char **argv) {
    enum { THREADS_MOST = 64 };
    pthread_t threads[THREADS_MOST];
    size_t done[THREADS_MOST] = {0}, total = 0;
    char line[2000];
    FILE *file = argc == 5 ? fopen(argv[2], "r") : NULL;
    int wanted = argc == 5 ? atoi(argv[4]) : 0;
    if (!file || wanted < 1 || wanted > THREADS_MOST || plenary_open(&library, argv[1], NULL) < 0)
        return 2;
    while (count < QUERIES_MOST && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        queries[count++] = strdup(line);
    }
    fclose(file);
    double begun = now();
    end = begun + atof(argv[3]);
    for (int i = 0; i < wanted; i++)
        pthread_create(&threads[i], NULL, search, &done[i]);
    for (int i = 0; i < wanted; i++) {
        pthread_join(threads[i], NULL);
        total += done[i];
    }
    printf("%.1f\n", (double)total / (now() - begun));
    plenary_close(library);
    return 0;
}
