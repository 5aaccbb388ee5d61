/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of text.blocks, a sidecar of kind 'T':
 *
 *   section 1  the blocks, one behind the other: zlib streams (RFC 1950)
 *   section 2  column: where each block begins in section 1, and where the last ends
 *   section 3  column: where each block's text begins in the whole text, and where the last ends
 *
 * A block holds at most 64 KiB of text: whole documents, or a part of one longer than that.
 *
 * libdeflate writes and reads them, but where only the start of a block is wanted: zlib can stop
 * there. It writes them, because compressing must not hold a build back: on a core, 60 MB of
 * transcripts went through zlib's level 3 at 63 MB/s (2.91 : 1) and its level 1 at 96 MB/s (2.67 :
 * 1), through libdeflate's level 1 at 206 MB/s (2.93 : 1).
 */
#include "indexer/segment/text.h"

#include <libdeflate.h>

#include <stdlib.h>
#include <zlib.h>

enum { TEXT_KIND = 'T', TEXT_VERSION = 1, TEXT_LEVEL = 1 };
enum { SECTION_BLOCKS = 1, SECTION_BEGINS = 2, SECTION_STARTS = 3 };

/* ---- Packing ------------------------------------------------------------------------------- */

struct text_packer {
    struct libdeflate_compressor *compressor;
    size_t used;
    uint8_t block[TEXT_BLOCK];
};

void text_blocks_init(struct text_blocks *blocks) {
    *blocks = (struct text_blocks){.packed = BYTES_INIT, .sizes = BYTES_INIT};
}

void text_blocks_reset(struct text_blocks *blocks) {
    bytes_reset(&blocks->packed);
    bytes_reset(&blocks->sizes);
    blocks->text_size = 0;
}

void text_blocks_free(struct text_blocks *blocks) {
    bytes_free(&blocks->packed);
    bytes_free(&blocks->sizes);
}

size_t text_blocks_memory(const struct text_blocks *blocks) {
    return blocks->packed.capacity + blocks->sizes.capacity;
}

int text_blocks_read(const struct text_blocks *blocks, struct bytes *out, struct error *err) {
    const uint8_t *at = blocks->packed.data, *sizes = blocks->sizes.data;
    size_t count = blocks->sizes.size / (2 * sizeof(uint32_t));
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    int status = decompressor && bytes_reserve(out, blocks->text_size) ? 0 : error_memory(err);
    for (size_t i = 0; !status && i < count; i++) {
        uint32_t size[2];
        memcpy(size, sizes + i * sizeof size, sizeof size);
        if (size[1] && libdeflate_zlib_decompress(decompressor, at, size[0], out->data + out->size,
                                                  size[1], NULL) != LIBDEFLATE_SUCCESS)
            status = error_set(err, PLENARY_EDAMAGED, "a block of text does not inflate");
        at += size[0];
        out->size += size[1];
    }
    if (decompressor)
        libdeflate_free_decompressor(decompressor);
    return status;
}

int text_packer_open(struct text_packer **out, struct error *err) {
    *out = malloc(sizeof **out);
    if (!*out)
        return error_memory(err);
    memset(*out, 0, offsetof(struct text_packer, block));
    (*out)->compressor = libdeflate_alloc_compressor(TEXT_LEVEL);
    if ((*out)->compressor)
        return 0;
    text_packer_close(*out);
    *out = NULL;
    return error_memory(err);
}

void text_packer_close(struct text_packer *packer) {
    if (packer)
        libdeflate_free_compressor(packer->compressor);
    free(packer);
}

int text_packer_finish(struct text_packer *packer, struct text_blocks *blocks, struct error *err) {
    if (!packer->used)
        return 0;
    size_t room = libdeflate_zlib_compress_bound(packer->compressor, packer->used);
    if (!bytes_reserve(&blocks->packed, room))
        return error_memory(err);
    size_t size = libdeflate_zlib_compress(packer->compressor, packer->block, packer->used,
                                           blocks->packed.data + blocks->packed.size, room);
    if (!size)
        return error_set(err, PLENARY_ENOMEM, "a block of text could not be compressed");
    uint32_t sizes[2] = {(uint32_t)size, (uint32_t)packer->used};
    blocks->packed.size += size;
    blocks->text_size += packer->used;
    bytes_add(&blocks->sizes, sizes, sizeof sizes);
    packer->used = 0;
    return blocks->sizes.failed ? error_memory(err) : 0;
}

int text_packer_add(struct text_packer *packer, struct text_blocks *blocks, const void *text,
                    size_t size, struct error *err) {
    const uint8_t *from = text;
    int status = 0;
    if (size > TEXT_BLOCK - packer->used)
        status = text_packer_finish(packer, blocks, err);
    while (!status && size) {
        size_t room = TEXT_BLOCK - packer->used, now = size < room ? size : room;
        memcpy(packer->block + packer->used, from, now);
        packer->used += now;
        from += now;
        size -= now;
        if (packer->used == TEXT_BLOCK)
            status = text_packer_finish(packer, blocks, err);
    }
    return status;
}

/* ---- Writing ------------------------------------------------------------------------------- */

struct text_writer {
    struct sidecar_writer *sidecar;
    struct column_writer begins, starts;
    uint64_t begin, start; /* of the next block */
};

int text_create(struct text_writer **out, const char *path, struct error *err) {
    *out = NULL;
    struct text_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return error_memory(err);
    column_writer_init(&writer->begins);
    column_writer_init(&writer->starts);
    int status = sidecar_create(&writer->sidecar, path, TEXT_KIND, TEXT_VERSION, err);
    if (!status)
        status = sidecar_begin(writer->sidecar, SECTION_BLOCKS, err);
    if (status) {
        text_writer_close(writer);
        return status;
    }
    *out = writer;
    return 0;
}

int text_append(struct text_writer *writer, const struct text_blocks *blocks, struct error *err) {
    for (size_t at = 0; at < blocks->sizes.size; at += 2 * sizeof(uint32_t)) {
        uint32_t sizes[2];
        memcpy(sizes, blocks->sizes.data + at, sizeof sizes);
        column_add(&writer->begins, writer->begin);
        column_add(&writer->starts, writer->start);
        writer->begin += sizes[0];
        writer->start += sizes[1];
    }
    if (!blocks->packed.size)
        return 0;
    return sidecar_append(writer->sidecar, blocks->packed.data, blocks->packed.size, err);
}

uint64_t text_size(const struct text_writer *writer) {
    return writer->start;
}

int text_finish(struct text_writer *writer, struct error *err) {
    column_add(&writer->begins, writer->begin);
    column_add(&writer->starts, writer->start);
    int status = column_write(&writer->begins, writer->sidecar, SECTION_BEGINS, err);
    if (!status)
        status = column_write(&writer->starts, writer->sidecar, SECTION_STARTS, err);
    return status ? status : sidecar_finish(writer->sidecar, err);
}

size_t text_memory(const struct text_writer *writer) {
    return sizeof *writer + sidecar_memory(writer->sidecar) + column_memory(&writer->begins) +
           column_memory(&writer->starts);
}

void text_writer_close(struct text_writer *writer) {
    if (!writer)
        return;
    sidecar_writer_close(writer->sidecar);
    column_writer_free(&writer->begins);
    column_writer_free(&writer->starts);
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

uint64_t text_block_count(const struct text *text) {
    return text->starts.count - 1;
}

int text_block_get(const struct text *text, uint64_t i, struct text_block *out, struct error *err) {
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

static int damaged_block(const struct text *text, const struct text_block *block,
                         struct error *err) {
    return section_damaged(&text->blocks, block->begin, "a block of text does not inflate", err);
}

/* The first `size` bytes of a block's text into `out`, by zlib, which can stop there. */
static int inflate_start(const struct text *text, const struct text_block *block, size_t size,
                         uint8_t *out, struct error *err) {
    z_stream zlib = {.next_in = (z_const Bytef *)(uintptr_t)(text->blocks.data + block->begin),
                     .avail_in = (uInt)(block->end - block->begin),
                     .next_out = out,
                     .avail_out = (uInt)size};
    if (inflateInit(&zlib) != Z_OK)
        return error_memory(err);
    int result = inflate(&zlib, Z_SYNC_FLUSH);
    bool good =
        zlib.avail_out == 0 && (result == Z_OK || result == Z_BUF_ERROR || result == Z_STREAM_END);
    inflateEnd(&zlib);
    if (result == Z_MEM_ERROR)
        return error_memory(err);
    return good ? 0 : damaged_block(text, block, err);
}

/* All of it, by libdeflate, which takes less than half as long for the same. */
static int inflate_whole(const struct text *text, const struct text_block *block,
                         struct libdeflate_decompressor *decompressor, uint8_t *out,
                         struct error *err) {
    size_t used;
    enum libdeflate_result result = libdeflate_zlib_decompress_ex(
        decompressor, text->blocks.data + block->begin, (size_t)(block->end - block->begin), out,
        (size_t)(block->stop - block->start), &used, NULL);
    return result == LIBDEFLATE_SUCCESS && used == block->end - block->begin
               ? 0
               : damaged_block(text, block, err);
}

int text_block_inflate(const struct text *text, const struct text_block *block, uint8_t *out,
                       struct error *err) {
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    int status =
        decompressor ? inflate_whole(text, block, decompressor, out, err) : error_memory(err);
    libdeflate_free_decompressor(decompressor);
    return status;
}

int text_blocks_copy(struct text_blocks *blocks, const struct text *text,
                     const struct text_block *block, struct error *err) {
    uint64_t size = block->end - block->begin;
    uint32_t sizes[2] = {(uint32_t)size, (uint32_t)(block->stop - block->start)};
    if (size > UINT32_MAX)
        return section_damaged(&text->blocks, block->begin, "a block of impossible size", err);
    bytes_add(&blocks->packed, text->blocks.data + block->begin, (size_t)size);
    bytes_add(&blocks->sizes, sizes, sizeof sizes);
    blocks->text_size += sizes[1];
    return blocks->packed.failed || blocks->sizes.failed ? error_memory(err) : 0;
}

/* ---- A window ------------------------------------------------------------------------------ */

void text_window_free(struct text_window *window) {
    libdeflate_free_decompressor(window->decompressor);
    free(window->data);
    *window = (struct text_window)TEXT_WINDOW_INIT;
}

static int window_prepare(struct text_window *window, struct error *err) {
    if (!window->decompressor)
        window->decompressor = libdeflate_alloc_decompressor();
    if (!window->data)
        window->data = malloc(TEXT_BLOCK);
    return window->decompressor && window->data ? 0 : error_memory(err);
}

/* Have the first `size` bytes of a block in the window; or all, where that is as soon done. */
static int window_fill(struct text_window *window, const struct text *text, uint64_t i,
                       const struct text_block *block, size_t size, struct error *err) {
    enum { WHOLE_COST = 3 }; /* libdeflate takes so much less than zlib, about */
    if (window->text == text && window->block == i && window->size >= size)
        return 0;
    size_t whole = (size_t)(block->stop - block->start);
    bool again = window->text == text && window->block == i;
    window->text = NULL;
    bool all = again || size >= whole / WHOLE_COST;
    int status = all ? inflate_whole(text, block, window->decompressor, window->data, err)
                     : inflate_start(text, block, size, window->data, err);
    if (!status)
        *window =
            (struct text_window){window->decompressor, window->data, text, i, all ? whole : size};
    return status;
}

static int read_from_block(const struct text *text, uint64_t i, uint64_t *begin, uint64_t end,
                           struct text_window *window, struct bytes *out, struct error *err) {
    struct text_block block;
    int status = text_block_get(text, i, &block, err);
    if (status)
        return status;
    if (*begin < block.start || *begin >= block.stop)
        return section_damaged(&text->starts.section, 0, "the blocks of the text overlap", err);
    uint64_t stop = end < block.stop ? end : block.stop;
    status = window_fill(window, text, i, &block, (size_t)(stop - block.start), err);
    if (status)
        return status;
    bytes_add(out, window->data + (*begin - block.start), (size_t)(stop - *begin));
    *begin = stop;
    return out->failed ? error_memory(err) : 0;
}

int text_read(const struct text *text, uint64_t begin, uint64_t end, struct text_window *window,
              struct bytes *out, struct error *err) {
    struct text_window own = TEXT_WINDOW_INIT;
    uint64_t size, block = 0;
    int status = column_get(&text->starts, text->starts.count - 1, &size, err);
    if (status)
        return status;
    if (begin > end || end > size)
        return error_set(err, PLENARY_EINVALID, "%s: there are no bytes %llu to %llu",
                         text->sidecar->path, (unsigned long long)begin, (unsigned long long)end);
    if (begin == end)
        return 0;
    window = window ? window : &own;
    status = window_prepare(window, err);
    if (!status)
        status = find_block(text, begin, &block, err);
    while (!status && begin < end)
        status = read_from_block(text, block++, &begin, end, window, out, err);
    text_window_free(&own);
    return status;
}

int text_verify(const struct text *text, struct error *err) {
    struct text_window window = TEXT_WINDOW_INIT;
    struct bytes sink = BYTES_INIT;
    uint64_t place = 0;
    int status = window_prepare(&window, err);
    for (uint64_t i = 0; !status && i + 1 < text->starts.count; i++) {
        bytes_reset(&sink);
        status = read_from_block(text, i, &place, UINT64_MAX, &window, &sink, err);
    }
    bytes_free(&sink);
    text_window_free(&window);
    return status;
}
