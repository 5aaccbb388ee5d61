/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * termlist, docdata and position tables: entry by entry what Xapian's own writer makes, and its
 * phrase search works on them.
 */
#include "glass_reader.h"

#include "indexer/segment/glass_document.h"
#include "indexer/segment/glass_position.h"
#include "indexer/segment/glass_postlist.h"
#include "shim/shim.h"

enum { TERMS = 120, TERMS_MAX = 40, PLACES_MAX = 400 };

/* ---- A corpus, made anew from its seed whenever it is needed ----------------------------------
 */

struct place_list {
    uint32_t term, wdf, count;
    uint32_t *places;
};

struct record {
    uint32_t docid, length, count;
    struct place_list lists[TERMS_MAX]; /* terms rising */
    struct bytes data;
};

static char term_texts[TERMS][GLASS_TERM_MAX];
static uint32_t term_sizes[TERMS];

/* Terms share prefixes; some are long, some hold zero bytes. Sorted. */
static void terms_create(void) {
    for (uint32_t t = 0; t < TERMS; t++) {
        char *text = term_texts[t];
        memset(text, 'm', GLASS_TERM_MAX);
        snprintf(text, 8, "v%03u", t);
        bool is_long = t % 10 == 9;
        text[4] = is_long || t % 3 == 0 ? 'x' : 0;
        term_sizes[t] = is_long ? GLASS_TERM_MAX : 4 + t % 3;
    }
}

static uint32_t random_places(struct random *random, uint32_t **places) {
    static const uint32_t spreads[] = {1, 2, 30, 5000, 1 << 20};
    uint32_t spread = spreads[random_below(random, 5)];
    uint32_t count = random_below(random, random_below(random, 8) ? 4 : PLACES_MAX);
    *places = malloc((count + 1) * sizeof **places);
    uint32_t place = random_below(random, 2) ? 0 : random_below(random, 1000);
    for (uint32_t i = 0; i < count; i++) {
        (*places)[i] = place;
        place += 1 + random_below(random, spread);
    }
    return count;
}

static struct record record_create(struct random *random, uint32_t docid) {
    struct record record = {.docid = docid};
    for (uint32_t t = 0; t < TERMS && record.count < TERMS_MAX; t++) {
        if (docid % 20 == 0 || random_below(random, 5))
            continue;
        struct place_list *list = &record.lists[record.count++];
        list->term = t;
        list->wdf = random_below(random, random_below(random, 10) ? 4 : 100000);
        list->count = random_places(random, &list->places);
        record.length += list->wdf;
    }
    uint32_t size =
        random_below(random, 3) ? random_below(random, 60) : random_below(random, 30000);
    for (uint32_t i = 0; i < size; i++)
        bytes_add_byte(&record.data, (uint8_t)(docid % 2 ? random_next(random) : 'a'));
    return record;
}

static void record_free(struct record *record) {
    for (uint32_t i = 0; i < record->count; i++)
        free(record->lists[i].places);
    bytes_free(&record->data);
}

static struct record *records_create(struct random *random, uint32_t count) {
    struct record *records = calloc(count, sizeof *records);
    uint32_t docid = 0;
    for (uint32_t i = 0; i < count; i++)
        records[i] = record_create(random, docid += 1 + random_below(random, 3));
    return records;
}

static void records_free(struct record *records, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        record_free(&records[i]);
    free(records);
}

/* ---- Writing it both ways -------------------------------------------------------------------- */

static void write_with_xapian(const struct record *records, uint32_t count, const char *folder) {
    struct shim_writer *writer;
    assert_int_equal(shim_writer_create(&writer, folder), SHIM_OK);
    for (uint32_t d = 0; d < count; d++) {
        struct shim_posting postings[TERMS_MAX];
        for (uint32_t i = 0; i < records[d].count; i++) {
            const struct place_list *list = &records[d].lists[i];
            postings[i] = (struct shim_posting){.term = term_texts[list->term],
                                                .term_size = term_sizes[list->term],
                                                .wdf = list->wdf,
                                                .positions = list->places,
                                                .position_count = list->count};
        }
        if (shim_writer_add(writer, records[d].docid, postings, records[d].count,
                            (const char *)records[d].data.data, records[d].data.size) != SHIM_OK)
            fail_msg("%s", shim_writer_message(writer));
    }
    assert_int_equal(shim_writer_finish(writer), SHIM_OK);
    shim_writer_close(writer);
}

static const struct place_list *list_of(const struct record *record, uint32_t term) {
    for (uint32_t i = 0; i < record->count; i++)
        if (record->lists[i].term == term)
            return &record->lists[i];
    return NULL;
}

static void ok(int status, const struct error *err) {
    if (status)
        fail_msg("%s", err->message);
}

static void postlist_write(const struct record *records, uint32_t count, const char *folder,
                           struct glass_version *version) {
    struct glass_postlist *postlist;
    struct error err;
    ok(glass_postlist_create(&postlist, folder, NULL, &err), &err);
    for (uint32_t d = 0; d < count; d++)
        ok(glass_postlist_add_length(postlist, records[d].docid, records[d].length, &err), &err);
    for (uint32_t t = 0; t < TERMS; t++) {
        struct glass_frequencies sums = {0, 0};
        for (uint32_t d = 0; d < count; d++) {
            const struct place_list *list = list_of(&records[d], t);
            sums.documents += list != NULL;
            sums.occurrences += list ? list->wdf : 0;
        }
        if (sums.documents == 0)
            continue;
        ok(glass_postlist_begin(postlist, term_texts[t], term_sizes[t], &sums, 0, &err), &err);
        for (uint32_t d = 0; d < count; d++) {
            const struct place_list *list = list_of(&records[d], t);
            if (list)
                ok(glass_postlist_add(postlist, records[d].docid, list->wdf, &err), &err);
        }
        ok(glass_postlist_end(postlist, &err), &err);
    }
    ok(glass_postlist_finish(postlist, version, &err), &err);
    glass_postlist_close(postlist);
}

static void documents_write(const struct record *records, uint32_t count, const char *folder,
                            struct glass_version *version) {
    struct glass_documents *documents;
    struct error err;
    ok(glass_documents_create(&documents, folder, 0, &err), &err);
    for (uint32_t d = 0; d < count; d++) {
        struct glass_document_term terms[TERMS_MAX];
        for (uint32_t i = 0; i < records[d].count; i++) {
            const struct place_list *list = &records[d].lists[i];
            terms[i] = (struct glass_document_term){term_texts[list->term], term_sizes[list->term],
                                                    list->wdf};
        }
        ok(glass_documents_add(documents, records[d].docid, terms, records[d].count,
                               records[d].data.data, records[d].data.size, &err),
           &err);
    }
    ok(glass_documents_finish(documents, version, &err), &err);
    glass_documents_close(documents);
}

static void positions_write(const struct record *records, uint32_t count, const char *folder,
                            struct glass_version *version) {
    struct glass_positions *positions;
    struct error err;
    ok(glass_positions_create(&positions, folder, 0, &err), &err);
    for (uint32_t t = 0; t < TERMS; t++)
        for (uint32_t d = 0; d < count; d++) {
            const struct place_list *list = list_of(&records[d], t);
            if (list && list->count)
                ok(glass_positions_add(positions, term_texts[t], term_sizes[t], records[d].docid,
                                       list->places, list->count, &err),
                   &err);
        }
    ok(glass_positions_finish(positions, version, &err), &err);
    glass_positions_close(positions);
}

static void write_ours(const struct record *records, uint32_t count, const char *folder) {
    struct glass_version version;
    struct error err;
    glass_version_init(&version);
    postlist_write(records, count, folder, &version);
    documents_write(records, count, folder, &version);
    positions_write(records, count, folder, &version);
    ok(glass_version_write(&version, folder, &err), &err);
}

/* ---- Comparing ------------------------------------------------------------------------------- */

static void collect_entry(void *context, const struct bytes *key, const struct bytes *tag) {
    bytes_add_varint(context, key->size);
    bytes_add(context, key->data, key->size);
    bytes_add_varint(context, tag->size);
    bytes_add(context, tag->data, tag->size);
}

static struct bytes entries_of(const char *folder, const char *name,
                               enum glass_table_number number) {
    struct glass_version version = version_read(folder);
    struct bytes entries = BYTES_INIT;
    struct table_file table =
        table_read(folder, name, &version.roots[number], collect_entry, &entries);
    bytes_free(&table.bytes);
    assert_false(entries.failed);
    return entries;
}

static void compare_tables(const char *folder_a, const char *folder_b, const char *name,
                           enum glass_table_number number) {
    struct bytes a = entries_of(folder_a, name, number), b = entries_of(folder_b, name, number);
    assert_true(a.size > 0);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    bytes_free(&a);
    bytes_free(&b);
}

static size_t compare_phrases(struct shim_database *a, struct shim_database *b,
                              struct random *random) {
    size_t found = 0;
    for (int i = 0; i < 200; i++) {
        struct shim_query leaves[2];
        for (int j = 0; j < 2; j++) {
            uint32_t t = random_below(random, TERMS);
            leaves[j] = (struct shim_query){
                .op = SHIM_TERM, .term = term_texts[t], .term_size = term_sizes[t]};
        }
        const struct shim_query *children[] = {&leaves[0], &leaves[1]};
        struct shim_query query = {.op = i % 2 ? SHIM_NEAR : SHIM_PHRASE,
                                   .window = 2 + random_below(random, 20),
                                   .children = children,
                                   .count = 2};
        struct shim_search search = SHIM_SEARCH_INIT;
        search.query = &query;
        search.limit = search.check_at_least = 1000;
        struct shim_result result_a, result_b;
        assert_int_equal(shim_search(a, &search, &result_a), SHIM_OK);
        assert_int_equal(shim_search(b, &search, &result_b), SHIM_OK);
        assert_int_equal(result_a.count, result_b.count);
        for (size_t m = 0; m < result_a.count; m++)
            assert_int_equal(result_a.matches[m].docid, result_b.matches[m].docid);
        found += result_a.count;
        shim_result_free(&result_a);
        shim_result_free(&result_b);
    }
    return found;
}

static struct shim_database *database_open(const char *folder) {
    struct shim_database *database;
    if (shim_database_open(&database, &folder, 1) != SHIM_OK)
        fail_msg("%s", shim_database_message(database));
    return database;
}

static void tables_are_those_of_xapians_writer(void **state) {
    (void)state;
    enum { COUNT = 1500 };
    struct random random = random_create(__func__);
    terms_create();
    struct record *records = records_create(&random, COUNT);
    char *ours = folder_create(), *folder = folder_create(), *theirs = path_in(folder, "xapian");
    write_ours(records, COUNT, ours);
    write_with_xapian(records, COUNT, theirs);
    compare_tables(ours, theirs, "termlist.glass", GLASS_TERMLIST);
    compare_tables(ours, theirs, "docdata.glass", GLASS_DOCDATA);
    compare_tables(ours, theirs, "position.glass", GLASS_POSITION);
    uint64_t errors = 1;
    char message[400] = "";
    if (shim_check(ours, &errors, NULL, NULL, message, sizeof message) != SHIM_OK)
        fail_msg("%s", message);
    assert_int_equal(errors, 0);
    struct shim_database *a = database_open(ours), *b = database_open(theirs);
    assert_true(compare_phrases(a, b, &random) > 100);
    shim_database_close(a);
    shim_database_close(b);
    records_free(records, COUNT);
    free(theirs);
    folder_remove(folder);
    folder_remove(ours);
}

/* Xapian's reader cannot read some deflated tags that Xapian's writer makes; it must read all of
 * ours. The sizes are around its buffer's, and the tags deflate to almost nothing, or hardly. */
static void xapian_inflates_tags_of_all_sizes(void **state) {
    (void)state;
    static const uint32_t sizes[] = {0, 8192, 16384, 24576, 65536, 131072};
    struct random random = random_create(__func__);
    terms_create();
    enum { NEAR = 20, COUNT = 6 * 2 * NEAR };
    struct record *records = calloc(COUNT, sizeof *records);
    for (uint32_t d = 0; d < COUNT; d++) {
        records[d].docid = d + 1;
        uint32_t size = sizes[d / (2 * NEAR)] + d % (2 * NEAR);
        size = size > NEAR ? size - NEAR : size;
        uint32_t letters = 1 + random_below(&random, random_below(&random, 2) ? 2 : 64);
        for (uint32_t i = 0; i < size; i++)
            bytes_add_byte(&records[d].data, (uint8_t)random_below(&random, letters));
    }
    char *ours = folder_create();
    write_ours(records, COUNT, ours);
    uint64_t errors = 1;
    char message[400] = "";
    if (shim_check(ours, &errors, NULL, NULL, message, sizeof message) != SHIM_OK)
        fail_msg("%s", message);
    assert_int_equal(errors, 0);
    struct bytes file = file_read(ours, "docdata.glass");
    assert_true(file.size < 12 << 20); /* of 16 MB; so they were deflated */
    bytes_free(&file);
    records_free(records, COUNT);
    folder_remove(ours);
}

/* ---- What is refused ------------------------------------------------------------------------- */

static void documents_are_checked(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_documents *documents;
    struct glass_version version = {0};
    static const char text[GLASS_TERM_MAX + 1] = "z";
    const struct glass_document_term twice[] = {{"vote", 4, 1}, {"vote", 4, 1}};
    const struct glass_document_term falling[] = {{"vote", 4, 1}, {"chair", 5, 1}};
    const struct glass_document_term prefix[] = {{"votes", 5, 1}, {"vote", 4, 1}};
    const struct glass_document_term empty[] = {{"", 0, 1}};
    const struct glass_document_term large[] = {{text, sizeof text, 1}};
    const struct glass_document_term heavy[] = {{"a", 1, UINT32_MAX}, {"b", 1, 1}};
    assert_int_equal(glass_documents_create(&documents, "/nonexistent", 0, NULL), PLENARY_EIO);
    assert_int_equal(glass_documents_create(&documents, folder, 3000, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_create(&documents, folder, 0, NULL), 0);
    assert_int_equal(glass_documents_add(documents, 1, twice, 2, NULL, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 1, falling, 2, NULL, 0, NULL),
                     PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 1, prefix, 2, NULL, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 1, empty, 1, NULL, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 1, large, 1, NULL, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 1, heavy, 2, NULL, 0, NULL), PLENARY_ELIMIT);
    assert_int_equal(glass_documents_add(documents, 0, twice, 1, NULL, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_documents_add(documents, 2, twice, 1, "data", 4, NULL), 0);
    assert_int_equal(glass_documents_add(documents, 2, twice, 1, "data", 4, NULL),
                     PLENARY_EINVALID);
    assert_int_equal(glass_documents_finish(documents, &version, NULL), PLENARY_EINVALID);
    glass_documents_close(documents);
    glass_documents_close(NULL);
    assert_int_equal(rmdir(folder), 0); /* nothing was left in it */
    free(folder);
}

static void positions_are_checked(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_positions *positions;
    struct glass_version version = {0};
    static const uint32_t rising[] = {1, 2}, same[] = {2, 2};
    assert_int_equal(glass_positions_create(&positions, "/nonexistent", 0, NULL), PLENARY_EIO);
    assert_int_equal(glass_positions_create(&positions, folder, 0, NULL), 0);
    assert_int_equal(glass_positions_add(positions, "a", 1, 1, same, 2, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_positions_add(positions, "a", 1, 1, rising, 0, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_positions_add(positions, "a", 1, 0, rising, 2, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_positions_add(positions, "", 0, 1, rising, 2, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_positions_add(positions, "b", 1, 1, rising, 2, NULL), 0);
    assert_int_equal(glass_positions_add(positions, "a", 1, 1, rising, 2, NULL), PLENARY_EINVALID);
    assert_int_equal(glass_positions_finish(positions, &version, NULL), PLENARY_EINVALID);
    glass_positions_close(positions);
    glass_positions_close(NULL);
    assert_int_equal(rmdir(folder), 0);
    free(folder);
}

/* ---- Bytes ----------------------------------------------------------------------------------- */

static void entries_have_the_bytes_of_the_grammar(void **state) {
    (void)state;
    char *folder = folder_create();
    struct glass_documents *documents;
    struct glass_positions *positions;
    struct glass_version version = {0};
    const struct glass_document_term terms[] = {{"vote", 4, 2}, {"voted", 5, 3}, {"x", 1, 200}};
    static const uint32_t places[] = {1, 4, 5};
    assert_int_equal(glass_documents_create(&documents, folder, 0, NULL), 0);
    assert_int_equal(glass_documents_add(documents, 7, terms, 3, "minutes", 7, NULL), 0);
    assert_int_equal(glass_documents_finish(documents, &version, NULL), 0);
    glass_documents_close(documents);
    assert_int_equal(glass_positions_create(&positions, folder, 0, NULL), 0);
    assert_int_equal(glass_positions_add(positions, "vote", 4, 7, places, 3, NULL), 0);
    assert_int_equal(glass_positions_add(positions, "vote", 4, 9, places, 1, NULL), 0);
    assert_int_equal(glass_positions_finish(positions, &version, NULL), 0);
    glass_positions_close(positions);
    struct bytes all = BYTES_INIT;
    const struct glass_root *roots = version.roots;
    struct table_file tables[] = {
        table_read(folder, "termlist.glass", &roots[GLASS_TERMLIST], collect_entry, &all),
        table_read(folder, "docdata.glass", &roots[GLASS_DOCDATA], collect_entry, &all),
        table_read(folder, "position.glass", &roots[GLASS_POSITION], collect_entry, &all),
    };
    /* voted: (3 + 1) * (4 + 1) + 4 = 24. Positions: 1 of 5 is 001, from the low bit 1 0 0, less one
     * bit in the middle: half = 1, so 1 is in 2 bits, 1; 1 of 4 is 01; 4 - 1 - 1 = 2 of 3: the
     * middle is 1, so 2 is 0 and a one bit, 10. From the low bit: 10 10 01, that is 100101. */
    static const char expected[] = "\x02\0\x07\x11\xcd\x01\x03\x04vote\x02\x18\x01"
                                   "d\0\x01x\xc8\x01"
                                   "\x02\0\x07\x07minutes"
                                   "\x07vote\0\0\x07\x02\x05\x25"
                                   "\x07vote\0\0\x09\x01\x01";
    assert_int_equal(all.size, sizeof expected - 1);
    assert_memory_equal(all.data, expected, all.size);
    bytes_free(&all);
    for (int i = 0; i < 3; i++)
        bytes_free(&tables[i].bytes);
    folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_those_of_xapians_writer),
        cmocka_unit_test(xapian_inflates_tags_of_all_sizes),
        cmocka_unit_test(documents_are_checked),
        cmocka_unit_test(positions_are_checked),
        cmocka_unit_test(entries_have_the_bytes_of_the_grammar),
    };
    return cmocka_run_group_tests_name("glass_portable", tests, NULL, NULL);
}
