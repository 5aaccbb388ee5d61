/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/manifest_table.h"

#include "corpus/bytes.h"
#include "corpus/error.h"
#include "corpus/metadata.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { MANIFEST_MAX = 64 << 20, CELLS_MAX = 64 };

struct row {
    const char *name; /* the cell of the file name */
    size_t size;
    const char *line, *end;
};

struct manifest_table {
    struct bytes text;
    struct row *rows; /* sorted by name */
    size_t count, capacity;
    int columns[MANIFEST_COLUMNS]; /* which cell; -1: none */
    uint64_t *titles;              /* hashes, sorted: one a row */
};

static int read_file(struct bytes *text, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat info;
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0 : PLENARY_EIO;
    int status = fstat(fd, &info) ? PLENARY_EIO : 0;
    if (!status && (!S_ISREG(info.st_mode) || info.st_size > MANIFEST_MAX)) {
        errno = S_ISREG(info.st_mode) ? EFBIG : EINVAL;
        status = PLENARY_EIO;
    }
    while (!status && text->size <= MANIFEST_MAX) {
        if (!bytes_reserve(text, 64 * 1024)) {
            status = PLENARY_ENOMEM;
            break;
        }
        ssize_t got = read(fd, text->data + text->size, 64 * 1024);
        if (got < 0 && errno != EINTR)
            status = PLENARY_EIO;
        if (got == 0)
            break;
        text->size += got > 0 ? (size_t)got : 0;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return status;
}

static const char *line_end(const char *at, const char *end, const char **next) {
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    *next = newline ? newline + 1 : end;
    newline = newline ? newline : end;
    return newline > at && newline[-1] == '\r' ? newline - 1 : newline;
}

/* Cell `i` of a line; its text is NULL where the line has not so many or the cell is empty. */
static struct manifest_cell cell_of(const char *at, const char *end, int i) {
    for (; i > 0; i--) {
        at = memchr(at, '\t', (size_t)(end - at));
        if (!at)
            return (struct manifest_cell){NULL, 0};
        at++;
    }
    const char *tab = i < 0 ? at : memchr(at, '\t', (size_t)(end - at));
    size_t size = (size_t)((tab ? tab : end) - at);
    return (struct manifest_cell){size ? at : NULL, size};
}

static void read_header(struct manifest_table *table, const char *at, const char *end) {
    static const char *const names[MANIFEST_COLUMNS] = {"filename", "date", "title", "body",
                                                        "language"};
    for (int column = 0; column < MANIFEST_COLUMNS; column++) {
        table->columns[column] = -1;
        for (int i = 0; i < CELLS_MAX && table->columns[column] < 0; i++) {
            struct manifest_cell cell = cell_of(at, end, i);
            if (cell.text && cell.size == strlen(names[column]) &&
                !memcmp(cell.text, names[column], cell.size))
                table->columns[column] = i;
        }
    }
}

static int compare_rows(const void *a, const void *b) {
    const struct row *x = a, *y = b;
    int order = memcmp(x->name, y->name, x->size < y->size ? x->size : y->size);
    if (!order)
        order = (x->size > y->size) - (x->size < y->size);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static bool add_row(struct manifest_table *table, const char *line, const char *end) {
    struct manifest_cell name = cell_of(line, end, 0);
    if (!name.text)
        return true;
    if (table->count == table->capacity) {
        size_t capacity = table->capacity ? table->capacity * 2 : 256;
        struct row *rows = realloc(table->rows, capacity * sizeof *rows);
        if (!rows)
            return false;
        table->rows = rows;
        table->capacity = capacity;
    }
    table->rows[table->count++] = (struct row){name.text, name.size, line, end};
    return true;
}

static uint64_t title_hash(const struct manifest_table *table, const struct row *row) {
    int column = table->columns[MANIFEST_TITLE];
    struct manifest_cell cell = {NULL, 0};
    if (column >= 0)
        cell = cell_of(row->line, row->end, column);
    return cell.text ? XXH3_64bits(cell.text, cell.size) : 0;
}

static int compare_hashes(const void *a, const void *b) {
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool hash_titles(struct manifest_table *table) {
    table->titles = malloc(table->count * sizeof *table->titles);
    if (!table->titles)
        return false;
    for (size_t i = 0; i < table->count; i++)
        table->titles[i] = title_hash(table, &table->rows[i]);
    qsort(table->titles, table->count, sizeof *table->titles, compare_hashes);
    return true;
}

/* A title that three and more files have ("This is a generated file") names none of them. */
static bool is_shared(const struct manifest_table *table, uint64_t hash) {
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->titles[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low + 2 < table->count && table->titles[low + 2] == hash;
}

static int read_rows(struct manifest_table *table) {
    if (!table->text.data)
        return 0;
    const char *at = (const char *)table->text.data, *end = at + table->text.size, *next;
    read_header(table, at, line_end(at, end, &next));
    for (at = next; at < end; at = next)
        if (!add_row(table, at, line_end(at, end, &next)))
            return PLENARY_ENOMEM;
    if (!table->count)
        return 0;
    qsort(table->rows, table->count, sizeof *table->rows, compare_rows);
    return hash_titles(table) ? 0 : PLENARY_ENOMEM;
}

int manifest_table_read(struct manifest_table **out, const char *path) {
    struct manifest_table *table = calloc(1, sizeof *table);
    *out = NULL;
    if (!table)
        return PLENARY_ENOMEM;
    int status = read_file(&table->text, path);
    bool is_one = !status && metadata_is_manifest(table->text.data, table->text.size);
    if (is_one)
        status = read_rows(table);
    if (is_one && !status)
        *out = table;
    else
        manifest_table_free(table);
    return status;
}

bool manifest_table_find(const struct manifest_table *table, const char *name,
                         struct manifest_cell cells[MANIFEST_COLUMNS]) {
    struct row key = {name, strlen(name), NULL, NULL};
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_rows(&table->rows[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const struct row *row = &table->rows[low];
    if (low == table->count || row->size != key.size || memcmp(row->name, name, key.size) != 0)
        return false;
    for (int i = 0; i < MANIFEST_COLUMNS; i++)
        cells[i] = table->columns[i] < 0 ? (struct manifest_cell){NULL, 0}
                                         : cell_of(row->line, row->end, table->columns[i]);
    if (is_shared(table, title_hash(table, row)))
        cells[MANIFEST_TITLE] = (struct manifest_cell){NULL, 0};
    return true;
}

void manifest_table_free(struct manifest_table *table) {
    if (!table)
        return;
    bytes_free(&table->text);
    free(table->rows);
    free(table->titles);
    free(table);
}
