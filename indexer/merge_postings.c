/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The postings of a merge: the segments' lists are met term by term through a heap, and each term's
 * list is put together from theirs. Chunks of a segment without deletions are copied but for the
 * docid they begin with; others are filtered and renumbered posting by posting.
 */
#include "indexer/merge_parts.h"

#include "indexer/segment/bounds.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_reader.h"

#include <string.h>

struct posting_source {
    const struct merge_source *source;
    struct glass_reader *reader;
    struct glass_cursor cursor;
};

struct posting_merge {
    struct posting_source *sources; /* in order of their passages */
    size_t count;
    uint32_t *heap; /* numbers of sources, least term on top, among equals the first source */
    size_t heap_size;
    struct glass_postlist *postlist;
    struct bounds_writer *bounds;
    struct bytes run; /* of the term being merged */
    uint8_t term[GLASS_KEY_MAX];
    size_t term_size;
    uint32_t last_docid; /* in `run` */
    struct glass_frequencies found;
};

/* ---- The heap ------------------------------------------------------------------------------ */

static int compare_terms(const void *a, size_t a_size, const void *b, size_t b_size) {
    size_t common = a_size < b_size ? a_size : b_size;
    int order = memcmp(a, b, common);
    return order ? order : a_size < b_size ? -1 : a_size > b_size;
}

static bool comes_before(const struct posting_merge *merge, uint32_t a, uint32_t b) {
    const struct glass_cursor *left = &merge->sources[a].cursor;
    const struct glass_cursor *right = &merge->sources[b].cursor;
    int order = compare_terms(left->term, left->term_size, right->term, right->term_size);
    return order ? order < 0 : a < b;
}

/* Let the source at `at` sink to its place. */
static void sift_down(struct posting_merge *merge, size_t at) {
    uint32_t *heap = merge->heap;
    for (;;) {
        size_t least = at, left = 2 * at + 1, right = left + 1;
        if (left < merge->heap_size && comes_before(merge, heap[left], heap[least]))
            least = left;
        if (right < merge->heap_size && comes_before(merge, heap[right], heap[least]))
            least = right;
        if (least == at)
            return;
        uint32_t swap = heap[at];
        heap[at] = heap[least];
        heap[least] = swap;
        at = least;
    }
}

/* The source on top goes to its next list, or leaves. */
static int advance_top(struct posting_merge *merge, struct error *err) {
    int status = glass_cursor_next_list(&merge->sources[merge->heap[0]].cursor, err);
    if (status == 0)
        merge->heap[0] = merge->heap[--merge->heap_size];
    if (merge->heap_size)
        sift_down(merge, 0);
    return status < 0 ? status : 0;
}

/* ---- One chunk ----------------------------------------------------------------------------- */

static bool has_passage(const struct posting_source *from, uint32_t docid) {
    return docid >= 1 && docid <= segment_passage_count(from->source->segment);
}

static void add_docid(struct posting_merge *merge, uint32_t docid) {
    bytes_add_varint(&merge->run, docid - merge->last_docid - 1);
    merge->last_docid = docid;
}

static int copy_chunk(struct posting_merge *merge, const struct posting_source *from,
                      struct error *err) {
    const struct glass_cursor *cursor = &from->cursor;
    int status = glass_cursor_count(cursor, &merge->found, err);
    if (status)
        return status;
    add_docid(merge, from->source->first_passage + cursor->first_docid);
    bytes_add(&merge->run, cursor->postings, cursor->postings_size);
    merge->last_docid = from->source->first_passage + cursor->last_docid;
    return 0;
}

static int filter_chunk(struct posting_merge *merge, const struct posting_source *from,
                        struct error *err) {
    const struct glass_cursor *cursor = &from->cursor;
    const uint8_t *at = cursor->postings, *end = at + cursor->postings_size;
    struct glass_frequencies all = {0, 0};
    int status = glass_cursor_count(cursor, &all, err);
    uint32_t docid = cursor->first_docid, gap, wdf;
    for (uint32_t i = 0; !status && i < all.documents; i++) {
        /* Counted above: the numbers are all there and lead to last_docid. */
        if (i && glass_unpack_uint32(&at, end, &gap))
            docid += gap + 1;
        glass_unpack_uint32(&at, end, &wdf);
        if (merge_is_dead(from->source, docid - 1))
            continue;
        add_docid(merge, merge_renumber(from->source, docid - 1) + 1);
        bytes_add_varint(&merge->run, wdf);
        merge->found.documents++;
        merge->found.occurrences += wdf;
    }
    return status;
}

static int take_chunk(struct posting_merge *merge, const struct posting_source *from,
                      struct error *err) {
    if (!has_passage(from, from->cursor.first_docid) || !has_passage(from, from->cursor.last_docid))
        return glass_cursor_damaged(&from->cursor, "postings that belong to no passage", err);
    return from->source->live_before ? filter_chunk(merge, from, err)
                                     : copy_chunk(merge, from, err);
}

/* All chunks of the list that a source is on into `run`. */
static int take_list(struct posting_merge *merge, struct posting_source *from, struct error *err) {
    struct glass_frequencies before = merge->found;
    int status = 1;
    while (status > 0) {
        status = take_chunk(merge, from, err);
        if (!status)
            status = glass_cursor_next_chunk(&from->cursor, err);
    }
    if (status)
        return status;
    const struct glass_frequencies *announced = &from->cursor.announced;
    bool counted = !from->source->live_before && from->cursor.term_size;
    if (counted && (merge->found.documents - before.documents != announced->documents ||
                    merge->found.occurrences - before.occurrences != announced->occurrences))
        return glass_cursor_damaged(&from->cursor, "a term with other postings than it says", err);
    return merge->run.failed ? error_memory(err) : 0;
}

/* ---- Lengths and terms --------------------------------------------------------------------- */

static void begin_run(struct posting_merge *merge) {
    bytes_reset(&merge->run);
    merge->last_docid = 0;
    merge->found = (struct glass_frequencies){0, 0};
}

static int write_lengths(struct posting_merge *merge, struct error *err) {
    const uint8_t *at = merge->run.data, *end = at + merge->run.size;
    uint32_t gap, length, docid = 0;
    int status = 0;
    while (!status && at < end && glass_unpack_uint32(&at, end, &gap) &&
           glass_unpack_uint32(&at, end, &length)) {
        docid += gap + 1;
        status = glass_postlist_add_length(merge->postlist, docid, length, err);
        if (!status)
            bounds_add_length(merge->bounds, docid, length);
    }
    return status;
}

/* Each source's first list is that of its lengths, if it has any passage with postings. */
static int merge_lengths(struct posting_merge *merge, struct error *err) {
    int status = 0;
    for (uint32_t i = 0; !status && i < merge->count; i++) {
        struct posting_source *from = &merge->sources[i];
        begin_run(merge);
        merge->last_docid = 0;
        status = glass_cursor_next_list(&from->cursor, err);
        if (status <= 0)
            continue;
        if (from->cursor.term_size)
            return glass_cursor_damaged(&from->cursor, "no document lengths", err);
        status = take_list(merge, from, err);
        if (!status)
            status = write_lengths(merge, err);
        if (!status)
            status = glass_cursor_next_list(&from->cursor, err);
        if (status > 0) {
            merge->heap[merge->heap_size++] = i;
            status = 0;
        }
    }
    return status;
}

static bool is_on_term(const struct posting_merge *merge) {
    if (!merge->heap_size)
        return false;
    const struct glass_cursor *top = &merge->sources[merge->heap[0]].cursor;
    return !compare_terms(top->term, top->term_size, merge->term, merge->term_size);
}

static int merge_term(struct posting_merge *merge, struct error *err) {
    const struct glass_cursor *top = &merge->sources[merge->heap[0]].cursor;
    memcpy(merge->term, top->term, top->term_size);
    merge->term_size = top->term_size;
    begin_run(merge);
    int status = 0;
    while (!status && is_on_term(merge)) {
        status = take_list(merge, &merge->sources[merge->heap[0]], err);
        if (!status)
            status = advance_top(merge, err);
    }
    if (status || !merge->found.documents)
        return status;
    struct glass_postlist *postlist = merge->postlist;
    status = glass_postlist_begin(postlist, merge->term, merge->term_size, &merge->found, 0, err);
    if (!status)
        status = glass_postlist_add_run(postlist, merge->run.data, merge->run.size, err);
    return status ? status : glass_postlist_end(postlist, err);
}

/* ---- The whole ----------------------------------------------------------------------------- */

static int open_sources(struct posting_merge *merge, const struct merge *from, struct error *err) {
    merge->sources = calloc(from->count, sizeof *merge->sources);
    merge->heap = calloc(from->count, sizeof *merge->heap);
    int status = merge->sources && merge->heap ? 0 : error_memory(err);
    for (size_t i = 0; !status && i < from->count; i++) {
        struct posting_source *source = &merge->sources[i];
        source->source = &from->sources[i];
        status = glass_reader_open(&source->reader, segment_folder(source->source->segment), err);
        if (status)
            break;
        merge->count++;
        glass_cursor_init(&source->cursor, source->reader);
    }
    return status;
}

static int write_postings(struct posting_merge *merge, const char *folder,
                          struct glass_version *version, struct error *err) {
    int status = merge_lengths(merge, err);
    for (size_t i = merge->heap_size; i-- > 0;)
        sift_down(merge, i);
    while (!status && merge->heap_size)
        status = merge_term(merge, err);
    if (!status)
        status = glass_postlist_finish(merge->postlist, version, err);
    return status ? status : bounds_finish(merge->bounds, folder, err);
}

/* The postlist writer speaks of postings that do not fit together; whose they are, it cannot know.
 */
static int name_segment(const struct merge *from, int status, struct error *err) {
    if (status && err && !strstr(err->message, "segments/")) {
        struct error bare = *err;
        error_set(err, bare.code, "%s: merging: %s; run plenary-index --check", from->folder,
                  bare.message);
    }
    return status;
}

int merge_postings(const struct merge *from, struct error *err) {
    struct posting_merge merge = {.run = BYTES_INIT};
    struct glass_version version;
    glass_version_init(&version);
    int status = open_sources(&merge, from, err);
    if (!status)
        status = bounds_writer_create(&merge.bounds, err);
    const struct glass_postlist_options options = {.each_chunk = bounds_add_chunk,
                                                   .context = merge.bounds};
    if (!status)
        status = glass_postlist_create(&merge.postlist, from->folder, &options, err);
    if (!status)
        status = name_segment(from, write_postings(&merge, from->folder, &version, err), err);
    if (!status && from->portable)
        status = merge_portable(from, &version, err);
    if (!status)
        status = glass_version_write(&version, from->folder, err);
    glass_postlist_close(merge.postlist);
    bounds_writer_close(merge.bounds);
    for (size_t i = 0; i < merge.count; i++) {
        glass_cursor_free(&merge.sources[i].cursor);
        glass_reader_close(merge.sources[i].reader);
    }
    bytes_free(&merge.run);
    free(merge.sources);
    free(merge.heap);
    return status;
}
