/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/index_writer.h"

#include "indexer/leftovers.h"
#include "indexer/lock.h"
#include "indexer/segment/folder.h"
#include "indexer/stub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEFAULT_MEMORY = 512 << 20, ID_ATTEMPTS = 1000, ANY_LANGUAGE = -2, DETECT_LANGUAGE = -1 };

/* ---- Opening ------------------------------------------------------------------------------- */

static int make_folder(const char *path, struct error *err) {
    return mkdir(path, 0777) && errno != EEXIST ? error_errno(err, "%s: cannot create", path) : 0;
}

/* Look before touching anything: a folder of other things must not get a lock file. */
static int check_folder(struct index_writer *writer, struct error *err) {
    int status = make_folder(writer->index, err);
    if (status)
        return status;
    struct manifest manifest;
    status = manifest_read(&manifest, writer->index, err);
    manifest_free(&manifest);
    return status == PLENARY_ENOTFOUND ? leftovers_check_new(writer->index, err) : status;
}

static int check_portable(const struct index_writer *writer,
                          const struct index_writer_options *options, struct error *err) {
    bool own_builder = !options->builder || strcmp(options->builder, "xapian");
    if (options->portable && !writer->manifest.portable)
        return error_set(err, PLENARY_EINVALID,
                         "%s: this index was not begun with --portable; leave that out, or build "
                         "another index in a new folder",
                         writer->index);
    if (writer->manifest.portable && !own_builder)
        return error_set(err, PLENARY_EINVALID,
                         "%s: a portable index is not written by the builder %s; leave --builder "
                         "out",
                         writer->index, options->builder);
    return 0;
}

/* Now that nobody else writes: the manifest as it is, or a new one. */
static int read_manifest(struct index_writer *writer, const struct index_writer_options *options,
                         struct error *err) {
    int language = options->language;
    int status = manifest_read(&writer->manifest, writer->index, err);
    if (status == PLENARY_ENOTFOUND) {
        writer->fresh = true;
        manifest_init(&writer->manifest, language == ANY_LANGUAGE ? DETECT_LANGUAGE : language);
        writer->manifest.portable = options->portable;
        return check_portable(writer, options, err);
    }
    if (!status)
        status = check_portable(writer, options, err);
    if (status || language == ANY_LANGUAGE || language == writer->manifest.language)
        return status;
    int kept = writer->manifest.language;
    return error_set(err, PLENARY_EINVALID,
                     "%s: this index was begun with the language %s; leave the language out, or "
                     "build another index in a new folder",
                     writer->index, kept < 0 ? "of each document" : language_name(kept));
}

uint64_t *writer_new_bits(uint32_t count) {
    return calloc((size_t)count / 64 + 1, sizeof(uint64_t));
}

struct writer_segment *writer_reserve_segment(struct index_writer *writer) {
    if (writer->segment_count == writer->segment_capacity) {
        size_t capacity = writer->segment_capacity ? writer->segment_capacity * 2 : 8;
        struct writer_segment *segments =
            reallocarray(writer->segments, capacity, sizeof *segments);
        if (!segments)
            return NULL;
        writer->segments = segments;
        writer->segment_capacity = capacity;
    }
    struct writer_segment *segment = &writer->segments[writer->segment_count];
    memset(segment, 0, sizeof *segment);
    return segment;
}

/* One of the last generation, whose snapshot has its files open. */
static int open_published(struct index_writer *writer, uint32_t number, struct error *err) {
    const struct manifest_segment *row = &writer->manifest.segments[number];
    struct segment *open =
        writer->before ? snapshot_segment_to_share(writer->before, number) : NULL;
    struct writer_segment *segment = writer_reserve_segment(writer);
    if (!segment)
        return error_memory(err);
    int status = live_segment_open(&segment->live, writer->index, row, open, err);
    if (status)
        return status;
    writer->segment_count++;
    segment->row = *row;
    segment->published = segment->old = true;
    segment->seen = writer_new_bits(row->documents);
    segment->touched = writer_new_bits(row->documents);
    return segment->seen && segment->touched ? 0 : error_memory(err);
}

static int open_all(struct index_writer *writer, const struct index_writer_options *options,
                    struct error *err) {
    int status = check_folder(writer, err);
    if (!status)
        status = lock_take(&writer->lock, writer->index, options->wait, err);
    if (!status)
        status = read_manifest(writer, options, err);
    char *segments = folder_path(writer->index, "segments");
    if (!status)
        status = segments ? make_folder(segments, err) : error_memory(err);
    free(segments);
    if (!status && !writer->fresh && writer->manifest.portable)
        status = stub_write(&writer->manifest, writer->index, err);
    if (!status)
        status = leftovers_remove(writer->index, &writer->manifest, err);
    if (!status) {
        status = worker_open(&writer->worker, writer->manifest.language, err);
        writer->worker_open = true;
    }
    /* The lock is ours: the snapshot is of the generation that the manifest tells of. */
    if (!status && !writer->fresh)
        status = snapshot_open(&writer->before, writer->index, err);
    for (uint32_t i = 0; !status && i < writer->manifest.segment_count; i++)
        status = open_published(writer, i, err);
    return status;
}

int index_writer_open(struct index_writer **out, const char *index,
                      const struct index_writer_options *options, struct error *err) {
    static const struct index_writer_options defaults = INDEX_WRITER_OPTIONS_INIT;
    *out = NULL;
    if (!options)
        options = &defaults;
    struct index_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_memory(err);
    writer->lock = -1;
    writer->memory = options->memory ? options->memory : DEFAULT_MEMORY;
    writer->index = strdup(index);
    writer->builder_name = options->builder ? strdup(options->builder) : NULL;
    int status = 0;
    if (!writer->index || (options->builder && !writer->builder_name))
        status = error_memory(err);
    if (!status)
        status = open_all(writer, options, err);
    if (status) {
        index_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

void index_writer_close(struct index_writer *writer) {
    if (!writer)
        return;
    segment_writer_close(writer->building);
    for (size_t i = 0; i < writer->segment_count; i++) {
        live_segment_close(&writer->segments[i].live);
        free(writer->segments[i].seen);
        free(writer->segments[i].touched);
    }
    /* What was finished and not published goes now rather than with the next writer; unless a
     * failure leaves open which manifest is on disk. */
    if (writer->lock >= 0 && writer->worker_open && !writer->broken)
        leftovers_remove(writer->index, &writer->manifest, NULL);
    if (writer->worker_open)
        worker_close(&writer->worker);
    if (writer->before)
        snapshot_close(writer->before);
    for (unsigned i = 0; i < INDEX_WORKERS; i++)
        vocabulary_free(&writer->vocabularies[i]);
    document_map_free(&writer->by_id);
    document_map_free(&writer->by_source);
    bytes_free(&writer->building_dead);
    arena_free(&writer->arena);
    manifest_free(&writer->manifest);
    lock_release(writer->lock);
    free(writer->segments);
    free(writer->touched_source);
    free(writer->builder_name);
    free(writer->index);
    free(writer);
}

uint64_t index_writer_shortened(const struct index_writer *writer) {
    return writer->shortened + analyser_shortened(batcher_analyser(writer->worker.batcher));
}

void index_writer_count_shortened(struct index_writer *writer, uint64_t words) {
    writer->shortened += words;
}

int index_writer_language(const struct index_writer *writer) {
    return writer->manifest.language;
}

/* ---- The segment being built ----------------------------------------------------------------- */

static int start_segment(struct index_writer *writer, struct error *err) {
    vocabulary_unmap(&writer->worker.vocabulary);
    for (unsigned i = 0; i < INDEX_WORKERS; i++)
        vocabulary_unmap(&writer->vocabularies[i]);
    bytes_reset(&writer->building_dead);
    uint32_t name = writer->manifest.next_segment;
    const char *builder = writer->manifest.portable ? "portable" : writer->builder_name;
    char *folder = manifest_segment_path(writer->index, name);
    int status =
        folder ? segment_writer_create(&writer->building, folder, builder, err) : error_memory(err);
    free(folder);
    if (status)
        return status;
    segment_writer_set_generation(writer->building, writer->manifest.generation + 1);
    writer->building_name = name;
    writer->manifest.next_segment = name + 1;
    return 0;
}

uint64_t writer_collect_languages(const struct segment *segment) {
    uint64_t languages = 0;
    uint32_t count = segment_document_count(segment);
    for (uint32_t i = 0; i < count; i++)
        languages |= UINT64_C(1) << (segment_document_language(segment, i) & 63);
    return languages;
}

/* Documents that later ones of the same segment have replaced. */
static int bury_replaced(struct index_writer *writer, struct live_segment *live,
                         struct error *err) {
    uint32_t count = segment_document_count(live->segment);
    struct document_place place = {(uint32_t)writer->segment_count, 0};
    int status = 0;
    for (; !status && place.document < count; place.document++) {
        if (writer_is_alive(writer, place))
            continue;
        uint32_t first = segment_first_passage(live->segment, place.document);
        uint32_t end = place.document + 1 < count
                           ? segment_first_passage(live->segment, place.document + 1)
                           : segment_passage_count(live->segment);
        status = tombstones_add(&live->dead, place.document, first, end, err);
    }
    return status;
}

/* Open what has been finished; it takes its place among the segments. */
static int adopt_segment(struct index_writer *writer, const struct manifest_segment *row,
                         struct error *err) {
    struct writer_segment *segment = writer_reserve_segment(writer);
    if (!segment)
        return error_memory(err);
    int status = live_segment_open(&segment->live, writer->index, row, NULL, err);
    if (!status)
        status = bury_replaced(writer, &segment->live, err);
    if (status) {
        live_segment_close(&segment->live);
        return status;
    }
    segment->row = *row;
    segment->row.languages = writer_collect_languages(segment->live.segment);
    segment->changed = segment->live.dead.deleted_documents > 0;
    writer->segment_count++;
    return 0;
}

int writer_check_broken(const struct index_writer *writer, struct error *err) {
    if (!writer->broken)
        return 0;
    return error_set(err, PLENARY_EIO,
                     "%s: not written any further after an earlier failure; open the index again",
                     writer->index);
}

int writer_flush(struct index_writer *writer, struct error *err) {
    int status = writer_check_broken(writer, err);
    if (status || !writer->building)
        return status;
    struct manifest_segment row = {.name = writer->building_name,
                                   .documents = segment_writer_documents(writer->building),
                                   .passages = segment_writer_passages(writer->building)};
    if (row.documents) {
        snprintf(row.builder, sizeof row.builder, "%s", segment_writer_builder(writer->building));
        status = segment_writer_finish(writer->building, err);
        if (!status)
            status = adopt_segment(writer, &row, err);
        /* The maps name documents that are now nowhere. */
        writer->broken = status != 0;
    }
    segment_writer_close(writer->building);
    writer->building = NULL;
    return status;
}

/* ---- Adding -------------------------------------------------------------------------------- */

static bool is_same_content(const struct document_key *key, const struct document *document) {
    size_t size = document->is_record ? RECORD_HASH_SIZE : CONTENT_HASH_SIZE;
    return key->is_record == document->is_record && key->source && document->source &&
           !strcmp(key->source, document->source) && !memcmp(key->content, document->content, size);
}

int index_writer_had_source(const struct index_writer *writer, const char *source,
                            struct error *err) {
    return writer->before ? snapshot_has_source(writer->before, source, err) : 0;
}

int index_writer_has_source(struct index_writer *writer, const char *source,
                            const uint8_t content[16], struct error *err) {
    struct document_place place;
    struct document_key key;
    int status = writer_find_source(writer, source, &place, err);
    if (status <= 0)
        return status;
    status = writer_key(writer, place, &key, err);
    if (status)
        return status;
    if (memcmp(key.content, content, CONTENT_HASH_SIZE))
        return 0;
    writer_mark_seen(writer, place);
    status = writer_touch_source(writer, source, err);
    return status ? status : 1;
}

static bool is_same_place(struct document_place a, struct document_place b) {
    return a.segment == b.segment && a.document == b.document;
}

/* A file's id is how it was named, and two ways may name different files alike: then the source,
 * which is absolute, and if even that is some record's id, the source with a number. */
static int settle_file_id(struct index_writer *writer, struct document *document, int known,
                          struct document_place own, struct error *err) {
    const char *id = document->id;
    for (unsigned attempt = 0; attempt < ID_ATTEMPTS; attempt++) {
        struct document_place other;
        int taken = writer_find_id(writer, id, &other, err);
        if (taken < 0)
            return taken;
        if (!taken || (known && is_same_place(own, other))) {
            document->id = id;
            return 0;
        }
        char number[16] = "";
        if (attempt)
            snprintf(number, sizeof number, "#%u", attempt + 1);
        size_t size = strlen(document->source) + sizeof number;
        char *next = arena_alloc(&document->arena, size);
        if (!next)
            return error_memory(err);
        snprintf(next, size, "%s%s", document->source, number);
        id = next;
    }
    return error_set(err, PLENARY_ELIMIT, "%s: all ids for this file are taken", document->source);
}

/* Is the document there already, where, and what is to be done with it? */
static int compare_known(struct index_writer *writer, struct document *document,
                         struct document_place *place, enum index_change *change,
                         struct error *err) {
    int known = document->is_record ? writer_find_id(writer, document->id, place, err)
                                    : writer_find_source(writer, document->source, place, err);
    if (known < 0)
        return known;
    *change = known ? INDEX_REPLACED : INDEX_ADDED;
    if (known) {
        struct document_key key;
        int status = writer_key(writer, *place, &key, err);
        if (status)
            return status;
        if (is_same_content(&key, document)) {
            *change = INDEX_UNCHANGED;
            return 0;
        }
    }
    return document->is_record ? 0 : settle_file_id(writer, document, known, *place, err);
}

static int append_document(struct index_writer *writer, const struct document *document,
                           struct error *err) {
    int status = writer->building ? 0 : start_segment(writer, err);
    if (status)
        return status;
    uint32_t before = segment_writer_documents(writer->building);
    status = worker_add(&writer->worker, writer->building, document, err);
    /* Refused before anything was written: the segment is whole, the caller may go on. */
    if (status && segment_writer_documents(writer->building) == before)
        return status;
    writer->broken = status != 0;
    return status;
}

static int flush_if_full(struct index_writer *writer, struct error *err) {
    if (segment_writer_memory(writer->building) < writer->memory)
        return 0;
    return writer_flush(writer, err);
}

int index_writer_add(struct index_writer *writer, struct document *document,
                     enum index_change *change, struct error *err) {
    struct document_place place = {0, 0};
    int status = writer_check_broken(writer, err);
    if (!status && (!document->id || !document->source))
        status = error_set(err, PLENARY_EINVALID, "a document needs an id and a source");
    if (!status)
        status = compare_known(writer, document, &place, change, err);
    if (!status)
        status = writer_touch_source(writer, document->source, err);
    if (status)
        return status;
    if (*change == INDEX_UNCHANGED) {
        writer_mark_seen(writer, place);
        return 0;
    }
    status = append_document(writer, document, err);
    if (status)
        return status;
    if (*change == INDEX_REPLACED)
        status = writer_kill(writer, place, err);
    if (!status)
        status = writer_remember(writer, document, segment_writer_documents(writer->building) - 1,
                                 *change == INDEX_REPLACED ? &place : NULL, err);
    /* Neither half of a replacement may be published alone. */
    writer->broken = status != 0;
    return status ? status : flush_if_full(writer, err);
}

/* ---- Adding batches -------------------------------------------------------------------------- */

static int find_known(struct index_writer *writer, const struct document *document,
                      struct document_place *place, struct error *err) {
    return document->is_record ? writer_find_id(writer, document->id, place, err)
                               : writer_find_source(writer, document->source, place, err);
}

/* Asked by workers while others append: so it looks at the last generation's snapshot, which does
 * not change. */
int index_writer_is_unchanged(const struct index_writer *writer, const struct document *document,
                              struct error *err) {
    uint32_t segment, number;
    if (!writer->before)
        return 0;
    int status = snapshot_find_id(writer->before, document->id, &segment, &number, err);
    if (status <= 0)
        return status;
    struct arena arena = ARENA_INIT;
    struct document_row row;
    status = segment_document(snapshot_segment(writer->before, segment), number, &arena, &row, err);
    struct document_key key = {.id = row.id, .source = row.source, .is_record = row.is_record};
    memcpy(key.content, row.content, sizeof key.content);
    if (!status)
        status = is_same_content(&key, document);
    arena_free(&arena);
    return status;
}

/* Files of one batch that are named alike; there are few files in a batch. */
static bool is_named_before(const struct batch *batch, size_t i) {
    for (size_t j = 0; j < i; j++)
        if (!strcmp(batch->documents[j].document.id, batch->documents[i].document.id))
            return true;
    return false;
}

/* Ids are settled before the batch is written. */
static int settle_batch(struct index_writer *writer, struct batch *batch, struct error *err) {
    int status = 0;
    for (size_t i = 0; !status && i < batch->document_count; i++) {
        struct document *document = &batch->documents[i].document;
        struct document_place place = {0, 0};
        if (document->is_record || batch->documents[i].is_unchanged)
            continue;
        if (is_named_before(batch, i))
            document->id = document->source;
        int known = find_known(writer, document, &place, err);
        document->arena = batch->arena; /* where a new id is to live */
        status = known < 0 ? known : settle_file_id(writer, document, known, place, err);
        batch->arena = document->arena;
        document->arena = (struct arena)ARENA_INIT;
    }
    return status;
}

/* A document of the batch, now number `ordinal` of the segment being built. */
static int register_document(struct index_writer *writer, const struct document *document,
                             uint32_t ordinal, struct index_changes *changes, struct error *err) {
    struct document_place place;
    int known = find_known(writer, document, &place, err);
    int status = known > 0 ? writer_kill(writer, place, err) : known;
    if (!status)
        status = writer_touch_source(writer, document->source, err);
    if (!status)
        status = writer_remember(writer, document, ordinal, known > 0 ? &place : NULL, err);
    changes->added += !known;
    changes->replaced += known > 0;
    changes->passages += document->passage_count;
    return status;
}

static int register_unchanged(struct index_writer *writer, const struct document *document,
                              struct index_changes *changes, struct error *err) {
    struct document_place place;
    int status = find_known(writer, document, &place, err);
    if (status > 0)
        writer_mark_seen(writer, place);
    changes->unchanged++;
    return status < 0 ? status : writer_touch_source(writer, document->source, err);
}

static int register_batch(struct index_writer *writer, const struct batch *batch, uint32_t first,
                          struct index_changes *changes, struct error *err) {
    int status = 0;
    uint32_t ordinal = first;
    for (size_t i = 0; !status && i < batch->document_count; i++) {
        const struct batch_document *row = &batch->documents[i];
        status = row->is_unchanged
                     ? register_unchanged(writer, &row->document, changes, err)
                     : register_document(writer, &row->document, ordinal++, changes, err);
    }
    return status;
}

int index_writer_append(struct index_writer *writer, unsigned number, struct batch *batch,
                        struct index_changes *changes, struct error *err) {
    struct vocabulary *vocabulary = &writer->vocabularies[number];
    int status = writer_check_broken(writer, err);
    if (!status)
        status = vocabulary_learn(vocabulary, batch, err);
    if (!status && !writer->building)
        status = start_segment(writer, err);
    if (!status)
        status = settle_batch(writer, batch, err);
    if (status)
        return status;
    uint32_t first = segment_writer_documents(writer->building);
    status = segment_writer_append(writer->building, vocabulary, batch, err);
    if (!status)
        status = register_batch(writer, batch, first, changes, err);
    writer->broken = status != 0;
    return status ? status : flush_if_full(writer, err);
}

/* ---- Publishing ---------------------------------------------------------------------------- */

bool writer_segment_is_empty(const struct writer_segment *segment) {
    return segment->live.dead.deleted_documents == segment_document_count(segment->live.segment);
}

static bool has_changes(const struct index_writer *writer) {
    bool changes = writer->fresh;
    for (size_t i = 0; i < writer->segment_count; i++) {
        const struct writer_segment *segment = &writer->segments[i];
        if (segment->dropped)
            continue;
        changes |= segment->published ? segment->changed : !writer_segment_is_empty(segment);
    }
    return changes;
}

static int write_tombstones(const struct index_writer *writer, struct manifest_segment *row,
                            const struct writer_segment *segment, uint64_t generation,
                            struct error *err) {
    row->tombstones = generation;
    row->deleted_documents = segment->live.dead.deleted_documents;
    row->deleted_passages = segment->live.dead.deleted_passages;
    char *path = manifest_tombstones_path(writer->index, row->name, generation);
    int status = path ? tombstones_write(&segment->live.dead, path, err) : error_memory(err);
    free(path);
    if (!status)
        status = folder_sync(segment_folder(segment->live.segment), err);
    return status;
}

/* The next generation's manifest; tombstones are written on the way. */
static int make_manifest(struct index_writer *writer, struct manifest *next, struct error *err) {
    manifest_init(next, writer->manifest.language);
    next->portable = writer->manifest.portable;
    next->generation = writer->manifest.generation + 1;
    next->next_segment = writer->manifest.next_segment;
    int status = manifest_note_published(next, &writer->manifest, err);
    for (size_t i = 0; !status && i < writer->segment_count; i++) {
        const struct writer_segment *segment = &writer->segments[i];
        if (segment->dropped || writer_segment_is_empty(segment))
            continue;
        struct manifest_segment row = segment->row;
        if (segment->changed)
            status = write_tombstones(writer, &row, segment, next->generation, err);
        if (!status)
            status = manifest_add(next, &row, err);
    }
    return status;
}

static int sync_folders(const struct index_writer *writer, struct error *err) {
    char *segments = folder_path(writer->index, "segments");
    int status = segments ? folder_sync(segments, err) : error_memory(err);
    free(segments);
    /* A new index is a new name in its parent; that it cannot be synced is no reason to fail. */
    char *parent = writer->fresh ? folder_path(writer->index, "..") : NULL;
    if (parent)
        folder_sync(parent, NULL);
    free(parent);
    return status;
}

/* The rows as published, in step with the new manifest. */
static void note_published(struct index_writer *writer) {
    size_t row = 0;
    for (size_t i = 0; i < writer->segment_count; i++) {
        struct writer_segment *segment = &writer->segments[i];
        if (segment->dropped)
            continue;
        if (writer_segment_is_empty(segment)) {
            segment->dropped = true;
            live_segment_close(&segment->live);
            continue;
        }
        segment->row = writer->manifest.segments[row++];
        segment->published = true;
        segment->changed = false;
    }
    writer->fresh = false;
}

/* What the stub of before names stays until it has been replaced, be it by the next writer. */
static int publish_stub(const struct index_writer *writer, struct error *err) {
    struct error fault = {PLENARY_OK, ""};
    int status = stub_write(&writer->manifest, writer->index, &fault);
    return status ? error_set(err, status,
                              "%s; the new generation is in place, but other Xapian programs see "
                              "the one before until plenary-index is run again",
                              fault.message)
                  : 0;
}

int index_writer_publish(struct index_writer *writer, struct error *err) {
    int status = writer_flush(writer, err);
    if (status || !has_changes(writer))
        return status;
    status = writer_merge_tiers(writer, err);
    if (status)
        return status;
    struct manifest next;
    status = make_manifest(writer, &next, err);
    if (!status)
        status = sync_folders(writer, err);
    if (!status) {
        status = manifest_write(&next, writer->index, err);
        /* It may have been renamed and then not synced: what is published is no longer known. */
        writer->broken = status != 0;
    }
    if (status) {
        manifest_free(&next);
        return status;
    }
    manifest_free(&writer->manifest);
    writer->manifest = next;
    note_published(writer);
    if (writer->manifest.portable)
        status = publish_stub(writer, err);
    if (status) {
        writer->broken = true; /* what the old stub names must not be removed */
        return status;
    }
    /* Published it is; what is past can also be removed by the next writer. */
    leftovers_remove(writer->index, &writer->manifest, NULL);
    return 0;
}
