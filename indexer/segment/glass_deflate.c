/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/glass_deflate.h"

#include <limits.h>
#include <string.h>

/* Tags are short, and setting up deflate's tables for each costs more than a large window gains;
 * readers inflate with the largest window, so any smaller one will do. */
enum { WINDOW_BITS = -12, MEMORY_LEVEL = 5 };

/* Xapian 1.4 inflates into buffers of this size and takes a stream that has no input left when one
 * is full for cut short ("Too few chunks of compressed data"), though bytes may be pending. It
 * happens to tags of its own writer that deflate very well. */
enum { READER_BUFFER = 8192, FLUSH_SIZE = 16 };

int glass_deflater_init(struct glass_deflater *deflater, struct error *err) {
    memset(deflater, 0, sizeof *deflater);
    if (deflateInit2(&deflater->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, WINDOW_BITS,
                     MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return error_memory(err);
    return 0;
}

void glass_deflater_free(struct glass_deflater *deflater) {
    deflateEnd(&deflater->stream);
    bytes_free(&deflater->out);
}

/* The deflated tag in `out`; false if it is not smaller. */
static bool deflate_tag(struct glass_deflater *deflater, const void *tag, size_t size) {
    bytes_reset(&deflater->out);
    if (size <= GLASS_DEFLATE_ABOVE || size > UINT_MAX || !bytes_reserve(&deflater->out, size))
        return false;
    z_stream *stream = &deflater->stream;
    if (deflateReset(stream) != Z_OK)
        return false;
    memcpy(&stream->next_in, &tag, sizeof tag); /* zlib's pointer lacks the const */
    stream->avail_in = (uInt)size;
    stream->next_out = deflater->out.data;
    stream->avail_out = (uInt)size - 1;
    /* So the streams of large tags end with an empty block and a final one: there is input left
     * when the last byte comes out. With less room than a flush needs, deflating gains nothing. */
    if (size >= READER_BUFFER &&
        (deflate(stream, Z_SYNC_FLUSH) != Z_OK || stream->avail_out < FLUSH_SIZE))
        return false;
    if (deflate(stream, Z_FINISH) != Z_STREAM_END)
        return false;
    deflater->out.size = size - 1 - stream->avail_out;
    return true;
}

int glass_deflater_add(struct glass_deflater *deflater, struct glass_table *table, const void *key,
                       size_t key_size, const void *tag, size_t tag_size, struct error *err) {
    if (deflate_tag(deflater, tag, tag_size))
        return glass_table_add_deflated(table, key, key_size, deflater->out.data,
                                        deflater->out.size, err);
    if (deflater->out.failed)
        return error_memory(err);
    return glass_table_add(table, key, key_size, tag, tag_size, err);
}
