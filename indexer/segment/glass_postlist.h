/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes postlist.glass, the one table that a Xapian glass database must have: user metadata,
 * document lengths and postings, in that order. The grammar is at the head of glass_postlist.c.
 *
 * Postings come as runs. A run is
 *     (uint(docid - previous - 1) uint(wdf))*     previous = 0 at the start of each run
 * with uint as LEB128 (bytes_add_varint, glass_pack_uint). This is how glass codes them itself, so
 * that writing a run is copying it, with the first number of each chunk taken out. A term's
 * postings may come in several runs, say of several threads, whose docids follow each other.
 *
 * Memory: that of a glass_table and one chunk; nothing is allocated per term or posting. One thread
 * at a time. Every run is decoded and checked while it is copied (frequencies, rising docids, no
 * number cut short), and the finish checks that lengths are the sums of the wdf. After a failed
 * write, or postings that do not fit together, every call fails.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_POSTLIST_H
#define PLENARY_INDEXER_SEGMENT_GLASS_POSTLIST_H

#include "corpus/error.h"
#include "indexer/segment/glass_version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As Xapian has it; a zero byte takes two bytes of a key, which has 255. */
#define GLASS_TERM_MAX 245
/* Chunks of a list end when their postings take this many bytes, or where the block ends. */
#define GLASS_CHUNK_SIZE_DEFAULT 2000
/* Those of the lengths. Xapian looks each match's length up by walking through a chunk from its
 * start: with 250 instead of Xapian's 2000, OR queries on 4 million documents took half the time,
 * for 0.3 MB more on disk. */
#define GLASS_LENGTH_CHUNK_SIZE_DEFAULT 250
#define GLASS_CHUNK_SIZE_MIN 64

/* A chunk as it was written, for those who index chunks (block-max). Pointers are valid during the
 * call. */
struct glass_chunk {
    const uint8_t *term;
    size_t term_size;
    uint32_t first_docid, last_docid, entries, largest_wdf;
    const uint8_t *postings; /* the first wdf, then a run's numbers */
    size_t postings_size;
    uint64_t offset; /* of `postings` in the file, where they lie in one piece */
    bool is_last;    /* of its term */
};

/* Called for every chunk of postings (not of lengths); non-zero stops with that status. */
typedef int (*glass_chunk_fn)(void *context, const struct glass_chunk *chunk);

struct glass_postlist_options {
    uint32_t block_size;        /* 0: 8192 */
    uint32_t length_chunk_size; /* chunk_size for the lengths; 0: 250 */
    glass_chunk_fn each_chunk;
    void *context;
};

/* clang-format off */
#define GLASS_POSTLIST_OPTIONS_INIT {0, 0, NULL, NULL}
/* clang-format on */

struct glass_postlist;

/* Create `folder`/postlist.glass, which must not exist. `options` may be NULL. */
int glass_postlist_create(struct glass_postlist **out, const char *folder,
                          const struct glass_postlist_options *options, struct error *err);

/* User metadata (Database::get_metadata), names rising, before the first length. Value not empty.
 */
int glass_postlist_add_metadata(struct glass_postlist *postlist, const void *name, size_t name_size,
                                const void *value, size_t value_size, struct error *err);

/* A document exists and has this length, the sum of its wdf. Docids rise from 1 and may have gaps;
 * all lengths come before the first term. */
int glass_postlist_add_length(struct glass_postlist *postlist, uint32_t docid, uint32_t length,
                              struct error *err);

/* What a term's postings add up to. */
struct glass_frequencies {
    uint32_t documents;   /* number of postings, at least 1 */
    uint64_t occurrences; /* sum of wdf, less than 2^32 */
};

/* Count a run, adding to *frequencies. PLENARY_EDAMAGED if it is not one. */
int glass_run_count(const uint8_t *run, size_t size, struct glass_frequencies *frequencies,
                    struct error *err);

/* Begin a term, greater (memcmp, shorter first) than the one before. `chunk_size`: how many bytes a
 * chunk's postings take at most, from 64 (less is taken for 64) to what an item can hold (about
 * 2,000 in blocks of 8 KiB); 0: 2000. Short chunks cost about 12 bytes and the term each. */
int glass_postlist_begin(struct glass_postlist *postlist, const void *term, size_t term_size,
                         const struct glass_frequencies *frequencies, uint32_t chunk_size,
                         struct error *err);

/* Postings of the term begun, docids rising. */
int glass_postlist_add(struct glass_postlist *postlist, uint32_t docid, uint32_t wdf,
                       struct error *err);
int glass_postlist_add_run(struct glass_postlist *postlist, const uint8_t *run, size_t size,
                           struct error *err);

/* End the term; PLENARY_EINVALID if the postings do not add up to the frequencies announced. */
int glass_postlist_end(struct glass_postlist *postlist, struct error *err);

/* Finish the table; version->roots[GLASS_POSTLIST] and version->statistics are filled in.
 * PLENARY_EINVALID if all wdf do not add up to all lengths. */
int glass_postlist_finish(struct glass_postlist *postlist, struct glass_version *version,
                          struct error *err);

/* Free; without a successful finish before, the file is removed. NULL is allowed. */
void glass_postlist_close(struct glass_postlist *postlist);

#endif
