/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_plan.h"

#include "searcher/match_walk.h"
#include "searcher/phrase_source.h"
#include "searcher/query_meta.h"
#include "searcher/query_verify.h"
#include "searcher/query_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct planner {
    struct arena *arena;
    struct query *query;
    const struct query_plan_options *options;
    struct query_plan *plan;
    struct query_words words;
    struct error *err;
    uint64_t passages; /* N */
    int status;        /* the first error; all else is then undefined */
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

/* The matcher will read the term's postings: see segment_need_term. */
static void need_term(struct planner *p, const char *term, size_t size) {
    const struct snapshot *snapshot = p->options->snapshot;
    for (uint32_t i = 0; !p->status && i < snapshot_segment_count(snapshot); i++)
        p->status = segment_need_term(snapshot_segment(snapshot, i), term, size, p->err);
}

static void need_lengths(struct planner *p) {
    const struct snapshot *snapshot = p->options->snapshot;
    for (uint32_t i = 0; !p->status && i < snapshot_segment_count(snapshot); i++)
        p->status = segment_need_lengths(snapshot_segment(snapshot, i), p->err);
}

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
    need_term(p, node->term, node->term_size);
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

/* A set in the making, that the plan owns, and the node that asks for it. */
static struct query_plan_set *set_node(struct planner *p, struct shim_query **node) {
    struct query_plan_set *made = take(p, 1, sizeof *made);
    *node = make(p, SHIM_SOURCE, NULL);
    return made && *node ? made : NULL;
}

static const struct shim_query *set_done(struct planner *p, struct query_plan_set *made,
                                         struct shim_query *node) {
    made->next = p->plan->sets;
    p->plan->sets = made;
    node->source = &made->set.source;
    return node;
}

/* Passages with one of the operand's paths in a field. */
static const struct shim_query *verified(struct planner *p, enum query_field field,
                                         const struct query_operand *operand) {
    struct children ways = children_make(p, operand->count);
    for (size_t i = 0; i < operand->count; i++)
        children_add(&ways, path_words(p, &operand->paths[i], field));
    const struct query_verify verify = {field, *operand, join(p, SHIM_OR, &ways)};
    struct shim_query *node;
    struct query_plan_set *made = set_node(p, &node);
    if (!made)
        return NULL;
    p->status = query_verify(&made->set, &verify, p->options->snapshot, p->options->database,
                             p->options->analyser, p->err);
    return p->status ? NULL : set_done(p, made, node);
}

/* Of passages that have the words, those that have them at the right places. */
static const struct shim_query *placed(struct planner *p, const struct query_operand *operands,
                                       const uint32_t *windows, size_t count) {
    struct query_plan_phrase *made = take(p, 1, sizeof *made);
    struct shim_query *node = make(p, SHIM_SOURCE, NULL);
    if (!made || !node)
        return NULL;
    p->status =
        phrase_source_open(&made->source, operands, windows, count, p->options->snapshot, p->err);
    if (p->status)
        return NULL;
    made->next = p->plan->phrases;
    p->plan->phrases = made;
    node->source = phrase_source_shim(made->source);
    return node;
}

static const struct shim_query *operand_match(struct planner *p, enum query_field field,
                                              const struct query_operand *operand) {
    return field == QUERY_FIELD_TEXT ? placed(p, operand, NULL, 1) : verified(p, field, operand);
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
        terms[i] = (struct search_term){path->units[i]->terms, path->units[i]->count,
                                        path->units[i]->words, path->units[i]->word_count};
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

/* Must the places of words be looked at, or do their terms tell? */
static bool needs_places(const struct query_operand *operand) {
    for (size_t i = 0; i < operand->count; i++)
        if (operand->paths[i].count > 1 || operand->paths[i].units[0]->word_count)
            return true;
    return false;
}

/* Whatever stands for a word or prefix, as one term for the weighting: the parts of a hyphenated
 * word weigh as they do anywhere. */
static const struct shim_query *word_terms(struct planner *p, const struct query_operand *operand,
                                           enum query_field field, uint64_t *passages) {
    size_t most = 0;
    for (size_t i = 0; i < operand->count; i++)
        most += operand->paths[i].count == 1 ? operand->paths[i].units[0]->count + 1 : 1;
    struct children words = children_make(p, most);
    for (size_t i = 0; i < operand->count && !p->status; i++) {
        const struct query_path *path = &operand->paths[i];
        if (path->count > 1) {
            children_add(&words, path_words(p, path, field));
            continue;
        }
        struct children terms = unit_terms(p, path->units[0], field, passages);
        for (size_t t = 0; t < terms.count; t++)
            children_add(&words, terms.all[t]);
    }
    return join(p, field == QUERY_FIELD_TEXT ? SHIM_SYNONYM : SHIM_OR, &words);
}

static const struct shim_query *word_node(struct planner *p, const struct query_operand *operand,
                                          enum query_field field) {
    uint64_t passages = 0;
    const struct shim_query *terms = word_terms(p, operand, field, &passages);
    if (p->status)
        return NULL;
    const struct shim_query *places =
        needs_places(operand) ? operand_match(p, field, operand) : NULL;
    if (field != QUERY_FIELD_TEXT)
        return fixed(p, places ? places : terms, passages);
    return places ? pair(p, SHIM_FILTER, terms, places) : terms;
}

/* The terms of a phrase that is one path of single terms: it weighs what they weigh. */
static const struct shim_query *plain_words(struct planner *p,
                                            const struct query_operand *operand) {
    if (operand->count != 1)
        return NULL;
    const struct shim_query *words = path_words(p, &operand->paths[0], QUERY_FIELD_TEXT);
    bool plain = words && operand->paths[0].count > 1;
    for (size_t i = 0; plain && i < words->count; i++)
        plain = words->children[i]->op == SHIM_TERM;
    return plain ? words : NULL;
}

/* The words' own weights, filtered by their places. */
static const struct shim_query *phrase_node(struct planner *p, const struct query_node *phrase,
                                            const struct query_operand *operand) {
    enum query_field field = phrase->field;
    const struct shim_query *plain = field == QUERY_FIELD_TEXT ? plain_words(p, operand) : NULL;
    if (plain)
        return pair(p, SHIM_FILTER, plain, operand_match(p, field, operand));
    struct children words = children_make(p, phrase->count);
    for (size_t i = 0; i < phrase->count && !p->status; i++) {
        struct query_operand word = leaf_paths(p, phrase->children[i]);
        uint64_t passages = 0;
        /* The places of a word's parts are among those of the phrase. */
        const struct shim_query *terms = word_terms(p, &word, field, &passages);
        children_add(&words, field == QUERY_FIELD_TEXT ? terms : fixed(p, terms, passages));
    }
    return pair(p, SHIM_FILTER, join(p, SHIM_AND, &words),
                needs_places(operand) ? operand_match(p, field, operand) : NULL);
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

static const struct shim_query *near_node(struct planner *p, const struct query_node *node,
                                          bool positive) {
    struct query_operand *operands = take(p, node->count, sizeof *operands);
    uint32_t *windows = take(p, node->count, sizeof *windows);
    struct children words = children_make(p, node->count);
    size_t count = 0;
    for (size_t i = 0; i < node->count && !p->status; i++) {
        children_add(&words, plan_node(p, node->children[i], positive));
        operands[count] = near_operand(p, node->children[i]);
        if (!operands[count].count)
            continue;
        if (count)
            windows[count - 1] = node->windows[i - 1];
        count++;
    }
    if (p->status || count < 2)
        return join(p, SHIM_AND, &words);
    return pair(p, SHIM_FILTER, join(p, SHIM_AND, &words), placed(p, operands, windows, count));
}

/* ---- Values and numbers -----------------------------------------------------------------------
 */

static const struct shim_query *value_node(struct planner *p, const struct query_node *node) {
    struct shim_query *source;
    struct query_plan_set *made = set_node(p, &source);
    if (!made)
        return NULL;
    p->status = query_meta_make(&made->set, node, p->options->snapshot, p->err);
    /* Headings have no document in Xapian, and a set alone would find them. */
    return p->status ? NULL
                     : pair(p, SHIM_FILTER, make(p, SHIM_ALL, NULL), set_done(p, made, source));
}

/* How many of the alternatives each passage matches. */
struct least_count {
    uint16_t **counts; /* by segment, then passage */
    const struct snapshot *snapshot;
};

static int count_match(void *context, uint32_t segment, uint32_t passage) {
    const struct least_count *count = context;
    if (passage < segment_passage_count(snapshot_segment(count->snapshot, segment)))
        count->counts[segment][passage]++;
    return 0;
}

static int take_counted(struct passage_set *out, const struct least_count *count, uint32_t least) {
    for (uint32_t s = 0; s < out->segment_count; s++) {
        uint32_t passages = segment_passage_count(snapshot_segment(count->snapshot, s));
        const uint16_t *counts = count->counts[s];
        for (uint32_t i = 0; counts && i < passages; i++)
            if (counts[i] >= least && passage_set_add(out, s, i, i, 0))
                return PLENARY_ENOMEM;
    }
    return 0;
}

static int count_alternatives(struct planner *p, struct passage_set *out,
                              const struct children *ways, uint32_t least) {
    uint32_t segments = snapshot_segment_count(p->options->snapshot);
    struct least_count count = {calloc(segments + 1, sizeof *count.counts), p->options->snapshot};
    if (!count.counts)
        return error_memory(p->err);
    int status = passage_set_init(out, segments);
    for (uint32_t i = 0; i < segments && !status; i++) {
        size_t passages = segment_passage_count(snapshot_segment(p->options->snapshot, i));
        count.counts[i] = calloc(passages + 1, sizeof **count.counts);
        status = count.counts[i] ? 0 : PLENARY_ENOMEM;
    }
    if (status)
        error_memory(p->err);
    for (size_t i = 0; i < ways->count && !status; i++)
        status = match_walk(p->options->database, ways->all[i], count_match, &count, p->err);
    if (!status)
        status = query_plan_fault(p->plan, p->err);
    if (!status && take_counted(out, &count, least))
        status = error_memory(p->err);
    for (uint32_t i = 0; i < segments; i++)
        free(count.counts[i]);
    free(count.counts);
    if (status)
        passage_set_free(out);
    return status;
}

/* The alternatives' weights, where at least so many match. Alternatives without a word do not
 * count, and of fewer than asked for all must match. */
static const struct shim_query *least_node(struct planner *p, const struct children *ways,
                                           uint32_t least) {
    if (p->status || least < 2 || ways->count < 2)
        return join(p, SHIM_OR, ways);
    if (least >= ways->count)
        return join(p, SHIM_AND, ways);
    struct shim_query *source;
    struct query_plan_set *made = set_node(p, &source);
    if (!made)
        return NULL;
    p->status = count_alternatives(p, &made->set, ways, least);
    if (p->status)
        return NULL;
    return pair(p, SHIM_FILTER, join(p, SHIM_OR, ways), set_done(p, made, source));
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
    return least_node(p, &ways, node->least);
}

static const struct shim_query *maybe_node(struct planner *p, const struct query_node *node,
                                           bool positive) {
    const struct shim_query *required = plan_node(p, node->children[0], positive);
    const struct shim_query *more = plan_node(p, node->children[1], positive);
    return pair(p, SHIM_AND_MAYBE, required, more);
}

/* Recursion is bounded as the tree's depth is: a few levels for each of QUERY_LIMIT_DEPTH. */
static const struct shim_query *plan_plain(struct planner *p, const struct query_node *node,
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
    case QUERY_IS:
        return value_node(p, node);
    }
    return NULL;
}

static const struct shim_query *plan_node(struct planner *p, const struct query_node *node,
                                          bool positive) {
    const struct shim_query *plain = plan_plain(p, node, positive);
    if (!plain || p->status || !(node->boost > 0))
        return plain;
    struct children children = children_make(p, 1);
    children_add(&children, plain);
    struct shim_query *scaled = make(p, SHIM_SCALE, &children);
    if (scaled)
        scaled->factor = node->boost;
    return scaled;
}

/* ---- The whole ----------------------------------------------------------------------------- */

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
                              .err = err};
    struct shim_statistics statistics;
    int status = shim_database_statistics(options->database, &statistics);
    planner.status = shim_error(err, options->database, status);
    planner.passages = statistics.documents;
    need_lengths(&planner);
    out->root = plan_node(&planner, query->root, true);
    if (!out->root)
        out->root = make(&planner, SHIM_NOTHING, NULL);
    query_words_free(&planner.words);
    if (planner.status)
        query_plan_free(out);
    return planner.status;
}

int query_plan_fault(const struct query_plan *plan, struct error *err) {
    int status = 0;
    for (const struct query_plan_phrase *phrase = plan->phrases; phrase && !status;
         phrase = phrase->next)
        status = phrase_source_fault(phrase->source, err);
    return status;
}

void query_plan_free(struct query_plan *plan) {
    for (struct query_plan_phrase *phrase = plan->phrases; phrase; phrase = phrase->next)
        phrase_source_close(phrase->source);
    for (struct query_plan_set *set = plan->sets; set; set = set->next)
        passage_set_free(&set->set);
    *plan = (struct query_plan){.root = NULL};
}
