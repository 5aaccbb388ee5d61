/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forward index: for each passage the words of its text, in order, as ids of the segment's
 * lexicon. It answers phrases, NEAR and exact words for a candidate passage, and gives feedback and
 * more-like-this their words. Ids are given in order of frequency, so most take one or two bytes.
 * Bytes: tokens.c.
 *
 * A joined form (co-chairs as "cochairs") stands directly before its parts and shares the position
 * of the first; whether a word is one, its row in the lexicon says.
 *
 * Writer: one thread. Reader: immutable after opening, any number of threads.
 */
#ifndef PLENARY_INDEXER_TOKENS_H
#define PLENARY_INDEXER_TOKENS_H

#include "indexer/segment/column.h"
#include "indexer/segment/sidecar.h"

struct tokens_writer {
    struct sidecar_writer *file;
    struct column_writer begins;
    uint64_t size;
};

/* Create the file and begin. */
int tokens_create(struct tokens_writer *writer, const char *path, struct error *err);

/* The next passage's ids, varints one after another; size 0 for none. */
int tokens_add(struct tokens_writer *writer, const uint8_t *ids, size_t size, struct error *err);

/* Write the directory, fsync. */
int tokens_finish(struct tokens_writer *writer, struct error *err);

size_t tokens_memory(const struct tokens_writer *writer);

/* Free; without a finish before, the file is removed. Zeroed writers may be closed. */
void tokens_writer_close(struct tokens_writer *writer);

struct tokens {
    struct sidecar *file;
    struct section ids;
    struct column begins; /* passage count + 1 values */
    uint64_t passages;
};

int tokens_open(struct tokens *out, const char *path, uint64_t passages, struct error *err);
void tokens_close(struct tokens *tokens);

/* Where the varints of a passage are in the mapping: not to be read yet. */
int tokens_place(const struct tokens *tokens, uint64_t passage, const uint8_t **ids, size_t *size,
                 struct error *err);

/* The same, verified. */
int tokens_get(const struct tokens *tokens, uint64_t passage, const uint8_t **ids, size_t *size,
               struct error *err);

#endif
