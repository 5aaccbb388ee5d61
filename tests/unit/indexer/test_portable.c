/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Portable segments hold what Xapian's own writer makes of the same passages, entry by entry, and
 * answer phrases as a database of it does; to plenary's own search they are as any other segment.
 */
#include "glass_reader.h"

#include "indexer/index.h"
#include "indexer/passage_postings.h"
#include "indexer/segment/portable_passage.h"
#include "indexer/worker.h"
#include "shim/shim.h"

#include <jansson.h>

enum { DOCUMENTS = 60, PASSAGES_MAX = 25, WORDS_MAX = 90, QUERIES = 300 };

static const char *const words[] = {
    "trafficking", "persons", "ministers", "condemned", "co-chairs", "the",       "in",
    "of",          "boats",   "rescue",    "port",      "search",    "smuggling", "and",
    "crews",       "fog",     "São",       "Tomé",      "A/RES/73",  "2018",      "well-being's"};
enum { WORDS = sizeof words / sizeof *words };

static void ok(int status, const struct error *err) {
    if (status != 0)
        fail_msg("%s", err->message);
}

/* ---- Documents, made anew from the seed ------------------------------------------------------ */

static void add_passage(struct document *document, struct random *random, uint32_t i) {
    struct bytes text = BYTES_INIT;
    char id[500];
    for (uint32_t n = random_below(random, WORDS_MAX); n; n--) {
        bytes_add_string(&text, words[random_below(random, 1 + random_below(random, WORDS))]);
        bytes_add_byte(&text, ' ');
    }
    bool is_heading = random_below(random, 6) == 0;
    bytes_add_string(&text, random_below(random, 5) ? "port" : "\"...\" \\");
    struct passage *passage =
        document_add(document, is_heading ? PASSAGE_HEADING : PASSAGE_PARAGRAPH,
                     (const char *)text.data, text.size);
    assert_non_null(passage);
    passage->level = is_heading;
    if (random_below(random, 2))
        passage->speaker = "Ms Adeyemi";
    if (random_below(random, 2))
        passage->heading = "Protection > Search and rescue";
    snprintf(id, sizeof id, "%s/p%u", document->id, i);
    if (random_below(random, 4) == 0)
        passage->id = arena_string(&document->arena, id);
    bytes_free(&text);
}

/* Some ids are longer than a term may be, and differ in their last bytes only. */
static void fill_document(struct document *document, struct random *random, uint32_t i) {
    static const uint32_t dates[] = {0, 20180806, 20180800, 20180000};
    char id[400];
    memset(id, 'x', sizeof id);
    snprintf(id + (i % 7 == 0 ? 300 : 0), 40, "record:%u", i);
    document_reset(document);
    document->id = arena_string(&document->arena, id);
    document->source = "/minutes/m\xFF.tsv";
    document->is_record = true;
    document->language = i % 3 ? "english" : "french";
    document->title = i % 2 ? "Minutes of the \"Halden\" Process" : NULL;
    document->body = i % 5 ? "Halden Process" : NULL;
    document->date = dates[i % 4];
    for (uint32_t n = 1 + random_below(random, PASSAGES_MAX), p = 0; p < n; p++)
        add_passage(document, random, p);
    assert_int_equal(document_finish(document), 0);
}

/* ---- The oracle: the same passages through Xapian's writer ----------------------------------- */

struct oracle {
    struct shim_writer *writer;
    struct passage_postings postings;
    struct portable_record record;
    uint32_t docid;
};

static void describe(struct portable_passage *out, const struct document *document, uint32_t i,
                     int language) {
    const struct passage *passage = &document->passages[i];
    *out =
        (struct portable_passage){.document = document->id,
                                  .title = document->title,
                                  .source = document->source,
                                  .body = document->body,
                                  .language = language_name(language),
                                  .date = document->date,
                                  .id = passage->id,
                                  .heading = passage->heading,
                                  .speaker = passage->speaker,
                                  .number = passage->number,
                                  .ordinal = i,
                                  .text = (const char *)document->text.data + passage->text_begin,
                                  .text_size = passage->text_end - passage->text_begin};
}

static void oracle_add(struct oracle *oracle, const struct worker *worker,
                       const struct document *document) {
    for (uint32_t i = 0; i < document->passage_count; i++) {
        struct portable_passage passage;
        oracle->docid++;
        assert_int_equal(
            passage_postings_make(&oracle->postings, &worker->vocabulary, &worker->batch, i, NULL),
            0);
        if (!oracle->postings.count)
            continue;
        describe(&passage, document, i, worker->batch.documents[0].language);
        assert_int_equal(portable_record_make(&oracle->record, &passage, NULL), 0);
        size_t count = oracle->postings.count;
        struct shim_posting all[WORDS_MAX * 3 + 50];
        for (size_t p = 0; p < count + oracle->record.term_count; p++) {
            const struct builder_posting *from =
                p < count ? &oracle->postings.postings[p] : &oracle->record.terms[p - count];
            all[p] = (struct shim_posting){from->term, from->term_size, from->wdf, from->positions,
                                           from->position_count};
        }
        assert_int_equal(
            shim_writer_add(oracle->writer, oracle->docid, all, count + oracle->record.term_count,
                            (const char *)oracle->record.data.data, oracle->record.data.size),
            SHIM_OK);
    }
}

/* The corpus as a segment by this builder, and through the oracle if there is one. */
static void write_segment(const struct random *seed, const char *folder, const char *builder,
                          struct oracle *oracle) {
    struct random random = *seed;
    struct worker worker;
    struct segment_writer *writer;
    struct document document;
    struct error err;
    document_init(&document);
    assert_int_equal(worker_open(&worker, -1, NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder, builder, NULL), 0);
    for (uint32_t i = 0; i < DOCUMENTS; i++) {
        fill_document(&document, &random, i);
        size_t before = segment_writer_memory(writer);
        ok(worker_add(&worker, writer, &document, &err), &err);
        assert_true(segment_writer_memory(writer) >= before);
        if (oracle)
            oracle_add(oracle, &worker, &document);
    }
    ok(segment_writer_finish(writer, &err), &err);
    segment_writer_close(writer);
    worker_close(&worker);
    document_free(&document);
}

static struct shim_database *database_open(const char *folder) {
    struct shim_database *database;
    if (shim_database_open(&database, &folder, 1) != SHIM_OK)
        fail_msg("%s", shim_database_message(database));
    return database;
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

static void compare_tables(const char *a, const char *b, const char *name,
                           enum glass_table_number number) {
    struct bytes entries_a = entries_of(a, name, number), entries_b = entries_of(b, name, number);
    assert_true(entries_a.size > 0);
    assert_int_equal(entries_a.size, entries_b.size);
    assert_memory_equal(entries_a.data, entries_b.data, entries_a.size);
    bytes_free(&entries_a);
    bytes_free(&entries_b);
}

static size_t compare_query(struct shim_database *a, struct shim_database *b,
                            const struct shim_query *query) {
    struct shim_search search = SHIM_SEARCH_INIT;
    struct shim_result result_a, result_b;
    search.query = query;
    search.limit = search.check_at_least = 10000;
    assert_int_equal(shim_search(a, &search, &result_a), SHIM_OK);
    assert_int_equal(shim_search(b, &search, &result_b), SHIM_OK);
    assert_int_equal(result_a.count, result_b.count);
    for (size_t i = 0; i < result_a.count; i++) {
        assert_int_equal(result_a.matches[i].docid, result_b.matches[i].docid);
        assert_true(result_a.matches[i].weight == result_b.matches[i].weight);
    }
    size_t found = result_a.count;
    shim_result_free(&result_a);
    shim_result_free(&result_b);
    return found;
}

static size_t compare_phrases(struct shim_database *a, struct shim_database *b,
                              struct random *random) {
    static const char *const stems[] = {"traffick", "person", "minist", "condemn", "cochair",
                                        "chair",    "the",    "in",     "co",      "boat"};
    size_t found = 0;
    for (unsigned i = 0; i < QUERIES; i++) {
        struct shim_query leaves[2];
        for (unsigned j = 0; j < 2; j++) {
            const char *stem = stems[random_below(random, sizeof stems / sizeof *stems)];
            leaves[j] =
                (struct shim_query){.op = SHIM_TERM, .term = stem, .term_size = strlen(stem)};
        }
        const struct shim_query *children[] = {&leaves[0], &leaves[1]};
        struct shim_query query = {.op = i % 3 == 0   ? SHIM_NEAR
                                         : i % 3 == 1 ? SHIM_PHRASE
                                                      : SHIM_OR,
                                   .window = 2 + random_below(random, 5),
                                   .children = children,
                                   .count = 2};
        found += compare_query(a, b, &query);
    }
    return found;
}

static void expect_sound(const char *folder) {
    uint64_t errors = 1;
    char message[400] = "";
    if (shim_check(folder, &errors, NULL, NULL, message, sizeof message) != SHIM_OK)
        fail_msg("%s", message);
    assert_int_equal(errors, 0);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void test_every_table_is_what_xapians_writer_makes(void **state) {
    (void)state;
    struct random seed = random_create(__func__), random = seed;
    char *folder = folder_create(), *ours = path_in(folder, "ours"),
         *theirs = path_in(folder, "theirs");
    struct oracle oracle = {0};
    assert_int_equal(shim_writer_create(&oracle.writer, theirs), SHIM_OK);
    write_segment(&seed, ours, "portable", &oracle);
    assert_int_equal(shim_writer_finish(oracle.writer), SHIM_OK);
    compare_tables(ours, theirs, "termlist.glass", GLASS_TERMLIST);
    compare_tables(ours, theirs, "docdata.glass", GLASS_DOCDATA);
    compare_tables(ours, theirs, "position.glass", GLASS_POSITION);
    expect_sound(ours);
    struct shim_database *a = database_open(ours), *b = database_open(theirs);
    assert_true(compare_phrases(a, b, &random) > 100);
    shim_database_close(a);
    shim_database_close(b);
    shim_writer_close(oracle.writer);
    passage_postings_free(&oracle.postings);
    portable_record_free(&oracle.record);
    free(ours);
    free(theirs);
    folder_remove(folder);
}

struct term_comparison {
    struct shim_database *plain;
    uint64_t same, boolean[4];
};

static int compare_term(void *context, const char *term, size_t size, uint64_t documents) {
    static const char prefixes[] = "QDLB";
    struct term_comparison *comparison = context;
    const char *prefix = memchr(prefixes, term[0], 4);
    uint64_t plain_documents, plain_occurrences;
    assert_int_equal(
        shim_term_statistics(comparison->plain, term, size, &plain_documents, &plain_occurrences),
        SHIM_OK);
    assert_true(size <= GLASS_TERM_MAX);
    if (prefix) {
        assert_int_equal(plain_documents, 0);
        comparison->boolean[prefix - prefixes]++;
        assert_true(term[0] != 'Q' || documents == 1);
        return 0;
    }
    assert_int_equal(documents, plain_documents);
    comparison->same++;
    return 0;
}

static int count_term(void *context, const char *term, size_t size, uint64_t documents) {
    (void)term, (void)size, (void)documents;
    ++*(uint64_t *)context;
    return 0;
}

static void test_statistics_of_words_are_those_of_a_plain_segment(void **state) {
    (void)state;
    static const char *const builders[] = {"glass", "xapian"};
    struct random seed = random_create(__func__), random = seed;
    char *folder = folder_create(), *ours = path_in(folder, "ours");
    write_segment(&seed, ours, "portable", NULL);
    struct shim_database *a = database_open(ours);
    for (unsigned i = 0; i < 2; i++) {
        char *plain = path_in(folder, builders[i]);
        write_segment(&seed, plain, builders[i], NULL);
        struct term_comparison comparison = {.plain = database_open(plain)};
        struct shim_statistics statistics_a, statistics_b;
        uint64_t plain_terms = 0;
        assert_int_equal(shim_database_statistics(a, &statistics_a), SHIM_OK);
        assert_int_equal(shim_database_statistics(comparison.plain, &statistics_b), SHIM_OK);
        assert_int_equal(statistics_a.documents, statistics_b.documents);
        assert_int_equal(statistics_a.total_length, statistics_b.total_length);
        assert_int_equal(shim_each_term(a, "", 0, compare_term, &comparison), 0);
        assert_int_equal(shim_each_term(comparison.plain, "", 0, count_term, &plain_terms), 0);
        assert_int_equal(comparison.same, plain_terms);
        assert_int_equal(comparison.boolean[0], statistics_a.documents); /* Q: one each */
        assert_int_equal(comparison.boolean[1], 3);
        assert_int_equal(comparison.boolean[2], 2);
        assert_int_equal(comparison.boolean[3], 1);
        if (i == 1) /* which has positions */
            assert_true(compare_phrases(a, comparison.plain, &random) > 100);
        shim_database_close(comparison.plain);
        free(plain);
    }
    shim_database_close(a);
    free(ours);
    folder_remove(folder);
}

static void expect_field(const json_t *object, const char *key, const char *value) {
    const char *found = json_string_value(json_object_get(object, key));
    if (value)
        assert_string_equal(found, value);
    else
        assert_null(json_object_get(object, key));
}

static void test_a_record_says_what_is_known(void **state) {
    (void)state;
    struct portable_record record = {0};
    struct portable_passage passage = {.document = "minutes.txt",
                                       .source = "/m\xFF/minutes.txt",
                                       .language = "english",
                                       .date = 20180800,
                                       .number = 3,
                                       .ordinal = 4,
                                       .text = "He said \"no\".",
                                       .text_size = 13};
    assert_int_equal(portable_record_make(&record, &passage, NULL), 0);
    json_t *object =
        json_loadb((const char *)record.data.data, record.data.size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    expect_field(object, "id", "minutes.txt#3");
    expect_field(object, "document", "minutes.txt");
    expect_field(object, "date", "2018-08");
    expect_field(object, "source", "/m\xEF\xBF\xBD/minutes.txt");
    expect_field(object, "text", "He said \"no\".");
    expect_field(object, "title", NULL);
    expect_field(object, "speaker", NULL);
    json_decref(object);
    assert_int_equal(record.term_count, 3);
    assert_memory_equal(record.terms[0].term, "Qminutes.txt#3", record.terms[0].term_size);
    assert_memory_equal(record.terms[1].term, "D20180800", record.terms[1].term_size);
    assert_memory_equal(record.terms[2].term, "Lenglish", record.terms[2].term_size);
    passage.number = 0;
    assert_int_equal(portable_record_make(&record, &passage, NULL), 0);
    assert_memory_equal(record.terms[0].term, "Qminutes.txt#h5", record.terms[0].term_size);
    portable_record_free(&record);
}

/* Cut in the middle of a two-byte letter, a term would not be UTF-8. */
static void test_long_ids_are_cut_between_letters_and_stay_distinct(void **state) {
    (void)state;
    struct portable_record one = {0}, two = {0};
    char id[600];
    for (unsigned shift = 0; shift < 2; shift++) {
        memset(id, 'a', sizeof id);
        for (size_t i = shift; i + 1 < sizeof id; i += 2)
            memcpy(id + i, "\xC3\xA9", 2);
        id[500 + shift] = '\0';
        struct portable_passage passage = {
            .document = "d", .language = "none", .id = id, .text = ""};
        assert_int_equal(portable_record_make(&one, &passage, NULL), 0);
        id[498 + shift] = 'z';
        id[499 + shift] = 'z';
        assert_int_equal(portable_record_make(&two, &passage, NULL), 0);
        uint32_t size = one.terms[0].term_size;
        assert_true(size <= GLASS_TERM_MAX && size >= GLASS_TERM_MAX - 1);
        assert_int_equal(size, two.terms[0].term_size);
        assert_memory_not_equal(one.terms[0].term, two.terms[0].term, size);
        assert_memory_equal(one.terms[0].term, two.terms[0].term, size - 16);
        assert_true((uint8_t)one.terms[0].term[size - 17] < 0xC0);
    }
    portable_record_free(&one);
    portable_record_free(&two);
}

static struct index_writer *open_index(const char *index, bool portable, const char *builder,
                                       int *status, struct error *err) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    options.portable = portable;
    options.builder = builder;
    *status = index_writer_open(&writer, index, &options, err);
    return writer;
}

static void add_and_publish(struct index_writer *writer, struct random *random, uint32_t i) {
    struct document document;
    struct error err;
    enum index_change change;
    document_init(&document);
    fill_document(&document, random, i);
    ok(index_writer_add(writer, &document, &change, &err), &err);
    ok(index_writer_publish(writer, &err), &err);
    index_writer_close(writer);
    document_free(&document);
}

static void expect_stub(const char *index, const char *lines) {
    struct bytes stub = file_read(index, "xapian.stub");
    const char *text = bytes_string(&stub);
    assert_non_null(text);
    assert_string_equal(strchr(text, '\n') + 1, lines);
    bytes_free(&stub);
}

static void test_an_index_stays_as_it_was_begun(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    char *folder = folder_create(), *index = path_in(folder, "portable"),
         *plain = path_in(folder, "plain");
    struct error err;
    int status;
    struct index_writer *writer = open_index(index, true, NULL, &status, &err);
    ok(status, &err);
    add_and_publish(writer, &random, 1);
    expect_stub(index, "auto segments/000001\n");
    writer = open_index(index, false, NULL, &status, &err);
    ok(status, &err);
    add_and_publish(writer, &random, 2);
    expect_stub(index, "auto segments/000001\nauto segments/000002\n");
    for (unsigned i = 1; i <= 2; i++) {
        char *segment = path_in(index, i == 1 ? "segments/000001" : "segments/000002");
        assert_true(version_read(segment).roots[GLASS_POSITION].entries > 0);
        expect_sound(segment);
        free(segment);
    }
    writer = open_index(index, false, "xapian", &status, &err);
    assert_int_equal(status, PLENARY_EINVALID);
    assert_null(writer);
    add_and_publish(open_index(plain, false, NULL, &status, &err), &random, 3);
    writer = open_index(plain, true, NULL, &status, &err);
    assert_int_equal(status, PLENARY_EINVALID);
    assert_non_null(strstr(err.message, "not begun with --portable"));
    free(index);
    free(plain);
    folder_remove(folder);
}

/* A writer that died after the manifest's rename left the stub as it was. */
static void test_the_next_writer_mends_the_stub(void **state) {
    (void)state;
    struct random random = random_create(__func__);
    char *folder = folder_create(), *index = path_in(folder, "index"),
         *stub = path_in(index, "xapian.stub");
    struct error err;
    int status;
    struct index_writer *writer = open_index(index, true, NULL, &status, &err);
    ok(status, &err);
    add_and_publish(writer, &random, 1);
    assert_int_equal(unlink(stub), 0);
    writer = open_index(index, false, NULL, &status, &err);
    ok(status, &err);
    index_writer_close(writer);
    expect_stub(index, "auto segments/000001\n");
    free(stub);
    free(index);
    folder_remove(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_table_is_what_xapians_writer_makes),
        cmocka_unit_test(test_statistics_of_words_are_those_of_a_plain_segment),
        cmocka_unit_test(test_a_record_says_what_is_known),
        cmocka_unit_test(test_long_ids_are_cut_between_letters_and_stay_distinct),
        cmocka_unit_test(test_an_index_stays_as_it_was_begun),
        cmocka_unit_test(test_the_next_writer_mends_the_stub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
