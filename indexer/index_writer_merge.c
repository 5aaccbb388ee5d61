/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Merging inside a writer: the new segment takes its place behind the others, not yet published;
 * the merged ones are dropped, and go from disk when a manifest without them is in place.
 */
#include "indexer/index_writer.h"
#include "indexer/merge.h"
#include "indexer/merge_policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Taking the place of others ------------------------------------------------------------ */

static void set_bit(uint64_t *bits, uint32_t i) {
    bits[i >> 6] |= UINT64_C(1) << (i & 63);
}

static bool bit(const uint64_t *bits, uint32_t i) {
    return bits[i >> 6] >> (i & 63) & 1;
}

/* What prune knows of the documents goes along; those added since opening count as seen. */
static void carry_marks(const struct index_writer *writer, const bool *picked,
                        struct writer_segment *merged) {
    uint32_t place = 0;
    for (size_t i = 0; i < writer->segment_count; i++) {
        const struct writer_segment *from = &writer->segments[i];
        uint32_t count = picked[i] ? segment_document_count(from->live.segment) : 0;
        for (uint32_t document = 0; document < count; document++) {
            if (tombstones_document(&from->live.dead, document))
                continue;
            if (!from->old || bit(from->seen, document))
                set_bit(merged->seen, place);
            if (from->old && bit(from->touched, document))
                set_bit(merged->touched, place);
            place++;
        }
    }
}

static void drop_merged(struct index_writer *writer, const bool *picked, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct writer_segment *segment = &writer->segments[i];
        if (!picked[i])
            continue;
        live_segment_close(&segment->live);
        free(segment->seen);
        free(segment->touched);
        segment->seen = segment->touched = NULL;
        segment->dropped = true;
    }
}

static int adopt_merged(struct index_writer *writer, const struct manifest_segment *row,
                        const bool *picked, struct error *err) {
    struct writer_segment *segment = writer_reserve_segment(writer);
    if (!segment)
        return error_memory(err);
    int status = live_segment_open(&segment->live, writer->index, row, NULL, err);
    if (status)
        return status;
    segment->seen = writer_new_bits(row->documents);
    segment->touched = writer_new_bits(row->documents);
    if (!segment->seen || !segment->touched) {
        live_segment_close(&segment->live);
        free(segment->seen);
        free(segment->touched);
        return error_memory(err);
    }
    segment->row = *row;
    segment->row.languages = writer_collect_languages(segment->live.segment);
    segment->old = true;
    carry_marks(writer, picked, segment);
    drop_merged(writer, picked, writer->segment_count);
    writer->segment_count++;
    return 0;
}

/* ---- Merging ------------------------------------------------------------------------------- */

static int write_merged(struct index_writer *writer, const struct merge_input *inputs, size_t count,
                        const bool *picked, struct error *err) {
    bool portable = writer->manifest.portable;
    struct manifest_segment row = {.name = writer->manifest.next_segment, .builder = "glass"};
    struct merge_result result;
    char *folder = manifest_segment_path(writer->index, row.name);
    int status =
        folder ? merge_segments(folder, inputs, count, portable, &result, err) : error_memory(err);
    free(folder);
    if (status)
        return status;
    writer->manifest.next_segment++;
    if (portable)
        strcpy(row.builder, "portable");
    row.documents = result.documents;
    row.passages = result.passages;
    return adopt_merged(writer, &row, picked, err);
}

/* `picked`: a mark for each of the writer's segments. */
static int merge_picked(struct index_writer *writer, const bool *picked, struct error *err) {
    struct merge_input *inputs = calloc(writer->segment_count + 1, sizeof *inputs);
    if (!inputs)
        return error_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < writer->segment_count; i++)
        if (picked[i])
            inputs[count++] = (struct merge_input){writer->segments[i].live.segment,
                                                   &writer->segments[i].live.dead};
    int status = write_merged(writer, inputs, count, picked, err);
    free(inputs);
    return status;
}

static bool is_live(const struct writer_segment *segment) {
    return !segment->dropped && !writer_segment_is_empty(segment);
}

/* Ask the policy and mark what it picks: how many. */
static size_t pick_segments(const struct index_writer *writer, struct merge_candidate *candidates,
                            bool *picked) {
    size_t count = 0;
    for (size_t i = 0; i < writer->segment_count; i++) {
        const struct writer_segment *segment = &writer->segments[i];
        if (!is_live(segment))
            continue;
        uint32_t deleted = segment->live.dead.deleted_passages;
        uint32_t live = segment_passage_count(segment->live.segment) - deleted;
        candidates[count++] = (struct merge_candidate){.live = live, .deleted = deleted};
    }
    size_t chosen = merge_policy_pick(candidates, count);
    size_t at = 0;
    for (size_t i = 0; i < writer->segment_count; i++)
        picked[i] = is_live(&writer->segments[i]) && candidates[at++].picked;
    return chosen;
}

static int merge_once(struct index_writer *writer, bool *again, struct error *err) {
    struct merge_candidate *candidates = calloc(writer->segment_count + 1, sizeof *candidates);
    bool *picked = calloc(writer->segment_count + 1, sizeof *picked);
    int status = candidates && picked ? 0 : error_memory(err);
    *again = !status && pick_segments(writer, candidates, picked);
    if (*again)
        status = merge_picked(writer, picked, err);
    free(candidates);
    free(picked);
    return status;
}

int writer_merge_tiers(struct index_writer *writer, struct error *err) {
    bool again = true;
    int status = 0;
    while (!status && again)
        status = merge_once(writer, &again, err);
    return status;
}

int index_writer_merge(struct index_writer *writer, uint32_t *merged, struct error *err) {
    *merged = 0;
    int status = writer_check_broken(writer, err);
    if (!status)
        status = writer_flush(writer, err);
    if (status)
        return status;
    bool *picked = calloc(writer->segment_count + 1, sizeof *picked), deleted = false;
    if (!picked)
        return error_memory(err);
    uint32_t count = 0;
    for (size_t i = 0; i < writer->segment_count; i++) {
        const struct writer_segment *segment = &writer->segments[i];
        picked[i] = is_live(segment);
        count += picked[i];
        deleted |= picked[i] && segment->live.dead.deleted_documents;
    }
    if (count > 1 || deleted) {
        status = merge_picked(writer, picked, err);
        *merged = status ? 0 : count;
    }
    free(picked);
    return status;
}
