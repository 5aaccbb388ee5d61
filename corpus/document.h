/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A document: one meeting record, cut into passages. Readers build it; the indexer consumes it.
 *
 * `text` holds the readable text, UTF-8, NFC or not as the source had it: the passages in reading
 * order, one blank line ("\n\n") between two. Lines within a passage are unwrapped to single spaces
 * and end-of-line hyphens are healed, so `text` is not the source file; `source_*` and `line_*` say
 * where in the source a passage stood.
 *
 * Strings live in the document's arena (or are shared by it) and die with it. Not thread-safe.
 */
#ifndef PLENARY_CORPUS_DOCUMENT_H
#define PLENARY_CORPUS_DOCUMENT_H

#include "corpus/arena.h"
#include "corpus/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum passage_kind {
    PASSAGE_PARAGRAPH,
    PASSAGE_ITEM,    /* of a bulleted or numbered list */
    PASSAGE_HEADING, /* heads the passages after it; searchable text only through them */
    PASSAGE_ROW,     /* of a table or of a table of contents */
    PASSAGE_TITLE,   /* stands in for the text of a document that has a title only */
    PASSAGE_KINDS    /* how many there are */
};

/* "paragraph", "item", "heading", "row", "title": as printed in JSON. */
const char *passage_kind_name(enum passage_kind kind);

struct passage {
    enum passage_kind kind;
    unsigned level;                    /* heading 1..6, list depth 1.., else 0 */
    uint32_t number;                   /* 1.. among the document's passages; 0 for a heading */
    uint32_t page;                     /* 1.., 0 unknown */
    size_t text_begin, text_end;       /* bytes in document.text */
    uint64_t source_begin, source_end; /* bytes in the (uncompressed) source */
    uint64_t line_begin, line_end;     /* 1-based lines of the source, both inclusive; 0 unknown */
    const char *id;                    /* given by a record, else NULL */
    const char *label;   /* as printed: "12.", "(a)"; of captions the time; else NULL */
    const char *speaker; /* else NULL */
    bool opens_turn;     /* the speaker begins to speak here */
    const char *heading; /* path of headings above it, joined by " > ", else NULL */
};

struct document {
    struct arena arena;   /* owns every string below */
    const char *id;       /* unique in the index, no control characters */
    const char *source;   /* absolute path it was read from, "-" for standard input */
    const char *title;    /* NULL if none was found */
    const char *body;     /* whose meeting it was: NULL if unknown */
    const char *language; /* as the source says (en, english, ...); NULL: to be detected */
    const char
        *language_sample; /* records: text of their file's start, to detect from; not owned */
    size_t language_sample_size;
    uint32_t written;   /* day on which the file was written, by its metadata; 0 unknown */
    const char *remark; /* a sentence on what was left out or is doubtful, else NULL */
    unsigned left_out;  /* files within it (attachments) that could not be read */
    uint32_t date;      /* yyyymmdd; mm or dd 00 where only the month or year is known; 0 none */
    bool is_record;     /* named by its own id (JSON Lines, TSV), not by its source */
    struct bytes text;
    struct passage *passages; /* owned, malloc */
    size_t passage_count, passage_capacity;
    uint64_t replaced_bytes; /* invalid input bytes that became U+FFFD */
    uint8_t content[16];     /* hash of what was read, to tell "same" from "changed" */
};

void document_init(struct document *document);

/* Empty it for the next document; memory is kept. */
void document_reset(struct document *document);

void document_free(struct document *document);

/*
 * Append a passage with this text and return it for the caller to fill in further (kind and text
 * range are set, all else zero). The pointer holds until the next add. NULL: out of memory.
 */
struct passage *document_add(struct document *document, enum passage_kind kind, const char *text,
                             size_t size);

/* Where a passage's text begins in the document's, and its size. */
static inline const char *passage_text(const struct document *document,
                                       const struct passage *passage, size_t *size) {
    *size = passage->text_end - passage->text_begin;
    return (const char *)document->text.data + passage->text_begin;
}

/* The last of a path of headings. */
static inline const char *heading_last(const char *path) {
    for (const char *next; (next = strstr(path, " > "));)
        path = next + 3;
    return path;
}

/* Append a passage, all zero, over text that is in the document already; as document_add. */
struct passage *document_add_bare(struct document *document);

/* Make all passages one paragraph, from the first one's place to the last one's. */
void document_join(struct document *document);

/* After the last passage: number the passages, drop control characters from the metadata, and where
 * there is a title but no passage make the title one. 0 or PLENARY_ENOMEM. */
int document_finish(struct document *document);

#endif
