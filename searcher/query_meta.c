/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/query_meta.h"

#include "indexer/segment/segment_columns.h"

#include <stdlib.h>
#include <string.h>

struct meta {
    const struct query_node *node;
    const struct snapshot *snapshot;
    struct passage_set *out;
    struct error *err;
    int language;    /* -1: none of this name */
    char *folded;    /* the value; owned */
    uint8_t *bodies; /* of the segment being scanned: 1 for each number that matches; owned */
};

static int add_passages(struct meta *meta, uint32_t segment, uint32_t first, uint32_t end) {
    if (first >= end)
        return 0;
    int status = passage_set_add(meta->out, segment, first, end - 1, 0);
    if (status == PLENARY_EINVALID)
        return error_set(meta->err, PLENARY_EDAMAGED, "%s: passages of documents overlap",
                         segment_folder(snapshot_segment(meta->snapshot, segment)));
    return status ? error_memory(meta->err) : 0;
}

/* ---- Documents ------------------------------------------------------------------------------- */

struct body_match {
    struct meta *meta;
    char *folded; /* grows */
    size_t capacity;
};

static int match_body(void *context, uint32_t number, const char *text, size_t size) {
    struct body_match *match = context;
    size_t need = 4 * size + 1;
    if (need > match->capacity) {
        char *grown = realloc(match->folded, need);
        if (!grown)
            return error_memory(match->meta->err);
        match->folded = grown;
        match->capacity = need;
    }
    size_t folded = analysis_fold(text, size, match->folded);
    match->folded[folded] = '\0';
    match->meta->bodies[number] = strstr(match->folded, match->meta->folded) != NULL;
    return 0;
}

static int match_bodies(struct meta *meta, const struct segment *segment) {
    struct body_match match = {meta, NULL, 0};
    free(meta->bodies);
    meta->bodies = calloc(segment_strings_count(segment, SEGMENT_BODIES) + 1, 1);
    if (!meta->bodies)
        return error_memory(meta->err);
    int status = segment_strings_each(segment, SEGMENT_BODIES, match_body, &match, meta->err);
    free(match.folded);
    return status;
}

/* 1, 0 or negative. */
static int document_is(struct meta *meta, const struct segment *segment, uint32_t document,
                       struct arena *arena) {
    struct document_row row;
    uint32_t number = 0;
    int status = 0;
    switch (meta->node->field) {
    case QUERY_FIELD_DATE:
        return filter_date_matches(segment_document_date(segment, document), meta->node->from,
                                   meta->node->to);
    case QUERY_FIELD_LANGUAGE:
        return meta->language >= 0 &&
               segment_document_language(segment, document) == (uint32_t)meta->language;
    case QUERY_FIELD_BODY:
        status = segment_strings_number(segment, SEGMENT_BODIES, document, &number, meta->err);
        return status ? status : meta->bodies[number];
    default:
        break;
    }
    arena_reset(arena);
    status = segment_document(segment, document, arena, &row, meta->err);
    return status ? status : row.source && filter_path_matches(meta->node->text, row.source);
}

static int scan_documents(struct meta *meta, uint32_t s) {
    const struct segment *segment = snapshot_segment(meta->snapshot, s);
    uint32_t documents = segment_document_count(segment);
    struct arena arena = ARENA_INIT;
    int status = meta->node->field == QUERY_FIELD_BODY ? match_bodies(meta, segment) : 0;
    for (uint32_t document = 0; document < documents && !status; document++) {
        int is = document_is(meta, segment, document, &arena);
        uint32_t end = document + 1 < documents ? segment_first_passage(segment, document + 1)
                                                : segment_passage_count(segment);
        if (is < 0)
            status = is;
        else if (is)
            status = add_passages(meta, s, segment_first_passage(segment, document), end);
    }
    arena_free(&arena);
    return status;
}

static int scan_pages(struct meta *meta, uint32_t s) {
    const struct segment *segment = snapshot_segment(meta->snapshot, s);
    uint32_t from = meta->node->from ? meta->node->from : 1;
    uint32_t to = meta->node->to ? meta->node->to : UINT32_MAX;
    int status = 0;
    for (uint32_t i = 0; i < segment_passage_count(segment) && !status; i++) {
        uint32_t page = segment_passage_page(segment, i);
        if (page >= from && page <= to)
            status = add_passages(meta, s, i, i + 1);
    }
    return status;
}

/* ---- Ids ------------------------------------------------------------------------------------- */

/* The passage that the digits behind "#" or "#h" mean in a document. */
static int passage_of_document(const struct segment *segment, uint32_t document, const char *number,
                               uint32_t *passage, struct error *err) {
    bool ordinal = *number == 'h';
    char *end;
    number += ordinal;
    unsigned long wanted = strtoul(number, &end, 10);
    if (*number < '0' || *number > '9' || *end || !wanted || wanted > UINT32_MAX)
        return 0;
    struct arena arena = ARENA_INIT;
    uint32_t first = segment_first_passage(segment, document);
    uint32_t stop = document + 1 < segment_document_count(segment)
                        ? segment_first_passage(segment, document + 1)
                        : segment_passage_count(segment);
    int status = 0;
    for (uint32_t i = first; i < stop && !status; i++) {
        struct passage_row row;
        arena_reset(&arena);
        status = segment_passage(segment, i, &arena, &row, err);
        bool is = ordinal ? i - first + 1 == wanted : row.number == wanted;
        if (!status && is) {
            *passage = i;
            status = 1;
        }
    }
    arena_free(&arena);
    return status;
}

int query_meta_find_passage(const struct snapshot *snapshot, const char *id, uint32_t *segment,
                            uint32_t *passage, struct error *err) {
    const char *hash = strrchr(id, '#');
    int status = 0;
    if (hash && hash > id) {
        char *document_id = strndup(id, (size_t)(hash - id));
        uint32_t document = 0;
        if (!document_id)
            return error_memory(err);
        status = snapshot_find_id(snapshot, document_id, segment, &document, err);
        free(document_id);
        if (status == 1)
            status = passage_of_document(snapshot_segment(snapshot, *segment), document, hash + 1,
                                         passage, err);
    }
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot) && !status; i++) {
        status = segment_find_passage_id(snapshot_segment(snapshot, i), id, passage, err);
        if (status == 1 && snapshot_is_deleted(snapshot, i, *passage))
            status = 0;
        *segment = i;
    }
    return status;
}

static int find_id(struct meta *meta) {
    uint32_t segment = 0, document = 0, passage = 0;
    const char *id = meta->node->text;
    int status = snapshot_find_id(meta->snapshot, id, &segment, &document, meta->err);
    if (status < 0)
        return status;
    if (status == 1) {
        const struct segment *from = snapshot_segment(meta->snapshot, segment);
        uint32_t end = document + 1 < segment_document_count(from)
                           ? segment_first_passage(from, document + 1)
                           : segment_passage_count(from);
        return add_passages(meta, segment, segment_first_passage(from, document), end);
    }
    status = query_meta_find_passage(meta->snapshot, id, &segment, &passage, meta->err);
    return status == 1 ? add_passages(meta, segment, passage, passage + 1) : status;
}

/* ---- Sets ------------------------------------------------------------------------------------ */

static int fold_value(struct meta *meta) {
    meta->folded = malloc(4 * meta->node->text_size + 1);
    if (!meta->folded)
        return error_memory(meta->err);
    meta->folded[analysis_fold(meta->node->text, meta->node->text_size, meta->folded)] = '\0';
    return 0;
}

int query_meta_make(struct passage_set *out, const struct query_node *node,
                    const struct snapshot *snapshot, struct error *err) {
    struct meta meta = {.node = node, .snapshot = snapshot, .out = out, .err = err};
    uint32_t segments = snapshot_segment_count(snapshot);
    if (passage_set_init(out, segments))
        return error_memory(err);
    meta.language = language_number(node->text);
    int status = fold_value(&meta);
    if (!status && node->field == QUERY_FIELD_ID)
        status = find_id(&meta);
    for (uint32_t i = 0; i < segments && !status && node->field != QUERY_FIELD_ID; i++)
        status = node->field == QUERY_FIELD_PAGE ? scan_pages(&meta, i) : scan_documents(&meta, i);
    free(meta.folded);
    free(meta.bodies);
    if (status)
        passage_set_free(out);
    return status;
}
