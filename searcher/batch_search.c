/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/batch_search.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { AHEAD = 8 }; /* answers a worker that may wait to be taken */

struct answer {
    struct bytes rendered;
    bool ready;
};

struct batch {
    const struct batch_search *what;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct answer *answers; /* a ring */
    size_t ring;
    size_t next, taken; /* topics given to workers; taken from them */
    bool stop;
    int status;
    struct error error;
};

struct worker {
    struct batch *batch;
    struct searcher *searcher;
    pthread_t thread;
};

static void fail(struct batch *batch, int status, const struct error *err) {
    if (!batch->status) {
        batch->status = status;
        batch->error = *err;
    }
    batch->stop = true;
    pthread_cond_broadcast(&batch->changed);
}

/* The next topic, or false when there is none. */
static bool next_topic(struct batch *batch, size_t *topic) {
    pthread_mutex_lock(&batch->mutex);
    while (!batch->stop && batch->next < batch->what->topics->count &&
           batch->next >= batch->taken + batch->ring)
        pthread_cond_wait(&batch->changed, &batch->mutex);
    bool more = !batch->stop && batch->next < batch->what->topics->count;
    if (more)
        *topic = batch->next++;
    pthread_mutex_unlock(&batch->mutex);
    return more;
}

static int answer_topic(struct worker *worker, size_t number, struct bytes *out,
                        struct error *err) {
    const struct batch_search *what = worker->batch->what;
    const struct topic *topic = &what->topics->all[number];
    struct search_request request = what->request;
    struct ranking ranking = topic->scope ? ranking_inside(&what->ranking) : what->ranking;
    struct search_result result;
    request.text = topic->query;
    request.text_size = strlen(topic->query);
    if (topic->scope) {
        request.filter.in = &topic->scope;
        request.filter.in_count = 1;
    }
    int status = ranking_search(&result, worker->searcher, &request, &ranking, err);
    if (status)
        return status;
    status = what->render(what->context, number, worker->searcher, &result, out, err);
    if (!status && out->failed)
        status = error_memory(err);
    search_result_free(&result);
    return status;
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct batch *batch = worker->batch;
    size_t topic;
    while (next_topic(batch, &topic)) {
        struct error err;
        struct answer *answer = &batch->answers[topic % batch->ring];
        bytes_reset(&answer->rendered);
        int status = answer_topic(worker, topic, &answer->rendered, &err);
        pthread_mutex_lock(&batch->mutex);
        answer->ready = true;
        if (status)
            fail(batch, status, &err);
        pthread_cond_broadcast(&batch->changed);
        pthread_mutex_unlock(&batch->mutex);
    }
    return NULL;
}

static void take_all(struct batch *batch) {
    const struct batch_search *what = batch->what;
    for (size_t i = 0; i < what->topics->count; i++) {
        struct answer *answer = &batch->answers[i % batch->ring];
        pthread_mutex_lock(&batch->mutex);
        while (!answer->ready && !batch->stop)
            pthread_cond_wait(&batch->changed, &batch->mutex);
        bool stop = batch->stop;
        pthread_mutex_unlock(&batch->mutex);
        if (stop)
            return;
        struct error err;
        int status = what->take(what->context, i, &answer->rendered, &err);
        pthread_mutex_lock(&batch->mutex);
        answer->ready = false;
        batch->taken = i + 1;
        if (status)
            fail(batch, status, &err);
        pthread_cond_broadcast(&batch->changed);
        pthread_mutex_unlock(&batch->mutex);
    }
}

/* One generation for all: who opened an older one moves on. */
static int open_searchers(struct worker *workers, unsigned count, const char *index,
                          struct error *err) {
    enum { TRIES = 5 };
    int status = 0;
    for (unsigned i = 0; i < count && !status; i++)
        status = searcher_open(&workers[i].searcher, index, err);
    for (int try = 0; try < TRIES && !status; try++) {
        uint64_t newest = 0;
        bool same = true;
        for (unsigned i = 0; i < count; i++) {
            uint64_t generation = snapshot_generation(searcher_snapshot(workers[i].searcher));
            same &= !i || generation == newest;
            newest = generation > newest ? generation : newest;
        }
        if (same)
            return 0;
        for (unsigned i = 0; i < count && status >= 0; i++)
            status = searcher_refresh(workers[i].searcher, err);
        status = status > 0 ? 0 : status;
    }
    return status
               ? status
               : error_set(err, PLENARY_EIO,
                           "%s: the index changes faster than it can be opened; try again", index);
}

static unsigned worker_count(const struct batch_search *what) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = what->workers ? what->workers : (size_t)(processors > 0 ? processors : 1);
    if (count > what->topics->count)
        count = what->topics->count ? what->topics->count : 1;
    return (unsigned)(count < BATCH_WORKERS_MOST ? count : BATCH_WORKERS_MOST);
}

static void run_workers(struct batch *batch, struct worker *workers, unsigned count) {
    unsigned started = 0;
    for (; started < count && !batch->stop; started++) {
        workers[started].batch = batch;
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]))
            break;
    }
    struct error err;
    if (started)
        take_all(batch);
    else
        fail(batch, error_set(&err, PLENARY_ENOMEM, "no thread can be started"), &err);
    for (unsigned i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}

int batch_search_run(const struct batch_search *what, struct error *err) {
    unsigned count = worker_count(what);
    struct worker *workers = calloc(count, sizeof *workers);
    struct batch batch = {.what = what, .ring = (size_t)count * AHEAD};
    batch.answers = calloc(batch.ring, sizeof *batch.answers);
    int status = workers && batch.answers ? 0 : error_memory(err);
    if (!status)
        status = open_searchers(workers, count, what->index, err);
    if (!status) {
        pthread_mutex_init(&batch.mutex, NULL);
        pthread_cond_init(&batch.changed, NULL);
        run_workers(&batch, workers, count);
        pthread_cond_destroy(&batch.changed);
        pthread_mutex_destroy(&batch.mutex);
        status = batch.status;
        if (status)
            *err = batch.error;
    }
    for (unsigned i = 0; workers && i < count; i++)
        searcher_close(workers[i].searcher);
    for (size_t i = 0; batch.answers && i < batch.ring; i++)
        bytes_free(&batch.answers[i].rendered);
    free(batch.answers);
    free(workers);
    return status;
}
