/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"

#include "indexer/segment/segment.h"
#include "indexer/worker.h"
#include "shim/shim.h"

/* ---- Documents of our own -------------------------------------------------------------------- */

static struct passage *add(struct document *document, enum passage_kind kind, const char *text) {
    struct passage *passage = document_add(document, kind, text, strlen(text));
    assert_non_null(passage);
    return passage;
}

static void begin_file(struct document *document, const char *source, const char *title) {
    document_reset(document);
    document->id = strrchr(source, '/') + 1;
    document->source = source;
    document->title = title;
    document->date = 20210914;
    memset(document->content, 0xab, sizeof document->content);
}

static void fill_minutes(struct document *document) {
    begin_file(document, "/minutes/halden.txt", "Halden Process, co-chairs' statement");
    document->body = "Halden Process";
    document->language = "en";
    struct passage *heading = add(document, PASSAGE_HEADING, "Protection");
    heading->level = 1;
    struct passage *item =
        add(document, PASSAGE_ITEM, "Ministers condemned trafficking in persons.");
    *item = (struct passage){.kind = PASSAGE_ITEM,
                             .level = 1,
                             .page = 2,
                             .text_begin = item->text_begin,
                             .text_end = item->text_end,
                             .source_begin = 400,
                             .source_end = 450,
                             .line_begin = 12,
                             .line_end = 14,
                             .label = "1.",
                             .speaker = "Ms Adeyemi",
                             .heading = "Protection"};
    add(document, PASSAGE_PARAGRAPH, "They trafficked nothing; the co-chairs agreed.")->heading =
        "Protection";
    struct passage *last = add(document, PASSAGE_HEADING, "Any other business");
    last->level = 1;
    assert_int_equal(document_finish(document), 0);
}

static void fill_record(struct document *document, unsigned i, const char *text) {
    char id[40];
    document_reset(document);
    snprintf(id, sizeof id, "motion:%u", i);
    document->id = arena_string(&document->arena, id);
    document->source = "/minutes/motions.tsv";
    document->is_record = true;
    document->language = "english";
    memset(document->content, (int)i, sizeof document->content);
    struct passage *passage = add(document, PASSAGE_PARAGRAPH, text);
    passage->source_begin = 100 * i;
    passage->source_end = passage->source_begin + strlen(text) + 12;
    passage->line_begin = passage->line_end = i + 1;
    assert_int_equal(document_finish(document), 0);
}

static const char *folder(void) {
    return scratch_path("000001");
}

static void clear_folder(void) {
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder());
    assert_int_equal(system(command), 0);
}

/* A segment of the minutes and three records. */
static struct segment *make_segment(void) {
    struct worker worker;
    struct segment_writer *writer;
    struct document document;
    struct segment *segment;
    document_init(&document);
    clear_folder();
    assert_int_equal(worker_open(&worker, -1, NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder(), "xapian", NULL), 0);
    fill_minutes(&document);
    assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    static const char *const texts[] = {"The council noted the report.",
                                        "Trafficking was debated at length.", "..."};
    for (unsigned i = 0; i < 3; i++) {
        fill_record(&document, i, texts[i]);
        assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    }
    assert_int_equal(segment_writer_documents(writer), 4);
    assert_int_equal(segment_writer_passages(writer), 7);
    assert_int_equal(segment_writer_finish(writer, NULL), 0);
    segment_writer_close(writer);
    worker_close(&worker);
    document_free(&document);
    assert_int_equal(segment_open(&segment, folder(), NULL), 0);
    return segment;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void test_document_rows_come_back(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct arena arena = ARENA_INIT;
    struct document_row row;
    assert_int_equal(segment_document_count(segment), 4);
    assert_int_equal(segment_passage_count(segment), 7);
    assert_int_equal(segment_document(segment, 0, &arena, &row, NULL), 0);
    assert_string_equal(row.id, "halden.txt");
    assert_string_equal(row.source, "/minutes/halden.txt");
    assert_string_equal(row.title, "Halden Process, co-chairs' statement");
    assert_string_equal(row.body, "Halden Process");
    assert_string_equal(row.language, "english");
    assert_int_equal(row.date, 20210914);
    assert_false(row.is_record);
    assert_int_equal(row.first_passage, 0);
    assert_int_equal(row.passage_count, 4);
    assert_int_equal(row.content[15], 0xab);
    assert_int_equal(segment_document(segment, 2, &arena, &row, NULL), 0);
    assert_string_equal(row.id, "motion:1");
    assert_null(row.title);
    assert_null(row.body);
    assert_true(row.is_record);
    assert_int_equal(row.first_passage, 5);
    assert_int_equal(row.passage_count, 1);
    assert_int_equal(row.content[RECORD_HASH_SIZE - 1], 1);
    assert_int_equal(row.content[RECORD_HASH_SIZE], 0);
    assert_int_equal(segment_document(segment, 4, &arena, &row, NULL), PLENARY_EINVALID);
    assert_int_equal(segment_document_date(segment, 0), 20210914);
    assert_int_equal(segment_document_date(segment, 1), 0);
    assert_int_equal(segment_document_language(segment, 3), language_number("english"));
    arena_free(&arena);
    segment_close(segment);
}

static void test_passage_rows_come_back(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct arena arena = ARENA_INIT;
    struct passage_row row;
    assert_int_equal(segment_passage(segment, 1, &arena, &row, NULL), 0);
    assert_int_equal(row.kind, PASSAGE_ITEM);
    assert_int_equal(row.level, 1);
    assert_int_equal(row.number, 1);
    assert_int_equal(row.page, 2);
    assert_int_equal(row.source_begin, 400);
    assert_int_equal(row.source_end, 450);
    assert_int_equal(row.line_begin, 12);
    assert_int_equal(row.line_end, 14);
    assert_string_equal(row.label, "1.");
    assert_string_equal(row.speaker, "Ms Adeyemi");
    assert_string_equal(row.heading, "Protection");
    assert_null(row.id);
    assert_int_equal(segment_passage(segment, 0, &arena, &row, NULL), 0);
    assert_int_equal(row.kind, PASSAGE_HEADING);
    assert_int_equal(row.number, 0);
    assert_null(row.speaker);
    assert_int_equal(segment_passage(segment, 5, &arena, &row, NULL), 0);
    assert_int_equal(row.number, 1);
    assert_int_equal(row.text_begin, 0);
    assert_int_equal(row.source_begin, 100);
    assert_int_equal(row.source_end, 146);
    assert_int_equal(row.line_begin, 2);
    assert_int_equal(segment_passage(segment, 7, &arena, &row, NULL), PLENARY_EINVALID);
    static const uint32_t owners[] = {0, 0, 0, 0, 1, 2, 3};
    for (uint32_t i = 0; i < 7; i++)
        assert_int_equal(segment_document_of(segment, i), owners[i]);
    arena_free(&arena);
    segment_close(segment);
}

static void expect_text(const struct segment *segment, uint32_t document, uint32_t begin,
                        uint32_t end, const char *expected) {
    struct bytes out = BYTES_INIT;
    assert_int_equal(segment_text(segment, document, begin, end, &out, NULL), 0);
    assert_string_equal(bytes_string(&out), expected);
    bytes_free(&out);
}

static void test_text_comes_back_by_passage(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct arena arena = ARENA_INIT;
    struct bytes out = BYTES_INIT;
    struct passage_row row;
    assert_int_equal(segment_passage(segment, 1, &arena, &row, NULL), 0);
    expect_text(segment, 0, row.text_begin, row.text_end,
                "Ministers condemned trafficking in persons.");
    expect_text(segment, 1, 0, UINT32_MAX, "The council noted the report.");
    expect_text(segment, 3, 3, 3, "");
    assert_int_equal(segment_text(segment, 3, 0, 4, &out, NULL), PLENARY_EINVALID);
    assert_int_equal(segment_text(segment, 9, 0, 0, &out, NULL), PLENARY_EINVALID);
    bytes_free(&out);
    arena_free(&arena);
    segment_close(segment);
}

static int take_document(void *context, uint32_t document) {
    bytes_printf(context, "%u ", document);
    return 0;
}

static void test_documents_are_found_by_id_and_source(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct bytes out = BYTES_INIT;
    uint32_t document;
    assert_int_equal(segment_find_id(segment, "motion:2", &document, NULL), 1);
    assert_int_equal(document, 3);
    assert_int_equal(segment_find_id(segment, "motion:3", &document, NULL), 0);
    assert_int_equal(segment_find_id(segment, "", &document, NULL), 0);
    assert_int_equal(
        segment_each_of_source(segment, "/minutes/motions.tsv", take_document, &out, NULL), 0);
    assert_string_equal(bytes_string(&out), "1 2 3 ");
    bytes_reset(&out);
    assert_int_equal(segment_each_of_source(segment, "/no", take_document, &out, NULL), 0);
    assert_int_equal(out.size, 0);
    bytes_free(&out);
    segment_close(segment);
}

static int take_word(void *context, const char *word, size_t word_size, const char *term,
                     size_t term_size, uint64_t passages) {
    bytes_printf(context, "%.*s>%.*s:%llu ", (int)word_size, word, (int)term_size, term,
                 (unsigned long long)passages);
    return 0;
}

static void test_the_lexicon_counts_passages(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct bytes out = BYTES_INIT;
    assert_int_equal(segment_each_word(segment, "traffick", 8, take_word, &out, NULL), 0);
    assert_string_equal(bytes_string(&out), "trafficked>traffick:1 trafficking>traffick:2 ");
    bytes_free(&out);
    segment_close(segment);
}

/* ---- Postings -------------------------------------------------------------------------------- */

static int take_posting(void *context, uint32_t docid, uint32_t wdf) {
    bytes_printf(context, "%u:%u ", docid, wdf);
    return 0;
}

static void expect_postings(const char *term, const char *expected) {
    const char *path = folder();
    struct shim_database *database;
    struct bytes out = BYTES_INIT;
    assert_int_equal(shim_database_open(&database, &path, 1), SHIM_OK);
    assert_int_equal(shim_each_posting(database, 0, term, strlen(term), take_posting, &out),
                     SHIM_OK);
    assert_string_equal(bytes_string(&out), expected);
    bytes_free(&out);
    shim_database_close(database);
}

static void test_text_terms_have_passages_as_docids(void **state) {
    (void)state;
    segment_close(make_segment());
    expect_postings("traffick", "2:1 3:1 6:1 ");
    expect_postings("council", "5:1 ");
}

static void test_field_terms_have_a_prefix_and_no_weight(void **state) {
    (void)state;
    segment_close(make_segment());
    expect_postings("Shalden", "2:0 3:0 4:0 ");
    expect_postings("Aadeyemi", "2:0 ");
    expect_postings("XHprotect", "2:0 3:0 ");
}

static void test_a_heading_is_text_only_where_nothing_stands_below(void **state) {
    (void)state;
    segment_close(make_segment());
    expect_postings("protect", "");
    expect_postings("busi", "4:1 ");
}

static void test_a_passage_without_words_has_no_posting(void **state) {
    (void)state;
    segment_close(make_segment());
    /* Passages 2, 3, 4 (docids) of the minutes, 5 and 6 of the records; not 1 and 7. */
    const char *path = folder();
    struct shim_database *database;
    struct shim_statistics statistics;
    assert_int_equal(shim_database_open(&database, &path, 1), SHIM_OK);
    assert_int_equal(shim_database_statistics(database, &statistics), SHIM_OK);
    assert_int_equal(statistics.documents, 5);
    shim_database_close(database);
    expect_postings("the", "3:1 5:2 ");
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void test_a_segment_that_is_not_finished_leaves_nothing(void **state) {
    (void)state;
    struct worker worker;
    struct segment_writer *writer;
    struct document document;
    struct error err;
    document_init(&document);
    clear_folder();
    assert_int_equal(worker_open(&worker, -1, NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder(), "none", &err), PLENARY_EINVALID);
    assert_false(scratch_exists(folder()));
    assert_int_equal(segment_writer_create(&writer, folder(), "xapian", &err), 0);
    fill_minutes(&document);
    assert_int_equal(worker_add(&worker, writer, &document, &err), 0);
    segment_writer_close(writer);
    assert_false(scratch_exists(folder()));
    worker_close(&worker);
    document_free(&document);
}

static void test_passages_out_of_order_are_refused_and_the_rest_goes_on(void **state) {
    (void)state;
    struct worker worker;
    struct segment_writer *writer;
    struct document document;
    document_init(&document);
    clear_folder();
    assert_int_equal(worker_open(&worker, -1, NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder(), "xapian", NULL), 0);
    fill_minutes(&document);
    document.passages[1].text_end = document.text.size + 1;
    assert_int_equal(worker_add(&worker, writer, &document, NULL), PLENARY_EINVALID);
    assert_int_equal(segment_writer_documents(writer), 0);
    fill_minutes(&document);
    assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    struct document_key key;
    assert_int_equal(segment_writer_document(writer, 0, &key, NULL), 0);
    assert_string_equal(key.id, "halden.txt");
    assert_string_equal(key.source, "/minutes/halden.txt");
    assert_memory_equal(key.content, document.content, 16);
    assert_int_equal(segment_writer_finish(writer, NULL), 0);
    segment_writer_close(writer);
    worker_close(&worker);
    document_free(&document);
}

static void test_documents_without_passages_come_back(void **state) {
    (void)state;
    struct worker worker;
    struct segment_writer *writer;
    struct segment *segment;
    struct document document;
    document_init(&document);
    clear_folder();
    assert_int_equal(worker_open(&worker, -1, NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder(), "xapian", NULL), 0);
    begin_file(&document, "/minutes/empty.txt", NULL);
    assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    fill_record(&document, 1, "Text.");
    assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    begin_file(&document, "/minutes/empty2.txt", NULL);
    assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
    assert_int_equal(segment_writer_finish(writer, NULL), 0);
    segment_writer_close(writer);
    assert_int_equal(segment_open(&segment, folder(), NULL), 0);
    assert_int_equal(segment_document_of(segment, 0), 1);
    assert_int_equal(segment_verify(segment, NULL, NULL, NULL), 0);
    segment_close(segment);
    worker_close(&worker);
    document_free(&document);
}

/* ---- Verifying ------------------------------------------------------------------------------- */

static void print_fault(void *context, const char *fault) {
    bytes_add_string(context, fault);
    bytes_add_string(context, "\n");
}

static void test_a_sound_segment_has_no_faults_and_its_parts_a_size(void **state) {
    (void)state;
    struct segment *segment = make_segment();
    struct bytes faults = BYTES_INIT;
    struct segment_sizes sizes;
    assert_int_equal(segment_verify(segment, print_fault, &faults, NULL), 0);
    assert_int_equal(faults.size, 0);
    assert_int_equal(segment_measure(segment, &sizes, NULL), 0);
    assert_true(sizes.postings && sizes.documents && sizes.passages && sizes.text && sizes.lexicon);
    assert_true(sizes.bounds == 0);
    bytes_free(&faults);
    segment_close(segment);
}

static void test_damage_anywhere_is_found_by_opening_or_verifying(void **state) {
    (void)state;
    static const char *const names[] = {"documents.table", "passages.table", "text.blocks",
                                        "lexicon.words"};
    segment_close(make_segment());
    for (size_t file = 0; file < 4; file++) {
        char path[300];
        size_t size;
        snprintf(path, sizeof path, "%s/%s", folder(), names[file]);
        uint8_t *data = scratch_read(path, &size);
        for (size_t i = 0; i < size; i += 7) {
            struct segment *segment;
            struct bytes faults = BYTES_INIT;
            struct error err;
            data[i] ^= 0x20;
            scratch_write(path, data, size);
            data[i] ^= 0x20;
            int status = segment_open(&segment, folder(), &err);
            if (status) {
                assert_int_equal(status, PLENARY_EDAMAGED);
                assert_non_null(strstr(err.message, path));
                continue;
            }
            assert_true(segment_verify(segment, print_fault, &faults, NULL) > 0);
            assert_non_null(strstr(bytes_string(&faults), path));
            segment_close(segment);
            bytes_free(&faults);
        }
        scratch_write(path, data, size);
        free(data);
    }
}

static void test_a_missing_file_is_not_found(void **state) {
    (void)state;
    struct segment *segment;
    struct error err;
    char path[300];
    segment_close(make_segment());
    snprintf(path, sizeof path, "%s/text.blocks", folder());
    assert_int_equal(unlink(path), 0);
    assert_int_equal(segment_open(&segment, folder(), &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "text.blocks"));
}

/* ---- Many ------------------------------------------------------------------------------------ */

static void test_thousands_of_random_passages_come_back(void **state) {
    (void)state;
    enum { DOCUMENTS = 300 };
    uint64_t random = random_seed(), replay;
    struct worker worker;
    struct segment_writer *writer;
    struct segment *segment;
    struct document document;
    struct arena arena = ARENA_INIT;
    struct bytes text = BYTES_INIT;
    document_init(&document);
    clear_folder();
    assert_int_equal(worker_open(&worker, language_number("none"), NULL), 0);
    assert_int_equal(segment_writer_create(&writer, folder(), "xapian", NULL), 0);
    replay = random;
    for (unsigned pass = 0; pass < 2; pass++) {
        uint32_t ordinal = 0;
        random = replay;
        if (pass == 1)
            assert_int_equal(segment_open(&segment, folder(), NULL), 0);
        for (unsigned d = 0; d < DOCUMENTS; d++) {
            char words[64], source[40];
            unsigned passages = (unsigned)(random_next(&random) % 40);
            snprintf(source, sizeof source, "/minutes/%u.txt", d);
            begin_file(&document, source, d % 3 ? "A title" : NULL);
            for (unsigned p = 0; p < passages; p++) {
                snprintf(words, sizeof words, "word%llu and word%llu",
                         (unsigned long long)random_next(&random) % 5000,
                         (unsigned long long)random_next(&random));
                struct passage *passage = add(&document, random_next(&random) % 2, words);
                passage->source_begin = random_next(&random) >> 20;
                passage->source_end = passage->source_begin + random_next(&random) % 1000;
                passage->line_begin = random_next(&random) % 100000;
                passage->line_end = passage->line_begin + p;
                passage->page = (uint32_t)random_next(&random);
                passage->label = p % 5 ? "(a)" : NULL;
                passage->id = p % 7 == 3 ? "own-id" : NULL;
            }
            assert_int_equal(document_finish(&document), 0);
            if (pass == 0) {
                assert_int_equal(worker_add(&worker, writer, &document, NULL), 0);
                continue;
            }
            for (size_t p = 0; p < document.passage_count; p++, ordinal++) {
                const struct passage *wanted = &document.passages[p];
                struct passage_row row;
                arena_reset(&arena);
                bytes_reset(&text);
                assert_int_equal(segment_document_of(segment, ordinal), d);
                assert_int_equal(segment_passage(segment, ordinal, &arena, &row, NULL), 0);
                assert_int_equal(row.kind, wanted->kind);
                assert_int_equal(row.number, wanted->number);
                assert_int_equal(row.page, wanted->page);
                assert_int_equal(row.text_begin, wanted->text_begin);
                assert_int_equal(row.text_end, wanted->text_end);
                assert_true(row.source_begin == wanted->source_begin);
                assert_true(row.source_end == wanted->source_end);
                assert_int_equal(row.line_begin, wanted->line_begin);
                assert_int_equal(row.line_end, wanted->line_end);
                assert_int_equal(row.label != NULL, wanted->label != NULL);
                assert_int_equal(row.id != NULL, wanted->id != NULL);
                assert_int_equal(
                    segment_text(segment, d, row.text_begin, row.text_end, &text, NULL), 0);
                assert_memory_equal(text.data, document.text.data + row.text_begin,
                                    row.text_end - row.text_begin);
            }
        }
        if (pass == 0) {
            assert_int_equal(segment_writer_finish(writer, NULL), 0);
            segment_writer_close(writer);
        }
    }
    assert_int_equal(segment_verify(segment, NULL, NULL, NULL), 0);
    segment_close(segment);
    worker_close(&worker);
    document_free(&document);
    bytes_free(&text);
    arena_free(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_rows_come_back),
        cmocka_unit_test(test_passage_rows_come_back),
        cmocka_unit_test(test_text_comes_back_by_passage),
        cmocka_unit_test(test_documents_are_found_by_id_and_source),
        cmocka_unit_test(test_the_lexicon_counts_passages),
        cmocka_unit_test(test_text_terms_have_passages_as_docids),
        cmocka_unit_test(test_field_terms_have_a_prefix_and_no_weight),
        cmocka_unit_test(test_a_heading_is_text_only_where_nothing_stands_below),
        cmocka_unit_test(test_a_passage_without_words_has_no_posting),
        cmocka_unit_test(test_a_segment_that_is_not_finished_leaves_nothing),
        cmocka_unit_test(test_passages_out_of_order_are_refused_and_the_rest_goes_on),
        cmocka_unit_test(test_documents_without_passages_come_back),
        cmocka_unit_test(test_a_sound_segment_has_no_faults_and_its_parts_a_size),
        cmocka_unit_test(test_damage_anywhere_is_found_by_opening_or_verifying),
        cmocka_unit_test(test_a_missing_file_is_not_found),
        cmocka_unit_test(test_thousands_of_random_passages_come_back),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
