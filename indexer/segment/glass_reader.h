/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the postings of a Xapian glass database where they are mapped: front to back, the lengths
 * and then each term in byte order, chunk by chunk; or those of one term. For databases of our own
 * writer and of Xapian's (several revisions, free blocks, tags in pieces). The grammar is at the
 * heads of glass_table.c, glass_postlist.c and glass_version.c.
 *
 * Every offset and number is checked before use; damage is PLENARY_EDAMAGED with file and byte. In
 * a segment of ours each block's checksums (glass_sums.h) are verified when it is entered; a
 * database of Xapian alone has none, and damage in it that makes sense as a posting goes unnoticed
 * unless counts betray it: glass_cursor_count checks a chunk as a whole. Memory in proportion to
 * the depth of the tree and one tag.
 *
 * A glass_reader may be shared by threads once open; a cursor belongs to one.
 */
#ifndef PLENARY_INDEXER_SEGMENT_GLASS_READER_H
#define PLENARY_INDEXER_SEGMENT_GLASS_READER_H

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "indexer/segment/glass_postlist.h"
#include "indexer/segment/glass_sums.h"

enum { GLASS_READER_LEVELS = 10 };

struct glass_reader {
    char *path; /* of the table */
    enum glass_table_number table;
    struct glass_version version;
    const uint8_t *data; /* the mapping; NULL for a table without entries */
    uint64_t size;
    struct sidecar *sums_file;
    struct glass_sums sums; /* of the table, if there are any and it has entries: else no path */
};

/* Read `folder`/iamglass and map postlist.glass; no descriptor stays open. */
int glass_reader_open(struct glass_reader **out, const char *folder, struct error *err);
/* The same for another table; one that is missing has no entries. */
int glass_reader_open_table(struct glass_reader **out, const char *folder,
                            enum glass_table_number table, struct error *err);
void glass_reader_close(struct glass_reader *reader);

/* Where a walk stands in one block of each level. */
struct glass_step {
    uint32_t block;
    uint32_t at, end; /* in the block's directory, bytes from its start */
};

/* Walks lists and their chunks. Its public fields are read only. */
struct glass_cursor {
    const struct glass_reader *reader;

    /* The list it is on; term_size 0: the lengths. */
    uint8_t term[GLASS_KEY_MAX];
    size_t term_size;
    struct glass_frequencies announced; /* by the list itself; 0 and 0 for the lengths */

    /* The chunk it is on: the first wdf, then (docid - previous - 1, wdf)*, all uint. In the
     * mapping, or in the cursor's memory if the tag came in pieces. */
    const uint8_t *postings;
    size_t postings_size;
    uint32_t first_docid, last_docid;
    bool is_last;

    /* The rest is the cursor's own. */
    struct glass_step steps[GLASS_READER_LEVELS];
    bool started, ended;
    const uint8_t *key, *tag; /* of the entry read last */
    size_t key_size, tag_size;
    bool is_deflated;
    struct bytes pieces;
};

void glass_cursor_init(struct glass_cursor *cursor, const struct glass_reader *reader);
void glass_cursor_free(struct glass_cursor *cursor);

/* The next entry of any table as it stands there, in cursor->key and cursor->tag (a raw deflate
 * stream if cursor->is_deflated) until the next call: 1, 0 at the end, negative. */
int glass_cursor_next_entry(struct glass_cursor *cursor, struct error *err);

/* Go to the next list and its first chunk: 1, 0 at the end, negative. */
int glass_cursor_next_list(struct glass_cursor *cursor, struct error *err);

/* Go to the list of a term (not empty) and its first chunk, from anywhere: 1, 0 if there is none,
 * negative. Reads a block of each level. */
int glass_cursor_find(struct glass_cursor *cursor, const void *term, size_t size,
                      struct error *err);

/* Go to the next chunk of the list: 1, 0 if there is none, negative. */
int glass_cursor_next_chunk(struct glass_cursor *cursor, struct error *err);

/* Add up the chunk's postings; PLENARY_EDAMAGED unless they lead from first_docid to last_docid. */
int glass_cursor_count(const struct glass_cursor *cursor, struct glass_frequencies *frequencies,
                       struct error *err);

/* Damage found in the chunk it is on. */
int glass_cursor_damaged(const struct glass_cursor *cursor, const char *what, struct error *err);

#endif
