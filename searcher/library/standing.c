/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/library/standing.h"

#include "searcher/library/library.h"

#include <pthread.h>
#include <stdlib.h>

struct standing {
    const struct snapshot *snapshot;
    pthread_mutex_t lock; /* of what follows; held while it is made, so that it is made once */
    struct suggester *suggester;
    struct plenary_list *latest;
};

int standing_open(struct standing **out, const struct snapshot *snapshot, struct error *err) {
    struct standing *standing = *out = calloc(1, sizeof *standing);
    if (!standing)
        return error_memory(err);
    standing->snapshot = snapshot;
    pthread_mutex_init(&standing->lock, NULL);
    return 0;
}

void standing_close(struct standing *standing) {
    if (!standing)
        return;
    suggester_close(standing->suggester);
    plenary_list_free(standing->latest);
    pthread_mutex_destroy(&standing->lock);
    free(standing);
}

int standing_suggester(struct suggester **out, struct standing *standing, struct error *err) {
    int status = 0;
    pthread_mutex_lock(&standing->lock);
    if (!standing->suggester) {
        status = suggester_open(&standing->suggester, standing->snapshot, err);
        if (!status)
            status = suggester_gather(standing->suggester, err);
        if (status) {
            suggester_close(standing->suggester);
            standing->suggester = NULL;
        }
    }
    *out = standing->suggester;
    pthread_mutex_unlock(&standing->lock);
    return status;
}

int standing_latest(struct plenary_list **out, struct standing *standing, struct error *err) {
    int status = 0;
    pthread_mutex_lock(&standing->lock);
    if (!standing->latest)
        status = library_latest(&standing->latest, standing->snapshot, err);
    *out = standing->latest;
    pthread_mutex_unlock(&standing->lock);
    return status;
}

int standing_make(struct standing *standing, struct error *err) {
    struct suggester *suggester;
    struct plenary_list *latest;
    int status = standing_suggester(&suggester, standing, err);
    return status ? status : standing_latest(&latest, standing, err);
}
