/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tombstones-G, a sidecar of kind 'X':
 *
 *   section 1  deleted documents, section 2  deleted passages: each a bitmap in the portable format
 *              of Roaring (github.com/RoaringBitmap/RoaringFormatSpec)
 */
#include "indexer/tombstones.h"

#include "indexer/segment/sidecar.h"

#include <roaring/roaring.h>
#include <stdlib.h>

enum { TOMBSTONES_KIND = 'X', TOMBSTONES_VERSION = 1, SECTION_DOCUMENTS = 1, SECTION_PASSAGES = 2 };

void tombstones_init(struct tombstones *tombstones, uint32_t documents, uint32_t passages) {
    *tombstones = (struct tombstones){.document_count = documents, .passage_count = passages};
}

void tombstones_free(struct tombstones *tombstones) {
    free(tombstones->documents);
    free(tombstones->passages);
    tombstones->documents = tombstones->passages = NULL;
}

static uint64_t *new_bits(uint32_t count) {
    return calloc((size_t)count / 64 + 1, sizeof(uint64_t));
}

static int make_bits(struct tombstones *tombstones, struct error *err) {
    if (!tombstones->documents)
        tombstones->documents = new_bits(tombstones->document_count);
    if (!tombstones->passages)
        tombstones->passages = new_bits(tombstones->passage_count);
    return tombstones->documents && tombstones->passages ? 0 : error_memory(err);
}

int tombstones_add(struct tombstones *tombstones, uint32_t document, uint32_t first, uint32_t end,
                   struct error *err) {
    if (document >= tombstones->document_count || first > end || end > tombstones->passage_count)
        return error_set(err, PLENARY_EINVALID, "there is no document %u to delete", document);
    int status = make_bits(tombstones, err);
    if (status || tombstones_document(tombstones, document))
        return status;
    tombstones->documents[document >> 6] |= UINT64_C(1) << (document & 63);
    tombstones->deleted_documents++;
    for (uint32_t i = first; i < end; i++)
        tombstones->passages[i >> 6] |= UINT64_C(1) << (i & 63);
    tombstones->deleted_passages += end - first;
    return 0;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static roaring_bitmap_t *compress_bits(const uint64_t *bits, uint32_t count) {
    roaring_bitmap_t *bitmap = roaring_bitmap_create();
    for (uint32_t word = 0; bitmap && bits && word <= count / 64; word++) {
        for (uint64_t left = bits[word]; left; left &= left - 1)
            roaring_bitmap_add(bitmap, word * 64 + (uint32_t)__builtin_ctzll(left));
    }
    if (bitmap)
        roaring_bitmap_run_optimize(bitmap);
    return bitmap;
}

static int write_bits(struct sidecar_writer *sidecar, uint32_t id, const uint64_t *bits,
                      uint32_t count, struct error *err) {
    roaring_bitmap_t *bitmap = compress_bits(bits, count);
    if (!bitmap)
        return error_memory(err);
    size_t size = roaring_bitmap_portable_size_in_bytes(bitmap);
    char *data = malloc(size);
    int status = data ? sidecar_begin(sidecar, id, err) : error_memory(err);
    if (!status) {
        roaring_bitmap_portable_serialize(bitmap, data);
        status = sidecar_append(sidecar, data, size, err);
    }
    free(data);
    roaring_bitmap_free(bitmap);
    return status;
}

uint32_t tombstones_next(const struct tombstones *tombstones, bool deleted, uint32_t from,
                         uint32_t end) {
    uint64_t bits = tombstones->passages ? tombstones->passage_count : 0, at = from;
    while (at < end && at < bits) {
        uint64_t word = tombstones->passages[at >> 6] ^ (deleted ? 0 : ~UINT64_C(0));
        word >>= at & 63;
        if (word) {
            at += (unsigned)__builtin_ctzll(word);
            break;
        }
        at = (at | 63) + 1;
    }
    if (at >= end || (deleted && at >= bits)) /* nothing is deleted beyond the bits */
        return end;
    return (uint32_t)at;
}

int tombstones_write(const struct tombstones *tombstones, const char *path, struct error *err) {
    struct sidecar_writer *sidecar;
    int status = sidecar_create(&sidecar, path, TOMBSTONES_KIND, TOMBSTONES_VERSION, err);
    if (!status)
        status = write_bits(sidecar, SECTION_DOCUMENTS, tombstones->documents,
                            tombstones->document_count, err);
    if (!status)
        status = write_bits(sidecar, SECTION_PASSAGES, tombstones->passages,
                            tombstones->passage_count, err);
    if (!status)
        status = sidecar_finish(sidecar, err);
    sidecar_writer_close(sidecar);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

struct bit_sink {
    uint64_t *bits;
    uint32_t count, set;
};

static bool take_bit(uint32_t value, void *context) {
    struct bit_sink *sink = context;
    if (value >= sink->count || sink->bits[value >> 6] >> (value & 63) & 1)
        return false;
    sink->bits[value >> 6] |= UINT64_C(1) << (value & 63);
    sink->set++;
    return true;
}

/* Values go through a bounded sink: the library bounds what it reads by the buffer, but takes the
 * values and counts inside on trust. */
static int read_bits(const struct sidecar *sidecar, uint32_t id, uint64_t *bits, uint32_t count,
                     uint32_t *set, struct error *err) {
    struct section section;
    int status = sidecar_section(sidecar, id, &section, err);
    if (!status)
        status = section_need(&section, 0, section.size, err);
    if (status)
        return status;
    roaring_bitmap_t *bitmap =
        roaring_bitmap_portable_deserialize_safe((const char *)section.data, section.size);
    if (!bitmap)
        return section_damaged(&section, 0, "a bitmap of what is deleted", err);
    struct bit_sink sink = {bits, count, 0};
    bool sound = roaring_iterate(bitmap, take_bit, &sink);
    roaring_bitmap_free(bitmap);
    *set = sink.set;
    return sound ? 0 : section_damaged(&section, 0, "a bitmap with impossible values", err);
}

int tombstones_read(struct tombstones *out, const char *path, uint32_t documents, uint32_t passages,
                    struct error *err) {
    tombstones_init(out, documents, passages);
    struct sidecar *sidecar;
    int status = sidecar_open(&sidecar, path, TOMBSTONES_KIND, TOMBSTONES_VERSION, err);
    if (!status)
        status = make_bits(out, err);
    if (!status)
        status = read_bits(sidecar, SECTION_DOCUMENTS, out->documents, documents,
                           &out->deleted_documents, err);
    if (!status)
        status = read_bits(sidecar, SECTION_PASSAGES, out->passages, passages,
                           &out->deleted_passages, err);
    sidecar_close(sidecar);
    if (status)
        tombstones_free(out);
    return status;
}
