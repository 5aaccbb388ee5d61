/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/accelerate.h"

#include <string.h>

struct acceleration_bag {
    struct bag *bag;
    struct acceleration_bag *next;
};

struct accelerator {
    struct acceleration *out;
    struct arena *arena;
    const struct acceleration_options *options;
    struct error *err;
    int status; /* the first error; all else is then undefined */
};

/* Terms as they are gathered, and what must hold besides. */
struct gathered {
    struct bag_term *terms;
    size_t count, capacity;
    const struct shim_source *check; /* NULL: none */
};

static const struct shim_query *replace(struct accelerator *a, const struct shim_query *node,
                                        bool is_root);

static void *take(struct accelerator *a, size_t count, size_t size) {
    void *memory = a->status ? NULL : arena_zero(a->arena, count ? count : 1, size);
    if (!memory && !a->status)
        a->status = error_memory(a->err);
    return memory;
}

/* ---- Is it a bag? -------------------------------------------------------------------------- */

/* Terms of fields weigh nothing; their prefixes are capitals (segment.h). */
static bool is_word(const struct shim_query *node) {
    return node->op == SHIM_TERM && node->term_size &&
           !(node->term[0] >= 'A' && node->term[0] <= 'Z');
}

/* A word, perhaps with a factor on its weight. */
static bool is_scaled_word(const struct shim_query *node, double *factor) {
    *factor = 1;
    while (node->op == SHIM_SCALE && node->factor > 0 && node->count == 1) {
        *factor *= node->factor;
        node = node->children[0];
    }
    return is_word(node);
}

static const struct shim_query *word_of(const struct shim_query *node) {
    while (node->op == SHIM_SCALE)
        node = node->children[0];
    return node;
}

static bool gather_word(struct accelerator *a, struct gathered *gathered,
                        const struct shim_query *node, bool required) {
    double factor;
    if (!is_scaled_word(node, &factor) || gathered->count == BAG_TERMS_MAX)
        return false;
    if (gathered->count == gathered->capacity) {
        size_t capacity = gathered->capacity ? 2 * gathered->capacity : 8;
        struct bag_term *grown = take(a, capacity, sizeof *grown);
        if (!grown)
            return false;
        if (gathered->count)
            memcpy(grown, gathered->terms, gathered->count * sizeof *grown);
        gathered->terms = grown;
        gathered->capacity = capacity;
    }
    const struct shim_query *word = word_of(node);
    gathered->terms[gathered->count++] =
        (struct bag_term){word->term, word->term_size, factor, required};
    return true;
}

/* A word, or several of which all (required) or any are wanted. */
static bool gather_words(struct accelerator *a, struct gathered *gathered,
                         const struct shim_query *node, bool required) {
    if (node->op != (required ? SHIM_AND : SHIM_OR))
        return gather_word(a, gathered, node, required);
    bool all = node->count > 0;
    for (size_t i = 0; i < node->count && all; i++)
        all = gather_word(a, gathered, node->children[i], required);
    return all;
}

/* All that a bag can say: words; all of some, perhaps with others; words that a source confirms. */
static bool gather(struct accelerator *a, struct gathered *gathered,
                   const struct shim_query *node) {
    switch (node->op) {
    case SHIM_AND:
        return gather_words(a, gathered, node, true);
    case SHIM_AND_MAYBE:
        return node->count == 2 && gather_words(a, gathered, node->children[0], true) &&
               gather_words(a, gathered, node->children[1], false);
    case SHIM_FILTER:
        if (node->count != 2 || node->children[1]->op != SHIM_SOURCE ||
            !node->children[1]->source->check)
            return false;
        gathered->check = node->children[1]->source;
        return gather_words(a, gathered, node->children[0], true);
    default:
        return gather_words(a, gathered, node, false);
    }
}

/* ---- Making them --------------------------------------------------------------------------- */

static const struct shim_query *make_bag(struct accelerator *a, const struct gathered *gathered,
                                         bool is_root) {
    struct acceleration_bag *made = take(a, 1, sizeof *made);
    struct shim_query *node = take(a, 1, sizeof *node);
    const struct shim_source **checks = take(a, 1, sizeof *checks);
    if (!made || !node || !checks)
        return NULL;
    checks[0] = gathered->check;
    const struct bag_request request = {.terms = gathered->terms,
                                        .count = gathered->count,
                                        .snapshot = a->options->snapshot,
                                        .passages = a->options->passages,
                                        .average = a->options->average,
                                        .k1 = a->options->k1,
                                        .b = a->options->b,
                                        .filter = is_root ? a->options->filter : NULL,
                                        .clock = a->options->clock,
                                        .checks = checks,
                                        .check_count = gathered->check ? 1 : 0};
    a->status = bag_open(&made->bag, &request, a->err);
    if (a->status)
        return NULL;
    made->next = a->out->bags;
    a->out->bags = made;
    if (is_root)
        a->out->whole = made->bag;
    node->op = SHIM_SOURCE;
    node->source = bag_shim(made->bag);
    return node;
}

/* The node with its first `weighed` children replaced; those behind only select. */
static const struct shim_query *replace_children(struct accelerator *a,
                                                 const struct shim_query *node, size_t weighed) {
    const struct shim_query **children = take(a, node->count, sizeof *children);
    struct shim_query *made = take(a, 1, sizeof *made);
    if (!children || !made)
        return NULL;
    *made = *node;
    for (size_t i = 0; i < node->count; i++)
        children[i] = i < weighed ? replace(a, node->children[i], false) : node->children[i];
    made->children = children;
    return made;
}

/* Of an AND or OR with words and other things: the words as one bag, beside the rest. */
static const struct shim_query *replace_some(struct accelerator *a, const struct shim_query *node) {
    struct gathered gathered = {.count = 0};
    const struct shim_query **children = take(a, node->count + 1, sizeof *children);
    struct shim_query *made = take(a, 1, sizeof *made);
    size_t count = 0;
    if (!children || !made)
        return NULL;
    for (size_t i = 0; i < node->count && !a->status; i++)
        if (!gather_word(a, &gathered, node->children[i], node->op == SHIM_AND))
            children[count++] = replace(a, node->children[i], false);
    if (gathered.count)
        children[count++] = make_bag(a, &gathered, false);
    *made = *node;
    made->children = children;
    made->count = count;
    return made;
}

static const struct shim_query *replace(struct accelerator *a, const struct shim_query *node,
                                        bool is_root) {
    struct gathered gathered = {.count = 0};
    if (a->status)
        return NULL;
    if (gather(a, &gathered, node) && gathered.count)
        return make_bag(a, &gathered, is_root);
    if (a->status)
        return NULL;
    switch (node->op) {
    case SHIM_AND:
    case SHIM_OR:
        return replace_some(a, node);
    case SHIM_AND_MAYBE:
        return replace_children(a, node, node->count);
    case SHIM_AND_NOT:
    case SHIM_FILTER:
        return replace_children(a, node, 1);
    case SHIM_SCALE:
        return node->factor > 0 ? replace_children(a, node, 1) : node;
    default:
        return node;
    }
}

int acceleration_make(struct acceleration *out, struct arena *arena, const struct shim_query *query,
                      const struct acceleration_options *options, struct error *err) {
    *out = (struct acceleration){.root = query};
    struct accelerator accelerator = {.out = out, .arena = arena, .options = options, .err = err};
    for (uint32_t i = 0; i < snapshot_segment_count(options->snapshot); i++)
        if (!segment_postings(snapshot_segment(options->snapshot, i)))
            return 0; /* of Xapian's writer: its matcher does all */
    const struct shim_query *root = replace(&accelerator, query, true);
    if (accelerator.status) {
        acceleration_free(out);
        return accelerator.status;
    }
    out->root = root;
    return 0;
}

void acceleration_free(struct acceleration *acceleration) {
    for (struct acceleration_bag *bag = acceleration->bags; bag; bag = bag->next)
        bag_close(bag->bag);
    *acceleration = (struct acceleration){.root = NULL};
}

int acceleration_fault(const struct acceleration *acceleration, struct error *err) {
    int status = 0;
    for (const struct acceleration_bag *bag = acceleration->bags; bag && !status; bag = bag->next)
        status = bag_fault(bag->bag, err);
    return status;
}
