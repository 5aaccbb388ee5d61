/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/index_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int kill_building(struct bytes *dead, uint32_t document, struct error *err) {
    while (dead->size <= document / 8 && !dead->failed)
        bytes_add_byte(dead, 0);
    if (dead->failed)
        return error_memory(err);
    dead->data[document / 8] |= (uint8_t)(1 << document % 8);
    return 0;
}

int writer_kill(struct index_writer *writer, struct document_place place, struct error *err) {
    if (place.segment == writer->segment_count)
        return kill_building(&writer->building_dead, place.document, err);
    struct writer_segment *segment = &writer->segments[place.segment];
    struct arena arena = ARENA_INIT;
    struct document_row row;
    int status = segment_document(segment->live.segment, place.document, &arena, &row, err);
    arena_free(&arena);
    if (!status)
        status = tombstones_add(&segment->live.dead, place.document, row.first_passage,
                                row.first_passage + row.passage_count, err);
    if (!status)
        segment->changed = true;
    return status;
}

/* ---- Deleting by name ------------------------------------------------------------------------ */

struct deletion {
    struct index_writer *writer;
    uint32_t segment;
    uint64_t deleted;
    struct error *err;
};

static int delete_document(void *context, uint32_t document) {
    struct deletion *deletion = context;
    const struct live_segment *live = &deletion->writer->segments[deletion->segment].live;
    if (tombstones_document(&live->dead, document))
        return 0;
    struct document_place place = {deletion->segment, document};
    int status = writer_kill(deletion->writer, place, deletion->err);
    if (!status)
        deletion->deleted++;
    return status;
}

static int delete_source(struct index_writer *writer, const char *source, uint64_t *deleted,
                         struct error *err) {
    struct deletion deletion = {.writer = writer, .err = err};
    int status = 0;
    for (uint32_t i = 0; !status && i < writer->segment_count; i++) {
        if (writer->segments[i].dropped)
            continue;
        deletion.segment = i;
        status = segment_each_of_source(writer->segments[i].live.segment, source, delete_document,
                                        &deletion, err);
    }
    *deleted += deletion.deleted;
    return status;
}

int index_writer_delete(struct index_writer *writer, const char *id_or_source, uint64_t *deleted,
                        struct error *err) {
    struct document_place place = {0, 0};
    *deleted = 0;
    /* What is in a finished segment can be looked up by source as well. */
    int status = writer_flush(writer, err);
    if (!status)
        status = writer_find_id(writer, id_or_source, &place, err);
    if (status < 0)
        return status;
    if (status == 0)
        return delete_source(writer, id_or_source, deleted, err);
    status = writer_kill(writer, place, err);
    *deleted = status ? 0 : 1;
    return status;
}

/* ---- Pruning --------------------------------------------------------------------------------- */

/* Whether a source is gone, asked once for documents that follow one another. */
struct source_memory {
    char *source;
    bool gone;
};

/* Does it name something inside a file that is there, a member of an archive? */
static bool is_inside_file(const char *source) {
    char *path = strdup(source), *slash;
    struct stat stat_;
    bool found = false;
    while (path && !found && (slash = strrchr(path, '/')) && slash > path) {
        *slash = '\0';
        if (stat(path, &stat_) == 0) {
            found = S_ISREG(stat_.st_mode);
            break;
        }
    }
    free(path);
    return found;
}

static int ask_source(struct source_memory *memory, const char *source, struct error *err) {
    if (memory->source && !strcmp(memory->source, source))
        return 0;
    free(memory->source);
    memory->source = strdup(source);
    if (!memory->source)
        return error_memory(err);
    struct stat stat_;
    /* A folder that cannot be searched, a server that does not answer: not the same as gone. */
    memory->gone = source[0] == '/' && stat(source, &stat_) &&
                   (errno == ENOENT || (errno == ENOTDIR && !is_inside_file(source)));
    return 0;
}

static bool bit(const uint64_t *bits, uint32_t i) {
    return bits[i >> 6] >> (i & 63) & 1;
}

static int prune_document(struct deletion *deletion, uint32_t document,
                          struct source_memory *memory) {
    struct index_writer *writer = deletion->writer;
    const struct writer_segment *segment = &writer->segments[deletion->segment];
    if (tombstones_document(&segment->live.dead, document) || bit(segment->seen, document))
        return 0;
    bool gone = bit(segment->touched, document);
    if (!gone) {
        struct document_key key;
        struct document_place place = {deletion->segment, document};
        int status = writer_key(writer, place, &key, deletion->err);
        if (!status && key.source)
            status = ask_source(memory, key.source, deletion->err);
        if (status)
            return status;
        gone = key.source && memory->gone;
    }
    return gone ? delete_document(deletion, document) : 0;
}

int index_writer_prune(struct index_writer *writer, uint64_t *deleted, struct error *err) {
    struct deletion deletion = {.writer = writer, .err = err};
    struct source_memory memory = {NULL, false};
    int status = 0;
    /* Documents added since opening were read just now: only older ones can be out of date. */
    for (uint32_t i = 0; !status && i < writer->segment_count; i++) {
        const struct writer_segment *segment = &writer->segments[i];
        if (!segment->old || segment->dropped)
            continue;
        deletion.segment = i;
        uint32_t count = segment_document_count(segment->live.segment);
        for (uint32_t document = 0; !status && document < count; document++)
            status = prune_document(&deletion, document, &memory);
    }
    free(memory.source);
    *deleted = deletion.deleted;
    return status;
}
