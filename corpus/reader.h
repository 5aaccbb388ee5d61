/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From paths to documents, in two steps so that the second can run on many threads:
 *
 *   corpus_open / corpus_next   walks files and folders in a fixed order and hands out *units*: a
 *                               whole file, or a slice of about a megabyte of a JSON Lines or TSV
 *                               file (whole lines, never a document in two slices);
 *   unit_read                   cuts a unit into documents and passes each to a callback.
 *
 * One thread may call corpus_next; any number of threads may each read a different unit, with a
 * document of their own. Units carry a sequence number: documents ordered by (unit, order of
 * callbacks) come out the same however many threads read.
 */
#ifndef PLENARY_CORPUS_READER_H
#define PLENARY_CORPUS_READER_H

#include "corpus/document.h"
#include "corpus/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum corpus_format {
    FORMAT_AUTO, /* told by content first, by name where content leaves it open */
    FORMAT_TEXT,
    FORMAT_MARKDOWN,
    FORMAT_HTML,
    FORMAT_JSONL,
    FORMAT_TSV,
    FORMAT_DOCX,
    FORMAT_ODT,
    FORMAT_PPTX,
    FORMAT_ODP,
    FORMAT_RTF,
    FORMAT_MAIL,
    FORMAT_MBOX,
    FORMAT_CAPTIONS,
    FORMAT_XML,
    FORMAT_PDF,
    FORMAT_ARCHIVE, /* of other files, or one file compressed */
    FORMAT_ZIP,     /* only until the file is read: an office file, or an archive */
};

enum notice_level {
    NOTICE_DETAIL,  /* for --verbose */
    NOTICE_WARNING, /* read, but something was off (invalid bytes replaced, ...) */
    NOTICE_SKIPPED, /* a document was not read: it counts into exit code 3 */
};

struct notice {
    enum notice_level level;
    const char *source; /* path as the user gave it */
    uint64_t line;      /* 0: the file as a whole */
    const char *text;   /* one sentence, no newline */
};

/* Return 0 to go on; negative to stop with that code. The document is the reader's: use it, do not
 * keep it. */
typedef int (*document_fn)(void *context, struct document *document);

struct corpus_options;
struct unit;

/* What reads one format, and what finds it: as unit_read; NULL where it has none. */
typedef int reader_fn(const struct unit *unit, const struct corpus_options *options,
                      struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                      struct error *err);
typedef reader_fn *reader_find_fn(enum corpus_format format);

struct corpus_options {
    enum corpus_format format; /* forces the reader */
    bool whole;                /* a record or file stays one passage */
    uint64_t max_file;         /* bytes after decompression; 0: 1 GiB for files read whole */
    uint64_t max_line;         /* bytes of a JSON Lines or TSV line; 0: 64 MiB */
    void (*notify)(void *context, const struct notice *notice); /* thread-safe; may be NULL */
    void *context;
    /* True for a folder that is not entered when it is met within another one; may be NULL. */
    bool (*leave_out)(const char *folder);
    unsigned min_words; /* turns of fewer words join their neighbours (short_turn.h); not records */
    /* Who reads the formats of which a file can be hostile (format_is_confined): processes of this
     * pool, or, where there is none, the calling thread with the readers that `find` gives. */
    struct worker_pool *pool;
    reader_find_fn *find;
    /* Private, for members of archives: the first to read; what is told of each. */
    uint64_t first_member;
    void (*begin_member)(void *context, uint64_t number, const char *path);
};

#define CORPUS_OPTIONS_INIT                                                                        \
    { FORMAT_AUTO, false, 0, 0, NULL, NULL, NULL, 0, NULL, NULL, 0, NULL }

struct unit_file;
struct worker_pool;

struct unit {
    uint64_t sequence;         /* 0, 1, 2, ... */
    const char *path;          /* as the user gave it, cleaned: "records/2018/som.txt"; "-" */
    const char *source;        /* absolute path; "-" for standard input */
    enum corpus_format format; /* never FORMAT_AUTO */
    const uint8_t *data;       /* decompressed bytes */
    size_t size;
    uint64_t offset, line; /* where data[0] stands in the decompressed file; line is 1-based */
    uint8_t content[16];   /* XXH3-128 of the whole file's bytes and of the options that change
                              its passages; for slices: of the slice */
    /* Both true for a whole file. No slice is the last if the file ends in lines that are passed
     * over for their length: that is found out only when the slice before has been handed out. */
    bool first_slice, last_slice;
    struct unit_file
        *file;    /* private: what the units of a file share; NULL in a unit made by hand */
    void *memory; /* private: owns `data` */
};

struct corpus;

/* `paths` are kept, not copied; "-" is standard input. */
int corpus_open(struct corpus **out, const char *const *paths, size_t count,
                const struct corpus_options *options, struct error *err);

/* 1: *out is the next unit, to be given back by unit_free (on any thread, before corpus_close);
 * 0: the end; negative: cannot go on. A file that cannot be read is a notice, not an error. */
int corpus_next(struct corpus *corpus, struct unit **out, struct error *err);

/* Bytes handed out so far and known in all (files not yet opened count by their size on disk;
 * 0 where standard input is read), for progress and time left. */
void corpus_progress(const struct corpus *corpus, uint64_t *done, uint64_t *total);

/* Files skipped so far, and lines passed over that are longer than max_line; each of them had a
 * NOTICE_SKIPPED (an empty file: a NOTICE_WARNING). */
uint64_t corpus_skipped(const struct corpus *corpus);

void corpus_close(struct corpus *corpus);

void unit_free(struct unit *unit);

/* Cut a unit into documents. `scratch` is initialised by the caller and reused from unit to unit.
 * Adds to *skipped the records that had to be left out (each with a notice). 0 or negative. */
int unit_read(const struct unit *unit, const struct corpus_options *options,
              struct document *scratch, document_fn each, void *context, uint64_t *skipped,
              struct error *err);

/* "text", "markdown", ...; and back (FORMAT_AUTO and false when unknown). */
const char *corpus_format_name(enum corpus_format format);
bool corpus_format_parse(const char *name, enum corpus_format *out);

#endif
