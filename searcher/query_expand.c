/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_expand.h"

#include "indexer/segment/segment_columns.h"
#include "searcher/word_match.h"

#include <stdlib.h>
#include <string.h>

/* A term with a word that begins so; for a pattern or a misspelt word, a word with its term. */
struct expansion {
    const char *word; /* NULL for a prefix */
    const char *term;
    uint64_t passages;
    unsigned edits; /* from the word as typed; 0 for prefixes and patterns */
};

struct expansions {
    struct arena arena;
    struct expansion *all;
    size_t count, capacity;
    const char *pattern; /* folded; NULL: all words that are looked at */
    size_t pattern_size;
    struct likeness *likeness; /* of a misspelt word */
};

bool query_is_expanded(const struct query_node *leaf) {
    return leaf->op == QUERY_PREFIX || leaf->fuzzy;
}

unsigned query_usual_edits(size_t characters) {
    enum { NONE_UP_TO = 2, ONE_UP_TO = 5 };
    return characters <= NONE_UP_TO ? 0 : characters <= ONE_UP_TO ? 1 : 2;
}

/* ---- Collecting ------------------------------------------------------------------------------ */

static bool is_text(const char *text, const char *other, size_t size) {
    return strlen(text) == size && memcmp(text, other, size) == 0;
}

static int expansions_add(struct expansions *list, const struct lexicon_row *row, unsigned edits) {
    bool whole = list->pattern || list->likeness;
    /* Neighbours in the lexicon often share their stem. */
    if (list->count && !whole) {
        struct expansion *last = &list->all[list->count - 1];
        if (is_text(last->term, row->term, row->term_size)) {
            last->passages += row->passages;
            return 0;
        }
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 256;
        struct expansion *grown = reallocarray(list->all, capacity, sizeof *grown);
        if (!grown)
            return PLENARY_ENOMEM;
        list->all = grown;
        list->capacity = capacity;
    }
    const char *word = whole ? arena_text(&list->arena, row->word, row->word_size) : NULL;
    const char *term = arena_text(&list->arena, row->term, row->term_size);
    if (!term || (whole && !word))
        return PLENARY_ENOMEM;
    list->all[list->count++] = (struct expansion){word, term, row->passages, edits};
    return 0;
}

static int take_word(void *context, const struct lexicon_row *row) {
    struct expansions *list = context;
    if (list->pattern &&
        !word_matches(list->pattern, list->pattern_size, row->word, row->word_size))
        return 0;
    return expansions_add(list, row, 0);
}

static int take_similar(void *context, const struct lexicon_row *row, size_t shared,
                        struct bytes *leap) {
    struct expansions *list = context;
    size_t dead;
    unsigned edits = likeness_of(list->likeness, row->word, row->word_size, shared, &dead);
    if (dead) {
        /* The bytes of UTF-8 stay below 0xF5, so the last one has a successor. */
        bytes_add(leap, row->word, dead);
        if (!leap->failed)
            leap->data[dead - 1]++;
    }
    return edits > list->likeness->edits ? 0 : expansions_add(list, row, edits);
}

/* All words that begin with the first `size` bytes, or all that the likeness accepts. */
static int collect(struct query_words *words, struct expansions *list, const char *text,
                   size_t size, struct error *err) {
    for (uint32_t i = 0; i < snapshot_segment_count(words->snapshot); i++) {
        const struct segment *segment = snapshot_segment(words->snapshot, i);
        if (list->likeness)
            list->likeness->depth = 0;
        int status = list->likeness
                         ? segment_leap_words(segment, take_similar, list, err)
                         : segment_each_word_row(segment, text, size, take_word, list, err);
        if (status == PLENARY_ENOMEM)
            return error_memory(err);
        if (status < 0)
            return status;
    }
    return 0;
}

/* co-ch* is meant for the joined form, cochairs. */
static size_t without_hyphens(char *text, size_t size) {
    size_t kept = 0;
    for (size_t i = 0; i < size; i++)
        if (text[i] != '-')
            text[kept++] = text[i];
    return kept;
}

static int collect_pattern(struct query_words *words, struct expansions *list, const char *text,
                           size_t size, struct error *err) {
    list->pattern = text;
    list->pattern_size = size;
    return collect(words, list, text, word_pattern_head(text, size), err);
}

static int collect_similar(struct query_words *words, const struct query_node *leaf,
                           struct expansions *list, const char *text, size_t size,
                           struct error *err) {
    unsigned edits = leaf->edits ? leaf->edits : query_usual_edits(word_characters(text, size));
    list->likeness = malloc(sizeof *list->likeness);
    if (!list->likeness)
        return error_memory(err);
    if (likeness_init(list->likeness, text, size, edits))
        return collect(words, list, text, size, err);
    if (query_note(words->query, words->arena, QUERY_NOTE, leaf->column,
                   "~ is for words of up to %d characters; this one is left out",
                   (int)LIKENESS_CHARACTERS_MAX))
        return error_memory(err);
    return 0;
}

static int expand(struct query_words *words, const struct query_node *leaf, struct expansions *list,
                  struct error *err) {
    char *folded = arena_alloc(&list->arena, 4 * leaf->text_size + 1);
    if (!folded)
        return error_memory(err);
    size_t size = analysis_fold(leaf->text, leaf->text_size, folded);
    if (leaf->fuzzy)
        return collect_similar(words, leaf, list, folded, without_hyphens(folded, size), err);
    int status = leaf->wildcard ? collect_pattern(words, list, folded, size, err)
                                : collect(words, list, folded, size, err);
    size_t plain = status || list->count ? size : without_hyphens(folded, size);
    if (plain > 1 && plain < size)
        status = leaf->wildcard ? collect_pattern(words, list, folded, plain, err)
                                : collect(words, list, folded, plain, err);
    return status;
}

/* ---- Settling -------------------------------------------------------------------------------- */

static const char *name_of(const struct expansion *expansion) {
    return expansion->word ? expansion->word : expansion->term;
}

static int by_name(const void *a, const void *b) {
    const struct expansion *x = a, *y = b;
    int order = strcmp(name_of(x), name_of(y));
    return order ? order : strcmp(x->term, y->term);
}

static int by_worth(const void *a, const void *b) {
    const struct expansion *x = a, *y = b;
    if (x->edits != y->edits)
        return x->edits < y->edits ? -1 : 1;
    if (x->passages != y->passages)
        return x->passages > y->passages ? -1 : 1;
    return by_name(a, b);
}

/* One row a word and term, the best `most` of them, by name again. Returns how many there were. */
static size_t settle(struct expansions *list, size_t most) {
    if (!list->count)
        return 0;
    qsort(list->all, list->count, sizeof *list->all, by_name);
    size_t kept = 0;
    for (size_t i = 1; i < list->count; i++) {
        struct expansion *last = &list->all[kept], *next = &list->all[i];
        if (by_name(last, next) != 0)
            list->all[++kept] = *next;
        else
            last->passages += next->passages;
    }
    list->count = kept + 1;
    size_t found = list->count;
    if (found > most) {
        qsort(list->all, list->count, sizeof *list->all, by_worth);
        list->count = most;
        qsort(list->all, list->count, sizeof *list->all, by_name);
    }
    return found;
}

static int note_limit(struct query_words *words, const struct query_node *leaf, size_t found,
                      size_t most) {
    int shown = leaf->text_size < 60 ? (int)leaf->text_size : 0;
    if (leaf->fuzzy)
        return query_note(words->query, words->arena, QUERY_NOTE, leaf->column,
                          "%zu different words are similar to %.*s; only the %zu most similar and "
                          "frequent are searched for",
                          found, shown, leaf->text, most);
    return query_note(words->query, words->arena, QUERY_NOTE, leaf->column,
                      "%.*s%s %zu different %s; only the %zu most frequent are searched for", shown,
                      leaf->text, leaf->wildcard ? " matches" : "* begins", found,
                      leaf->wildcard ? "words" : "terms", most);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted and distinct; all strings copied into the arena. */
static int settle_texts(struct arena *arena, const char **texts, size_t *count) {
    size_t kept = 0;
    if (*count)
        qsort(texts, *count, sizeof *texts, by_text);
    for (size_t i = 0; i < *count; i++)
        if (!kept || strcmp(texts[i], texts[kept - 1]) != 0)
            if (!(texts[kept++] = arena_string(arena, texts[i])))
                return PLENARY_ENOMEM;
    *count = kept;
    return 0;
}

static int keep(struct query_words *words, const struct query_node *leaf, struct expansions *list,
                struct query_unit *unit) {
    size_t left = QUERY_LIMIT_PREFIXES_TERMS - words->prefix_terms;
    size_t most = leaf->fuzzy ? QUERY_LIMIT_FUZZY_TERMS : QUERY_LIMIT_PREFIX_TERMS;
    most = left < most ? left : most;
    size_t found = settle(list, most);
    if (found > most && note_limit(words, leaf, found, most))
        return PLENARY_ENOMEM;
    unit->terms = arena_zero(words->arena, list->count + 1, sizeof *unit->terms);
    unit->words = arena_zero(words->arena, list->count + 1, sizeof *unit->words);
    if (!unit->terms || !unit->words)
        return PLENARY_ENOMEM;
    for (size_t i = 0; i < list->count; i++) {
        unit->terms[unit->count++] = list->all[i].term;
        if (list->all[i].word)
            unit->words[unit->word_count++] = list->all[i].word;
    }
    if (settle_texts(words->arena, unit->terms, &unit->count) ||
        settle_texts(words->arena, unit->words, &unit->word_count))
        return PLENARY_ENOMEM;
    words->prefix_terms += list->count;
    return 0;
}

/* Every such leaf costs milliseconds, and a query may have a thousand leaves. */
static bool scans_too_much(struct query_words *words, const struct query_node *leaf) {
    bool scans = leaf->fuzzy || (leaf->wildcard && leaf->text[0] == '*');
    return scans && words->scans++ >= QUERY_LIMIT_SCANS;
}

int query_expand(struct query_words *words, const struct query_node *leaf, struct query_unit *unit,
                 struct error *err) {
    struct expansions list = {.arena = ARENA_INIT};
    *unit = (struct query_unit){.terms = NULL};
    int status = 0;
    if (!scans_too_much(words, leaf))
        status = expand(words, leaf, &list, err);
    else if (query_note(words->query, words->arena, QUERY_NOTE, leaf->column,
                        "more than %d words with ~ or a star in front; this one finds nothing",
                        (int)QUERY_LIMIT_SCANS))
        status = error_memory(err);
    if (!status && keep(words, leaf, &list, unit))
        status = error_memory(err);
    free(list.likeness);
    free(list.all);
    arena_free(&list.arena);
    return status;
}
