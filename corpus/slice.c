/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/slice.h"

#include "corpus/notice.h"
#include "corpus/scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int slicer_fill(struct slicer *slicer, size_t size, struct error *err) {
    struct bytes *buffer = &slicer->buffer;
    if (slicer->ended || buffer->size >= size)
        return 0;
    size_t want = size - buffer->size;
    if (!bytes_reserve(buffer, want))
        return error_memory(err);
    ssize_t got = inflater_read(slicer->input, buffer->data + buffer->size, want, err);
    if (got < 0)
        return (int)got;
    buffer->size += (size_t)got;
    slicer->ended = (size_t)got < want;
    return 0;
}

/* Drop the first `size` bytes of the buffer. */
static void drop(struct slicer *slicer, size_t size) {
    slicer->line += scan_count_newlines(slicer->buffer.data, size);
    slicer->offset += size;
    slicer->buffer.size -= size;
    memmove(slicer->buffer.data, slicer->buffer.data + size, slicer->buffer.size);
}

/* The line at the buffer's start is too long: read on, keeping nothing, up to its end. */
static int pass_over_line(struct slicer *slicer, struct error *err) {
    struct bytes *buffer = &slicer->buffer;
    notice_send(slicer->options, NOTICE_SKIPPED, slicer->path, slicer->line,
                "the line is longer than %" PRIu64 " bytes and was left out",
                slicer->options->max_line);
    slicer->skipped++;
    for (;;) {
        const uint8_t *newline = buffer->size ? memchr(buffer->data, '\n', buffer->size) : NULL;
        if (newline) {
            drop(slicer, (size_t)(newline - buffer->data) + 1);
            return 0;
        }
        slicer->offset += buffer->size;
        buffer->size = 0;
        if (slicer->ended)
            return 0;
        int status = slicer_fill(slicer, SLICE_SIZE, err);
        if (status)
            return status;
    }
}

/* Where the line that ends before `end` begins. */
static size_t line_start(const uint8_t *data, size_t end) {
    const uint8_t *newline = end > 1 ? memrchr(data, '\n', end - 1) : NULL;
    return newline ? (size_t)(newline - data) + 1 : 0;
}

/* Where to cut so that the records of a document stay together: the start of the last document of
 * the lines before `end`; `end` itself if the last record is one; 0 if all is one document. Lines
 * without a readable record do not end a document. */
static size_t find_border(struct slicer *slicer, size_t end, struct bytes *last,
                          struct bytes *other) {
    const uint8_t *data = slicer->buffer.data;
    size_t first = end;
    bool found = false;
    for (size_t start, at = end; at > 0; at = start) {
        start = line_start(data, at);
        enum slice_line line =
            slicer->document(slicer->context, data + start, at - start, found ? other : last);
        if (line == SLICE_UNREADABLE)
            continue;
        if (!found && line == SLICE_ALONE)
            return end;
        if (found && (line == SLICE_ALONE || other->size != last->size ||
                      memcmp(other->data, last->data, last->size) != 0))
            return first;
        found = true;
        first = start;
    }
    return found ? 0 : end;
}

static size_t find_document_border(struct slicer *slicer, size_t end) {
    struct bytes last = BYTES_INIT, other = BYTES_INIT;
    size_t border = find_border(slicer, end, &last, &other);
    bytes_free(&last);
    bytes_free(&other);
    return border;
}

/* The end of the last line that can be handed out. At least one line stays in the buffer until the
 * input has ended, since only then is a slice known to be the last. */
static size_t lines_end(const struct slicer *slicer) {
    const struct bytes *buffer = &slicer->buffer;
    if (slicer->ended || !buffer->size)
        return buffer->size;
    return line_start(buffer->data, buffer->size);
}

/* Find where to cut, reading on as far as needed. */
static int find_cut(struct slicer *slicer, size_t *cut, struct error *err) {
    size_t target = (slicer->buffer.size / SLICE_SIZE + 1) * SLICE_SIZE;
    for (;; target *= 2) {
        int status = slicer_fill(slicer, target, err);
        *cut = status ? 0 : lines_end(slicer);
        if (status || slicer->ended)
            return status;
        if (!*cut && slicer->buffer.size > slicer->options->max_line) {
            status = pass_over_line(slicer, err);
            target = SLICE_SIZE / 2;
            if (status)
                return status;
            continue;
        }
        size_t border = *cut && slicer->document ? find_document_border(slicer, *cut) : *cut;
        if (border) {
            *cut = border;
            return 0;
        }
        if (*cut && slicer->buffer.size >= SLICE_DOCUMENT_MAX) {
            notice_send(slicer->options, NOTICE_WARNING, slicer->path, slicer->line,
                        "a document of more than %d MiB was cut in two", SLICE_DOCUMENT_MAX >> 20);
            return 0;
        }
    }
}

int slicer_next(struct slicer *slicer, struct slice *out, struct error *err) {
    size_t cut;
    int status = find_cut(slicer, &cut, err);
    if (status || !cut)
        return status;
    *out = (struct slice){.size = cut, .offset = slicer->offset, .line = slicer->line};
    out->data = malloc(cut);
    if (!out->data)
        return error_memory(err);
    memcpy(out->data, slicer->buffer.data, cut);
    drop(slicer, cut);
    out->last = slicer->ended && !slicer->buffer.size;
    return 1;
}
