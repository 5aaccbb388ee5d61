/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Passages of a document that has headings and lists: Markdown and HTML. The reader collects the
 * text of a block in `text`, with a newline where the source breaks a line for good, and adds the
 * block when it ends. Not thread-safe: one builder, one document.
 */
#ifndef PLENARY_CORPUS_PASSAGE_BUILDER_H
#define PLENARY_CORPUS_PASSAGE_BUILDER_H

#include "corpus/document.h"
#include "corpus/error.h"

enum {
    HEADING_LEVELS = 6,
    /* The limit where the source itself says what a paragraph is, as office files do. */
    PASSAGE_MARKED_LIMIT = 64 << 10
};

struct passage_builder {
    struct document *document;
    struct bytes text, folded;
    const char *headings[HEADING_LEVELS]; /* now in force, by level */
    const char *path;                     /* they, joined by " > "; NULL: none */
    const char *above;                    /* the path without the last heading */
    size_t limit; /* bytes of a passage, beyond which it is cut behind sentences */
};

/* Where a block stands in the source, and what it is. */
struct block {
    enum passage_kind kind;
    unsigned level;
    const char *label, *speaker; /* in the document's arena, or NULL */
    uint64_t source_begin, source_end, line_begin, line_end;
};

void passage_builder_init(struct passage_builder *builder, struct document *document);

/* Add `size` bytes of `text` as a passage of this block: white space is folded; nothing is added
 * where nothing is left. One longer than the builder's limit becomes several. 0 or PLENARY_ENOMEM.
 */
int passage_builder_add(struct passage_builder *builder, const struct block *block,
                        const char *text, size_t size);

/* The same for all of builder->text, which is then empty. */
int passage_builder_flush(struct passage_builder *builder, const struct block *block);

void passage_builder_free(struct passage_builder *builder);

#endif
