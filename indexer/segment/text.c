/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of text.blocks, a sidecar of kind 'T':
 *
 *   section 1  the blocks, one behind the other: zlib streams (RFC 1950), level 3
 *   section 2  column: where each block begins in section 1, and where the last ends
 *   section 3  column: where each block's text begins in the whole text, and where the last ends
 *
 * A block holds at most 64 KiB of text: whole documents, or a part of one longer than that.
 */
#include "indexer/segment/text.h"

#include <stdlib.h>
#include <zlib.h>

enum { TEXT_KIND = 'T', TEXT_VERSION = 1, TEXT_LEVEL = 3 };
enum { SECTION_BLOCKS = 1, SECTION_BEGINS = 2, SECTION_STARTS = 3 };

struct text_writer {
    struct sidecar_writer *sidecar;
    z_stream zlib;
    bool zlib_open;
    struct column_writer begins, starts;
    uint64_t begin, start; /* of the block being filled */
    size_t packed_capacity;
    uint8_t *packed;
    size_t used;
    uint8_t block[TEXT_BLOCK];
};

/* ---- Writing ------------------------------------------------------------------------------- */

int text_create(struct text_writer **out, const char *path, struct error *err) {
    *out = NULL;
    struct text_writer *writer = malloc(sizeof *writer);
    if (!writer)
        return error_memory(err);
    memset(writer, 0, offsetof(struct text_writer, block));
    column_writer_init(&writer->begins);
    column_writer_init(&writer->starts);
    int status = 0;
    writer->zlib_open = deflateInit(&writer->zlib, TEXT_LEVEL) == Z_OK;
    if (writer->zlib_open) {
        writer->packed_capacity = deflateBound(&writer->zlib, TEXT_BLOCK);
        writer->packed = malloc(writer->packed_capacity);
    }
    if (!writer->packed)
        status = error_memory(err);
    if (!status)
        status = sidecar_create(&writer->sidecar, path, TEXT_KIND, TEXT_VERSION, err);
    if (!status)
        status = sidecar_begin(writer->sidecar, SECTION_BLOCKS, err);
    if (status) {
        text_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

static int end_block(struct text_writer *writer, struct error *err) {
    if (!writer->used)
        return 0;
    deflateReset(&writer->zlib);
    writer->zlib.next_in = writer->block;
    writer->zlib.avail_in = (uInt)writer->used;
    writer->zlib.next_out = writer->packed;
    writer->zlib.avail_out = (uInt)writer->packed_capacity;
    if (deflate(&writer->zlib, Z_FINISH) != Z_STREAM_END)
        return error_set(err, PLENARY_ENOMEM, "zlib could not compress a block of text");
    size_t size = writer->packed_capacity - writer->zlib.avail_out;
    column_add(&writer->begins, writer->begin);
    column_add(&writer->starts, writer->start);
    writer->begin += size;
    writer->start += writer->used;
    writer->used = 0;
    return sidecar_append(writer->sidecar, writer->packed, size, err);
}

int text_add(struct text_writer *writer, const void *text, size_t size, struct error *err) {
    const uint8_t *from = text;
    int status = 0;
    if (size > TEXT_BLOCK - writer->used)
        status = end_block(writer, err);
    while (!status && size) {
        size_t room = TEXT_BLOCK - writer->used, now = size < room ? size : room;
        memcpy(writer->block + writer->used, from, now);
        writer->used += now;
        from += now;
        size -= now;
        if (writer->used == TEXT_BLOCK)
            status = end_block(writer, err);
    }
    return status;
}

uint64_t text_size(const struct text_writer *writer) {
    return writer->start + writer->used;
}

int text_finish(struct text_writer *writer, struct error *err) {
    int status = end_block(writer, err);
    column_add(&writer->begins, writer->begin);
    column_add(&writer->starts, writer->start);
    if (!status)
        status = column_write(&writer->begins, writer->sidecar, SECTION_BEGINS, err);
    if (!status)
        status = column_write(&writer->starts, writer->sidecar, SECTION_STARTS, err);
    return status ? status : sidecar_finish(writer->sidecar, err);
}

size_t text_memory(const struct text_writer *writer) {
    /* 256 KiB is what zlib's deflate holds at its default window. */
    return sizeof *writer + writer->packed_capacity + (256 << 10) +
           sidecar_memory(writer->sidecar) + column_memory(&writer->begins) +
           column_memory(&writer->starts);
}

void text_writer_close(struct text_writer *writer) {
    if (!writer)
        return;
    if (writer->zlib_open)
        deflateEnd(&writer->zlib);
    sidecar_writer_close(writer->sidecar);
    column_writer_free(&writer->begins);
    column_writer_free(&writer->starts);
    free(writer->packed);
    free(writer);
}

/* ---- Reading ------------------------------------------------------------------------------- */

int text_open(struct text *out, const char *path, uint64_t size, struct error *err) {
    memset(out, 0, sizeof *out);
    int status = sidecar_open(&out->sidecar, path, TEXT_KIND, TEXT_VERSION, err);
    if (!status)
        status = sidecar_section(out->sidecar, SECTION_BLOCKS, &out->blocks, err);
    if (!status)
        status = column_open(&out->begins, out->sidecar, SECTION_BEGINS, err);
    if (!status)
        status =
            column_open_counted(&out->starts, out->sidecar, SECTION_STARTS, out->begins.count, err);
    if (!status && !out->begins.count)
        status = section_damaged(&out->blocks, 0, "no end of the text", err);
    uint64_t end = 0;
    if (!status)
        status = column_get(&out->starts, out->starts.count - 1, &end, err);
    if (!status && end != size)
        status = section_damaged(&out->starts.section, 0, "the text has the wrong size", err);
    return status;
}

void text_close(struct text *text) {
    sidecar_close(text->sidecar);
    memset(text, 0, sizeof *text);
}

struct text_block {
    uint64_t begin, end;  /* packed, in the section */
    uint64_t start, stop; /* in the text */
};

static int read_block_row(const struct text *text, uint64_t i, struct text_block *out,
                          struct error *err) {
    int status = column_get(&text->begins, i, &out->begin, err);
    if (!status)
        status = column_get(&text->begins, i + 1, &out->end, err);
    if (!status)
        status = column_get(&text->starts, i, &out->start, err);
    if (!status)
        status = column_get(&text->starts, i + 1, &out->stop, err);
    if (status)
        return status;
    if (out->begin > out->end || out->end > text->blocks.size || out->start >= out->stop ||
        out->stop - out->start > TEXT_BLOCK)
        return section_damaged(&text->blocks, out->begin, "a block of text of impossible size",
                               err);
    return section_need(&text->blocks, out->begin, out->end - out->begin, err);
}

/* The last block that starts at or before `place`. */
static int find_block(const struct text *text, uint64_t place, uint64_t *block, struct error *err) {
    uint64_t low = 0, high = text->starts.count - 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2, start;
        int status = column_get(&text->starts, middle, &start, err);
        if (status)
            return status;
        if (start <= place)
            low = middle;
        else
            high = middle;
    }
    *block = low;
    return 0;
}

/* The first `size` bytes of a block's text into `out`. */
static int inflate_block(const struct text *text, const struct text_block *block, size_t size,
                         uint8_t *out, struct error *err) {
    z_stream zlib = {.next_in = (z_const Bytef *)(uintptr_t)(text->blocks.data + block->begin),
                     .avail_in = (uInt)(block->end - block->begin),
                     .next_out = out,
                     .avail_out = (uInt)size};
    if (inflateInit(&zlib) != Z_OK)
        return error_memory(err);
    bool whole = size == block->stop - block->start;
    int result = inflate(&zlib, whole ? Z_FINISH : Z_SYNC_FLUSH);
    bool good = zlib.avail_out == 0 && (whole ? result == Z_STREAM_END && zlib.avail_in == 0
                                              : result == Z_OK || result == Z_BUF_ERROR);
    inflateEnd(&zlib);
    if (result == Z_MEM_ERROR)
        return error_memory(err);
    return good ? 0
                : section_damaged(&text->blocks, block->begin, "a block of text does not inflate",
                                  err);
}

static int read_from_block(const struct text *text, uint64_t i, uint64_t *begin, uint64_t end,
                           uint8_t *buffer, struct bytes *out, struct error *err) {
    struct text_block block;
    int status = read_block_row(text, i, &block, err);
    if (status)
        return status;
    if (*begin < block.start || *begin >= block.stop)
        return section_damaged(&text->starts.section, 0, "the blocks of the text overlap", err);
    uint64_t stop = end < block.stop ? end : block.stop;
    status = inflate_block(text, &block, (size_t)(stop - block.start), buffer, err);
    if (status)
        return status;
    bytes_add(out, buffer + (*begin - block.start), (size_t)(stop - *begin));
    *begin = stop;
    return out->failed ? error_memory(err) : 0;
}

int text_read(const struct text *text, uint64_t begin, uint64_t end, struct bytes *out,
              struct error *err) {
    uint64_t size, block = 0;
    int status = column_get(&text->starts, text->starts.count - 1, &size, err);
    if (status)
        return status;
    if (begin > end || end > size)
        return error_set(err, PLENARY_EINVALID, "%s: there are no bytes %llu to %llu",
                         text->sidecar->path, (unsigned long long)begin, (unsigned long long)end);
    if (begin == end)
        return 0;
    uint8_t *buffer = malloc(TEXT_BLOCK);
    if (!buffer)
        return error_memory(err);
    status = find_block(text, begin, &block, err);
    while (!status && begin < end)
        status = read_from_block(text, block++, &begin, end, buffer, out, err);
    free(buffer);
    return status;
}

int text_verify(const struct text *text, struct error *err) {
    uint8_t *buffer = malloc(TEXT_BLOCK);
    if (!buffer)
        return error_memory(err);
    struct bytes sink = BYTES_INIT;
    uint64_t place = 0;
    int status = 0;
    for (uint64_t i = 0; !status && i + 1 < text->starts.count; i++) {
        bytes_reset(&sink);
        status = read_from_block(text, i, &place, UINT64_MAX, buffer, &sink, err);
    }
    bytes_free(&sink);
    free(buffer);
    return status;
}
