/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/workers.h"

#include "searcher/serve/exchange.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t came;
    struct exchange *first, *last; /* under the lock */
    bool over;                     /* under the lock */
    workers_answer *answer;
    void *context;
    unsigned count;
    pthread_t threads[];
};

/* NULL: the server stops, and nothing waits. */
static struct exchange *take(struct workers *workers, bool *over) {
    pthread_mutex_lock(&workers->lock);
    while (!workers->first && !workers->over)
        pthread_cond_wait(&workers->came, &workers->lock);
    struct exchange *x = workers->first;
    if (x)
        workers->first = x->next;
    *over = workers->over;
    pthread_mutex_unlock(&workers->lock);
    return x;
}

static void *work(void *context) {
    struct workers *workers = context;
    struct exchange *x;
    bool over;
    while ((x = take(workers, &over)))
        workers->answer(workers->context, x, over);
    return NULL;
}

int workers_start(struct workers **out, unsigned threads, workers_answer *answer, void *context,
                  struct error *err) {
    struct workers *workers = calloc(1, sizeof *workers + threads * sizeof *workers->threads);
    *out = NULL;
    if (!workers)
        return error_memory(err);
    workers->answer = answer;
    workers->context = context;
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->came, NULL);
    for (; workers->count < threads; workers->count++) {
        int failed = pthread_create(&workers->threads[workers->count], NULL, work, workers);
        if (failed) {
            workers_stop(workers);
            workers_free(workers);
            return error_set(err, PLENARY_EIO, "a thread could not be started: %s",
                             strerror(failed));
        }
    }
    *out = workers;
    return 0;
}

bool workers_add(struct workers *workers, struct exchange *x) {
    x->next = NULL;
    pthread_mutex_lock(&workers->lock);
    bool taken = !workers->over;
    if (taken) {
        if (workers->first)
            workers->last->next = x;
        else
            workers->first = x;
        workers->last = x;
        pthread_cond_signal(&workers->came);
    }
    pthread_mutex_unlock(&workers->lock);
    return taken;
}

void workers_stop(struct workers *workers) {
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->over = true;
    pthread_cond_broadcast(&workers->came);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
}

void workers_free(struct workers *workers) {
    if (!workers)
        return;
    pthread_cond_destroy(&workers->came);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
