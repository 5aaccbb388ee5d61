/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/inverter.h"

#include "corpus/error.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct inverter_slot {
    uint32_t stamp; /* of the passage that touched the term last */
    uint32_t last;  /* its posting there, while inverting */
    uint32_t term;  /* its entry in inverter.terms + 1; 0: not in this batch */
};

/* Terms of fields occur in one passage after the other, as a title does, and have no frequency: of
 * those a posting is a run of passages. */
struct inverter_posting {
    uint32_t key, passage;
    uint32_t count; /* wdf; of a field: passages of the run */
};

static bool is_of_text(uint32_t key) {
    return key % TERM_FIELDS == FIELD_TEXT;
}

const char *term_field_prefix(enum term_field field) {
    static const char *const prefixes[TERM_FIELDS] = {"", "S", "A", "XH"};
    return prefixes[field];
}

void inverter_init(struct inverter *inverter) {
    *inverter = (struct inverter){.runs = BYTES_INIT};
}

void inverter_free(struct inverter *inverter) {
    free(inverter->slots);
    free(inverter->postings);
    free(inverter->sorted);
    free(inverter->terms);
    bytes_free(&inverter->runs);
    inverter_init(inverter);
}

size_t inverter_memory(const struct inverter *inverter) {
    return inverter->slot_count * sizeof *inverter->slots +
           (inverter->posting_capacity + inverter->sorted_capacity) * sizeof *inverter->postings +
           inverter->term_capacity * sizeof *inverter->terms + inverter->runs.capacity;
}

void inverter_begin(struct inverter *inverter) {
    for (size_t i = 0; i < inverter->term_count; i++)
        inverter->slots[inverter->terms[i].key].term = 0;
    inverter->term_count = 0;
    inverter->posting_count = 0;
    inverter->before = inverter->stamp;
    bytes_reset(&inverter->runs);
}

/* Room for `need` items of `size` bytes, doubling. */
static bool grow(void *array, size_t *capacity, size_t need, size_t size) {
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity : 1024;
    while (wanted < need)
        if (__builtin_mul_overflow(wanted, 2, &wanted))
            return false;
    void *old;
    memcpy(&old, array, sizeof old);
    void *grown = reallocarray(old, wanted, size);
    if (!grown)
        return false;
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

static bool grow_slots(struct inverter *inverter, const struct analyser *analyser) {
    size_t need = analyser_term_count(analyser) * TERM_FIELDS, old = inverter->slot_count;
    if (need <= old)
        return true;
    if (!grow(&inverter->slots, &inverter->slot_count, need, sizeof *inverter->slots))
        return false;
    memset(inverter->slots + old, 0, (inverter->slot_count - old) * sizeof *inverter->slots);
    return true;
}

static int begin_passage(struct inverter *inverter, const struct analyser *analyser, size_t more) {
    size_t need;
    if (!grow_slots(inverter, analyser) ||
        __builtin_add_overflow(inverter->posting_count, more, &need) || need > UINT32_MAX ||
        !grow(&inverter->postings, &inverter->posting_capacity, need, sizeof *inverter->postings) ||
        (more && !inverter->postings))
        return PLENARY_ENOMEM;
    if (++inverter->stamp == 0) { /* after four thousand million passages */
        for (size_t i = 0; i < inverter->slot_count; i++)
            inverter->slots[i].stamp = 0;
        inverter->stamp = 1;
        inverter->before = 0;
    }
    return 0;
}

static inline void add_posting(struct inverter *inverter, struct inverter_slot *slot, uint32_t key,
                               uint32_t passage, uint32_t count) {
    slot->stamp = inverter->stamp;
    slot->last = (uint32_t)inverter->posting_count;
    inverter->postings[inverter->posting_count++] = (struct inverter_posting){key, passage, count};
}

static inline void add_word(struct inverter *inverter, uint32_t key, uint32_t passage) {
    struct inverter_slot *slot = &inverter->slots[key];
    if (slot->stamp == inverter->stamp)
        inverter->postings[slot->last].count++;
    else
        add_posting(inverter, slot, key, passage, 1);
}

static void add_field_term(struct inverter *inverter, uint32_t key, uint32_t passage,
                           uint32_t passages) {
    struct inverter_slot *slot = &inverter->slots[key];
    bool in_batch = slot->stamp > inverter->before;
    if (slot->stamp == inverter->stamp)
        return;
    slot->stamp = inverter->stamp;
    if (in_batch) {
        struct inverter_posting *last = &inverter->postings[slot->last];
        if (last->passage + last->count == passage) {
            last->count += passages;
            return;
        }
    }
    add_posting(inverter, slot, key, passage, passages);
}

int inverter_add_text(struct inverter *inverter, const struct analyser *analyser, uint32_t passage,
                      const struct token_list *tokens, uint32_t *length) {
    int status = begin_passage(inverter, analyser, tokens->count);
    if (status < 0)
        return status;
    for (size_t i = 0; i < tokens->count; i++) {
        const struct word *word = analyser_word(analyser, tokens->tokens[i].word);
        add_word(inverter, word->term_id * TERM_FIELDS + FIELD_TEXT, passage);
    }
    *length = (uint32_t)tokens->count;
    return 0;
}

int inverter_add_field(struct inverter *inverter, const struct analyser *analyser,
                       enum term_field field, uint32_t passage, uint32_t passages,
                       const uint32_t *term_ids, size_t count) {
    int status = begin_passage(inverter, analyser, count);
    if (status < 0)
        return status;
    for (size_t i = 0; i < count; i++)
        add_field_term(inverter, term_ids[i] * TERM_FIELDS + field, passage, passages);
    return 0;
}

/* Count what each term has; `run` is the number of its postings here. Terms come in the order first
 * met. */
static bool count_terms(struct inverter *inverter) {
    for (size_t i = 0; i < inverter->posting_count; i++) {
        const struct inverter_posting *posting = &inverter->postings[i];
        struct inverter_slot *slot = &inverter->slots[posting->key];
        if (!slot->term) {
            if (!grow(&inverter->terms, &inverter->term_capacity, inverter->term_count + 1,
                      sizeof *inverter->terms))
                return false;
            inverter->terms[inverter->term_count++] = (struct inverted_term){.key = posting->key};
            slot->term = (uint32_t)inverter->term_count;
        }
        struct inverted_term *term = &inverter->terms[slot->term - 1];
        term->documents += is_of_text(posting->key) ? 1 : posting->count;
        term->run++;
    }
    return true;
}

static bool sort_postings(struct inverter *inverter) {
    if (!grow(&inverter->sorted, &inverter->sorted_capacity, inverter->posting_count,
              sizeof *inverter->sorted))
        return false;
    size_t at = 0;
    for (size_t i = 0; i < inverter->term_count; i++) {
        size_t count = inverter->terms[i].run;
        inverter->terms[i].run = at; /* where its postings go; a byte offset from encode_term on */
        at += count;
    }
    for (size_t i = 0; i < inverter->posting_count; i++) {
        const struct inverter_posting *posting = &inverter->postings[i];
        struct inverted_term *term = &inverter->terms[inverter->slots[posting->key].term - 1];
        inverter->sorted[term->run++] = *posting;
    }
    return true;
}

static inline uint8_t *put_varint(uint8_t *at, uint32_t value) {
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

/* Postings of a term of the text. */
static uint8_t *put_words(uint8_t *at, const struct inverter_posting *postings,
                          struct inverted_term *term) {
    at = put_varint(at, postings[0].count);
    term->occurrences = postings[0].count;
    for (uint32_t i = 1; i < term->documents; i++) {
        at = put_varint(at, postings[i].passage - postings[i - 1].passage - 1);
        at = put_varint(at, postings[i].count);
        term->occurrences += postings[i].count;
    }
    term->last_passage = postings[term->documents - 1].passage;
    return at;
}

/* Within a run all gaps and frequencies are 0. */
static uint8_t *put_runs(uint8_t *at, const struct inverter_posting *postings,
                         struct inverted_term *term) {
    for (uint32_t i = 0, done = 0; done < term->documents; i++) {
        if (i)
            at = put_varint(at, postings[i].passage - term->last_passage - 1);
        memset(at, 0, (size_t)postings[i].count * 2 - 1);
        at += (size_t)postings[i].count * 2 - 1;
        done += postings[i].count;
        term->last_passage = postings[i].passage + postings[i].count - 1;
    }
    return at;
}

static bool encode_term(struct inverter *inverter, struct inverted_term *term,
                        const struct inverter_posting *postings) {
    if (!bytes_reserve(&inverter->runs, (size_t)term->documents * 10))
        return false;
    uint8_t *begin = inverter->runs.data + inverter->runs.size;
    term->first_passage = postings[0].passage;
    uint8_t *end =
        is_of_text(term->key) ? put_words(begin, postings, term) : put_runs(begin, postings, term);
    term->run = inverter->runs.size;
    term->run_size = (size_t)(end - begin);
    inverter->runs.size += term->run_size;
    return true;
}

int inverter_finish(struct inverter *inverter) {
    if (!count_terms(inverter) || !sort_postings(inverter))
        return PLENARY_ENOMEM;
    size_t begin = 0;
    for (size_t i = 0; i < inverter->term_count; i++) {
        size_t end = inverter->terms[i].run;
        if (!encode_term(inverter, &inverter->terms[i], inverter->sorted + begin))
            return PLENARY_ENOMEM;
        begin = end;
    }
    return 0;
}
