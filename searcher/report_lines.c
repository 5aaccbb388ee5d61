/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a report writes line by line: tables, and text for a terminal. */
#include "searcher/report.h"

#include "searcher/citation.h"
#include "searcher/escape.h"
#include "searcher/output.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* ---- Listings ------------------------------------------------------------------------------ */

/* Call `each` for what is listed of an answer. */
static int each_listed(const struct report_answer *answer, unsigned snippet,
                       int (*each)(void *context, const struct listing_hit *hit, struct error *err),
                       void *context, struct error *err) {
    struct listing *listing;
    const struct listing_options options = {snippet, answer->options->context};
    int status = listing_open(&listing, answer->searcher, answer->result, &options, err);
    for (size_t i = 0; i < answer->result->hit_count && !status; i++) {
        const struct listing_hit *hit;
        if (answer->result->hits[i].rank > answer->options->limit)
            break;
        status = listing_load(listing, i, &hit, err);
        if (!status)
            status = each(context, hit, err);
    }
    listing_close(listing);
    return status;
}

struct table {
    struct bytes *out;
    struct output output;
    struct bytes line;
    const struct report_answer *answer;
    enum report_format format;
};

void report_table_begin(struct bytes *out, enum report_format format) {
    struct search_result none = {0};
    struct output output = {.format = format == REPORT_CSV ? OUTPUT_CSV : OUTPUT_TSV, .to = out};
    output.summary.result = &none;
    if (format == REPORT_JSONL)
        return;
    bytes_add_string(out, format == REPORT_CSV ? "topic,query," : "topic\tquery\t");
    output_table_begin(&output);
}

/* A passage as plenary-search lists it, behind its topic. */
static int table_line(void *context, const struct listing_hit *hit, struct error *err) {
    struct table *table = context;
    const struct topic *topic = table->answer->topic;
    bytes_reset(&table->line);
    int status = output_hit(&table->output, hit, NULL, 0, err);
    if (status)
        return status;
    if (table->format == REPORT_JSONL) {
        json_t *names = json_pack("{s:s, s:s}", "topic", topic->id, "query", topic->query);
        char *text = names ? json_dumps(names, JSON_COMPACT) : NULL;
        json_decref(names);
        if (!text || !table->line.size) {
            free(text);
            return error_memory(err);
        }
        bytes_add(table->out, text, strlen(text) - 1);
        bytes_add_byte(table->out, ',');
        bytes_add(table->out, table->line.data + 1, table->line.size - 1);
        free(text);
    } else if (table->format == REPORT_CSV) {
        escape_csv(table->out, topic->id, strlen(topic->id));
        bytes_add_byte(table->out, ',');
        escape_csv(table->out, topic->query, strlen(topic->query));
        bytes_add_byte(table->out, ',');
        bytes_add(table->out, table->line.data, table->line.size);
    } else {
        escape_tsv(table->out, topic->id, strlen(topic->id));
        bytes_add_byte(table->out, '\t');
        escape_tsv(table->out, topic->query, strlen(topic->query));
        bytes_add_byte(table->out, '\t');
        bytes_add(table->out, table->line.data, table->line.size);
    }
    return 0;
}

int report_table_topic(struct bytes *out, const struct report_answer *answer,
                       enum report_format format, struct error *err) {
    struct table table = {.out = out, .answer = answer, .format = format};
    table.output = (struct output){.format = format == REPORT_CSV   ? OUTPUT_CSV
                                             : format == REPORT_TSV ? OUTPUT_TSV
                                                                    : OUTPUT_JSONL,
                                   .to = &table.line};
    table.output.summary.result = answer->result;
    int status = each_listed(answer, SNIPPET_LENGTH, table_line, &table, err);
    out->failed |= table.line.failed;
    bytes_free(&table.line);
    return status;
}

/* ---- Text ---------------------------------------------------------------------------------- */

static int text_line(void *context, const struct listing_hit *hit, struct error *err) {
    struct bytes *out = context;
    struct bytes citation = BYTES_INIT;
    (void)err;
    citation_write(&citation, &hit->document, &hit->passage.row);
    bytes_printf(out, "%3u. ", hit->hit->rank);
    escape_terminal(out, citation.data ? (const char *)citation.data : "", citation.size);
    bytes_add_string(out, "\n     ");
    escape_terminal(out, hit->snippet.text, hit->snippet.size);
    bytes_add_byte(out, '\n');
    out->failed |= citation.failed;
    bytes_free(&citation);
    return 0;
}

void report_text_begin(struct bytes *out, const struct report_options *options) {
    if (*options->news)
        bytes_printf(out, "%s\n\n", options->news);
}

void report_text_end(struct bytes *out, const struct report_options *options, bool any) {
    if (*options->news && !any)
        bytes_add_string(out, "Nothing new.\n");
}

/* Of what is new only the topics that have some. */
int report_text_topic(struct bytes *out, const struct report_answer *answer, struct error *err) {
    const struct search_total *total = &answer->result->total;
    if (*answer->options->news && !answer->result->hit_count)
        return 0;
    escape_terminal(out, answer->topic->id, strlen(answer->topic->id));
    bytes_add_string(out, "  ");
    escape_terminal(out, answer->topic->query, strlen(answer->topic->query));
    bytes_printf(out, "\n     %s%llu %s\n", total->exact ? "" : "about ",
                 (unsigned long long)total->value, total->value == 1 ? "passage" : "passages");
    int status = each_listed(answer, SNIPPET_LENGTH, text_line, out, err);
    bytes_add_byte(out, '\n');
    return status;
}
