/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * documents.table, a sidecar of kind 'D'. A row is a document. Sections:
 *
 *    1  passages:u32 documents:u32 text-size:u64
 *   10  string list (10, 11): ids
 *   12  string order of the ids
 *   20  string table (20 to 23): sources
 *   24  column: for each string of the sources, the first document read from it
 *   25  column: the last
 *   30  string table (30 to 33): titles
 *   40  string table (40 to 43): bodies
 *   50  column: languages, a stemmer's number
 *   51  column: dates, yyyymmdd
 *   52  column: first passages, and the number of passages as a last row
 *   53  column: where the text begins in the segment's, and its size as a last row
 *   54  column: where the content hash begins in section 55, and its size as a last row
 *   55  content hashes: 16 bytes for a file; for a record the first 5, since there may be millions
 *   56  column: the generation that first had the document as it is; merging does not change it
 *
 * A document is a record if its hash has 5 bytes. For a collection of one-line records all columns
 * but 12, 53 and 55 lie on a line or nearly so.
 */
#include "indexer/segment/documents.h"

enum { DOCUMENTS_KIND = 'D', DOCUMENTS_VERSION = 2 };
enum {
    SECTION_COUNTS = 1,
    SECTION_IDS = 10,
    SECTION_ID_ORDER = 12,
    SECTION_SOURCES = 20,
    SECTION_FIRST_OF_SOURCE = 24,
    SECTION_LAST_OF_SOURCE = 25,
    SECTION_TITLES = 30,
    SECTION_BODIES = 40,
    SECTION_LANGUAGES = 50,
    SECTION_DATES = 51,
    SECTION_FIRST_PASSAGES = 52,
    SECTION_TEXT_BEGINS = 53,
    SECTION_CONTENT_BEGINS = 54,
    SECTION_CONTENTS = 55,
    SECTION_GENERATIONS = 56,
    COUNTS_SIZE = 16,
};

/* ---- Writing ------------------------------------------------------------------------------- */

void documents_writer_init(struct documents_writer *writer) {
    memset(writer, 0, sizeof *writer);
    string_list_writer_init(&writer->ids);
    string_table_writer_init(&writer->sources);
    string_table_writer_init(&writer->titles);
    string_table_writer_init(&writer->bodies);
    column_writer_init(&writer->languages);
    column_writer_init(&writer->dates);
    column_writer_init(&writer->first_passages);
    column_writer_init(&writer->text_begins);
    column_writer_init(&writer->content_begins);
    column_writer_init(&writer->generations);
}

/* Keep for the source just added which documents are its first and last. */
static void note_source(struct documents_writer *writer, uint32_t document) {
    uint64_t number = column_added(&writer->sources.numbers, document);
    if (!number)
        return;
    size_t at = (number - 1) * sizeof document;
    if (at >= writer->first_of_source.size) {
        bytes_add(&writer->first_of_source, &document, sizeof document);
        bytes_add(&writer->last_of_source, &document, sizeof document);
    } else if (!writer->last_of_source.failed) {
        memcpy(writer->last_of_source.data + at, &document, sizeof document);
    }
}

void documents_add(struct documents_writer *writer, const struct document *document, int language,
                   uint32_t first_passage, uint64_t text_begin) {
    size_t id_size = strlen(document->id);
    uint64_t hash = string_hash(document->id, id_size);
    string_list_add(&writer->ids, document->id, id_size);
    bytes_add(&writer->id_hashes, &hash, sizeof hash);
    string_table_add(&writer->sources, document->source);
    note_source(writer, writer->count);
    string_table_add(&writer->titles, document->title);
    string_table_add(&writer->bodies, document->body);
    column_add(&writer->languages, (uint64_t)language);
    column_add(&writer->dates, document->date);
    column_add(&writer->first_passages, first_passage);
    column_add(&writer->text_begins, text_begin);
    column_add(&writer->content_begins, writer->contents.size);
    bytes_add(&writer->contents, document->content,
              document->is_record ? RECORD_HASH_SIZE : CONTENT_HASH_SIZE);
    column_add(&writer->generations, writer->generation);
    writer->count++;
}

int documents_added(struct documents_writer *writer, uint32_t document, struct document_key *out,
                    struct error *err) {
    memset(out, 0, sizeof *out);
    if (document >= writer->count)
        return error_set(err, PLENARY_EINVALID, "there is no document %u", document);
    if (writer->contents.failed || writer->ids.blocks.failed)
        return error_memory(err);
    uint64_t begin = column_added(&writer->content_begins, document);
    uint64_t end = document + 1 < writer->count
                       ? column_added(&writer->content_begins, document + 1)
                       : writer->contents.size;
    size_t size;
    out->is_record = end - begin == RECORD_HASH_SIZE;
    memcpy(out->content, writer->contents.data + begin, end - begin);
    out->id = string_list_added(&writer->ids, document, &size);
    out->source = string_table_added(&writer->sources, document);
    return out->id ? 0 : error_memory(err);
}

static int write_counts(const struct documents_writer *writer, struct sidecar_writer *sidecar,
                        uint32_t passages, uint64_t text_size, struct error *err) {
    int status = sidecar_begin(sidecar, SECTION_COUNTS, err);
    if (!status)
        status = sidecar_append_u32(sidecar, passages, err);
    if (!status)
        status = sidecar_append_u32(sidecar, writer->count, err);
    if (!status)
        status = sidecar_append_u64(sidecar, text_size, err);
    return status;
}

static int write_u32_column(const struct bytes *values, struct sidecar_writer *sidecar, uint32_t id,
                            struct error *err) {
    struct column_writer column;
    column_writer_init(&column);
    for (size_t at = 0; at < values->size; at += sizeof(uint32_t)) {
        uint32_t value;
        memcpy(&value, values->data + at, sizeof value);
        column_add(&column, value);
    }
    return column_write(&column, sidecar, id, err);
}

static int write_ids(struct documents_writer *writer, struct sidecar_writer *sidecar,
                     struct error *err) {
    int status = string_list_write(&writer->ids, sidecar, SECTION_IDS, err);
    if (!status)
        status = string_order_write((const uint64_t *)(const void *)writer->id_hashes.data,
                                    writer->count, sidecar, SECTION_ID_ORDER, err);
    bytes_free(&writer->id_hashes);
    return status;
}

static int write_tables(struct documents_writer *writer, struct sidecar_writer *sidecar,
                        struct error *err) {
    int status = string_table_write(&writer->sources, sidecar, SECTION_SOURCES, err);
    if (!status)
        status = write_u32_column(&writer->first_of_source, sidecar, SECTION_FIRST_OF_SOURCE, err);
    if (!status)
        status = write_u32_column(&writer->last_of_source, sidecar, SECTION_LAST_OF_SOURCE, err);
    if (!status)
        status = string_table_write(&writer->titles, sidecar, SECTION_TITLES, err);
    if (!status)
        status = string_table_write(&writer->bodies, sidecar, SECTION_BODIES, err);
    return status;
}

static int write_columns(struct documents_writer *writer, struct sidecar_writer *sidecar,
                         struct error *err) {
    int status = column_write(&writer->languages, sidecar, SECTION_LANGUAGES, err);
    if (!status)
        status = column_write(&writer->dates, sidecar, SECTION_DATES, err);
    if (!status)
        status = column_write(&writer->first_passages, sidecar, SECTION_FIRST_PASSAGES, err);
    if (!status)
        status = column_write(&writer->text_begins, sidecar, SECTION_TEXT_BEGINS, err);
    if (!status)
        status = column_write(&writer->content_begins, sidecar, SECTION_CONTENT_BEGINS, err);
    if (!status)
        status = sidecar_begin(sidecar, SECTION_CONTENTS, err);
    if (!status)
        status = sidecar_append(sidecar, writer->contents.data, writer->contents.size, err);
    if (!status)
        status = column_write(&writer->generations, sidecar, SECTION_GENERATIONS, err);
    return status;
}

int documents_write(struct documents_writer *writer, const char *path, uint32_t passages,
                    uint64_t text_size, struct error *err) {
    if (writer->contents.failed || writer->id_hashes.failed || writer->first_of_source.failed ||
        writer->last_of_source.failed)
        return error_memory(err);
    column_add(&writer->first_passages, passages);
    column_add(&writer->text_begins, text_size);
    column_add(&writer->content_begins, writer->contents.size);
    struct sidecar_writer *sidecar;
    int status = sidecar_create(&sidecar, path, DOCUMENTS_KIND, DOCUMENTS_VERSION, err);
    if (!status)
        status = write_counts(writer, sidecar, passages, text_size, err);
    if (!status)
        status = write_ids(writer, sidecar, err);
    if (!status)
        status = write_tables(writer, sidecar, err);
    if (!status)
        status = write_columns(writer, sidecar, err);
    if (!status)
        status = sidecar_finish(sidecar, err);
    sidecar_writer_close(sidecar);
    return status;
}

size_t documents_memory(const struct documents_writer *writer) {
    /* Sorting the ids by hash at the end takes 16 bytes a document. */
    return string_list_memory(&writer->ids) + writer->id_hashes.capacity +
           (size_t)writer->count * 16 + string_table_memory(&writer->sources) +
           string_table_memory(&writer->titles) + string_table_memory(&writer->bodies) +
           writer->first_of_source.capacity + writer->last_of_source.capacity +
           column_memory(&writer->languages) + column_memory(&writer->dates) +
           column_memory(&writer->first_passages) + column_memory(&writer->text_begins) +
           column_memory(&writer->content_begins) + column_memory(&writer->generations) +
           writer->contents.capacity;
}

void documents_writer_free(struct documents_writer *writer) {
    string_list_writer_free(&writer->ids);
    string_table_writer_free(&writer->sources);
    string_table_writer_free(&writer->titles);
    string_table_writer_free(&writer->bodies);
    column_writer_free(&writer->languages);
    column_writer_free(&writer->dates);
    column_writer_free(&writer->first_passages);
    column_writer_free(&writer->text_begins);
    column_writer_free(&writer->content_begins);
    column_writer_free(&writer->generations);
    bytes_free(&writer->id_hashes);
    bytes_free(&writer->first_of_source);
    bytes_free(&writer->last_of_source);
    bytes_free(&writer->contents);
}

/* ---- Reading ------------------------------------------------------------------------------- */

static int open_counts(struct documents *documents, struct error *err) {
    struct section counts;
    int status = sidecar_section(documents->sidecar, SECTION_COUNTS, &counts, err);
    if (!status)
        status = section_need(&counts, 0, COUNTS_SIZE, err);
    if (status)
        return status;
    documents->passages = load_u32(counts.data);
    documents->count = load_u32(counts.data + 4);
    documents->text_size = load_u64(counts.data + 8);
    return 0;
}

static int open_strings(struct documents *documents, struct error *err) {
    const struct sidecar *sidecar = documents->sidecar;
    uint64_t rows = documents->count;
    int status = string_list_open(&documents->ids, sidecar, SECTION_IDS, err);
    if (!status && documents->ids.count != rows)
        status = section_damaged(&documents->ids.blocks, 0, "wrong number of ids", err);
    if (!status)
        status = column_open_counted(&documents->id_order, sidecar, SECTION_ID_ORDER, rows, err);
    if (!status)
        status = string_table_open(&documents->sources, sidecar, SECTION_SOURCES, rows, err);
    uint64_t sources = documents->sources.list.count;
    if (!status)
        status = column_open_counted(&documents->first_of_source, sidecar, SECTION_FIRST_OF_SOURCE,
                                     sources, err);
    if (!status)
        status = column_open_counted(&documents->last_of_source, sidecar, SECTION_LAST_OF_SOURCE,
                                     sources, err);
    if (!status)
        status = string_table_open(&documents->titles, sidecar, SECTION_TITLES, rows, err);
    if (!status)
        status = string_table_open(&documents->bodies, sidecar, SECTION_BODIES, rows, err);
    return status;
}

static int open_columns(struct documents *documents, struct error *err) {
    const struct sidecar *sidecar = documents->sidecar;
    uint64_t rows = documents->count;
    int status = column_open_counted(&documents->languages, sidecar, SECTION_LANGUAGES, rows, err);
    if (!status)
        status = column_open_counted(&documents->dates, sidecar, SECTION_DATES, rows, err);
    if (!status)
        status = column_open_counted(&documents->first_passages, sidecar, SECTION_FIRST_PASSAGES,
                                     rows + 1, err);
    if (!status)
        status = column_open_counted(&documents->text_begins, sidecar, SECTION_TEXT_BEGINS,
                                     rows + 1, err);
    if (!status)
        status = column_open_counted(&documents->content_begins, sidecar, SECTION_CONTENT_BEGINS,
                                     rows + 1, err);
    if (!status)
        status = sidecar_section(sidecar, SECTION_CONTENTS, &documents->contents, err);
    if (!status)
        status =
            column_open_counted(&documents->generations, sidecar, SECTION_GENERATIONS, rows, err);
    return status;
}

int documents_open(struct documents *out, const char *path, struct error *err) {
    memset(out, 0, sizeof *out);
    int status = sidecar_open(&out->sidecar, path, DOCUMENTS_KIND, DOCUMENTS_VERSION, err);
    if (!status)
        status = open_counts(out, err);
    if (!status)
        status = open_strings(out, err);
    return status ? status : open_columns(out, err);
}

void documents_close(struct documents *documents) {
    sidecar_close(documents->sidecar);
    memset(documents, 0, sizeof *documents);
}

/* Rows `document` and the next of a column that rises to at most `limit`. */
static int get_range(const struct column *column, uint32_t document, uint64_t limit,
                     uint64_t *begin, uint64_t *end, struct error *err) {
    int status = column_get(column, document, begin, err);
    if (!status)
        status = column_get(column, (uint64_t)document + 1, end, err);
    if (!status && (*begin > *end || *end > limit))
        status = section_damaged(&column->section, 0, "a range that ends before it begins", err);
    return status;
}

int documents_extent(const struct documents *documents, uint32_t document, uint64_t *text_begin,
                     uint64_t *text_end, uint32_t *first_passage, uint32_t *end_passage,
                     struct error *err) {
    uint64_t first = 0, end = 0;
    int status = get_range(&documents->text_begins, document, documents->text_size, text_begin,
                           text_end, err);
    if (!status && *text_end - *text_begin > UINT32_MAX)
        status = section_damaged(&documents->text_begins.section, 0, "a text too long", err);
    if (!status)
        status =
            get_range(&documents->first_passages, document, documents->passages, &first, &end, err);
    *first_passage = (uint32_t)first;
    *end_passage = (uint32_t)end;
    return status;
}

static int get_content(const struct documents *documents, uint32_t document, uint8_t *out,
                       bool *is_record, struct error *err) {
    uint64_t begin, end;
    int status = get_range(&documents->content_begins, document, documents->contents.size, &begin,
                           &end, err);
    if (status)
        return status;
    if (end - begin != RECORD_HASH_SIZE && end - begin != CONTENT_HASH_SIZE)
        return section_damaged(&documents->content_begins.section, 0, "a content hash", err);
    *is_record = end - begin == RECORD_HASH_SIZE;
    if (!out)
        return 0;
    status = section_need(&documents->contents, begin, end - begin, err);
    if (!status)
        memcpy(out, documents->contents.data + begin, end - begin);
    return status;
}

int documents_is_record(const struct documents *documents, uint32_t document, bool *out,
                        struct error *err) {
    return get_content(documents, document, NULL, out, err);
}

static int get_strings(const struct documents *documents, uint32_t document, struct arena *arena,
                       struct document_row *out, struct error *err) {
    int status = string_list_copy(&documents->ids, document, arena, &out->id, err);
    if (!status)
        status = string_table_get(&documents->sources, document, arena, &out->source, err);
    if (!status)
        status = string_table_get(&documents->titles, document, arena, &out->title, err);
    if (!status)
        status = string_table_get(&documents->bodies, document, arena, &out->body, err);
    return status;
}

int documents_get(const struct documents *documents, uint32_t document, struct arena *arena,
                  struct document_row *out, struct error *err) {
    memset(out, 0, sizeof *out);
    if (document >= documents->count)
        return error_set(err, PLENARY_EINVALID, "%s: there is no document %u",
                         documents->sidecar->path, document);
    uint64_t date = 0, language = 0, text_begin, text_end;
    uint32_t end;
    int status = get_strings(documents, document, arena, out, err);
    if (!status)
        status = get_content(documents, document, out->content, &out->is_record, err);
    if (!status)
        status = column_get(&documents->dates, document, &date, err);
    if (!status)
        status = column_get(&documents->languages, document, &language, err);
    if (!status)
        status = documents_extent(documents, document, &text_begin, &text_end, &out->first_passage,
                                  &end, err);
    if (status)
        return status;
    out->date = (uint32_t)date;
    out->passage_count = end - out->first_passage;
    out->language = language <= INT32_MAX ? language_name((int)language) : NULL;
    if (!out->language)
        return section_damaged(&documents->languages.section, 0, "an unknown language", err);
    return 0;
}

int documents_of_passage(const struct documents *documents, uint32_t passage, uint32_t *out,
                         struct error *err) {
    enum { GUESSES = 4 };
    if (passage >= documents->passages)
        return error_set(err, PLENARY_EINVALID, "%s: there is no passage %u",
                         documents->sidecar->path, passage);
    /* The wanted document is in [low, high), and low_passage is the first passage of low. */
    uint64_t low = 0, high = documents->count, low_passage = 0, high_passage = documents->passages;
    for (unsigned round = 0; high - low > 1 && low < high; round++) {
        uint64_t middle = low + (high - low) / 2, first;
        if (round < GUESSES && high_passage > low_passage) {
            uint64_t guess =
                low + (passage - low_passage) * (high - low) / (high_passage - low_passage);
            /* With the wanted passage right there, ask for the one behind it to be done at once. */
            middle = round & 1 ? guess + 1 : guess;
            middle = middle <= low ? low + 1 : middle >= high ? high - 1 : middle;
        }
        int status = column_get(&documents->first_passages, middle, &first, err);
        if (status)
            return status;
        if (first <= passage) {
            low = middle;
            low_passage = first;
        } else {
            high = middle;
            high_passage = first;
        }
    }
    *out = (uint32_t)low;
    return 0;
}

int documents_find_id(const struct documents *documents, const char *id, uint32_t *document,
                      struct error *err) {
    uint64_t ordinal = 0;
    int status = string_find(&documents->ids, &documents->id_order, id, strlen(id), &ordinal, err);
    *document = (uint32_t)ordinal;
    return status;
}

int documents_each_of_source(const struct documents *documents, const char *source,
                             segment_document_fn each, void *context, struct error *err) {
    uint64_t ordinal, first = 0, last = 0, number;
    int status = string_find(&documents->sources.list, &documents->sources.order, source,
                             strlen(source), &ordinal, err);
    if (status <= 0)
        return status;
    status = column_get(&documents->first_of_source, ordinal, &first, err);
    if (!status)
        status = column_get(&documents->last_of_source, ordinal, &last, err);
    if (!status && (first > last || last >= documents->count))
        status =
            section_damaged(&documents->last_of_source.section, 0, "documents of a source", err);
    for (uint64_t i = first; !status && i <= last; i++) {
        status = column_get(&documents->sources.numbers, i, &number, err);
        if (!status && number == ordinal + 1)
            status = each(context, (uint32_t)i);
    }
    return status;
}

/* ---- Copying from one segment to another ----------------------------------------------------- */

void documents_scan_init(struct documents_scan *scan, const struct documents *documents) {
    scan->documents = documents;
    column_scan_init(&scan->first_passages, &documents->first_passages);
    column_scan_init(&scan->text_begins, &documents->text_begins);
    column_scan_init(&scan->content_begins, &documents->content_begins);
}

static int scan_range(struct column_scan *scan, uint32_t row, uint64_t limit, uint64_t *begin,
                      uint64_t *end, struct error *err) {
    int status = column_scan_get(scan, row, begin, err);
    if (!status)
        status = column_scan_get(scan, (uint64_t)row + 1, end, err);
    if (!status && (*begin > *end || *end > limit))
        status =
            section_damaged(&scan->column->section, 0, "a range that ends before it begins", err);
    return status;
}

int documents_scan_get(struct documents_scan *scan, uint32_t document, struct document_extent *out,
                       struct error *err) {
    const struct documents *documents = scan->documents;
    uint64_t first = 0, end = 0;
    int status =
        scan_range(&scan->first_passages, document, documents->passages, &first, &end, err);
    if (!status)
        status = scan_range(&scan->text_begins, document, documents->text_size, &out->text_begin,
                            &out->text_end, err);
    if (!status)
        status = scan_range(&scan->content_begins, document, documents->contents.size,
                            &out->content_begin, &out->content_end, err);
    if (status)
        return status;
    uint64_t hash_size = out->content_end - out->content_begin;
    if (hash_size != RECORD_HASH_SIZE && hash_size != CONTENT_HASH_SIZE)
        return section_damaged(&documents->content_begins.section, 0, "a content hash", err);
    out->is_record = hash_size == RECORD_HASH_SIZE;
    out->first_passage = (uint32_t)first;
    out->end_passage = (uint32_t)end;
    return 0;
}

struct documents_copy {
    struct documents_writer *writer;
    const struct documents *from;
    struct documents_scan scan;
    struct column_scan languages, dates, generations;
    struct string_scan ids;
    uint32_t *passages;
    uint64_t *text_size;
};

static int copy_row(struct documents_copy *copy, uint32_t document, struct error *err) {
    struct documents_writer *writer = copy->writer;
    struct document_extent extent = {0};
    uint64_t language = 0, date = 0, generation = 0;
    int status = documents_scan_get(&copy->scan, document, &extent, err);
    if (!status)
        status = column_scan_get(&copy->languages, document, &language, err);
    if (!status)
        status = column_scan_get(&copy->dates, document, &date, err);
    if (!status)
        status = column_scan_get(&copy->generations, document, &generation, err);
    if (!status)
        status = string_scan_get(&copy->ids, document, err);
    uint64_t hash_size = status ? 0 : extent.content_end - extent.content_begin;
    if (!status)
        status = section_need(&copy->from->contents, extent.content_begin, hash_size, err);
    if (status)
        return status;
    const struct bytes *id = &copy->ids.string;
    const char *text = id->size ? (const char *)id->data : "";
    uint64_t hash = string_hash(text, id->size);
    string_list_add(&writer->ids, text, id->size);
    bytes_add(&writer->id_hashes, &hash, sizeof hash);
    note_source(writer, writer->count);
    column_add(&writer->languages, language);
    column_add(&writer->dates, date);
    column_add(&writer->first_passages, *copy->passages);
    column_add(&writer->text_begins, *copy->text_size);
    column_add(&writer->content_begins, writer->contents.size);
    bytes_add(&writer->contents, copy->from->contents.data + extent.content_begin, hash_size);
    column_add(&writer->generations, generation);
    *copy->passages += extent.end_passage - extent.first_passage;
    *copy->text_size += extent.text_end - extent.text_begin;
    writer->count++;
    return 0;
}

int documents_append(struct documents_writer *writer, const struct documents *from,
                     const uint64_t *dead, uint32_t *passages, uint64_t *text_size,
                     struct error *err) {
    struct documents_copy copy = {.writer = writer,
                                  .from = from,
                                  .ids = {.list = &from->ids},
                                  .passages = passages,
                                  .text_size = text_size};
    documents_scan_init(&copy.scan, from);
    column_scan_init(&copy.languages, &from->languages);
    column_scan_init(&copy.dates, &from->dates);
    column_scan_init(&copy.generations, &from->generations);
    /* First the sources: rows note to which they belong. */
    int status = string_table_append(&writer->sources, &from->sources, dead, err);
    if (!status)
        status = string_table_append(&writer->titles, &from->titles, dead, err);
    if (!status)
        status = string_table_append(&writer->bodies, &from->bodies, dead, err);
    for (uint32_t i = 0; !status && i < from->count; i++)
        if (!dead || !(dead[i >> 6] >> (i & 63) & 1))
            status = copy_row(&copy, i, err);
    string_scan_free(&copy.ids);
    return status;
}
