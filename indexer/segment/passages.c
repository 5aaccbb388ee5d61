/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passages.table, a sidecar of kind 'P'. A row is a passage. Each column holds how far a value is
 * from what the others lead to expect, so that ordinary rows cost bits. z(x) is zigzag. Sections:
 *
 *    1  column: kind + 8 * level
 *    2  column: z(number - expected); expected is 0 for a heading, else 1 for a document's first
 *       passage and one more for each passage behind it (headings counted)
 *    3  column: pages
 *    4  column: z(text begin - (end of the passage before + 2)); first passage: z(text begin)
 *    5  column: text end; in a document's last passage: size of the text - text end
 *    6  column: source begin - text begin (modulo 2^64); of a record, whose source holds many
 *       documents: source begin - where the text begins in the segment's
 *    7  column: z(source size - text size)
 *    8  column: line begin
 *    9  column: z(line end - line begin)
 *   10  column: 0, or 1 + the ordinal of the passage's id
 *   11  string list (11, 12): ids
 *   20  string table (20 to 23): labels
 *   30  string table (30 to 33): speakers
 *   40  string table (40 to 43): headings
 */
#include "indexer/segment/passages.h"

enum { PASSAGES_KIND = 'P', PASSAGES_VERSION = 1 };
enum {
    SECTION_KINDS = 1,
    SECTION_NUMBERS = 2,
    SECTION_PAGES = 3,
    SECTION_TEXT_BEGINS = 4,
    SECTION_TEXT_ENDS = 5,
    SECTION_SOURCE_BEGINS = 6,
    SECTION_SOURCE_SIZES = 7,
    SECTION_LINE_BEGINS = 8,
    SECTION_LINE_COUNTS = 9,
    SECTION_ID_NUMBERS = 10,
    SECTION_IDS = 11,
    SECTION_LABELS = 20,
    SECTION_SPEAKERS = 30,
    SECTION_HEADINGS = 40,
    PARAGRAPH_GAP = 2, /* "\n\n" */
    KIND_BITS = 3,
};

/* The columns of the writer, in the order of their sections from 1. */
#define COLUMNS(x)                                                                                 \
    {                                                                                              \
        &(x)->kinds, &(x)->numbers, &(x)->pages, &(x)->text_begins, &(x)->text_ends,               \
            &(x)->source_begins, &(x)->source_sizes, &(x)->line_begins, &(x)->line_counts,         \
            &(x)->id_numbers                                                                       \
    }
enum { COLUMN_COUNT = 10 };

/* ---- Writing ------------------------------------------------------------------------------- */

void passages_writer_init(struct passages_writer *writer) {
    memset(writer, 0, sizeof *writer);
    struct column_writer *columns[COLUMN_COUNT] = COLUMNS(writer);
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        column_writer_init(columns[i]);
    string_list_writer_init(&writer->ids);
    string_table_writer_init(&writer->labels);
    string_table_writer_init(&writer->speakers);
    string_table_writer_init(&writer->headings);
}

/* What the number of a document's passage is expected to be; headings have none. */
static int64_t expected_number(unsigned kind, uint64_t index) {
    return kind == PASSAGE_HEADING ? 0 : (int64_t)index + 1;
}

static void add_strings(struct passages_writer *writer, const struct passage *passage) {
    if (passage->id) {
        column_add(&writer->id_numbers, writer->ids.count + 1);
        string_list_add(&writer->ids, passage->id, strlen(passage->id));
    } else {
        column_add(&writer->id_numbers, 0);
    }
    string_table_add(&writer->labels, passage->label);
    string_table_add(&writer->speakers, passage->speaker);
    string_table_add(&writer->headings, passage->heading);
}

static void add_row(struct passages_writer *writer, const struct document *document, size_t index,
                    uint64_t text_begin) {
    const struct passage *passage = &document->passages[index];
    uint64_t level = passage->level;
    size_t expected = index ? document->passages[index - 1].text_end + PARAGRAPH_GAP : 0;
    column_add(&writer->kinds, (uint64_t)passage->kind | level << KIND_BITS);
    column_add(&writer->numbers,
               zigzag((int64_t)passage->number - expected_number(passage->kind, index)));
    column_add(&writer->pages, passage->page);
    column_add(&writer->text_begins, zigzag((int64_t)(passage->text_begin - expected)));
    column_add(&writer->text_ends, index + 1 < document->passage_count
                                       ? passage->text_end
                                       : document->text.size - passage->text_end);
    uint64_t base = document->is_record ? text_begin : 0;
    column_add(&writer->source_begins, passage->source_begin - (base + passage->text_begin));
    column_add(&writer->source_sizes, zigzag((int64_t)(passage->source_end - passage->source_begin -
                                                       (passage->text_end - passage->text_begin))));
    column_add(&writer->line_begins, passage->line_begin);
    column_add(&writer->line_counts, zigzag((int64_t)(passage->line_end - passage->line_begin)));
    add_strings(writer, passage);
    writer->count++;
}

static bool is_in_order(const struct document *document) {
    size_t end = 0;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->text_begin < end || passage->text_end < passage->text_begin ||
            passage->text_end > document->text.size)
            return false;
        end = passage->text_end;
    }
    return true;
}

int passages_add(struct passages_writer *writer, const struct document *document,
                 uint64_t text_begin, struct error *err) {
    if (!is_in_order(document))
        return error_set(err, PLENARY_EINVALID, "%s: the reader gave passages out of order",
                         document->id);
    for (size_t i = 0; i < document->passage_count; i++)
        add_row(writer, document, i, text_begin);
    return 0;
}

static int write_strings(struct passages_writer *writer, struct sidecar_writer *sidecar,
                         struct error *err) {
    int status = string_list_write(&writer->ids, sidecar, SECTION_IDS, err);
    if (!status)
        status = string_table_write(&writer->labels, sidecar, SECTION_LABELS, err);
    if (!status)
        status = string_table_write(&writer->speakers, sidecar, SECTION_SPEAKERS, err);
    if (!status)
        status = string_table_write(&writer->headings, sidecar, SECTION_HEADINGS, err);
    return status;
}

int passages_write(struct passages_writer *writer, const char *path, struct error *err) {
    struct sidecar_writer *sidecar;
    struct column_writer *columns[COLUMN_COUNT] = COLUMNS(writer);
    int status = sidecar_create(&sidecar, path, PASSAGES_KIND, PASSAGES_VERSION, err);
    for (unsigned i = 0; !status && i < COLUMN_COUNT; i++)
        status = column_write(columns[i], sidecar, SECTION_KINDS + i, err);
    if (!status)
        status = write_strings(writer, sidecar, err);
    if (!status)
        status = sidecar_finish(sidecar, err);
    sidecar_writer_close(sidecar);
    return status;
}

size_t passages_memory(const struct passages_writer *writer) {
    const struct column_writer *columns[COLUMN_COUNT] = COLUMNS(writer);
    size_t size = 0;
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        size += column_memory(columns[i]);
    return size + string_list_memory(&writer->ids) + string_table_memory(&writer->labels) +
           string_table_memory(&writer->speakers) + string_table_memory(&writer->headings);
}

void passages_writer_free(struct passages_writer *writer) {
    struct column_writer *columns[COLUMN_COUNT] = COLUMNS(writer);
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        column_writer_free(columns[i]);
    string_list_writer_free(&writer->ids);
    string_table_writer_free(&writer->labels);
    string_table_writer_free(&writer->speakers);
    string_table_writer_free(&writer->headings);
}

/* ---- Reading ------------------------------------------------------------------------------- */

int passages_open(struct passages *out, const char *path, struct error *err) {
    memset(out, 0, sizeof *out);
    struct column *columns[COLUMN_COUNT] = COLUMNS(out);
    int status = sidecar_open(&out->sidecar, path, PASSAGES_KIND, PASSAGES_VERSION, err);
    if (!status)
        status = column_open(&out->kinds, out->sidecar, SECTION_KINDS, err);
    uint64_t rows = out->kinds.count;
    if (!status && rows >= UINT32_MAX)
        status = section_damaged(&out->kinds.section, 0, "too many passages", err);
    for (unsigned i = 1; !status && i < COLUMN_COUNT; i++)
        status = column_open_counted(columns[i], out->sidecar, SECTION_KINDS + i, rows, err);
    if (!status)
        status = string_list_open(&out->ids, out->sidecar, SECTION_IDS, err);
    if (!status)
        status = string_table_open(&out->labels, out->sidecar, SECTION_LABELS, rows, err);
    if (!status)
        status = string_table_open(&out->speakers, out->sidecar, SECTION_SPEAKERS, rows, err);
    if (!status)
        status = string_table_open(&out->headings, out->sidecar, SECTION_HEADINGS, rows, err);
    out->count = (uint32_t)rows;
    return status;
}

void passages_close(struct passages *passages) {
    sidecar_close(passages->sidecar);
    memset(passages, 0, sizeof *passages);
}

/* The document around a passage. */
struct frame {
    uint32_t document, first, end;
    uint64_t text_begin, text_size;
    bool is_record;
};

static int find_frame(const struct documents *documents, uint32_t passage, struct frame *out,
                      struct error *err) {
    uint64_t text_end = 0;
    int status = documents_of_passage(documents, passage, &out->document, err);
    if (!status)
        status = documents_extent(documents, out->document, &out->text_begin, &text_end,
                                  &out->first, &out->end, err);
    if (!status)
        status = documents_is_record(documents, out->document, &out->is_record, err);
    if (!status && (passage < out->first || passage >= out->end))
        status = section_damaged(&documents->first_passages.section, 0, "first passages", err);
    out->text_size = text_end - out->text_begin;
    return status;
}

static int get_text_end(const struct passages *passages, const struct frame *frame,
                        uint32_t passage, uint64_t *out, struct error *err) {
    uint64_t value;
    int status = column_get(&passages->text_ends, passage, &value, err);
    if (status)
        return status;
    if (value > frame->text_size)
        return section_damaged(&passages->text_ends.section, 0, "the end of a passage", err);
    *out = passage + 1 == frame->end ? frame->text_size - value : value;
    return 0;
}

static int get_text_range(const struct passages *passages, const struct frame *frame,
                          uint32_t passage, struct passage_row *out, struct error *err) {
    uint64_t before = 0, end = 0, value = 0;
    int status = get_text_end(passages, frame, passage, &end, err);
    if (!status && passage > frame->first) {
        status = get_text_end(passages, frame, passage - 1, &before, err);
        before += PARAGRAPH_GAP;
    }
    if (!status)
        status = column_get(&passages->text_begins, passage, &value, err);
    if (status)
        return status;
    uint64_t begin = before + (uint64_t)unzigzag(value);
    if (begin > end)
        return section_damaged(&passages->text_begins.section, 0, "a passage ends before it begins",
                               err);
    out->text_begin = (uint32_t)begin;
    out->text_end = (uint32_t)end;
    return 0;
}

static int get_source_range(const struct passages *passages, const struct frame *frame,
                            uint32_t passage, struct passage_row *out, struct error *err) {
    uint64_t begin = 0, size = 0, lines = 0;
    int status = column_get(&passages->source_begins, passage, &begin, err);
    if (!status)
        status = column_get(&passages->source_sizes, passage, &size, err);
    if (!status)
        status = column_get(&passages->line_begins, passage, &out->line_begin, err);
    if (!status)
        status = column_get(&passages->line_counts, passage, &lines, err);
    out->source_begin = begin + (frame->is_record ? frame->text_begin : 0) + out->text_begin;
    out->source_end =
        out->source_begin + (out->text_end - out->text_begin) + (uint64_t)unzigzag(size);
    out->line_end = out->line_begin + (uint64_t)unzigzag(lines);
    return status;
}

static int get_numbers(const struct passages *passages, const struct frame *frame, uint32_t passage,
                       struct passage_row *out, struct error *err) {
    uint64_t kind = 0, number = 0, page = 0;
    int status = column_get(&passages->kinds, passage, &kind, err);
    if (!status)
        status = column_get(&passages->numbers, passage, &number, err);
    if (!status)
        status = column_get(&passages->pages, passage, &page, err);
    if (status)
        return status;
    unsigned low = kind & ((1U << KIND_BITS) - 1);
    if (low >= PASSAGE_KINDS || kind >> KIND_BITS > UINT32_MAX)
        return section_damaged(&passages->kinds.section, 0, "a passage of unknown kind", err);
    out->kind = low;
    out->level = (unsigned)(kind >> KIND_BITS);
    out->number = (uint32_t)((uint64_t)expected_number(low, passage - frame->first) +
                             (uint64_t)unzigzag(number));
    out->page = (uint32_t)page;
    return 0;
}

static int get_strings(const struct passages *passages, uint32_t passage, struct arena *arena,
                       struct passage_row *out, struct error *err) {
    uint64_t id = 0;
    int status = column_get(&passages->id_numbers, passage, &id, err);
    if (!status && id > passages->ids.count)
        status = section_damaged(&passages->id_numbers.section, 0, "the id of a passage", err);
    if (!status && id)
        status = string_list_copy(&passages->ids, id - 1, arena, &out->id, err);
    if (!status)
        status = string_table_get(&passages->labels, passage, arena, &out->label, err);
    if (!status)
        status = string_table_get(&passages->speakers, passage, arena, &out->speaker, err);
    if (!status)
        status = string_table_get(&passages->headings, passage, arena, &out->heading, err);
    return status;
}

int passages_get(const struct passages *passages, const struct documents *documents,
                 uint32_t passage, struct arena *arena, struct passage_row *out,
                 struct error *err) {
    struct frame frame;
    memset(out, 0, sizeof *out);
    int status = find_frame(documents, passage, &frame, err);
    if (!status)
        status = get_numbers(passages, &frame, passage, out, err);
    if (!status)
        status = get_text_range(passages, &frame, passage, out, err);
    if (!status)
        status = get_source_range(passages, &frame, passage, out, err);
    if (!status)
        status = get_strings(passages, passage, arena, out, err);
    return status;
}

enum passage_kind passages_kind(const struct passages *passages, uint32_t passage) {
    uint64_t kind;
    if (column_get(&passages->kinds, passage, &kind, NULL))
        return PASSAGE_PARAGRAPH;
    unsigned low = kind & ((1U << KIND_BITS) - 1);
    return low < PASSAGE_KINDS ? low : PASSAGE_PARAGRAPH;
}

int passages_number(const struct passages *passages, uint32_t first, uint32_t passage,
                    uint32_t *number, struct error *err) {
    const struct frame frame = {.first = first};
    struct passage_row row = {.number = 0};
    int status = get_numbers(passages, &frame, passage, &row, err);
    *number = row.number;
    return status;
}

/* ---- Copying from one segment to another ----------------------------------------------------- */

enum { COLUMN_SOURCE_BEGINS = SECTION_SOURCE_BEGINS - 1, COLUMN_IDS = SECTION_ID_NUMBERS - 1 };

struct passages_copy {
    struct passages_writer *writer;
    const struct passages *from;
    struct column_scan columns[COLUMN_COUNT];
    struct string_scan ids;
};

static int copy_id(struct passages_copy *copy, uint64_t number, struct error *err) {
    struct passages_writer *writer = copy->writer;
    if (!number) {
        column_add(&writer->id_numbers, 0);
        return 0;
    }
    int status = string_scan_get(&copy->ids, number - 1, err);
    if (status)
        return status;
    const struct bytes *id = &copy->ids.string;
    column_add(&writer->id_numbers, writer->ids.count + 1);
    string_list_add(&writer->ids, id->size ? (const char *)id->data : "", id->size);
    return 0;
}

/* Most values do not depend on where the document lies in the segment. `shift`: by how much the
 * text of a record has moved to the front, modulo 2^64. */
static int copy_passages(struct passages_copy *copy, uint32_t first, uint32_t end, uint64_t shift,
                         struct error *err) {
    struct column_writer *columns[COLUMN_COUNT] = COLUMNS(copy->writer);
    int status = 0;
    for (unsigned column = 0; column < COLUMN_COUNT; column++) {
        for (uint32_t i = first; !status && i < end; i++) {
            uint64_t value;
            status = column_scan_get(&copy->columns[column], i, &value, err);
            if (status)
                break;
            if (column == COLUMN_IDS)
                status = copy_id(copy, value, err);
            else
                column_add(columns[column], column == COLUMN_SOURCE_BEGINS ? value + shift : value);
        }
    }
    copy->writer->count += end - first;
    return status;
}

static int copy_documents(struct passages_copy *copy, const struct documents *documents,
                          const uint64_t *dead, uint64_t text_size, struct error *err) {
    struct documents_scan scan;
    struct document_extent extent = {0};
    int status = 0;
    documents_scan_init(&scan, documents);
    for (uint32_t i = 0; !status && i < documents->count; i++) {
        if (dead && dead[i >> 6] >> (i & 63) & 1)
            continue;
        status = documents_scan_get(&scan, i, &extent, err);
        if (status)
            break;
        uint64_t shift = extent.is_record ? extent.text_begin - text_size : 0;
        status = copy_passages(copy, extent.first_passage, extent.end_passage, shift, err);
        text_size += extent.text_end - extent.text_begin;
    }
    return status;
}

int passages_append(struct passages_writer *writer, const struct passages *from,
                    const struct documents *documents, const uint64_t *dead_documents,
                    const uint64_t *dead, uint64_t text_size, struct error *err) {
    struct passages_copy copy = {.writer = writer, .from = from, .ids = {.list = &from->ids}};
    const struct column *columns[COLUMN_COUNT] = {
        &from->kinds,       &from->numbers,       &from->pages,        &from->text_begins,
        &from->text_ends,   &from->source_begins, &from->source_sizes, &from->line_begins,
        &from->line_counts, &from->id_numbers};
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        column_scan_init(&copy.columns[i], columns[i]);
    int status = copy_documents(&copy, documents, dead_documents, text_size, err);
    if (!status)
        status = string_table_append(&writer->labels, &from->labels, dead, err);
    if (!status)
        status = string_table_append(&writer->speakers, &from->speakers, dead, err);
    if (!status)
        status = string_table_append(&writer->headings, &from->headings, dead, err);
    string_scan_free(&copy.ids);
    if (!status && writer->labels.numbers.count != writer->count)
        return section_damaged(&documents->first_passages.section, 0,
                               "documents that do not hold all passages", err);
    return status;
}
