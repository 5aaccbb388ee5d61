/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/index_writer.h"

#include "indexer/segment/strings.h"

#include <stdlib.h>
#include <string.h>

static uint64_t name_hash(const char *name) {
    return string_hash(name, strlen(name));
}

static bool is_building(const struct index_writer *writer, struct document_place place) {
    return place.segment == writer->segment_count;
}

bool writer_is_alive(const struct index_writer *writer, struct document_place place) {
    if (is_building(writer, place)) {
        const struct bytes *dead = &writer->building_dead;
        size_t at = place.document / 8;
        return at >= dead->size || !(dead->data[at] >> place.document % 8 & 1);
    }
    const struct writer_segment *segment = &writer->segments[place.segment];
    return !segment->dropped && !tombstones_document(&segment->live.dead, place.document);
}

int writer_key(struct index_writer *writer, struct document_place place, struct document_key *out,
               struct error *err) {
    if (is_building(writer, place))
        return segment_writer_document(writer->building, place.document, out, err);
    struct document_row row;
    arena_reset(&writer->arena);
    int status = segment_document(writer->segments[place.segment].live.segment, place.document,
                                  &writer->arena, &row, err);
    if (status)
        return status;
    *out = (struct document_key){.id = row.id, .source = row.source, .is_record = row.is_record};
    memcpy(out->content, row.content, sizeof out->content);
    return 0;
}

static bool is_same_name(const char *name, const char *other) {
    return other && !strcmp(name, other);
}

/* Among the documents added since opening that are alive. (A dead one's place stays in the map.) */
static int find_added(struct index_writer *writer, bool by_source, const char *name,
                      struct document_place **out, struct error *err) {
    const struct document_map *map = by_source ? &writer->by_source : &writer->by_id;
    struct document_map_cursor cursor = document_map_seek(name_hash(name));
    struct document_place *place;
    *out = NULL;
    while ((place = document_map_next(map, &cursor))) {
        struct document_key key;
        if (!writer_is_alive(writer, *place))
            continue;
        int status = writer_key(writer, *place, &key, err);
        if (status)
            return status;
        if (is_same_name(name, by_source ? key.source : key.id)) {
            *out = place;
            return 1;
        }
    }
    return 0;
}

int writer_find_id(struct index_writer *writer, const char *id, struct document_place *out,
                   struct error *err) {
    struct document_place *added;
    int status = find_added(writer, false, id, &added, err);
    if (status < 0)
        return status;
    if (added) {
        *out = *added;
        return 1;
    }
    for (uint32_t i = (uint32_t)writer->segment_count; i-- > 0;) {
        const struct writer_segment *segment = &writer->segments[i];
        if (!segment->old || segment->dropped)
            continue;
        out->segment = i;
        status = live_segment_find_id(&segment->live, id, &out->document, err);
        if (status)
            return status;
    }
    return 0;
}

/* ---- By source ------------------------------------------------------------------------------ */

struct source_search {
    const struct live_segment *live;
    uint32_t document;
    struct error *err;
};

static int take_file_document(void *context, uint32_t document) {
    struct source_search *search = context;
    if (tombstones_document(&search->live->dead, document))
        return 0;
    struct arena arena = ARENA_INIT;
    struct document_row row;
    int status = segment_document(search->live->segment, document, &arena, &row, search->err);
    arena_free(&arena);
    if (status || row.is_record)
        return status;
    search->document = document;
    return 1;
}

int writer_find_source(struct index_writer *writer, const char *source, struct document_place *out,
                       struct error *err) {
    struct document_place *added;
    int status = find_added(writer, true, source, &added, err);
    if (status < 0)
        return status;
    if (added) {
        *out = *added;
        return 1;
    }
    for (uint32_t i = (uint32_t)writer->segment_count; i-- > 0;) {
        const struct writer_segment *segment = &writer->segments[i];
        if (!segment->old || segment->dropped)
            continue;
        struct source_search search = {&segment->live, 0, err};
        status =
            segment_each_of_source(segment->live.segment, source, take_file_document, &search, err);
        *out = (struct document_place){i, search.document};
        if (status)
            return status;
    }
    return 0;
}

/* ---- Remembering ---------------------------------------------------------------------------- */

/* What replaces a document takes over its entry, so that a name that comes a million times does not
 * leave a million entries to be gone through. */
static bool take_over(const struct document_map *map, uint64_t hash, struct document_place old,
                      struct document_place place) {
    struct document_map_cursor cursor = document_map_seek(hash);
    struct document_place *entry;
    while ((entry = document_map_next(map, &cursor))) {
        if (entry->segment == old.segment && entry->document == old.document) {
            *entry = place;
            return true;
        }
    }
    return false;
}

static bool remember_name(struct document_map *map, const char *name, struct document_place place,
                          const struct document_place *replaced) {
    uint64_t hash = name_hash(name);
    return (replaced && take_over(map, hash, *replaced, place)) ||
           document_map_add(map, hash, place);
}

int writer_remember(struct index_writer *writer, const struct document *document, uint32_t ordinal,
                    const struct document_place *replaced, struct error *err) {
    struct document_place place = {(uint32_t)writer->segment_count, ordinal};
    bool done = remember_name(&writer->by_id, document->id, place, replaced);
    if (done && !document->is_record)
        done = remember_name(&writer->by_source, document->source, place, replaced);
    return done ? 0 : error_memory(err);
}

/* ---- What prune needs to know ---------------------------------------------------------------- */

static int mark_touched(void *context, uint32_t document) {
    uint64_t *touched = context;
    touched[document >> 6] |= UINT64_C(1) << (document & 63);
    return 0;
}

int writer_touch_source(struct index_writer *writer, const char *source, struct error *err) {
    /* The records of a file come one after the other. */
    if (!source || is_same_name(source, writer->touched_source))
        return 0;
    for (size_t i = 0; i < writer->segment_count; i++) {
        struct writer_segment *segment = &writer->segments[i];
        if (!segment->old || segment->dropped)
            continue;
        int status = segment_each_of_source(segment->live.segment, source, mark_touched,
                                            segment->touched, err);
        if (status)
            return status;
    }
    free(writer->touched_source);
    writer->touched_source = strdup(source);
    return writer->touched_source ? 0 : error_memory(err);
}

void writer_mark_seen(struct index_writer *writer, struct document_place place) {
    if (!is_building(writer, place) && writer->segments[place.segment].old)
        mark_touched(writer->segments[place.segment].seen, place.document);
}
