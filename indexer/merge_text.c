/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a merge: blocks without deleted text are copied as they are, compressed; of the
 * others what lives is packed again. So are small blocks, which segments of a few documents have:
 * they would compress badly for ever.
 */
#include "indexer/merge_parts.h"

#include "indexer/segment/folder.h"

enum { COPIED_MIN = TEXT_BLOCK / 2, PENDING_MAX = 1 << 20 };

struct text_merge {
    struct text_writer *writer;
    struct text_packer *packer;
    struct text_blocks pending;
    uint8_t block[TEXT_BLOCK];
};

/* The live stretches of a segment's text, in order. */
struct live_text {
    const struct merge_source *source;
    struct documents_scan scan;
    uint32_t document;   /* next to be looked at */
    uint64_t begin, end; /* the stretch it is on; empty at the end */
};

/* Go to the next stretch: as many live documents as follow each other. */
static int next_stretch(struct live_text *live, struct error *err) {
    uint32_t count = segment_document_count(live->source->segment);
    live->begin = live->end;
    for (; live->document < count; live->document++) {
        struct document_extent extent;
        bool is_dead = tombstones_document(live->source->dead, live->document);
        if (is_dead && live->begin < live->end)
            return 0;
        if (is_dead)
            continue;
        int status = documents_scan_get(&live->scan, live->document, &extent, err);
        if (status)
            return status;
        if (live->begin == live->end)
            live->begin = extent.text_begin;
        live->end = extent.text_end;
    }
    return 0;
}

static int flush(struct text_merge *merge, struct error *err) {
    int status = text_append(merge->writer, &merge->pending, err);
    text_blocks_reset(&merge->pending);
    return status;
}

/* The parts of an inflated block that live. */
static int pack_live(struct text_merge *merge, struct live_text *live,
                     const struct text_block *block, struct error *err) {
    int status = 0;
    while (!status && live->begin < live->end && live->begin < block->stop) {
        uint64_t begin = live->begin > block->start ? live->begin : block->start;
        uint64_t end = live->end < block->stop ? live->end : block->stop;
        if (begin < end)
            status =
                text_packer_add(merge->packer, &merge->pending,
                                merge->block + (begin - block->start), (size_t)(end - begin), err);
        if (live->end > block->stop)
            break;
        if (!status)
            status = next_stretch(live, err);
    }
    return status;
}

static int merge_block(struct text_merge *merge, struct live_text *live, const struct text *text,
                       const struct text_block *block, struct error *err) {
    int status = 0;
    while (!status && live->begin < live->end && live->end <= block->start)
        status = next_stretch(live, err);
    if (status || live->begin >= live->end || live->begin >= block->stop)
        return status; /* nothing in it lives */
    bool is_whole = live->begin <= block->start && live->end >= block->stop;
    if (is_whole && block->stop - block->start >= COPIED_MIN) {
        status = text_packer_finish(merge->packer, &merge->pending, err);
        if (!status)
            status = text_blocks_copy(&merge->pending, text, block, err);
    } else {
        status = text_block_inflate(text, block, merge->block, err);
        if (!status)
            status = pack_live(merge, live, block, err);
    }
    return status || merge->pending.packed.size < PENDING_MAX ? status : flush(merge, err);
}

static int merge_source(struct text_merge *merge, const struct merge_source *source,
                        struct error *err) {
    const struct text *text = &source->segment->text;
    struct live_text live = {.source = source};
    uint64_t place = 0;
    documents_scan_init(&live.scan, &source->segment->documents);
    int status = next_stretch(&live, err);
    for (uint64_t i = 0; !status && i < text_block_count(text); i++) {
        struct text_block block;
        status = text_block_get(text, i, &block, err);
        if (!status && block.start != place)
            status = section_damaged(&text->starts.section, 0, "the blocks of the text", err);
        if (!status)
            status = merge_block(merge, &live, text, &block, err);
        place = block.stop;
    }
    return status;
}

static int write_text(struct text_merge *merge, const struct merge *from, struct error *err) {
    int status = 0;
    for (size_t i = 0; !status && i < from->count; i++)
        status = merge_source(merge, &from->sources[i], err);
    if (!status)
        status = text_packer_finish(merge->packer, &merge->pending, err);
    if (!status)
        status = flush(merge, err);
    return status ? status : text_finish(merge->writer, err);
}

int merge_text(const struct merge *from, uint64_t *size, struct error *err) {
    struct text_merge *merge = calloc(1, sizeof *merge);
    char *path = folder_path(from->folder, "text.blocks");
    int status = merge && path ? text_create(&merge->writer, path, err) : error_memory(err);
    if (merge)
        text_blocks_init(&merge->pending);
    if (!status)
        status = text_packer_open(&merge->packer, err);
    if (!status)
        status = write_text(merge, from, err);
    if (!status)
        *size = text_size(merge->writer);
    if (merge) {
        text_writer_close(merge->writer);
        text_packer_close(merge->packer);
        text_blocks_free(&merge->pending);
    }
    free(merge);
    free(path);
    return status;
}
