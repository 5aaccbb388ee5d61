/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of a merge. First the passages with each word are counted: the lexicons say how many,
 * but of a segment with deletions the live passages are gone through. Ids are then given anew in
 * order of frequency, so that the forward index is as short as it can be, and the passages' words
 * copied through a table from old to new.
 */
#include "indexer/merge_parts.h"

#include "indexer/segment/folder.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment_words.h"

#include <string.h>

enum { NO_WORD = UINT32_MAX };

struct word_merge {
    const struct merge *merge;
    struct segment_words words;
    uint32_t **ids; /* by source and old id: the row in `words`, later the new id */
    struct tokens_writer tokens;
    struct bytes passage;
};

/* ---- Reading the words of a passage -------------------------------------------------------- */

static int token_damaged(const struct segment *segment, uint32_t passage, struct error *err) {
    return error_set(err, PLENARY_EDAMAGED,
                     "%s/tokens.words: the words of passage %u make no sense; restore the index "
                     "from a copy, or build it again in a new folder",
                     segment_folder(segment), passage);
}

/* Where each passage's words lie, read in order. */
struct token_scan {
    const struct tokens *tokens;
    struct column_scan begins;
};

static int scan_tokens(struct token_scan *scan, uint32_t passage, const uint8_t **at,
                       const uint8_t **end, struct error *err) {
    uint64_t begin, stop;
    int status = column_scan_get(&scan->begins, passage, &begin, err);
    if (!status)
        status = column_scan_get(&scan->begins, (uint64_t)passage + 1, &stop, err);
    if (!status && stop < begin)
        status = section_damaged(&scan->tokens->ids, begin, "a passage ends before it begins", err);
    if (!status)
        status = section_need(&scan->tokens->ids, begin, stop - begin, err);
    if (status)
        return status;
    *at = scan->tokens->ids.data + begin;
    *end = scan->tokens->ids.data + stop;
    return 0;
}

/* ---- Counting ------------------------------------------------------------------------------ */

struct word_count {
    uint64_t passages;
    uint32_t last; /* passage + 1 */
};

static int count_live(const struct merge_source *source, struct word_count *counts,
                      struct error *err) {
    const struct segment *segment = source->segment;
    struct token_scan scan = {.tokens = &segment->tokens};
    column_scan_init(&scan.begins, &segment->tokens.begins);
    for (uint32_t passage = 0; passage < segment_passage_count(segment); passage++) {
        const uint8_t *at, *end;
        uint32_t id;
        if (merge_is_dead(source, passage))
            continue;
        int status = scan_tokens(&scan, passage, &at, &end, err);
        if (status)
            return status;
        while (at < end) {
            if (!glass_unpack_uint32(&at, end, &id) || id >= segment_word_count(segment))
                return token_damaged(segment, passage, err);
            counts[id].passages += counts[id].last != passage + 1;
            counts[id].last = passage + 1;
        }
    }
    return 0;
}

struct row_taker {
    struct word_merge *merge;
    const struct word_count *counts; /* NULL: as the rows say */
    uint32_t *ids;
    struct error *err;
};

static int take_row(void *context, const struct lexicon_row *row) {
    struct row_taker *taker = context;
    struct segment_words *words = &taker->merge->words;
    uint64_t passages = taker->counts ? taker->counts[row->id].passages : row->passages;
    uint32_t number = segment_words_intern(words, row);
    if (number == UINT32_MAX)
        return error_memory(taker->err);
    words->rows[number].passages += passages;
    taker->ids[row->id] = number;
    return 0;
}

static int take_lexicon(struct word_merge *merge, size_t i, struct error *err) {
    const struct merge_source *source = &merge->merge->sources[i];
    size_t count = segment_word_count(source->segment);
    struct word_count *counts = NULL;
    uint32_t *ids = merge->ids[i] = malloc((count + 1) * sizeof *ids);
    int status = ids ? 0 : error_memory(err);
    if (!status)
        memset(ids, 0xff, (count + 1) * sizeof *ids);
    if (!status && source->live_before) {
        counts = calloc(count + 1, sizeof *counts);
        status = counts ? count_live(source, counts, err) : error_memory(err);
    }
    struct row_taker taker = {merge, counts, ids, err};
    if (!status)
        status = lexicon_each(&source->segment->lexicon, "", 0, take_row, &taker, err);
    free(counts);
    return status;
}

/* ---- New ids ------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b) {
    const struct lexicon_row *left = a, *right = b;
    if (left->passages != right->passages)
        return left->passages > right->passages ? -1 : 1;
    return left->id < right->id ? -1 : left->id > right->id;
}

static int give_ids(struct word_merge *merge, struct error *err) {
    struct segment_words *words = &merge->words;
    uint32_t *new_ids = malloc((words->count + 1) * sizeof *new_ids);
    if (!new_ids)
        return error_memory(err);
    if (words->count)
        qsort(words->rows, words->count, sizeof *words->rows, compare_rows);
    for (size_t i = 0; i < words->count; i++) {
        new_ids[words->rows[i].id] = (uint32_t)i;
        words->rows[i].id = (uint32_t)i;
    }
    for (size_t i = 0; i < merge->merge->count; i++) {
        size_t count = segment_word_count(merge->merge->sources[i].segment);
        for (size_t id = 0; id < count; id++)
            if (merge->ids[i][id] != NO_WORD)
                merge->ids[i][id] = new_ids[merge->ids[i][id]];
    }
    free(new_ids);
    return 0;
}

/* ---- The forward index --------------------------------------------------------------------- */

/* The words at `at` by their new ids into merge->passage; false: damaged, or out of memory. */
static bool map_passage(struct word_merge *merge, const uint32_t *ids, size_t id_count,
                        const uint8_t *at, const uint8_t *end) {
    struct bytes *out = &merge->passage;
    uint32_t id;
    bytes_reset(out);
    if (!bytes_reserve(out, (size_t)(end - at) * GLASS_UINT32_MAX_BYTES))
        return false;
    uint8_t *to = out->data;
    while (at < end) {
        if (!glass_unpack_uint32(&at, end, &id) || id >= id_count || ids[id] == NO_WORD)
            return false;
        to = glass_pack_uint(to, ids[id]);
    }
    out->size = to ? (size_t)(to - out->data) : 0;
    return true;
}

static int copy_tokens(struct word_merge *merge, size_t i, struct error *err) {
    const struct merge_source *source = &merge->merge->sources[i];
    const struct segment *segment = source->segment;
    size_t id_count = segment_word_count(segment);
    struct token_scan scan = {.tokens = &segment->tokens};
    column_scan_init(&scan.begins, &segment->tokens.begins);
    int status = 0;
    for (uint32_t passage = 0; !status && passage < segment_passage_count(segment); passage++) {
        const uint8_t *at, *end;
        if (merge_is_dead(source, passage))
            continue;
        status = scan_tokens(&scan, passage, &at, &end, err);
        if (status)
            break;
        if (!map_passage(merge, merge->ids[i], id_count, at, end))
            return merge->passage.failed ? error_memory(err) : token_damaged(segment, passage, err);
        status = tokens_add(&merge->tokens, merge->passage.data, merge->passage.size, err);
    }
    return status;
}

static int write_tokens(struct word_merge *merge, struct error *err) {
    char *path = folder_path(merge->merge->folder, "tokens.words");
    int status = path ? tokens_create(&merge->tokens, path, err) : error_memory(err);
    free(path);
    for (size_t i = 0; !status && i < merge->merge->count; i++)
        status = copy_tokens(merge, i, err);
    return status ? status : tokens_finish(&merge->tokens, err);
}

static int write_lexicon(struct word_merge *merge, struct error *err) {
    char *path = folder_path(merge->merge->folder, "lexicon.words");
    int status = path ? segment_words_write(&merge->words, path, err) : error_memory(err);
    free(path);
    return status;
}

int merge_words(const struct merge *from, struct error *err) {
    struct word_merge merge = {.merge = from, .passage = BYTES_INIT};
    merge.ids = calloc(from->count, sizeof *merge.ids);
    int status = merge.ids ? 0 : error_memory(err);
    for (size_t i = 0; !status && i < from->count; i++)
        status = take_lexicon(&merge, i, err);
    if (!status)
        status = give_ids(&merge, err);
    if (!status)
        status = write_tokens(&merge, err);
    if (!status)
        status = write_lexicon(&merge, err);
    for (size_t i = 0; merge.ids && i < from->count; i++)
        free(merge.ids[i]);
    free(merge.ids);
    tokens_writer_close(&merge.tokens);
    segment_words_free(&merge.words);
    bytes_free(&merge.passage);
    return status;
}
