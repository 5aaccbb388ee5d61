/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "indexer/segment/segment.h"

#include "indexer/segment/folder.h"
#include "indexer/segment/glass_range.h"
#include "indexer/segment/segment_files.h"

#include <stdlib.h>
#include <string.h>

/* ---- Opening ------------------------------------------------------------------------------- */

static int open_documents(struct segment *segment, struct error *err) {
    char *path = folder_path(segment->folder, "documents.table");
    int status = path ? documents_open(&segment->documents, path, err) : error_memory(err);
    free(path);
    return status;
}

static int open_passages(struct segment *segment, struct error *err) {
    char *path = folder_path(segment->folder, "passages.table");
    int status = path ? passages_open(&segment->passages, path, err) : error_memory(err);
    free(path);
    if (!status && segment->passages.count != segment->documents.passages)
        status = error_set(err, PLENARY_EDAMAGED,
                           "%s: documents.table and passages.table do not belong together; "
                           "restore the index from a copy, or build it again in a new folder",
                           segment->folder);
    return status;
}

static int open_text(struct segment *segment, struct error *err) {
    char *path = folder_path(segment->folder, "text.blocks");
    int status = path ? text_open(&segment->text, path, segment->documents.text_size, err)
                      : error_memory(err);
    free(path);
    return status;
}

static int open_lexicon(struct segment *segment, struct error *err) {
    char *path = folder_path(segment->folder, "lexicon.words");
    int status = path ? lexicon_open(&segment->lexicon, path, err) : error_memory(err);
    free(path);
    return status;
}

static int open_tokens(struct segment *segment, struct error *err) {
    char *path = folder_path(segment->folder, "tokens.words");
    if (!path)
        return error_memory(err);
    int status = tokens_open(&segment->tokens, path, segment->passages.count, err);
    free(path);
    return status;
}

static int open_postings(struct segment *segment, struct error *err) {
    int status = glass_reader_open(&segment->glass, segment->folder, err);
    /* A segment that lacks its checksums is not whole: this tells so. */
    if (!status && !segment->glass->sums_file)
        status = glass_sums_open(&segment->glass->sums_file, segment->folder, err);
    if (status)
        return status;
    /* Those of Xapian's writer have no bounds: they are searched through Xapian alone. */
    status = postings_open(&segment->postings, segment->glass, segment->folder, err);
    return status == PLENARY_ENOTFOUND ? 0 : status;
}

int segment_open(struct segment **out, const char *folder, struct error *err) {
    *out = NULL;
    struct segment *segment = calloc(1, sizeof *segment);
    if (!segment)
        return error_memory(err);
    segment->folder = strdup(folder);
    int status = segment->folder ? open_documents(segment, err) : error_memory(err);
    if (!status)
        status = open_passages(segment, err);
    if (!status)
        status = open_text(segment, err);
    if (!status)
        status = open_tokens(segment, err);
    if (!status)
        status = open_lexicon(segment, err);
    if (!status)
        status = open_postings(segment, err);
    if (status) {
        segment_close(segment);
        return status;
    }
    *out = segment;
    return 0;
}

struct segment *segment_share(struct segment *segment) {
    atomic_fetch_add(&segment->shares, 1);
    return segment;
}

void segment_close(struct segment *segment) {
    if (!segment || atomic_fetch_sub(&segment->shares, 1))
        return;
    documents_close(&segment->documents);
    passages_close(&segment->passages);
    text_close(&segment->text);
    tokens_close(&segment->tokens);
    lexicon_close(&segment->lexicon);
    postings_close(&segment->postings);
    glass_reader_close(segment->glass);
    free(segment->folder);
    free(segment);
}

/* ---- Rows ---------------------------------------------------------------------------------- */

const char *segment_folder(const struct segment *segment) {
    return segment->folder;
}

uint32_t segment_document_count(const struct segment *segment) {
    return segment->documents.count;
}

uint32_t segment_passage_count(const struct segment *segment) {
    return segment->passages.count;
}

int segment_document(const struct segment *segment, uint32_t document, struct arena *arena,
                     struct document_row *out, struct error *err) {
    return documents_get(&segment->documents, document, arena, out, err);
}

int segment_document_id(const struct segment *segment, uint32_t document, struct arena *arena,
                        const char **id, struct error *err) {
    return string_list_copy(&segment->documents.ids, document, arena, id, err);
}

struct segment_id_scan {
    struct string_scan strings;
    const struct column *numbers; /* of a row's string + 1, or 0; NULL: rows and strings are one */
};

struct segment_id_scan *segment_id_scan_open(const struct segment *segment) {
    struct segment_id_scan *scan = calloc(1, sizeof *scan);
    if (scan)
        scan->strings.list = &segment->documents.ids;
    return scan;
}

struct segment_id_scan *segment_passage_id_scan_open(const struct segment *segment) {
    struct segment_id_scan *scan = calloc(1, sizeof *scan);
    if (scan) {
        scan->strings.list = &segment->passages.ids;
        scan->numbers = &segment->passages.id_numbers;
    }
    return scan;
}

int segment_id_scan_get(struct segment_id_scan *scan, uint32_t row, const char **id, size_t *size,
                        struct error *err) {
    struct bytes *string = &scan->strings.string;
    uint64_t number = row + UINT64_C(1);
    int status = scan->numbers ? column_get(scan->numbers, row, &number, err) : 0;
    *id = NULL;
    *size = 0;
    if (status || !number)
        return status;
    /* The same document's next passage asks for the same string. */
    if (number != scan->strings.next)
        status = string_scan_get(&scan->strings, number - 1, err);
    if (status)
        return status;
    *id = bytes_string(string);
    *size = string->size;
    return *id ? 0 : error_memory(err);
}

void segment_id_scan_close(struct segment_id_scan *scan) {
    if (scan)
        string_scan_free(&scan->strings);
    free(scan);
}

int segment_document_source(const struct segment *segment, uint32_t document, struct arena *arena,
                            const char **source, struct error *err) {
    return string_table_get(&segment->documents.sources, document, arena, source, err);
}

/* A value of one column, 0 where it cannot be read. */
static uint32_t plain_value(const struct column *column, uint32_t row) {
    uint64_t value;
    return column_get(column, row, &value, NULL) ? 0 : (uint32_t)value;
}

uint32_t segment_document_date(const struct segment *segment, uint32_t document) {
    return plain_value(&segment->documents.dates, document);
}

uint32_t segment_document_language(const struct segment *segment, uint32_t document) {
    return plain_value(&segment->documents.languages, document);
}

uint32_t segment_first_passage(const struct segment *segment, uint32_t document) {
    return plain_value(&segment->documents.first_passages, document);
}

uint64_t segment_document_generation(const struct segment *segment, uint32_t document) {
    uint64_t generation;
    return column_get(&segment->documents.generations, document, &generation, NULL) ? 0
                                                                                    : generation;
}

uint64_t segment_newest_generation(const struct segment *segment) {
    const struct column *generations = &segment->documents.generations;
    return generations->data || generations->slope ? UINT64_MAX : generations->base;
}

uint32_t segment_source_number(const struct segment *segment, uint32_t document) {
    return plain_value(&segment->documents.sources.numbers, document);
}

enum passage_kind segment_passage_kind(const struct segment *segment, uint32_t passage) {
    return passages_kind(&segment->passages, passage);
}

int segment_passage_number(const struct segment *segment, uint32_t document, uint32_t passage,
                           uint32_t *number, struct error *err) {
    return passages_number(&segment->passages, segment_first_passage(segment, document), passage,
                           number, err);
}

uint32_t segment_document_of(const struct segment *segment, uint32_t passage) {
    uint32_t document;
    return documents_of_passage(&segment->documents, passage, &document, NULL) ? 0 : document;
}

int segment_passage(const struct segment *segment, uint32_t passage, struct arena *arena,
                    struct passage_row *out, struct error *err) {
    return passages_get(&segment->passages, &segment->documents, passage, arena, out, err);
}

int segment_text(const struct segment *segment, uint32_t document, uint32_t begin, uint32_t end,
                 struct bytes *out, struct error *err) {
    return segment_text_near(segment, document, begin, end, NULL, out, err);
}

int segment_text_near(const struct segment *segment, uint32_t document, uint32_t begin,
                      uint32_t end, struct text_window *window, struct bytes *out,
                      struct error *err) {
    uint64_t text_begin, text_end;
    uint32_t first_passage, end_passage;
    int status = documents_extent(&segment->documents, document, &text_begin, &text_end,
                                  &first_passage, &end_passage, err);
    if (status)
        return status;
    uint64_t size = text_end - text_begin;
    uint64_t stop = end == UINT32_MAX ? size : end;
    if (begin > stop || stop > size)
        return error_set(err, PLENARY_EINVALID, "%s: document %u has no bytes %u to %u",
                         segment->folder, document, begin, end);
    return text_read(&segment->text, text_begin + begin, text_begin + stop, window, out, err);
}

/* ---- Looking up ---------------------------------------------------------------------------- */

int segment_find_id(const struct segment *segment, const char *id, uint32_t *document,
                    struct error *err) {
    return documents_find_id(&segment->documents, id, document, err);
}

int segment_each_of_source(const struct segment *segment, const char *source,
                           segment_document_fn each, void *context, struct error *err) {
    return documents_each_of_source(&segment->documents, source, each, context, err);
}

struct word_visitor {
    segment_word_fn each;
    void *context;
};

static int visit_word(void *context, const struct lexicon_row *row) {
    const struct word_visitor *visitor = context;
    return visitor->each(visitor->context, row->word, row->word_size, row->term, row->term_size,
                         row->passages);
}

int segment_each_word(const struct segment *segment, const char *prefix, size_t size,
                      segment_word_fn each, void *context, struct error *err) {
    struct word_visitor visitor = {each, context};
    return lexicon_each(&segment->lexicon, prefix, size, visit_word, &visitor, err);
}

int segment_word_of_id(const struct segment *segment, uint32_t id, segment_word_fn each,
                       void *context, struct error *err) {
    struct word_visitor visitor = {each, context};
    return lexicon_row_of_id(&segment->lexicon, id, visit_word, &visitor, err);
}

/* ---- Tokens -------------------------------------------------------------------------------- */

int segment_tokens(const struct segment *segment, uint32_t passage, const uint8_t **ids,
                   size_t *size, struct error *err) {
    return tokens_get(&segment->tokens, passage, ids, size, err);
}

int segment_tokens_place(const struct segment *segment, uint32_t passage, const uint8_t **ids,
                         size_t *size) {
    return tokens_place(&segment->tokens, passage, ids, size, NULL);
}

int segment_tokens_need(const struct segment *segment, const uint8_t *ids, size_t size,
                        struct error *err) {
    const struct section *all = &segment->tokens.ids;
    return section_need(all, (uint64_t)(ids - all->data), size, err);
}

uint32_t segment_word_count(const struct segment *segment) {
    return (uint32_t)segment->lexicon.count;
}

int segment_word_ids_of_term(const struct segment *segment, const char *term, size_t size,
                             struct word_ids *out, struct error *err) {
    return lexicon_of_term(&segment->lexicon, term, size, out, err);
}

int segment_word_ids_of_word(const struct segment *segment, const char *word, size_t size,
                             struct word_ids *out, struct error *err) {
    return lexicon_of_word(&segment->lexicon, word, size, out, err);
}

bool segment_word_is_joined(const struct segment *segment, uint32_t id) {
    return lexicon_is_joined(&segment->lexicon, id);
}

const uint8_t *segment_joined_words(const struct segment *segment) {
    return segment->lexicon.joined;
}

/* ---- Postings ------------------------------------------------------------------------------ */

int segment_need_term(const struct segment *segment, const char *term, size_t size,
                      struct error *err) {
    return glass_range_need_term(segment->glass, term, size, err);
}

int segment_need_lengths(const struct segment *segment, struct error *err) {
    return glass_range_need_lengths(segment->glass, err);
}

const struct postings *segment_postings(const struct segment *segment) {
    return segment->postings.glass ? &segment->postings : NULL;
}

/* ---- Sizes --------------------------------------------------------------------------------- */

struct measuring {
    const struct segment *segment;
    struct segment_sizes *sizes;
};

static bool has_prefix(const char *name, const char *prefix) {
    return !strncmp(name, prefix, strlen(prefix));
}

static int measure_file(void *context, const char *name) {
    const struct measuring *measuring = context;
    struct segment_sizes *sizes = measuring->sizes;
    uint64_t size = folder_file_size(measuring->segment->folder, name);
    size_t length = strlen(name);
    if (has_prefix(name, "postings.") || !strcmp(name, "iamglass") ||
        (length > 6 && !strcmp(name + length - 6, ".glass")))
        sizes->postings += size;
    else if (has_prefix(name, "documents.") || has_prefix(name, "tombstones-"))
        sizes->documents += size;
    else if (has_prefix(name, "passages."))
        sizes->passages += size;
    else if (has_prefix(name, "text."))
        sizes->text += size;
    else if (has_prefix(name, "tokens."))
        sizes->tokens += size;
    else if (has_prefix(name, "lexicon."))
        sizes->lexicon += size;
    else if (has_prefix(name, "bounds."))
        sizes->bounds += size;
    return 0;
}

int segment_measure(const struct segment *segment, struct segment_sizes *out, struct error *err) {
    memset(out, 0, sizeof *out);
    struct measuring measuring = {segment, out};
    return folder_each(segment->folder, measure_file, &measuring, err);
}
