/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/metadata.h"

#include "corpus/bytes.h"
#include "corpus/date.h"
#include "corpus/manifest_table.h"
#include "corpus/notice.h"

#include <errno.h>
#include <jansson.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/utf8.h>
#include <xxhash.h>

enum { FOLDERS_ABOVE = 6, SIDECAR_MAX = 1 << 20 };

static const char SIDECAR[] = ".meta.json", MANIFEST[] = "manifest.tsv";

/* A folder that was looked into. */
struct folder {
    const char *path; /* owned in the tree, of `size` bytes */
    size_t size;
    struct manifest_table *table; /* NULL: it has no manifest */
};

struct metadata_store {
    struct corpus_options options;
    void *folders; /* of tsearch(3), by path; owned */
};

struct metadata_store *metadata_store_open(const struct corpus_options *options) {
    struct metadata_store *store = calloc(1, sizeof *store);
    if (store)
        store->options = *options;
    return store;
}

static void free_folder(void *node) {
    struct folder *folder = node;
    free((char *)(uintptr_t)folder->path);
    manifest_table_free(folder->table);
    free(folder);
}

void metadata_store_close(struct metadata_store *store) {
    if (!store)
        return;
    tdestroy(store->folders, free_folder);
    free(store);
}

void metadata_free(struct metadata *metadata) {
    free(metadata->title);
    free(metadata->body);
    free(metadata->language);
    *metadata = (struct metadata){.title = NULL};
}

bool metadata_is_sidecar(const char *name) {
    size_t size = strlen(name), ending = sizeof SIDECAR - 1;
    return size > ending && !strcmp(name + size - ending, SIDECAR);
}

bool metadata_is_manifest(const uint8_t *data, size_t size) {
    static const char first[] = "filename\t";
    const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
    size = end ? (size_t)(end - data) : size;
    return size >= sizeof first - 1 && !memcmp(data, first, sizeof first - 1) &&
           !memmem(data, size, "\ttext", 5);
}

/* ---- values ---- */

/* Where a link "[text](address)" or picture "![...](...)" at `at` ends; NULL if there is none. */
static const char *link_end(const char *at, const char *end, const char **text_end) {
    *text_end = memchr(at, ']', (size_t)(end - at));
    if (!*text_end || *text_end + 1 >= end || (*text_end)[1] != '(')
        return NULL;
    const char *close = memchr(*text_end, ')', (size_t)(end - *text_end));
    return close ? close + 1 : NULL;
}

/* Markdown of a title read as text: no pictures, links or emphasis. */
static void add_plain(struct bytes *out, const char *at, const char *end) {
    while (at < end && (*at == '#' || *at == ' '))
        at++;
    if (end - at > 7 && !memcmp(at, "title: ", 7))
        at += 7; /* a line of front matter */
    if (at < end && *at == '<' && end[-1] == '>')
        return;
    while (at < end) {
        const char *text_end, *behind;
        bool picture = *at == '!' && at + 1 < end && at[1] == '[';
        const char *open = at + picture;
        if (*open == '[' && (behind = link_end(open, end, &text_end))) {
            if (!picture)
                bytes_add(out, open + 1, (size_t)(text_end - open - 1));
            at = behind;
        } else if (end - at >= 2 && at[0] == '*' && at[1] == '*') {
            at += 2;
        } else {
            bytes_add_byte(out, (uint8_t)*at++);
        }
    }
}

/* UTF-8, bounded, without spaces at the ends; NULL and 0 for a value that is as good as none. */
static int set_value(char **to, const char *text, size_t size, bool markdown) {
    struct bytes value = BYTES_INIT;
    if (*to || !text)
        return 0;
    size = size > METADATA_VALUE_MAX ? METADATA_VALUE_MAX : size;
    while (size && ((uint8_t)text[size - 1] & 0x80) && size == METADATA_VALUE_MAX)
        size--;
    if (markdown)
        add_plain(&value, text, text + size);
    else
        bytes_add(&value, text, size);
    while (value.size && value.data[value.size - 1] <= ' ')
        value.size--;
    size_t start = 0;
    while (start < value.size && value.data[start] <= ' ')
        start++;
    bool failed = value.failed, valid = true;
    for (size_t at = start; at < value.size;) {
        UChar32 point;
        U8_NEXT(value.data, at, value.size, point);
        valid &= point > 0;
    }
    if (!failed && valid && start < value.size)
        failed = !(*to = strndup((char *)value.data + start, value.size - start));
    bytes_free(&value);
    return failed ? PLENARY_ENOMEM : 0;
}

static void set_date(uint32_t *to, const char *text, size_t size) {
    char copy[32];
    if (*to || !text || size >= sizeof copy)
        return;
    memcpy(copy, text, size);
    copy[size] = '\0';
    *to = date_parse(copy);
    if (!*to)
        *to = date_find(text, size);
}

/* ---- sidecars ---- */

static int take_sidecar(struct metadata *out, const json_t *root) {
    const struct {
        const char *name;
        char **to;
    } members[] = {{"title", &out->title}, {"body", &out->body}, {"language", &out->language}};
    int status = 0;
    for (size_t i = 0; i < sizeof members / sizeof *members && !status; i++) {
        const json_t *value = json_object_get(root, members[i].name);
        if (json_is_string(value))
            status = set_value(members[i].to, json_string_value(value), json_string_length(value),
                               false);
    }
    const json_t *date = json_object_get(root, "date");
    if (json_is_string(date))
        set_date(&out->date, json_string_value(date), json_string_length(date));
    return status;
}

static int read_sidecar(struct metadata_store *store, const char *path, struct metadata *out) {
    struct stat info;
    json_error_t fault;
    if (stat(path, &info) || !S_ISREG(info.st_mode))
        return 0;
    if (info.st_size > SIDECAR_MAX) {
        notice_send(&store->options, NOTICE_WARNING, path, 0, "a sidecar of more than %d bytes",
                    SIDECAR_MAX);
        return 0;
    }
    json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &fault);
    int status = 0;
    if (json_is_object(root))
        status = take_sidecar(out, root);
    else
        notice_send(&store->options, NOTICE_WARNING, path,
                    !root && fault.line > 0 ? (uint64_t)fault.line : 0,
                    "the sidecar is not a JSON object: %s",
                    root ? "it is another value" : fault.text);
    json_decref(root);
    return status;
}

/* "minutes.txt" has minutes.txt.meta.json, else minutes.meta.json. */
static int find_sidecar(struct metadata_store *store, const char *source, struct metadata *out) {
    const char *slash = strrchr(source, '/'), *name = slash ? slash + 1 : source;
    const char *dot = strrchr(name, '.');
    struct bytes path = BYTES_INIT;
    bytes_printf(&path, "%s%s", source, SIDECAR);
    int status =
        bytes_string(&path) ? read_sidecar(store, bytes_string(&path), out) : PLENARY_ENOMEM;
    if (!status && dot && dot > name) {
        bytes_reset(&path);
        bytes_printf(&path, "%.*s%s", (int)(dot - source), source, SIDECAR);
        status =
            bytes_string(&path) ? read_sidecar(store, bytes_string(&path), out) : PLENARY_ENOMEM;
    }
    bytes_free(&path);
    return status;
}

/* ---- manifests ---- */

static int load_folder(struct metadata_store *store, struct folder *folder) {
    struct bytes path = BYTES_INIT;
    bytes_printf(&path, "%s/%s", folder->path, MANIFEST);
    int status = bytes_string(&path) ? manifest_table_read(&folder->table, bytes_string(&path))
                                     : PLENARY_ENOMEM;
    if (status == PLENARY_EIO) {
        notice_send(&store->options, NOTICE_WARNING, bytes_string(&path), 0,
                    "the manifest cannot be read: %s", strerror(errno));
        status = 0;
    }
    bytes_free(&path);
    return status;
}

static int compare_folders(const void *a, const void *b) {
    const struct folder *x = a, *y = b;
    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    return memcmp(x->path, y->path, x->size);
}

/* NULL when out of memory. */
static const struct folder *folder_of(struct metadata_store *store, const char *path, size_t size) {
    const struct folder key = {path, size, NULL};
    void *found = tfind(&key, &store->folders, compare_folders);
    if (found)
        return *(struct folder **)found;
    struct folder *folder = calloc(1, sizeof *folder);
    if (!folder)
        return NULL;
    *folder = (struct folder){strndup(path, size), size, NULL};
    if (!folder->path || load_folder(store, folder) ||
        !tsearch(folder, &store->folders, compare_folders)) {
        free_folder(folder);
        return NULL;
    }
    return folder;
}

static int take_row(struct metadata *out, const struct manifest_cell *cells) {
    const struct manifest_cell *title = &cells[MANIFEST_TITLE], *body = &cells[MANIFEST_BODY],
                               *language = &cells[MANIFEST_LANGUAGE];
    int status = set_value(&out->title, title->text, title->size, true);
    if (!status)
        status = set_value(&out->body, body->text, body->size, false);
    if (!status)
        status = set_value(&out->language, language->text, language->size, false);
    set_date(&out->date, cells[MANIFEST_DATE].text, cells[MANIFEST_DATE].size);
    return status;
}

static int find_in_manifests(struct metadata_store *store, const char *source,
                             struct metadata *out) {
    size_t size = strlen(source);
    for (unsigned i = 0; i <= FOLDERS_ABOVE; i++) {
        while (size && source[size - 1] != '/')
            size--;
        if (!size)
            return 0;
        struct manifest_cell cells[MANIFEST_COLUMNS];
        const struct folder *folder = folder_of(store, source, --size);
        if (!folder)
            return PLENARY_ENOMEM;
        if (folder->table && manifest_table_find(folder->table, source + size + 1, cells)) {
            int status = take_row(out, cells);
            if (status)
                return status;
        }
    }
    return 0;
}

int metadata_find(struct metadata_store *store, const char *source, bool alone,
                  struct metadata *out, struct error *err) {
    *out = (struct metadata){.title = NULL};
    if (*source != '/')
        return 0;
    int status = alone ? 0 : find_sidecar(store, source, out);
    if (!status)
        status = find_in_manifests(store, source, out);
    if (!status)
        return 0;
    metadata_free(out);
    return error_memory(err);
}

/* ---- use ---- */

static int apply_text(struct document *document, const char **to, const char *value) {
    return !value || (*to = arena_string(&document->arena, value)) ? 0 : PLENARY_ENOMEM;
}

/* What was said coarsely is no reason to forget a day within it. */
static bool lies_in(uint32_t date, uint32_t month_or_year) {
    if (month_or_year / 100 % 100)
        return date / 100 == month_or_year / 100;
    return date / 10000 == month_or_year / 10000;
}

int metadata_apply(const struct metadata *metadata, struct document *document) {
    uint32_t date = metadata->date;
    if (date && (date % 100 || !document->date || !lies_in(document->date, date)))
        document->date = date;
    return apply_text(document, &document->title, metadata->title) ||
                   apply_text(document, &document->body, metadata->body) ||
                   apply_text(document, &document->language, metadata->language)
               ? PLENARY_ENOMEM
               : 0;
}

uint64_t metadata_hash(const struct metadata *metadata) {
    const char *const values[] = {metadata->title, metadata->body, metadata->language};
    uint64_t hash = metadata->date;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (values[i])
            hash = XXH3_64bits_withSeed(values[i], strlen(values[i]), hash + i + 1);
    return hash;
}
