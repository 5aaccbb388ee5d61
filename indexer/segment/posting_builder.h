/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one small interface behind which a segment's postings are written.
 *
 *   glass    the default: collects the batches' postings by term and writes Xapian's tables itself,
 *            once, in order
 *   portable as glass, with the tables that Xapian's other programs want (--portable)
 *   xapian   Xapian's own writer: slow, and the oracle that the other is held against
 *
 * A builder takes whole batches (append) or single passages (add); the one it does not take is
 * NULL.
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
struct batch;
struct vocabulary;

struct posting_builder_class {
    const char *name;
    int (*create)(struct posting_builder **out, const char *folder, struct error *err);
    /* The passages of a batch; the first is docid first_docid. */
    int (*append)(struct posting_builder *builder, struct vocabulary *vocabulary,
                  const struct batch *batch, uint32_t first_docid, struct error *err);
    /* docids rise; terms are distinct within a passage, in any order. */
    int (*add)(struct posting_builder *builder, uint32_t docid,
               const struct builder_posting *postings, size_t count, struct error *err);
    int (*finish)(struct posting_builder *builder, struct error *err);
    void (*close)(struct posting_builder *builder); /* without finish: abandon */
    size_t (*memory)(const struct posting_builder *builder);
};

extern const struct posting_builder_class posting_builder_glass, posting_builder_portable,
    posting_builder_xapian;

/* By name; NULL names the default. NULL if there is none of this name. */
const struct posting_builder_class *posting_builder_named(const char *name);

#endif
