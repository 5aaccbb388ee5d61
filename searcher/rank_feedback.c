/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/rank_feedback.h"

#include "corpus/bytes.h"
#include "indexer/segment/segment.h"
#include "searcher/query_verify.h"
#include "searcher/word_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define NO_SHARE UINT32_MAX

enum {
    TOKENS_MOST = 20000, /* of a passage that are read */
    WEIGHED_MOST = 4096, /* words whose rarity is looked up */
    TERM_LEAST = 2       /* bytes of a term worth adding */
};

/* How steeply a passage's say falls with its score: exp(-4) where the score is 0. */
static const double focus = 4;
/* A word of the title says as much as so many of the text. */
static const double title_times = 2;

struct share {
    const char *term; /* in the bag's arena */
    double value;
};

/* What an id of a segment's lexicon stands for, so that a word is looked up once. */
struct id_slot {
    uint64_t key;   /* segment and id; 0: free */
    uint32_t share; /* NO_SHARE for a term too short to add */
    bool counts;    /* into a passage's length */
};

struct feedback {
    struct rank_bag *bag;
    struct searcher *searcher;
    struct share *shares; /* owned */
    size_t count, capacity;
    uint32_t *by_term; /* open-addressed: 1 + the place of a share, 0 where free; owned */
    size_t term_slots;
    struct id_slot *by_id; /* open-addressed; owned */
    size_t id_slots, id_count;
    uint32_t *words; /* of the passage at hand: their shares; owned */
    size_t word_count;
    struct arena scratch;
    struct token_list tokens;
    double length; /* of the passage at hand */
    struct error *err;
};

/* ---- Shares by term ------------------------------------------------------------------------ */

static uint32_t *slot_of_term(const struct feedback *feedback, const char *term, size_t size) {
    size_t at = XXH3_64bits(term, size) & (feedback->term_slots - 1);
    for (;; at = (at + 1) & (feedback->term_slots - 1)) {
        uint32_t *slot = &feedback->by_term[at];
        const char *found = *slot ? feedback->shares[*slot - 1].term : NULL;
        if (!found || (strncmp(found, term, size) == 0 && !found[size]))
            return slot;
    }
}

/* Room for one share more; never more than half of the slots are taken. */
static int shares_grow(struct feedback *feedback) {
    if (feedback->count < feedback->capacity)
        return 0;
    size_t capacity = feedback->capacity ? 2 * feedback->capacity : 512;
    struct share *shares = reallocarray(feedback->shares, capacity, sizeof *shares);
    if (shares)
        feedback->shares = shares;
    uint32_t *slots = shares ? calloc(2 * capacity, sizeof *slots) : NULL;
    if (!slots)
        return error_memory(feedback->err);
    free(feedback->by_term);
    feedback->by_term = slots;
    feedback->term_slots = 2 * capacity;
    feedback->capacity = capacity;
    for (size_t i = 0; i < feedback->count; i++)
        *slot_of_term(feedback, shares[i].term, strlen(shares[i].term)) = (uint32_t)i + 1;
    return 0;
}

/* The place of a term's share, made where there is none. */
static int share_of(struct feedback *feedback, const char *term, size_t size, uint32_t *out) {
    *out = NO_SHARE;
    if (size < TERM_LEAST)
        return 0;
    int status = shares_grow(feedback);
    if (status)
        return status;
    uint32_t *slot = slot_of_term(feedback, term, size);
    if (!*slot) {
        const char *copy = arena_text(feedback->bag->arena, term, size);
        if (!copy)
            return error_memory(feedback->err);
        feedback->shares[feedback->count++] = (struct share){copy, 0};
        *slot = (uint32_t)feedback->count;
    }
    *out = *slot - 1;
    return 0;
}

/* ---- Shares by id -------------------------------------------------------------------------- */

static struct id_slot *slot_of_id(struct id_slot *slots, size_t count, uint64_t key) {
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (count - 1);
    while (slots[at].key && slots[at].key != key)
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static int ids_grow(struct feedback *feedback) {
    if (2 * (feedback->id_count + 1) <= feedback->id_slots)
        return 0;
    size_t count = feedback->id_slots ? 2 * feedback->id_slots : 1024;
    struct id_slot *grown = calloc(count, sizeof *grown);
    if (!grown)
        return error_memory(feedback->err);
    for (size_t i = 0; i < feedback->id_slots; i++)
        if (feedback->by_id[i].key)
            *slot_of_id(grown, count, feedback->by_id[i].key) = feedback->by_id[i];
    free(feedback->by_id);
    feedback->by_id = grown;
    feedback->id_slots = count;
    return 0;
}

/* Numbers are words to find by, but do not make a text longer. */
static int fill_slot(struct feedback *feedback, struct id_slot *slot, uint32_t segment,
                     uint32_t id) {
    struct word_cache *cache = searcher_words(feedback->searcher);
    const char *term;
    if (!cache)
        return error_memory(feedback->err);
    int status = word_cache_term(cache, segment, id, &term, feedback->err);
    if (!status)
        status = share_of(feedback, term, strlen(term), &slot->share);
    if (status)
        return status;
    slot->counts = !strpbrk(term, "0123456789");
    feedback->id_count++;
    return 0;
}

/* ---- Words of passages --------------------------------------------------------------------- */

static int take_id(struct feedback *feedback, uint32_t segment, uint32_t id) {
    int status = ids_grow(feedback);
    if (status)
        return status;
    uint64_t key = ((uint64_t)segment + 1) << 32 | id;
    struct id_slot *slot = slot_of_id(feedback->by_id, feedback->id_slots, key);
    if (!slot->key)
        status = fill_slot(feedback, slot, segment, id);
    if (status)
        return status;
    slot->key = key;
    feedback->length += slot->counts;
    if (slot->share != NO_SHARE)
        feedback->words[feedback->word_count++] = slot->share;
    return 0;
}

static int read_words(struct feedback *feedback, const struct rank_passage *from) {
    const struct segment *segment =
        snapshot_segment(searcher_snapshot(feedback->searcher), from->segment);
    const uint8_t *at;
    size_t size;
    feedback->word_count = 0;
    if (!feedback->words && !(feedback->words = calloc(TOKENS_MOST, sizeof *feedback->words)))
        return error_memory(feedback->err);
    int status = segment_tokens(segment, from->passage, &at, &size, feedback->err);
    if (status)
        return status;
    const uint8_t *end = at + size;
    for (size_t i = 0; at < end && i < TOKENS_MOST && !status; i++) {
        uint64_t id;
        if (!varint_read(&at, end, &id) || id >= segment_word_count(segment))
            return error_set(feedback->err, PLENARY_EDAMAGED,
                             "%s: the words of passage %u cannot be read", segment_folder(segment),
                             from->passage);
        status = take_id(feedback, from->segment, (uint32_t)id);
    }
    return status;
}

/* The title's words are ready in `tokens`, if the passage opens its document. */
static int read_title(struct feedback *feedback, const struct segment *segment, uint32_t passage) {
    struct document_row row;
    uint32_t document = segment_document_of(segment, passage);
    feedback->tokens.count = 0;
    arena_reset(&feedback->scratch);
    if (segment_first_passage(segment, document) != passage || !(feedback->bag->ranking->title > 0))
        return 0;
    int status = segment_document(segment, document, &feedback->scratch, &row, feedback->err);
    if (status || !row.title)
        return status;
    int language = language_number(row.language ? row.language : "none");
    return analyser_tokenise(searcher_analyser(feedback->searcher), language < 0 ? 0 : language,
                             row.title, strlen(row.title), &feedback->tokens, feedback->err);
}

static int take_title(struct feedback *feedback, double each) {
    const struct analyser *analyser = searcher_analyser(feedback->searcher);
    int status = 0;
    for (size_t i = 0; i < feedback->tokens.count && !status; i++) {
        const struct word *word = analyser_word(analyser, feedback->tokens.tokens[i].word);
        uint32_t share;
        status = share_of(feedback, word->term, word->term_size, &share);
        if (!status && share != NO_SHARE)
            feedback->shares[share].value += title_times * each;
    }
    return status;
}

static int take_passage(struct feedback *feedback, const struct rank_passage *from, double say) {
    const struct segment *segment =
        snapshot_segment(searcher_snapshot(feedback->searcher), from->segment);
    int status = read_title(feedback, segment, from->passage);
    feedback->length = title_times * (double)feedback->tokens.count;
    if (!status)
        status = read_words(feedback, from);
    if (status)
        return status;
    double each = say / (feedback->length > 0 ? feedback->length : 1);
    for (size_t i = 0; i < feedback->word_count; i++)
        feedback->shares[feedback->words[i]].value += each;
    return take_title(feedback, each);
}

static int take_passages(struct feedback *feedback, const struct rank_passage *passages,
                         size_t count) {
    double all = 0, best = passages[0].score;
    for (size_t i = 0; i < count; i++)
        all += exp(focus * (passages[i].score / best - 1));
    int status = 0;
    for (size_t i = 0; i < count && !status; i++)
        status =
            take_passage(feedback, &passages[i], exp(focus * (passages[i].score / best - 1)) / all);
    return status;
}

/* ---- Into the query ------------------------------------------------------------------------ */

static int by_value(const void *a, const void *b) {
    const struct share *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return strcmp(x->term, y->term);
}

/* The most said words, weighed by their rarity; those of one passage alone say nothing. */
static int weigh(struct feedback *feedback) {
    struct rank_bag *bag = feedback->bag;
    struct word_cache *cache = searcher_words(feedback->searcher);
    if (!cache)
        return error_memory(feedback->err);
    if (feedback->count > WEIGHED_MOST) {
        qsort(feedback->shares, feedback->count, sizeof *feedback->shares, by_value);
        feedback->count = WEIGHED_MOST;
    }
    for (size_t i = 0; i < feedback->count; i++) {
        struct share *share = &feedback->shares[i];
        uint64_t text = 0;
        int status = word_cache_passages(cache, bag->database, share->term, &text, feedback->err);
        if (status)
            return status;
        share->value *=
            text < 2 ? 0
                     : log1p(((double)bag->passages - (double)text + 0.5) / ((double)text + 0.5));
    }
    qsort(feedback->shares, feedback->count, sizeof *feedback->shares, by_value);
    return 0;
}

static int add_words(struct feedback *feedback) {
    struct rank_bag *bag = feedback->bag;
    const struct ranking *ranking = bag->ranking;
    size_t words =
        feedback->count < ranking->feedback_words ? feedback->count : ranking->feedback_words;
    double own = 0, all = 0;
    for (size_t i = 0; i < bag->count; i++)
        own += bag->words[i].rarity > 0 ? bag->words[i].weight : 0;
    for (size_t i = 0; i < words; i++)
        all += feedback->shares[i].value;
    double scale = own * (1 - ranking->keep) / ranking->keep / (all > 0 ? all : 1);
    int status = 0;
    for (size_t i = 0; i < words && !status && bag->count < RANK_WORDS_MOST; i++) {
        const struct share *share = &feedback->shares[i];
        const char **terms = arena_alloc(bag->arena, sizeof *terms);
        if (!terms)
            return error_memory(feedback->err);
        terms[0] = share->term;
        if (share->value > 0)
            status = rank_bag_add(bag, terms, 1, share->value * scale, NULL, feedback->err);
    }
    return status;
}

int rank_feedback(struct rank_bag *bag, struct searcher *searcher,
                  const struct rank_passage *passages, size_t count, struct error *err) {
    struct feedback feedback = {.bag = bag, .searcher = searcher, .err = err};
    if (count > bag->ranking->feedback_passages)
        count = bag->ranking->feedback_passages;
    if (!count || !(passages[0].score > 0) || !(bag->ranking->keep > 0))
        return 0;
    int status = take_passages(&feedback, passages, count);
    if (!status && feedback.count)
        status = weigh(&feedback);
    if (!status && feedback.count)
        status = add_words(&feedback);
    free(feedback.shares);
    free(feedback.by_term);
    free(feedback.by_id);
    free(feedback.words);
    arena_free(&feedback.scratch);
    token_list_free(&feedback.tokens);
    return status;
}
