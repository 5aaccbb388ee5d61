/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/pool.h"

#include "searcher/library/standing.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MOST = 64, TAKE_TRIES = 10 };

struct view {
    struct snapshot *snapshot;
    struct standing *standing;
    unsigned references; /* under the pool's lock */
};

struct pool {
    char *index;
    pthread_mutex_t lock;    /* of what follows */
    pthread_mutex_t refresh; /* one refresh at a time; taken before `lock` */
    struct view *current;
    struct pooled *idle;
    unsigned idle_count;
    bool warm; /* a view's standing is made before it becomes current */
};

/* ---- Views --------------------------------------------------------------------------------- */

static void view_free(struct view *view) {
    standing_close(view->standing);
    snapshot_close(view->snapshot);
    free(view);
}

static int view_open(struct view **out, const char *index, struct error *err) {
    struct view *view = calloc(1, sizeof *view);
    *out = NULL;
    if (!view) {
        error_memory(err);
        return PLENARY_ENOMEM;
    }
    int status = snapshot_open(&view->snapshot, index, err);
    if (!status)
        status = standing_open(&view->standing, view->snapshot, err);
    if (status) {
        view_free(view);
        return status;
    }
    view->references = 1;
    *out = view;
    return 0;
}

static struct view *view_current(struct pool *pool) {
    pthread_mutex_lock(&pool->lock);
    struct view *view = pool->current;
    view->references++;
    pthread_mutex_unlock(&pool->lock);
    return view;
}

static void view_release(struct pool *pool, struct view *view) {
    if (!view)
        return;
    pthread_mutex_lock(&pool->lock);
    bool last = --view->references == 0;
    pthread_mutex_unlock(&pool->lock);
    if (!last)
        return;
    view_free(view);
}

/* ---- The pool ------------------------------------------------------------------------------ */

int pool_open(struct pool **out, const char *index, struct error *err) {
    struct pool *pool = calloc(1, sizeof *pool);
    *out = NULL;
    if (!pool)
        return error_memory(err);
    pool->index = strdup(index);
    int status = pool->index ? view_open(&pool->current, index, err) : error_memory(err);
    if (status) {
        free(pool->index);
        free(pool);
        return status;
    }
    pthread_mutex_init(&pool->lock, NULL);
    pthread_mutex_init(&pool->refresh, NULL);
    *out = pool;
    return 0;
}

static void close_pooled(struct pool *pool, struct pooled *pooled) {
    searcher_close(pooled->searcher);
    view_release(pool, pooled->view);
    free(pooled);
}

void pool_close(struct pool *pool) {
    if (!pool)
        return;
    while (pool->idle) {
        struct pooled *pooled = pool->idle;
        pool->idle = pooled->next;
        close_pooled(pool, pooled);
    }
    view_release(pool, pool->current);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->refresh);
    free(pool->index);
    free(pool);
}

/* Put a searcher on this view; the reference to the view is the searcher's after success. */
static int attach(struct pool *pool, struct pooled *pooled, struct view *view, struct error *err) {
    int status = pooled->searcher
                     ? searcher_move(pooled->searcher, view->snapshot, err)
                     : searcher_open_shared(&pooled->searcher, pool->index, view->snapshot, err);
    if (status)
        return status;
    view_release(pool, pooled->view);
    pooled->view = view;
    return 0;
}

/* A writer may remove the segments of the current generation once there is a newer one; then that
 * is the one to open. */
static int bring_up_to_date(struct pool *pool, struct pooled *pooled, struct error *err) {
    int status = 0;
    for (int i = 0; i < TAKE_TRIES; i++) {
        struct view *view = view_current(pool);
        if (view == pooled->view) {
            view_release(pool, view);
            return 0;
        }
        status = attach(pool, pooled, view, err);
        if (!status)
            return 0;
        view_release(pool, view);
        int moved = pool_refresh(pool, NULL);
        if (moved < 0)
            return status;
    }
    return status;
}

int pool_take(struct pooled **out, struct pool *pool, struct error *err) {
    *out = NULL;
    pthread_mutex_lock(&pool->lock);
    struct pooled *pooled = pool->idle;
    if (pooled) {
        pool->idle = pooled->next;
        pool->idle_count--;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!pooled)
        pooled = calloc(1, sizeof *pooled);
    if (!pooled)
        return error_memory(err);
    int status = bring_up_to_date(pool, pooled, err);
    if (status)
        close_pooled(pool, pooled);
    else
        *out = pooled;
    return status;
}

void pool_give(struct pool *pool, struct pooled *pooled) {
    if (!pooled)
        return;
    pthread_mutex_lock(&pool->lock);
    bool keep = pool->idle_count < IDLE_MOST;
    if (keep) {
        pooled->next = pool->idle;
        pool->idle = pooled;
        pool->idle_count++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (!keep)
        close_pooled(pool, pooled);
}

/* Idle searchers hold on to the view they were last used with; give each the new one, so that the
 * next request need not wait for it and the old files can go. */
static void move_idle(struct pool *pool) {
    for (unsigned i = 0; i < IDLE_MOST; i++) {
        pthread_mutex_lock(&pool->lock);
        struct pooled **at = &pool->idle;
        while (*at && (*at)->view == pool->current)
            at = &(*at)->next;
        struct pooled *old = *at;
        if (old) {
            *at = old->next;
            pool->idle_count--;
        }
        pthread_mutex_unlock(&pool->lock);
        if (!old)
            return;
        struct view *view = view_current(pool);
        if (attach(pool, old, view, NULL)) {
            view_release(pool, view);
            close_pooled(pool, old);
        } else {
            pool_give(pool, old);
        }
    }
}

static int replace_current(struct pool *pool, struct error *err) {
    struct view *view;
    int status = view_open(&view, pool->index, err);
    if (!status && pool->warm) {
        status = standing_make(view->standing, err);
        if (status)
            view_free(view);
    }
    if (status)
        return status;
    pthread_mutex_lock(&pool->lock);
    struct view *old = pool->current;
    pool->current = view;
    pthread_mutex_unlock(&pool->lock);
    view_release(pool, old);
    move_idle(pool);
    return 1;
}

int pool_refresh(struct pool *pool, struct error *err) {
    pthread_mutex_lock(&pool->refresh);
    struct view *view = view_current(pool);
    int status = snapshot_is_stale(view->snapshot, err);
    view_release(pool, view);
    if (status > 0)
        status = replace_current(pool, err);
    pthread_mutex_unlock(&pool->refresh);
    return status;
}

int pool_warm(struct pool *pool, struct error *err) {
    pthread_mutex_lock(&pool->refresh);
    pool->warm = true;
    struct view *view = view_current(pool);
    int status = standing_make(view->standing, err);
    view_release(pool, view);
    pthread_mutex_unlock(&pool->refresh);
    return status;
}

struct standing *pooled_standing(const struct pooled *pooled) {
    return pooled->view->standing;
}

void pool_state(struct pool *pool, struct pool_state *out) {
    struct view *view = view_current(pool);
    out->generation = snapshot_generation(view->snapshot);
    out->documents = snapshot_documents(view->snapshot);
    out->passages = snapshot_passages(view->snapshot);
    view_release(pool, view);
}
