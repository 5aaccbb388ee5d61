/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/output.h"

#include <string.h>

static const char *const format_names[] = {
    [OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", [OUTPUT_JSONL] = "jsonl",
    [OUTPUT_CSV] = "csv",   [OUTPUT_TSV] = "tsv",
};

bool output_format_parse(const char *name, enum output_format *out) {
    for (size_t i = 0; i < sizeof format_names / sizeof *format_names; i++) {
        if (strcmp(name, format_names[i]) == 0) {
            *out = (enum output_format)i;
            return true;
        }
    }
    return false;
}

static int finish(const struct output *output, int status, struct error *err) {
    return status >= 0 && output->to->failed ? error_memory(err) : status;
}

int output_begin(struct output *output, const struct output_summary *summary, struct error *err) {
    int status = 0;
    output->summary = *summary;
    output->written = 0;
    output->in_group = false;
    switch (output->format) {
    case OUTPUT_TEXT:
        status = output_text_begin(output, err);
        break;
    case OUTPUT_JSON:
    case OUTPUT_JSONL:
        status = output_json_begin(output, err);
        break;
    case OUTPUT_CSV:
    case OUTPUT_TSV:
        output_table_begin(output);
        break;
    }
    return finish(output, status, err);
}

int output_hit(struct output *output, const struct listing_hit *hit,
               const struct output_part *parts, size_t part_count, struct error *err) {
    int status = 0;
    switch (output->format) {
    case OUTPUT_TEXT:
        status = output_text_hit(output, hit, parts, part_count, err);
        break;
    case OUTPUT_JSON:
    case OUTPUT_JSONL:
        status = output_json_hit(output, hit, parts, part_count, err);
        break;
    case OUTPUT_CSV:
    case OUTPUT_TSV:
        output_table_hit(output, hit);
        break;
    }
    output->written++;
    return finish(output, status, err);
}

int output_end(struct output *output, struct error *err) {
    int status = 0;
    if (output->format == OUTPUT_TEXT)
        status = output_text_end(output, err);
    else if (output->format == OUTPUT_JSON)
        status = output_json_end(output, err);
    return finish(output, status, err);
}
