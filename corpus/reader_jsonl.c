/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON Lines: one object a line, UTF-8 (jsonlines.org, RFC 8259). Known keys: see record.h; their
 * values are strings, or whole numbers where that makes sense; null is as good as absent.
 */
#include "corpus/notice.h"
#include "corpus/reader_formats.h"
#include "corpus/record.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct json_line {
    struct record_sink sink;
    struct record record;
    char numbers[RECORD_FIELDS][24]; /* whole numbers as text */
};

static void skip(struct json_line *line, const char *why, const char *field) {
    ++*line->sink.skipped;
    notice_send(line->sink.options, NOTICE_SKIPPED, line->sink.unit->path, line->record.line.number,
                "%s%s", field, why);
}

static bool has_text_value(enum record_field field) {
    return field == RECORD_ID || field == RECORD_TEXT || field == RECORD_DOCUMENT;
}

/* False if the record cannot be used for this value. */
static bool set_field(struct json_line *line, enum record_field field, const char *key,
                      const json_t *value) {
    struct record_value *to = &line->record.fields[field];
    if (json_is_string(value)) {
        *to = (struct record_value){json_string_value(value), json_string_length(value)};
    } else if (json_is_integer(value) && field != RECORD_TEXT) {
        int size = snprintf(line->numbers[field], sizeof line->numbers[field],
                            "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        *to = (struct record_value){line->numbers[field], (size_t)size};
    } else if (!json_is_null(value)) {
        if (has_text_value(field)) {
            skip(line, " is not a string: the record was left out", key);
            return false;
        }
        notice_send(line->sink.options, NOTICE_WARNING, line->sink.unit->path,
                    line->record.line.number, "%s is not a string and was not used", key);
    }
    return true;
}

static bool set_fields(struct json_line *line, json_t *object) {
    for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        size_t size = strlen(key);
        enum record_field field = record_field_parse(key, size);
        if (field == RECORD_FIELDS)
            record_note_unknown(line->sink.unit, line->sink.options, line->record.line.number, key,
                                size);
        else if (!set_field(line, field, key, json_object_iter_value(at)))
            return false;
    }
    return true;
}

static int read_line(struct json_line *line, struct error *err) {
    json_error_t fault;
    json_t *object =
        json_loadb(line->record.line.text, line->record.line.size, JSON_ALLOW_NUL, &fault);
    for (size_t i = 0; i < RECORD_FIELDS; i++)
        line->record.fields[i] = (struct record_value){NULL, 0};
    int status = 0;
    if (!object) {
        ++*line->sink.skipped;
        notice_send(line->sink.options, NOTICE_SKIPPED, line->sink.unit->path,
                    line->record.line.number, "invalid JSON in column %d: %s", fault.column,
                    fault.text);
    } else if (!json_is_object(object)) {
        skip(line, "the line is JSON but not an object", "");
    } else if (set_fields(line, object)) {
        status = record_sink_add(&line->sink, &line->record, err);
    }
    json_decref(object);
    return status;
}

int reader_jsonl_read(const struct unit *unit, const struct corpus_options *options,
                      struct document *scratch, document_fn each, void *context, uint64_t *skipped,
                      struct error *err) {
    struct json_line line;
    struct record_lines lines;
    record_lines_init(&lines, unit, options, skipped);
    record_sink_init(&line.sink, unit, options, scratch, each, context, skipped);
    int status;
    while ((status = record_lines_next(&lines, &line.record.line, err)) > 0)
        if ((status = read_line(&line, err)))
            break;
    if (!status)
        status = record_sink_finish(&line.sink, err);
    record_sink_free(&line.sink);
    record_lines_finish(&lines);
    return status;
}

enum slice_line reader_jsonl_document(void *context, const uint8_t *line, size_t size,
                                      struct bytes *out) {
    (void)context;
    json_t *object = json_loadb((const char *)line, size, JSON_ALLOW_NUL, NULL);
    enum slice_line result = SLICE_UNREADABLE;
    bytes_reset(out);
    if (json_is_object(object)) {
        const json_t *value = json_object_get(object, "document");
        result = SLICE_ALONE;
        if (json_is_string(value) && json_string_length(value)) {
            bytes_add(out, json_string_value(value), json_string_length(value));
            result = SLICE_SHARED;
        } else if (json_is_integer(value)) {
            bytes_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            result = SLICE_SHARED;
        }
    }
    json_decref(object);
    return out->failed ? SLICE_ALONE : result;
}
