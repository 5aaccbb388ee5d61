/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259); schema.md tells every field.
 *
 *   json    {"schema":1,"query":{...},"index":{...},"total":{...},"results":[
 *           {...},
 *           {...}
 *           ]}
 *           grouped: "groups":[ {"rank":1,"document":{...},"results":[ {...}, ... ]}, ... ]
 *   jsonl   the objects of "results", one a line
 *
 * Keys come in a fixed order, numbers with a fixed precision: equal answers are equal bytes.
 */
#include "searcher/output.h"

#include "searcher/citation.h"
#include "searcher/escape.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { SCORE_DIGITS = 9 };

/* ---- Values: NULL when memory is short, which json_pack passes on ------------------------- */

static json_t *sized_value(const char *text, size_t size) {
    struct bytes valid = BYTES_INIT;
    escape_utf8(&valid, text, size);
    json_t *value = NULL;
    if (!valid.failed)
        value = json_stringn_nocheck(valid.data ? (const char *)valid.data : "", valid.size);
    bytes_free(&valid);
    return value;
}

/* A string, or null where there is none. */
static json_t *text_value(const char *text) {
    return text ? sized_value(text, strlen(text)) : json_null();
}

static json_t *number_value(uint64_t number) {
    return json_integer((json_int_t)number);
}

static json_t *known_value(uint64_t number) {
    return number ? number_value(number) : json_null();
}

static json_t *pair_value(uint64_t begin, uint64_t end) {
    return json_pack("[o, o]", number_value(begin), number_value(end));
}

static json_t *date_value(uint32_t date) {
    struct bytes text = BYTES_INIT;
    citation_iso_date(&text, date);
    json_t *value = NULL;
    if (!text.failed)
        value = text.size ? sized_value((const char *)text.data, text.size) : json_null();
    bytes_free(&text);
    return value;
}

static json_t *ranges_value(const struct highlight_range *ranges, size_t count, uint32_t shift) {
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; i++) {
        json_t *pair =
            pair_value((uint64_t)ranges[i].begin + shift, (uint64_t)ranges[i].end + shift);
        if (json_array_append_new(array, pair) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *document_value(const struct document_row *document) {
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "id", text_value(document->id), "title",
                     text_value(document->title), "date", date_value(document->date), "body",
                     text_value(document->body), "source", text_value(document->source), "language",
                     text_value(document->language));
}

static json_t *passage_value(const struct listing_passage *passage) {
    const struct passage_row *row = &passage->row;
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
                     text_value(passage->id), "number", known_value(row->number), "kind",
                     passage_kind_name(row->kind), "heading", text_value(row->heading), "speaker",
                     text_value(row->speaker), "page", known_value(row->page), "label",
                     text_value(row->label), "lines",
                     row->line_begin ? pair_value(row->line_begin, row->line_end) : json_null(),
                     "bytes", pair_value(row->source_begin, row->source_end), "text_bytes",
                     pair_value(row->text_begin, row->text_end), "text",
                     sized_value(passage->text, passage->size));
}

static json_t *passages_value(const struct listing_passage *passages, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; i++) {
        if (json_array_append_new(array, passage_value(&passages[i])) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *parts_value(const struct output_part *parts, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; i++) {
        json_t *part =
            json_pack("{s:o, s:f, s:o, s:o, s:o}", "term", text_value(parts[i].word), "weight",
                      parts[i].weight, "frequency", number_value(parts[i].frequency), "length",
                      number_value(parts[i].length), "passages", number_value(parts[i].passages));
        if (json_array_append_new(array, part) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *notices_value(const struct query *query) {
    json_t *array = json_array();
    for (size_t i = 0; i < query->notice_count && array; i++) {
        const struct query_notice *notice = &query->notices[i];
        json_t *value = json_pack(
            "{s:s, s:o, s:o}", "kind", notice->kind == QUERY_REPAIR ? "repair" : "note", "column",
            known_value(notice->column), "message", text_value(notice->message));
        if (json_array_append_new(array, value) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *query_value(const struct output_summary *summary) {
    json_t *value =
        json_pack("{s:o, s:o, s:o}", "text", sized_value(summary->text, summary->text_size),
                  "understood", text_value(summary->result->description), "notices",
                  notices_value(&summary->result->query));
    if (value && summary->result->suggestion &&
        json_object_set_new(value, "suggestion", text_value(summary->result->suggestion)) != 0) {
        json_decref(value);
        value = NULL;
    }
    if (value && summary->xapian &&
        json_object_set_new(value, "xapian", text_value(summary->xapian)) != 0) {
        json_decref(value);
        value = NULL;
    }
    return value;
}

/* ---- Facets -------------------------------------------------------------------------------- */

static json_t *facet_values(const struct facet *facet) {
    json_t *array = json_array();
    for (size_t i = 0; i < facet->count && array; i++) {
        const struct facet_value *one = &facet->values[i];
        json_t *value = json_pack(
            "{s:o, s:o, s:o, s:o, s:o}", "name", text_value(one->name), "passages",
            number_value(one->passages), "documents", number_value(one->documents), "first_date",
            date_value(one->first_date), "last_date", date_value(one->last_date));
        if (json_array_append_new(array, value) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

static json_t *facets_value(const struct search_result *result) {
    json_t *array = json_array();
    for (size_t i = 0; i < result->facet_count && array; i++) {
        const struct facet *facet = &result->facets[i];
        json_t *value =
            json_pack("{s:s, s:b, s:o, s:o, s:o}", "field", facet_field_name(facet->field),
                      "histogram", facet->histogram, "distinct", number_value(facet->distinct),
                      "without", number_value(facet->without), "values", facet_values(facet));
        if (json_array_append_new(array, value) != 0) {
            json_decref(array);
            array = NULL;
        }
    }
    return array;
}

/* What not every answer has. */
static json_t *add_optional(json_t *head, const struct output_summary *summary) {
    const struct search_result *result = summary->result;
    int failed = head == NULL;
    if (!failed && result->folded)
        failed |= json_object_set_new(json_object_get(head, "total"), "folded",
                                      number_value(result->folded));
    if (!failed && result->facet_count)
        failed |= json_object_set_new(head, "facets", facets_value(result));
    if (!failed && result->cursor)
        failed |= json_object_set_new(head, "cursor", text_value(result->cursor));
    if (failed) {
        json_decref(head);
        head = NULL;
    }
    return head;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* Write a value, without its last `cut` bytes, and give it back. */
static int write_value(struct output *output, json_t *value, size_t cut, struct error *err) {
    if (!value)
        return error_memory(err);
    char *text = json_dumps(value, JSON_COMPACT | JSON_REAL_PRECISION(SCORE_DIGITS));
    json_decref(value);
    if (!text)
        return error_memory(err);
    size_t size = strlen(text);
    escape_json(output->to, text, size - (cut < size ? cut : size));
    free(text);
    return 0;
}

int output_json_begin(struct output *output, struct error *err) {
    const struct output_summary *summary = &output->summary;
    const struct search_total *total = &summary->result->total;
    if (output->format == OUTPUT_JSONL && !summary->count_only)
        return 0;
    json_t *head = json_pack(
        "{s:i, s:o, s:{s:o, s:o, s:o}, s:{s:o, s:s}}", "schema", OUTPUT_SCHEMA, "query",
        query_value(summary), "index", "generation", number_value(summary->generation), "documents",
        number_value(summary->documents), "passages", number_value(summary->passages), "total",
        "value", number_value(total->value), "relation", total->exact ? "eq" : "gte");
    /* The object stays open for its results. */
    int status = write_value(output, add_optional(head, summary), summary->count_only ? 0 : 1, err);
    if (summary->count_only)
        bytes_add_string(output->to, "\n");
    else
        bytes_printf(output->to, ",\"%s\":[\n", summary->grouped ? "groups" : "results");
    return status;
}

static json_t *hit_value(const struct output *output, const struct listing_hit *hit) {
    bool inside = output->summary.grouped && output->format == OUTPUT_JSON;
    json_t *value = json_object();
    int failed = 0;
    if (!inside)
        failed |= json_object_set_new(value, "rank", number_value(hit->hit->rank));
    if (output->summary.grouped)
        failed |= json_object_set_new(value, "place", number_value(hit->hit->place));
    failed |= json_object_set_new(value, "score", json_real(hit->hit->score));
    if (hit->hit->duplicates)
        failed |= json_object_set_new(value, "duplicates", number_value(hit->hit->duplicates));
    if (!inside)
        failed |= json_object_set_new(value, "document", document_value(&hit->document));
    failed |= json_object_set_new(value, "passage", passage_value(&hit->passage));
    failed |=
        json_object_set_new(value, "snippet", sized_value(hit->snippet.text, hit->snippet.size));
    failed |= json_object_set_new(value, "snippet_highlights",
                                  ranges_value(hit->snippet.ranges, hit->snippet.range_count, 0));
    failed |= json_object_set_new(
        value, "highlights",
        ranges_value(hit->highlights, hit->highlight_count, hit->passage.row.text_begin));
    if (failed) {
        json_decref(value);
        value = NULL;
    }
    return value;
}

static json_t *add_extras(json_t *value, const struct listing_hit *hit,
                          const struct output_part *parts, size_t part_count) {
    int failed = 0;
    if (value && (hit->before_count || hit->after_count))
        failed |= json_object_set_new(
            value, "context",
            json_pack("{s:o, s:o}", "before", passages_value(hit->before, hit->before_count),
                      "after", passages_value(hit->after, hit->after_count)));
    if (value && parts)
        failed |= json_object_set_new(value, "explanation", parts_value(parts, part_count));
    if (failed) {
        json_decref(value);
        value = NULL;
    }
    return value;
}

/* Close the group before, if any, and open this document's. */
static int open_group(struct output *output, const struct listing_hit *hit, struct error *err) {
    if (output->in_group)
        bytes_add_string(output->to, "\n]},\n");
    output->in_group = true;
    json_t *group = json_pack("{s:o, s:f, s:o}", "rank", number_value(hit->hit->rank), "score",
                              hit->hit->group_score, "document", document_value(&hit->document));
    int status = write_value(output, group, 1, err);
    bytes_add_string(output->to, ",\"results\":[\n");
    return status;
}

int output_json_hit(struct output *output, const struct listing_hit *hit,
                    const struct output_part *parts, size_t part_count, struct error *err) {
    bool document = output->format == OUTPUT_JSON;
    bool grouped = document && output->summary.grouped;
    int status = 0;
    if (grouped && (hit->hit->place == 1 || !output->in_group))
        status = open_group(output, hit, err);
    else if (document && output->written)
        bytes_add_string(output->to, ",\n");
    if (status >= 0)
        status =
            write_value(output, add_extras(hit_value(output, hit), hit, parts, part_count), 0, err);
    if (!document)
        bytes_add_string(output->to, "\n");
    return status;
}

int output_json_end(struct output *output, struct error *err) {
    (void)err;
    if (output->summary.count_only)
        return 0;
    if (output->in_group)
        bytes_add_string(output->to, "\n]}");
    bytes_add_string(output->to, output->written ? "\n]}\n" : "]}\n");
    return 0;
}
