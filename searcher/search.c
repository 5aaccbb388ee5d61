/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/search.h"

#include "indexer/segment/posting_list.h"
#include "searcher/accelerate.h"
#include "searcher/cursor.h"
#include "searcher/facet_count.h"
#include "searcher/filter.h"
#include "searcher/fold.h"
#include "searcher/match_dates.h"
#include "searcher/query_plan.h"
#include "searcher/query_prepare.h"
#include "searcher/query_verify.h"
#include "searcher/row.h"
#include "searcher/search_extras.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ASK_MORE = 32,             /* matches to ask for beyond those wanted, for documents */
    COUNT_ANYWAY = 8192,       /* postings: an exact total is worth some 10 microseconds */
    TIES_FIRST = 4096,         /* of those that tie at the cut, in a first try */
    ANALYSER_MEMORY = 64 << 20 /* words kept from search to search */
};

struct search {
    const struct snapshot *snapshot;
    struct shim_database *database;
    const struct search_request *request;
    struct search_result *out;
    struct error *err;
    uint32_t passages; /* that Xapian knows: no query has more matches */
    uint32_t *last;    /* by segment: the last docid; owned */
    uint64_t skip;     /* rows, or documents when grouped, before those to list: the offset or the
                          cursor's rank */
    uint64_t wanted;   /* skip + limit */
    uint64_t above;    /* rows that were not made, for they stand above the cursor's score */
    bool more;         /* something stands behind what is listed */
    const struct search_cursor *after; /* NULL: none */
    enum search_sort sort;
    double average; /* length of passages */
    struct query_plan plan;
    struct passage_set filter;
    struct acceleration fast;
    struct bag *whole; /* of `fast`, unless something else is to be put around it; NULL: none */
    struct fold *fold;
    const struct shim_query *query; /* planned, accelerated, filtered and folded */
    double last_weight, last_score; /* of the row made last */
};

/* ---- Small queries around others ------------------------------------------------------------- */

struct wrapped {
    struct shim_query node, leaf;
    const struct shim_query *children[2];
};

/* `query`, of which only the passages of `set` count. */
static const struct shim_query *within(struct wrapped *wrapped, const struct shim_query *query,
                                       const struct passage_set *set) {
    wrapped->leaf = (struct shim_query){.op = SHIM_SOURCE, .source = &set->source};
    wrapped->children[0] = query;
    wrapped->children[1] = &wrapped->leaf;
    wrapped->node =
        (struct shim_query){.op = SHIM_FILTER, .children = wrapped->children, .count = 2};
    return &wrapped->node;
}

/* What sources met in a search and could not tell the matcher. */
static int find_faults(struct search *search) {
    int status = query_plan_fault(&search->plan, search->err);
    return status ? status : acceleration_fault(&search->fast, search->err);
}

/* Only what weighs `cutoff` or more. */
static int run_above(struct search *search, const struct shim_query *query, uint32_t limit,
                     bool count, double cutoff, struct shim_result *found) {
    struct shim_search asked = SHIM_SEARCH_INIT;
    asked.query = query;
    asked.limit = limit;
    asked.check_at_least = count ? search->passages : 0;
    asked.cutoff = cutoff;
    asked.k1 = search->request->k1;
    asked.b = search->request->b;
    asked.model = search->request->model;
    int status =
        shim_error(search->err, search->database, shim_search(search->database, &asked, found));
    if (!status)
        status = find_faults(search);
    if (status)
        shim_result_free(found);
    return status;
}

static int run(struct search *search, const struct shim_query *query, uint32_t limit, bool count,
               struct shim_result *found) {
    return run_above(search, query, limit, count, 0, found);
}

static void take_total(struct search *search, const struct shim_result *found) {
    search->out->total.exact = found->lower == found->upper;
    search->out->total.value = found->lower;
}

/* ---- Rows ---------------------------------------------------------------------------------- */

/* Sums of the same weights in another order differ in their last bits. */
static double nine_digits(double value) {
    if (!(value > 0) || isinf(value))
        return 0;
    double scale = pow(10, 8 - floor(log10(value)));
    return isfinite(scale) && scale > 0 ? round(value * scale) / scale : value;
}

static bool groups(const struct search *search) {
    return search->request->per_document > 0;
}

static double date_weight(const struct search *search, uint32_t date) {
    if (search->sort == SEARCH_BY_RELEVANCE || date == 0)
        return 0;
    return search->sort == SEARCH_NEWEST_FIRST ? date : 100000000.0 - date;
}

/* Many matches weigh the same, and most of them are neighbours. */
static double score_of(struct search *search, double weight) {
    if (!(weight > search->last_weight) && !(weight < search->last_weight))
        return search->last_score;
    search->last_weight = weight;
    return search->last_score = nine_digits(weight);
}

static int row_fill(struct search *search, const struct shim_match *match, struct row *row) {
    const struct segment *segment = snapshot_segment(search->snapshot, match->segment);
    uint32_t passage = match->docid - 1;
    if (passage >= segment_passage_count(segment))
        return error_set(search->err, PLENARY_EDAMAGED,
                         "%s: the postings name passage %u of %u; run the index's verification",
                         segment_folder(segment), passage, segment_passage_count(segment));
    uint32_t document = segment_document_of(segment, passage);
    uint32_t date = segment_document_date(segment, document);
    *row = (struct row){.segment = match->segment,
                        .document = document,
                        .passage = passage,
                        .date = date,
                        .score = score_of(search, match->weight),
                        .key = date_weight(search, date)};
    return 0;
}

/* Was this match on the pages up to the cursor for certain? Only those that equal its score need to
 * be put in order again. */
static bool is_above(struct search *search, double weight) {
    return search->after && !groups(search) && search->sort == SEARCH_BY_RELEVANCE &&
           score_of(search, weight) > search->after->score;
}

static int rows_make(struct search *search, const struct shim_result *found, struct rows *rows) {
    struct row *all = calloc(found->count + 1, sizeof *all);
    int status = 0;
    size_t count = 0;
    search->above = 0;
    *rows = (struct rows){NULL, 0};
    if (!all) {
        error_memory(search->err);
        return PLENARY_ENOMEM;
    }
    for (size_t i = 0; !status && i < found->count; i++) {
        if (is_above(search, found->matches[i].weight)) {
            search->above++;
            continue;
        }
        status = row_fill(search, &found->matches[i], &all[count]);
        all[count].best = all[count].score;
        count++;
    }
    if (status)
        free(all);
    else
        *rows = (struct rows){all, count};
    return status;
}

static int compare_double(double a, double b) {
    return a < b ? -1 : a > b;
}

static int compare_number(uint32_t a, uint32_t b) {
    return a < b ? -1 : a > b;
}

static bool is_tie(const struct row *a, const struct row *b) {
    return row_by_worth(a, b) == 0;
}

static bool same_document(const struct row *a, const struct row *b) {
    return a->segment == b->segment && a->document == b->document;
}

static int by_document(const void *a, const void *b) {
    const struct row *x = a, *y = b;
    int order = compare_number(x->segment, y->segment);
    if (!order)
        order = compare_number(x->document, y->document);
    if (!order)
        order = compare_double(y->score, x->score);
    return order ? order : compare_number(x->passage, y->passage);
}

/* Ids are read only where they decide, once a document. */
static int settle_tie(struct search *search, struct row *rows, size_t count) {
    int status = 0;
    qsort(rows, count, sizeof *rows, by_document);
    bool one = same_document(&rows[0], &rows[count - 1]);
    for (size_t i = 0; i < count && !one && !status; i++) {
        const char *id = NULL;
        if (i && same_document(&rows[i], &rows[i - 1])) {
            rows[i].id = rows[i - 1].id;
            continue;
        }
        status = segment_document_id(snapshot_segment(search->snapshot, rows[i].segment),
                                     rows[i].document, &search->out->arena, &id, search->err);
        rows[i].id = id;
    }
    if (!status)
        qsort(rows, count, sizeof *rows, row_by_id);
    return status;
}

/* Ungrouped, each row is the best of its own. */
static void rows_rate(const struct search *search, struct rows *rows) {
    if (groups(search))
        qsort(rows->all, rows->count, sizeof *rows->all, by_document);
    for (size_t begin = 0, end; begin < rows->count; begin = end) {
        double best = rows->all[begin].score;
        for (end = begin + 1; end < rows->count && groups(search) &&
                              same_document(&rows->all[begin], &rows->all[end]);
             end++)
            best += search->request->group_sum ? rows->all[end].score : 0;
        for (size_t i = begin; i < end; i++)
            rows->all[i].best = search->request->group_sum ? nine_digits(best) : best;
    }
}

static int rows_sort(struct search *search, struct rows *rows) {
    rows_rate(search, rows);
    qsort(rows->all, rows->count, sizeof *rows->all, row_by_worth);
    for (size_t begin = 0, end; begin < rows->count; begin = end) {
        for (end = begin + 1; end < rows->count && is_tie(&rows->all[begin], &rows->all[end]);)
            end++;
        int status = end - begin > 1 ? settle_tie(search, rows->all + begin, end - begin) : 0;
        if (status)
            return status;
    }
    return 0;
}

/* ---- By date ------------------------------------------------------------------------------- */

/* All matches, one after another. */
static int each_match(struct search *search, match_fn each, void *context) {
    int status = search->whole
                     ? bag_each(search->whole, each, context, search->err)
                     : match_walk(search->database, search->query, each, context, search->err);
    return status ? status : find_faults(search);
}

static double weigh_date(const void *search, uint32_t date) {
    return date_weight(search, date);
}

/* All that may be on the page, and one more to know of more. *alike: no date comes before another,
 * and there is no set. */
static int find_dates(struct search *search, struct passage_set *set, bool *alike) {
    const struct match_dates_request request = {search->snapshot, search->wanted + 1,
                                                groups(search), weigh_date, search};
    struct match_dates *dates;
    int status = match_dates_open(&dates, &request, search->err);
    if (!status)
        status = each_match(search, match_dates_add, dates);
    if (!status) {
        search->out->total = (struct search_total){match_dates_total(dates), true};
        *alike = search->whole && match_dates_alike(dates);
        status = *alike ? 0 : match_dates_set(dates, set, search->err);
    }
    match_dates_close(dates);
    return status;
}

/* ---- By relevance: enough of the best ----------------------------------------------------------
 */

/* Are the wanted ones settled, whatever the matches not yet seen (none weighs more than `last`)? */
static bool is_settled(const struct search *search, const struct rows *rows, double last) {
    uint64_t better = search->above;
    for (size_t i = 0; i < rows->count; i++) {
        bool fresh = !groups(search) || i == 0 || !same_document(&rows->all[i], &rows->all[i - 1]);
        better += fresh && rows->all[i].best > last;
    }
    return better >= search->wanted + groups(search);
}

/* How many matches to ask for: one more than is listed tells whether anything stands behind it. Any
 * document may have many weak ones. */
static uint64_t first_ask(const struct search *search) {
    if (groups(search) && search->request->group_sum)
        return search->passages;
    return groups(search) ? search->wanted * 4 + ASK_MORE : search->wanted + 1;
}

/* All rows down to those that tie with the last one seen, which weighs `last`. */
static int find_ties(struct search *search, double last, struct rows *rows) {
    /* Scores that differ in their ninth digit are told apart; their sums may have been rounded. */
    double cutoff = last * (1 - 2e-8);
    for (uint64_t ask = TIES_FIRST;; ask *= 16) {
        uint32_t limit = ask < search->passages ? (uint32_t)ask : search->passages;
        struct shim_result found;
        int status = run_above(search, search->query, limit, false, cutoff, &found);
        if (status)
            return status;
        bool all = found.count < limit || limit == search->passages;
        if (all)
            status = rows_make(search, &found, rows);
        shim_result_free(&found);
        if (status || all)
            return status ? status : rows_sort(search, rows);
    }
}

static int count_bag(struct search *search) {
    struct search_total *total = &search->out->total;
    total->exact = true;
    int status = bag_count(search->whole, &total->value, search->err);
    return status ? status : find_faults(search);
}

/* The best of a query that is one bag, and its total, which ranking need not see all of. */
static int run_bag(struct search *search, uint64_t wanted, struct shim_result *found) {
    int status = bag_top(search->whole, wanted, found, search->err);
    if (!status)
        status = find_faults(search);
    bool wants = search->request->exact_total || bag_count_cost(search->whole) <= COUNT_ANYWAY;
    if (!status && !search->out->total.exact && wants)
        status = count_bag(search);
    if (!search->out->total.exact)
        search->out->total.value = found->count;
    if (status)
        shim_result_free(found);
    return status;
}

/* The best rows of a query that is one bag, down to those that tie with the last one wanted. */
static int find_best_of_bag(struct search *search, struct rows *rows) {
    uint64_t ask = first_ask(search);
    for (;; ask *= 2) {
        struct shim_result found;
        int status = run_bag(search, ask, &found);
        if (!status)
            status = rows_make(search, &found, rows);
        bool all = found.count < ask;
        double last = INFINITY;
        for (size_t i = 0; i < found.count; i++)
            last = found.matches[i].weight < last ? found.matches[i].weight : last;
        shim_result_free(&found);
        if (!status && !groups(search))
            status =
                rows_cut(rows, search->wanted + 1 - search->above, search->snapshot, search->err);
        if (!status)
            status = rows_sort(search, rows);
        if (status || all || !groups(search) || is_settled(search, rows, nine_digits(last)))
            return status;
        free(rows->all);
        *rows = (struct rows){NULL, 0};
    }
}

/* Does no match weigh anything, as in "everything but x"? */
static bool is_weightless(const struct shim_query *query) {
    bool first = query->op == SHIM_FILTER || query->op == SHIM_AND_NOT;
    return query->op == SHIM_ALL || (first && query->count && is_weightless(query->children[0]));
}

/* `weightless`: no match weighs anything, so that the date and the id say all. */
static int find_by_date(struct search *search, bool weightless, struct rows *rows) {
    struct passage_set set;
    bool alike = false;
    int status = find_dates(search, &set, &alike);
    if (status || alike)
        return status ? status : find_best_of_bag(search, rows);
    if (weightless) {
        const struct rows_request request = {
            search->snapshot, &set, (size_t)search->wanted + 1, groups(search), weigh_date, search};
        status = rows_first(rows, &request, search->err);
        passage_set_free(&set);
        return status ? status : rows_sort(search, rows);
    }
    struct wrapped wrapped;
    struct shim_result found;
    status = run(search, within(&wrapped, search->query, &set), search->passages, false, &found);
    if (!status)
        status = rows_make(search, &found, rows);
    shim_result_free(&found);
    passage_set_free(&set);
    return status ? status : rows_sort(search, rows);
}

/* The best rows, sorted: those wanted, or all, and some more. Where nothing weighs anything (NOT x)
 * all are tied, and ties go by date, newest first. */
static int find_best(struct search *search, struct rows *rows) {
    uint64_t ask = first_ask(search);
    if (is_weightless(search->query)) {
        search->sort = SEARCH_NEWEST_FIRST;
        return find_by_date(search, true, rows);
    }
    for (;; ask *= 2) {
        uint32_t limit = ask < search->passages ? (uint32_t)ask : search->passages;
        struct shim_result found;
        int status = run(search, search->query, limit, search->request->exact_total, &found);
        if (!status)
            take_total(search, &found);
        if (!status && found.count && !(found.matches[0].weight > 0)) {
            shim_result_free(&found);
            search->sort = SEARCH_NEWEST_FIRST;
            return find_by_date(search, true, rows);
        }
        if (!status)
            status = rows_make(search, &found, rows);
        double last = found.count ? nine_digits(found.matches[found.count - 1].weight) : 0;
        bool all = found.count < limit || limit == search->passages;
        shim_result_free(&found);
        if (!status)
            status = rows_sort(search, rows);
        if (status || all || is_settled(search, rows, last))
            return status;
        free(rows->all);
        *rows = (struct rows){NULL, 0};
        if (!groups(search))
            return find_ties(search, last, rows);
    }
}

/* ---- Hits ---------------------------------------------------------------------------------- */

/* All matching rows of the documents on this page, so that each can show its best. */
static int complete_documents(struct search *search, struct rows *rows) {
    struct passage_set page;
    if (passage_set_init(&page, snapshot_segment_count(search->snapshot)))
        return error_memory(search->err);
    qsort(rows->all, rows->count, sizeof *rows->all, by_document);
    int status = 0;
    for (size_t i = 0; i < rows->count && !status; i++) {
        const struct row *row = &rows->all[i];
        const struct segment *segment = snapshot_segment(search->snapshot, row->segment);
        if (i && same_document(row, row - 1))
            continue;
        uint32_t end = row->document + 1 < segment_document_count(segment)
                           ? segment_first_passage(segment, row->document + 1)
                           : segment_passage_count(segment);
        uint32_t first = segment_first_passage(segment, row->document);
        status = end > first ? passage_set_add(&page, row->segment, first, end - 1, 0)
                             : PLENARY_EDAMAGED;
        passage_set_trim(&page, row->segment, search->last[row->segment]);
    }
    if (status)
        status = error_set(search->err, (enum plenary_error)status,
                           "the passages of a document could not be gathered");
    struct wrapped wrapped;
    struct shim_result found = {.matches = NULL};
    uint64_t most = passage_set_count(&page);
    if (!status)
        status = run(search, within(&wrapped, search->query, &page),
                     most < search->passages ? (uint32_t)most : search->passages, false, &found);
    free(rows->all);
    *rows = (struct rows){NULL, 0};
    if (!status)
        status = rows_make(search, &found, rows);
    shim_result_free(&found);
    passage_set_free(&page);
    return status ? status : rows_sort(search, rows);
}

/* The row before those to list must be the one that the cursor names. */
static int check_cursor(const struct search *search, const struct rows *rows, size_t begin) {
    const struct search_cursor *after = search->after;
    const struct row *last = begin ? &rows->all[begin - 1] : NULL;
    bool same = last && last->segment == after->segment && last->passage == after->passage;
    if (last && groups(search) && last->segment == after->segment)
        same =
            last->document ==
            segment_document_of(snapshot_segment(search->snapshot, after->segment), after->passage);
    return same ? 0 : search_cursor_refused(search->err);
}

/* Keep the rows (of the documents) from the offset or the cursor to what is wanted. */
static int cut_page(struct search *search, struct rows *rows) {
    uint64_t unit = search->above;
    size_t begin = rows->count, end = rows->count;
    for (size_t i = 0; i < rows->count && end == rows->count; i++) {
        unit += !groups(search) || i == 0 || !same_document(&rows->all[i], &rows->all[i - 1]);
        if (unit > search->skip && begin == rows->count)
            begin = i;
        if (unit > search->wanted)
            end = i;
    }
    begin = begin < end ? begin : end;
    search->more = end < rows->count;
    int status = search->after ? check_cursor(search, rows, begin) : 0;
    memmove(rows->all, rows->all + begin, (end - begin) * sizeof *rows->all);
    rows->count = end - begin;
    return status;
}

static int take_hits(struct search *search, const struct rows *rows) {
    struct search_result *out = search->out;
    uint32_t per_document = groups(search) ? search->request->per_document : 1;
    out->hits = arena_zero(&out->arena, rows->count + 1, sizeof *out->hits);
    if (!out->hits)
        return error_memory(search->err);
    uint32_t place = 0, rank = (uint32_t)search->skip;
    out->first_rank = rank + 1;
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *row = &rows->all[i];
        bool more = groups(search) && i && same_document(row, row - 1);
        place = more ? place + 1 : 1;
        rank += !more;
        if (place <= per_document)
            out->hits[out->hit_count++] = (struct search_hit){
                .segment = row->segment,
                .document = row->document,
                .passage = row->passage,
                .rank = rank,
                .place = place,
                .score = row->score,
                .group_score = groups(search) ? row->best : 0,
                .duplicates =
                    search->fold ? fold_duplicates(search->fold, row->segment, row->passage) : 0};
    }
    return search->more ? search_next_cursor(out, search->snapshot, search->request, search->err)
                        : 0;
}

static int find_hits(struct search *search) {
    struct rows rows = {NULL, 0};
    int status = search->sort != SEARCH_BY_RELEVANCE
                     ? find_by_date(search, is_weightless(search->query), &rows)
                 : search->whole ? find_best_of_bag(search, &rows)
                                 : find_best(search, &rows);
    if (!status)
        status = cut_page(search, &rows);
    if (!status && groups(search))
        status = complete_documents(search, &rows);
    if (!status)
        status = take_hits(search, &rows);
    free(rows.all);
    return status;
}

/* ---- The search ---------------------------------------------------------------------------- */

static int check_request(const struct search_request *request, struct error *err) {
    if (!(request->k1 >= 0) || isinf(request->k1) || !(request->b >= 0 && request->b <= 1))
        return error_set(err, PLENARY_EINVALID,
                         "BM25 needs k1 of 0 or more and b from 0 to 1, not %g and %g", request->k1,
                         request->b);
    if (request->language >= 64 || request->filter.language >= 64)
        return error_set(err, PLENARY_EINVALID, "there is no language number %d",
                         request->language >= 64 ? request->language : request->filter.language);
    return 0;
}

/* The last docid of a segment: that of its last passage with postings. */
static int find_last(struct search *search, uint32_t segment) {
    const struct segment *read = snapshot_segment(search->snapshot, segment);
    const struct postings *postings = segment_postings(read);
    uint32_t docid = segment_passage_count(read);
    if (postings) {
        uint32_t last = postings->bounds.last_docid;
        search->last[segment] = last < docid ? last : docid;
        return 0;
    }
    for (; docid > 0; docid--) {
        uint32_t wdf, length;
        int status = shim_posting(search->database, segment, docid, "a", 1, &wdf, &length);
        if (status == SHIM_OK)
            break;
        if (status != SHIM_ENOTFOUND)
            return shim_error(search->err, search->database, status);
    }
    search->last[segment] = docid;
    return 0;
}

static int measure(struct search *search) {
    uint32_t segments = snapshot_segment_count(search->snapshot);
    struct shim_statistics statistics;
    int status = shim_error(search->err, search->database,
                            shim_database_statistics(search->database, &statistics));
    if (status)
        return status;
    search->passages =
        statistics.documents < UINT32_MAX ? (uint32_t)statistics.documents : UINT32_MAX;
    search->average = statistics.average_length;
    search->last = calloc(segments + 1, sizeof *search->last);
    if (!search->last)
        return error_memory(search->err);
    for (uint32_t i = 0; i < segments && !status; i++)
        status = find_last(search, i);
    search->skip = search->after ? search->after->rank : search->request->offset;
    search->wanted = search->skip + search->request->limit;
    if (search->wanted > search->passages)
        search->wanted = search->passages;
    return status;
}

static int understand(struct search *search, struct analyser *analyser) {
    const struct search_request *request = search->request;
    struct search_result *out = search->out;
    int status = query_prepare(&out->query, &out->arena, request, search->err);
    if (status)
        return status;
    struct bytes description = BYTES_INIT;
    query_describe(out->query.root, &description);
    if (bytes_string(&description))
        out->description =
            arena_text(&out->arena, (const char *)description.data, description.size);
    bytes_free(&description);
    if (!out->description)
        return error_memory(search->err);
    if (search->after && search->after->request != search_request_hash(request, out->description))
        return search_cursor_refused(search->err);
    int language = request->language >= 0 ? request->language : request->filter.language;
    const struct query_plan_options options = {search->snapshot, search->database, analyser,
                                               language >= 0 ? (uint64_t)1 << language : 0};
    if (analyser_memory(analyser) > ANALYSER_MEMORY)
        analyser_forget(analyser);
    status = query_plan_make(&search->plan, &out->arena, &out->query, &options, search->err);
    out->highlights = search->plan.highlights;
    out->highlight_count = search->plan.highlight_count;
    if (!status && request->reshape)
        status = request->reshape(request->reshape_context, out, &search->plan.root, search->err);
    return status;
}

static int make_filter(struct search *search) {
    int status =
        filter_make(&search->filter, &search->request->filter, search->snapshot, search->err);
    for (uint32_t i = 0; i < search->filter.segment_count && !status; i++)
        passage_set_trim(&search->filter, i, search->last[i]);
    return status;
}

static int make_fast(struct search *search, bool filtered) {
    const struct acceleration_options options = {
        search->snapshot,    search->passages,   search->average,
        search->request->k1, search->request->b, filtered ? &search->filter : NULL,
        search->database};
    search->fast.root = search->plan.root;
    if (search->request->plain || search->request->model)
        return 0;
    return acceleration_make(&search->fast, &search->out->arena, search->plan.root, &options,
                             search->err);
}

/* A bag takes the filter in, and knows what is deleted by itself; other queries have the filter put
 * around them. */
static int prepare(struct search *search, struct wrapped *wrapped) {
    bool asks = filter_asks(&search->request->filter);
    bool needed = filter_is_needed(&search->request->filter, search->snapshot);
    int status = asks ? make_filter(search) : 0;
    if (!status)
        status = make_fast(search, asks);
    search->query = search->fast.root;
    search->whole = search->fast.whole;
    if (status || !needed || search->whole)
        return status;
    if (!asks)
        status = make_filter(search);
    search->query = within(wrapped, search->fast.root, &search->filter);
    return status;
}

static int apply_fold(struct search *search, struct wrapped *wrapped) {
    if (!search->request->fold_duplicates)
        return 0;
    int status =
        fold_make(&search->fold, search->snapshot, search->database, search->query, search->err);
    if (!status)
        status = find_faults(search);
    if (status)
        return status;
    search->out->folded = fold_left_out(search->fold);
    search->query = within(wrapped, search->query, fold_kept(search->fold));
    search->whole = NULL;
    return 0;
}

static int count_facets(struct search *search) {
    const struct search_request *request = search->request;
    if (!request->facets && !request->histogram)
        return 0;
    struct facet_counter *counter;
    int status = facet_counter_open(&counter, search->snapshot, request->facets, request->histogram,
                                    search->err);
    if (status)
        return status;
    status = each_match(search, facet_counter_add, counter);
    int finished = search_take_facets(search->out, counter, request, search->err);
    facet_counter_close(counter);
    return status ? status : finished;
}

/* What was counted one by one is known, whatever the matcher estimates. */
static void settle_total(struct search *search, uint64_t counted) {
    bool facets = search->request->facets || search->request->histogram;
    if (search->fold)
        counted = passage_set_count(fold_kept(search->fold));
    if (facets || search->fold)
        search->out->total = (struct search_total){counted, true};
}

static int count_matches(struct search *search, bool exact) {
    if (search->whole && exact)
        return count_bag(search);
    const struct shim_query *children[] = {search->query};
    const struct shim_query boolean = {
        .op = SHIM_SCALE, .factor = 0, .children = children, .count = 1};
    struct shim_result found;
    int status = run(search, &boolean, 0, exact, &found);
    if (!status)
        take_total(search, &found);
    shim_result_free(&found);
    return status;
}

int search_run(struct search_result *out, const struct snapshot *snapshot,
               struct shim_database *database, struct analyser *analyser,
               const struct search_request *request, struct error *err) {
    *out = (struct search_result){.arena = ARENA_INIT};
    struct search search = {.snapshot = snapshot,
                            .database = database,
                            .request = request,
                            .sort = request->sort,
                            .out = out,
                            .err = err};
    struct wrapped filtered, folded;
    struct search_cursor after;
    int status = check_request(request, err);
    if (!status && request->after) {
        status = search_read_cursor(&after, request->after, snapshot, err);
        search.after = &after;
    }
    if (!status)
        status = measure(&search);
    if (!status)
        status = understand(&search, analyser);
    if (!status)
        status = prepare(&search, &filtered);
    if (!status)
        status = apply_fold(&search, &folded);
    if (!status)
        status = count_facets(&search);
    uint64_t counted = out->total.value;
    if (!status && (request->count_only || request->limit == 0 || search.wanted == 0))
        status = count_matches(&search, request->count_only || request->exact_total);
    else if (!status)
        status = find_hits(&search);
    /* A bag that is the whole query asks the phrase sources itself, past the matcher. */
    if (!status)
        status = query_plan_fault(&search.plan, err);
    if (!status)
        settle_total(&search, counted);
    if (!status)
        status = search_suggest(out, snapshot, database, analyser, request, err);
    fold_free(search.fold);
    acceleration_free(&search.fast);
    passage_set_free(&search.filter);
    query_plan_free(&search.plan);
    free(search.last);
    if (status)
        search_result_free(out);
    return status;
}

void search_result_free(struct search_result *result) {
    arena_free(&result->arena);
    *result = (struct search_result){.arena = ARENA_INIT};
}
