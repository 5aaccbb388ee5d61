/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line a passage, for spreadsheets and scripts.
 *
 *   csv   RFC 4180: comma, CRLF, fields with a comma, quotation mark or line end in quotation marks
 *   tsv   tab, LF; \t \n \r \\ within a field stand for tab, line feed, carriage return, backslash
 *
 * The first line names the columns.
 */
#include "searcher/output.h"

#include "searcher/citation.h"
#include "searcher/escape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const columns[] = {
    "rank",   "score", "document_id", "title",    "date",    "source", "language",   "passage",
    "number", "kind",  "heading",     "speaker",  "page",    "label",  "first_line", "last_line",
    "begin",  "end",   "text_begin",  "text_end", "snippet", "text",
};

static void add_line_end(struct output *output) {
    bytes_add_string(output->to, output->format == OUTPUT_CSV ? "\r\n" : "\n");
}

/* The fields of a line; `first` until one is written, since it may be empty. */
struct line {
    struct output *output;
    bool first;
};

static void add_sized(struct line *line, const char *text, size_t size) {
    struct output *output = line->output;
    if (!line->first)
        bytes_add_byte(output->to, output->format == OUTPUT_CSV ? ',' : '\t');
    line->first = false;
    if (output->format == OUTPUT_CSV)
        escape_csv(output->to, text, size);
    else
        escape_tsv(output->to, text, size);
}

static void add_field(struct line *line, const char *text) {
    add_sized(line, text ? text : "", text ? strlen(text) : 0);
}

/* Zero means unknown everywhere but in offsets: an empty field. */
static void add_number(struct line *line, uint64_t number, bool zero_is_unknown) {
    char text[24] = "";
    if (number || !zero_is_unknown)
        snprintf(text, sizeof text, "%" PRIu64, number);
    add_field(line, text);
}

void output_table_begin(struct output *output) {
    if (output->summary.count_only) {
        bytes_printf(output->to, "%" PRIu64, output->summary.result->total.value);
        add_line_end(output);
        return;
    }
    struct line line = {output, true};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        add_field(&line, columns[i]);
    add_line_end(output);
}

void output_table_hit(struct output *output, const struct listing_hit *hit) {
    const struct document_row *document = &hit->document;
    const struct passage_row *passage = &hit->passage.row;
    struct line line = {output, true};
    char score[32];
    struct bytes date = BYTES_INIT;
    citation_iso_date(&date, document->date);
    snprintf(score, sizeof score, "%.9g", hit->hit->score);
    add_number(&line, hit->hit->rank, false);
    add_field(&line, score);
    add_field(&line, document->id);
    add_field(&line, document->title);
    add_sized(&line, date.data ? (const char *)date.data : "", date.size);
    add_field(&line, document->source);
    add_field(&line, document->language);
    add_field(&line, hit->passage.id);
    add_number(&line, passage->number, true);
    add_field(&line, passage_kind_name(passage->kind));
    add_field(&line, passage->heading);
    add_field(&line, passage->speaker);
    add_number(&line, passage->page, true);
    add_field(&line, passage->label);
    add_number(&line, passage->line_begin, true);
    add_number(&line, passage->line_end, true);
    add_number(&line, passage->source_begin, false);
    add_number(&line, passage->source_end, false);
    add_number(&line, passage->text_begin, false);
    add_number(&line, passage->text_end, false);
    add_sized(&line, hit->snippet.text, hit->snippet.size);
    add_sized(&line, hit->passage.text, hit->passage.size);
    add_line_end(output);
    output->to->failed |= date.failed;
    bytes_free(&date);
}
