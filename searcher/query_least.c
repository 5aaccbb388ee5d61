/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_least.h"

#include <math.h>
#include <string.h>

/* Which child of an AND holds the alternatives: the only one that is no exclusion. */
static size_t open_child(const struct query_node *node) {
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < node->count; i++) {
        if (node->children[i]->op == QUERY_NOT)
            continue;
        if (found != SIZE_MAX)
            return SIZE_MAX;
        found = i;
    }
    return found;
}

size_t query_alternatives(const struct query_node *node) {
    if (node->op == QUERY_OR)
        return node->count;
    if (node->op == QUERY_MAYBE)
        return node->children[1]->op == QUERY_OR ? node->children[1]->count : 1;
    size_t child = node->op == QUERY_AND ? open_child(node) : SIZE_MAX;
    return child == SIZE_MAX ? 0 : query_alternatives(node->children[child]);
}

static struct query_node *copy_of(struct arena *arena, const struct query_node *node) {
    struct query_node *copy = arena_alloc(arena, sizeof *copy);
    const struct query_node **children = arena_zero(arena, node->count + 1, sizeof *children);
    if (!copy || !children)
        return NULL;
    *copy = *node;
    if (node->count) {
        memcpy(children, node->children, node->count * sizeof *children);
        copy->children = children;
    }
    return copy;
}

static const struct query_node *least_of_or(struct arena *arena, const struct query_node *node,
                                            uint32_t least) {
    struct query_node *copy = copy_of(arena, node);
    if (copy)
        copy->least = least < node->count ? least : (uint32_t)node->count;
    return copy;
}

/* The exclusions that stood beside the +a b c stay where they are: AND of what is left. */
static const struct query_node *least_of_maybe(struct arena *arena, const struct query_node *node,
                                               uint32_t least) {
    struct query_node *copy = copy_of(arena, node);
    const struct query_node *optional = node->children[1];
    if (optional->op == QUERY_OR)
        optional = least_of_or(arena, optional, least);
    if (!copy || !optional)
        return NULL;
    const struct query_node *required = node->children[0];
    size_t count = required->op == QUERY_AND && !(required->boost > 0) ? required->count : 1;
    const struct query_node **children = arena_zero(arena, count + 1, sizeof *children);
    if (!children)
        return NULL;
    if (count == 1)
        children[0] = required;
    else
        memcpy(children, required->children, count * sizeof *children);
    children[count] = optional;
    copy->op = QUERY_AND;
    copy->children = children;
    copy->count = count + 1;
    return copy;
}

const struct query_node *query_least(struct arena *arena, const struct query_node *node,
                                     uint32_t least) {
    if (!query_alternatives(node))
        return node;
    if (node->op == QUERY_OR)
        return least_of_or(arena, node, least);
    if (node->op == QUERY_MAYBE)
        return least_of_maybe(arena, node, least);
    struct query_node *copy = copy_of(arena, node);
    size_t child = open_child(node);
    if (!copy)
        return NULL;
    const struct query_node *made = query_least(arena, node->children[child], least);
    if (!made)
        return NULL;
    if (made->op != QUERY_AND) {
        copy->children[child] = made;
        return copy;
    }
    /* AND within AND is one node. */
    const struct query_node **children =
        arena_zero(arena, node->count + made->count, sizeof *children);
    if (!children)
        return NULL;
    size_t count = 0;
    for (size_t i = 0; i < node->count; i++) {
        if (i != child) {
            children[count++] = node->children[i];
            continue;
        }
        memcpy(children + count, made->children, made->count * sizeof *children);
        count += made->count;
    }
    copy->children = children;
    copy->count = count;
    return copy;
}

const struct query_node *query_boosted(struct arena *arena, const struct query_node *node,
                                       double boost) {
    const double least = 0.0001;
    if (node->op == QUERY_NOT || node->op == QUERY_ALL || node->op == QUERY_IS)
        return node;
    struct query_node *copy = copy_of(arena, node);
    if (!copy)
        return NULL;
    boost *= node->boost > 0 ? node->boost : 1;
    boost = round(boost * 10000) / 10000;
    copy->boost = boost < least ? least : boost > QUERY_BOOST_MOST ? QUERY_BOOST_MOST : boost;
    return copy;
}
