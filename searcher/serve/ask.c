/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/serve/ask.h"

#include "searcher/snippet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const ask_facet_names[PLENARY_FACETS] = {"speaker",  "body",  "year",   "month",
                                                     "language", "title", "heading"};
const char *const ask_sort_names[] = {"relevance", "newest", "oldest", NULL};

/* ---- Values -------------------------------------------------------------------------------- */

static const char *text_of(const struct request *request, const char *name) {
    const char *value = request_value(request, name);
    return value ? value : "";
}

static int take_number(uint32_t *out, const struct request *request, const char *name,
                       unsigned long most, struct error *err) {
    const char *text = request_value(request, name);
    if (!text || !*text)
        return 0;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || strlen(text) > 9)
        return error_set(err, PLENARY_EINVALID, "%s: '%.40s' is not a number", name, text);
    if (number > most)
        return error_set(err, PLENARY_ELIMIT, "%s: at most %lu", name, most);
    *out = (uint32_t)number;
    return 0;
}

static int take_choice(int *out, const struct request *request, const char *name,
                       const char *const *names, struct error *err) {
    const char *text = request_value(request, name);
    if (!text || !*text)
        return 0;
    for (int i = 0; names[i]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = i;
            return 0;
        }
    }
    return error_set(err, PLENARY_EINVALID, "%s: there is no '%.40s'", name, text);
}

static bool flag(const struct request *request, const char *name) {
    const char *text = request_value(request, name);
    return text && strcmp(text, "0") != 0 && strcmp(text, "false") != 0;
}

static int take_facets(unsigned *out, const char *text, struct error *err) {
    while (*text) {
        size_t size = strcspn(text, ",");
        int found = -1;
        for (int i = 0; i < PLENARY_FACETS; i++)
            if (strlen(ask_facet_names[i]) == size && strncmp(ask_facet_names[i], text, size) == 0)
                found = i;
        if (found < 0)
            return error_set(err, PLENARY_EINVALID, "facets: there is no '%.*s'",
                             size > 40 ? 40 : (int)size, text);
        *out |= 1U << found;
        text += size + (text[size] == ',');
    }
    return 0;
}

static int take_in(struct ask *out, const struct request *request, struct error *err) {
    for (size_t i = 0; i < request->count; i++) {
        const struct request_parameter *parameter = &request->parameters[i];
        if (strcmp(parameter->name, "in") != 0 || !*parameter->value)
            continue;
        if (out->in_count == ASK_IN_MOST)
            return error_set(err, PLENARY_ELIMIT, "in: at most %d times", ASK_IN_MOST);
        out->in[out->in_count++] = parameter->value;
    }
    return 0;
}

static int take_sort(struct ask *out, const struct request *request, struct error *err) {
    const char *text = text_of(request, "sort");
    int sort = 0;
    out->sort_given = *text != '\0';
    if (strcmp(text, "date") == 0) {
        out->sort = PLENARY_NEWEST_FIRST;
        return 0;
    }
    int status = take_choice(&sort, request, "sort", ask_sort_names, err);
    out->sort = (enum plenary_sort)sort;
    return status;
}

static int take_numbers(struct ask *out, const struct request *request, struct error *err) {
    uint32_t most = out->format == ASK_JSON ? ASK_LIMIT_MOST : ASK_EXPORT_MOST;
    int status = take_number(&out->limit, request, "limit", most, err);
    if (!status)
        status = take_number(&out->offset, request, "offset", ASK_WINDOW_MOST, err);
    if (!status)
        status = take_number(&out->group, request, "group", 20, err);
    if (!status)
        status = take_number(&out->context, request, "context", 10, err);
    if (!status)
        status = take_number(&out->snippet, request, "snippet", SNIPPET_MOST, err);
    if (!status && out->snippet && out->snippet < SNIPPET_LEAST)
        status = error_set(err, PLENARY_EINVALID, "snippet: at least %d, or 0", SNIPPET_LEAST);
    if (!status && out->offset + out->limit > ASK_WINDOW_MOST)
        status = error_set(err, PLENARY_ELIMIT,
                           "offset and limit reach beyond the first %d; narrow the search",
                           ASK_WINDOW_MOST);
    return status;
}

int ask_read(struct ask *out, const struct request *request, uint32_t limit, struct error *err) {
    static const char *const formats[] = {"json", "jsonl", "csv", "tsv", NULL};
    int format = ASK_JSON;
    *out = (struct ask){.query = text_of(request, "q"),
                        .from = text_of(request, "from"),
                        .to = text_of(request, "to"),
                        .speaker = text_of(request, "speaker"),
                        .body = text_of(request, "body"),
                        .language = text_of(request, "language"),
                        .after = text_of(request, "after"),
                        .fold = flag(request, "fold"),
                        .by_sum = flag(request, "sum"),
                        .count = flag(request, "count"),
                        .exact = flag(request, "exact"),
                        .limit = limit,
                        .snippet = SNIPPET_LENGTH};
    if (strlen(out->query) > ASK_QUERY_MOST || strlen(out->speaker) > ASK_QUERY_MOST ||
        strlen(out->body) > ASK_QUERY_MOST)
        return error_set(err, PLENARY_ELIMIT, "q: longer than %d bytes", ASK_QUERY_MOST);
    int status = take_choice(&format, request, "format", formats, err);
    out->format = (enum ask_format)format;
    if (!status)
        status = take_sort(out, request, err);
    if (!status)
        status = take_numbers(out, request, err);
    if (!status)
        status = take_facets(&out->facets, text_of(request, "facets"), err);
    return status ? status : take_in(out, request, err);
}

struct plenary_search_options ask_options(const struct ask *ask) {
    struct plenary_search_options options = PLENARY_SEARCH_OPTIONS_INIT;
    options.from = ask->from;
    options.to = ask->to;
    options.in = ask->in;
    options.in_count = ask->in_count;
    options.language = ask->language;
    options.speaker = ask->speaker;
    options.body = ask->body;
    options.after = ask->after;
    options.fold_duplicates = ask->fold;
    options.by_sum = ask->by_sum;
    options.facets = ask->facets;
    options.sort = ask->sort;
    options.offset = ask->offset;
    options.limit = ask->limit;
    options.per_document = ask->group;
    options.count_only = ask->count;
    options.exact_total = ask->exact;
    options.snippet_length = ask->snippet;
    options.context = ask->context;
    return options;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static void encode(struct bytes *out, const char *text, const char *also) {
    static const char digits[] = "0123456789ABCDEF";
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
                     strchr("-._~", c) || strchr(also, c);
        if (plain) {
            bytes_add_byte(out, c);
        } else {
            bytes_add_byte(out, '%');
            bytes_add_byte(out, (uint8_t)digits[c >> 4]);
            bytes_add_byte(out, (uint8_t)digits[c & 15]);
        }
    }
}

void ask_encode(struct bytes *out, const char *text) {
    encode(out, text, "");
}

/* A slash that a browser or a proxy might take out of the path, with dots or another slash beside
 * it, is escaped. */
void ask_encode_path(struct bytes *out, const char *text) {
    bool plain = text[0] != '/' && !strstr(text, "//") && !strstr(text, "/.") && text[0] != '.';
    encode(out, text, plain ? "/:," : ":,");
}

static void add_pair(struct bytes *out, char *between, const char *name, const char *value) {
    if (!*value)
        return;
    bytes_add_byte(out, (uint8_t)*between);
    *between = '&';
    bytes_add_string(out, name);
    bytes_add_byte(out, '=');
    ask_encode(out, value);
}

void ask_write(struct bytes *out, const struct ask *ask) {
    char between = '?', number[16] = "";
    add_pair(out, &between, "q", ask->query);
    add_pair(out, &between, "from", ask->from);
    add_pair(out, &between, "to", ask->to);
    add_pair(out, &between, "speaker", ask->speaker);
    add_pair(out, &between, "body", ask->body);
    add_pair(out, &between, "language", ask->language);
    for (size_t i = 0; i < ask->in_count; i++)
        add_pair(out, &between, "in", ask->in[i]);
    if (ask->sort_given)
        add_pair(out, &between, "sort", ask_sort_names[ask->sort]);
    if (ask->offset)
        snprintf(number, sizeof number, "%u", ask->offset);
    add_pair(out, &between, "offset", number);
}
