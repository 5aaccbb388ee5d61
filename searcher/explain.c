/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/explain.h"

#include "searcher/filter.h"
#include "searcher/query_plan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What the formula weighs: a term, or several that count as one (stems in several languages,
 * expansions of a prefix). */
struct scored {
    const struct shim_query *node; /* SHIM_TERM, or SHIM_SYNONYM of them */
    const char *label;
    uint64_t passages;
    double weight; /* idf * (k1 + 1) */
};

/* A word, prefix or phrase of the query, or a NEAR as a whole, planned by itself. */
struct leaf {
    const struct query_node *node;
    struct query_plan plan;
    const char *label;
    size_t first, count; /* its scored terms; none where only Xapian can weigh it */
    bool empty;          /* holds no word: it is left out of what is around it */
};

struct explainer {
    struct searcher *searcher;
    const struct search_request *request;
    struct shim_database *database; /* the searcher's */
    double average_length, k1, b;
    uint64_t collection;
    uint32_t segments;
    const struct query_node *root;
    struct leaf *leaves; /* in the order of a walk through the query */
    size_t leaf_count, leaf_capacity;
    struct scored *terms;
    size_t term_count, term_capacity;
    struct output_part *parts;
    size_t part_count, part_capacity;
    struct arena arena; /* of plans and labels */
    bool planned;       /* only when the first hit is explained: verifying a phrase takes time */
};

static int shim_failed(const struct explainer *e, struct error *err) {
    return error_set(err, PLENARY_EENGINE, "%s", shim_database_message(e->database));
}

/* Room for one more item of an array that grows. */
static int grow(void **array, size_t count, size_t *capacity, size_t size, struct error *err) {
    if (count < *capacity)
        return 0;
    size_t larger = *capacity ? *capacity * 2 : 16;
    void *moved = reallocarray(*array, larger, size);
    if (!moved)
        return error_memory(err);
    *array = moved;
    *capacity = larger;
    return 0;
}

/* ---- What is to be weighed ---------------------------------------------------------------- */

static size_t scored_count(const struct shim_query *node) {
    return node->op == SHIM_TERM ? 1 : node->count;
}

static const struct shim_query *scored_term(const struct shim_query *node, size_t i) {
    return node->op == SHIM_TERM ? node : node->children[i];
}

static bool is_scorable(const struct shim_query *node) {
    bool terms = node->op == SHIM_TERM || node->op == SHIM_SYNONYM;
    for (size_t i = 0; i < node->count && terms; i++)
        terms = node->children[i]->op == SHIM_TERM;
    return terms;
}

/* "migrant, migrat, migrer, ... (12)" */
static const char *term_label(struct explainer *e, const struct shim_query *node) {
    enum { SHOWN = 3 };
    struct bytes label = BYTES_INIT;
    for (size_t i = 0; i < scored_count(node) && i < SHOWN; i++) {
        const struct shim_query *term = scored_term(node, i);
        bytes_add_string(&label, i ? ", " : "");
        bytes_add(&label, term->term, term->term_size);
    }
    if (scored_count(node) > SHOWN)
        bytes_printf(&label, ", ... (%zu)", scored_count(node));
    const char *copy = arena_string(&e->arena, bytes_string(&label));
    bytes_free(&label);
    return copy;
}

/* In how many passages: of several terms the estimate that Xapian makes for a synonym, as if they
 * occurred independently of each other. */
static int count_passages(struct explainer *e, struct scored *scored, struct error *err) {
    double without = 1, n = (double)e->collection;
    uint64_t documents = 0, occurrences;
    for (size_t i = 0; i < scored_count(scored->node); i++) {
        const struct shim_query *term = scored_term(scored->node, i);
        if (shim_term_statistics(e->database, term->term, term->term_size, &documents,
                                 &occurrences) != SHIM_OK)
            return shim_failed(e, err);
        if (n > 0)
            without *= 1 - (double)documents / n;
    }
    bool single = scored_count(scored->node) == 1;
    scored->passages = single ? documents : (uint64_t)(n * (1 - without) + 0.5);
    return 0;
}

/* Xapian keeps the weight of a frequent term positive by bending the idf below log 2. */
static double term_weight(const struct explainer *e, uint64_t passages) {
    double ratio = ((double)e->collection - (double)passages + 0.5) / ((double)passages + 0.5);
    if (ratio < 2)
        ratio = ratio * 0.5 + 1;
    return log(ratio) * (e->k1 + 1);
}

static int add_scored(struct explainer *e, const struct shim_query *node, struct error *err) {
    void *terms = e->terms;
    int status = grow(&terms, e->term_count, &e->term_capacity, sizeof *e->terms, err);
    e->terms = terms;
    if (status < 0)
        return status;
    struct scored scored = {.node = node, .label = term_label(e, node)};
    if (!scored.label)
        return error_memory(err);
    status = count_passages(e, &scored, err);
    scored.weight = term_weight(e, scored.passages);
    e->terms[e->term_count++] = scored;
    return status;
}

/* The terms of a plan that is one term, a phrase of terms or terms that a filter restricts. */
static int score_plan(struct explainer *e, struct leaf *leaf, struct error *err) {
    const struct shim_query *root = leaf->plan.root, *const *nodes = &root;
    size_t count = 1;
    if (root->op == SHIM_FILTER && root->count) {
        nodes = &root->children[0];
        root = root->children[0];
    }
    if (root->op == SHIM_PHRASE || root->op == SHIM_AND) {
        nodes = root->children;
        count = root->count;
    }
    leaf->first = e->term_count;
    for (size_t i = 0; i < count; i++)
        if (!is_scorable(nodes[i]))
            return 0;
    for (size_t i = 0; i < count; i++) {
        int status = add_scored(e, nodes[i], err);
        if (status < 0)
            return status;
    }
    leaf->count = count;
    return 0;
}

static int add_leaf(struct explainer *e, const struct query_node *node,
                    const struct query_plan_options *options, struct error *err) {
    void *leaves = e->leaves;
    int status = grow(&leaves, e->leaf_count, &e->leaf_capacity, sizeof *e->leaves, err);
    e->leaves = leaves;
    if (status < 0)
        return status;
    struct bytes label = BYTES_INIT;
    query_describe(node, &label);
    struct leaf leaf = {.node = node, .label = arena_string(&e->arena, bytes_string(&label))};
    bytes_free(&label);
    if (!leaf.label)
        return error_memory(err);
    struct query alone = {.root = node};
    status = query_plan_make(&leaf.plan, &e->arena, &alone, options, err);
    if (status < 0)
        return status;
    leaf.empty = leaf.plan.highlight_count == 0 && node->op != QUERY_IS;
    status = score_plan(e, &leaf, err);
    e->leaves[e->leaf_count++] = leaf;
    return status;
}

static bool is_leaf(const struct query_node *node) {
    return node->op == QUERY_WORD || node->op == QUERY_PREFIX || node->op == QUERY_PHRASE ||
           node->op == QUERY_NEAR || node->op == QUERY_IS;
}

/* Recursion is bounded by QUERY_LIMIT_DEPTH, as in the planner. */
static int add_leaves(struct explainer *e, const struct query_node *node,
                      const struct query_plan_options *options, struct error *err) {
    if (is_leaf(node))
        return add_leaf(e, node, options, err);
    int status = 0;
    for (size_t i = 0; i < node->count && status >= 0; i++)
        status = add_leaves(e, node->children[i], options, err);
    return status;
}

/* ---- Opening ------------------------------------------------------------------------------ */

static int take_statistics(struct explainer *e, struct error *err) {
    struct shim_statistics all;
    e->segments = snapshot_segment_count(searcher_snapshot(e->searcher));
    if (shim_database_statistics(e->database, &all) != SHIM_OK)
        return shim_failed(e, err);
    e->collection = all.documents;
    e->average_length = all.average_length;
    return 0;
}

static int plan_leaves(struct explainer *e, struct error *err) {
    const struct search_request *request = e->request;
    int language = request->language >= 0 ? request->language : request->filter.language;
    const struct query_plan_options options = {
        .snapshot = searcher_snapshot(e->searcher),
        .database = e->database,
        .analyser = searcher_analyser(e->searcher),
        .languages = language >= 0 && language < 64 ? (uint64_t)1 << language : 0,
    };
    if (e->planned)
        return 0;
    e->planned = true;
    return e->root ? add_leaves(e, e->root, &options, err) : 0;
}

int explainer_open(struct explainer **out, struct searcher *searcher,
                   const struct search_result *result, const struct search_request *request,
                   struct error *err) {
    *out = NULL;
    struct explainer *e = calloc(1, sizeof *e);
    if (!e)
        return error_memory(err);
    e->searcher = searcher;
    e->request = request;
    e->k1 = request->k1;
    e->b = request->b;
    e->root = result->query.root;
    e->database = searcher_database(searcher);
    int status = take_statistics(e, err);
    if (status < 0)
        explainer_close(e);
    else
        *out = e;
    return status;
}

void explainer_close(struct explainer *e) {
    if (!e)
        return;
    for (size_t i = 0; i < e->leaf_count; i++)
        query_plan_free(&e->leaves[i].plan);
    free(e->leaves);
    free(e->terms);
    free(e->parts);
    arena_free(&e->arena);
    free(e);
}

/* ---- Weighing ----------------------------------------------------------------------------- */

enum matching { MATCH_ABSENT, MATCH_NO, MATCH_YES };

/* One hit being explained. */
struct weighing {
    struct explainer *explainer;
    const struct search_hit *hit;
    struct passage_set here; /* the hit's passage alone */
    size_t leaf;             /* the next in the walk */
    int status;
    struct error *err;
};

static void add_part(struct weighing *w, struct output_part part) {
    struct explainer *e = w->explainer;
    void *parts = e->parts;
    int status = grow(&parts, e->part_count, &e->part_capacity, sizeof *e->parts, w->err);
    e->parts = parts;
    if (status < 0)
        w->status = status;
    else
        e->parts[e->part_count++] = part;
}

/* What Xapian gives the passage for a leaf; MATCH_NO where it does not match. */
static enum matching measure(struct weighing *w, const struct leaf *leaf, double *weight) {
    const struct explainer *e = w->explainer;
    const struct shim_query here = {.op = SHIM_SOURCE, .source = &w->here.source};
    const struct shim_query *const both[] = {leaf->plan.root, &here};
    const struct shim_query query = {.op = SHIM_FILTER, .children = both, .count = 2};
    struct shim_search search = SHIM_SEARCH_INIT;
    struct shim_result result;
    search.query = &query;
    search.limit = 1;
    search.k1 = e->k1;
    search.b = e->b;
    *weight = 0;
    if (shim_search(e->database, &search, &result) != SHIM_OK) {
        w->status = shim_failed(e, w->err);
        return MATCH_NO;
    }
    int fault = query_plan_fault(&leaf->plan, w->err);
    if (fault)
        w->status = fault;
    bool found = !fault && result.count > 0;
    if (found)
        *weight = result.matches[0].weight;
    shim_result_free(&result);
    return found ? MATCH_YES : MATCH_NO;
}

/* BM25 of one scored term in the passage; no part where it does not occur. */
static double add_scored_part(struct weighing *w, const struct scored *scored) {
    const struct explainer *e = w->explainer;
    uint32_t frequency = 0, length = 0;
    for (size_t i = 0; i < scored_count(scored->node) && w->status >= 0; i++) {
        const struct shim_query *term = scored_term(scored->node, i);
        uint32_t wdf = 0;
        if (shim_posting(e->database, w->hit->segment, w->hit->passage + 1, term->term,
                         term->term_size, &wdf, &length) != SHIM_OK)
            w->status = shim_failed(e, w->err);
        frequency += wdf;
    }
    if (!frequency)
        return 0;
    double relative = e->average_length > 0 ? length / e->average_length : 0;
    double saturation = e->k1 * (1 - e->b + e->b * relative);
    double weight = scored->weight * frequency / (saturation + frequency);
    add_part(w, (struct output_part){scored->label, weight, frequency, scored->passages, length});
    return weight;
}

static bool is_same(double a, double b) {
    return fabs(a - b) <= 1e-6 * (1 + fabs(a));
}

/* The parts by the formula if they come to what Xapian says, otherwise what Xapian says. */
static enum matching weigh_leaf(struct weighing *w) {
    struct explainer *e = w->explainer;
    const struct leaf *leaf = &e->leaves[w->leaf++];
    if (leaf->empty)
        return MATCH_ABSENT;
    double measured, sum = 0;
    size_t before = e->part_count;
    if (measure(w, leaf, &measured) != MATCH_YES)
        return MATCH_NO;
    for (size_t i = 0; i < leaf->count; i++)
        sum += add_scored_part(w, &e->terms[leaf->first + i]);
    if (!is_same(sum, measured)) {
        e->part_count = before;
        if (measured > 0)
            add_part(w, (struct output_part){.word = leaf->label, .weight = measured});
    }
    return MATCH_YES;
}

static enum matching weigh(struct weighing *w, const struct query_node *node);

static enum matching weigh_and(struct weighing *w, const struct query_node *node) {
    enum matching all = MATCH_ABSENT;
    for (size_t i = 0; i < node->count; i++) {
        enum matching one = weigh(w, node->children[i]);
        if (one == MATCH_NO || all == MATCH_ABSENT)
            all = one;
    }
    return all;
}

static enum matching weigh_or(struct weighing *w, const struct query_node *node) {
    enum matching any = MATCH_ABSENT;
    uint32_t matched = 0, present = 0;
    for (size_t i = 0; i < node->count; i++) {
        enum matching one = weigh(w, node->children[i]);
        matched += one == MATCH_YES;
        present += one != MATCH_ABSENT;
        if (one > any)
            any = one;
    }
    /* As in the planner: of fewer than asked for all must match. */
    uint32_t least = node->least < present ? node->least : present;
    return any == MATCH_YES && matched < least ? MATCH_NO : any;
}

static enum matching weigh_maybe(struct weighing *w, const struct query_node *node) {
    enum matching required = weigh(w, node->children[0]);
    enum matching more = weigh(w, node->children[1]);
    return required == MATCH_ABSENT ? more : required;
}

/* Does the passage match the node? If so its parts have been added, otherwise none: only what
 * matches as a whole adds to the score. Bounded recursion, as above. */
static enum matching weigh(struct weighing *w, const struct query_node *node) {
    size_t before = w->explainer->part_count;
    enum matching matching = MATCH_NO;
    if (w->status < 0)
        return MATCH_NO;
    if (is_leaf(node))
        matching = weigh_leaf(w);
    else if (node->op == QUERY_ALL)
        matching = MATCH_YES;
    else if (node->op == QUERY_AND)
        matching = weigh_and(w, node);
    else if (node->op == QUERY_OR)
        matching = weigh_or(w, node);
    else if (node->op == QUERY_MAYBE)
        matching = weigh_maybe(w, node);
    else if (node->op == QUERY_NOT) {
        enum matching without = weigh(w, node->children[0]);
        matching = without == MATCH_YES ? MATCH_NO : without == MATCH_NO ? MATCH_YES : MATCH_ABSENT;
    }
    if (matching != MATCH_YES || node->op == QUERY_NOT)
        w->explainer->part_count = before;
    /* A leaf was measured with its boost. */
    for (size_t i = before; i < w->explainer->part_count && node->boost > 0 && !is_leaf(node); i++)
        w->explainer->parts[i].weight *= node->boost;
    return matching;
}

static int by_weight(const void *a, const void *b) {
    const struct output_part *first = a, *second = b;
    if (first->weight != second->weight)
        return first->weight > second->weight ? -1 : 1;
    return strcmp(first->word, second->word);
}

static void sort_and_check(struct weighing *w) {
    struct explainer *e = w->explainer;
    double sum = 0, score = w->hit->score;
    if (e->part_count)
        qsort(e->parts, e->part_count, sizeof *e->parts, by_weight);
    for (size_t i = 0; i < e->part_count; i++)
        sum += e->parts[i].weight;
    if (!is_same(score, sum))
        add_part(w, (struct output_part){.word = "(other)", .weight = score - sum});
}

int explainer_parts(struct explainer *e, const struct listing_hit *hit,
                    const struct output_part **out, size_t *count, struct error *err) {
    static const struct output_part none;
    struct weighing w = {.explainer = e, .hit = hit->hit, .err = err};
    *out = &none;
    *count = e->part_count = 0;
    w.status = plan_leaves(e, err);
    if (w.status < 0)
        return w.status;
    w.status = passage_set_init(&w.here, e->segments);
    if (w.status >= 0)
        w.status = passage_set_add(&w.here, w.hit->segment, w.hit->passage, w.hit->passage, 0);
    if (w.status < 0)
        error_memory(err);
    if (w.status >= 0 && e->root)
        weigh(&w, e->root);
    if (w.status >= 0)
        sort_and_check(&w);
    passage_set_free(&w.here);
    if (e->parts)
        *out = e->parts;
    *count = e->part_count;
    return w.status;
}
