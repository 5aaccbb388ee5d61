/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a portable segment has besides: records, lists of terms and positions. Their entries hold no
 * docid but in the key, so that they are copied as they stand, compressed ones too, under new keys.
 */
#include "indexer/merge_parts.h"

#include "indexer/segment/folder.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_reader.h"
#include "indexer/segment/glass_table.h"

#include <string.h>

struct table_source {
    const struct merge_source *source;
    struct glass_reader *reader;
    struct glass_cursor cursor;
    bool ended;
    size_t prefix; /* of the entry it is on: bytes of the key before the docid */
    uint32_t docid;
};

struct table_merge {
    enum glass_table_number number;
    struct table_source *sources; /* in order of their passages */
    size_t count;
    struct glass_table *table;
    uint8_t prefix[GLASS_KEY_MAX]; /* of the entries being copied */
    size_t prefix_size;
};

/* ---- Entries ------------------------------------------------------------------------------- */

/* Positions go by term and docid: a term ends with the first zero byte that no ff follows. */
static size_t find_prefix(enum glass_table_number number, const uint8_t *key, size_t size) {
    if (number != GLASS_POSITION)
        return 0;
    for (size_t at = 0; at < size; at++) {
        if (key[at])
            continue;
        if (at + 1 == size || key[at + 1] != 0xff)
            return at + 1;
        at++;
    }
    return size;
}

/* Go to the next entry of a passage that lives. */
static int advance(const struct table_merge *merge, struct table_source *from, struct error *err) {
    struct glass_cursor *cursor = &from->cursor;
    for (;;) {
        int status = glass_cursor_next_entry(cursor, err);
        from->ended = status == 0;
        if (status <= 0)
            return status;
        from->prefix = find_prefix(merge->number, cursor->key, cursor->key_size);
        const uint8_t *at = cursor->key + from->prefix, *end = cursor->key + cursor->key_size;
        if (!glass_unpack_uint32_sortable(&at, end, &from->docid) || at != end || !from->docid ||
            from->docid > segment_passage_count(from->source->segment))
            return glass_cursor_damaged(cursor, "an entry that belongs to no passage", err);
        if (!merge_is_dead(from->source, from->docid - 1))
            return 0;
    }
}

static int copy_entry(struct table_merge *merge, const struct table_source *from,
                      struct error *err) {
    const struct glass_cursor *cursor = &from->cursor;
    uint8_t key[GLASS_KEY_MAX + GLASS_SORTABLE_MAX_BYTES];
    memcpy(key, cursor->key, from->prefix);
    uint32_t docid = merge_renumber(from->source, from->docid - 1) + 1;
    size_t size = (size_t)(glass_pack_uint_sortable(key + from->prefix, docid) - key);
    return cursor->is_deflated
               ? glass_table_add_deflated(merge->table, key, size, cursor->tag, cursor->tag_size,
                                          err)
               : glass_table_add(merge->table, key, size, cursor->tag, cursor->tag_size, err);
}

/* ---- A table ------------------------------------------------------------------------------- */

static int compare_prefixes(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* The least prefix that any source is on, or false at the end. Segments are few. */
static bool find_least(struct table_merge *merge) {
    const struct table_source *least = NULL;
    for (size_t i = 0; i < merge->count; i++) {
        const struct table_source *from = &merge->sources[i];
        if (!from->ended && (!least || compare_prefixes(from->cursor.key, from->prefix,
                                                        least->cursor.key, least->prefix) < 0))
            least = from;
    }
    if (!least)
        return false;
    merge->prefix_size = least->prefix;
    memcpy(merge->prefix, least->cursor.key, least->prefix);
    return true;
}

static bool is_on_prefix(const struct table_merge *merge, const struct table_source *from) {
    return !from->ended &&
           !compare_prefixes(from->cursor.key, from->prefix, merge->prefix, merge->prefix_size);
}

static int copy_all(struct table_merge *merge, struct error *err) {
    int status = 0;
    for (size_t i = 0; !status && i < merge->count; i++)
        status = advance(merge, &merge->sources[i], err);
    while (!status && find_least(merge))
        for (size_t i = 0; !status && i < merge->count; i++) {
            struct table_source *from = &merge->sources[i];
            while (!status && is_on_prefix(merge, from)) {
                status = copy_entry(merge, from, err);
                if (!status)
                    status = advance(merge, from, err);
            }
        }
    return status;
}

static int open_table(struct table_merge *merge, const struct merge *from, struct error *err) {
    merge->sources = calloc(from->count, sizeof *merge->sources);
    char *path = folder_path(from->folder, glass_sums_file_name(merge->number));
    int status = merge->sources && path ? 0 : error_memory(err);
    if (!status)
        status = glass_table_create(&merge->table, path, 0, err);
    free(path);
    for (size_t i = 0; !status && i < from->count; i++) {
        struct table_source *source = &merge->sources[i];
        source->source = &from->sources[i];
        status = glass_reader_open_table(&source->reader, segment_folder(source->source->segment),
                                         merge->number, err);
        if (status)
            break;
        merge->count++;
        glass_cursor_init(&source->cursor, source->reader);
    }
    return status;
}

static int merge_table(const struct merge *from, enum glass_table_number number,
                       struct glass_root *root, struct error *err) {
    struct table_merge merge = {.number = number};
    int status = open_table(&merge, from, err);
    if (!status)
        status = copy_all(&merge, err);
    if (!status)
        status = glass_table_finish(merge.table, root, err);
    glass_table_close(merge.table);
    for (size_t i = 0; i < merge.count; i++) {
        glass_cursor_free(&merge.sources[i].cursor);
        glass_reader_close(merge.sources[i].reader);
    }
    free(merge.sources);
    return status;
}

int merge_portable(const struct merge *from, struct glass_version *version, struct error *err) {
    static const enum glass_table_number numbers[] = {GLASS_TERMLIST, GLASS_DOCDATA,
                                                      GLASS_POSITION};
    int status = 0;
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = merge_table(from, numbers[i], &version->roots[numbers[i]], err);
    return status;
}
