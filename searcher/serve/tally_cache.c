/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/tally_cache.h"

#include "corpus/error.h"
#include "searcher/serve/ask.h"
#include "searcher/serve/exchange.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tallied {
    char *key;
    struct plenary_values *values;
    unsigned users; /* under the lock; the cache is one of them */
};

struct tally_cache {
    pthread_mutex_t lock;
    struct tallied *entries[TALLY_CACHE_ENTRIES]; /* the last used one first */
};

struct tally_cache *tally_cache_open(void) {
    struct tally_cache *cache = calloc(1, sizeof *cache);
    if (cache)
        pthread_mutex_init(&cache->lock, NULL);
    return cache;
}

static void tallied_free(struct tallied *tallied) {
    if (!tallied)
        return;
    plenary_values_free(tallied->values);
    free(tallied->key);
    free(tallied);
}

void tally_cache_close(struct tally_cache *cache) {
    if (!cache)
        return;
    for (int i = 0; i < TALLY_CACHE_ENTRIES; i++)
        tallied_free(cache->entries[i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

void tally_cache_give(struct tally_cache *cache, struct tallied *tallied) {
    if (!tallied)
        return;
    pthread_mutex_lock(&cache->lock);
    bool last = --tallied->users == 0;
    pthread_mutex_unlock(&cache->lock);
    if (last)
        tallied_free(tallied);
}

/* What the counts depend on: not the order, not the page. */
static char *make_key(const struct ask *ask, unsigned facets, uint64_t generation) {
    struct bytes key = BYTES_INIT;
    struct ask plain = *ask;
    plain.sort_given = false;
    plain.offset = 0;
    bytes_printf(&key, "%" PRIu64 " %x ", generation, facets);
    ask_write(&key, &plain);
    if (bytes_string(&key))
        return (char *)key.data;
    bytes_free(&key);
    return NULL;
}

static struct tallied *find(struct tally_cache *cache, const char *key) {
    struct tallied *found = NULL;
    pthread_mutex_lock(&cache->lock);
    for (int i = 0; i < TALLY_CACHE_ENTRIES && cache->entries[i]; i++) {
        if (strcmp(cache->entries[i]->key, key) != 0)
            continue;
        found = cache->entries[i];
        found->users++;
        memmove(cache->entries + 1, cache->entries, (size_t)i * sizeof *cache->entries);
        cache->entries[0] = found;
        break;
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

static void keep(struct tally_cache *cache, struct tallied *tallied) {
    pthread_mutex_lock(&cache->lock);
    struct tallied *oldest = cache->entries[TALLY_CACHE_ENTRIES - 1];
    memmove(cache->entries + 1, cache->entries, (TALLY_CACHE_ENTRIES - 1) * sizeof *cache->entries);
    cache->entries[0] = tallied;
    tallied->users++;
    pthread_mutex_unlock(&cache->lock);
    tally_cache_give(cache, oldest);
}

static int count(struct tallied *tallied, const struct site *site, const struct ask *ask,
                 unsigned facets, struct plenary_failure *failure) {
    struct plenary_search_options options = ask_options(ask);
    options.milliseconds = site->time_limit;
    return plenary_count(&tallied->values, site->plenary, ask->query, PLENARY_ALL, facets, &options,
                         failure);
}

int tally_cache_take(struct tallied **out, const struct site *site, const struct ask *ask,
                     unsigned facets, struct plenary_failure *failure) {
    struct plenary_state state;
    plenary_state(site->plenary, &state);
    char *key = make_key(ask, facets, state.generation);
    struct tallied *tallied = key ? find(site->tallies, key) : NULL;
    *out = tallied;
    if (tallied) {
        free(key);
        return 0;
    }
    tallied = key ? calloc(1, sizeof *tallied) : NULL;
    if (!tallied) {
        free(key);
        failure->code = PLENARY_ENOMEM;
        snprintf(failure->message, sizeof failure->message, "out of memory");
        return failure->code;
    }
    *tallied = (struct tallied){.key = key, .users = 1};
    int status = count(tallied, site, ask, facets, failure);
    if (status < 0) {
        tallied_free(tallied);
        return status;
    }
    if (plenary_values_generation(tallied->values) == state.generation)
        keep(site->tallies, tallied);
    *out = tallied;
    return 0;
}

const struct plenary_values *tallied_values(const struct tallied *tallied) {
    return tallied->values;
}

uint64_t tallied_generation(const struct tallied *tallied) {
    return plenary_values_generation(tallied->values);
}
