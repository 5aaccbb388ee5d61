/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All passages of a bag, unranked: how many, or one after another.
 */
#include "searcher/bag_cursor.h"

/* One word's passages are counted already. Of those that are required the rarest decides; to bring
 * the others after it takes some ten times as long as to read a posting, and so does a check. */
uint64_t bag_count_cost(const struct bag *bag) {
    const struct bag_request *request = &bag->request;
    size_t count = request->count;
    uint64_t cost = 0;
    for (uint32_t segment = 0; segment < bag->segment_count; segment++) {
        uint64_t sum = 0, least = UINT64_MAX;
        for (size_t i = 0; i < count; i++) {
            uint64_t documents = bag->lists[segment * count + i].documents;
            sum += documents;
            least = i < bag->required && documents < least ? documents : least;
        }
        bool counted = count == 1 && !request->filter && !request->check_count &&
                       !snapshot_deleted_count(request->snapshot, segment);
        uint64_t leaps = 10 * (1 + request->check_count);
        cost += counted ? 0 : bag->required ? leaps * least : sum;
    }
    return cost;
}

static uint64_t count_segment(struct bag_cursor *cursor) {
    const struct bag *bag = cursor->bag;
    if (cursor->count == 1 && !bag->request.filter && !cursor->has_dead &&
        !bag->request.check_count)
        return cursor->scorers[0].cursor.list->documents;
    cursor->counting = true;
    if (!bag->required)
        return bag_any_count(cursor);
    uint64_t count = 0;
    while (bag_all_next(cursor, -1))
        count++;
    return count;
}

int bag_count(struct bag *bag, uint64_t *count, struct error *err) {
    *count = 0;
    for (uint32_t segment = 0; segment < bag->segment_count && !bag->status; segment++) {
        struct bag_cursor *cursor = bag->shim.open(bag, segment);
        if (!cursor)
            return error_memory(err);
        *count += count_segment(cursor);
        bag->shim.close(cursor);
    }
    return bag_fault(bag, err);
}

static int each_of_segment(struct bag_cursor *cursor, match_fn each, void *context) {
    const struct bag *bag = cursor->bag;
    int status = 0;
    uint32_t docid;
    cursor->counting = true;
    if (!bag->required && cursor->count > 1)
        return bag_any_each(cursor, each, context);
    while (!status && (docid = bag->shim.next(cursor, -1)) > 0)
        status = each(context, cursor->segment, docid - 1);
    return status;
}

int bag_each(struct bag *bag, match_fn each, void *context, struct error *err) {
    int status = 0;
    for (uint32_t segment = 0; segment < bag->segment_count && !bag->status && !status; segment++) {
        struct bag_cursor *cursor = bag->shim.open(bag, segment);
        if (!cursor)
            return error_memory(err);
        status = each_of_segment(cursor, each, context);
        bag->shim.close(cursor);
    }
    return status ? status : bag_fault(bag, err);
}
