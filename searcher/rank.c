/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ranked search: the matcher gives candidates, each is scored anew, feedback may send a longer
 * query round once more, and neighbours in a document lift each other.
 */
#include "searcher/ranking.h"

#include "indexer/segment/segment.h"
#include "searcher/rank_bag.h"
#include "searcher/rank_feedback.h"
#include "searcher/rank_score.h"
#include "searcher/word_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many passages are ranked for each whose words feedback takes. */
enum { FEEDBACK_DEPTH = 5 };

struct candidate {
    uint32_t segment, document, passage;
    uint32_t order;    /* as the matcher had it: what decides ties */
    uint32_t best;     /* grouped: the place of its document's best */
    double own, score; /* without and with its neighbours' */
    bool drawn;        /* without a word of the query, for its neighbours */
};

struct rank {
    struct searcher *searcher;
    const struct search_request *request;
    const struct ranking *ranking;
    struct rank_bag bag;
    bool is_bag; /* the query is words alone, any of which will do */
    bool expanded;
    struct candidate *candidates; /* owned */
    size_t count;
    struct error *err;
};

/* ---- Candidates ---------------------------------------------------------------------------- */

/* Words of the text, any of which will do. */
static bool is_words(const struct query_node *node) {
    bool words = node->op == QUERY_OR ||
                 (node->op == QUERY_WORD && !node->exact && node->field == QUERY_FIELD_TEXT);
    for (size_t i = 0; i < node->count && words; i++)
        words = is_words(node->children[i]);
    return words;
}

/* Put the bag of weighted words in the place of a query of words; add it to any other. */
static int reshape(void *context, struct search_result *result, const struct shim_query **query,
                   struct error *err) {
    struct rank *rank = context;
    const struct shim_query *any = NULL;
    rank->is_bag = is_words(result->query.root);
    int status = 0;
    if (!rank->expanded) {
        status = rank_bag_take(&rank->bag, result, err);
        rank_bag_pass_common(&rank->bag);
    }
    if (!status && (rank->is_bag || rank->expanded))
        status = rank_bag_query(&rank->bag, rank->request->k1, &any, err);
    if (status || !any || !any->count)
        return status;
    if (rank->is_bag) {
        *query = any;
        return 0;
    }
    struct shim_query *both = arena_zero(&result->arena, 1, sizeof *both);
    const struct shim_query **parts = arena_zero(&result->arena, 2, sizeof(struct shim_query *));
    if (!both || !parts)
        return error_memory(err);
    parts[0] = *query;
    parts[1] = any;
    both->op = SHIM_AND_MAYBE;
    both->children = parts;
    both->count = 2;
    *query = both;
    return 0;
}

/* Feedback comes from the first few of a first search, which need not go as deep as the second. */
static uint32_t depth(const struct rank *rank) {
    const struct ranking *ranking = rank->ranking;
    uint64_t wanted = (uint64_t)rank->request->offset + rank->request->limit;
    uint32_t first = FEEDBACK_DEPTH * ranking->feedback_passages;
    if (first && !rank->expanded && first < ranking->depth)
        return first;
    return wanted > ranking->depth ? (uint32_t)wanted : ranking->depth;
}

static int find(struct rank *rank, struct search_result *out) {
    struct search_request request = *rank->request;
    request.limit = depth(rank);
    request.offset = 0;
    request.per_document = 0;
    request.reshape = reshape;
    request.reshape_context = rank;
    int status = searcher_search(out, rank->searcher, &request, rank->err);
    if (status)
        return status;
    free(rank->candidates);
    rank->count = out->hit_count;
    rank->candidates = calloc(rank->count + 1, sizeof *rank->candidates);
    if (!rank->candidates)
        status = error_memory(rank->err);
    for (size_t i = 0; i < rank->count && !status; i++) {
        const struct search_hit *hit = &out->hits[i];
        rank->candidates[i] = (struct candidate){.segment = hit->segment,
                                                 .document = hit->document,
                                                 .passage = hit->passage,
                                                 .order = (uint32_t)i,
                                                 .own = hit->score};
    }
    if (status)
        search_result_free(out);
    return status;
}

static double nine_digits(double value) {
    if (!(value > 0))
        return 0;
    double scale = pow(10, 8 - floor(log10(value)));
    return isfinite(scale) && scale > 0 ? round(value * scale) / scale : value;
}

static int score(struct rank *rank) {
    struct rank_scorer *scorer;
    const struct search_request *request = rank->request;
    int status =
        rank_scorer_open(&scorer, &rank->bag, rank->searcher, request->k1, request->b, rank->err);
    for (size_t i = 0; i < rank->count && !status; i++) {
        struct candidate *candidate = &rank->candidates[i];
        double own = 0;
        status = rank_score(scorer, candidate->segment, candidate->document, candidate->passage,
                            &own, rank->err);
        candidate->own = candidate->score = nine_digits(own);
    }
    rank_scorer_close(scorer);
    return status;
}

/* ---- Orders -------------------------------------------------------------------------------- */

static int compare(uint32_t a, uint32_t b) {
    return (a > b) - (a < b);
}

/* What the matcher did not find goes by its place behind what it did. */
static int by_score(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->drawn != y->drawn)
        return x->drawn ? 1 : -1;
    int order = compare(x->order, y->order);
    return order ? order : compare(x->passage, y->passage);
}

static int by_place(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    int order = compare(x->segment, y->segment);
    return order ? order : compare(x->passage, y->passage);
}

static int by_best(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    int order = compare(x->best, y->best);
    return order ? order : by_score(a, b);
}

static bool same_document(const struct candidate *a, const struct candidate *b) {
    return a->segment == b->segment && a->document == b->document;
}

static void sort(struct rank *rank, int (*order)(const void *, const void *)) {
    if (rank->count)
        qsort(rank->candidates, rank->count, sizeof *rank->candidates, order);
}

/* ---- Feedback ------------------------------------------------------------------------------ */

static int add_feedback(struct rank *rank) {
    size_t most = rank->ranking->feedback_passages;
    size_t count = rank->count < most ? rank->count : most;
    struct rank_passage *best = calloc(count + 1, sizeof *best);
    if (!best)
        return error_memory(rank->err);
    sort(rank, by_score);
    for (size_t i = 0; i < count; i++)
        best[i] = (struct rank_passage){rank->candidates[i].segment, rank->candidates[i].passage,
                                        rank->candidates[i].score};
    int status = rank_feedback(&rank->bag, rank->searcher, best, count, rank->err);
    free(best);
    return status;
}

/* Ask again with the words that feedback added; what the query means stays as it was. */
static int find_again(struct rank *rank) {
    struct search_result again;
    rank->expanded = true;
    int status = find(rank, &again);
    if (status)
        return status;
    search_result_free(&again);
    return score(rank);
}

/* ---- Context ------------------------------------------------------------------------------- */

/* Give the passages around candidates a place among them. They must be sorted by place. */
static int draw_neighbours(struct rank *rank) {
    const struct snapshot *snapshot = searcher_snapshot(rank->searcher);
    uint32_t reach = rank->ranking->reach;
    size_t capacity = rank->count * (2 * (size_t)reach + 1) + 1, count = 0;
    struct candidate *all = calloc(capacity, sizeof *all);
    if (!all)
        return error_memory(rank->err);
    for (size_t i = 0; i < rank->count; i++) {
        const struct candidate *from = &rank->candidates[i];
        const struct candidate *last = count ? &all[count - 1] : NULL;
        const struct segment *segment = snapshot_segment(snapshot, from->segment);
        uint32_t first = segment_first_passage(segment, from->document);
        uint32_t end = from->document + 1 < segment_document_count(segment)
                           ? segment_first_passage(segment, from->document + 1)
                           : segment_passage_count(segment);
        uint32_t begin = from->passage - first > reach ? from->passage - reach : first;
        if (last && same_document(last, from) && last->passage >= begin)
            begin = last->passage + 1;
        uint32_t stop = end - from->passage > reach ? from->passage + reach : end - 1;
        if (i + 1 < rank->count && same_document(from, from + 1) && from[1].passage <= stop)
            stop = from[1].passage - 1;
        for (uint32_t passage = begin; passage <= stop && count < capacity; passage++)
            all[count++] = passage == from->passage ? *from
                                                    : (struct candidate){.segment = from->segment,
                                                                         .document = from->document,
                                                                         .passage = passage,
                                                                         .order = from->order,
                                                                         .drawn = true};
    }
    free(rank->candidates);
    rank->candidates = all;
    rank->count = count;
    return 0;
}

/* A passage gets a share of its neighbours' own scores, less from further away. Sorted by place. */
static void add_context(struct rank *rank) {
    const struct ranking *ranking = rank->ranking;
    double fades[RANKING_REACH_MOST + 1] = {1};
    for (uint32_t i = 1; i <= ranking->reach; i++)
        fades[i] = fades[i - 1] * ranking->fade;
    for (size_t i = 0; i < rank->count; i++) {
        struct candidate *to = &rank->candidates[i];
        double lift = 0;
        for (size_t k = i; k-- > 0 && same_document(to, &rank->candidates[k]) &&
                           to->passage - rank->candidates[k].passage <= ranking->reach;)
            lift += fades[to->passage - rank->candidates[k].passage] * rank->candidates[k].own;
        for (size_t k = i + 1; k < rank->count && same_document(to, &rank->candidates[k]) &&
                               rank->candidates[k].passage - to->passage <= ranking->reach;
             k++)
            lift += fades[rank->candidates[k].passage - to->passage] * rank->candidates[k].own;
        to->score = nine_digits(to->own + ranking->context * lift);
    }
}

/* Headings have no words of their own in the index and are never listed. */
static void drop_headings(struct rank *rank) {
    const struct snapshot *snapshot = searcher_snapshot(rank->searcher);
    size_t kept = 0;
    for (size_t i = 0; i < rank->count; i++) {
        const struct candidate *candidate = &rank->candidates[i];
        const struct segment *segment = snapshot_segment(snapshot, candidate->segment);
        if (!candidate->drawn ||
            segment_passage_kind(segment, candidate->passage) != PASSAGE_HEADING)
            rank->candidates[kept++] = *candidate;
    }
    rank->count = kept;
}

static int look_around(struct rank *rank) {
    if (!(rank->ranking->context > 0) || !rank->ranking->reach)
        return 0;
    sort(rank, by_place);
    int status = 0;
    if (rank->ranking->neighbours && rank->is_bag)
        status = draw_neighbours(rank);
    if (!status)
        add_context(rank);
    return status;
}

/* ---- Hits ---------------------------------------------------------------------------------- */

/* Documents in the order of their best passages. */
static void group(struct rank *rank) {
    sort(rank, by_score);
    for (size_t i = 0; i < rank->count; i++)
        rank->candidates[i].best = (uint32_t)i;
    sort(rank, by_place);
    for (size_t i = 0; i < rank->count;) {
        size_t end = i;
        uint32_t best = UINT32_MAX;
        for (; end < rank->count && same_document(&rank->candidates[i], &rank->candidates[end]);
             end++)
            if (rank->candidates[end].best < best)
                best = rank->candidates[end].best;
        for (; i < end; i++)
            rank->candidates[i].best = best;
    }
    sort(rank, by_best);
}

/* Passages at the end of the list that were drawn in are looked at only if they are wanted. */
static int take_hits(struct rank *rank, struct search_result *out) {
    const struct search_request *request = rank->request;
    bool grouped = request->per_document > 0;
    uint64_t wanted = (uint64_t)request->offset + request->limit;
    sort(rank, by_score);
    if (rank->count > 2 * wanted + 1000 && !grouped)
        rank->count = (size_t)(2 * wanted + 1000);
    drop_headings(rank);
    if (grouped)
        group(rank);
    out->hits = arena_zero(&out->arena, rank->count + 1, sizeof *out->hits);
    out->hit_count = 0;
    int status = out->hits ? 0 : error_memory(rank->err);
    uint32_t unit = 0, place = 0;
    for (size_t i = 0; i < rank->count && !status; i++) {
        const struct candidate *from = &rank->candidates[i];
        bool more = grouped && i && same_document(from, from - 1);
        place = more ? place + 1 : 1;
        unit += !more;
        if (unit > wanted)
            break;
        if (unit > request->offset && (!grouped || place <= request->per_document))
            out->hits[out->hit_count++] = (struct search_hit){.segment = from->segment,
                                                              .document = from->document,
                                                              .passage = from->passage,
                                                              .rank = unit,
                                                              .place = place,
                                                              .score = from->score,
                                                              .group_score = from->score};
    }
    return status;
}

/* Feedback comes from a ranking by words alone: nearness would favour passages that say the same.
 */
static int rank_twice(struct rank *rank) {
    struct ranking words = *rank->ranking;
    words.proximity = 0;
    rank->bag.ranking = &words;
    int status = score(rank);
    if (!status)
        status = add_feedback(rank);
    rank->bag.ranking = rank->ranking;
    return status ? status : find_again(rank);
}

static int rank_result(struct rank *rank, struct search_result *out) {
    bool feedback = rank->ranking->feedback_passages && rank->bag.count;
    int status = feedback ? rank_twice(rank) : score(rank);
    if (!status)
        status = look_around(rank);
    return status ? status : take_hits(rank, out);
}

/* ---- The search ---------------------------------------------------------------------------- */

static int check(const struct ranking *ranking, struct error *err) {
    const double numbers[] = {
        ranking->rarity,    ranking->common,  ranking->title,  ranking->heading, ranking->speaker,
        ranking->proximity, ranking->context, ranking->inside, ranking->fade,    ranking->keep};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!(numbers[i] >= 0) || isinf(numbers[i]))
            return error_set(err, PLENARY_EINVALID,
                             "a number of the ranking must be 0 or more, not %g", numbers[i]);
    if (ranking->reach > RANKING_REACH_MOST || ranking->depth > RANKING_DEPTH_MOST ||
        ranking->feedback_passages > RANKING_FEEDBACK_MOST || ranking->keep > 1)
        return error_set(err, PLENARY_EINVALID,
                         "the ranking asks for more than it may: a reach of %d, a depth of %d, "
                         "feedback of %d passages, a share of 1 to keep",
                         RANKING_REACH_MOST, RANKING_DEPTH_MOST, RANKING_FEEDBACK_MOST);
    return 0;
}

struct ranking ranking_inside(const struct ranking *ranking) {
    struct ranking inside = *ranking;
    inside.context = ranking->inside;
    inside.neighbours = ranking->inside > 0;
    return inside;
}

int ranking_search(struct search_result *out, struct searcher *searcher,
                   const struct search_request *request, const struct ranking *ranking,
                   struct error *err) {
    if (ranking->plain || request->model || request->sort != SEARCH_BY_RELEVANCE ||
        request->count_only || !request->limit)
        return searcher_search(out, searcher, request, err);
    struct arena arena = ARENA_INIT;
    struct rank rank = {.searcher = searcher, .request = request, .ranking = ranking, .err = err};
    struct word_cache *words = searcher_words(searcher);
    int status = words ? check(ranking, err) : error_memory(err);
    if (!status)
        word_cache_trim(words);
    if (!status)
        status = rank_bag_init(&rank.bag, &arena, searcher_database(searcher), ranking, err);
    if (!status)
        status = find(&rank, out);
    if (!status && rank.bag.count && rank.count) {
        status = rank_result(&rank, out);
        if (status)
            search_result_free(out);
    } else if (!status) {
        /* No word to rank by: the matcher's order stands, as the request wants it cut. */
        search_result_free(out);
        status = searcher_search(out, searcher, request, err);
    }
    free(rank.candidates);
    arena_free(&arena);
    return status;
}
