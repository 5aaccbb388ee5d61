/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A segment: an immutable piece of index, one folder.
 *
 *   iamglass postlist.glass ...   the postings, a Xapian database: docid = passage ordinal + 1
 *   documents.*  passages.*       a row a document, a row a passage, in order
 *   text.*                        the documents' text, compressed in blocks
 *   bounds.*                      how much postings can weigh, by block; passage lengths
 *   tokens.*                      the passages' words in order, as ids
 *   lexicon.*                     the words, their ids, terms and counts
 *
 * Passages of a document are neighbours. Headings have an ordinal and a row but no postings, unless
 * nothing stands below them.
 *
 * Writer: one thread. Reader: immutable after opening, any number of threads; every value read is
 * checked against the file, so damage is PLENARY_EDAMAGED, never a crash.
 */
#ifndef PLENARY_INDEXER_SEGMENT_H
#define PLENARY_INDEXER_SEGMENT_H

#include "corpus/document.h"
#include "corpus/error.h"
#include "indexer/analysis/analyser.h"
#include "indexer/segment/word_ids.h"

#include <stdbool.h>
#include <stdint.h>

/* Field terms carry these prefixes in the postings (Omega's conventions); their wdf is 0, so that a
 * passage's length is that of its text alone. */
#define TERM_PREFIX_TITLE "S"
#define TERM_PREFIX_SPEAKER "A"
#define TERM_PREFIX_HEADING "XH"
/* A text term that starts with a capital letter cannot occur: words are folded. */

/* ---- Writing ------------------------------------------------------------------------------- */

struct segment_writer;
struct batch;
struct vocabulary;

/* Start a segment in `folder`, which is created. `builder`: the name of a posting_builder_class,
 * NULL for the default. */
int segment_writer_create(struct segment_writer **out, const char *folder, const char *builder,
                          struct error *err);

/* Which generation of an index will be the first with what is appended from now on; 0 until told.
 */
void segment_writer_set_generation(struct segment_writer *writer, uint64_t generation);

/* Append a batch, whose worker's vocabulary has learned what it brings along. Batches and their
 * documents keep their order. After a failure the segment can only be closed. */
int segment_writer_append(struct segment_writer *writer, struct vocabulary *vocabulary,
                          const struct batch *batch, struct error *err);

/* What tells a document that has been added from others. Content hashes of records are kept to
 * RECORD_HASH_SIZE bytes (the rest are zero): that a changed record passes for unchanged has odds
 * of one in 2^40. */
enum { RECORD_HASH_SIZE = 5, CONTENT_HASH_SIZE = 16 };
struct document_key {
    const char *id, *source; /* in the writer, until the next call on it */
    bool is_record;
    uint8_t content[CONTENT_HASH_SIZE];
};
int segment_writer_document(struct segment_writer *writer, uint32_t document,
                            struct document_key *out, struct error *err);

/* The name of its posting builder; static. */
const char *segment_writer_builder(const struct segment_writer *writer);
uint32_t segment_writer_documents(const struct segment_writer *writer);
uint32_t segment_writer_passages(const struct segment_writer *writer);
/* Bytes of memory in use, to decide when to finish. */
size_t segment_writer_memory(const struct segment_writer *writer);

/* Write everything out, fsync every file and the folder. */
int segment_writer_finish(struct segment_writer *writer, struct error *err);

/* Free. Without a successful finish before, the folder and its files are removed. */
void segment_writer_close(struct segment_writer *writer);

/* ---- Reading ------------------------------------------------------------------------------- */

struct segment;

int segment_open(struct segment **out, const char *folder, struct error *err);

/* The same segment, for somebody else who will close it, too. Thread-safe. */
struct segment *segment_share(struct segment *segment);
void segment_close(struct segment *segment);

const char *segment_folder(const struct segment *segment);
uint32_t segment_document_count(const struct segment *segment);
uint32_t segment_passage_count(const struct segment *segment);

struct document_row {
    const char *id, *source, *title, *body; /* in the caller's arena; NULL where there is none */
    const char *language;                   /* static */
    uint32_t date;                          /* yyyymmdd, 0 none */
    bool is_record;
    uint32_t first_passage, passage_count;
    uint8_t content[CONTENT_HASH_SIZE]; /* of records: RECORD_HASH_SIZE bytes of it */
};

/* Row `document`, its strings copied into `arena`. */
int segment_document(const struct segment *segment, uint32_t document, struct arena *arena,
                     struct document_row *out, struct error *err);

/* Its id alone, in `arena`. */
int segment_document_id(const struct segment *segment, uint32_t document, struct arena *arena,
                        const char **id, struct error *err);

/* Its source alone, in `arena`; NULL where there is none. */
int segment_document_source(const struct segment *segment, uint32_t document, struct arena *arena,
                            const char **source, struct error *err);

/* The ids of many documents or passages, best asked for in order: the next ones cost a step. One
 * thread. NULL: out of memory. The id is valid until the next call; NULL: a passage without one. */
struct segment_id_scan;
struct segment_id_scan *segment_id_scan_open(const struct segment *segment);
struct segment_id_scan *segment_passage_id_scan_open(const struct segment *segment);
int segment_id_scan_get(struct segment_id_scan *scan, uint32_t row, const char **id, size_t *size,
                        struct error *err);
void segment_id_scan_close(struct segment_id_scan *scan); /* NULL is fine */

/* Cheap single columns, for filters and sorting over many documents. A damaged file gives an error
 * at opening or 0 here, and segment_verify tells. */
uint32_t segment_document_date(const struct segment *segment, uint32_t document);
uint32_t segment_document_language(const struct segment *segment, uint32_t document);
uint32_t segment_first_passage(const struct segment *segment, uint32_t document);
/* Alike for documents of the same source; 0: none. */
uint32_t segment_source_number(const struct segment *segment, uint32_t document);
uint64_t segment_document_generation(const struct segment *segment, uint32_t document);

/* No document is of a later generation; UINT64_MAX where that takes looking at each. */
uint64_t segment_newest_generation(const struct segment *segment);

/* The document a passage belongs to. */
uint32_t segment_document_of(const struct segment *segment, uint32_t passage);

struct passage_row {
    enum passage_kind kind;
    unsigned level;
    uint32_t number, page;
    uint32_t text_begin, text_end; /* bytes in the document's text */
    uint64_t source_begin, source_end, line_begin, line_end;
    const char *id, *label, *speaker, *heading; /* in the caller's arena, or NULL */
};

int segment_passage(const struct segment *segment, uint32_t passage, struct arena *arena,
                    struct passage_row *out, struct error *err);

/* A passage's kind alone; and its number, as segment_passage tells it. */
enum passage_kind segment_passage_kind(const struct segment *segment, uint32_t passage);
int segment_passage_number(const struct segment *segment, uint32_t document, uint32_t passage,
                           uint32_t *number, struct error *err);

/* The bytes [begin, end) of a document's text, appended to `out`. UINT32_MAX as end: to its end. */
int segment_text(const struct segment *segment, uint32_t document, uint32_t begin, uint32_t end,
                 struct bytes *out, struct error *err);

/* The same for who reads several that are near each other (text.h); a window must not outlive the
 * segment. */
struct text_window;
int segment_text_near(const struct segment *segment, uint32_t document, uint32_t begin,
                      uint32_t end, struct text_window *window, struct bytes *out,
                      struct error *err);

/* The document with this id (1 found, 0 not, negative error) or, below, the documents read from
 * this source, in order (each may return non-zero to stop). */
int segment_find_id(const struct segment *segment, const char *id, uint32_t *document,
                    struct error *err);
typedef int (*segment_document_fn)(void *context, uint32_t document);
int segment_each_of_source(const struct segment *segment, const char *source,
                           segment_document_fn each, void *context, struct error *err);

/* Words of the lexicon that start with `prefix` (folded), in byte order, until non-zero. Terms are
 * as in the postings, without field prefix. `passages` is the number of passages with the word. */
typedef int (*segment_word_fn)(void *context, const char *word, size_t word_size, const char *term,
                               size_t term_size, uint64_t passages);
int segment_each_word(const struct segment *segment, const char *prefix, size_t size,
                      segment_word_fn each, void *context, struct error *err);

/* The words of a passage's text in order, as varints of ids, in the segment's memory: *size bytes
 * of them. A joined form stands directly before its parts and shares the position of the first. Ids
 * of a damaged segment may be those of no word. */
int segment_tokens(const struct segment *segment, uint32_t passage, const uint8_t **ids,
                   size_t *size, struct error *err);

/* Where segment_tokens will find them, not to be read yet; 0, or negative if it cannot be told. */
int segment_tokens_place(const struct segment *segment, uint32_t passage, const uint8_t **ids,
                         size_t *size);

/* The word of an id, passed to `each`, whose result is returned. PLENARY_EINVALID for the id of no
 * word. */
int segment_word_of_id(const struct segment *segment, uint32_t id, segment_word_fn each,
                       void *context, struct error *err);

/* Verify what segment_tokens_place told, before it is read. */
int segment_tokens_need(const struct segment *segment, const uint8_t *ids, size_t size,
                        struct error *err);

/* How many ids there are: 0 to this - 1. */
uint32_t segment_word_count(const struct segment *segment);

/* Add to `out` the ids of the words that have exactly this term, or are exactly this word (folded).
 * The caller frees `out` (word_ids_free), also after a failure. */
int segment_word_ids_of_term(const struct segment *segment, const char *term, size_t size,
                             struct word_ids *out, struct error *err);
int segment_word_ids_of_word(const struct segment *segment, const char *word, size_t size,
                             struct word_ids *out, struct error *err);

/* Is this the id of a joined form (cochairs of co-chairs), which takes no position of its own? */
bool segment_word_is_joined(const struct segment *segment, uint32_t id);

/* The bits behind it, one for each of segment_word_count ids, low bits first: for loops over
 * tokens. */
const uint8_t *segment_joined_words(const struct segment *segment);

/*
 * Xapian reads the postings by itself, and its blocks have no checksums. So before a search of its
 * own these are asked for what it will read: the postings of a term (with field prefix), and the
 * lengths, which are needed for scores and for all documents. PLENARY_EDAMAGED if any of it is not
 * as it was written. Each block is verified once per opening.
 */
int segment_need_term(const struct segment *segment, const char *term, size_t size,
                      struct error *err);
int segment_need_lengths(const struct segment *segment, struct error *err);

/* The postings for reading in place (posting_list.h); NULL where the segment, being of Xapian's
 * writer, has no bounds. */
struct postings;
const struct postings *segment_postings(const struct segment *segment);

/* Bytes on disk by part. */
struct segment_sizes {
    uint64_t postings, documents, passages, text, tokens, lexicon, bounds;
};
int segment_measure(const struct segment *segment, struct segment_sizes *out, struct error *err);

/* Read all of it and verify every checksum and every cross reference, and Xapian's own check.
 * `report` gets a sentence for each fault; the number of faults is returned, negative if the check
 * itself could not run. */
int segment_verify(const struct segment *segment, void (*report)(void *context, const char *fault),
                   void *context, struct error *err);

#endif
