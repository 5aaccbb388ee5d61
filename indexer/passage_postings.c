/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/passage_postings.h"

#include <stdlib.h>
#include <string.h>

struct passage_slot {
    uint32_t stamp, posting;
};

static bool grow(void **array, size_t *capacity, size_t need, size_t size) {
    if (need <= *capacity)
        return true;
    size_t wanted = *capacity * 2 > need ? *capacity * 2 : need + 256;
    char *grown = reallocarray(*array, wanted, size);
    if (!grown)
        return false;
    memset(grown + *capacity * size, 0, (wanted - *capacity) * size);
    *array = grown;
    *capacity = wanted;
    return true;
}

static bool reserve(struct passage_postings *out, const struct vocabulary *vocabulary,
                    const struct batch_passage *passage, size_t tokens) {
    size_t postings = tokens;
    for (unsigned field = 0; field < TERM_FIELDS; field++)
        postings += passage->fields[field] ? passage->fields[field]->count : 0;
    return grow((void **)&out->slots, &out->slot_count, vocabulary->term_count,
                sizeof *out->slots) &&
           grow((void **)&out->postings, &out->capacity, postings, sizeof *out->postings) &&
           grow((void **)&out->positions, &out->position_capacity, tokens, sizeof *out->positions);
}

static void count_terms(struct passage_postings *out, const struct vocabulary *vocabulary,
                        const uint32_t *tokens, size_t count) {
    out->stamp++;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &vocabulary->words[tokens[i]];
        struct passage_slot *slot = &out->slots[word->term_id];
        if (slot->stamp != out->stamp) {
            *slot = (struct passage_slot){out->stamp, (uint32_t)out->count};
            out->postings[out->count++] =
                (struct builder_posting){.term = word->term, .term_size = word->term_size};
        }
        out->postings[slot->posting].wdf++;
    }
}

/* Deal the positions out: a stretch for each posting, as long as its wdf. A joined form stands
 * before its parts, at the place of the first. */
static void place_positions(struct passage_postings *out, const struct vocabulary *vocabulary,
                            const uint32_t *tokens, size_t count) {
    uint32_t *next = out->positions;
    for (size_t i = 0; i < out->count; i++) {
        out->postings[i].positions = next;
        next += out->postings[i].wdf;
    }
    uint32_t position = 1;
    for (size_t i = 0; i < count; i++) {
        const struct word *word = &vocabulary->words[tokens[i]];
        struct builder_posting *posting = &out->postings[out->slots[word->term_id].posting];
        uint32_t *stretch = out->positions + (posting->positions - out->positions);
        if (!posting->position_count || stretch[posting->position_count - 1] != position)
            stretch[posting->position_count++] = position;
        position += !word->joined;
    }
}

static bool add_fields(struct passage_postings *out, const struct vocabulary *vocabulary,
                       const struct batch_passage *passage) {
    for (unsigned field = 0; field < TERM_FIELDS; field++) {
        const struct field_terms *terms = passage->fields[field];
        const char *prefix = term_field_prefix(field);
        size_t prefix_size = strlen(prefix);
        for (uint32_t i = 0; terms && i < terms->count; i++) {
            const struct batch_term *term = &vocabulary->terms[terms->ids[i]];
            char *text = arena_alloc(&out->arena, prefix_size + term->size);
            if (!text)
                return false;
            memcpy(text, prefix, prefix_size);
            memcpy(text + prefix_size, term->text, term->size);
            out->postings[out->count++] = (struct builder_posting){
                .term = text, .term_size = (uint32_t)prefix_size + term->size};
        }
    }
    return true;
}

int passage_postings_make(struct passage_postings *out, const struct vocabulary *vocabulary,
                          const struct batch *batch, size_t i, struct error *err) {
    const struct batch_passage *passage = &batch->passages[i];
    uint32_t begin = i ? batch->passages[i - 1].token_end : 0;
    const uint32_t *tokens = batch->tokens + begin;
    size_t count = passage->token_end - begin;
    out->count = 0;
    arena_reset(&out->arena);
    if (!reserve(out, vocabulary, passage, count))
        return error_memory(err);
    count_terms(out, vocabulary, tokens, count);
    place_positions(out, vocabulary, tokens, count);
    return add_fields(out, vocabulary, passage) ? 0 : error_memory(err);
}

void passage_postings_free(struct passage_postings *postings) {
    free(postings->postings);
    free(postings->slots);
    free(postings->positions);
    arena_free(&postings->arena);
    *postings = (struct passage_postings){0};
}
