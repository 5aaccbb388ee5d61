/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/rank_feedback.h"

#include "corpus/bytes.h"
#include "indexer/segment/segment.h"
#include "searcher/query_verify.h"
#include "searcher/word_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

struct feedback {
    struct rank_bag *bag;
    struct searcher *searcher;
    struct share *shares; /* an open-addressed table, terms NULL where free; owned */
    size_t capacity, count;
    struct arena scratch;
    struct token_list tokens;
    double length; /* of the passage at hand */
    double each;   /* what one word of it adds */
    struct error *err;
};

/* ---- Shares by term ------------------------------------------------------------------------ */

static struct share *share_of(const struct feedback *feedback, const char *term, size_t size) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)term[i]) * 0x100000001b3;
    size_t at = (size_t)(hash ^ hash >> 29) & (feedback->capacity - 1);
    for (;; at = (at + 1) & (feedback->capacity - 1)) {
        struct share *share = &feedback->shares[at];
        if (!share->term || (strncmp(share->term, term, size) == 0 && !share->term[size]))
            return share;
    }
}

static int shares_grow(struct feedback *feedback) {
    if (2 * feedback->count + 2 < feedback->capacity)
        return 0;
    struct feedback grown = *feedback;
    grown.capacity = feedback->capacity ? 2 * feedback->capacity : 1024;
    grown.shares = calloc(grown.capacity, sizeof *grown.shares);
    if (!grown.shares)
        return error_memory(feedback->err);
    for (size_t i = 0; i < feedback->capacity; i++)
        if (feedback->shares[i].term)
            *share_of(&grown, feedback->shares[i].term, strlen(feedback->shares[i].term)) =
                feedback->shares[i];
    free(feedback->shares);
    *feedback = grown;
    return 0;
}

static int add_share(struct feedback *feedback, const char *term, size_t size, double value) {
    if (size < TERM_LEAST)
        return 0;
    int status = shares_grow(feedback);
    if (status)
        return status;
    struct share *share = share_of(feedback, term, size);
    if (!share->term) {
        share->term = arena_text(feedback->bag->arena, term, size);
        feedback->count += share->term != NULL;
    }
    share->value += value;
    return share->term ? 0 : error_memory(feedback->err);
}

/* ---- Words of passages --------------------------------------------------------------------- */

/* Numbers are words to find by, but do not make a text longer. */
static int count_word(struct feedback *feedback, const char *term) {
    feedback->length += !strpbrk(term, "0123456789");
    return 0;
}

static int take_word(struct feedback *feedback, const char *term) {
    return add_share(feedback, term, strlen(term), feedback->each);
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

static int take_title(struct feedback *feedback) {
    const struct analyser *analyser = searcher_analyser(feedback->searcher);
    int status = 0;
    for (size_t i = 0; i < feedback->tokens.count && !status; i++) {
        const struct word *word = analyser_word(analyser, feedback->tokens.tokens[i].word);
        status = add_share(feedback, word->term, word->term_size, title_times * feedback->each);
    }
    return status;
}

static int each_word(struct feedback *feedback, const struct rank_passage *from,
                     int (*each)(struct feedback *, const char *term)) {
    const struct segment *segment =
        snapshot_segment(searcher_snapshot(feedback->searcher), from->segment);
    struct word_cache *cache = searcher_words(feedback->searcher);
    const uint8_t *at;
    const char *term;
    size_t size;
    if (!cache)
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
        status = word_cache_term(cache, from->segment, (uint32_t)id, &term, feedback->err);
        if (!status)
            status = each(feedback, term);
    }
    return status;
}

static int take_passage(struct feedback *feedback, const struct rank_passage *from, double say) {
    const struct segment *segment =
        snapshot_segment(searcher_snapshot(feedback->searcher), from->segment);
    int status = read_title(feedback, segment, from->passage);
    feedback->length = title_times * (double)feedback->tokens.count;
    if (!status)
        status = each_word(feedback, from, count_word);
    feedback->each = say / (feedback->length > 0 ? feedback->length : 1);
    if (!status)
        status = each_word(feedback, from, take_word);
    return status ? status : take_title(feedback);
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
    if (!x->term || !y->term)
        return !x->term - !y->term;
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
    qsort(feedback->shares, feedback->capacity, sizeof *feedback->shares, by_value);
    if (feedback->count > WEIGHED_MOST)
        feedback->count = WEIGHED_MOST;
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
    arena_free(&feedback.scratch);
    token_list_free(&feedback.tokens);
    return status;
}
