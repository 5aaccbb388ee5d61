/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/spelling.h"

#include "indexer/segment/segment_columns.h"
#include "searcher/query_verify.h"
#include "searcher/word_match.h"

#include <stdlib.h>
#include <string.h>

struct candidate {
    const char *word;
    uint64_t passages;
    unsigned edits;
};

struct candidates {
    struct candidate *all; /* owned */
    size_t count, capacity;
    struct arena arena;
    struct likeness likeness;
};

struct correction {
    const struct query_node *leaf;
    size_t at; /* byte of the query's text */
    const char *word;
};

/* ---- Candidates ------------------------------------------------------------------------------ */

static int add_candidate(struct candidates *list, const struct lexicon_row *row, unsigned edits) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct candidate *grown = reallocarray(list->all, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        list->all = grown;
        list->capacity = capacity;
    }
    const char *word = arena_text(&list->arena, row->word, row->word_size);
    if (!word)
        return PLENARY_ENOMEM;
    list->all[list->count++] = (struct candidate){word, row->passages, edits};
    return 0;
}

static int take_row(void *context, const struct lexicon_row *row, size_t shared,
                    struct bytes *leap) {
    struct candidates *list = context;
    size_t dead;
    unsigned edits = likeness_of(&list->likeness, row->word, row->word_size, shared, &dead);
    if (dead) {
        bytes_add(leap, row->word, dead);
        if (!leap->failed)
            leap->data[dead - 1]++;
    }
    return edits > list->likeness.edits ? 0 : add_candidate(list, row, edits);
}

static int by_word(const void *a, const void *b) {
    return strcmp(((const struct candidate *)a)->word, ((const struct candidate *)b)->word);
}

/* Words of several segments, languages or ways to stand there are one. */
static void unite(struct candidates *list) {
    size_t kept = 0;
    if (!list->count)
        return;
    qsort(list->all, list->count, sizeof *list->all, by_word);
    for (size_t i = 1; i < list->count; i++)
        if (strcmp(list->all[kept].word, list->all[i].word) == 0)
            list->all[kept].passages += list->all[i].passages;
        else
            list->all[++kept] = list->all[i];
    list->count = kept + 1;
}

static double worth(const struct candidate *candidate) {
    const double an_edit = 100;
    double worth = (double)candidate->passages;
    for (unsigned i = 0; i < candidate->edits; i++)
        worth /= an_edit;
    return worth;
}

/* The best, if it is so much better than the word as typed, which `own` passages have. Of equal
 * ones the first by bytes. */
static const struct candidate *choose(const struct candidates *list, uint64_t own) {
    enum { TIMES = 10, RARE = SPELLING_BELOW };
    const struct candidate *best = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct candidate *one = &list->all[i];
        if (one->edits && (!best || worth(one) > worth(best)))
            best = one;
    }
    return best && own < RARE && best->passages > own * TIMES ? best : NULL;
}

/* Passages with the word's stem in one language: of a word in parts, the rarest one's. */
static int count_stem(const struct spelling_request *request, int language,
                      const struct query_node *leaf, uint64_t *out, struct error *err) {
    struct token_list tokens = {NULL, 0, 0};
    int status =
        analyser_tokenise(request->analyser, language, leaf->text, leaf->text_size, &tokens, err);
    *out = tokens.count ? UINT64_MAX : 0;
    for (size_t i = 0; i < tokens.count && !status; i++) {
        const struct word *word = analyser_word(request->analyser, tokens.tokens[i].word);
        uint64_t passages = 0, occurrences;
        status = shim_error(err, request->database,
                            shim_term_statistics(request->database, word->term, word->term_size,
                                                 &passages, &occurrences));
        if (!word->joined && passages < *out)
            *out = passages;
    }
    token_list_free(&tokens);
    return status;
}

static int count_own(const struct spelling_request *request, const struct query_node *leaf,
                     uint64_t *out, struct error *err) {
    uint64_t languages = snapshot_languages(request->snapshot);
    int status = 0;
    *out = 0;
    for (int language = 0; language < 64 && !status; language++) {
        uint64_t passages = 0;
        if (!(languages >> language & 1))
            continue;
        status = count_stem(request, language, leaf, &passages, err);
        *out = passages > *out ? passages : *out;
    }
    return status;
}

/* The word to stand for this one; NULL for none. */
static int correct(const char **out, struct arena *arena, const struct spelling_request *request,
                   const struct query_node *leaf, struct error *err) {
    enum { SHORT = 4, TOO_SHORT = 2 };
    struct candidates list = {.arena = ARENA_INIT};
    char *folded = arena_alloc(&list.arena, 4 * leaf->text_size + 1);
    *out = NULL;
    if (!folded)
        return error_memory(err);
    size_t size = analysis_fold(leaf->text, leaf->text_size, folded);
    size_t characters = word_characters(folded, size);
    uint64_t own = 0;
    int status = count_own(request, leaf, &own, err);
    if (!status && own < SPELLING_BELOW && characters > TOO_SHORT &&
        likeness_init(&list.likeness, folded, size, characters <= SHORT ? 1 : 2))
        for (uint32_t i = 0; i < snapshot_segment_count(request->snapshot) && !status; i++) {
            list.likeness.depth = 0;
            status =
                segment_leap_words(snapshot_segment(request->snapshot, i), take_row, &list, err);
        }
    if (status == PLENARY_ENOMEM)
        error_memory(err);
    unite(&list);
    const struct candidate *best = status ? NULL : choose(&list, own);
    if (best && !(*out = arena_string(arena, best->word)))
        status = error_memory(err);
    free(list.all);
    arena_free(&list.arena);
    return status;
}

/* ---- Places ---------------------------------------------------------------------------------- */

/* Where the leaf stands in the text as typed; false if it was typed with escapes. */
static bool find_place(const struct spelling_request *request, const struct query_node *leaf,
                       size_t *at) {
    uint32_t column = 0;
    for (*at = 0; *at < request->text_size; ++*at) {
        column += ((unsigned char)request->text[*at] & 0xC0) != 0x80;
        if (column == leaf->column)
            break;
    }
    return leaf->column && leaf->text_size <= request->text_size - *at &&
           memcmp(request->text + *at, leaf->text, leaf->text_size) == 0;
}

struct places {
    struct correction all[SPELLING_WORDS_MAX];
    size_t count;
};

/* Recursion is bounded as the tree's depth is. */
static void find_leaves(const struct spelling_request *request, const struct query_node *node,
                        struct places *places) {
    if (node->op == QUERY_NOT || places->count == SPELLING_WORDS_MAX)
        return;
    for (size_t i = 0; i < node->count; i++)
        find_leaves(request, node->children[i], places);
    size_t at;
    if (node->op != QUERY_WORD || node->field != QUERY_FIELD_TEXT || node->exact || node->fuzzy ||
        places->count == SPELLING_WORDS_MAX || !find_place(request, node, &at))
        return;
    for (size_t i = 0; i < places->count; i++)
        if (places->all[i].at == at)
            return;
    places->all[places->count++] = (struct correction){node, at, NULL};
}

static int by_place(const void *a, const void *b) {
    const struct correction *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static const char *write_text(struct arena *arena, const struct spelling_request *request,
                              const struct places *places) {
    struct bytes text = BYTES_INIT;
    size_t from = 0;
    for (size_t i = 0; i < places->count; i++) {
        const struct correction *one = &places->all[i];
        if (!one->word || one->at < from)
            continue;
        bytes_add(&text, request->text + from, one->at - from);
        bytes_add_string(&text, one->word);
        from = one->at + one->leaf->text_size;
    }
    bytes_add(&text, request->text + from, request->text_size - from);
    const char *copy =
        bytes_string(&text) ? arena_text(arena, (const char *)text.data, text.size) : NULL;
    bytes_free(&text);
    return copy;
}

int spelling_suggest(const char **out, struct arena *arena, const struct spelling_request *request,
                     struct error *err) {
    struct places places = {.count = 0};
    bool any = false;
    int status = 0;
    *out = NULL;
    find_leaves(request, request->query->root, &places);
    if (places.count)
        qsort(places.all, places.count, sizeof *places.all, by_place);
    for (size_t i = 0; i < places.count && !status; i++) {
        status = correct(&places.all[i].word, arena, request, places.all[i].leaf, err);
        any |= places.all[i].word != NULL;
    }
    if (status || !any)
        return status;
    *out = write_text(arena, request, &places);
    return *out ? 0 : error_memory(err);
}
