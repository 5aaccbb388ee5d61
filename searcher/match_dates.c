/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/match_dates.h"

#include "searcher/document_walk.h"

#include <stdlib.h>
#include <string.h>

struct kept {
    uint32_t segment, passage;
    double key;
};

struct match_dates {
    struct match_dates_request request;
    struct error *err;
    struct document_walk walk;
    double key;   /* of the walk's document */
    double *heap; /* of the wanted greatest keys, least on top; owned */
    size_t heap_count, heap_capacity;
    double least;      /* lesser keys are not among the wanted */
    double first;      /* the key of the first match */
    bool differ;       /* another one has another key */
    struct kept *kept; /* in order; owned. Some may have become too little */
    size_t count, capacity, limit;
    uint64_t total;
};

int match_dates_open(struct match_dates **out, const struct match_dates_request *request,
                     struct error *err) {
    struct match_dates *dates = *out = calloc(1, sizeof *dates);
    if (!dates)
        return error_memory(err);
    dates->request = *request;
    dates->err = err;
    dates->least = -1;
    dates->limit = 1024;
    return 0;
}

void match_dates_close(struct match_dates *dates) {
    if (!dates)
        return;
    free(dates->heap);
    free(dates->kept);
    free(dates);
}

static bool grow(void **array, size_t *capacity, size_t size) {
    size_t more = *capacity ? 2 * *capacity : 64;
    void *grown = reallocarray(*array, more, size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

static void sift_down(double *heap, size_t count) {
    size_t at = 0;
    double value = heap[0];
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && heap[child + 1] < heap[child];
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

/* One more passage or document has this key. */
static bool note_key(struct match_dates *dates, double key) {
    if (dates->heap_count < dates->request.wanted) {
        if (dates->heap_count == dates->heap_capacity &&
            !grow((void **)&dates->heap, &dates->heap_capacity, sizeof *dates->heap))
            return false;
        size_t at = dates->heap_count++;
        for (; at > 0 && dates->heap[(at - 1) / 2] > key; at = (at - 1) / 2)
            dates->heap[at] = dates->heap[(at - 1) / 2];
        dates->heap[at] = key;
    } else if (dates->heap_count && key > dates->heap[0]) {
        dates->heap[0] = key;
        sift_down(dates->heap, dates->heap_count);
    }
    if (dates->heap_count && dates->heap_count == dates->request.wanted)
        dates->least = dates->heap[0];
    return true;
}

static void forget_lesser(struct match_dates *dates) {
    size_t count = 0;
    for (size_t i = 0; i < dates->count; i++)
        if (dates->kept[i].key >= dates->least)
            dates->kept[count++] = dates->kept[i];
    dates->count = count;
    dates->limit = 2 * count + 1024;
}

int match_dates_add(void *context, uint32_t segment_number, uint32_t passage) {
    struct match_dates *dates = context;
    const struct segment *segment = snapshot_segment(dates->request.snapshot, segment_number);
    dates->total++;
    if (passage >= segment_passage_count(segment))
        return error_set(dates->err, PLENARY_EDAMAGED,
                         "%s: the postings name passage %u of %u; run the index's verification",
                         segment_folder(segment), passage, segment_passage_count(segment));
    bool next = document_walk_to(&dates->walk, segment, passage);
    if (next)
        dates->key = dates->request.weigh(dates->request.context,
                                          segment_document_date(segment, dates->walk.document));
    if (dates->total == 1)
        dates->first = dates->key;
    dates->differ |= dates->key < dates->first || dates->key > dates->first;
    if (dates->key < dates->least)
        return 0;
    if (dates->count >= dates->limit)
        forget_lesser(dates);
    if (dates->count == dates->capacity &&
        !grow((void **)&dates->kept, &dates->capacity, sizeof *dates->kept))
        return error_memory(dates->err);
    dates->kept[dates->count++] = (struct kept){segment_number, passage, dates->key};
    bool fresh = next || !dates->request.by_document;
    return !fresh || note_key(dates, dates->key) ? 0 : error_memory(dates->err);
}

uint64_t match_dates_total(const struct match_dates *dates) {
    return dates->total;
}

bool match_dates_alike(const struct match_dates *dates) {
    return !dates->differ;
}

int match_dates_set(const struct match_dates *dates, struct passage_set *out, struct error *err) {
    int status = passage_set_init(out, snapshot_segment_count(dates->request.snapshot));
    for (size_t i = 0; i < dates->count && !status; i++) {
        const struct kept *kept = &dates->kept[i];
        if (kept->key >= dates->least)
            status = passage_set_add(out, kept->segment, kept->passage, kept->passage, 0);
    }
    if (!status)
        return 0;
    passage_set_free(out);
    return status == PLENARY_ENOMEM
               ? error_memory(err)
               : error_set(err, PLENARY_EDAMAGED, "the postings do not rise; verify the index");
}
