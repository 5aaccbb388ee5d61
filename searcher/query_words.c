/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_words.h"

#include "searcher/query_expand.h"

#include <string.h>

/* A unit and where it stands. */
struct piece {
    struct query_unit unit;
    uint32_t position, span;
    bool joined;
};

/* The pieces of a leaf as one or more languages cut it. */
struct cut {
    struct piece *pieces;
    size_t count, capacity;
    uint32_t positions;
};

enum { JOINED_MAX = 3 }; /* joined forms that may be chosen independently: 2^3 paths */

/* ---- Units --------------------------------------------------------------------------------- */

/* Add to a sorted list in the arena. Terms are few except in prefixes, which come sorted. */
static int list_add(struct arena *arena, const char ***list, size_t *count, const char *text) {
    size_t at = 0;
    while (at < *count && strcmp((*list)[at], text) < 0)
        at++;
    if (at < *count && strcmp((*list)[at], text) == 0)
        return 0;
    const char **grown = arena_zero(arena, *count + 1, sizeof *grown);
    char *copy = arena_string(arena, text);
    if (!grown || !copy)
        return PLENARY_ENOMEM;
    if (*count) {
        memcpy(grown, *list, at * sizeof *grown);
        memcpy(grown + at + 1, *list + at, (*count - at) * sizeof *grown);
    }
    grown[at] = copy;
    *list = grown;
    ++*count;
    return 0;
}

static int unit_add(struct arena *arena, struct query_unit *unit, const char *term) {
    return list_add(arena, &unit->terms, &unit->count, term);
}

static int unit_add_word(struct arena *arena, struct query_unit *unit, const char *word) {
    return list_add(arena, &unit->words, &unit->word_count, word);
}

static struct piece *cut_add(struct arena *arena, struct cut *cut) {
    if (cut->count == cut->capacity) {
        size_t capacity = cut->capacity ? 2 * cut->capacity : 8;
        struct piece *grown = arena_zero(arena, capacity, sizeof *grown);
        if (!grown)
            return NULL;
        if (cut->count)
            memcpy(grown, cut->pieces, cut->count * sizeof *grown);
        cut->pieces = grown;
        cut->capacity = capacity;
    }
    return &cut->pieces[cut->count++];
}

/* ---- Cuts ---------------------------------------------------------------------------------- */

/* Over how many positions a joined form reaches: the parts that follow it within its bytes. */
static uint32_t joined_span(const struct query_words *words, size_t at) {
    const struct token *token = &words->tokens.tokens[at];
    uint32_t span = 0;
    for (size_t i = at + 1; i < words->tokens.count; i++) {
        const struct token *part = &words->tokens.tokens[i];
        if (part->begin >= token->end)
            break;
        span += !analyser_word(words->analyser, part->word)->joined && part->end <= token->end;
    }
    return span ? span : 1;
}

static int cut_word(struct query_words *words, int language, const struct query_node *leaf,
                    struct cut *cut, struct error *err) {
    int status = analyser_tokenise(words->analyser, language, leaf->text, leaf->text_size,
                                   &words->tokens, err);
    if (status)
        return status;
    uint32_t base = cut->positions;
    for (size_t i = 0; i < words->tokens.count; i++) {
        const struct token *token = &words->tokens.tokens[i];
        const struct word *word = analyser_word(words->analyser, token->word);
        struct piece *piece = cut_add(words->arena, cut);
        if (!piece)
            return error_memory(err);
        *piece = (struct piece){.position = base + token->position,
                                .span = word->joined ? joined_span(words, i) : 1,
                                .joined = word->joined};
        if (unit_add(words->arena, &piece->unit, word->term) ||
            (leaf->exact && unit_add_word(words->arena, &piece->unit, word->text)))
            return error_memory(err);
        if (piece->position > cut->positions)
            cut->positions = piece->position;
    }
    return 0;
}

/* `expanded`: the units of the leaves that stand for many words, by index. */
static int cut_leaves(struct query_words *words, int language,
                      const struct query_node *const *leaves, size_t count,
                      const struct query_unit *expanded, struct cut *cut, struct error *err) {
    int status = 0;
    *cut = (struct cut){.pieces = NULL};
    for (size_t i = 0; i < count && !status; i++) {
        if (!query_is_expanded(leaves[i])) {
            status = cut_word(words, language, leaves[i], cut, err);
            continue;
        }
        struct piece *piece = cut_add(words->arena, cut);
        if (!piece)
            return error_memory(err);
        *piece = (struct piece){.unit = expanded[i], .position = ++cut->positions, .span = 1};
    }
    return status;
}

static bool same_shape(const struct cut *a, const struct cut *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->pieces[i].position != b->pieces[i].position ||
            a->pieces[i].span != b->pieces[i].span || a->pieces[i].joined != b->pieces[i].joined)
            return false;
    return true;
}

static int cut_merge(struct arena *arena, struct cut *into, const struct cut *from) {
    for (size_t i = 0; i < from->count; i++) {
        if (into->pieces[i].unit.terms == from->pieces[i].unit.terms)
            continue; /* a prefix */
        for (size_t t = 0; t < from->pieces[i].unit.count; t++)
            if (unit_add(arena, &into->pieces[i].unit, from->pieces[i].unit.terms[t]))
                return PLENARY_ENOMEM;
        for (size_t w = 0; w < from->pieces[i].unit.word_count; w++)
            if (unit_add_word(arena, &into->pieces[i].unit, from->pieces[i].unit.words[w]))
                return PLENARY_ENOMEM;
    }
    return 0;
}

/* ---- Paths --------------------------------------------------------------------------------- */

struct path_list {
    struct query_path *paths;
    size_t count;
};

static const struct piece *piece_at(const struct cut *cut, uint32_t position, unsigned chosen,
                                    unsigned *used) {
    const struct piece *part = NULL;
    unsigned joined = 0;
    for (size_t i = 0; i < cut->count && cut->pieces[i].position <= position; i++) {
        const struct piece *piece = &cut->pieces[i];
        if (piece->joined && joined < JOINED_MAX) {
            unsigned bit = 1u << joined++;
            if (piece->position == position && (chosen & bit) && !(*used & bit)) {
                *used |= bit;
                return piece;
            }
        } else if (!piece->joined && piece->position == position) {
            part = piece;
        }
    }
    return part;
}

/* Add the path that takes the chosen joined forms whole and all else in parts; there is none if a
 * chosen one lies within another. */
static int add_path(struct query_words *words, const struct cut *cut, unsigned chosen,
                    struct path_list *list) {
    const struct query_unit **units =
        arena_zero(words->arena, cut->positions ? cut->positions : 1, sizeof *units);
    if (!units)
        return PLENARY_ENOMEM;
    size_t count = 0;
    unsigned used = 0;
    for (uint32_t position = 1; position <= cut->positions;) {
        const struct piece *piece = piece_at(cut, position, chosen, &used);
        if (piece)
            units[count++] = &piece->unit;
        position += piece ? piece->span : 1;
    }
    if (used == chosen && count)
        list->paths[list->count++] = (struct query_path){units, count};
    return 0;
}

static int add_paths(struct query_words *words, const struct cut *cut, struct path_list *list) {
    unsigned joined = 0;
    for (size_t i = 0; i < cut->count && joined < JOINED_MAX; i++)
        joined += cut->pieces[i].joined;
    for (unsigned chosen = 0; chosen < 1u << joined; chosen++)
        if (add_path(words, cut, chosen, list))
            return PLENARY_ENOMEM;
    return 0;
}

static int cut_by_language(struct query_words *words, const struct query_node *const *leaves,
                           size_t count, const struct query_unit *expanded, struct cut *cuts,
                           size_t *cut_count, struct error *err) {
    *cut_count = 0;
    for (int language = 0; language < 64; language++) {
        if (!(words->languages >> language & 1))
            continue;
        struct cut *cut = &cuts[*cut_count];
        int status = cut_leaves(words, language, leaves, count, expanded, cut, err);
        if (status)
            return status;
        size_t same = 0;
        while (same < *cut_count && !same_shape(&cuts[same], cut))
            same++;
        if (same == *cut_count)
            *cut_count += cut->count > 0;
        else if (cut_merge(words->arena, &cuts[same], cut))
            return error_memory(err);
    }
    return 0;
}

int query_words_paths(struct query_words *words, const struct query_node *leaf,
                      const struct query_path **out, size_t *count, struct error *err) {
    const struct query_node *const *leaves =
        leaf->op == QUERY_PHRASE ? (const struct query_node *const *)leaf->children : &leaf;
    size_t leaf_count = leaf->op == QUERY_PHRASE ? leaf->count : 1, cut_count;
    struct query_unit *expanded = arena_zero(words->arena, leaf_count, sizeof *expanded);
    if (!expanded)
        return error_memory(err);
    for (size_t i = 0; i < leaf_count; i++)
        if (query_is_expanded(leaves[i])) {
            int status = query_expand(words, leaves[i], &expanded[i], err);
            if (status)
                return status;
        }
    struct cut cuts[64];
    int status = cut_by_language(words, leaves, leaf_count, expanded, cuts, &cut_count, err);
    if (status)
        return status;
    struct path_list list = {
        arena_zero(words->arena, cut_count * QUERY_LIMIT_PATHS + 1, sizeof *list.paths), 0};
    if (!list.paths)
        return error_memory(err);
    for (size_t i = 0; i < cut_count; i++)
        if (add_paths(words, &cuts[i], &list))
            return error_memory(err);
    *out = list.paths;
    *count = list.count;
    return 0;
}

void query_words_free(struct query_words *words) {
    token_list_free(&words->tokens);
}
