/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the shim's tests share: a folder to work in, small databases written as lines of text, and
 * query nodes. */
#ifndef PLENARY_TESTS_SHIM_FIXTURE_H
#define PLENARY_TESTS_SHIM_FIXTURE_H

#include "shim/shim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define UNUSED __attribute__((unused))

struct fixture {
    char folder[64];
    char path[4][96]; /* of up to four databases in it */
};

static UNUSED int fixture_setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    if (!fixture)
        return -1;
    strcpy(fixture->folder, "/tmp/plenary-shim-XXXXXX");
    if (!mkdtemp(fixture->folder))
        return -1;
    for (size_t i = 0; i < COUNT(fixture->path); i++)
        snprintf(fixture->path[i], sizeof fixture->path[i], "%s/%zu", fixture->folder, i);
    *state = fixture;
    return 0;
}

static UNUSED int remove_entry(const char *path, const struct stat *about, int kind,
                               struct FTW *walk) {
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

static UNUSED int fixture_teardown(void **state) {
    struct fixture *fixture = *state;
    int result = nftw(fixture->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return result;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#define assert_ok(handle, kind, call)                                                              \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        if (status_ != SHIM_OK)                                                                    \
            fail_msg("%s: %s", shim_status_name(status_), kind##_message(handle));                 \
    } while (0)
#define assert_writes(writer, call) assert_ok(writer, shim_writer, call)
#define assert_reads(database, call) assert_ok(database, shim_database, call)

static UNUSED void assert_contains(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("\"%s\" does not contain \"%s\"", text, part);
}

/* Add a document whose words, separated by spaces, stand at positions 1, 2, ... */
static UNUSED void add_text(struct shim_writer *writer, uint32_t docid, const char *text) {
    struct shim_posting postings[64];
    uint32_t positions[64][64];
    size_t count = 0;
    uint32_t position = 0;
    while (*text) {
        uint32_t size = (uint32_t)strcspn(text, " ");
        size_t i = 0;
        while (i < count && (postings[i].term_size != size || memcmp(postings[i].term, text, size)))
            i++;
        if (i == count)
            postings[count++] = (struct shim_posting){text, size, 0, positions[i], 0};
        positions[i][postings[i].wdf++] = ++position;
        postings[i].position_count++;
        text += size + (text[size] == ' ');
    }
    assert_writes(writer, shim_writer_add(writer, docid, postings, count, NULL, 0));
}

struct text {
    uint32_t docid;
    const char *words;
};

static UNUSED void write_texts(const char *path, const struct text *texts, size_t count) {
    struct shim_writer *writer;
    assert_writes(writer, shim_writer_create(&writer, path));
    for (size_t i = 0; i < count; i++)
        add_text(writer, texts[i].docid, texts[i].words);
    assert_writes(writer, shim_writer_finish(writer));
    shim_writer_close(writer);
}

static UNUSED struct shim_database *open_one(const char *path) {
    struct shim_database *database;
    assert_reads(database, shim_database_open(&database, &path, 1));
    return database;
}

/* The first `count` databases of the fixture, as one. */
static UNUSED struct shim_database *open_many(struct fixture *fixture, size_t count) {
    struct shim_database *database;
    const char *paths[] = {fixture->path[0], fixture->path[1], fixture->path[2], fixture->path[3]};
    assert_reads(database, shim_database_open(&database, paths, count));
    return database;
}

/* ---- Queries: compound literals that live as long as the block they stand in -------------------
 */

#define TERM(word)                                                                                 \
    (&(struct shim_query){.op = SHIM_TERM, .term = (word), .term_size = sizeof(word) - 1})
#define CHILDREN(...)                                                                              \
    .children = (const struct shim_query *const[]){__VA_ARGS__},                                   \
    .count = sizeof((const struct shim_query *const[]){__VA_ARGS__}) / sizeof(struct shim_query *)
#define NODE(kind, ...) (&(struct shim_query){.op = (kind), CHILDREN(__VA_ARGS__)})
#define WINDOW(kind, size, ...)                                                                    \
    (&(struct shim_query){.op = (kind), .window = (size), CHILDREN(__VA_ARGS__)})
#define WEIGHTED(kind, number, child)                                                              \
    (&(struct shim_query){.op = (kind), .factor = (number), CHILDREN(child)})
#define LEAF(kind) (&(struct shim_query){.op = (kind)})
#define SOURCE(from) (&(struct shim_query){.op = SHIM_SOURCE, .source = (from)})

static UNUSED struct shim_search search_for(const struct shim_query *query) {
    struct shim_search search = SHIM_SEARCH_INIT;
    search.query = query;
    search.limit = 1000;
    search.check_at_least = 1000;
    return search;
}

static UNUSED struct shim_result find(struct shim_database *database,
                                      const struct shim_query *query) {
    struct shim_search search = search_for(query);
    struct shim_result result;
    assert_reads(database, shim_search(database, &search, &result));
    return result;
}

/* The status of a search that fails; nothing may be left to free. */
static UNUSED int find_status(struct shim_database *database, const struct shim_query *query) {
    struct shim_search search = search_for(query);
    struct shim_result result;
    int status = shim_search(database, &search, &result);
    if (status != SHIM_OK)
        assert_null(result.matches);
    shim_result_free(&result);
    return status;
}

/* "segment:docid ..." of the matches, best first. */
static UNUSED const char *found(struct shim_database *database, const struct shim_query *query) {
    static char text[4000];
    struct shim_result result = find(database, query);
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < result.count && used < sizeof text; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u:%u", i ? " " : "",
                                 result.matches[i].segment, result.matches[i].docid);
    shim_result_free(&result);
    return text;
}

#endif
