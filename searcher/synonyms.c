/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/synonyms.h"

#include "indexer/analysis/analyser.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words as typed, and folded with one blank between two. */
struct side {
    const char *words[SYNONYMS_WORDS_MAX];
    size_t count;
    const char *folded;
};

/* Whoever asks for `from` finds `to`. */
struct rule {
    const struct side *from, *to;
    size_t line;
};

struct synonyms {
    struct arena arena;
    struct rule *rules; /* owned; by from->folded, then in order of the file */
    size_t count, capacity;
    size_t longest; /* words of a `from` */
};

/* ---- Reading --------------------------------------------------------------------------------- */

struct reader {
    struct synonyms *synonyms;
    const char *name;
    size_t line;
    struct error *err;
};

static int wrong(const struct reader *reader, const char *what) {
    return error_set(reader->err, PLENARY_EINVALID, "%s:%zu: %s", reader->name, reader->line, what);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static int add_rule(struct reader *reader, const struct side *from, const struct side *to) {
    struct synonyms *synonyms = reader->synonyms;
    if (from == to || strcmp(from->folded, to->folded) == 0)
        return 0;
    if (synonyms->count == synonyms->capacity) {
        size_t capacity = synonyms->capacity ? 2 * synonyms->capacity : 64;
        struct rule *grown = reallocarray(synonyms->rules, capacity, sizeof *grown);
        if (!grown)
            return error_memory(reader->err);
        synonyms->rules = grown;
        synonyms->capacity = capacity;
    }
    synonyms->rules[synonyms->count++] = (struct rule){from, to, reader->line};
    if (from->count > synonyms->longest)
        synonyms->longest = from->count;
    return 0;
}

static int read_side(struct reader *reader, const char *text, size_t size,
                     const struct side **out) {
    struct arena *arena = &reader->synonyms->arena;
    struct side *side = arena_zero(arena, 1, sizeof *side);
    char *folded = arena_alloc(arena, 4 * size + 1);
    size_t at = 0, used = 0;
    if (!side || !folded)
        return error_memory(reader->err);
    for (;;) {
        while (at < size && is_blank(text[at]))
            at++;
        size_t begin = at;
        while (at < size && !is_blank(text[at]))
            at++;
        if (at == begin)
            break;
        if (side->count == SYNONYMS_WORDS_MAX)
            return wrong(reader, "a synonym of more than 16 words");
        const char *word = arena_text(arena, text + begin, at - begin);
        if (!word)
            return error_memory(reader->err);
        if (side->count)
            folded[used++] = ' ';
        side->words[side->count++] = word;
        used += analysis_fold(text + begin, at - begin, folded + used);
    }
    if (!side->count)
        return wrong(reader, "nothing on one side of = or =>; write: word = other word");
    folded[used] = '\0';
    side->folded = folded;
    *out = side;
    return 0;
}

/* "a = b = c": *count sides. */
static int read_sides(struct reader *reader, const char *text, size_t size,
                      const struct side *sides[SYNONYMS_SIDES_MAX], size_t *count) {
    const char *end = text + size;
    *count = 0;
    for (const char *at = text;; at++) {
        const char *equals = memchr(at, '=', (size_t)(end - at));
        const char *stop = equals ? equals : end;
        if (*count == SYNONYMS_SIDES_MAX)
            return wrong(reader, "more than 64 synonyms in a line");
        int status = read_side(reader, at, (size_t)(stop - at), &sides[(*count)++]);
        if (status || !equals)
            return status;
        at = equals;
    }
}

static int read_rule(struct reader *reader, const char *text, size_t size) {
    const struct side *left[SYNONYMS_SIDES_MAX] = {NULL}, *right[SYNONYMS_SIDES_MAX] = {NULL};
    size_t left_count = 0, right_count = 0;
    const char *arrow = memmem(text, size, "=>", 2);
    size_t left_size = arrow ? (size_t)(arrow - text) : size;
    int status = read_sides(reader, text, left_size, left, &left_count);
    if (status)
        return status;
    if (!arrow && left_count < 2)
        return wrong(reader, "no = or => in it; write: word = other word, or: word => other word");
    if (arrow && memmem(arrow + 2, size - left_size - 2, "=>", 2))
        return wrong(reader, "more than one => in a line");
    if (arrow)
        status = read_sides(reader, arrow + 2, size - left_size - 2, right, &right_count);
    for (size_t i = 0; i < left_count && !status; i++) {
        for (size_t k = 0; k < left_count && !status && !arrow; k++)
            status = add_rule(reader, left[i], left[k]);
        for (size_t k = 0; k < right_count && !status; k++)
            status = add_rule(reader, left[i], right[k]);
    }
    return status;
}

static int by_from(const void *a, const void *b) {
    const struct rule *x = a, *y = b;
    int order = strcmp(x->from->folded, y->from->folded);
    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    return order ? order : strcmp(x->to->folded, y->to->folded);
}

static void settle(struct synonyms *synonyms) {
    size_t kept = 0;
    if (!synonyms->count)
        return;
    qsort(synonyms->rules, synonyms->count, sizeof *synonyms->rules, by_from);
    for (size_t i = 1; i < synonyms->count; i++) {
        const struct rule *last = &synonyms->rules[kept], *next = &synonyms->rules[i];
        if (strcmp(last->from->folded, next->from->folded) != 0 ||
            strcmp(last->to->folded, next->to->folded) != 0)
            synonyms->rules[++kept] = *next;
    }
    synonyms->count = kept + 1;
}

int synonyms_parse(struct synonyms **out, const char *name, const char *text, size_t size,
                   struct error *err) {
    struct synonyms *synonyms = calloc(1, sizeof *synonyms);
    struct reader reader = {synonyms, name, 0, err};
    *out = NULL;
    if (!synonyms)
        return error_memory(err);
    int status = 0;
    if (memchr(text, '\0', size))
        status = error_set(err, PLENARY_EINVALID, "%s: not a text file", name);
    for (size_t at = 0; at < size && !status;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - text) - at : size - at;
        const char *comment = memchr(text + at, '#', length);
        size_t used = comment ? (size_t)(comment - text) - at : length;
        reader.line++;
        while (used && is_blank(text[at + used - 1]))
            used--;
        if (used)
            status = read_rule(&reader, text + at, used);
        at += length + 1;
    }
    settle(synonyms);
    if (status)
        synonyms_free(synonyms);
    else
        *out = synonyms;
    return status;
}

int synonyms_read(struct synonyms **out, const char *path, struct error *err) {
    *out = NULL;
    FILE *file = fopen(path, "r");
    if (!file)
        return error_set(err, PLENARY_EINVALID, "%s: %s", path, strerror(errno));
    struct bytes text = {.limit = SYNONYMS_BYTES_MAX};
    char part[4096];
    size_t got;
    while ((got = fread(part, 1, sizeof part, file)) > 0 && !text.failed)
        bytes_add(&text, part, got);
    int status = ferror(file) ? error_errno(err, "%s", path) : 0;
    fclose(file);
    if (!status && text.failed)
        status = error_set(err, PLENARY_EINVALID, "%s: a list of synonyms is limited to %d MiB",
                           path, SYNONYMS_BYTES_MAX >> 20);
    if (!status)
        status =
            synonyms_parse(out, path, text.data ? (const char *)text.data : "", text.size, err);
    bytes_free(&text);
    return status;
}

void synonyms_free(struct synonyms *synonyms) {
    if (!synonyms)
        return;
    free(synonyms->rules);
    arena_free(&synonyms->arena);
    free(synonyms);
}

/* ---- Applying -------------------------------------------------------------------------------- */

struct applying {
    const struct synonyms *synonyms;
    struct query *query;
    struct arena *arena;
    size_t added;
    bool failed;
};

/* The first rule from these folded words; NULL for none. */
static const struct rule *find_rules(const struct synonyms *synonyms, const char *folded) {
    size_t low = 0, high = synonyms->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(synonyms->rules[middle].from->folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < synonyms->count && strcmp(synonyms->rules[low].from->folded, folded) == 0;
    return found ? &synonyms->rules[low] : NULL;
}

static bool same_from(const struct synonyms *synonyms, const struct rule *rule,
                      const struct rule *first) {
    return rule < synonyms->rules + synonyms->count &&
           strcmp(rule->from->folded, first->from->folded) == 0;
}

static bool is_plain_word(const struct query_node *node) {
    return node->op == QUERY_WORD && node->field == QUERY_FIELD_TEXT && !node->exact &&
           !node->fuzzy;
}

/* The rules for the longest run of plain words at `at`; *taken words of it. */
static const struct rule *longest_rules(struct applying *applying,
                                        const struct query_node *const *nodes, size_t count,
                                        size_t at, size_t *taken) {
    const struct rule *found = NULL;
    char folded[SYNONYMS_WORDS_MAX * (4 * QUERY_LIMIT_WORD_BYTES + 1) + 1];
    size_t used = 0;
    for (size_t i = 0; i < applying->synonyms->longest && at + i < count; i++) {
        const struct query_node *node = nodes[at + i];
        if (!is_plain_word(node))
            break;
        if (i)
            folded[used++] = ' ';
        used += analysis_fold(node->text, node->text_size, folded + used);
        folded[used] = '\0';
        const struct rule *rules = find_rules(applying->synonyms, folded);
        if (rules) {
            found = rules;
            *taken = i + 1;
        }
    }
    return found;
}

static const struct query_node *melt(struct applying *applying, const struct query_node *node);

static struct query_node *new_node(struct applying *applying, enum query_op op, size_t count,
                                   const struct query_node *like) {
    struct query_node *node = arena_zero(applying->arena, 1, sizeof *node);
    const struct query_node **children = arena_zero(applying->arena, count + 1, sizeof *children);
    if (!node || !children) {
        applying->failed = true;
        return NULL;
    }
    node->op = op;
    node->column = like->column;
    node->children = children;
    return node;
}

static const struct query_node *word_node(struct applying *applying, const char *word,
                                          const struct query_node *like) {
    struct query_node *node = new_node(applying, QUERY_WORD, 0, like);
    if (!node)
        return NULL;
    node->text = word;
    node->text_size = strlen(word);
    return node;
}

/* `before` words, the rule's other side, `after` words: a word or a phrase. */
static const struct query_node *made_phrase(struct applying *applying, const struct side *side,
                                            const struct query_node *const *before,
                                            size_t before_count,
                                            const struct query_node *const *after,
                                            size_t after_count, const struct query_node *like) {
    size_t count = before_count + side->count + after_count;
    if (applying->added == SYNONYMS_ADDED_MAX) {
        if (query_note(applying->query, applying->arena, QUERY_NOTE, 0,
                       "more than %d synonyms; the others are left out", (int)SYNONYMS_ADDED_MAX))
            applying->failed = true;
        return NULL;
    }
    applying->added++;
    if (count == 1)
        return word_node(applying, side->words[0], like);
    struct query_node *phrase = new_node(applying, QUERY_PHRASE, count, like);
    if (!phrase)
        return NULL;
    for (size_t i = 0; i < before_count; i++)
        phrase->children[phrase->count++] = before[i];
    for (size_t i = 0; i < side->count; i++)
        phrase->children[phrase->count++] = word_node(applying, side->words[i], like);
    for (size_t i = 0; i < after_count; i++)
        phrase->children[phrase->count++] = after[i];
    return phrase;
}

/* `first` or any of the rules' other sides. */
static const struct query_node *
alternatives(struct applying *applying, const struct query_node *first, const struct rule *rules) {
    size_t count = 0;
    while (same_from(applying->synonyms, rules + count, rules))
        count++;
    struct query_node *node = new_node(applying, QUERY_OR, count + 1, first);
    if (!node)
        return NULL;
    node->children[node->count++] = first;
    for (size_t i = 0; i < count && !applying->failed; i++) {
        const struct query_node *one = made_phrase(applying, rules[i].to, NULL, 0, NULL, 0, first);
        if (one)
            node->children[node->count++] = one;
    }
    return node->count > 1 ? melt(applying, node) : first;
}

/* The phrase, or the phrase with any run of its words replaced. */
static const struct query_node *apply_phrase(struct applying *applying,
                                             const struct query_node *phrase) {
    const struct query_node *nodes[SYNONYMS_ADDED_MAX + 1];
    size_t made = 0;
    for (size_t at = 0; at < phrase->count && !applying->failed;) {
        size_t taken = 1;
        const struct rule *rules =
            longest_rules(applying, phrase->children, phrase->count, at, &taken);
        for (const struct rule *rule = rules;
             rule && same_from(applying->synonyms, rule, rules) && !applying->failed; rule++) {
            const struct query_node *one =
                made_phrase(applying, rule->to, phrase->children, at, phrase->children + at + taken,
                            phrase->count - at - taken, phrase);
            if (!one)
                break;
            nodes[made++] = one;
        }
        at += taken;
    }
    struct query_node *node = made ? new_node(applying, QUERY_OR, made + 1, phrase) : NULL;
    if (!node)
        return phrase;
    if (phrase->boost > 0) {
        struct query_node *plain = new_node(applying, QUERY_PHRASE, 0, phrase);
        if (!plain)
            return phrase;
        *plain = *phrase;
        plain->boost = 0;
        node->boost = phrase->boost;
        phrase = plain;
    }
    node->children[node->count++] = phrase;
    for (size_t i = 0; i < made; i++)
        node->children[node->count++] = nodes[i];
    return node;
}

static const struct query_node *apply(struct applying *applying, const struct query_node *node);

/* A run of words that has synonyms: with its children in an AND or OR of their own. */
static const struct query_node *apply_run(struct applying *applying, enum query_op op,
                                          const struct query_node *const *nodes, size_t taken,
                                          const struct rule *rules) {
    if (taken == 1)
        return alternatives(applying, nodes[0], rules);
    struct query_node *run = new_node(applying, op, taken, nodes[0]);
    if (!run)
        return NULL;
    for (size_t i = 0; i < taken && !applying->failed; i++)
        run->children[run->count++] = apply(applying, nodes[i]);
    return applying->failed ? NULL : alternatives(applying, melt(applying, run), rules);
}

/* OR within OR is one node, but where a least number counts them. */
static const struct query_node *melt(struct applying *applying, const struct query_node *node) {
    size_t count = 0;
    if (node->op != QUERY_OR || node->least)
        return node;
    for (size_t i = 0; i < node->count; i++) {
        const struct query_node *child = node->children[i];
        bool inner = child->op == QUERY_OR && !child->least && !(child->boost > 0);
        count += inner ? child->count : 1;
    }
    struct query_node *flat =
        count > node->count ? new_node(applying, QUERY_OR, count, node) : NULL;
    if (!flat)
        return node;
    flat->boost = node->boost;
    for (size_t i = 0; i < node->count; i++) {
        const struct query_node *child = node->children[i];
        bool inner = child->op == QUERY_OR && !child->least && !(child->boost > 0);
        for (size_t k = 0; k < (inner ? child->count : 1); k++)
            flat->children[flat->count++] = inner ? child->children[k] : child;
    }
    return flat;
}

static const struct query_node *apply_children(struct applying *applying,
                                               const struct query_node *node) {
    bool runs = (node->op == QUERY_AND || node->op == QUERY_OR) && !node->least;
    struct query_node *copy = new_node(applying, node->op, node->count, node);
    if (!copy)
        return NULL;
    const struct query_node **children = copy->children;
    *copy = *node;
    copy->children = children;
    copy->count = 0;
    for (size_t at = 0; at < node->count && !applying->failed;) {
        size_t taken = 1;
        const struct rule *rules =
            runs ? longest_rules(applying, node->children, node->count, at, &taken) : NULL;
        const struct query_node *one =
            rules ? apply_run(applying, node->op, node->children + at, taken, rules)
                  : apply(applying, node->children[at]);
        children[copy->count++] = one;
        at += taken;
    }
    if (applying->failed)
        return NULL;
    bool single = runs && copy->count == 1 && !(copy->boost > 0);
    return single ? children[0] : melt(applying, copy);
}

/* Recursion is bounded as the tree's depth is. */
static const struct query_node *apply(struct applying *applying, const struct query_node *node) {
    size_t taken = 1;
    if (applying->failed)
        return NULL;
    if (is_plain_word(node)) {
        const struct rule *rules = longest_rules(applying, &node, 1, 0, &taken);
        return rules ? alternatives(applying, node, rules) : node;
    }
    if (node->op == QUERY_PHRASE)
        return node->field == QUERY_FIELD_TEXT ? apply_phrase(applying, node) : node;
    return node->count ? apply_children(applying, node) : node;
}

int synonyms_apply(const struct synonyms *synonyms, struct query *query, struct arena *arena,
                   struct error *err) {
    struct applying applying = {synonyms, query, arena, 0, false};
    const struct query_node *root = synonyms->count ? apply(&applying, query->root) : query->root;
    if (applying.failed || !root)
        return error_memory(err);
    query->root = root;
    return 0;
}
