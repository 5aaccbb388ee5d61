/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/trec_file.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 64 << 10, FIELDS = 5 };

struct reader {
    struct trec_table *table;
    enum trec_kind kind;
    const char *name;
    size_t line, capacity;
    struct error *err;
};

static int wrong(const struct reader *reader, const char *what) {
    return error_set(reader->err, PLENARY_EINVALID, "%s:%zu: %s", reader->name, reader->line, what);
}

static bool parse_judgement(const char *text, long *out) {
    char *end;
    errno = 0;
    *out = strtol(text, &end, 10);
    return end != text && !*end && !errno && *out <= INT32_MAX && *out >= INT32_MIN;
}

/* Through double to float, as trec_eval (atof into a float). */
static bool parse_score(const char *text, float *out) {
    char *end;
    double value = strtod(text, &end);
    *out = (float)value;
    return end != text && !*end && !isnan(value);
}

static struct trec_row *add_row(struct reader *reader) {
    struct trec_table *table = reader->table;
    if (table->row_count == reader->capacity) {
        size_t capacity = reader->capacity ? 2 * reader->capacity : 1024;
        struct trec_row *grown = reallocarray(table->rows, capacity, sizeof *grown);
        if (!grown)
            return NULL;
        table->rows = grown;
        reader->capacity = capacity;
    }
    return &table->rows[table->row_count++];
}

static int take_line(struct reader *reader, char *line) {
    char *fields[FIELDS], *rest = NULL;
    size_t count = 0;
    for (char *at = strtok_r(line, " \t\r\n\f\v", &rest); at && count < FIELDS;
         at = strtok_r(NULL, " \t\r\n\f\v", &rest))
        fields[count++] = at;
    if (!count)
        return 0;
    bool is_run = reader->kind == TREC_RUN;
    if (count < (is_run ? 5U : 4U))
        return wrong(reader, is_run ? "a line of a run is: topic Q0 document rank score tag"
                                    : "a line of qrels is: topic 0 document judgement");
    struct trec_row row = {.judgement = 0};
    if (!is_run && !parse_judgement(fields[3], &row.judgement))
        return wrong(reader, "the judgement in the fourth column is not a whole number");
    if (is_run && !parse_score(fields[4], &row.score))
        return wrong(reader, "the score in the fifth column is not a number");
    struct trec_table *table = reader->table;
    const struct trec_row *last = table->row_count ? &table->rows[table->row_count - 1] : NULL;
    row.topic = last && strcmp(last->topic, fields[0]) == 0
                    ? last->topic
                    : arena_string(&table->arena, fields[0]);
    row.document = arena_string(&table->arena, fields[2]);
    struct trec_row *added = add_row(reader);
    if (!row.topic || !row.document || !added)
        return error_memory(reader->err);
    *added = row;
    return 0;
}

static int by_topic(const void *a, const void *b) {
    const struct trec_row *x = a, *y = b;
    int order = strcmp(x->topic, y->topic);
    return order ? order : strcmp(x->document, y->document);
}

static int group(struct reader *reader) {
    struct trec_table *table = reader->table;
    if (table->row_count)
        qsort(table->rows, table->row_count, sizeof *table->rows, by_topic);
    table->topics = arena_zero(&table->arena, table->row_count + 1, sizeof *table->topics);
    if (!table->topics)
        return error_memory(reader->err);
    for (size_t i = 0; i < table->row_count; i++) {
        const struct trec_row *row = &table->rows[i], *before = i ? row - 1 : NULL;
        if (before && by_topic(before, row) == 0)
            return error_set(reader->err, PLENARY_EINVALID,
                             "%s: topic %s has the document %s twice", reader->name, row->topic,
                             row->document);
        if (!before || strcmp(before->topic, row->topic) != 0)
            table->topics[table->count++] = (struct trec_topic){row->topic, row, 0};
        table->topics[table->count - 1].count++;
    }
    return 0;
}

int trec_table_read_stream(struct trec_table *out, enum trec_kind kind, FILE *file,
                           const char *name, struct error *err) {
    *out = (struct trec_table){.arena = ARENA_INIT};
    struct reader reader = {out, kind, name, 0, 0, err};
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    int status = 0;
    while (!status && (size = getline(&line, &capacity, file)) > 0) {
        reader.line++;
        if (size > LINE_MOST || memchr(line, 0, (size_t)size))
            status = wrong(&reader, "the line is too long, or holds a zero byte");
        else
            status = take_line(&reader, line);
    }
    if (!status && ferror(file))
        status = error_errno(err, "%s", name);
    free(line);
    if (!status)
        status = group(&reader);
    if (status)
        trec_table_free(out);
    return status;
}

int trec_table_read(struct trec_table *out, enum trec_kind kind, const char *path,
                    struct error *err) {
    bool is_input = strcmp(path, "-") == 0;
    FILE *file = is_input ? stdin : fopen(path, "re");
    if (!file)
        return error_errno(err, "%s", path);
    int status = trec_table_read_stream(out, kind, file, is_input ? "standard input" : path, err);
    if (!is_input)
        fclose(file);
    return status;
}

void trec_table_free(struct trec_table *table) {
    free(table->rows);
    arena_free(&table->arena);
    *table = (struct trec_table){.arena = ARENA_INIT};
}

static int compare_topic(const void *key, const void *topic) {
    return strcmp(key, ((const struct trec_topic *)topic)->id);
}

const struct trec_topic *trec_table_find(const struct trec_table *table, const char *id) {
    if (!table->count)
        return NULL;
    return bsearch(id, table->topics, table->count, sizeof *table->topics, compare_topic);
}
