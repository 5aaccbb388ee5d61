/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query.h"

#include "searcher/query_least.h"
#include "searcher/query_lexer.h"

#include <string.h>

/* ---- Lists of nodes while a group is being read ------------------------------------------------
 */

struct link {
    struct link *next;
    const struct query_node *node;
    uint32_t window; /* in a NEAR chain: between this and the one before */
    bool negated, required;
    bool complement; /* an explicit OR stands beside it */
};

struct list {
    struct link *first, *last;
    size_t count;
};

enum pending { JUXTAPOSED, PENDING_OR, PENDING_AND, PENDING_NEAR };

/* What stands before the next operand. */
struct prefix {
    bool negated, required;
    uint32_t column; /* of the sign; 0: none */
};

/* One open bracket, or the query as a whole. */
struct frame {
    struct frame *below;
    struct list items; /* of the OR level */
    struct list both;  /* the AND chain being read */
    struct list near;  /* the NEAR chain being read */
    struct prefix near_prefix, prefix;
    bool or_before; /* an explicit OR stands before the AND chain */
    enum pending pending;
    uint32_t pending_column, window;
    uint32_t column; /* of the bracket */
    enum query_field field;
};

struct parser {
    struct query_lexer *lexer;
    struct query *query;
    struct arena *arena;
    struct frame *top;
    unsigned depth;   /* frames above the first */
    uint64_t ignored; /* open brackets beyond QUERY_LIMIT_DEPTH */
    bool failed;
};

#define REPAIR(parser, column, ...)                                                                \
    do {                                                                                           \
        if (query_note((parser)->query, (parser)->arena, QUERY_REPAIR, column, __VA_ARGS__))       \
            (parser)->failed = true;                                                               \
    } while (0)

static const char *const pending_names[] = {"", "OR", "AND", "NEAR"};

static struct link *list_add(struct parser *parser, struct list *list,
                             const struct query_node *node) {
    struct link *link = node ? arena_zero(parser->arena, 1, sizeof *link) : NULL;
    if (!link) {
        parser->failed = true;
        return NULL;
    }
    link->node = node;
    if (list->last)
        list->last->next = link;
    else
        list->first = link;
    list->last = link;
    list->count++;
    return link;
}

/* ---- Canonical nodes --------------------------------------------------------------------------
 * AND within AND and OR within OR are one node, unless the inner one has a boost or a least number
 * of its own; a node of one child is that child. */

static bool melts(const struct query_node *node, enum query_op op) {
    return node->op == op && op != QUERY_MAYBE && !(node->boost > 0) && !node->least;
}

static const struct query_node *make_node(struct parser *parser, enum query_op op,
                                          const struct list *list) {
    if (list->count == 1 && op != QUERY_NOT)
        return list->first->node;
    size_t count = 0;
    for (const struct link *link = list->first; link; link = link->next)
        count += melts(link->node, op) ? link->node->count : 1;
    struct query_node *node = arena_zero(parser->arena, 1, sizeof *node);
    const struct query_node **children = arena_zero(parser->arena, count, sizeof *children);
    if (!node || !children || !count) {
        parser->failed = true;
        return NULL;
    }
    node->op = op;
    node->column = list->first->node->column;
    node->children = children;
    for (const struct link *link = list->first; link; link = link->next) {
        if (!melts(link->node, op)) {
            children[node->count++] = link->node;
            continue;
        }
        memcpy(children + node->count, link->node->children, link->node->count * sizeof *children);
        node->count += link->node->count;
    }
    return node;
}

static const struct query_node *make_not(struct parser *parser, const struct query_node *child) {
    if (!child || child->op == QUERY_NOT)
        return child ? child->children[0] : NULL;
    struct list list = {NULL, NULL, 0};
    list_add(parser, &list, child);
    return parser->failed ? NULL : make_node(parser, QUERY_NOT, &list);
}

static const struct query_node *make_pair(struct parser *parser, enum query_op op,
                                          const struct query_node *a, const struct query_node *b) {
    struct list list = {NULL, NULL, 0};
    list_add(parser, &list, a);
    list_add(parser, &list, b);
    return parser->failed ? NULL : make_node(parser, op, &list);
}

/* ---- NEAR ---------------------------------------------------------------------------------- */

static bool near_takes_word(const struct query_node *node) {
    return (node->op == QUERY_WORD || node->op == QUERY_PREFIX || node->op == QUERY_PHRASE) &&
           node->field == QUERY_FIELD_TEXT;
}

static bool near_takes(const struct query_node *node) {
    if (near_takes_word(node) || melts(node, QUERY_NEAR))
        return true;
    if (!melts(node, QUERY_OR))
        return false;
    for (size_t i = 0; i < node->count; i++)
        if (!near_takes_word(node->children[i]))
            return false;
    return true;
}

/* (a NEAR/3 b) NEAR/5 c is the chain a NEAR/3 b NEAR/5 c. */
static const struct query_node *make_near(struct parser *parser, const struct list *list) {
    for (const struct link *link = list->first; link; link = link->next)
        if (!near_takes(link->node)) {
            REPAIR(parser, link->node->column,
                   "NEAR joins words and phrases of the text; read as AND");
            return make_node(parser, QUERY_AND, list);
        }
    const struct query_node *made = make_node(parser, QUERY_NEAR, list);
    if (!made)
        return NULL;
    uint32_t *windows = arena_zero(parser->arena, made->count, sizeof *windows);
    struct query_node *node = arena_alloc(parser->arena, sizeof *node);
    if (!windows || !node) {
        parser->failed = true;
        return NULL;
    }
    size_t at = 0;
    for (const struct link *link = list->first; link; link = link->next) {
        if (link != list->first)
            windows[at++] = link->window;
        if (link->node->op == QUERY_NEAR)
            for (size_t i = 0; i + 1 < link->node->count; i++)
                windows[at++] = link->node->windows[i];
    }
    *node = *made;
    node->windows = windows;
    return node;
}

/* ---- A group, from the inside out ------------------------------------------------------------ */

static void close_near(struct parser *parser, struct frame *frame) {
    if (!frame->near.count)
        return;
    const struct query_node *node =
        frame->near.count == 1 ? frame->near.first->node : make_near(parser, &frame->near);
    struct link *link = node ? list_add(parser, &frame->both, node) : NULL;
    if (link) {
        link->negated = frame->near_prefix.negated;
        link->required = frame->near_prefix.required;
    }
    frame->near = (struct list){NULL, NULL, 0};
}

/* `or_after`: an explicit OR follows. */
static void close_and(struct parser *parser, struct frame *frame, bool or_after) {
    close_near(parser, frame);
    if (!frame->both.count || parser->failed)
        return;
    bool chain = frame->both.count > 1;
    struct link first = *frame->both.first;
    for (struct link *link = frame->both.first; chain && link; link = link->next)
        if (link->negated)
            link->node = make_not(parser, link->node);
    const struct query_node *node =
        parser->failed ? NULL : make_node(parser, QUERY_AND, &frame->both);
    struct link *item = list_add(parser, &frame->items, node);
    if (item && !chain) {
        item->negated = first.negated;
        item->required = first.required;
    }
    if (item)
        item->complement = frame->or_before || or_after;
    frame->both = (struct list){NULL, NULL, 0};
    frame->or_before = or_after;
}

/* The node of a finished group; NULL if it is empty (or memory is short: parser->failed). */
static const struct query_node *make_group(struct parser *parser, const struct list *items) {
    struct list required = {NULL, NULL, 0}, optional = required, all = required;
    const struct link *item;
    for (item = items->first; item && !parser->failed; item = item->next) {
        bool excluded = item->negated && !item->complement;
        const struct query_node *node = item->negated ? make_not(parser, item->node) : item->node;
        if (!excluded && node)
            list_add(parser, item->required ? &required : &optional, node);
    }
    if (!parser->failed && required.count && optional.count)
        list_add(parser, &all,
                 make_pair(parser, QUERY_MAYBE, make_node(parser, QUERY_AND, &required),
                           make_node(parser, QUERY_OR, &optional)));
    else if (!parser->failed && (required.count || optional.count))
        list_add(parser, &all,
                 required.count ? make_node(parser, QUERY_AND, &required)
                                : make_node(parser, QUERY_OR, &optional));
    for (item = items->first; item && !parser->failed; item = item->next)
        if (item->negated && !item->complement)
            list_add(parser, &all, make_not(parser, item->node));
    return parser->failed || !all.count ? NULL : make_node(parser, QUERY_AND, &all);
}

/* ---- Tokens into groups ---------------------------------------------------------------------- */

static void drop_prefix(struct parser *parser, struct frame *frame) {
    if (frame->prefix.column)
        REPAIR(parser, frame->prefix.column, "nothing follows %s; left out",
               frame->prefix.negated ? "the exclusion (NOT or -)" : "the sign");
    frame->prefix = (struct prefix){false, false, 0};
}

static void take_operand(struct parser *parser, const struct query_node *node) {
    struct frame *frame = parser->top;
    if (frame->pending == PENDING_NEAR) {
        if (frame->prefix.column)
            REPAIR(parser, frame->prefix.column, "a sign or NOT behind NEAR; left out");
        struct link *link = list_add(parser, &frame->near, node);
        if (link)
            link->window = frame->window;
    } else {
        if (frame->pending == PENDING_AND)
            close_near(parser, frame);
        else
            close_and(parser, frame, frame->pending == PENDING_OR);
        frame->near_prefix = frame->prefix;
        list_add(parser, &frame->near, node);
    }
    frame->pending = JUXTAPOSED;
    frame->prefix = (struct prefix){false, false, 0};
}

static void take_operator(struct parser *parser, enum pending pending,
                          const struct query_token *token) {
    struct frame *frame = parser->top;
    drop_prefix(parser, frame);
    if (frame->pending != JUXTAPOSED) {
        REPAIR(parser, token->column, "%s directly after %s; left out", pending_names[pending],
               pending_names[frame->pending]);
    } else if (!frame->near.count) {
        REPAIR(parser, token->column, "nothing stands before %s; left out", pending_names[pending]);
    } else {
        frame->pending = pending;
        frame->pending_column = token->column;
        frame->window = token->window;
    }
}

static void take_prefix(struct parser *parser, const struct query_token *token) {
    struct prefix *prefix = &parser->top->prefix;
    if (!prefix->column)
        prefix->column = token->column;
    if (token->kind == TOKEN_PLUS)
        prefix->required = true;
    else
        prefix->negated = !prefix->negated;
    if (prefix->required && prefix->negated) {
        REPAIR(parser, token->column, "both + and an exclusion; read as an exclusion");
        prefix->required = false;
    }
}

static void open_group(struct parser *parser, const struct query_token *token) {
    if (parser->depth == QUERY_LIMIT_DEPTH) {
        if (!parser->ignored++)
            REPAIR(parser, token->column,
                   "brackets within more than %d others; these and deeper ones are left out",
                   (int)QUERY_LIMIT_DEPTH);
        return;
    }
    struct frame *frame = arena_zero(parser->arena, 1, sizeof *frame);
    if (!frame) {
        parser->failed = true;
        return;
    }
    frame->below = parser->top;
    frame->column = token->column;
    frame->field = token->field;
    if (token->field == QUERY_FIELD_TEXT && parser->top)
        frame->field = parser->top->field;
    parser->depth += parser->top != NULL;
    parser->top = frame;
}

/* Read the group on top as finished and take it off. */
static const struct query_node *end_group(struct parser *parser) {
    struct frame *frame = parser->top;
    drop_prefix(parser, frame);
    if (frame->pending != JUXTAPOSED)
        REPAIR(parser, frame->pending_column, "nothing stands behind %s; left out",
               pending_names[frame->pending]);
    close_and(parser, frame, false);
    parser->top = frame->below;
    return parser->failed ? NULL : make_group(parser, &frame->items);
}

/* A group with what stands behind its bracket. */
static const struct query_node *suffix_group(struct parser *parser, const struct query_node *node,
                                             const struct query_token *token) {
    const struct query_node *made = node;
    if (token->least) {
        made = query_least(parser->arena, node, token->least);
        if (made == node)
            REPAIR(parser, token->column,
                   "~%u behind a group that has no alternatives to choose from; left out",
                   (unsigned)token->least);
    }
    if (made && token->boost > 0)
        made = query_boosted(parser->arena, made, token->boost);
    parser->failed |= !made;
    return parser->failed ? NULL : made;
}

static void close_group(struct parser *parser, const struct query_token *token) {
    uint32_t opened = parser->top->column;
    const struct query_node *node = end_group(parser);
    parser->depth--;
    if (node && token)
        node = suffix_group(parser, node, token);
    if (node) {
        take_operand(parser, node);
    } else if (!parser->failed) {
        REPAIR(parser, opened, "nothing between the brackets; left out");
        parser->top->prefix = (struct prefix){false, false, 0};
    }
}

static void take_token(struct parser *parser, const struct query_token *token) {
    switch (token->kind) {
    case TOKEN_LEAF:
        if (token->leaf->field == QUERY_FIELD_TEXT && token->leaf->op != QUERY_ALL)
            token->leaf->field = parser->top->field;
        take_operand(parser, token->leaf);
        break;
    case TOKEN_OPEN:
        open_group(parser, token);
        break;
    case TOKEN_CLOSE:
        if (parser->ignored)
            parser->ignored--;
        else if (parser->top->below)
            close_group(parser, token);
        else
            REPAIR(parser, token->column, "no bracket is open here; left out");
        break;
    case TOKEN_AND:
        take_operator(parser, PENDING_AND, token);
        break;
    case TOKEN_OR:
        take_operator(parser, PENDING_OR, token);
        break;
    case TOKEN_NEAR:
        take_operator(parser, PENDING_NEAR, token);
        break;
    case TOKEN_NOT:
    case TOKEN_MINUS:
    case TOKEN_PLUS:
        take_prefix(parser, token);
        break;
    case TOKEN_END:
        break;
    }
}

/* Repairs are found in the order they can be known; people read them by place. */
static void sort_notices(struct query *query) {
    size_t count = query->notice_count;
    count -= count == QUERY_LIMIT_NOTICES; /* "and more" stays last */
    for (size_t i = 1; i < count; i++) {
        struct query_notice notice = query->notices[i];
        size_t j = i;
        for (; j > 0 && query->notices[j - 1].column > notice.column; j--)
            query->notices[j] = query->notices[j - 1];
        query->notices[j] = notice;
    }
}

static bool parse(struct parser *parser) {
    static const struct query_node nothing = {.op = QUERY_NOTHING};
    static const struct query_token whole = {.kind = TOKEN_OPEN};
    open_group(parser, &whole);
    while (!parser->failed) {
        struct query_token token = query_lexer_next(parser->lexer);
        if (token.kind == TOKEN_END)
            break;
        take_token(parser, &token);
    }
    if (parser->lexer->failed || parser->failed)
        return false;
    while (parser->top->below && !parser->failed) {
        if (!parser->lexer->full)
            REPAIR(parser, parser->top->column,
                   "the bracket is never closed; read as closed at the end");
        close_group(parser, NULL);
    }
    const struct query_node *root = parser->failed ? NULL : end_group(parser);
    parser->query->root = root ? root : &nothing;
    return !parser->failed;
}

int query_parse(struct query *out, struct arena *arena, const char *text, size_t size,
                struct error *err) {
    *out = (struct query){.root = NULL};
    struct query_lexer *lexer = arena_alloc(arena, sizeof *lexer);
    if (!lexer || size > UINT32_MAX - 1 || !query_lexer_init(lexer, out, arena, text, size))
        return error_memory(err);
    struct parser parser = {.lexer = lexer, .query = out, .arena = arena};
    if (!parse(&parser))
        return error_memory(err);
    sort_notices(out);
    return 0;
}

/* ---- The query as understood ----------------------------------------------------------------- */

static bool colon_stands(const char *text, size_t size, size_t at) {
    if (at == 0 || at + 1 == size)
        return false;
    char before = text[at - 1], after = text[at + 1];
    return (after == '/' && query_field_named(text, at) == QUERY_FIELD_TEXT) ||
           (before >= '0' && before <= '9' && after >= '0' && after <= '9');
}

/* A backslash before whatever the lexer would take for more than a part of the word. */
static void describe_text(const struct query_node *node, bool in_phrase, struct bytes *out) {
    const char *text = node->text;
    size_t size = node->text_size;
    bool operator_word = !in_phrase && node->field == QUERY_FIELD_TEXT && !node->exact &&
                         query_operator_kind(text, size) != TOKEN_LEAF;
    bool before_star = node->op == QUERY_PREFIX && size && text[size - 1] == '?';
    bool asks = before_star || query_asks_character(text, size);
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool special = c == '\\' || (c == '*' && !node->wildcard) ||
                       (c == '?' && asks && !node->wildcard) ||
                       query_space_size(text + i, size - i) || query_quote_size(text + i, size - i);
        if (!in_phrase)
            special = special || c == '(' || c == ')' || c == '~' || c == '^' ||
                      (c == ':' && !colon_stands(text, size, i)) ||
                      (i == 0 && (operator_word || c == '+' || c == '-' || c == '='));
        if (special)
            bytes_add_byte(out, '\\');
        bytes_add_byte(out, (uint8_t)c);
    }
}

static void describe_leaf(const struct query_node *node, bool in_phrase, struct bytes *out) {
    if (node->exact)
        bytes_add_byte(out, '=');
    describe_text(node, in_phrase, out);
    if (node->op == QUERY_PREFIX && !node->wildcard)
        bytes_add_byte(out, '*');
    if (node->fuzzy)
        bytes_add_byte(out, '~');
    if (node->edits)
        bytes_printf(out, "%u", node->edits);
}

/* In quotation marks unless nothing in it needs them. */
static void describe_value(const struct query_node *node, struct bytes *out) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-_./*?#";
    const char *text = node->text;
    bool quoted = strspn(text, plain) < node->text_size;
    if (quoted)
        bytes_add_byte(out, '"');
    for (size_t i = 0; i < node->text_size; i++) {
        if (quoted && (text[i] == '\\' || query_quote_size(text + i, node->text_size - i)))
            bytes_add_byte(out, '\\');
        bytes_add_byte(out, (uint8_t)text[i]);
    }
    if (quoted)
        bytes_add_byte(out, '"');
}

static void describe_phrase(const struct query_node *node, struct bytes *out) {
    bytes_add_byte(out, '"');
    for (size_t i = 0; i < node->count; i++) {
        if (i)
            bytes_add_byte(out, ' ');
        describe_leaf(node->children[i], true, out);
    }
    bytes_add_byte(out, '"');
}

static void describe_node(const struct query_node *node, struct bytes *out);

static bool is_atom(const struct query_node *node) {
    return node->op == QUERY_WORD || node->op == QUERY_PREFIX || node->op == QUERY_PHRASE ||
           node->op == QUERY_ALL || node->op == QUERY_IS;
}

static bool has_suffix(const struct query_node *node) {
    return !is_atom(node) && (node->boost > 0 || node->least);
}

static void describe_child(const struct query_node *node, bool not_allowed, struct bytes *out) {
    bool bare = is_atom(node) || has_suffix(node) || (not_allowed && node->op == QUERY_NOT);
    if (!bare)
        bytes_add_byte(out, '(');
    describe_node(node, out);
    if (!bare)
        bytes_add_byte(out, ')');
}

static void describe_chain(const struct query_node *node, struct bytes *out) {
    for (size_t i = 0; i < node->count; i++) {
        if (i && node->op == QUERY_NEAR)
            bytes_printf(out, " NEAR/%u ", node->windows[i - 1]);
        else if (i)
            bytes_add_string(out, node->op == QUERY_AND ? " AND " : " OR ");
        describe_child(node->children[i], true, out);
    }
}

static void describe_plain(const struct query_node *node, struct bytes *out) {
    if (is_atom(node) && node->field != QUERY_FIELD_TEXT)
        bytes_printf(out, "%s:", query_field_name(node->field));
    switch (node->op) {
    case QUERY_NOTHING:
        break;
    case QUERY_ALL:
        bytes_add_byte(out, '*');
        break;
    case QUERY_WORD:
    case QUERY_PREFIX:
        describe_leaf(node, false, out);
        break;
    case QUERY_PHRASE:
        describe_phrase(node, out);
        break;
    case QUERY_IS:
        describe_value(node, out);
        break;
    case QUERY_NEAR:
    case QUERY_AND:
    case QUERY_OR:
        describe_chain(node, out);
        break;
    case QUERY_NOT:
        bytes_add_string(out, "NOT ");
        describe_child(node->children[0], false, out);
        break;
    case QUERY_MAYBE:
        bytes_add_byte(out, '+');
        describe_child(node->children[0], false, out);
        bytes_add_byte(out, ' ');
        describe_child(node->children[1], false, out);
        break;
    }
}

/* Recursion is bounded: a tree is at most a few levels a bracket deep. */
static void describe_node(const struct query_node *node, struct bytes *out) {
    bool brackets = has_suffix(node);
    if (brackets)
        bytes_add_byte(out, '(');
    describe_plain(node, out);
    if (brackets)
        bytes_add_byte(out, ')');
    if (node->least)
        bytes_printf(out, "~%u", (unsigned)node->least);
    if (node->boost > 0)
        bytes_printf(out, "^%.9g", node->boost);
}

void query_describe(const struct query_node *root, struct bytes *out) {
    describe_node(root, out);
}
