/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bounds.blocks, a sidecar (sidecar.c) of kind 'B'. Numbers are little-endian.
 *
 *   HEAD     k1:f64 b:f64 average:f64 last-docid:u32 width:u32
 *   LENGTHS  length of each passage in `width` bytes, from docid 1 to the last
 *   LISTS    (offset:u64 block:u32 blocks:u32 most:u32 zero:u32)*
 *                            by offset: where the list's first chunk has its postings in
 *                            postlist.glass; its first block in what follows, how many there are;
 *                            the largest of their codes
 *   FIRST    docid:u32 *     a block's first posting
 *   LAST     docid:u32 *     and its last
 *   OFFSET   u32 *           where its first wdf stands: bytes from the list's offset, that rounded
 *                            down to a multiple of 64 KiB
 *   COUNT    u8 *            postings, less one
 *   CODE     u8 *            255 * largest tf, rounded up
 *
 * A chunk of postings is cut in blocks of one size, or nearly; no block goes over its end. Lists of
 * up to BOUNDS_BLOCK postings, and field terms, which weigh nothing, have no entry.
 */
#include "indexer/segment/bounds.h"

#include "corpus/bytes.h"
#include "indexer/segment/folder.h"
#include "indexer/segment/glass_pack.h"
#include "indexer/segment/glass_reader.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KIND = 'B', VERSION = 1 };
enum { HEAD, LENGTHS, LISTS, FIRST, LAST, OFFSET, COUNT, CODE };
enum { HEAD_SIZE = 32, LIST_SIZE = 24 };

enum {
    BASE_MASK = GLASS_BLOCK_SIZE_MAX - 1,
    /* tf of small wdf and lengths, the most frequent by far, comes from a table. */
    TABLE_WDF = 8,
    TABLE_LENGTH = 256,
};

static double tf_of(uint32_t wdf, double length, double k1, double b, double average) {
    return wdf / (wdf + k1 * (1 - b + (average > 0 ? b * length / average : 0)));
}

static double load_f64(const uint8_t *data) {
    uint64_t bits = load_u64(data);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* ---- Writing ------------------------------------------------------------------------------- */

struct list_entry {
    uint64_t offset;
    uint32_t block, blocks, most;
};

struct bounds_writer {
    struct bytes lengths; /* u32 each, in memory order */
    uint64_t total;       /* of the lengths */
    uint32_t documents, last_docid, longest;
    struct bytes lists;            /* struct list_entry */
    struct bytes blocks[CODE + 1]; /* by section */
    uint32_t block_count;
    bool in_list;  /* a list has been begun and not ended */
    bool left_out; /* the list being added has no entry */
    struct list_entry list;
    bool ready; /* the table below is filled: lengths are complete */
    double average;
    float table[TABLE_WDF][TABLE_LENGTH];
};

int bounds_writer_create(struct bounds_writer **out, struct error *err) {
    *out = calloc(1, sizeof **out);
    return *out ? 0 : error_memory(err);
}

void bounds_writer_close(struct bounds_writer *writer) {
    if (!writer)
        return;
    bytes_free(&writer->lengths);
    bytes_free(&writer->lists);
    for (int i = FIRST; i <= CODE; i++)
        bytes_free(&writer->blocks[i]);
    free(writer);
}

void bounds_add_length(struct bounds_writer *writer, uint32_t docid, uint32_t length) {
    static const uint32_t none = 0;
    while (++writer->last_docid < docid)
        bytes_add(&writer->lengths, &none, sizeof none);
    bytes_add(&writer->lengths, &length, sizeof length);
    writer->total += length;
    writer->documents++;
    if (length > writer->longest)
        writer->longest = length;
}

static void make_ready(struct bounds_writer *writer) {
    writer->ready = true;
    writer->average = writer->documents ? (double)writer->total / writer->documents : 0;
    for (uint32_t wdf = 0; wdf < TABLE_WDF; wdf++)
        for (uint32_t length = 0; length < TABLE_LENGTH; length++)
            writer->table[wdf][length] =
                (float)tf_of(wdf, length, BOUNDS_K1, BOUNDS_B, writer->average);
}

static inline float posting_tf(const struct bounds_writer *writer, uint32_t docid, uint32_t wdf) {
    uint32_t length;
    memcpy(&length, writer->lengths.data + (size_t)(docid - 1) * sizeof length, sizeof length);
    if (wdf < TABLE_WDF && length < TABLE_LENGTH)
        return writer->table[wdf][length];
    return (float)tf_of(wdf, length, BOUNDS_K1, BOUNDS_B, writer->average);
}

/* A float may have been rounded down. */
static uint8_t code_of(float tf) {
    double code = ceil((double)tf * (1 + FLT_EPSILON) * (BOUNDS_CODES - 1));
    return code < BOUNDS_CODES - 1 ? (uint8_t)code : BOUNDS_CODES - 1;
}

static void add_u32(struct bytes *bytes, uint32_t value) {
    value = htole32(value);
    bytes_add(bytes, &value, sizeof value);
}

/* What a walk through a chunk has come to. */
struct walk {
    const uint8_t *at, *end;
    uint32_t docid; /* of the posting read last; before the first: that of the first */
    bool started;
};

/* `count` postings from where the walk stands, as a block. False: they make no sense. */
static bool add_block(struct bounds_writer *writer, const struct glass_chunk *chunk,
                      struct walk *walk, uint32_t count) {
    float most = 0;
    uint32_t first = 0, gap, wdf;
    uint64_t offset = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (walk->started) {
            if (!glass_unpack_uint32(&walk->at, walk->end, &gap) ||
                __builtin_add_overflow(walk->docid, gap, &walk->docid) || ++walk->docid == 0)
                return false;
        }
        walk->started = true;
        if (i == 0) {
            first = walk->docid;
            offset = chunk->offset + (uint64_t)(walk->at - chunk->postings);
        }
        if (!glass_unpack_uint32(&walk->at, walk->end, &wdf) || walk->docid > writer->last_docid)
            return false;
        float tf = posting_tf(writer, walk->docid, wdf);
        most = tf > most ? tf : most;
    }
    uint64_t distance = offset - (writer->list.offset & ~(uint64_t)BASE_MASK);
    if (distance > UINT32_MAX)
        writer->left_out = true;
    add_u32(&writer->blocks[FIRST], first);
    add_u32(&writer->blocks[LAST], walk->docid);
    add_u32(&writer->blocks[OFFSET], (uint32_t)distance);
    bytes_add_byte(&writer->blocks[COUNT], (uint8_t)(count - 1));
    uint8_t code = code_of(most);
    bytes_add_byte(&writer->blocks[CODE], code);
    if (code > writer->list.most)
        writer->list.most = code;
    writer->block_count++;
    return true;
}

static bool add_blocks(struct bounds_writer *writer, const struct glass_chunk *chunk) {
    uint32_t blocks = (chunk->entries + BOUNDS_BLOCK - 1) / BOUNDS_BLOCK, done = 0;
    struct walk walk = {chunk->postings, chunk->postings + chunk->postings_size, chunk->first_docid,
                        false};
    for (uint32_t i = 1; i <= blocks; i++) {
        uint32_t upto = (uint32_t)((uint64_t)chunk->entries * i / blocks);
        if (!add_block(writer, chunk, &walk, upto - done))
            return false;
        done = upto;
    }
    return walk.docid == chunk->last_docid;
}

/* The list that was being added is left out after all. */
static void drop_list(struct bounds_writer *writer) {
    size_t blocks = writer->block_count - writer->list.block;
    for (int i = FIRST; i <= CODE; i++)
        writer->blocks[i].size -= blocks * (i < COUNT ? 4 : 1);
    writer->block_count = writer->list.block;
}

static bool is_field_term(const struct glass_chunk *chunk) {
    return chunk->term[0] >= 'A' && chunk->term[0] <= 'Z';
}

int bounds_add_chunk(void *context, const struct glass_chunk *chunk) {
    struct bounds_writer *writer = context;
    if (!writer->ready)
        make_ready(writer);
    if (!writer->in_list) {
        writer->list = (struct list_entry){chunk->offset, writer->block_count, 0, 0};
        writer->left_out =
            is_field_term(chunk) || (chunk->is_last && chunk->entries <= BOUNDS_BLOCK);
    }
    writer->in_list = !chunk->is_last;
    if (!writer->left_out && !add_blocks(writer, chunk))
        return PLENARY_EDAMAGED;
    if (!chunk->is_last)
        return 0;
    writer->list.blocks = writer->block_count - writer->list.block;
    if (writer->left_out)
        drop_list(writer);
    else
        bytes_add(&writer->lists, &writer->list, sizeof writer->list);
    return 0;
}

static int compare_entries(const void *a, const void *b) {
    const struct list_entry *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int append_f64(struct sidecar_writer *file, double value, struct error *err) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return sidecar_append_u64(file, bits, err);
}

static int write_head(struct bounds_writer *writer, struct sidecar_writer *file, unsigned width,
                      struct error *err) {
    int status = sidecar_begin(file, HEAD, err);
    if (!status)
        status = append_f64(file, BOUNDS_K1, err);
    if (!status)
        status = append_f64(file, BOUNDS_B, err);
    if (!status)
        status = append_f64(file, writer->average, err);
    if (!status)
        status = sidecar_append_u32(file, writer->last_docid, err);
    return status ? status : sidecar_append_u32(file, width, err);
}

static int write_lengths(struct bounds_writer *writer, struct sidecar_writer *file, unsigned width,
                         struct error *err) {
    int status = sidecar_begin(file, LENGTHS, err);
    for (uint32_t i = 0; i < writer->last_docid && !status; i++) {
        uint32_t length;
        memcpy(&length, writer->lengths.data + (size_t)i * sizeof length, sizeof length);
        length = htole32(length);
        status = sidecar_append(file, &length, width, err);
    }
    return status;
}

/* In order of term the lists' offsets nearly rise; those in one block of the table do not. */
static int write_lists(struct bounds_writer *writer, struct sidecar_writer *file,
                       struct error *err) {
    struct list_entry *lists = (struct list_entry *)(void *)writer->lists.data;
    size_t count = writer->lists.size / sizeof *lists;
    int status = sidecar_begin(file, LISTS, err);
    if (count)
        qsort(lists, count, sizeof *lists, compare_entries);
    for (size_t i = 0; i < count && !status; i++) {
        status = sidecar_append_u64(file, lists[i].offset, err);
        if (!status)
            status = sidecar_append_u32(file, lists[i].block, err);
        if (!status)
            status = sidecar_append_u32(file, lists[i].blocks, err);
        if (!status)
            status = sidecar_append_u32(file, lists[i].most, err);
        if (!status)
            status = sidecar_append_u32(file, 0, err);
    }
    return status;
}

static int write_blocks(struct bounds_writer *writer, struct sidecar_writer *file,
                        struct error *err) {
    int status = 0;
    for (uint32_t id = FIRST; id <= CODE && !status; id++) {
        status = sidecar_begin(file, id, err);
        if (!status && writer->blocks[id].size)
            status = sidecar_append(file, writer->blocks[id].data, writer->blocks[id].size, err);
    }
    return status;
}

static bool has_failed(const struct bounds_writer *writer) {
    bool failed = writer->lengths.failed || writer->lists.failed;
    for (int i = FIRST; i <= CODE; i++)
        failed = failed || writer->blocks[i].failed;
    return failed;
}

int bounds_finish(struct bounds_writer *writer, const char *folder, struct error *err) {
    if (!writer->ready)
        make_ready(writer);
    char *path = has_failed(writer) ? NULL : folder_path(folder, "bounds.blocks");
    if (!path)
        return error_memory(err);
    unsigned width = writer->longest <= UINT8_MAX ? 1 : writer->longest <= UINT16_MAX ? 2 : 4;
    struct sidecar_writer *file = NULL;
    int status = sidecar_create(&file, path, KIND, VERSION, err);
    if (!status)
        status = write_head(writer, file, width, err);
    if (!status)
        status = write_lengths(writer, file, width, err);
    if (!status)
        status = write_lists(writer, file, err);
    if (!status)
        status = write_blocks(writer, file, err);
    if (!status)
        status = sidecar_finish(file, err);
    sidecar_writer_close(file);
    free(path);
    return status;
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int read_head(struct bounds *out, struct error *err) {
    struct section head;
    int status = sidecar_section(out->sidecar, HEAD, &head, err);
    if (!status)
        status = section_need(&head, 0, HEAD_SIZE, err);
    if (status)
        return status;
    out->k1 = load_f64(head.data);
    out->b = load_f64(head.data + 8);
    out->average = load_f64(head.data + 16);
    out->last_docid = load_u32(head.data + 24);
    out->length_width = load_u32(head.data + 28);
    bool sane = out->k1 >= 0 && isfinite(out->k1) && out->b >= 0 && out->b <= 1 &&
                out->average >= 0 && isfinite(out->average);
    if (!sane || (out->length_width != 1 && out->length_width != 2 && out->length_width != 4))
        return section_damaged(&head, 0, "parameters that make no sense", err);
    return 0;
}

static int read_sections(struct bounds *out, struct error *err) {
    struct section *const sections[] = {&out->lengths, &out->lists, &out->first, &out->last,
                                        &out->offset,  &out->count, &out->code};
    int status = 0;
    for (uint32_t id = LENGTHS; id <= CODE && !status; id++)
        status = sidecar_section(out->sidecar, id, sections[id - LENGTHS], err);
    if (status)
        return status;
    out->list_count = out->lists.size / LIST_SIZE;
    out->block_count = out->count.size;
    if (out->lists.size % LIST_SIZE || out->first.size != 4 * out->block_count ||
        out->last.size != 4 * out->block_count || out->offset.size != 4 * out->block_count ||
        out->code.size != out->block_count || out->block_count > UINT32_MAX ||
        out->lengths.size != (uint64_t)out->last_docid * out->length_width)
        return section_damaged(&out->lists, 0, "sections of sizes that do not agree", err);
    return 0;
}

int bounds_open(struct bounds *out, const char *folder, struct error *err) {
    *out = (struct bounds){.sidecar = NULL};
    char *path = folder_path(folder, "bounds.blocks");
    if (!path)
        return error_memory(err);
    if (access(path, F_OK) && errno == ENOENT) {
        free(path);
        return PLENARY_ENOTFOUND;
    }
    int status = sidecar_open(&out->sidecar, path, KIND, VERSION, err);
    free(path);
    if (!status)
        status = read_head(out, err);
    if (!status)
        status = read_sections(out, err);
    if (status)
        bounds_close(out);
    return status;
}

void bounds_close(struct bounds *bounds) {
    if (bounds->sidecar)
        sidecar_close(bounds->sidecar);
    *bounds = (struct bounds){.sidecar = NULL};
}

/* The entry's blocks, whose pages are verified: the arrays can then be read freely. */
static int take_list(const struct bounds *bounds, uint64_t entry, struct bounds_list *out,
                     struct error *err) {
    const uint8_t *at = bounds->lists.data + entry * LIST_SIZE;
    uint64_t block = load_u32(at + 8), blocks = load_u32(at + 12);
    if (blocks == 0 || block + blocks > bounds->block_count)
        return section_damaged(&bounds->lists, entry * LIST_SIZE, "blocks that are not there", err);
    int status = section_need(&bounds->first, block * 4, blocks * 4, err);
    if (!status)
        status = section_need(&bounds->last, block * 4, blocks * 4, err);
    if (!status)
        status = section_need(&bounds->offset, block * 4, blocks * 4, err);
    if (!status)
        status = section_need(&bounds->count, block, blocks, err);
    if (!status)
        status = section_need(&bounds->code, block, blocks, err);
    *out = (struct bounds_list){
        .first = bounds->first.data + block * 4,
        .last = bounds->last.data + block * 4,
        .offset = bounds->offset.data + block * 4,
        .count = bounds->count.data + block,
        .code = bounds->code.data + block,
        .base = load_u64(at) & ~(uint64_t)BASE_MASK,
        .most = (uint8_t)(load_u32(at + 16) < BOUNDS_CODES ? load_u32(at + 16) : BOUNDS_CODES - 1),
        .blocks = (uint32_t)blocks};
    return status ? status : 1;
}

int bounds_find(const struct bounds *bounds, uint64_t offset, struct bounds_list *out,
                struct error *err) {
    uint64_t low = 0, high = bounds->list_count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        int status = section_need(&bounds->lists, middle * LIST_SIZE, LIST_SIZE, err);
        if (status)
            return status;
        uint64_t found = load_u64(bounds->lists.data + middle * LIST_SIZE);
        if (found == offset)
            return take_list(bounds, middle, out, err);
        if (found < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* The least K'(length) / K(length) over all lengths; 0 where nothing can be said. */
static double least_ratio(const struct bounds *bounds, double k1, double b, double average) {
    double at_zero = bounds->k1 * (1 - bounds->b), new_at_zero = k1 * (1 - b);
    double slope = bounds->average > 0 ? bounds->k1 * bounds->b / bounds->average : 0;
    double new_slope = average > 0 ? k1 * b / average : 0;
    double ratio = INFINITY;
    if (at_zero > 0)
        ratio = new_at_zero / at_zero;
    if (slope > 0 && new_slope / slope < ratio)
        ratio = new_slope / slope;
    return isfinite(ratio) ? ratio : 0;
}

void bounds_scale(const struct bounds *bounds, double k1, double b, double average,
                  double out[BOUNDS_CODES]) {
    double ratio = least_ratio(bounds, k1, b, average) * (1 - 1e-12);
    for (int code = 0; code < BOUNDS_CODES; code++) {
        double tf = (double)code / (BOUNDS_CODES - 1);
        double scaled = code == BOUNDS_CODES - 1 ? 1 : tf / (tf + ratio * (1 - tf));
        out[code] = code ? scaled : 0;
    }
}

/* ---- Verifying ----------------------------------------------------------------------------- */

static int gather_lengths(struct bounds_writer *writer, const struct glass_cursor *cursor,
                          struct error *err) {
    const uint8_t *at = cursor->postings, *end = at + cursor->postings_size;
    uint32_t docid = cursor->first_docid, gap, length;
    for (bool first = true; at < end; first = false) {
        if (!first && glass_unpack_uint32(&at, end, &gap))
            docid += gap + 1;
        if (!glass_unpack_uint32(&at, end, &length) || docid <= writer->last_docid)
            return glass_cursor_damaged(cursor, "document lengths", err);
        bounds_add_length(writer, docid, length);
    }
    return 0;
}

static int gather_chunk(struct bounds_writer *writer, const struct glass_cursor *cursor,
                        struct error *err) {
    struct glass_frequencies all = {0, 0};
    int status = glass_cursor_count(cursor, &all, err);
    if (status)
        return status;
    const struct glass_chunk chunk = {.term = cursor->term,
                                      .term_size = cursor->term_size,
                                      .first_docid = cursor->first_docid,
                                      .last_docid = cursor->last_docid,
                                      .entries = all.documents,
                                      .postings = cursor->postings,
                                      .postings_size = cursor->postings_size,
                                      .offset = (uint64_t)(cursor->postings - cursor->reader->data),
                                      .is_last = cursor->is_last};
    status = bounds_add_chunk(writer, &chunk);
    return status ? glass_cursor_damaged(cursor, "postings", err) : 0;
}

/* All that the postings have to say, as if they were being written. */
static int gather(struct bounds_writer *writer, const char *folder, struct error *err) {
    struct glass_reader *reader;
    struct glass_cursor cursor;
    int status = glass_reader_open(&reader, folder, err);
    if (status)
        return status;
    glass_cursor_init(&cursor, reader);
    while ((status = glass_cursor_next_list(&cursor, err)) > 0) {
        int more = 1;
        while (more > 0) {
            more = cursor.term_size ? gather_chunk(writer, &cursor, err)
                                    : gather_lengths(writer, &cursor, err);
            if (!more)
                more = glass_cursor_next_chunk(&cursor, err);
        }
        if (more < 0) {
            status = more;
            break;
        }
    }
    glass_cursor_free(&cursor);
    glass_reader_close(reader);
    return status;
}

static int compare(const struct bounds *bounds, struct bounds_writer *writer, struct error *err) {
    const struct section *const sections[] = {&bounds->first, &bounds->last, &bounds->offset,
                                              &bounds->count, &bounds->code};
    if (has_failed(writer))
        return error_memory(err);
    if (!writer->ready)
        make_ready(writer);
    bool same = bounds->last_docid == writer->last_docid && bounds->average == writer->average &&
                bounds->list_count == writer->lists.size / sizeof(struct list_entry);
    for (uint32_t i = 0; same && i < writer->last_docid; i++) {
        uint32_t length, expected;
        memcpy(&expected, writer->lengths.data + (size_t)i * sizeof expected, sizeof expected);
        same = !bounds_length(bounds, i + 1, &length, NULL) && length == expected;
    }
    for (int i = FIRST; same && i <= CODE; i++) {
        const struct section *section = sections[i - FIRST];
        const struct bytes *blocks = &writer->blocks[i];
        same = section->size == blocks->size && !section_need(section, 0, section->size, NULL) &&
               (!blocks->size || !memcmp(section->data, blocks->data, blocks->size));
    }
    if (!same)
        return section_damaged(&bounds->lists, 0, "it does not agree with the postings", err);
    return 0;
}

int bounds_verify(const struct bounds *bounds, const char *folder, struct error *err) {
    struct bounds_writer *writer;
    int status = bounds_writer_create(&writer, err);
    if (!status)
        status = gather(writer, folder, err);
    if (!status)
        status = compare(bounds, writer, err);
    bounds_writer_close(writer);
    return status;
}
