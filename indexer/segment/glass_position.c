/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of position.glass (xapian-core 1.4 glass, format 2016,03,14); the codes are those of
 * glass_pack.h.
 *
 *   key  term:string-sortable docid:uint-sortable
 *   tag  last:uint                                       one position
 *      | last:uint bits                                  more, p[0] < ... < p[n-1] = last
 *   bits = p[0] of last, n - 2 of last - p[0], halves of (0, n - 1); lowest bit of a byte first,
 *          zero bits to the end of the last byte
 *   halves of (j, k) = nothing, if k = j + 1; else, with m the middle, rounded down:
 *          p[m] - p[j] - (m - j) of p[k] - p[j] - (k - j) + 1, halves of (j, m), halves of (m, k)
 *
 * (binary interpolative coding: Moffat and Stuiver, "Binary interpolative coding for effective
 * index compression", 2000.) `v of r`, v < r, takes b = ceil(log2 r) bits, or one less: 2^b - r
 * numbers in the middle of the range are coded in b - 1 bits. With s = 2^b - r and h = (r - s) / 2:
 *   v < h         v in b bits
 *   v < h + s     v in b - 1 bits
 *   else          v - h - s in b - 1 bits, and a one bit
 */
#include "indexer/segment/glass_position.h"

#include "corpus/bytes.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_postlist.h"
#include "indexer/segment/glass_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Halving a range of 2^32 positions leaves less than this many halves to do. */
enum { HALVES_MAX = 40 };

struct glass_positions {
    struct glass_table *table;
    int failure;
    struct bytes tag;
};

struct bit_writer {
    struct bytes *out;
    uint64_t bits;
    unsigned count;
};

static void bits_put(struct bit_writer *writer, uint32_t value, unsigned count) {
    writer->bits |= (uint64_t)value << writer->count;
    for (writer->count += count; writer->count >= 8; writer->count -= 8) {
        bytes_add_byte(writer->out, (uint8_t)writer->bits);
        writer->bits >>= 8;
    }
}

static void bits_put_of(struct bit_writer *writer, uint32_t value, uint32_t range) {
    if (range < 2)
        return;
    unsigned bits = 32 - (unsigned)__builtin_clz(range - 1);
    uint32_t spare = (uint32_t)((1ull << bits) - range);
    uint32_t half = (range - spare) / 2;
    if (spare == 0 || value < half) {
        bits_put(writer, value, bits);
    } else if (value < half + spare) {
        bits_put(writer, value, bits - 1);
    } else {
        bits_put(writer, (value - half - spare) | 1u << (bits - 1), bits);
    }
}

struct half {
    size_t from, to;
};

static void halves_put(struct bit_writer *writer, const uint32_t *places, size_t count) {
    struct half todo[HALVES_MAX];
    unsigned depth = 0;
    struct half now = {0, count - 1};
    for (;;) {
        while (now.from + 1 < now.to) {
            size_t middle = now.from + (now.to - now.from) / 2;
            uint32_t left = (uint32_t)(middle - now.from), all = (uint32_t)(now.to - now.from);
            uint32_t range = places[now.to] - places[now.from] - all + 1;
            bits_put_of(writer, places[middle] - places[now.from] - left, range);
            todo[depth++] = (struct half){middle, now.to};
            now.to = middle;
        }
        if (depth == 0)
            return;
        now = todo[--depth];
    }
}

static void places_pack(struct bytes *tag, const uint32_t *places, size_t count) {
    uint32_t first = places[0], last = places[count - 1];
    bytes_reset(tag);
    bytes_add_varint(tag, last);
    if (count == 1)
        return;
    struct bit_writer writer = {tag, 0, 0};
    bits_put_of(&writer, first, last);
    bits_put_of(&writer, (uint32_t)(count - 2), last - first);
    halves_put(&writer, places, count);
    if (writer.count)
        bytes_add_byte(tag, (uint8_t)writer.bits);
}

int glass_positions_create(struct glass_positions **out, const char *folder, uint32_t block_size,
                           struct error *err) {
    *out = NULL;
    struct glass_positions *positions = calloc(1, sizeof *positions);
    char *path = NULL;
    if (!positions || asprintf(&path, "%s/position.glass", folder) < 0) {
        free(positions);
        return error_memory(err);
    }
    int status = glass_table_create(&positions->table, path, block_size, err);
    free(path);
    if (status) {
        free(positions);
        return status;
    }
    *out = positions;
    return 0;
}

static int arguments_check(size_t term_size, uint32_t docid, const uint32_t *places, size_t count,
                           struct error *err) {
    if (term_size == 0 || term_size > GLASS_TERM_MAX)
        return error_set(err, PLENARY_EINVALID, "a term of %zu bytes (1 to %d are allowed)",
                         term_size, GLASS_TERM_MAX);
    if (docid == 0 || count == 0)
        return error_set(err, PLENARY_EINVALID, "%zu positions in docid %" PRIu32, count, docid);
    for (size_t i = 1; i < count; i++)
        if (places[i] <= places[i - 1])
            return error_set(err, PLENARY_EINVALID,
                             "position %" PRIu32 " follows position %" PRIu32 " in docid %" PRIu32,
                             places[i], places[i - 1], docid);
    return 0;
}

int glass_positions_add(struct glass_positions *positions, const void *term, size_t term_size,
                        uint32_t docid, const uint32_t *places, size_t count, struct error *err) {
    if (positions->failure)
        return error_set(err, positions->failure, "position.glass: an earlier write failed");
    int status = arguments_check(term_size, docid, places, count, err);
    if (status)
        return status;
    uint8_t key[GLASS_SORTABLE_STRING_MAX(GLASS_TERM_MAX) + GLASS_SORTABLE_MAX_BYTES];
    uint8_t *end = glass_pack_string_sortable(key, term, term_size, false);
    end = glass_pack_uint_sortable(end, docid);
    places_pack(&positions->tag, places, count);
    if (positions->tag.failed)
        status = error_memory(err);
    else
        status = glass_table_add(positions->table, key, (size_t)(end - key), positions->tag.data,
                                 positions->tag.size, err);
    return positions->failure = status;
}

int glass_positions_finish(struct glass_positions *positions, struct glass_version *version,
                           struct error *err) {
    if (positions->failure)
        return error_set(err, positions->failure, "position.glass: an earlier write failed");
    return positions->failure =
               glass_table_finish(positions->table, &version->roots[GLASS_POSITION], err);
}

void glass_positions_close(struct glass_positions *positions) {
    if (!positions)
        return;
    glass_table_close(positions->table);
    bytes_free(&positions->tag);
    free(positions);
}
