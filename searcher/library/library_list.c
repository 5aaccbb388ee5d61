/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plenary_list_documents: one scan over the documents that pass a filter keeps the newest of them
 * in a heap and counts them by year.
 */
#include "searcher/filter.h"
#include "searcher/library/library.h"
#include "searcher/library/standing.h"
#include "searcher/library/tally.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINDOW_MOST = 10000,
    LATEST = 100, /* documents that are kept at hand */
};

struct plenary_list {
    struct arena arena;
    struct plenary_list *whole; /* what it is a part of; NULL: it is its own */
    _Atomic unsigned users;     /* parts of it that are out, and its owner */
    struct plenary_document_info *documents;
    struct plenary_value *years;
    size_t count, year_count;
    uint64_t total;
};

struct entry {
    uint32_t date, segment, document;
};

struct scan {
    const struct snapshot *snapshot;
    struct plenary_list *out;
    struct entry *heap; /* the worst on top; owned */
    size_t kept, wanted;
    struct tally years;
    uint32_t year;   /* of the document looked at last */
    size_t year_row; /* its row in `years`, and one more; 0: none yet */
    bool oldest;     /* first */
    struct error *err;
};

/* Is `a` to be listed before `b`? Undated ones come last. */
static bool before(const struct scan *scan, const struct entry *a, const struct entry *b) {
    if (a->date != b->date) {
        if (!a->date || !b->date)
            return a->date != 0;
        return scan->oldest ? a->date < b->date : a->date > b->date;
    }
    return a->segment != b->segment ? a->segment < b->segment : a->document < b->document;
}

static void sift_down(struct scan *scan, size_t at) {
    struct entry *heap = scan->heap;
    for (size_t child; (child = at * 2 + 1) < scan->kept; at = child) {
        if (child + 1 < scan->kept && before(scan, &heap[child], &heap[child + 1]))
            child++;
        if (!before(scan, &heap[at], &heap[child]))
            return;
        struct entry held = heap[at];
        heap[at] = heap[child];
        heap[child] = held;
    }
}

static void keep(struct scan *scan, const struct entry *entry) {
    struct entry *heap = scan->heap;
    if (scan->kept < scan->wanted) {
        size_t at = scan->kept++;
        heap[at] = *entry;
        for (; at && before(scan, &heap[(at - 1) / 2], &heap[at]); at = (at - 1) / 2) {
            struct entry held = heap[at];
            heap[at] = heap[(at - 1) / 2];
            heap[(at - 1) / 2] = held;
        }
    } else if (scan->kept && before(scan, entry, &heap[0])) {
        heap[0] = *entry;
        sift_down(scan, 0);
    }
}

/* Take the worst one off the heap. */
static struct entry take_last(struct scan *scan) {
    struct entry last = scan->heap[0];
    scan->heap[0] = scan->heap[--scan->kept];
    sift_down(scan, 0);
    return last;
}

/* Many documents of one year follow each other. */
static struct tally_row *row_of_year(struct scan *scan, uint32_t year) {
    char name[16] = "";
    if (scan->year_row && scan->year == year)
        return &scan->years.rows[scan->year_row - 1];
    if (year)
        snprintf(name, sizeof name, "%04u", year);
    struct tally_row *row = tally_row(&scan->years, name, strlen(name));
    if (row) {
        scan->year = year;
        scan->year_row = (size_t)(row - scan->years.rows) + 1;
    }
    return row;
}

static int look_at(struct scan *scan, uint32_t segment_number, uint32_t document,
                   uint32_t passages) {
    const struct segment *segment = snapshot_segment(scan->snapshot, segment_number);
    const struct entry entry = {segment_document_date(segment, document), segment_number, document};
    struct tally_row *row = row_of_year(scan, entry.date / 10000);
    if (!row)
        return error_memory(scan->err);
    tally_add(row, passages, entry.date);
    row->document++; /* documents of the year */
    scan->out->total++;
    keep(scan, &entry);
    return 0;
}

/* Documents are filtered as a whole, and so are deleted ones: their first passage tells. */
static bool passes(const struct scan *scan, const struct passage_set *passing, uint32_t segment,
                   uint32_t first) {
    return passing->segments ? passage_set_has(passing, segment, first)
                             : !snapshot_is_deleted(scan->snapshot, segment, first);
}

static int scan_all(struct scan *scan, const struct search_filter *filter) {
    struct passage_set passing = {.segments = NULL};
    int status = filter_asks(filter) ? filter_make(&passing, filter, scan->snapshot, scan->err) : 0;
    for (uint32_t i = 0; i < snapshot_segment_count(scan->snapshot) && !status; i++) {
        const struct segment *segment = snapshot_segment(scan->snapshot, i);
        uint32_t documents = segment_document_count(segment);
        uint32_t first = documents ? segment_first_passage(segment, 0) : 0;
        for (uint32_t document = 0; document < documents && !status; document++) {
            uint32_t end = document + 1 < documents ? segment_first_passage(segment, document + 1)
                                                    : segment_passage_count(segment);
            if (first < end && passes(scan, &passing, i, first))
                status = look_at(scan, i, document, end - first);
            first = end;
        }
    }
    passage_set_free(&passing);
    return status;
}

static int take_documents(struct scan *scan, uint32_t offset) {
    struct plenary_list *out = scan->out;
    size_t count = scan->kept > offset ? scan->kept - offset : 0;
    out->documents = arena_zero(&out->arena, count + 1, sizeof *out->documents);
    if (!out->documents)
        return error_memory(scan->err);
    out->count = count;
    for (size_t i = count; i-- > 0;) {
        const struct entry entry = take_last(scan);
        struct document_row row;
        int status = segment_document(snapshot_segment(scan->snapshot, entry.segment),
                                      entry.document, &out->arena, &row, scan->err);
        if (!status)
            status = library_document(&out->documents[i], &out->arena, &row, scan->err);
        if (status < 0)
            return status;
    }
    return 0;
}

static int take_years(struct scan *scan) {
    struct plenary_list *out = scan->out;
    tally_sort(&scan->years, true);
    out->years = arena_zero(&out->arena, scan->years.count + 1, sizeof *out->years);
    if (!out->years)
        return error_memory(scan->err);
    out->year_count = scan->years.count;
    for (size_t i = 0; i < scan->years.count; i++) {
        const struct tally_row *row = &scan->years.rows[i];
        struct plenary_value *year = &out->years[i];
        if (!library_date(&year->first, &out->arena, row->first) ||
            !library_date(&year->last, &out->arena, row->last))
            return error_memory(scan->err);
        year->value = row->value;
        year->documents = row->document;
        year->passages = row->passages;
    }
    return 0;
}

static int list_in(struct plenary_list *out, const struct snapshot *snapshot,
                   const struct search_request *request, struct error *err) {
    uint64_t wanted = (uint64_t)request->offset + request->limit;
    if (wanted > WINDOW_MOST)
        return error_set(err, PLENARY_ELIMIT,
                         "offset and limit reach %llu; at most the first %d documents are listed: "
                         "narrow the dates",
                         (unsigned long long)wanted, WINDOW_MOST);
    struct scan scan = {.snapshot = snapshot,
                        .out = out,
                        .heap = calloc(wanted + 1, sizeof *scan.heap),
                        .wanted = wanted,
                        .years = {.arena = &out->arena},
                        .oldest = request->sort == SEARCH_OLDEST_FIRST,
                        .err = err};
    int status = scan.heap ? scan_all(&scan, &request->filter) : error_memory(err);
    if (!status)
        status = take_documents(&scan, request->offset);
    if (!status)
        status = take_years(&scan);
    tally_free(&scan.years);
    free(scan.heap);
    return status;
}

int library_latest(struct plenary_list **out, const struct snapshot *snapshot, struct error *err) {
    struct search_request request = SEARCH_REQUEST_INIT;
    struct plenary_list *list = *out = calloc(1, sizeof *list);
    if (!list)
        return error_memory(err);
    list->users = 1;
    request.sort = SEARCH_NEWEST_FIRST;
    request.limit = LATEST;
    int status = list_in(list, snapshot, &request, err);
    if (status) {
        plenary_list_free(list);
        *out = NULL;
    }
    return status;
}

static bool is_at_hand(const struct search_request *request) {
    return !filter_asks(&request->filter) && request->sort != SEARCH_OLDEST_FIRST &&
           (uint64_t)request->offset + request->limit <= LATEST;
}

/* The part of those at hand that is asked for. */
static int take_latest(struct plenary_list *out, struct pooled *pooled,
                       const struct search_request *request, struct error *err) {
    struct plenary_list *latest;
    int status = standing_latest(&latest, pooled_standing(pooled), err);
    if (status)
        return status;
    size_t offset = request->offset < latest->count ? request->offset : latest->count;
    size_t rest = latest->count - offset;
    atomic_fetch_add(&latest->users, 1);
    out->whole = latest;
    out->documents = latest->documents + offset;
    out->count = rest < request->limit ? rest : request->limit;
    out->years = latest->years;
    out->year_count = latest->year_count;
    out->total = latest->total;
    return 0;
}

PLENARY_EXPORT int plenary_list_documents(struct plenary_list **out, struct plenary *plenary,
                                          const struct plenary_search_options *options,
                                          struct plenary_failure *failure) {
    struct error err = {0};
    struct search_request request;
    struct pooled *pooled = NULL;
    struct plenary_list *list = calloc(1, sizeof *list);
    *out = NULL;
    int status = list ? 0 : error_memory(&err);
    if (list)
        list->users = 1;
    if (!status)
        status = library_request(&request, &list->arena, NULL, 0, options, &err);
    request.filter.speaker = NULL; /* documents are of many */
    if (!status)
        status = pool_take(&pooled, plenary->pool, &err);
    if (!status)
        status = is_at_hand(&request)
                     ? take_latest(list, pooled, &request, &err)
                     : list_in(list, searcher_snapshot(pooled->searcher), &request, &err);
    pool_give(plenary->pool, pooled);
    if (status < 0) {
        plenary_list_free(list);
        return library_fail(failure, status, &err);
    }
    *out = list;
    return 0;
}

PLENARY_EXPORT const struct plenary_document_info *plenary_list_of(const struct plenary_list *list,
                                                                   size_t *count) {
    *count = list->count;
    return list->documents;
}

PLENARY_EXPORT uint64_t plenary_list_total(const struct plenary_list *list) {
    return list->total;
}

PLENARY_EXPORT const struct plenary_value *plenary_list_years(const struct plenary_list *list,
                                                              size_t *count) {
    *count = list->year_count;
    return list->years;
}

PLENARY_EXPORT void plenary_list_free(struct plenary_list *list) {
    if (!list || atomic_fetch_sub(&list->users, 1) > 1)
        return;
    plenary_list_free(list->whole);
    arena_free(&list->arena);
    free(list);
}
