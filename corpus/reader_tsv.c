/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tab-separated values: `id<TAB>text`, or a header line of field names (record.h), at least id and
 * text, and the cells in that order. There are no escapes and no quotes: a cell cannot hold a tab
 * or a newline, except that the last cell takes the rest of its line.
 */
#include "corpus/notice.h"
#include "corpus/reader_formats.h"
#include "corpus/record.h"
#include "corpus/unit_file.h"

#include <string.h>

struct columns {
    enum record_field fields[RECORD_FIELDS];
    size_t count;
};

static const struct columns COLUMNS_DEFAULT = {{RECORD_ID, RECORD_TEXT}, 2};

static const char *cell_end(const char *at, const char *end) {
    const char *tab = memchr(at, '\t', (size_t)(end - at));
    return tab ? tab : end;
}

/* Is this line a header? All its cells name different fields, id and text among them. */
static bool parse_header(const char *line, size_t size, struct columns *columns) {
    const char *at = line, *end = line + size;
    unsigned seen = 0;
    columns->count = 0;
    for (;; at++) {
        const char *stop = cell_end(at, end);
        enum record_field field = record_field_parse(at, (size_t)(stop - at));
        if (field == RECORD_FIELDS || seen & 1u << field)
            return false;
        seen |= 1u << field;
        columns->fields[columns->count++] = field;
        at = stop;
        if (at == end)
            break;
    }
    return seen & 1u << RECORD_ID && seen & 1u << RECORD_TEXT;
}

/* Cut a line at its tabs; the number of cells found. */
static size_t split(const struct columns *columns, const char *line, size_t size,
                    struct record_value fields[RECORD_FIELDS]) {
    const char *at = line, *end = line + size;
    for (size_t i = 0; i < RECORD_FIELDS; i++)
        fields[i] = (struct record_value){NULL, 0};
    for (size_t i = 0; i < columns->count; i++) {
        const char *stop = i + 1 < columns->count ? cell_end(at, end) : end;
        fields[columns->fields[i]] = (struct record_value){at, (size_t)(stop - at)};
        if (stop == end)
            return i + 1;
        at = stop + 1;
    }
    return columns->count;
}

static int read_record(struct record_sink *sink, const struct columns *columns,
                       struct record *record, struct error *err) {
    size_t cells = split(columns, record->line.text, record->line.size, record->fields);
    if (cells >= 2)
        return record_sink_add(sink, record, err);
    ++*sink->skipped;
    notice_send(sink->options, NOTICE_SKIPPED, sink->unit->path, record->line.number,
                "the line has no tab: expected an id, a tab and the text");
    return 0;
}

static int read_records(struct record_sink *sink, struct record_lines *lines, struct error *err) {
    const struct unit_file *file = sink->unit->file;
    struct columns columns = COLUMNS_DEFAULT;
    struct record record;
    bool first = sink->unit->first_slice;
    if (file && file->header.size &&
        !parse_header((const char *)file->header.data, file->header.size, &columns))
        columns = COLUMNS_DEFAULT;
    int status;
    while ((status = record_lines_next(lines, &record.line, err)) > 0) {
        struct columns header;
        bool is_header = first && parse_header(record.line.text, record.line.size, &header);
        first = false;
        if (is_header)
            columns = header;
        else if ((status = read_record(sink, &columns, &record, err)))
            return status;
    }
    return status ? status : record_sink_finish(sink, err);
}

int reader_tsv_read(const struct unit *unit, const struct corpus_options *options,
                    struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                    struct error *err) {
    struct record_lines lines;
    struct record_sink sink;
    record_lines_init(&lines, unit, options, skipped);
    record_sink_init(&sink, unit, options, scratch, each, context, skipped);
    int status = read_records(&sink, &lines, err);
    record_sink_free(&sink);
    record_lines_finish(&lines);
    return status;
}

int reader_tsv_header(const uint8_t *data, size_t size, struct bytes *header, bool *shared) {
    struct unit unit = {.data = data, .size = size, .first_slice = true};
    struct corpus_options options = {.max_line = size};
    struct record_lines lines;
    struct record_line line;
    struct columns columns;
    uint64_t skipped = 0;
    *shared = false;
    record_lines_init(&lines, &unit, &options, &skipped);
    int status = record_lines_next(&lines, &line, NULL);
    if (status > 0 && parse_header(line.text, line.size, &columns)) {
        bytes_add(header, line.text, line.size);
        for (size_t i = 0; i < columns.count; i++)
            *shared |= columns.fields[i] == RECORD_DOCUMENT;
    }
    lines.replaced = 0;
    record_lines_finish(&lines);
    return status < 0 || header->failed ? PLENARY_ENOMEM : 0;
}

enum slice_line reader_tsv_document(void *context, const uint8_t *line, size_t size,
                                    struct bytes *out) {
    const struct bytes *header = context;
    struct columns columns;
    struct record_value fields[RECORD_FIELDS];
    bytes_reset(out);
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    if (!parse_header((const char *)header->data, header->size, &columns) ||
        split(&columns, (const char *)line, size, fields) < 2)
        return SLICE_UNREADABLE;
    const struct record_value *value = &fields[RECORD_DOCUMENT];
    bytes_add(out, value->data, value->size);
    return value->size && !out->failed ? SLICE_SHARED : SLICE_ALONE;
}
