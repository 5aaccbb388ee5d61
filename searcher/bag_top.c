/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The best of a bag: as Xapian's matcher would find them, but in one go with all that tie with the
 * last of them, so that ties can be settled by date and id. (The matcher keeps of equal weights
 * what came first; to have the others it must be run again from that weight.)
 */
#include "searcher/bag_cursor.h"

#include <stdlib.h>
#include <string.h>

struct top {
    uint64_t wanted;
    double *heap; /* of the best weights, least on top */
    uint64_t heap_count, heap_capacity;
    struct shim_match *matches; /* all that are above `least`, and some that were */
    size_t count, capacity, limit;
    double least;
};

static void sift_down(double *heap, uint64_t count) {
    uint64_t at = 0;
    double value = heap[0];
    for (uint64_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= value)
            break;
        heap[at] = heap[child];
    }
    heap[at] = value;
}

static void sift_up(double *heap, uint64_t at) {
    double value = heap[at];
    for (; at > 0 && heap[(at - 1) / 2] > value; at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = value;
}

static bool grow(void **array, size_t capacity, size_t size) {
    void *grown = reallocarray(*array, capacity, size);
    if (grown)
        *array = grown;
    return grown != NULL;
}

/* Weights that differ less than this are one weight whose sum was rounded in another order. */
static double tie_of(double weight) {
    return weight * (1 - 2e-8);
}

static bool note_weight(struct top *top, double weight) {
    if (top->heap_count < top->wanted) {
        if (top->heap_count == top->heap_capacity) {
            uint64_t capacity = top->heap_capacity ? 2 * top->heap_capacity : 64;
            if (!grow((void **)&top->heap, capacity, sizeof *top->heap))
                return false;
            top->heap_capacity = capacity;
        }
        top->heap[top->heap_count++] = weight;
        sift_up(top->heap, top->heap_count - 1);
    } else if (weight > top->heap[0]) {
        top->heap[0] = weight;
        sift_down(top->heap, top->heap_count);
    }
    if (top->heap_count == top->wanted)
        top->least = tie_of(top->heap[0]);
    return true;
}

static void forget_lesser(struct top *top) {
    size_t kept = 0;
    for (size_t i = 0; i < top->count; i++)
        if (top->matches[i].weight > top->least)
            top->matches[kept++] = top->matches[i];
    top->count = kept;
    top->limit = 2 * kept + 1024;
}

static bool add_match(struct top *top, struct shim_match match) {
    if (top->count >= top->limit)
        forget_lesser(top);
    if (top->count == top->capacity) {
        size_t capacity = top->capacity ? 2 * top->capacity : 256;
        if (!grow((void **)&top->matches, capacity, sizeof *top->matches))
            return false;
        top->capacity = capacity;
    }
    top->matches[top->count++] = match;
    return note_weight(top, match.weight);
}

static int take_segment(struct top *top, struct bag *bag, uint32_t segment, struct error *err) {
    struct bag_cursor *cursor = bag->shim.open(bag, segment);
    if (!cursor)
        return error_memory(err);
    uint32_t docid;
    int status = 0;
    while (!status && (docid = bag->shim.next(cursor, top->least)) > 0)
        if (!add_match(top, (struct shim_match){segment, docid, cursor->score}))
            status = error_memory(err);
    bag->shim.close(cursor);
    return status ? status : bag_fault(bag, err);
}

int bag_top(struct bag *bag, uint64_t wanted, struct shim_result *out, struct error *err) {
    struct top top = {.wanted = wanted, .least = -1, .limit = 1024};
    *out = (struct shim_result){.matches = NULL};
    int status = 0;
    for (uint32_t segment = 0; segment < bag->segment_count && !status && wanted; segment++)
        status = take_segment(&top, bag, segment, err);
    free(top.heap);
    if (status) {
        free(top.matches);
        return status;
    }
    forget_lesser(&top);
    out->matches = top.matches;
    out->count = top.count;
    return 0;
}
