/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_plan.h"

#include "searcher/query_verify.h"
#include "searcher/query_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct planner {
    struct arena *arena;
    struct query *query;
    const struct query_plan_options *options;
    struct query_plan *plan;
    struct query_words words;
    struct error *err;
    uint64_t passages; /* N */
    bool has_positions;
    int status; /* the first error; all else is then undefined */
    size_t highlight_capacity;
};

static const char *const field_prefixes[QUERY_FIELDS] = {"", TERM_PREFIX_TITLE, TERM_PREFIX_SPEAKER,
                                                         TERM_PREFIX_HEADING};

static const struct shim_query *plan_node(struct planner *p, const struct query_node *node,
                                          bool positive);

/* ---- Nodes of the matcher ----------------------------------------------------------------------
 * NULL stands for a part that holds no word: it is left out of what is around it. */

static void *take(struct planner *p, size_t count, size_t size) {
    void *memory = p->status ? NULL : arena_zero(p->arena, count ? count : 1, size);
    if (!memory && !p->status)
        p->status = error_memory(p->err);
    return memory;
}

struct children {
    const struct shim_query **all;
    size_t count;
};

static struct children children_make(struct planner *p, size_t most) {
    return (struct children){take(p, most, sizeof(struct shim_query *)), 0};
}

static void children_add(struct children *children, const struct shim_query *child) {
    if (children->all && child)
        children->all[children->count++] = child;
}

static struct shim_query *make(struct planner *p, enum shim_op op,
                               const struct children *children) {
    struct shim_query *made = take(p, 1, sizeof *made);
    if (!made)
        return NULL;
    made->op = op;
    if (children) {
        made->children = children->all;
        made->count = children->count;
    }
    return made;
}

/* One child stays as it is; none is NULL. */
static const struct shim_query *join(struct planner *p, enum shim_op op,
                                     const struct children *children) {
    if (children->count < 2)
        return children->count && !p->status ? children->all[0] : NULL;
    return make(p, op, children);
}

static const struct shim_query *pair(struct planner *p, enum shim_op op, const struct shim_query *a,
                                     const struct shim_query *b) {
    struct children children = children_make(p, 2);
    children_add(&children, a);
    children_add(&children, b);
    return join(p, op, &children);
}

static const struct shim_query *all_but(struct planner *p, const struct shim_query *excluded) {
    return excluded ? pair(p, SHIM_AND_NOT, make(p, SHIM_ALL, NULL), excluded) : NULL;
}

/* ---- Terms --------------------------------------------------------------------------------- */

static struct shim_query *term_node(struct planner *p, enum query_field field, const char *term) {
    size_t prefix = strlen(field_prefixes[field]), size = strlen(term);
    char *text = take(p, prefix + size + 1, 1);
    struct shim_query *node = make(p, SHIM_TERM, NULL);
    if (!text || !node)
        return NULL;
    memcpy(text, field_prefixes[field], prefix);
    memcpy(text + prefix, term, size);
    node->term = text;
    node->term_size = prefix + size;
    return node;
}

static uint64_t term_passages(struct planner *p, const struct shim_query *term) {
    uint64_t documents = 0, occurrences;
    if (p->status || !term)
        return 0;
    int status = shim_term_statistics(p->options->database, term->term, term->term_size, &documents,
                                      &occurrences);
    if (status)
        p->status = shim_error(p->err, p->options->database, status);
    return documents;
}

/* The unit's terms that occur, or its first where none does. *passages adds up theirs. */
static struct children unit_terms(struct planner *p, const struct query_unit *unit,
                                  enum query_field field, uint64_t *passages) {
    struct children terms = children_make(p, unit->count);
    const struct shim_query *absent = NULL;
    for (size_t i = 0; i < unit->count && !p->status; i++) {
        struct shim_query *term = term_node(p, field, unit->terms[i]);
        uint64_t with = term_passages(p, term);
        *passages += with;
        if (with)
            children_add(&terms, term);
        else if (!absent)
            absent = term;
    }
    if (!terms.count)
        children_add(&terms, absent ? absent : make(p, SHIM_NOTHING, NULL));
    return terms;
}

/* A field term has no wdf, so BM25 gives it nothing; its rarity is its weight (the idf of Lucene's
 * BM25, which is never negative). */
static const struct shim_query *fixed(struct planner *p, const struct shim_query *child,
                                      uint64_t passages) {
    struct children children = children_make(p, 1);
    children_add(&children, child);
    struct shim_query *node = child ? make(p, SHIM_FIXED, &children) : NULL;
    if (!node)
        return NULL;
    double all = (double)p->passages;
    double with = (double)(passages < p->passages ? passages : p->passages);
    node->factor = log1p((all - with + 0.5) / (with + 0.5));
    return node;
}

/* ---- Paths --------------------------------------------------------------------------------- */

static const struct shim_query *unit_any(struct planner *p, const struct query_unit *unit,
                                         enum query_field field) {
    uint64_t passages = 0;
    struct children terms = unit_terms(p, unit, field, &passages);
    return join(p, SHIM_OR, &terms);
}

static const struct shim_query *path_words(struct planner *p, const struct query_path *path,
                                           enum query_field field) {
    struct children units = children_make(p, path->count);
    for (size_t i = 0; i < path->count; i++)
        children_add(&units, unit_any(p, path->units[i], field));
    return join(p, SHIM_AND, &units);
}

static const struct shim_query *verified(struct planner *p, const struct query_verify *verify) {
    struct query_plan_set *made = take(p, 1, sizeof *made);
    struct shim_query *node = make(p, SHIM_SOURCE, NULL);
    if (!made || !node)
        return NULL;
    p->status = query_verify(&made->set, verify, p->options->snapshot, p->options->database,
                             p->options->analyser, p->err);
    if (p->status)
        return NULL;
    made->next = p->plan->sets;
    p->plan->sets = made;
    node->source = &made->set.source;
    return node;
}

/* Passages with the units of a path at successive positions. */
static const struct shim_query *path_match(struct planner *p, const struct query_path *path,
                                           enum query_field field) {
    const struct shim_query *candidates = path_words(p, path, field);
    if (path->count == 1 || p->status)
        return candidates;
    if (field == QUERY_FIELD_TEXT && p->has_positions) {
        /* AND and PHRASE have the same children. */
        struct shim_query *phrase = make(p, SHIM_PHRASE, NULL);
        if (!phrase)
            return NULL;
        phrase->children = candidates->children;
        phrase->count = candidates->count;
        phrase->window = (uint32_t)path->count;
        return phrase;
    }
    const struct query_operand operand = {path, 1};
    const struct query_verify verify = {field, &operand, NULL, 1, candidates};
    return verified(p, &verify);
}

/* ---- Highlights ---------------------------------------------------------------------------- */

static void highlight_path(struct planner *p, const struct query_path *path,
                           enum query_field field) {
    struct query_plan *plan = p->plan;
    if (plan->highlight_count == p->highlight_capacity) {
        size_t capacity = p->highlight_capacity ? 2 * p->highlight_capacity : 16;
        struct search_highlight *grown = take(p, capacity, sizeof *grown);
        if (!grown)
            return;
        if (plan->highlight_count)
            memcpy(grown, plan->highlights, plan->highlight_count * sizeof *grown);
        plan->highlights = grown;
        p->highlight_capacity = capacity;
    }
    struct search_term *terms = take(p, path->count, sizeof *terms);
    if (!terms)
        return;
    for (size_t i = 0; i < path->count; i++)
        terms[i] = (struct search_term){path->units[i]->terms, path->units[i]->count};
    plan->highlights[plan->highlight_count++] =
        (struct search_highlight){field, path->count > 1, terms, path->count};
}

/* ---- Leaves -------------------------------------------------------------------------------- */

static struct query_operand leaf_paths(struct planner *p, const struct query_node *leaf) {
    struct query_operand operand = {NULL, 0};
    if (!p->status)
        p->status = query_words_paths(&p->words, leaf, &operand.paths, &operand.count, p->err);
    if (p->status)
        operand.count = 0;
    return operand;
}

static void note_empty(struct planner *p, const struct query_node *leaf) {
    int size = leaf->text_size < 60 ? (int)leaf->text_size : 0;
    if (!p->status &&
        query_note(p->query, p->arena, QUERY_NOTE, leaf->column, "%s%.*s holds no word; left out",
                   size ? "" : "this part", size, size ? leaf->text : ""))
        p->status = error_memory(p->err);
}

/* A word or prefix: whatever stands for it is one term for the weighting. The parts of a hyphenated
 * word weigh as they do anywhere, filtered by their places, so that the weights are the same
 * whether the index has positions or not. */
static const struct shim_query *word_node(struct planner *p, const struct query_operand *operand,
                                          enum query_field field) {
    size_t most = 0;
    uint64_t passages = 0;
    bool parts = false;
    for (size_t i = 0; i < operand->count; i++)
        most += operand->paths[i].count == 1 ? operand->paths[i].units[0]->count + 1 : 1;
    struct children ways = children_make(p, most), words = children_make(p, most);
    for (size_t i = 0; i < operand->count && !p->status; i++) {
        const struct query_path *path = &operand->paths[i];
        if (path->count > 1) {
            children_add(&ways, path_match(p, path, field));
            children_add(&words, path_words(p, path, field));
            parts = true;
            continue;
        }
        struct children terms = unit_terms(p, path->units[0], field, &passages);
        for (size_t t = 0; t < terms.count; t++) {
            children_add(&ways, terms.all[t]);
            children_add(&words, terms.all[t]);
        }
    }
    if (field != QUERY_FIELD_TEXT)
        return fixed(p, join(p, SHIM_OR, &ways), passages);
    const struct shim_query *any = join(p, SHIM_SYNONYM, &words);
    return parts ? pair(p, SHIM_FILTER, any, join(p, SHIM_OR, &ways)) : any;
}

static bool is_plain(const struct shim_query *phrase) {
    for (size_t i = 0; i < phrase->count; i++)
        if (phrase->children[i]->op != SHIM_TERM)
            return false;
    return phrase->op == SHIM_PHRASE;
}

/* The words' own weights, filtered by their places. */
static const struct shim_query *phrase_node(struct planner *p, const struct query_node *phrase,
                                            const struct query_operand *operand) {
    struct children ways = children_make(p, operand->count);
    for (size_t i = 0; i < operand->count; i++)
        children_add(&ways, path_match(p, &operand->paths[i], phrase->field));
    if (!p->status && ways.count == 1 && is_plain(ways.all[0]))
        return ways.all[0]; /* weighs what its words weigh */
    struct children words = children_make(p, phrase->count);
    for (size_t i = 0; i < phrase->count && !p->status; i++) {
        struct query_operand word = leaf_paths(p, phrase->children[i]);
        children_add(&words, word_node(p, &word, phrase->field));
    }
    return pair(p, SHIM_FILTER, join(p, SHIM_AND, &words), join(p, SHIM_OR, &ways));
}

static const struct shim_query *leaf_node(struct planner *p, const struct query_node *leaf,
                                          bool positive) {
    struct query_operand operand = leaf_paths(p, leaf);
    if (!operand.count) {
        note_empty(p, leaf);
        return NULL;
    }
    for (size_t i = 0; i < operand.count && positive; i++)
        highlight_path(p, &operand.paths[i], leaf->field);
    return leaf->op == QUERY_PHRASE ? phrase_node(p, leaf, &operand)
                                    : word_node(p, &operand, leaf->field);
}

/* ---- NEAR ---------------------------------------------------------------------------------- */

/* All that may stand at one place of a NEAR: the paths of the operand's words. */
static struct query_operand near_operand(struct planner *p, const struct query_node *node) {
    const struct query_node *const *leaves =
        node->op == QUERY_OR ? (const struct query_node *const *)node->children : &node;
    size_t count = node->op == QUERY_OR ? node->count : 1, most = 0;
    struct query_operand *parts = take(p, count, sizeof *parts);
    for (size_t i = 0; i < count && parts; i++) {
        parts[i] = leaf_paths(p, leaves[i]);
        most += parts[i].count;
    }
    struct query_path *paths = take(p, most, sizeof *paths);
    size_t made = 0;
    for (size_t i = 0; i < count && parts && paths; i++)
        for (size_t k = 0; k < parts[i].count; k++)
            paths[made++] = parts[i].paths[k];
    return (struct query_operand){paths, made};
}

static bool is_single(const struct query_operand *operand) {
    for (size_t i = 0; i < operand->count; i++)
        if (operand->paths[i].count > 1)
            return false;
    return true;
}

static const struct shim_query *operand_any(struct planner *p,
                                            const struct query_operand *operand) {
    struct children ways = children_make(p, operand->count);
    for (size_t i = 0; i < operand->count; i++)
        children_add(&ways, path_words(p, &operand->paths[i], QUERY_FIELD_TEXT));
    return join(p, SHIM_OR, &ways);
}

/* Neighbours in the chain within their window; Xapian counts the positions it spans. */
static const struct shim_query *near_pairs(struct planner *p, const struct query_operand *operands,
                                           const uint32_t *windows, size_t count) {
    struct children pairs = children_make(p, count);
    for (size_t i = 0; i + 1 < count && !p->status; i++) {
        struct children two = children_make(p, 2);
        children_add(&two, operand_any(p, &operands[i]));
        children_add(&two, operand_any(p, &operands[i + 1]));
        struct shim_query *near = make(p, SHIM_NEAR, &two);
        if (near)
            near->window = windows[i] + 1;
        children_add(&pairs, near);
    }
    return join(p, SHIM_AND, &pairs);
}

static const struct shim_query *near_verified(struct planner *p,
                                              const struct query_operand *operands,
                                              const uint32_t *windows, size_t count) {
    struct children all = children_make(p, count);
    for (size_t i = 0; i < count; i++)
        children_add(&all, operand_any(p, &operands[i]));
    const struct query_verify verify = {QUERY_FIELD_TEXT, operands, windows, count,
                                        join(p, SHIM_AND, &all)};
    return p->status ? NULL : verified(p, &verify);
}

static const struct shim_query *near_node(struct planner *p, const struct query_node *node,
                                          bool positive) {
    struct query_operand *operands = take(p, node->count, sizeof *operands);
    uint32_t *windows = take(p, node->count, sizeof *windows);
    struct children words = children_make(p, node->count);
    bool single = p->has_positions;
    size_t count = 0;
    for (size_t i = 0; i < node->count && !p->status; i++) {
        children_add(&words, plan_node(p, node->children[i], positive));
        operands[count] = near_operand(p, node->children[i]);
        single = single && is_single(&operands[count]);
        if (!operands[count].count)
            continue;
        if (count)
            windows[count - 1] = node->windows[i - 1];
        count++;
    }
    if (p->status || count < 2)
        return join(p, SHIM_AND, &words);
    return pair(p, SHIM_FILTER, join(p, SHIM_AND, &words),
                single ? near_pairs(p, operands, windows, count)
                       : near_verified(p, operands, windows, count));
}

/* ---- Operators ----------------------------------------------------------------------------- */

static const struct shim_query *and_node(struct planner *p, const struct query_node *node,
                                         bool positive) {
    struct children wanted = children_make(p, node->count);
    struct children unwanted = children_make(p, node->count + 1);
    children_add(&unwanted, make(p, SHIM_ALL, NULL)); /* replaced by what is wanted */
    for (size_t i = 0; i < node->count && !p->status; i++) {
        const struct query_node *child = node->children[i];
        if (child->op == QUERY_NOT)
            children_add(&unwanted, plan_node(p, child->children[0], false));
        else
            children_add(&wanted, plan_node(p, child, positive));
    }
    const struct shim_query *all = join(p, SHIM_AND, &wanted);
    if (p->status || unwanted.count == 1)
        return all;
    if (all)
        unwanted.all[0] = all;
    return make(p, SHIM_AND_NOT, &unwanted);
}

static const struct shim_query *or_node(struct planner *p, const struct query_node *node,
                                        bool positive) {
    struct children ways = children_make(p, node->count);
    for (size_t i = 0; i < node->count && !p->status; i++)
        children_add(&ways, plan_node(p, node->children[i], positive));
    return join(p, SHIM_OR, &ways);
}

static const struct shim_query *maybe_node(struct planner *p, const struct query_node *node,
                                           bool positive) {
    const struct shim_query *required = plan_node(p, node->children[0], positive);
    const struct shim_query *more = plan_node(p, node->children[1], positive);
    return pair(p, SHIM_AND_MAYBE, required, more);
}

/* Recursion is bounded as the tree's depth is: a few levels for each of QUERY_LIMIT_DEPTH. */
static const struct shim_query *plan_node(struct planner *p, const struct query_node *node,
                                          bool positive) {
    if (p->status)
        return NULL;
    switch (node->op) {
    case QUERY_NOTHING:
        return make(p, SHIM_NOTHING, NULL);
    case QUERY_ALL:
        return make(p, SHIM_ALL, NULL);
    case QUERY_WORD:
    case QUERY_PREFIX:
    case QUERY_PHRASE:
        return leaf_node(p, node, positive);
    case QUERY_NEAR:
        return near_node(p, node, positive);
    case QUERY_AND:
        return and_node(p, node, positive);
    case QUERY_OR:
        return or_node(p, node, positive);
    case QUERY_NOT:
        return all_but(p, plan_node(p, node->children[0], false));
    case QUERY_MAYBE:
        return maybe_node(p, node, positive);
    }
    return NULL;
}

/* ---- The whole ----------------------------------------------------------------------------- */

/* Xapian takes PHRASE as AND where a database has no positions, so it must not be asked. */
static bool segments_have_positions(const struct snapshot *snapshot) {
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++) {
        char path[4096];
        int size = snprintf(path, sizeof path, "%s/position.glass",
                            segment_folder(snapshot_segment(snapshot, i)));
        if (size < 0 || (size_t)size >= sizeof path || access(path, R_OK) != 0)
            return false;
    }
    return true;
}

int query_plan_make(struct query_plan *out, struct arena *arena, struct query *query,
                    const struct query_plan_options *options, struct error *err) {
    *out = (struct query_plan){.root = NULL};
    uint64_t languages = options->languages;
    if (!languages)
        languages = snapshot_languages(options->snapshot);
    struct planner planner = {.arena = arena,
                              .query = query,
                              .options = options,
                              .plan = out,
                              .words = {.arena = arena,
                                        .query = query,
                                        .snapshot = options->snapshot,
                                        .analyser = options->analyser,
                                        .languages = languages ? languages : 1},
                              .err = err,
                              .has_positions = segments_have_positions(options->snapshot)};
    struct shim_statistics statistics;
    int status = shim_database_statistics(options->database, &statistics);
    planner.status = shim_error(err, options->database, status);
    planner.passages = statistics.documents;
    out->root = plan_node(&planner, query->root, true);
    if (!out->root)
        out->root = make(&planner, SHIM_NOTHING, NULL);
    query_words_free(&planner.words);
    if (planner.status)
        query_plan_free(out);
    return planner.status;
}

void query_plan_free(struct query_plan *plan) {
    for (struct query_plan_set *set = plan->sets; set; set = set->next)
        passage_set_free(&set->set);
    *plan = (struct query_plan){.root = NULL};
}
