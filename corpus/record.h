/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records, one a line (JSON Lines, TSV), become documents:
 *
 *   - a record is a document: `text` is one passage if it is one line (or options.whole), else it
 *     is cut into paragraphs;
 *   - neighbouring records that share `document` are one document of that id: each record's text is
 *     one passage that carries the record's id. Title, date, body, language and source come from
 *     the first of them that has one.
 *
 * A record without `id` gets "path:line". One that has neither text nor title is skipped, with a
 * notice. document.source is the record's own `source`, else the path of the file.
 *
 * Nothing is allocated per record in the steady state. Not thread-safe: one unit, one thread.
 */
#ifndef PLENARY_CORPUS_RECORD_H
#define PLENARY_CORPUS_RECORD_H

#include "corpus/reader.h"
#include "corpus/record_lines.h"

#include <xxhash.h>

enum record_field {
    RECORD_ID,
    RECORD_TEXT,
    RECORD_TITLE,
    RECORD_DATE,
    RECORD_SPEAKER,
    RECORD_HEADING,
    RECORD_LANGUAGE,
    RECORD_SOURCE,
    RECORD_PAGE,
    RECORD_BODY,
    RECORD_DOCUMENT,
    RECORD_FIELDS, /* how many there are */
};

/* The field of this name (exact, lower case), or RECORD_FIELDS. */
enum record_field record_field_parse(const char *name, size_t size);

struct record_value {
    const char *data; /* UTF-8, not NUL-terminated; NULL: the record has no such field */
    size_t size;
};

struct record {
    struct record_value fields[RECORD_FIELDS];
    struct record_line line;
};

struct record_sink {
    const struct unit *unit;
    const struct corpus_options *options;
    struct document *document;
    document_fn each;
    void *context;
    uint64_t *skipped;
    bool open;    /* `document` holds records that have not been passed on */
    bool grouped; /* they share a `document` value: document->id */
    uint64_t seed;
    struct bytes folded, name;
    XXH3_state_t *hash; /* of a group's lines; NULL before the first group */
};

/* `document` is the caller's and initialised; its content is overwritten. */
void record_sink_init(struct record_sink *sink, const struct unit *unit,
                      const struct corpus_options *options, struct document *document,
                      document_fn each, void *context, uint64_t *skipped);

int record_sink_add(struct record_sink *sink, const struct record *record, struct error *err);

/* Pass on the last document. */
int record_sink_finish(struct record_sink *sink, struct error *err);

/* Give back what the sink holds, after an error too. */
void record_sink_free(struct record_sink *sink);

/* Say once a file that fields of this name are not used. */
void record_note_unknown(const struct unit *unit, const struct corpus_options *options,
                         uint64_t line, const char *name, size_t size);

#endif
