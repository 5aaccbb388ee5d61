/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a column.
 *
 *   column    := count:u64 form:u32 blocks:u32 (line | directory block* zero:u8[32])
 *   line      := base:u64 slope:u64                      form 1: value i is base + slope * i
 *   directory := offset:u32 for each block, from the end of the directory    form 0
 *   block     := width:u8 base:varint slope:varint rest  128 values, fewer in the last
 *   rest      := for each value `width` bits, low bits first
 *
 * base and slope of a block are zigzag. Value i of a block is base + slope * i + rest i, modulo
 * 2^64. Equal blocks in succession share their bytes. The zeros at the end let a reader load whole
 * words.
 */
#include "indexer/segment/column.h"

#include <stdlib.h>

enum {
    COLUMN_HEADER = 16,
    FORM_BLOCKS = 0,
    FORM_LINE = 1,
    BLOCK_HEADER_MAX = 21, /* a byte and two varints */
    PADDING = 32,
};

/* ---- Writing ------------------------------------------------------------------------------- */

void column_writer_init(struct column_writer *writer) {
    memset(writer, 0, sizeof *writer);
    writer->linear = true;
}

struct line {
    uint64_t base, slope;
    unsigned width;
};

static unsigned bits_of(uint64_t value) {
    return value ? 64 - (unsigned)__builtin_clzll(value) : 0;
}

/* The line of this slope with all values on or above it, and the bits their distances take. */
static struct line fit_line(const uint64_t *values, unsigned count, uint64_t slope) {
    int64_t least = 0, most = 0;
    for (unsigned i = 1; i < count; i++) {
        int64_t distance = (int64_t)(values[i] - values[0] - slope * i);
        least = distance < least ? distance : least;
        most = distance > most ? distance : most;
    }
    return (struct line){values[0] + (uint64_t)least, slope,
                         bits_of((uint64_t)most - (uint64_t)least)};
}

static struct line best_line(const uint64_t *values, unsigned count) {
    struct line level = fit_line(values, count, 0);
    if (count < 2 || !level.width)
        return level;
    int64_t rise = (int64_t)(values[count - 1] - values[0]) / (int64_t)(count - 1);
    struct line sloping = fit_line(values, count, (uint64_t)rise);
    return sloping.width < level.width ? sloping : level;
}

static void pack_values(struct bytes *out, const uint64_t *values, unsigned count,
                        const struct line *line) {
    unsigned __int128 waiting = 0;
    unsigned bits = 0;
    for (unsigned i = 0; i < count; i++) {
        uint64_t rest = values[i] - line->base - line->slope * i;
        waiting |= (unsigned __int128)rest << bits;
        for (bits += line->width; bits >= 8; bits -= 8) {
            out->data[out->size++] = (uint8_t)waiting;
            waiting >>= 8;
        }
    }
    if (bits)
        out->data[out->size++] = (uint8_t)waiting;
}

static void pack_block(struct column_writer *writer, unsigned count) {
    struct bytes *out = &writer->blocks;
    size_t before = out->size;
    struct line line = best_line(writer->pending, count);
    bytes_add_byte(out, (uint8_t)line.width);
    bytes_add_varint(out, zigzag((int64_t)line.base));
    bytes_add_varint(out, zigzag((int64_t)line.slope));
    if (!bytes_reserve(out, (size_t)line.width * count / 8 + 1))
        return;
    pack_values(out, writer->pending, count, &line);
    size_t size = out->size - before;
    if (writer->directory.size && before - writer->last == size &&
        !memcmp(out->data + writer->last, out->data + before, size))
        out->size = before;
    else
        writer->last = before;
    if (writer->last > UINT32_MAX)
        writer->limit = true;
    uint32_t offset = htole32((uint32_t)writer->last);
    bytes_add(&writer->directory, &offset, sizeof offset);
}

static void follow_line(struct column_writer *writer, uint64_t value) {
    if (writer->count == 0)
        writer->base = value;
    else if (writer->count == 1)
        writer->slope = value - writer->base;
    else if (value != writer->base + writer->slope * writer->count)
        writer->linear = false;
}

void column_add(struct column_writer *writer, uint64_t value) {
    if (writer->linear)
        follow_line(writer, value);
    unsigned at = writer->count++ % COLUMN_BLOCK;
    writer->pending[at] = value;
    if (at == COLUMN_BLOCK - 1)
        pack_block(writer, COLUMN_BLOCK);
}

static uint64_t unpack(const uint8_t *packed, uint64_t bit, unsigned width) {
    if (!width)
        return 0;
    const uint8_t *at = packed + bit / 8;
    unsigned shift = bit % 8;
    uint64_t value = load_u64(at) >> shift;
    if (shift + width > 64)
        value |= (uint64_t)at[8] << (64 - shift);
    return width == 64 ? value : value & ((UINT64_C(1) << width) - 1);
}

uint64_t column_added(const struct column_writer *writer, uint64_t i) {
    uint64_t block = i / COLUMN_BLOCK;
    unsigned within = i % COLUMN_BLOCK;
    if (writer->linear)
        return writer->base + writer->slope * i;
    if (block * 4 >= writer->directory.size)
        return writer->pending[within];
    const uint8_t *end = writer->blocks.data + writer->blocks.size;
    const uint8_t *at = writer->blocks.data + load_u32(writer->directory.data + block * 4);
    unsigned width = *at++;
    uint64_t base = 0, slope = 0;
    varint_read(&at, end, &base);
    varint_read(&at, end, &slope);
    /* Blocks in memory have no padding behind them: go through a copy. */
    uint8_t window[9] = {0};
    uint64_t bit = (uint64_t)within * width;
    size_t left = (size_t)(end - at) - bit / 8;
    memcpy(window, at + bit / 8, left < sizeof window ? left : sizeof window);
    return (uint64_t)unzigzag(base) + (uint64_t)unzigzag(slope) * within +
           unpack(window, bit % 8, width);
}

static int write_line(const struct column_writer *writer, struct sidecar_writer *sidecar,
                      struct error *err) {
    int status = sidecar_append_u32(sidecar, FORM_LINE, err);
    if (!status)
        status = sidecar_append_u32(sidecar, 0, err);
    if (!status)
        status = sidecar_append_u64(sidecar, writer->base, err);
    if (!status)
        status = sidecar_append_u64(sidecar, writer->slope, err);
    return status;
}

static int write_blocks(struct column_writer *writer, struct sidecar_writer *sidecar,
                        struct error *err) {
    static const uint8_t padding[PADDING];
    unsigned left = writer->count % COLUMN_BLOCK;
    if (left)
        pack_block(writer, left);
    if (writer->blocks.failed || writer->directory.failed)
        return error_memory(err);
    if (writer->limit || writer->directory.size / 4 > UINT32_MAX)
        return error_set(err, PLENARY_ELIMIT, "a column of the segment has grown over 4 GiB");
    int status = sidecar_append_u32(sidecar, FORM_BLOCKS, err);
    if (!status)
        status = sidecar_append_u32(sidecar, (uint32_t)(writer->directory.size / 4), err);
    if (!status)
        status = sidecar_append(sidecar, writer->directory.data, writer->directory.size, err);
    if (!status)
        status = sidecar_append(sidecar, writer->blocks.data, writer->blocks.size, err);
    if (!status)
        status = sidecar_append(sidecar, padding, sizeof padding, err);
    return status;
}

int column_write(struct column_writer *writer, struct sidecar_writer *sidecar, uint32_t id,
                 struct error *err) {
    int status = sidecar_begin(sidecar, id, err);
    if (!status)
        status = sidecar_append_u64(sidecar, writer->count, err);
    if (!status)
        status =
            writer->linear ? write_line(writer, sidecar, err) : write_blocks(writer, sidecar, err);
    column_writer_free(writer);
    return status;
}

size_t column_memory(const struct column_writer *writer) {
    return writer->blocks.capacity + writer->directory.capacity;
}

void column_writer_free(struct column_writer *writer) {
    bytes_free(&writer->blocks);
    bytes_free(&writer->directory);
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int open_blocks(struct column *column, struct error *err) {
    const struct section *section = &column->section;
    uint64_t blocks = load_u32(section->data + 12);
    if (blocks != column->count / COLUMN_BLOCK + (column->count % COLUMN_BLOCK != 0) ||
        blocks > (section->size - COLUMN_HEADER) / 4)
        return section_damaged(section, 12, "wrong number of blocks in a column", err);
    column->data = COLUMN_HEADER + blocks * 4;
    return 0;
}

int column_open(struct column *out, const struct sidecar *sidecar, uint32_t id, struct error *err) {
    memset(out, 0, sizeof *out);
    struct section *section = &out->section;
    int status = sidecar_section(sidecar, id, section, err);
    if (!status)
        status = section_need(section, 0, COLUMN_HEADER, err);
    if (status)
        return status;
    out->count = load_u64(section->data);
    uint32_t form = load_u32(section->data + 8);
    if (form == FORM_BLOCKS)
        return open_blocks(out, err);
    if (form != FORM_LINE)
        return section_damaged(section, 8, "a column of unknown form", err);
    status = section_need(section, COLUMN_HEADER, 16, err);
    if (status)
        return status;
    out->base = load_u64(section->data + COLUMN_HEADER);
    out->slope = load_u64(section->data + COLUMN_HEADER + 8);
    return 0;
}

int column_open_counted(struct column *out, const struct sidecar *sidecar, uint32_t id,
                        uint64_t count, struct error *err) {
    int status = column_open(out, sidecar, id, err);
    if (!status && out->count != count)
        return section_damaged(&out->section, 0, "a column of the wrong length", err);
    return status;
}

static int block_value(const struct column *column, uint64_t offset, unsigned within,
                       uint64_t *value, struct error *err) {
    const struct section *section = &column->section;
    int status = section_need(section, offset, BLOCK_HEADER_MAX, err);
    if (status)
        return status;
    const uint8_t *at = section->data + offset, *end = at + BLOCK_HEADER_MAX;
    unsigned width = *at++;
    uint64_t base, slope;
    if (width > 64 || !varint_read(&at, end, &base) || !varint_read(&at, end, &slope))
        return section_damaged(section, offset, "the header of a column's block", err);
    uint64_t line = (uint64_t)unzigzag(base) + (uint64_t)unzigzag(slope) * within;
    if (!width) {
        *value = line;
        return 0;
    }
    uint64_t bit = (uint64_t)within * width;
    status = section_need(section, (uint64_t)(at - section->data) + bit / 8, 9, err);
    if (status)
        return status;
    *value = line + unpack(at, bit, width);
    return 0;
}

int column_get_pair(const struct column *column, uint64_t i, uint64_t *first, uint64_t *second,
                    struct error *err) {
    if (!column->data || i + 1 >= column->count || i % COLUMN_BLOCK == COLUMN_BLOCK - 1) {
        int status = column_get(column, i, first, err);
        return status ? status : column_get(column, i + 1, second, err);
    }
    uint64_t entry = COLUMN_HEADER + i / COLUMN_BLOCK * 4;
    int status = section_need(&column->section, entry, 4, err);
    if (status)
        return status;
    uint64_t offset = column->data + load_u32(column->section.data + entry);
    status = block_value(column, offset, i % COLUMN_BLOCK, first, err);
    return status ? status : block_value(column, offset, i % COLUMN_BLOCK + 1, second, err);
}

int column_get(const struct column *column, uint64_t i, uint64_t *value, struct error *err) {
    if (i >= column->count)
        return error_set(err, PLENARY_EINVALID, "%s: there is no row %llu",
                         column->section.sidecar->path, (unsigned long long)i);
    if (!column->data) {
        *value = column->base + column->slope * i;
        return 0;
    }
    uint64_t entry = COLUMN_HEADER + i / COLUMN_BLOCK * 4;
    int status = section_need(&column->section, entry, 4, err);
    if (status)
        return status;
    uint64_t offset = column->data + load_u32(column->section.data + entry);
    return block_value(column, offset, i % COLUMN_BLOCK, value, err);
}

void column_scan_init(struct column_scan *scan, const struct column *column) {
    scan->column = column;
    scan->block = 0;
}

static unsigned values_in_block(const struct column *column, uint64_t block) {
    uint64_t left = column->count - block * COLUMN_BLOCK;
    return left < COLUMN_BLOCK ? (unsigned)left : COLUMN_BLOCK;
}

static int scan_block(struct column_scan *scan, uint64_t block, unsigned count, struct error *err) {
    const struct section *section = &scan->column->section;
    uint64_t entry = COLUMN_HEADER + block * 4;
    int status = section_need(section, entry, 4, err);
    if (status)
        return status;
    uint64_t offset = scan->column->data + load_u32(section->data + entry);
    status = section_need(section, offset, BLOCK_HEADER_MAX, err);
    if (status)
        return status;
    const uint8_t *at = section->data + offset, *end = at + BLOCK_HEADER_MAX;
    unsigned width = *at++;
    uint64_t base, slope;
    if (width > 64 || !varint_read(&at, end, &base) || !varint_read(&at, end, &slope))
        return section_damaged(section, offset, "the header of a column's block", err);
    uint64_t line = (uint64_t)unzigzag(base), step = (uint64_t)unzigzag(slope);
    uint64_t bytes = width ? (uint64_t)width * (count - 1) / 8 + 9 : 0;
    status = section_need(section, (uint64_t)(at - section->data), bytes, err);
    for (unsigned i = 0; !status && i < count; i++)
        scan->values[i] = line + step * i + unpack(at, (uint64_t)i * width, width);
    return status;
}

int column_scan_enter(struct column_scan *scan, uint64_t block, struct error *err) {
    const struct column *column = scan->column;
    unsigned count = values_in_block(column, block);
    scan->block = 0;
    int status = 0;
    if (column->data)
        status = scan_block(scan, block, count, err);
    else
        for (unsigned i = 0; i < count; i++)
            scan->values[i] = column->base + column->slope * (block * COLUMN_BLOCK + i);
    if (!status)
        scan->block = block + 1;
    return status;
}
