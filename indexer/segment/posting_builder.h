/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one small interface behind which a segment's postings are written. The builder named
 * "xapian" is Xapian's own writer: slow, and the oracle that others are held against.
 */
#ifndef PLENARY_INDEXER_POSTING_BUILDER_H
#define PLENARY_INDEXER_POSTING_BUILDER_H

#include "corpus/error.h"

#include <stddef.h>
#include <stdint.h>

struct builder_posting {
    const char *term; /* with its field prefix, if any */
    uint32_t term_size;
    uint32_t wdf;
    const uint32_t *positions;
    uint32_t position_count;
};

struct posting_builder;

struct posting_builder_class {
    const char *name;
    int (*create)(struct posting_builder **out, const char *folder, struct error *err);
    /* docids rise; terms are distinct within a passage, in any order. */
    int (*add)(struct posting_builder *builder, uint32_t docid,
               const struct builder_posting *postings, size_t count, struct error *err);
    int (*finish)(struct posting_builder *builder, struct error *err);
    void (*close)(struct posting_builder *builder); /* without finish: abandon */
    size_t (*memory)(const struct posting_builder *builder);
};

extern const struct posting_builder_class posting_builder_xapian;

/* By name, or NULL. */
const struct posting_builder_class *posting_builder_named(const char *name);

#endif
