/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/rank_score.h"

#include "corpus/bytes.h"
#include "indexer/segment/segment.h"
#include "searcher/word_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 8, APART = 1 << 20, NOT_A_WORD = -1 };

/* Of one segment: which word of the bag an id of the lexicon stands for; open-addressed. */
struct id_slot {
    uint32_t id;
    int32_t word; /* NOT_A_WORD: free */
};

struct id_table {
    struct id_slot *slots; /* owned; NULL until asked for */
    size_t capacity, count;
};

/* A word of the bag where it stands. */
struct place {
    uint32_t word, position;
};

struct rank_scorer {
    const struct rank_bag *bag;
    struct searcher *searcher;
    const struct snapshot *snapshot;
    double k1, b;
    struct id_table *tables; /* by segment; owned */
    double *frequencies;     /* by word, of the passage at hand; owned */
    struct place *places;    /* owned */
    size_t place_count, place_capacity;
    uint32_t length;
    struct arena scratch;
    struct token_list tokens;
};

int rank_scorer_open(struct rank_scorer **out, const struct rank_bag *bag,
                     struct searcher *searcher, double k1, double b, struct error *err) {
    struct rank_scorer *scorer = calloc(1, sizeof *scorer);
    *out = scorer;
    if (!scorer)
        return error_memory(err);
    scorer->bag = bag;
    scorer->searcher = searcher;
    scorer->snapshot = searcher_snapshot(searcher);
    scorer->k1 = k1;
    scorer->b = b;
    scorer->tables = calloc(snapshot_segment_count(scorer->snapshot) + 1, sizeof *scorer->tables);
    scorer->frequencies = calloc(bag->count + 1, sizeof *scorer->frequencies);
    if (scorer->tables && scorer->frequencies)
        return 0;
    rank_scorer_close(scorer);
    *out = NULL;
    return error_memory(err);
}

void rank_scorer_close(struct rank_scorer *scorer) {
    if (!scorer)
        return;
    for (uint32_t i = 0; scorer->tables && i < snapshot_segment_count(scorer->snapshot); i++)
        free(scorer->tables[i].slots);
    free(scorer->tables);
    free(scorer->frequencies);
    free(scorer->places);
    arena_free(&scorer->scratch);
    token_list_free(&scorer->tokens);
    free(scorer);
}

/* ---- Ids to words -------------------------------------------------------------------------- */

static struct id_slot *slot_of(const struct id_table *table, uint32_t id) {
    size_t at = (id * UINT32_C(2654435769)) & (table->capacity - 1);
    while (table->slots[at].word != NOT_A_WORD && table->slots[at].id != id)
        at = (at + 1) & (table->capacity - 1);
    return &table->slots[at];
}

static int table_grow(struct id_table *table, size_t more, struct error *err) {
    size_t wanted = table->capacity ? table->capacity : 64;
    while (wanted < 2 * (table->count + more + 1))
        wanted *= 2;
    if (wanted == table->capacity)
        return 0;
    struct id_table grown = {malloc(wanted * sizeof *grown.slots), wanted, table->count};
    if (!grown.slots)
        return error_memory(err);
    for (size_t i = 0; i < wanted; i++)
        grown.slots[i].word = NOT_A_WORD;
    for (size_t i = 0; table->slots && i < table->capacity; i++)
        if (table->slots[i].word != NOT_A_WORD)
            *slot_of(&grown, table->slots[i].id) = table->slots[i];
    free(table->slots);
    *table = grown;
    return 0;
}

static int table_add_term(struct id_table *table, struct word_cache *cache, uint32_t segment,
                          const char *term, int32_t number, struct error *err) {
    const uint32_t *ids = NULL;
    size_t count = 0;
    int status = word_cache_ids(cache, segment, term, &ids, &count, err);
    if (!status)
        status = table_grow(table, count, err);
    for (size_t i = 0; i < count && !status && table->slots; i++) {
        struct id_slot *slot = slot_of(table, ids[i]);
        if (slot->word != NOT_A_WORD)
            continue;
        *slot = (struct id_slot){ids[i], number};
        table->count++;
    }
    return status;
}

static int table_make(struct rank_scorer *scorer, uint32_t number, struct error *err) {
    struct id_table *table = &scorer->tables[number];
    struct word_cache *cache = searcher_words(scorer->searcher);
    int status = cache ? table_grow(table, 0, err) : error_memory(err);
    for (size_t i = 0; i < scorer->bag->count && !status; i++) {
        const struct rank_word *word = &scorer->bag->words[i];
        for (size_t k = 0; k < word->term_count && word->rarity > 0 && !status; k++)
            status = table_add_term(table, cache, number, word->terms[k], (int32_t)i, err);
    }
    return status;
}

/* ---- Words of the passage ------------------------------------------------------------------ */

static int take_place(struct rank_scorer *scorer, uint32_t word, uint32_t position, double count,
                      struct error *err) {
    scorer->frequencies[word] += count;
    if (scorer->place_count == scorer->place_capacity) {
        size_t capacity = scorer->place_capacity ? 2 * scorer->place_capacity : 256;
        struct place *grown = reallocarray(scorer->places, capacity, sizeof *grown);
        if (!grown)
            return error_memory(err);
        scorer->places = grown;
        scorer->place_capacity = capacity;
    }
    scorer->places[scorer->place_count++] = (struct place){word, position};
    return 0;
}

static int take_text(struct rank_scorer *scorer, uint32_t number, uint32_t passage,
                     struct error *err) {
    const struct segment *segment = snapshot_segment(scorer->snapshot, number);
    const struct id_table *table = &scorer->tables[number];
    const uint8_t *joined = segment_joined_words(segment), *at;
    uint32_t known = segment_word_count(segment), position = 0;
    size_t size;
    int status = segment_tokens(segment, passage, &at, &size, err);
    if (status)
        return status;
    const uint8_t *end = at + size;
    while (at < end) {
        uint64_t id;
        if (!varint_read(&at, end, &id) || id >= known)
            return error_set(err, PLENARY_EDAMAGED, "%s: the words of passage %u cannot be read",
                             segment_folder(segment), passage);
        bool is_joined = joined[id >> 3] >> (id & 7) & 1;
        scorer->length++;
        const struct id_slot *slot = slot_of(table, (uint32_t)id);
        if (slot->word != NOT_A_WORD)
            status = take_place(scorer, (uint32_t)slot->word, position, 1, err);
        if (status)
            return status;
        position += !is_joined;
    }
    return 0;
}

/* A field's words, far from those of all others; each counts `times`. */
static int take_field(struct rank_scorer *scorer, const char *text, const char *language,
                      double times, uint32_t field, struct error *err) {
    struct analyser *analyser = searcher_analyser(scorer->searcher);
    int number = language_number(language ? language : "none");
    if (!text || !*text)
        return 0;
    int status = analyser_tokenise(analyser, number < 0 ? 0 : number, text, strlen(text),
                                   &scorer->tokens, err);
    for (size_t i = 0; i < scorer->tokens.count && !status; i++) {
        const struct token *token = &scorer->tokens.tokens[i];
        const struct word *word = analyser_word(analyser, token->word);
        int found = rank_bag_find(scorer->bag, word->term, word->term_size);
        if (found >= 0 && scorer->bag->words[found].rarity > 0)
            status =
                take_place(scorer, (uint32_t)found, field * APART + token->position, times, err);
    }
    return status;
}

/* A title is read with the first passage of its document that has postings. */
static bool opens_document(const struct segment *segment, uint32_t document, uint32_t passage) {
    uint32_t i = segment_first_passage(segment, document);
    while (i < passage && segment_passage_kind(segment, i) == PASSAGE_HEADING)
        i++;
    return i == passage;
}

static int take_fields(struct rank_scorer *scorer, uint32_t number, uint32_t document,
                       uint32_t passage, struct error *err) {
    const struct segment *segment = snapshot_segment(scorer->snapshot, number);
    const struct ranking *ranking = scorer->bag->ranking;
    int status = 0;
    bool inner = ranking->heading > 0 || ranking->speaker > 0;
    arena_reset(&scorer->scratch);
    bool title = ranking->title > 0 && opens_document(segment, document, passage);
    struct document_row row = {.id = NULL};
    if (!status && (title || inner))
        status = segment_document(segment, document, &scorer->scratch, &row, err);
    if (!status && title)
        status = take_field(scorer, row.title, row.language, ranking->title, 1, err);
    struct passage_row inside = {.heading = NULL};
    if (!status && inner)
        status = segment_passage(segment, passage, &scorer->scratch, &inside, err);
    if (!status && ranking->heading > 0)
        status = take_field(scorer, inside.heading, row.language, ranking->heading, 2, err);
    if (!status && ranking->speaker > 0)
        status = take_field(scorer, inside.speaker, row.language, ranking->speaker, 3, err);
    return status;
}

/* ---- The score ----------------------------------------------------------------------------- */

/* BM25's own curve, at most k1 + 1. */
static double saturated(const struct rank_scorer *scorer, double frequency) {
    double length = scorer->length / scorer->bag->average_length;
    double bend = scorer->k1 * (1 - scorer->b + scorer->b * length);
    return frequency > 0 ? frequency * (scorer->k1 + 1) / (frequency + bend) : 0;
}

/* How often two words stand side by side in order, and within the window in any order. */
static void count_pairs(const struct rank_scorer *scorer, uint32_t a, uint32_t b, double *beside,
                        double *near) {
    int64_t last_a = -APART, last_b = -APART;
    for (size_t i = 0; i < scorer->place_count; i++) {
        int64_t position = scorer->places[i].position;
        if (scorer->places[i].word == a) {
            *near += position - last_b <= WINDOW && position >= last_b;
            last_a = position;
        } else if (scorer->places[i].word == b) {
            *beside += position - last_a == 1;
            *near += position - last_a <= WINDOW && position >= last_a;
            last_b = position;
        }
    }
}

static double pair_score(const struct rank_scorer *scorer, uint32_t a, uint32_t b) {
    const struct rank_word *words = scorer->bag->words;
    double rarity = fmin(words[a].rarity, words[b].rarity), beside = 0, near = 0;
    if (a == b || !(rarity > 0) || !(scorer->frequencies[a] > 0) || !(scorer->frequencies[b] > 0))
        return 0;
    count_pairs(scorer, a, b, &beside, &near);
    return rarity * (saturated(scorer, beside) + saturated(scorer, near)) / 2;
}

int rank_score(struct rank_scorer *scorer, uint32_t segment, uint32_t document, uint32_t passage,
               double *score, struct error *err) {
    const struct rank_bag *bag = scorer->bag;
    int status = scorer->tables[segment].slots ? 0 : table_make(scorer, segment, err);
    memset(scorer->frequencies, 0, bag->count * sizeof *scorer->frequencies);
    scorer->place_count = 0;
    scorer->length = 0;
    *score = 0;
    if (!status)
        status = take_text(scorer, segment, passage, err);
    if (!status)
        status = take_fields(scorer, segment, document, passage, err);
    if (status)
        return status;
    for (size_t i = 0; i < bag->count; i++)
        if (scorer->frequencies[i] > 0)
            *score += bag->words[i].weight * bag->words[i].rarity *
                      saturated(scorer, scorer->frequencies[i]);
    for (size_t i = 0; i + 1 < bag->sequence_count && bag->ranking->proximity > 0; i++)
        *score +=
            bag->ranking->proximity * pair_score(scorer, bag->sequence[i], bag->sequence[i + 1]);
    return 0;
}
