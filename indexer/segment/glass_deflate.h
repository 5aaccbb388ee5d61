/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deflates the tags of a glass table one by one: raw deflate streams (RFC 1951), as
 * glass_table_add_deflated stores them. One thread at a time.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_DEFLATE_H
#define PLENARY_INDEXER_SEGMENT_GLASS_DEFLATE_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "indexer/segment/glass_table.h"

#include <zlib.h>

/* Tags up to this size are stored as they are, as Xapian does. */
#define GLASS_DEFLATE_ABOVE 18

struct glass_deflater {
    z_stream stream;
    struct bytes out;
};

int glass_deflater_init(struct glass_deflater *deflater, struct error *err);
void glass_deflater_free(struct glass_deflater *deflater);

/* Add an entry to a table, deflated if that makes it smaller. */
int glass_deflater_add(struct glass_deflater *deflater, struct glass_table *table, const void *key,
                       size_t key_size, const void *tag, size_t tag_size, struct error *err);

#endif
