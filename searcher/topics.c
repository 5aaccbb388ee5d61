/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/topics.h"

#include "corpus/bytes.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct topics *topics;
    const char *name;
    size_t line;
    bool words;
    struct error *err;
};

struct slice {
    const char *text;
    size_t size;
};

/* ---- One topic ----------------------------------------------------------------------------- */

static struct slice trimmed(struct slice slice) {
    while (slice.size && isspace((unsigned char)slice.text[0]))
        slice.text++, slice.size--;
    while (slice.size && isspace((unsigned char)slice.text[slice.size - 1]))
        slice.size--;
    return slice;
}

static bool is_operator(const char *text, size_t size) {
    return (size == 3 && (memcmp(text, "AND", 3) == 0 || memcmp(text, "NOT", 3) == 0)) ||
           (size == 2 && memcmp(text, "OR", 2) == 0) || (size >= 4 && memcmp(text, "NEAR", 4) == 0);
}

/* A query whose signs and operators mean nothing: they become blanks and lower case. Hyphens and
 * apostrophes inside a word are part of it. */
static void plain_words(char *text) {
    static const char signs[] = "()[]{}\"+:*~^=\\<>|!";
    for (char *at = text; *at; at++) {
        bool starts = at == text || isspace((unsigned char)at[-1]);
        if (strchr(signs, *at) || (*at == '-' && starts))
            *at = ' ';
    }
    for (char *at = text; *at;) {
        size_t size = strcspn(at, " \t\r\n");
        bool lower = is_operator(at, size);
        for (size_t i = 0; i < size && lower; i++)
            at[i] = (char)tolower((unsigned char)at[i]);
        at += size;
        at += strspn(at, " \t\r\n");
    }
    /* Quotation marks of other shapes. */
    static const char *const quotes[] = {"\u00ab", "\u00bb", "\u201c", "\u201d", "\u201e"};
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        for (char *at; (at = strstr(text, quotes[i]));)
            memset(at, ' ', strlen(quotes[i]));
}

static int add(struct reader *reader, struct slice id, struct slice query, struct slice scope) {
    struct topics *topics = reader->topics;
    id = trimmed(id);
    query = trimmed(query);
    scope = trimmed(scope);
    if (topics->count == TOPICS_MOST)
        return error_set(reader->err, PLENARY_ELIMIT, "%s: more than %d topics", reader->name,
                         TOPICS_MOST);
    if (!id.size || memchr(query.text, 0, query.size))
        return error_set(reader->err, PLENARY_EINVALID, "%s:%zu: %s", reader->name, reader->line,
                         id.size ? "the query holds a zero byte" : "the topic has no id");
    for (size_t i = 0; i < id.size; i++)
        if (isspace((unsigned char)id.text[i]) || !id.text[i])
            return error_set(reader->err, PLENARY_EINVALID,
                             "%s:%zu: a topic's id must be without blanks", reader->name,
                             reader->line);
    if (topics->count == topics->capacity) {
        size_t capacity = topics->capacity ? 2 * topics->capacity : 64;
        struct topic *grown = reallocarray(topics->all, capacity, sizeof *grown);
        if (!grown)
            return error_memory(reader->err);
        topics->all = grown;
        topics->capacity = capacity;
    }
    char *text = arena_text(&topics->arena, query.text, query.size);
    struct topic topic = {arena_text(&topics->arena, id.text, id.size), text, NULL};
    if (scope.size)
        topic.scope = arena_text(&topics->arena, scope.text, scope.size);
    if (!topic.id || !text || (scope.size && !topic.scope))
        return error_memory(reader->err);
    if (reader->words)
        plain_words(text);
    topics->all[topics->count++] = topic;
    return 0;
}

/* ---- Formats ------------------------------------------------------------------------------- */

static int read_tsv_line(struct reader *reader, struct slice line) {
    const char *tab = memchr(line.text, '\t', line.size);
    char number[24];
    snprintf(number, sizeof number, "%zu", reader->line);
    if (!tab)
        return add(reader, (struct slice){number, strlen(number)}, line, (struct slice){"", 0});
    struct slice id = {line.text, (size_t)(tab - line.text)};
    struct slice query = {tab + 1, line.size - id.size - 1}, scope = {"", 0};
    tab = memchr(query.text, '\t', query.size);
    if (tab) {
        scope = (struct slice){tab + 1, query.size - (size_t)(tab - query.text) - 1};
        query.size = (size_t)(tab - query.text);
        tab = memchr(scope.text, '\t', scope.size); /* columns behind it are of no concern here */
        scope.size = tab ? (size_t)(tab - scope.text) : scope.size;
    }
    return add(reader, id, query, scope);
}

/* The first of these keys that has a string or a whole number. */
static struct slice json_field(json_t *object, const char *const *keys, char number[24]) {
    for (; *keys; keys++) {
        const json_t *value = json_object_get(object, *keys);
        if (json_is_string(value))
            return (struct slice){json_string_value(value), json_string_length(value)};
        if (json_is_integer(value)) {
            int size = snprintf(number, 24, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            return (struct slice){number, (size_t)size};
        }
    }
    return (struct slice){"", 0};
}

static int read_json_line(struct reader *reader, struct slice line) {
    static const char *const ids[] = {"id", "_id", "qid", "num", NULL};
    static const char *const queries[] = {"query", "text", "title", NULL};
    static const char *const scopes[] = {"scope", "document", NULL};
    json_error_t fault;
    json_t *object = json_loadb(line.text, line.size, JSON_ALLOW_NUL, &fault);
    char numbers[3][24], place[24];
    int status;
    if (!json_is_object(object)) {
        status = error_set(reader->err, PLENARY_EINVALID, "%s:%zu: not a JSON object: %s",
                           reader->name, reader->line, object ? "another value" : fault.text);
    } else {
        struct slice id = json_field(object, ids, numbers[0]);
        if (!id.size)
            id = (struct slice){place, (size_t)snprintf(place, sizeof place, "%zu", reader->line)};
        status = add(reader, id, json_field(object, queries, numbers[1]),
                     json_field(object, scopes, numbers[2]));
    }
    json_decref(object);
    return status;
}

static int read_lines(struct reader *reader, struct slice text,
                      int (*read)(struct reader *, struct slice)) {
    int status = 0;
    while (text.size && !status) {
        const char *end = memchr(text.text, '\n', text.size);
        size_t size = end ? (size_t)(end - text.text) : text.size;
        struct slice line = {text.text, size};
        reader->line++;
        text.text += size + (end != NULL);
        text.size -= size + (end != NULL);
        if (line.size && line.text[line.size - 1] == '\r')
            line.size--;
        if (trimmed(line).size && line.text[0] != '#')
            status = read(reader, line);
    }
    return status;
}

/* What stands between <name> and the next tag; empty if there is no such tag. */
static struct slice tagged(struct slice top, const char *name) {
    const char *at = memmem(top.text, top.size, name, strlen(name));
    if (!at)
        return (struct slice){"", 0};
    at += strlen(name);
    size_t left = top.size - (size_t)(at - top.text);
    const char *end = memchr(at, '<', left);
    return trimmed((struct slice){at, end ? (size_t)(end - at) : left});
}

static struct slice without_label(struct slice value, const char *label) {
    size_t size = strlen(label);
    if (value.size >= size && strncasecmp(value.text, label, size) == 0)
        value = (struct slice){value.text + size, value.size - size};
    return trimmed(value);
}

static int read_trec(struct reader *reader, struct slice text) {
    int status = 0;
    reader->words = true;
    for (const char *at; !status && (at = memmem(text.text, text.size, "<top>", 5));) {
        size_t left = text.size - (size_t)(at - text.text);
        const char *end = memmem(at, left, "</top>", 6);
        struct slice top = {at, end ? (size_t)(end - at) : left};
        for (const char *line = text.text; line < at; line++)
            reader->line += *line == '\n';
        struct slice query = tagged(top, "<title>");
        if (!query.size)
            query = without_label(tagged(top, "<desc>"), "Description:");
        status = add(reader, without_label(tagged(top, "<num>"), "Number:"),
                     without_label(query, "Topic:"), (struct slice){"", 0});
        for (size_t i = 0; i < top.size; i++)
            reader->line += top.text[i] == '\n';
        text.size -= (size_t)(top.text + top.size - text.text);
        text.text = top.text + top.size;
    }
    return status;
}

/* ---- Files --------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int check_ids(const struct topics *topics, const char *name, struct error *err) {
    const char **ids = calloc(topics->count + 1, sizeof *ids);
    if (!ids)
        return error_memory(err);
    for (size_t i = 0; i < topics->count; i++)
        ids[i] = topics->all[i].id;
    qsort(ids, topics->count, sizeof *ids, by_id);
    int status = 0;
    for (size_t i = 1; i < topics->count && !status; i++)
        if (strcmp(ids[i], ids[i - 1]) == 0)
            status =
                error_set(err, PLENARY_EINVALID, "%s: two topics have the id %s", name, ids[i]);
    free(ids);
    return status;
}

int topics_parse(struct topics *out, const char *text, size_t size, const char *name, bool words,
                 struct error *err) {
    *out = (struct topics){.arena = ARENA_INIT};
    struct reader reader = {out, name, 0, words, err};
    struct slice all = {text, size};
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        all = (struct slice){text + 3, size - 3};
    struct slice start = trimmed(all);
    int status;
    if (start.size && *start.text == '<')
        status = read_trec(&reader, all);
    else
        status = read_lines(&reader, all,
                            start.size && *start.text == '{' ? read_json_line : read_tsv_line);
    if (!status)
        status = check_ids(out, name, err);
    if (!status && !out->count)
        status = error_set(err, PLENARY_EINVALID, "%s: no topics in it", name);
    if (status)
        topics_free(out);
    return status;
}

int topics_read(struct topics *out, const char *path, bool words, struct error *err) {
    bool is_input = strcmp(path, "-") == 0;
    FILE *file = is_input ? stdin : fopen(path, "re");
    struct bytes text = {.limit = TOPICS_FILE_MOST};
    int status = 0;
    if (!file)
        return error_errno(err, "%s", path);
    size_t got = 1;
    while (got && bytes_reserve(&text, 1 << 16)) {
        got = fread(text.data + text.size, 1, 1 << 16, file);
        text.size += got;
    }
    if (ferror(file))
        status = error_errno(err, "%s", path);
    else if (text.failed)
        status = error_set(err, PLENARY_ELIMIT, "%s: too large for a file of topics", path);
    if (!is_input)
        fclose(file);
    if (!status)
        status = topics_parse(out, (const char *)text.data, text.size,
                              is_input ? "standard input" : path, words, err);
    bytes_free(&text);
    return status;
}

int topics_add(struct topics *topics, const char *query, bool words, struct error *err) {
    char number[24];
    snprintf(number, sizeof number, "%zu", topics->count + 1);
    struct reader reader = {topics, "the command line", topics->count + 1, words, err};
    return add(&reader, (struct slice){number, strlen(number)},
               (struct slice){query, strlen(query)}, (struct slice){"", 0});
}

void topics_free(struct topics *topics) {
    free(topics->all);
    arena_free(&topics->arena);
    *topics = (struct topics){.arena = ARENA_INIT};
}
