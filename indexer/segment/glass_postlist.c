/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of postlist.glass (xapian-core 1.4 glass, format 2016,03,14), in the order of their
 * keys. The codes are those of glass_pack.h.
 *
 *   metadata      key 00 c0 name                       tag value
 *   lengths       key 00 e0                            tag 00 00 docid - 1:uint chunk
 *                 key 00 e0 docid:uint-sortable        tag chunk
 *   postings      key term:string-sortable (at the key's end)
 *                     tag documents:uint occurrences:uint docid - 1:uint chunk
 *                 key term:string-sortable docid:uint-sortable
 *                     tag chunk
 *   chunk       = is-last:bool last-docid - docid:uint wdf:uint
 *                 (docid - previous - 1:uint wdf:uint)*
 *
 * `docid` in a key or before a chunk is the chunk's first. The lengths are a posting list of the
 * empty term with lengths for wdf; a document exists if it is in it. Terms that begin with a zero
 * byte have keys 00 ff ..., so nothing gets between.
 *
 * Where Xapian ends chunks after 2000 bytes and leaves the rest of a block empty, this writer ends
 * a chunk also where the block ends: blocks are full, and each chunk lies in one piece, so that it
 * can be decoded where it is mapped. Readers see no difference.
 */
#include "indexer/segment/glass_postlist.h"

#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHUNK_HEAD_MAX = 1 + GLASS_UINT32_MAX_BYTES,
    FIRST_HEAD_MAX = 3 * GLASS_UINT32_MAX_BYTES + CHUNK_HEAD_MAX,
    POSTING_MAX = 2 * GLASS_UINT32_MAX_BYTES,
    /* A rest of a block with less room than this for postings is left empty: a chunk's own head and
     * key would take most of it. */
    ROOM_MIN = 64,
    KEY_BOUND = GLASS_SORTABLE_STRING_MAX(GLASS_TERM_MAX) + GLASS_SORTABLE_MAX_BYTES,
};

static const uint8_t lengths_key[2] = {0x00, 0xe0};
static const uint8_t metadata_key[2] = {0x00, 0xc0};

struct chunk {
    bool is_first; /* of its list */
    uint32_t first_docid, last_docid, entries, largest_wdf;
    size_t size, limit; /* bytes of postings: now, at most */
    uint8_t *postings;  /* with FIRST_HEAD_MAX bytes before them, for the head */
};

/* The list being written. */
struct list {
    uint8_t term[GLASS_TERM_MAX];
    size_t term_size;
    struct glass_frequencies announced, seen;
    uint32_t chunk_size;
    uint8_t key[KEY_BOUND]; /* of the first chunk */
    size_t key_size;
};

enum stage { METADATA, LENGTHS, BETWEEN_TERMS, IN_TERM, FINISHED };

struct glass_postlist {
    struct glass_table *table;
    struct glass_postlist_options options;
    enum stage stage;
    int failure;
    struct list list;
    struct chunk chunk; /* open if it has entries */
    struct glass_statistics statistics;
    uint64_t occurrences; /* of all terms */
    uint8_t buffer[FIRST_HEAD_MAX + GLASS_ITEM_MAX];
};

static int fail(struct glass_postlist *postlist, int status) {
    return postlist->failure = status;
}

static int check_usable(const struct glass_postlist *postlist, struct error *err) {
    if (postlist->failure)
        return error_set(err, postlist->failure, "postlist.glass: an earlier write failed");
    if (postlist->stage == FINISHED)
        return error_set(err, PLENARY_EINVALID, "postlist.glass: the table is finished");
    return 0;
}

int glass_postlist_create(struct glass_postlist **out, const char *folder,
                          const struct glass_postlist_options *options, struct error *err) {
    *out = NULL;
    struct glass_postlist *postlist = calloc(1, sizeof *postlist);
    char *path = NULL;
    if (!postlist || asprintf(&path, "%s/postlist.glass", folder) < 0) {
        free(postlist);
        return error_memory(err);
    }
    if (options)
        postlist->options = *options;
    postlist->chunk.postings = postlist->buffer + FIRST_HEAD_MAX;
    int status = glass_table_create(&postlist->table, path, postlist->options.block_size, err);
    free(path);
    if (status) {
        free(postlist);
        return status;
    }
    *out = postlist;
    return 0;
}

void glass_postlist_close(struct glass_postlist *postlist) {
    if (!postlist)
        return;
    glass_table_close(postlist->table);
    free(postlist);
}

int glass_postlist_add_metadata(struct glass_postlist *postlist, const void *name, size_t name_size,
                                const void *value, size_t value_size, struct error *err) {
    int status = check_usable(postlist, err);
    if (status)
        return status;
    uint8_t key[GLASS_KEY_MAX];
    if (name_size == 0 || name_size > sizeof key - sizeof metadata_key || value_size == 0)
        return error_set(err, PLENARY_EINVALID,
                         "metadata: a name of %zu bytes (1 to 253 are allowed), a value of %zu",
                         name_size, value_size);
    if (postlist->stage != METADATA)
        return error_set(err, PLENARY_EINVALID, "metadata comes before lengths and terms");
    memcpy(key, metadata_key, sizeof metadata_key);
    memcpy(key + sizeof metadata_key, name, name_size);
    status = glass_table_add(postlist->table, key, sizeof metadata_key + name_size, value,
                             value_size, err);
    return status ? fail(postlist, status) : 0;
}

/* ---- Chunks ---------------------------------------------------------------------------------- */

/* The key of the open chunk. Its size may come out larger than a key may be. */
static size_t chunk_key(const struct list *list, const struct chunk *chunk, uint8_t *key) {
    memcpy(key, list->key, list->key_size);
    uint8_t *end = key + list->key_size;
    if (!chunk->is_first) {
        if (list->term_size)
            *end++ = 0;
        end = glass_pack_uint_sortable(end, chunk->first_docid);
    }
    return (size_t)(end - key);
}

/* Begin a chunk at `docid` and settle how much goes into it. */
static int chunk_begin(struct glass_postlist *postlist, bool is_first, uint32_t docid,
                       struct error *err) {
    struct chunk *chunk = &postlist->chunk;
    chunk->is_first = is_first;
    chunk->first_docid = chunk->last_docid = docid;
    chunk->entries = chunk->largest_wdf = 0;
    chunk->size = 0;
    uint8_t key[KEY_BOUND];
    size_t key_size = chunk_key(&postlist->list, chunk, key);
    if (key_size > GLASS_KEY_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "a term of %zu bytes has so many zero bytes that its key takes %zu (255 "
                         "are allowed)",
                         postlist->list.term_size, key_size);
    size_t head = is_first ? FIRST_HEAD_MAX : CHUNK_HEAD_MAX;
    size_t limit = glass_table_largest_tag(postlist->table, key_size) - head;
    if (limit > postlist->list.chunk_size)
        limit = postlist->list.chunk_size;
    size_t room = glass_table_room(postlist->table, key_size);
    room = room > head ? room - head : 0;
    chunk->limit = room < limit && room >= ROOM_MIN ? room : limit;
    return 0;
}

/* The chunk's head, ending where its postings start. */
static uint8_t *chunk_head(const struct glass_postlist *postlist, bool is_last) {
    const struct chunk *chunk = &postlist->chunk;
    uint8_t head[FIRST_HEAD_MAX];
    uint8_t *end = head;
    if (chunk->is_first) {
        bool lengths = postlist->list.term_size == 0;
        const struct glass_frequencies *announced = &postlist->list.announced;
        end = glass_pack_uint(end, lengths ? 0 : announced->documents);
        end = glass_pack_uint(end, lengths ? 0 : announced->occurrences);
        end = glass_pack_uint(end, chunk->first_docid - 1);
    }
    end = glass_pack_bool(end, is_last);
    end = glass_pack_uint(end, chunk->last_docid - chunk->first_docid);
    size_t size = (size_t)(end - head);
    return memcpy(chunk->postings - size, head, size);
}

static int chunk_report(const struct glass_postlist *postlist, size_t head_size, bool is_last) {
    const struct chunk *chunk = &postlist->chunk;
    struct glass_chunk report = {.term = postlist->list.term,
                                 .term_size = postlist->list.term_size,
                                 .first_docid = chunk->first_docid,
                                 .last_docid = chunk->last_docid,
                                 .entries = chunk->entries,
                                 .largest_wdf = chunk->largest_wdf,
                                 .postings = chunk->postings,
                                 .postings_size = chunk->size,
                                 .offset = glass_table_tag_offset(postlist->table) + head_size,
                                 .is_last = is_last};
    return postlist->options.each_chunk(postlist->options.context, &report);
}

static int chunk_write(struct glass_postlist *postlist, bool is_last, struct error *err) {
    struct chunk *chunk = &postlist->chunk;
    uint8_t key[KEY_BOUND];
    size_t key_size = chunk_key(&postlist->list, chunk, key);
    const uint8_t *tag = chunk_head(postlist, is_last);
    size_t head_size = (size_t)(chunk->postings - tag);
    int status = glass_table_add(postlist->table, key, key_size, tag, head_size + chunk->size, err);
    if (!status && postlist->options.each_chunk && postlist->list.term_size) {
        status = chunk_report(postlist, head_size, is_last);
        if (status)
            error_set(err, status, "stopped at a chunk of postings by its receiver");
    }
    uint32_t *largest = &postlist->statistics.largest_wdf;
    if (postlist->list.term_size && chunk->largest_wdf > *largest)
        *largest = chunk->largest_wdf;
    chunk->entries = 0;
    return status;
}

/* One posting, through all the cases. */
static int list_add(struct glass_postlist *postlist, uint32_t docid, uint32_t wdf,
                    struct error *err) {
    struct chunk *chunk = &postlist->chunk;
    struct list *list = &postlist->list;
    bool is_first = list->seen.documents == 0;
    if (docid == 0 || (!is_first && docid <= chunk->last_docid))
        return error_set(err, PLENARY_EINVALID, "docid %" PRIu32 " follows docid %" PRIu32, docid,
                         is_first ? 0 : chunk->last_docid);
    uint8_t bytes[POSTING_MAX];
    uint8_t *end = bytes;
    int status = 0;
    if (chunk->entries) {
        end = glass_pack_uint(end, docid - chunk->last_docid - 1);
        end = glass_pack_uint(end, wdf);
        if (chunk->size + (size_t)(end - bytes) > chunk->limit) {
            status = chunk_write(postlist, false, err);
            end = bytes;
        }
    }
    if (!status && chunk->entries == 0) {
        status = chunk_begin(postlist, is_first, docid, err);
        end = glass_pack_uint(bytes, wdf);
    }
    if (status)
        return status;
    memcpy(chunk->postings + chunk->size, bytes, (size_t)(end - bytes));
    chunk->size += (size_t)(end - bytes);
    chunk->last_docid = docid;
    chunk->entries++;
    if (wdf > chunk->largest_wdf)
        chunk->largest_wdf = wdf;
    list->seen.documents++;
    list->seen.occurrences += wdf;
    return 0;
}

static void list_begin(struct list *list, const void *term, size_t term_size, uint32_t chunk_size) {
    if (term_size)
        memcpy(list->term, term, term_size);
    list->term_size = term_size;
    list->chunk_size = chunk_size ? chunk_size : GLASS_CHUNK_SIZE_DEFAULT;
    if (list->chunk_size < GLASS_CHUNK_SIZE_MIN)
        list->chunk_size = GLASS_CHUNK_SIZE_MIN;
    list->seen = (struct glass_frequencies){0, 0};
    if (term_size == 0) {
        memcpy(list->key, lengths_key, sizeof lengths_key);
        list->key_size = sizeof lengths_key;
    } else {
        uint8_t *end = glass_pack_string_sortable(list->key, term, term_size, true);
        list->key_size = (size_t)(end - list->key);
    }
}

static int list_end(struct glass_postlist *postlist, struct error *err) {
    return postlist->chunk.entries ? chunk_write(postlist, true, err) : 0;
}

/* ---- Lengths --------------------------------------------------------------------------------- */

int glass_postlist_add_length(struct glass_postlist *postlist, uint32_t docid, uint32_t length,
                              struct error *err) {
    int status = check_usable(postlist, err);
    if (status)
        return status;
    if (postlist->stage == METADATA) {
        uint32_t chunk_size = postlist->options.length_chunk_size;
        list_begin(&postlist->list, NULL, 0,
                   chunk_size ? chunk_size : GLASS_LENGTH_CHUNK_SIZE_DEFAULT);
        postlist->stage = LENGTHS;
    }
    if (postlist->stage != LENGTHS)
        return error_set(err, PLENARY_EINVALID, "lengths come before the first term");
    status = list_add(postlist, docid, length, err);
    if (status)
        return fail(postlist, status);
    struct glass_statistics *statistics = &postlist->statistics;
    statistics->documents++;
    statistics->last_docid = docid;
    statistics->total_length += length;
    if (length > statistics->longest)
        statistics->longest = length;
    if (length && (statistics->shortest == 0 || length < statistics->shortest))
        statistics->shortest = length;
    return 0;
}

static int lengths_end(struct glass_postlist *postlist, struct error *err) {
    int status = postlist->stage == LENGTHS ? list_end(postlist, err) : 0;
    postlist->stage = BETWEEN_TERMS;
    return status;
}

/* ---- Postings -------------------------------------------------------------------------------- */

int glass_run_count(const uint8_t *run, size_t size, struct glass_frequencies *frequencies,
                    struct error *err) {
    const uint8_t *at = run;
    const uint8_t *end = run + size;
    uint32_t delta, wdf;
    while (at < end) {
        if (!glass_unpack_uint32(&at, end, &delta) || !glass_unpack_uint32(&at, end, &wdf))
            return error_set(err, PLENARY_EDAMAGED, "a run of postings is damaged at byte %zu",
                             (size_t)(at - run));
        frequencies->documents++;
        frequencies->occurrences += wdf;
    }
    return 0;
}

static int term_check(const struct glass_postlist *postlist, size_t term_size,
                      const struct glass_frequencies *frequencies, struct error *err) {
    if (postlist->stage == IN_TERM)
        return error_set(err, PLENARY_EINVALID, "a term begins before the one before ended");
    if (term_size == 0 || term_size > GLASS_TERM_MAX)
        return error_set(err, PLENARY_EINVALID, "a term of %zu bytes (1 to %d are allowed)",
                         term_size, GLASS_TERM_MAX);
    if (frequencies->documents == 0 || frequencies->documents > postlist->statistics.documents)
        return error_set(err, PLENARY_EINVALID,
                         "a term with %" PRIu32 " postings, but there are %" PRIu32 " documents",
                         frequencies->documents, postlist->statistics.documents);
    if (frequencies->occurrences > UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT,
                         "a term occurs %" PRIu64 " times; glass counts to 2^32 - 1: use smaller "
                         "segments",
                         frequencies->occurrences);
    return 0;
}

int glass_postlist_begin(struct glass_postlist *postlist, const void *term, size_t term_size,
                         const struct glass_frequencies *frequencies, uint32_t chunk_size,
                         struct error *err) {
    int status = check_usable(postlist, err);
    if (!status)
        status = term_check(postlist, term_size, frequencies, err);
    if (status)
        return status;
    if (postlist->stage != BETWEEN_TERMS) {
        status = lengths_end(postlist, err);
        if (status)
            return fail(postlist, status);
    }
    list_begin(&postlist->list, term, term_size, chunk_size);
    postlist->list.announced = *frequencies;
    postlist->stage = IN_TERM;
    return 0;
}

static int check_in_term(const struct glass_postlist *postlist, struct error *err) {
    int status = check_usable(postlist, err);
    if (!status && postlist->stage != IN_TERM)
        status = error_set(err, PLENARY_EINVALID, "postings without a term");
    return status;
}

int glass_postlist_add(struct glass_postlist *postlist, uint32_t docid, uint32_t wdf,
                       struct error *err) {
    int status = check_in_term(postlist, err);
    if (status)
        return status;
    status = list_add(postlist, docid, wdf, err);
    return status ? fail(postlist, status) : 0;
}

/* Copy as many postings from `at` into the open chunk as fit; returns the first that was not. A run
 * that is damaged ends there too, and list_add's caller will say so. */
static const uint8_t *chunk_copy(struct glass_postlist *postlist, const uint8_t *at,
                                 const uint8_t *end) {
    struct chunk *chunk = &postlist->chunk;
    const uint8_t *start = at;
    const uint8_t *copied = at;
    if ((size_t)(end - at) > chunk->limit - chunk->size)
        end = at + (chunk->limit - chunk->size);
    uint64_t docid = chunk->last_docid;
    uint64_t occurrences = 0;
    uint32_t entries = 0, largest = chunk->largest_wdf;
    uint32_t delta, wdf;
    while (glass_unpack_uint32(&at, end, &delta) && glass_unpack_uint32(&at, end, &wdf)) {
        if (docid + delta >= UINT32_MAX)
            break;
        docid += (uint64_t)delta + 1;
        occurrences += wdf;
        largest = wdf > largest ? wdf : largest;
        entries++;
        copied = at;
    }
    memcpy(chunk->postings + chunk->size, start, (size_t)(copied - start));
    chunk->size += (size_t)(copied - start);
    chunk->last_docid = (uint32_t)docid;
    chunk->largest_wdf = largest;
    chunk->entries += entries;
    postlist->list.seen.documents += entries;
    postlist->list.seen.occurrences += occurrences;
    return copied;
}

static int list_add_run(struct glass_postlist *postlist, const uint8_t *run, size_t size,
                        struct error *err) {
    const uint8_t *at = run;
    const uint8_t *end = run + size;
    uint64_t previous = 0;
    while (at < end) {
        const uint8_t *posting = at;
        uint32_t delta, wdf;
        if (!glass_unpack_uint32(&at, end, &delta) || !glass_unpack_uint32(&at, end, &wdf) ||
            previous + delta >= UINT32_MAX)
            return error_set(err, PLENARY_EDAMAGED, "a run of postings is damaged at byte %zu",
                             (size_t)(posting - run));
        int status = list_add(postlist, (uint32_t)(previous + delta + 1), wdf, err);
        if (status)
            return status;
        at = chunk_copy(postlist, at, end);
        previous = postlist->chunk.last_docid;
    }
    return 0;
}

int glass_postlist_add_run(struct glass_postlist *postlist, const uint8_t *run, size_t size,
                           struct error *err) {
    int status = check_in_term(postlist, err);
    if (status)
        return status;
    status = list_add_run(postlist, run, size, err);
    return status ? fail(postlist, status) : 0;
}

int glass_postlist_end(struct glass_postlist *postlist, struct error *err) {
    int status = check_in_term(postlist, err);
    if (status)
        return status;
    const struct list *list = &postlist->list;
    if (list->seen.documents != list->announced.documents ||
        list->seen.occurrences != list->announced.occurrences)
        return fail(postlist,
                    error_set(err, PLENARY_EINVALID,
                              "a term was announced with %" PRIu32 " postings and %" PRIu64
                              " occurrences, but has %" PRIu32 " and %" PRIu64,
                              list->announced.documents, list->announced.occurrences,
                              list->seen.documents, list->seen.occurrences));
    struct glass_statistics *statistics = &postlist->statistics;
    if (postlist->chunk.last_docid > statistics->last_docid)
        return fail(postlist, error_set(err, PLENARY_EINVALID,
                                        "a posting for docid %" PRIu32
                                        ", but the last with a length is %" PRIu32,
                                        postlist->chunk.last_docid, statistics->last_docid));
    status = list_end(postlist, err);
    if (status)
        return fail(postlist, status);
    postlist->occurrences += list->seen.occurrences;
    postlist->stage = BETWEEN_TERMS;
    return 0;
}

int glass_postlist_finish(struct glass_postlist *postlist, struct glass_version *version,
                          struct error *err) {
    int status = check_usable(postlist, err);
    if (status)
        return status;
    if (postlist->stage == IN_TERM)
        return error_set(err, PLENARY_EINVALID, "the last term was not ended");
    if (postlist->stage != BETWEEN_TERMS)
        status = lengths_end(postlist, err);
    if (!status && postlist->occurrences != postlist->statistics.total_length)
        status = error_set(err, PLENARY_EINVALID,
                           "all terms occur %" PRIu64 " times, but the lengths add up to %" PRIu64,
                           postlist->occurrences, postlist->statistics.total_length);
    if (!status)
        status = glass_table_finish(postlist->table, &version->roots[GLASS_POSTLIST], err);
    if (status)
        return fail(postlist, status);
    version->statistics = postlist->statistics;
    postlist->stage = FINISHED;
    return 0;
}
