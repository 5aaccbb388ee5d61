/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/bag.h"

#include "searcher/bag_cursor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_WIDTH = 256 };

/* ---- Faults -------------------------------------------------------------------------------- */

uint32_t bag_note_fault(struct bag_cursor *cursor, int status) {
    struct bag *bag = cursor->bag;
    if (!bag->status && bag->fault.code == 0)
        error_set(&bag->fault, PLENARY_EDAMAGED,
                  "%s: the postings make no sense; run the index's verification",
                  segment_folder(snapshot_segment(bag->request.snapshot, cursor->segment)));
    if (!bag->status)
        bag->status = status;
    cursor->from = UINT32_MAX;
    return 0;
}

bool bag_is_late(struct bag_cursor *cursor) {
    enum { BLOCKS = 16 }; /* to each look at the clock; the first is looked at */
    struct bag *bag = cursor->bag;
    if (!bag->request.clock || bag->steps++ % BLOCKS || !shim_database_is_late(bag->request.clock))
        return false;
    if (!bag->status)
        error_set(&bag->fault, PLENARY_ESTOPPED, "the search took longer than it was given");
    bag_note_fault(cursor, PLENARY_ESTOPPED);
    return true;
}

uint32_t bag_note_damage(struct bag_cursor *cursor, const struct bag_scorer *scorer) {
    return scorer->cursor.damaged ? bag_note_fault(cursor, PLENARY_EDAMAGED) : 0;
}

int bag_fault(const struct bag *bag, struct error *err) {
    if (bag->status && err)
        *err = bag->fault;
    return bag->status;
}

/* ---- Conditions ---------------------------------------------------------------------------- */

uint32_t bag_allowed(struct bag_cursor *cursor, uint32_t docid, uint32_t *end) {
    const struct passage_set *filter = cursor->bag->request.filter;
    *end = cursor->last + 1;
    if (docid > cursor->last)
        return 0;
    if (!filter)
        return docid;
    const struct passage_runs *runs = &filter->segments[cursor->segment];
    size_t low = cursor->run, high = runs->count;
    while (low < high) {
        size_t middle =
            low == cursor->run && runs->runs[low].last >= docid ? low : low + (high - low) / 2;
        if (runs->runs[middle].last < docid)
            low = middle + 1;
        else
            high = middle;
    }
    cursor->run = low;
    if (low == runs->count)
        return 0;
    const struct passage_run *run = &runs->runs[low];
    if (run->last < cursor->last)
        *end = run->last + 1;
    docid = docid > run->first ? docid : run->first;
    return docid <= cursor->last ? docid : 0;
}

bool bag_permits(struct bag_cursor *cursor, uint32_t docid) {
    const struct bag_request *request = &cursor->bag->request;
    uint32_t end;
    if (request->filter && bag_allowed(cursor, docid, &end) != docid)
        return false;
    return !cursor->has_dead || !snapshot_is_deleted(request->snapshot, cursor->segment, docid - 1);
}

bool bag_confirms(struct bag_cursor *cursor, uint32_t docid, double least) {
    const struct bag_request *request = &cursor->bag->request;
    for (size_t i = 0; i < request->check_count; i++)
        if (!request->checks[i]->check(cursor->checks[i], docid, least))
            return false;
    return true;
}

/* ---- The source ---------------------------------------------------------------------------- */

static void cursor_close(void *context) {
    struct bag_cursor *cursor = context;
    const struct bag_request *request = &cursor->bag->request;
    for (size_t i = 0; cursor->checks && i < request->check_count; i++)
        if (cursor->checks[i])
            request->checks[i]->close(cursor->checks[i]);
    free(cursor->checks);
    free(cursor->scorers);
    free(cursor->order);
    free(cursor->prefix);
    free(cursor->window);
    free(cursor->lead);
    free(cursor);
}

static bool open_checks(struct bag_cursor *cursor) {
    const struct bag_request *request = &cursor->bag->request;
    cursor->checks = calloc(request->check_count + 1, sizeof *cursor->checks);
    for (size_t i = 0; cursor->checks && i < request->check_count; i++) {
        const struct shim_source *check = request->checks[i];
        cursor->checks[i] = check->open(check->context, cursor->segment);
        if (!cursor->checks[i])
            return false;
    }
    return cursor->checks != NULL;
}

/* The required ones by rarity here: the first leads. */
static void open_scorers(struct bag_cursor *cursor) {
    const struct bag *bag = cursor->bag;
    for (size_t i = 0; i < cursor->count; i++) {
        const struct posting_list *list = &bag->lists[cursor->segment * cursor->count + i];
        struct bag_scorer scorer = {.weight = bag->weights[i]};
        posting_cursor_init(&scorer.cursor, list);
        scorer.most = scorer.weight * cursor->scale[list->blocks.most];
        size_t at = i;
        for (; i < bag->required && at > 0; at--) {
            if (cursor->scorers[at - 1].cursor.list->documents <= list->documents)
                break;
            cursor->scorers[at] = cursor->scorers[at - 1];
        }
        cursor->scorers[at] = scorer;
        if (i >= bag->required)
            cursor->optional += scorer.most;
    }
}

static void *cursor_open(void *context, uint32_t segment) {
    struct bag *bag = context;
    struct bag_cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor)
        return NULL;
    *cursor = (struct bag_cursor){
        .bag = bag,
        .segment = segment,
        .bounds = &segment_postings(snapshot_segment(bag->request.snapshot, segment))->bounds,
        .scale = bag->scales[segment],
        .count = bag->request.count,
        .from = 1,
        .width = FIRST_WIDTH,
        .has_dead =
            !bag->request.filter && snapshot_deleted_count(bag->request.snapshot, segment) > 0};
    cursor->last = cursor->bounds->last_docid;
    cursor->scorers = calloc(cursor->count, sizeof *cursor->scorers);
    cursor->order = calloc(cursor->count, sizeof *cursor->order);
    cursor->prefix = calloc(cursor->count + 1, sizeof *cursor->prefix);
    if (!cursor->scorers || !cursor->order || !cursor->prefix || !open_checks(cursor)) {
        cursor_close(cursor);
        return NULL;
    }
    open_scorers(cursor);
    return cursor;
}

static uint32_t cursor_next(void *context, double least) {
    struct bag_cursor *cursor = context;
    if (cursor->bag->required)
        return cursor->docid = bag_all_next(cursor, least);
    return cursor->docid =
               cursor->count == 1 ? bag_one_next(cursor, least) : bag_any_next(cursor, least);
}

static uint32_t cursor_skip_to(void *context, uint32_t docid, double least) {
    struct bag_cursor *cursor = context;
    bag_all_skip(cursor, docid);
    if (docid > cursor->from) {
        const struct bag_window *window = cursor->window;
        /* Whoever leaps will not want all of a wide window. */
        if (window && docid >= window->end)
            cursor->width = FIRST_WIDTH;
        cursor->from = docid;
    }
    return cursor_next(context, least);
}

static double cursor_weight(void *context) {
    const struct bag_cursor *cursor = context;
    return cursor->score;
}

static double cursor_max_weight(void *context) {
    const struct bag_cursor *cursor = context;
    double most = 0;
    for (size_t i = 0; i < cursor->count; i++)
        most += cursor->scorers[i].most;
    return most;
}

static void cursor_frequency(void *context, uint32_t *least, uint32_t *estimate, uint32_t *most) {
    const struct bag_cursor *cursor = context;
    const struct bag *bag = cursor->bag;
    uint64_t sum = 0, largest = 0, smallest = UINT32_MAX;
    for (size_t i = 0; i < cursor->count; i++) {
        uint32_t documents = cursor->scorers[i].cursor.list->documents;
        sum += documents;
        largest = documents > largest ? documents : largest;
        if (i < bag->required && documents < smallest)
            smallest = documents;
    }
    bool narrowed = bag->request.filter || cursor->has_dead || bag->request.check_count;
    uint64_t upper = bag->required ? smallest : sum < cursor->last ? sum : cursor->last;
    *most = (uint32_t)upper;
    bool exact = cursor->count == 1 || bag->required == 1;
    *least = narrowed ? 0 : bag->required ? (exact ? (uint32_t)smallest : 0) : (uint32_t)largest;
    *estimate = narrowed ? (uint32_t)(upper / 2) : bag->required ? (uint32_t)smallest : *most;
}

/* ---- Opening ------------------------------------------------------------------------------- */

/* Robertson's weight as BM25Weight has it: halved and lifted where it would come near zero. */
static double term_weight(const struct bag *bag, uint64_t documents, double factor) {
    double all = (double)bag->request.passages, with = (double)documents;
    double weight = (all - with + 0.5) / (with + 0.5);
    if (weight < 2)
        weight = weight * 0.5 + 1;
    return log(weight) * factor * (bag->request.k1 + 1);
}

static int open_lists(struct bag *bag, struct error *err) {
    size_t count = bag->request.count;
    for (uint32_t segment = 0; segment < bag->segment_count; segment++) {
        const struct postings *postings =
            segment_postings(snapshot_segment(bag->request.snapshot, segment));
        if (!postings)
            return PLENARY_ENOTFOUND;
        for (size_t i = 0; i < count; i++) {
            const struct bag_term *term = &bag->terms[i];
            int status = posting_list_open(&bag->lists[segment * count + i], postings, term->term,
                                           term->size, err);
            if (status < 0)
                return status;
        }
        bounds_scale(&postings->bounds, bag->request.k1, bag->request.b, bag->request.average,
                     bag->scales[segment]);
    }
    return 0;
}

static void weigh(struct bag *bag) {
    size_t count = bag->request.count;
    for (size_t i = 0; i < count; i++) {
        uint64_t documents = 0;
        for (uint32_t segment = 0; segment < bag->segment_count; segment++)
            documents += bag->lists[segment * count + i].documents;
        bag->weights[i] = term_weight(bag, documents, bag->terms[i].factor);
    }
    const struct bag_request *request = &bag->request;
    for (uint32_t length = 0; length < BAG_NORMS; length++) {
        double relative = request->average > 0 ? length / request->average : 0;
        bag->norms[length] = request->k1 * (1 - request->b + request->b * relative);
    }
}

/* Required terms first. */
static void order_terms(struct bag *bag, const struct bag_request *request) {
    size_t at = 0;
    for (int wanted = 1; wanted >= 0; wanted--) {
        for (size_t i = 0; i < request->count; i++)
            if (request->terms[i].required == (wanted == 1))
                bag->terms[at++] = request->terms[i];
        if (wanted)
            bag->required = at;
    }
    bag->request.terms = bag->terms;
}

int bag_open(struct bag **out, const struct bag_request *request, struct error *err) {
    *out = NULL;
    if (!request->count || request->count > BAG_TERMS_MAX)
        return error_set(err, PLENARY_EINVALID, "a bag of %zu words", request->count);
    struct bag *bag = calloc(1, sizeof *bag);
    if (!bag)
        return error_memory(err);
    bag->request = *request;
    bag->segment_count = snapshot_segment_count(request->snapshot);
    bag->shim = (struct shim_source){.context = bag,
                                     .open = cursor_open,
                                     .close = cursor_close,
                                     .next = cursor_next,
                                     .skip_to = cursor_skip_to,
                                     .weight = cursor_weight,
                                     .max_weight = cursor_max_weight,
                                     .frequency = cursor_frequency};
    size_t segments = (size_t)bag->segment_count + 1;
    bag->terms = calloc(request->count, sizeof *bag->terms);
    bag->weights = calloc(request->count, sizeof *bag->weights);
    bag->lists = calloc(segments * request->count, sizeof *bag->lists);
    bag->scales = calloc(segments, sizeof *bag->scales);
    int status = PLENARY_ENOMEM;
    if (bag->terms && bag->weights && bag->lists && bag->scales) {
        order_terms(bag, request);
        status = open_lists(bag, err);
    } else {
        error_memory(err);
    }
    if (status) {
        bag_close(bag);
        return status;
    }
    weigh(bag);
    *out = bag;
    return 0;
}

void bag_close(struct bag *bag) {
    if (!bag)
        return;
    free(bag->terms);
    free(bag->weights);
    free(bag->lists);
    free(bag->scales);
    free(bag);
}

const struct shim_source *bag_shim(const struct bag *bag) {
    return &bag->shim;
}
