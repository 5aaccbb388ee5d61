/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/highlight.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A place of the query: term `position` of a phrase, or a word by itself. */
struct slot {
    uint32_t word;     /* what it belongs to */
    uint32_t position; /* 0, 1, ... within a phrase */
    const struct search_term *term;
};

struct entry {
    const char *term;
    uint32_t slot;
};

/* A token of the text. */
struct found {
    uint32_t entry;   /* the first for its term, or NONE */
    const char *word; /* in the analyser */
};

struct wanted {
    const struct search_highlight *highlight;
    uint32_t term;       /* of an unordered highlight */
    uint32_t first_slot; /* a phrase has one for each of its terms, a word one */
    uint32_t slot_count;
};

struct highlighter {
    struct entry *entries; /* by term, then slot */
    struct slot *slots;
    struct wanted *words;
    double *weights; /* one for each word */
    size_t entry_count, slot_count, word_count;
    struct token_list tokens;
    struct found *found; /* by token */
    size_t found_capacity;
};

enum { NONE = UINT32_MAX };

static bool marks_text(const struct search_highlight *highlight) {
    return highlight->field == QUERY_FIELD_TEXT && highlight->term_count > 0;
}

static int by_term(const void *a, const void *b) {
    const struct entry *first = a, *second = b;
    int order = strcmp(first->term, second->term);
    return order ? order : (first->slot > second->slot) - (first->slot < second->slot);
}

static void count_wanted(struct highlighter *h, const struct search_result *result) {
    for (size_t i = 0; i < result->highlight_count; i++) {
        const struct search_highlight *highlight = &result->highlights[i];
        if (!marks_text(highlight))
            continue;
        h->word_count += highlight->ordered ? 1 : highlight->term_count;
        h->slot_count += highlight->term_count;
        for (size_t t = 0; t < highlight->term_count; t++)
            h->entry_count += highlight->terms[t].alternative_count;
    }
}

/* Calloc of at least one item, so that NULL always means failure. */
static void *room_for(size_t count, size_t size) {
    return calloc(count ? count : 1, size);
}

static void fill_wanted(struct highlighter *h, const struct search_result *result) {
    size_t entries = 0, slots = 0, words = 0;
    for (size_t i = 0; i < result->highlight_count; i++) {
        const struct search_highlight *highlight = &result->highlights[i];
        if (!marks_text(highlight))
            continue;
        for (size_t t = 0; t < highlight->term_count; t++) {
            if (t == 0 || !highlight->ordered) {
                h->weights[words] = 1;
                h->words[words++] = (struct wanted){highlight, (uint32_t)t, (uint32_t)slots, 0};
            }
            h->words[words - 1].slot_count++;
            h->slots[slots] = (struct slot){
                (uint32_t)(words - 1), highlight->ordered ? (uint32_t)t : 0, &highlight->terms[t]};
            for (size_t a = 0; a < highlight->terms[t].alternative_count; a++)
                h->entries[entries++] =
                    (struct entry){highlight->terms[t].alternatives[a], (uint32_t)slots};
            slots++;
        }
    }
}

int highlighter_open(struct highlighter **out, const struct search_result *result,
                     struct error *err) {
    *out = NULL;
    struct highlighter *h = calloc(1, sizeof *h);
    if (!h)
        return error_memory(err);
    count_wanted(h, result);
    h->entries = room_for(h->entry_count, sizeof *h->entries);
    h->slots = room_for(h->slot_count, sizeof *h->slots);
    h->words = room_for(h->word_count, sizeof *h->words);
    h->weights = room_for(h->word_count, sizeof *h->weights);
    if (!h->entries || !h->slots || !h->words || !h->weights) {
        highlighter_close(h);
        return error_memory(err);
    }
    fill_wanted(h, result);
    qsort(h->entries, h->entry_count, sizeof *h->entries, by_term);
    *out = h;
    return 0;
}

void highlighter_close(struct highlighter *h) {
    if (!h)
        return;
    free(h->entries);
    free(h->slots);
    free(h->words);
    free(h->weights);
    free(h->found);
    token_list_free(&h->tokens);
    free(h);
}

size_t highlighter_word_count(const struct highlighter *h) {
    return h->word_count;
}

const double *highlighter_weights(const struct highlighter *h) {
    return h->weights;
}

static int add_range(struct highlight_list *list, struct highlight_range range, struct error *err) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        struct highlight_range *ranges = reallocarray(list->ranges, capacity, sizeof *ranges);
        if (!ranges)
            return error_memory(err);
        list->ranges = ranges;
        list->capacity = capacity;
    }
    list->ranges[list->count++] = range;
    return 0;
}

void highlight_list_free(struct highlight_list *list) {
    free(list->ranges);
    *list = (struct highlight_list)HIGHLIGHT_LIST_INIT;
}

/* The first entry for a term, or NONE. */
static uint32_t find_term(const struct highlighter *h, const char *term) {
    size_t low = 0, high = h->entry_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(h->entries[middle].term, term) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool equal = low < h->entry_count && strcmp(h->entries[low].term, term) == 0;
    return equal ? (uint32_t)low : NONE;
}

static int find_tokens(struct highlighter *h, const struct analyser *analyser, struct error *err) {
    if (h->tokens.count > h->found_capacity) {
        struct found *found = reallocarray(h->found, h->tokens.count, sizeof *found);
        if (!found)
            return error_memory(err);
        h->found = found;
        h->found_capacity = h->tokens.count;
    }
    for (size_t i = 0; i < h->tokens.count; i++) {
        const struct word *word = analyser_word(analyser, h->tokens.tokens[i].word);
        h->found[i] = (struct found){find_term(h, word->term), word->text};
    }
    return 0;
}

/* The term is right; is the word, where it must be an exact one? */
static bool is_word(const struct slot *slot, const char *word) {
    for (size_t i = 0; i < slot->term->word_count; i++)
        if (strcmp(slot->term->words[i], word) == 0)
            return true;
    return slot->term->word_count == 0;
}

static bool token_fills(const struct highlighter *h, size_t token, uint32_t slot) {
    uint32_t first = h->found[token].entry;
    if (first == NONE)
        return false;
    const char *term = h->entries[first].term;
    for (size_t e = first; e < h->entry_count && h->entries[e].slot <= slot; e++)
        if (h->entries[e].slot == slot)
            return strcmp(h->entries[e].term, term) == 0 &&
                   is_word(&h->slots[slot], h->found[token].word);
    return false;
}

/* Does the phrase stand at `start`? Then *end is where it ends. Tokens are in order of position;
 * a joined form and its first part share one, and either may fill the place. */
static bool phrase_at(const struct highlighter *h, const struct wanted *phrase, size_t start,
                      uint32_t *end) {
    const struct token *tokens = h->tokens.tokens;
    size_t at = start;
    *end = tokens[start].end;
    for (uint32_t k = 1; k < phrase->slot_count; k++) {
        uint32_t position = tokens[start].position + k;
        bool filled = false;
        while (at < h->tokens.count && tokens[at].position < position)
            at++;
        for (size_t i = at; i < h->tokens.count && tokens[i].position == position && !filled; i++) {
            filled = token_fills(h, i, phrase->first_slot + k);
            if (filled && tokens[i].end > *end)
                *end = tokens[i].end;
        }
        if (!filled)
            return false;
    }
    return true;
}

/* All that token `i` begins or is: words by themselves and phrases whose first term it is. */
static int add_matches(const struct highlighter *h, size_t i, struct highlight_list *matches,
                       struct error *err) {
    const struct token *token = &h->tokens.tokens[i];
    const char *term = h->entries[h->found[i].entry].term;
    for (size_t e = h->found[i].entry; e < h->entry_count; e++) {
        if (strcmp(h->entries[e].term, term) != 0)
            break;
        const struct slot *slot = &h->slots[h->entries[e].slot];
        uint32_t end = token->end;
        if (slot->position > 0 || !is_word(slot, h->found[i].word) ||
            !phrase_at(h, &h->words[slot->word], i, &end))
            continue;
        int status =
            add_range(matches, (struct highlight_range){token->begin, end, slot->word}, err);
        if (status < 0)
            return status;
    }
    return 0;
}

static int by_begin(const void *a, const void *b) {
    const struct highlight_range *first = a, *second = b;
    if (first->begin != second->begin)
        return first->begin < second->begin ? -1 : 1;
    if (first->end != second->end)
        return first->end > second->end ? -1 : 1;
    return (first->word > second->word) - (first->word < second->word);
}

int highlighter_find(struct highlighter *h, struct analyser *analyser, int language,
                     const char *text, size_t size, struct highlight_list *matches,
                     struct error *err) {
    matches->count = 0;
    if (!h->entry_count || !size)
        return 0;
    int status = analyser_tokenise(analyser, language, text, size, &h->tokens, err);
    if (status < 0)
        return status;
    status = find_tokens(h, analyser, err);
    for (size_t i = 0; i < h->tokens.count && status >= 0; i++)
        if (h->found[i].entry != NONE)
            status = add_matches(h, i, matches, err);
    if (status < 0)
        return status;
    if (matches->count)
        qsort(matches->ranges, matches->count, sizeof *matches->ranges, by_begin);
    return 0;
}

void highlight_merge(struct highlight_list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct highlight_range range = list->ranges[i];
        if (kept && range.begin < list->ranges[kept - 1].end) {
            if (range.end > list->ranges[kept - 1].end)
                list->ranges[kept - 1].end = range.end;
            continue;
        }
        list->ranges[kept++] = range;
    }
    list->count = kept;
}

/* Robertson's idf of the most frequent of a term's alternatives; a prefix may have thousands, of
 * which the first ones tell enough. */
static int term_weight(struct shim_database *database, uint64_t collection,
                       const struct search_term *term, double *weight, struct error *err) {
    enum { LOOK_AT = 64 };
    uint64_t most = 0;
    for (size_t i = 0; i < term->alternative_count && i < LOOK_AT; i++) {
        uint64_t documents, occurrences;
        const char *text = term->alternatives[i];
        int status = shim_term_statistics(database, text, strlen(text), &documents, &occurrences);
        if (status != SHIM_OK)
            return error_set(err, PLENARY_EENGINE, "%s", shim_database_message(database));
        most = documents > most ? documents : most;
    }
    double n = (double)collection, df = (double)(most < collection ? most : collection);
    *weight = log(1 + (n - df + 0.5) / (df + 0.5));
    return 0;
}

/* A phrase is worth its terms together. */
int highlighter_weigh(struct highlighter *h, struct shim_database *database, struct error *err) {
    struct shim_statistics all;
    if (shim_database_statistics(database, &all) != SHIM_OK)
        return error_set(err, PLENARY_EENGINE, "%s", shim_database_message(database));
    for (size_t w = 0; w < h->word_count; w++) {
        const struct wanted *word = &h->words[w];
        double sum = 0;
        for (uint32_t t = 0; t < word->slot_count; t++) {
            double weight = 0;
            int status = term_weight(database, all.documents,
                                     &word->highlight->terms[word->term + t], &weight, err);
            if (status < 0)
                return status;
            sum += weight;
        }
        h->weights[w] = sum;
    }
    return 0;
}
