/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns the passages of a batch inside out: tokens go in passage by passage, postings come out term
 * by term, coded as the postlist writer wants them.
 *
 * A posting is counted once in an array and sorted by term with a counting sort, so there is no
 * allocation and no hashing per token: the analyser has numbered the terms already. An inverter
 * belongs to one analyser and one thread; its arrays stay from batch to batch.
 */
#ifndef PLENARY_INDEXER_INVERTER_H
#define PLENARY_INDEXER_INVERTER_H

#include "corpus/bytes.h"
#include "indexer/analysis/analyser.h"

#include <stdint.h>

/* Where a term was found: it decides its prefix in the postings. */
enum term_field { FIELD_TEXT, FIELD_TITLE, FIELD_SPEAKER, FIELD_HEADING, TERM_FIELDS };

/* "" , "S", "A", "XH" */
const char *term_field_prefix(enum term_field field);

/* All postings of one term in a batch. `run` is (varint(gap - 1) varint(wdf))*, gaps from the
 * passage before; the first gap is left out, since where the batch will stand in its segment is not
 * known: it is first_passage. */
struct inverted_term {
    uint32_t key;                         /* term_id * TERM_FIELDS + field */
    uint32_t first_passage, last_passage; /* ordinals in the batch */
    uint32_t documents, occurrences;
    size_t run, run_size; /* bytes of inverter.runs: varint(wdf) of the first, then pairs */
};

struct inverter_slot;
struct inverter_posting;

struct inverter {
    struct inverter_slot *slots; /* by key */
    size_t slot_count;
    struct inverter_posting *postings, *sorted; /* as they came; by term */
    size_t posting_count, posting_capacity, sorted_capacity;
    struct inverted_term *terms; /* the result */
    size_t term_count, term_capacity;
    uint32_t stamp;  /* marks the slots that the current passage has touched */
    uint32_t before; /* the stamp when the batch began */
    struct bytes runs;
};

void inverter_init(struct inverter *inverter);
void inverter_free(struct inverter *inverter);

/* Start a batch; the results of the one before are gone. */
void inverter_begin(struct inverter *inverter);

/* Add the tokens of a passage's text (ordinals rise) and get its length, the number of its words.
 * 0 or PLENARY_ENOMEM. */
int inverter_add_text(struct inverter *inverter, const struct analyser *analyser, uint32_t passage,
                      const struct token_list *tokens, uint32_t *length);

/* Mark so many passages from `passage` on with the terms of their title, speaker or heading: wdf 0.
 * After their text; what is marked of one field rises. */
int inverter_add_field(struct inverter *inverter, const struct analyser *analyser,
                       enum term_field field, uint32_t passage, uint32_t passages,
                       const uint32_t *term_ids, size_t count);

/* End the batch: inverter->terms and inverter->runs are the result. */
int inverter_finish(struct inverter *inverter);

/* Bytes held. */
size_t inverter_memory(const struct inverter *inverter);

#endif
