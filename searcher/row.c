/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/row.h"

#include <stdlib.h>
#include <string.h>

static int compare_double(double a, double b) {
    return a < b ? -1 : a > b;
}

static int compare_number(uint32_t a, uint32_t b) {
    return a < b ? -1 : a > b;
}

int row_by_worth(const void *a, const void *b) {
    const struct row *x = a, *y = b;
    int order = compare_double(y->key, x->key);
    if (!order)
        order = compare_double(y->best, x->best);
    return order ? order : compare_number(y->date, x->date);
}

int row_by_id(const void *a, const void *b) {
    const struct row *x = a, *y = b;
    int order = x->id && y->id ? strcmp(x->id, y->id) : 0;
    if (!order)
        order = compare_number(x->segment, y->segment);
    if (!order)
        order = compare_number(x->document, y->document);
    if (!order)
        order = compare_double(y->score, x->score);
    return order ? order : compare_number(x->passage, y->passage);
}

/* ---- A heap of the best so far, the worst of them on top ----------------------------------------
 */

typedef int (*row_order)(const void *a, const void *b);

struct best {
    const struct row **rows; /* owned */
    size_t count, most;
    row_order order;
};

static void sift_down(struct best *best) {
    const struct row *row = best->rows[0];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < best->count; at = child) {
        if (child + 1 < best->count && best->order(best->rows[child + 1], best->rows[child]) > 0)
            child++;
        if (best->order(best->rows[child], row) <= 0)
            break;
        best->rows[at] = best->rows[child];
    }
    best->rows[at] = row;
}

static void sift_up(struct best *best, const struct row *row) {
    size_t at = best->count++;
    for (; at > 0 && best->order(best->rows[(at - 1) / 2], row) < 0; at = (at - 1) / 2)
        best->rows[at] = best->rows[(at - 1) / 2];
    best->rows[at] = row;
}

/* Whether it is among the best so far. */
static bool best_add(struct best *best, const struct row *row) {
    if (best->count < best->most) {
        sift_up(best, row);
        return true;
    }
    if (!best->most || best->order(row, best->rows[0]) >= 0)
        return false;
    best->rows[0] = row;
    sift_down(best);
    return true;
}

/* ---- The cut ------------------------------------------------------------------------------- */

/* Ids of rows that tie, to find those that come first. Strings are kept of rows that were among the
 * best when they came by. */
static int choose_by_id(struct best *best, struct row *ties, size_t count,
                        const struct snapshot *snapshot, struct arena *arena, struct error *err) {
    struct segment_id_scan *scan = NULL;
    int status = 0;
    for (size_t i = 0; i < count && !status; i++) {
        struct row *row = &ties[i];
        const struct row *before = i ? row - 1 : NULL;
        size_t size;
        if (!before || before->segment != row->segment) {
            segment_id_scan_close(scan);
            scan = segment_id_scan_open(snapshot_segment(snapshot, row->segment));
            if (!scan)
                return error_memory(err);
        }
        status = segment_id_scan_get(scan, row->document, &row->id, &size, err);
        bool chosen = !status && best_add(best, row);
        /* What the scan holds goes with its next step. */
        const char *kept = chosen ? arena_text(arena, row->id, size) : NULL;
        if (chosen && !kept)
            status = error_memory(err);
        row->id = kept;
    }
    segment_id_scan_close(scan);
    return status;
}

/* Of rows that tie, the `wanted` first by id to the front. */
static int cut_ties(struct row *ties, size_t count, size_t wanted, const struct snapshot *snapshot,
                    struct error *err) {
    if (!count || !wanted)
        return 0;
    struct arena arena = ARENA_INIT;
    struct best best = {calloc(count, sizeof *best.rows), 0, wanted, row_by_id};
    struct row *chosen = calloc(count, sizeof *chosen);
    int status = best.rows && chosen ? choose_by_id(&best, ties, count, snapshot, &arena, err)
                                     : error_memory(err);
    for (size_t i = 0; i < best.count && !status; i++) {
        chosen[i] = *best.rows[i];
        chosen[i].id = NULL;
    }
    if (!status)
        memcpy(ties, chosen, best.count * sizeof *ties);
    free(chosen);
    free(best.rows);
    arena_free(&arena);
    return status;
}

/* The worst of the `wanted` best, as far as worth tells. */
static int find_cut(const struct rows *rows, size_t wanted, struct row *cut, struct error *err) {
    if (!rows->count)
        return 0;
    struct best best = {calloc(rows->count, sizeof *best.rows), 0, wanted, row_by_worth};
    if (!best.rows)
        return error_memory(err);
    for (size_t i = 0; i < rows->count; i++)
        best_add(&best, &rows->all[i]);
    *cut = *best.rows[0];
    free(best.rows);
    return 0;
}

int rows_cut(struct rows *rows, size_t wanted, const struct snapshot *snapshot, struct error *err) {
    struct row cut = {.segment = 0};
    if (rows->count <= wanted || !wanted || !rows->count)
        return 0;
    int status = find_cut(rows, wanted, &cut, err);
    if (status)
        return status;
    struct row *ties = reallocarray(NULL, rows->count, sizeof *ties);
    if (!ties)
        return error_memory(err);
    size_t kept = 0, tied = 0;
    for (size_t i = 0; i < rows->count; i++) {
        int order = row_by_worth(&rows->all[i], &cut);
        if (order < 0)
            rows->all[kept++] = rows->all[i];
        else if (order == 0)
            ties[tied++] = rows->all[i];
    }
    if (kept + tied > wanted)
        status = cut_ties(ties, tied, wanted - kept, snapshot, err);
    memcpy(rows->all + kept, ties, (wanted - kept) * sizeof *ties);
    rows->count = wanted;
    free(ties);
    return status;
}

/* ---- The first of a set -------------------------------------------------------------------- */

struct firsts {
    const struct rows_request *request;
    struct row *pool; /* the best, and room for one more; owned */
    struct row *spare;
    struct best best;
    struct segment_id_scan *scan; /* of the segment at hand */
    struct arena ids;
    struct error *err;
};

static int row_by_all(const void *a, const void *b) {
    int order = row_by_worth(a, b);
    return order ? order : row_by_id(a, b);
}

/* A row whose id is not read yet, and need not be if the date alone puts it behind all others. */
static int firsts_add(struct firsts *firsts, struct row *row) {
    const struct row **best = firsts->best.rows;
    bool full = firsts->best.count == firsts->best.most;
    size_t size;
    if (full && row_by_worth(row, best[0]) > 0)
        return 0;
    int status = segment_id_scan_get(firsts->scan, row->document, &row->id, &size, firsts->err);
    if (status || (full && row_by_all(row, best[0]) >= 0))
        return status;
    /* What the scan holds goes with its next step. */
    row->id = arena_text(&firsts->ids, row->id, size);
    if (!row->id)
        return error_memory(firsts->err);
    struct row *place = firsts->spare;
    firsts->spare = full ? firsts->pool + (best[0] - firsts->pool) : place + 1;
    *place = *row;
    best_add(&firsts->best, place);
    return 0;
}

static int firsts_of_segment(struct firsts *firsts, uint32_t number) {
    const struct rows_request *request = firsts->request;
    const struct segment *segment = snapshot_segment(request->snapshot, number);
    const struct passage_runs *runs = &request->set->segments[number];
    uint32_t last = UINT32_MAX;
    int status = 0;
    for (size_t i = 0; i < runs->count; i++)
        for (uint32_t docid = runs->runs[i].first; docid <= runs->runs[i].last && !status;
             docid++) {
            struct row row = {.segment = number, .passage = docid - 1};
            row.document = segment_document_of(segment, row.passage);
            row.date = segment_document_date(segment, row.document);
            row.key = request->weigh(request->context, row.date);
            bool fresh = row.document != last;
            last = row.document;
            status = fresh || !request->by_document ? firsts_add(firsts, &row) : 0;
        }
    return status;
}

static int firsts_take(struct firsts *firsts, struct rows *out) {
    struct best *best = &firsts->best;
    out->all = calloc(best->count + 1, sizeof *out->all);
    if (!out->all)
        return error_memory(firsts->err);
    for (; out->count < best->count; out->count++) {
        out->all[out->count] = *best->rows[out->count];
        out->all[out->count].id = NULL;
    }
    return 0;
}

int rows_first(struct rows *out, const struct rows_request *request, struct error *err) {
    size_t wanted = request->wanted;
    struct firsts firsts = {.request = request, .ids = ARENA_INIT, .err = err};
    firsts.pool = firsts.spare = calloc(wanted + 1, sizeof *firsts.pool);
    firsts.best =
        (struct best){calloc(wanted + 1, sizeof *firsts.best.rows), 0, wanted, row_by_all};
    int status = firsts.pool && firsts.best.rows ? 0 : error_memory(err);
    *out = (struct rows){NULL, 0};
    for (uint32_t i = 0; i < request->set->segment_count && wanted && !status; i++) {
        firsts.scan = segment_id_scan_open(snapshot_segment(request->snapshot, i));
        status = firsts.scan ? firsts_of_segment(&firsts, i) : error_memory(err);
        segment_id_scan_close(firsts.scan);
    }
    if (!status)
        status = firsts_take(&firsts, out);
    arena_free(&firsts.ids);
    free(firsts.best.rows);
    free(firsts.pool);
    return status;
}
