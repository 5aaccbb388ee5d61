/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/fold.h"

#include "indexer/segment/segment_columns.h"
#include "searcher/match_walk.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* Passages with the same words. */
struct folded {
    uint64_t words;                            /* hash */
    uint32_t segment, passage, document, date; /* of the one that is kept */
    uint32_t count;                            /* 0: a free slot */
};

struct fold {
    const struct snapshot *snapshot;
    struct folded *slots; /* owned; open addressing, at most half full */
    size_t capacity, count;
    uint64_t left_out;
    uint64_t *hashes; /* of the words of `segment`, by id; 0: a joined form; owned */
    uint32_t word_count;
    uint32_t segment; /* + 1; 0: none yet */
    struct passage_set kept;
    struct folded *by_place; /* owned: those with duplicates, by segment and passage */
    size_t place_count;
    struct error *err;
};

/* ---- Words ----------------------------------------------------------------------------------- */

static int take_hash(void *context, const struct lexicon_row *row) {
    const struct fold *fold = context;
    if (row->id < fold->word_count && !row->joined)
        fold->hashes[row->id] = XXH3_64bits(row->word, row->word_size) | 1;
    return 0;
}

static int enter_segment(struct fold *fold, uint32_t segment) {
    const struct segment *from = snapshot_segment(fold->snapshot, segment);
    free(fold->hashes);
    fold->word_count = segment_word_count(from);
    fold->hashes = calloc((size_t)fold->word_count + 1, sizeof *fold->hashes);
    if (!fold->hashes)
        return error_memory(fold->err);
    fold->segment = segment + 1;
    return segment_each_word_row(from, "", 0, take_hash, fold, fold->err);
}

static int hash_words(const struct fold *fold, uint32_t passage, uint64_t *out) {
    const struct segment *segment = snapshot_segment(fold->snapshot, fold->segment - 1);
    const uint8_t *at;
    size_t size;
    uint64_t hash = 0, id;
    int status = segment_tokens(segment, passage, &at, &size, fold->err);
    if (status)
        return status;
    for (const uint8_t *end = at + size; at < end && varint_read(&at, end, &id);) {
        uint64_t word = id < fold->word_count ? fold->hashes[id] : 0;
        if (!word)
            continue;
        hash = (hash ^ word) * 0x9E3779B97F4A7C15U;
        hash ^= hash >> 32;
    }
    *out = hash;
    return 0;
}

/* ---- Slots ----------------------------------------------------------------------------------- */

static struct folded *find_slot(struct folded *slots, size_t capacity, uint64_t words) {
    size_t at = (size_t)words & (capacity - 1);
    while (slots[at].count && slots[at].words != words)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static int grow(struct fold *fold) {
    enum { FIRST = 1024 };
    size_t capacity = fold->capacity ? 2 * fold->capacity : FIRST;
    struct folded *slots = calloc(capacity, sizeof *slots);
    if (!slots)
        return error_memory(fold->err);
    for (size_t i = 0; i < fold->capacity; i++)
        if (fold->slots[i].count)
            *find_slot(slots, capacity, fold->slots[i].words) = fold->slots[i];
    free(fold->slots);
    fold->slots = slots;
    fold->capacity = capacity;
    return 0;
}

/* Is the document of `a` to be kept rather than that of `b`? 1, 0 or negative. */
static int goes_before(const struct fold *fold, const struct folded *a, const struct folded *b) {
    if (a->date != b->date)
        return a->date > b->date;
    if (a->segment == b->segment && a->document == b->document)
        return a->passage < b->passage;
    struct bytes first = BYTES_INIT, second = BYTES_INIT;
    int status = segment_read_document_id(snapshot_segment(fold->snapshot, a->segment), a->document,
                                          &first, fold->err);
    if (!status)
        status = segment_read_document_id(snapshot_segment(fold->snapshot, b->segment), b->document,
                                          &second, fold->err);
    const char *x = bytes_string(&first), *y = bytes_string(&second);
    if (!status && (!x || !y))
        status = error_memory(fold->err);
    int order = status ? 0 : strcmp(x, y);
    bytes_free(&first);
    bytes_free(&second);
    return status ? status : order < 0;
}

static int take_match(void *context, uint32_t segment, uint32_t passage) {
    struct fold *fold = context;
    const struct segment *from = snapshot_segment(fold->snapshot, segment);
    struct folded one = {.segment = segment, .passage = passage, .count = 1};
    int status = fold->segment == segment + 1 ? 0 : enter_segment(fold, segment);
    if (!status && 2 * (fold->count + 1) > fold->capacity)
        status = grow(fold);
    if (!status)
        status = hash_words(fold, passage, &one.words);
    if (status)
        return status;
    one.document = segment_document_of(from, passage);
    one.date = segment_document_date(from, one.document);
    struct folded *slot = find_slot(fold->slots, fold->capacity, one.words);
    if (!slot->count) {
        *slot = one;
        fold->count++;
        return 0;
    }
    fold->left_out++;
    one.count = slot->count + (slot->count < UINT32_MAX);
    int before = goes_before(fold, &one, slot);
    slot->count = one.count;
    if (before == 1)
        *slot = one;
    return before < 0 ? before : 0;
}

/* ---- What is kept ---------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b) {
    const struct folded *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return (x->passage > y->passage) - (x->passage < y->passage);
}

static int keep(struct fold *fold) {
    for (size_t i = 0; i < fold->capacity; i++)
        if (fold->slots[i].count)
            fold->slots[fold->place_count++] = fold->slots[i];
    fold->by_place = fold->slots;
    fold->slots = NULL;
    fold->capacity = 0;
    if (fold->place_count)
        qsort(fold->by_place, fold->place_count, sizeof *fold->by_place, by_place);
    if (passage_set_init(&fold->kept, snapshot_segment_count(fold->snapshot)))
        return error_memory(fold->err);
    for (size_t i = 0; i < fold->place_count; i++) {
        const struct folded *one = &fold->by_place[i];
        if (passage_set_add(&fold->kept, one->segment, one->passage, one->passage, 0))
            return error_memory(fold->err);
    }
    return 0;
}

int fold_make(struct fold **out, const struct snapshot *snapshot, struct shim_database *database,
              const struct shim_query *query, struct error *err) {
    struct fold *fold = calloc(1, sizeof *fold);
    *out = NULL;
    if (!fold)
        return error_memory(err);
    fold->snapshot = snapshot;
    fold->err = err;
    int status = match_walk(database, query, take_match, fold, err);
    free(fold->hashes);
    fold->hashes = NULL;
    if (!status)
        status = keep(fold);
    if (status)
        fold_free(fold);
    else
        *out = fold;
    return status;
}

void fold_free(struct fold *fold) {
    if (!fold)
        return;
    free(fold->slots);
    free(fold->hashes);
    free(fold->by_place);
    passage_set_free(&fold->kept);
    free(fold);
}

const struct passage_set *fold_kept(const struct fold *fold) {
    return &fold->kept;
}

uint64_t fold_left_out(const struct fold *fold) {
    return fold->left_out;
}

uint32_t fold_duplicates(const struct fold *fold, uint32_t segment, uint32_t passage) {
    const struct folded wanted = {.segment = segment, .passage = passage};
    const struct folded *found =
        fold->place_count
            ? bsearch(&wanted, fold->by_place, fold->place_count, sizeof wanted, by_place)
            : NULL;
    return found ? found->count - 1 : 0;
}
