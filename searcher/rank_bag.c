/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/rank_bag.h"

#include "indexer/segment/segment.h"
#include "searcher/query_verify.h"

#include <math.h>
#include <string.h>

/* An open-addressed table from terms to words. */
struct rank_slot {
    const char *term; /* NULL: free */
    uint32_t word;
};

/* A word found in the title alone is worth this part of one found in the text, for choosing
 * candidates: the ranking itself weighs it anew. */
static const double title_share = 0.4;

int rank_bag_init(struct rank_bag *bag, struct arena *arena, struct shim_database *database,
                  const struct ranking *ranking, struct error *err) {
    struct shim_statistics statistics;
    *bag = (struct rank_bag){.arena = arena, .database = database, .ranking = ranking};
    int status = shim_error(err, database, shim_database_statistics(database, &statistics));
    bag->passages = statistics.documents;
    bag->average_length = statistics.average_length > 0 ? statistics.average_length : 1;
    return status;
}

/* ---- Terms to words ------------------------------------------------------------------------ */

static size_t hash(const char *term, size_t size) {
    uint64_t value = 0xcbf29ce484222325; /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        value = (value ^ (unsigned char)term[i]) * 0x100000001b3;
    return (size_t)(value ^ value >> 32);
}

static struct rank_slot *slot_of(const struct rank_bag *bag, const char *term, size_t size) {
    size_t at = hash(term, size) & (bag->slot_capacity - 1);
    for (;; at = (at + 1) & (bag->slot_capacity - 1)) {
        struct rank_slot *slot = &bag->slots[at];
        if (!slot->term || (strncmp(slot->term, term, size) == 0 && !slot->term[size]))
            return slot;
    }
}

static int slots_grow(struct rank_bag *bag, struct error *err) {
    if (bag->slot_count * 2 < bag->slot_capacity)
        return 0;
    struct rank_bag grown = *bag;
    grown.slot_capacity = bag->slot_capacity ? 2 * bag->slot_capacity : 64;
    grown.slots = arena_zero(bag->arena, grown.slot_capacity, sizeof *grown.slots);
    if (!grown.slots)
        return error_memory(err);
    for (size_t i = 0; i < bag->slot_capacity; i++)
        if (bag->slots[i].term)
            *slot_of(&grown, bag->slots[i].term, strlen(bag->slots[i].term)) = bag->slots[i];
    *bag = grown;
    return 0;
}

int rank_bag_find(const struct rank_bag *bag, const char *term, size_t size) {
    if (!bag->slot_capacity)
        return -1;
    const struct rank_slot *slot = slot_of(bag, term, size);
    return slot->term ? (int)slot->word : -1;
}

/* ---- Words --------------------------------------------------------------------------------- */

double rank_rarity(const struct rank_bag *bag, uint64_t passages) {
    double all = (double)bag->passages, with = (double)passages;
    double odds = (fmax(all - with, 0) + 0.5) / (with + 0.5);
    if (odds < 2)
        odds = odds * 0.5 + 1;
    return pow(log(odds), bag->ranking->rarity);
}

static void *grown(struct rank_bag *bag, const void *old, size_t count, size_t *capacity,
                   size_t size) {
    size_t wanted = *capacity ? 2 * *capacity : 32;
    void *made = arena_zero(bag->arena, wanted, size);
    if (made && count)
        memcpy(made, old, count * size);
    *capacity = made ? wanted : *capacity;
    return made;
}

/* In how many passages one of the terms stands, in the text or (more likely to be rare) the title.
 */
static int count_passages(struct rank_bag *bag, struct rank_word *word, struct error *err) {
    for (size_t i = 0; i < word->term_count; i++) {
        char titled[TERM_MAX + 2] = TERM_PREFIX_TITLE;
        size_t size = strlen(word->terms[i]);
        uint64_t text = 0, title = 0, occurrences;
        if (size > TERM_MAX)
            continue;
        memcpy(titled + 1, word->terms[i], size);
        int status = shim_term_statistics(bag->database, word->terms[i], size, &text, &occurrences);
        if (!status && bag->ranking->title > 0)
            status = shim_term_statistics(bag->database, titled, size + 1, &title, &occurrences);
        if (status)
            return shim_error(err, bag->database, status);
        word->passages += text > title ? text : title;
    }
    if (word->passages > bag->passages)
        word->passages = bag->passages;
    word->rarity = rank_rarity(bag, word->passages);
    return 0;
}

static int add_word(struct rank_bag *bag, const struct rank_word *word, struct error *err) {
    if (bag->count == RANK_WORDS_MOST)
        return error_set(err, PLENARY_ELIMIT, "the query has more than %d different words",
                         RANK_WORDS_MOST);
    if (bag->count == bag->capacity &&
        !(bag->words = grown(bag, bag->words, bag->count, &bag->capacity, sizeof *bag->words)))
        return error_memory(err);
    struct rank_word *added = &bag->words[bag->count++];
    *added = *word;
    for (size_t i = 0; i < word->term_count; i++) {
        int status = slots_grow(bag, err);
        if (status)
            return status;
        struct rank_slot *slot = slot_of(bag, word->terms[i], strlen(word->terms[i]));
        bag->slot_count += !slot->term;
        if (!slot->term) /* a term of two words counts for the first */
            *slot = (struct rank_slot){word->terms[i], (uint32_t)(bag->count - 1)};
    }
    return count_passages(bag, added, err);
}

static bool is_word(const struct rank_word *word, const char *const *terms, size_t count) {
    bool same = word->term_count == count;
    for (size_t i = 0; i < count && same; i++)
        same = strcmp(word->terms[i], terms[i]) == 0;
    return same;
}

int rank_bag_add(struct rank_bag *bag, const char *const *terms, size_t count, double weight,
                 uint32_t *out, struct error *err) {
    int known = count ? rank_bag_find(bag, terms[0], strlen(terms[0])) : -1;
    if (known < 0 || (count > 1 && !is_word(&bag->words[known], terms, count))) {
        const struct rank_word word = {terms, count, 0, 0, 0};
        known = (int)bag->count;
        int status = add_word(bag, &word, err);
        if (status)
            return status;
    }
    bag->words[known].weight += weight;
    if (out)
        *out = (uint32_t)known;
    return 0;
}

int rank_bag_take(struct rank_bag *bag, const struct search_result *result, struct error *err) {
    for (size_t i = 0; i < result->highlight_count; i++) {
        const struct search_highlight *highlight = &result->highlights[i];
        if (highlight->field != QUERY_FIELD_TEXT)
            continue;
        for (size_t k = 0; k < highlight->term_count; k++) {
            const struct search_term *term = &highlight->terms[k];
            uint32_t word;
            int status =
                rank_bag_add(bag, term->alternatives, term->alternative_count, 1, &word, err);
            if (status)
                return status;
            if (bag->sequence_count == bag->sequence_capacity &&
                !(bag->sequence = grown(bag, bag->sequence, bag->sequence_count,
                                        &bag->sequence_capacity, sizeof *bag->sequence)))
                return error_memory(err);
            bag->sequence[bag->sequence_count++] = word;
        }
    }
    return 0;
}

void rank_bag_pass_common(struct rank_bag *bag) {
    double most = bag->ranking->common * (double)bag->passages;
    bool rare = false;
    for (size_t i = 0; i < bag->count; i++)
        rare |= bag->words[i].passages && (double)bag->words[i].passages <= most;
    for (size_t i = 0; i < bag->count && rare; i++)
        if ((double)bag->words[i].passages > most)
            bag->words[i].rarity = 0;
}

/* ---- As a query ---------------------------------------------------------------------------- */

struct maker {
    struct arena *arena;
    bool failed;
};

static struct shim_query *node(struct maker *maker, enum shim_op op, size_t children) {
    struct shim_query *made = arena_zero(maker->arena, 1, sizeof *made);
    const struct shim_query **list =
        arena_zero(maker->arena, children + 1, sizeof(struct shim_query *));
    if (!made || !list) {
        maker->failed = true;
        return NULL;
    }
    made->op = op;
    made->children = list;
    return made;
}

static void child_add(struct shim_query *parent, const struct shim_query *child) {
    if (parent && child)
        ((const struct shim_query **)(uintptr_t)parent->children)[parent->count++] = child;
}

/* Any of a word's terms, with the prefix of a field in front. */
static struct shim_query *word_node(struct maker *maker, const struct rank_word *word,
                                    const char *prefix, enum shim_op op) {
    struct shim_query *any = node(maker, op, word->term_count), *term = NULL;
    for (size_t i = 0; i < word->term_count; i++) {
        size_t size = strlen(word->terms[i]), before = strlen(prefix);
        char *text = arena_alloc(maker->arena, before + size + 1);
        term = node(maker, SHIM_TERM, 0);
        if (!text || !term) {
            maker->failed = true;
            return NULL;
        }
        memcpy(text, prefix, before);
        memcpy(text + before, word->terms[i], size + 1);
        term->term = text;
        term->term_size = before + size;
        child_add(any, term);
    }
    return word->term_count == 1 ? term : any;
}

static struct shim_query *weighed(struct maker *maker, enum shim_op op,
                                  const struct shim_query *child, double factor) {
    struct shim_query *made = node(maker, op, 1);
    child_add(made, child);
    if (made)
        made->factor = factor;
    return made;
}

int rank_bag_query(const struct rank_bag *bag, double k1, const struct shim_query **out,
                   struct error *err) {
    struct maker maker = {bag->arena, false};
    struct shim_query *any = node(&maker, SHIM_OR, 2 * bag->count);
    for (size_t i = 0; i < bag->count; i++) {
        const struct rank_word *word = &bag->words[i];
        if (!(word->rarity > 0) || !word->passages || !(word->weight > 0))
            continue;
        double power = bag->ranking->rarity;
        double factor = word->weight * pow(word->rarity, (power - 1) / (power > 0 ? power : 1));
        const struct shim_query *terms = word_node(&maker, word, "", SHIM_SYNONYM);
        child_add(any, weighed(&maker, SHIM_SCALE, terms, factor));
        if (!(bag->ranking->title > 0))
            continue;
        terms = word_node(&maker, word, TERM_PREFIX_TITLE, SHIM_OR);
        double fixed = word->weight * word->rarity * title_share * (k1 + 1) / 2;
        child_add(any, weighed(&maker, SHIM_FIXED, terms, fixed));
    }
    *out = any;
    return maker.failed ? error_memory(err) : 0;
}
