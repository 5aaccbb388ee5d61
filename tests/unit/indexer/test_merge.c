/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A merged index against one built in one go from the documents that live: row by row, word by
 * word, posting by posting.
 */
#include "tests/unit/indexer/scratch.h"

#include "indexer/index.h"
#include "indexer/segment/segment_files.h"
#include "shim/shim.h"

#include <dirent.h>

enum { DOCUMENTS = 120, NAME_SIZE = 40 };

static uint64_t seed;

static uint32_t below(uint32_t limit) {
    return (uint32_t)((random_next(&seed) >> 32) % limit);
}

/* ---- A model of the documents -----------------------------------------------------------------
 */

struct model {
    bool lives;
    unsigned version;
    uint64_t seed; /* of what is in it */
    bool is_record;
};
static struct model models[DOCUMENTS];

static int clear_all(void **state) {
    (void)state;
    char command[600];
    memset(models, 0, sizeof models);
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", scratch_path("index"),
             scratch_path("fresh"));
    return system(command);
}

static void assert_well(int status, const struct error *err) {
    if (status < 0)
        print_message("%s\n", err->message);
    assert_true(status >= 0);
}

static struct index_writer *open_writer(const char *name, const char *builder) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct error err;
    options.builder = builder;
    assert_well(index_writer_open(&writer, scratch_path(name), &options, &err), &err);
    return writer;
}

static void publish_and_close(struct index_writer *writer) {
    struct error err;
    assert_well(index_writer_publish(writer, &err), &err);
    index_writer_close(writer);
}

/* A few words that are everywhere, some that are in one document only, some that do not stem as
 * they stand, a hyphenated one. */
static void make_text(uint64_t *state, char *out, size_t room) {
    static const char *const words[] = {"the",     "council", "Councils", "co-chairs",
                                        "budget",  "São",     "Tomé",     "meetings",
                                        "meeting", "U.N.",    "2018"};
    size_t count = random_next(state) % 30, at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count && at + 40 < room; i++) {
        uint64_t pick = random_next(state) % 16;
        if (pick < 11)
            at += (size_t)snprintf(out + at, room - at, "%s ", words[pick]);
        else
            at += (size_t)snprintf(out + at, room - at, "w%llu ",
                                   (unsigned long long)(random_next(state) % 400));
    }
}

static void fill_document(struct document *document, const struct model *model, unsigned number) {
    static char id[NAME_SIZE], source[NAME_SIZE], title[NAME_SIZE];
    static const char *const speakers[] = {NULL, "The Chair", "Ms. Ndiaye", NULL};
    uint64_t state = model->seed;
    char text[1200];
    document_init(document);
    snprintf(id, sizeof id, "doc/%u", number);
    snprintf(source, sizeof source, model->is_record ? "/records-%u" : "/files/%u",
             model->is_record ? number % 3 : number);
    snprintf(title, sizeof title, "Meeting %u", (unsigned)(random_next(&state) % 7));
    document->id = id;
    document->source = source;
    document->is_record = model->is_record;
    document->language = number % 5 ? "en" : "fr";
    document->date = number % 4 ? 20180000 + number : 0;
    if (random_next(&state) % 3)
        document->title = title;
    if (random_next(&state) % 4 == 0)
        document->body = "Committee";
    memcpy(document->content, &model->seed, model->is_record ? 5 : 8);
    size_t passages = random_next(&state) % 6;
    size_t large = random_next(&state) % 30 == 0 ? 600 : 1; /* some texts take several blocks */
    for (size_t i = 0; i < passages * large; i++) {
        make_text(&state, text, sizeof text);
        bool heading = i == 0 && random_next(&state) % 2;
        struct passage *passage = document_add(
            document, heading ? PASSAGE_HEADING : PASSAGE_PARAGRAPH, text, strlen(text));
        assert_non_null(passage);
        passage->level = heading;
        passage->speaker = speakers[random_next(&state) % 4];
        passage->heading = heading ? NULL : "Opening of the session";
        passage->id = random_next(&state) % 9 ? NULL : "p1";
        passage->page = (uint32_t)i / 3;
        passage->source_begin += 17 * i;
        passage->source_end += 17 * i;
        passage->line_begin = i;
        passage->line_end = i + 2;
    }
    assert_int_equal(document_finish(document), 0);
}

static void add_document(struct index_writer *writer, unsigned number) {
    struct document document;
    enum index_change change;
    struct error err;
    fill_document(&document, &models[number], number);
    assert_well(index_writer_add(writer, &document, &change, &err), &err);
    document_free(&document);
}

static void change_document(struct index_writer *writer, unsigned number) {
    struct model *model = &models[number];
    if (!model->seed)
        model->is_record = number % 2;
    model->lives = true;
    model->seed = random_next(&seed) | 1;
    add_document(writer, number);
}

static void delete_document(struct index_writer *writer, unsigned number) {
    char id[NAME_SIZE];
    uint64_t deleted;
    struct error err;
    snprintf(id, sizeof id, "doc/%u", number);
    assert_well(index_writer_delete(writer, id, &deleted, &err), &err);
    assert_int_equal(deleted, models[number].lives);
    models[number].lives = false;
}

static unsigned count_living(void) {
    unsigned count = 0;
    for (unsigned i = 0; i < DOCUMENTS; i++)
        count += models[i].lives;
    return count;
}

static struct snapshot *open_snapshot(const char *name) {
    struct snapshot *snapshot;
    struct error err;
    assert_well(snapshot_open(&snapshot, scratch_path(name), &err), &err);
    return snapshot;
}

/* "fresh": an index of what lives, in one go, in the order that "index" has it. */
static void build_fresh(const struct segment *merged) {
    struct index_writer *writer = open_writer("fresh", NULL);
    struct arena arena = ARENA_INIT;
    assert_int_equal(segment_document_count(merged), count_living());
    for (uint32_t i = 0; i < segment_document_count(merged); i++) {
        struct document_row row;
        unsigned number;
        assert_int_equal(segment_document(merged, i, &arena, &row, NULL), 0);
        assert_int_equal(sscanf(row.id, "doc/%u", &number), 1);
        assert_true(models[number].lives);
        add_document(writer, number);
    }
    arena_free(&arena);
    publish_and_close(writer);
}

/* ---- Comparing two segments -------------------------------------------------------------------
 */

static void assert_same_string(const char *a, const char *b) {
    assert_int_equal(!a, !b);
    if (a)
        assert_string_equal(a, b);
}

static void compare_document(const struct segment *a, const struct segment *b, uint32_t i) {
    struct arena arena = ARENA_INIT;
    struct document_row left, right;
    struct bytes left_text = BYTES_INIT, right_text = BYTES_INIT;
    uint32_t found;
    assert_int_equal(segment_document(a, i, &arena, &left, NULL), 0);
    assert_int_equal(segment_document(b, i, &arena, &right, NULL), 0);
    assert_same_string(left.id, right.id);
    assert_same_string(left.source, right.source);
    assert_same_string(left.title, right.title);
    assert_same_string(left.body, right.body);
    assert_string_equal(left.language, right.language);
    assert_int_equal(left.date, right.date);
    assert_int_equal(left.is_record, right.is_record);
    assert_int_equal(left.first_passage, right.first_passage);
    assert_int_equal(left.passage_count, right.passage_count);
    assert_memory_equal(left.content, right.content, sizeof left.content);
    assert_int_equal(segment_find_id(a, left.id, &found, NULL), 1);
    assert_int_equal(found, i);
    assert_int_equal(segment_text(a, i, 0, UINT32_MAX, &left_text, NULL), 0);
    assert_int_equal(segment_text(b, i, 0, UINT32_MAX, &right_text, NULL), 0);
    assert_string_equal(bytes_string(&left_text), bytes_string(&right_text));
    bytes_free(&left_text);
    bytes_free(&right_text);
    arena_free(&arena);
}

static int print_row(void *context, const struct lexicon_row *row) {
    bytes_printf(context, "%.*s>%.*s %d ", (int)row->word_size, row->word, (int)row->term_size,
                 row->term, row->joined);
    return 0;
}

static void print_tokens(const struct segment *segment, uint32_t passage, struct bytes *out) {
    const uint8_t *at;
    size_t size;
    uint64_t id;
    assert_int_equal(segment_tokens(segment, passage, &at, &size, NULL), 0);
    for (const uint8_t *end = at + size; at < end;) {
        assert_true(varint_read(&at, end, &id));
        assert_int_equal(lexicon_row_of_id(&segment->lexicon, (uint32_t)id, print_row, out, NULL),
                         0);
    }
}

static void compare_passage(const struct segment *a, const struct segment *b, uint32_t i) {
    struct arena arena = ARENA_INIT;
    struct passage_row left, right;
    struct bytes left_words = BYTES_INIT, right_words = BYTES_INIT;
    assert_int_equal(segment_passage(a, i, &arena, &left, NULL), 0);
    assert_int_equal(segment_passage(b, i, &arena, &right, NULL), 0);
    assert_int_equal(left.kind, right.kind);
    assert_int_equal(left.level, right.level);
    assert_int_equal(left.number, right.number);
    assert_int_equal(left.page, right.page);
    assert_int_equal(left.text_begin, right.text_begin);
    assert_int_equal(left.text_end, right.text_end);
    assert_int_equal(left.source_begin, right.source_begin);
    assert_int_equal(left.source_end, right.source_end);
    assert_int_equal(left.line_begin, right.line_begin);
    assert_int_equal(left.line_end, right.line_end);
    assert_same_string(left.id, right.id);
    assert_same_string(left.label, right.label);
    assert_same_string(left.speaker, right.speaker);
    assert_same_string(left.heading, right.heading);
    print_tokens(a, i, &left_words);
    print_tokens(b, i, &right_words);
    assert_string_equal(bytes_string(&left_words), bytes_string(&right_words));
    bytes_free(&left_words);
    bytes_free(&right_words);
    arena_free(&arena);
}

static int print_word(void *context, const struct lexicon_row *row) {
    if (!row->passages) /* in titles only, or in what was deleted: a prefix may still name it */
        return 0;
    print_row(context, row);
    bytes_printf(context, "%llu\n", (unsigned long long)row->passages);
    return 0;
}

struct posting_print {
    struct shim_database *database;
    struct bytes out;
};

static int print_posting(void *context, uint32_t docid, uint32_t wdf) {
    struct posting_print *print = context;
    bytes_printf(&print->out, "%u:%u ", docid, wdf);
    return 0;
}

struct term_list {
    char (*terms)[300];
    size_t *sizes;
    size_t count;
    struct bytes out;
};

static int keep_term(void *context, const char *term, size_t size, uint64_t documents) {
    struct term_list *list = context;
    list->terms = reallocarray(list->terms, list->count + 1, sizeof *list->terms);
    memcpy(list->terms[list->count], term, size);
    list->terms[list->count++][size] = '\0';
    bytes_printf(&list->out, "%s %llu\n", term, (unsigned long long)documents);
    return 0;
}

/* Lengths, terms with their frequencies, postings: as one text. */
static struct bytes print_postings(const struct segment *segment) {
    const char *folder = segment_folder(segment);
    struct posting_print print = {.out = BYTES_INIT};
    struct term_list list = {.out = BYTES_INIT};
    assert_int_equal(shim_database_open(&print.database, &folder, 1), SHIM_OK);
    assert_int_equal(shim_each_posting(print.database, 0, "", 0, print_posting, &print), SHIM_OK);
    assert_int_equal(shim_each_term(print.database, "", 0, keep_term, &list), SHIM_OK);
    for (size_t i = 0; i < list.count; i++) {
        const char *term = list.terms[i];
        uint64_t documents, occurrences;
        assert_int_equal(
            shim_term_statistics(print.database, term, strlen(term), &documents, &occurrences),
            SHIM_OK);
        bytes_printf(&print.out, "\n%s %llu %llu ", term, (unsigned long long)documents,
                     (unsigned long long)occurrences);
        assert_int_equal(
            shim_each_posting(print.database, 0, term, strlen(term), print_posting, &print),
            SHIM_OK);
    }
    struct shim_statistics statistics;
    assert_int_equal(shim_database_statistics(print.database, &statistics), SHIM_OK);
    bytes_printf(&print.out, "\n%llu %llu", (unsigned long long)statistics.documents,
                 (unsigned long long)statistics.total_length);
    shim_database_close(print.database);
    bytes_free(&list.out);
    free(list.terms);
    return print.out;
}

static void report_fault(void *context, const char *fault) {
    (void)context;
    print_message("%s\n", fault);
}

static void compare_segments(const struct segment *a, const struct segment *b) {
    struct bytes left = BYTES_INIT, right = BYTES_INIT;
    assert_int_equal(segment_document_count(a), segment_document_count(b));
    assert_int_equal(segment_passage_count(a), segment_passage_count(b));
    for (uint32_t i = 0; i < segment_document_count(a); i++)
        compare_document(a, b, i);
    for (uint32_t i = 0; i < segment_passage_count(a); i++)
        compare_passage(a, b, i);
    assert_int_equal(lexicon_each(&a->lexicon, "", 0, print_word, &left, NULL), 0);
    assert_int_equal(lexicon_each(&b->lexicon, "", 0, print_word, &right, NULL), 0);
    bytes_string(&left), bytes_string(&right);
    assert_string_equal((const char *)left.data, (const char *)right.data);
    bytes_free(&left);
    bytes_free(&right);
    left = print_postings(a);
    right = print_postings(b);
    assert_string_equal(bytes_string(&left), bytes_string(&right));
    bytes_free(&left);
    bytes_free(&right);
    assert_int_equal(segment_verify(a, report_fault, NULL, NULL), 0);
}

/* Merge "index" and hold it against a fresh one. */
static void merge_and_compare(void) {
    struct index_writer *writer = open_writer("index", NULL);
    struct error err;
    uint32_t merged;
    assert_well(index_writer_merge(writer, &merged, &err), &err);
    publish_and_close(writer);
    struct snapshot *snapshot = open_snapshot("index");
    assert_int_equal(snapshot_documents(snapshot), count_living());
    if (count_living()) {
        assert_int_equal(snapshot_segment_count(snapshot), 1);
        assert_int_equal(snapshot_deleted_count(snapshot, 0), 0);
        build_fresh(snapshot_segment(snapshot, 0));
        struct snapshot *fresh = open_snapshot("fresh");
        compare_segments(snapshot_segment(snapshot, 0), snapshot_segment(fresh, 0));
        snapshot_close(fresh);
    }
    snapshot_close(snapshot);
}

static unsigned count_folders(void) {
    unsigned count = 0;
    DIR *stream = opendir(scratch_path("index/segments"));
    assert_non_null(stream);
    for (struct dirent *entry; (entry = readdir(stream));)
        count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

/* ---- Tests ------------------------------------------------------------------------------------
 */

static void build_segments(unsigned segments, const char *builder) {
    for (unsigned i = 0; i < segments; i++) {
        struct index_writer *writer = open_writer("index", builder);
        for (unsigned k = 0; k < DOCUMENTS / segments; k++)
            change_document(writer, i * (DOCUMENTS / segments) + k);
        publish_and_close(writer);
    }
}

static void test_merged_segments_equal_an_index_built_in_one_go(void **state) {
    (void)state;
    build_segments(4, NULL);
    assert_int_equal(count_folders(), 4);
    merge_and_compare();
    assert_int_equal(count_folders(), 1);
}

static void test_segments_of_xapians_writer_are_merged_alike(void **state) {
    (void)state;
    build_segments(3, "xapian");
    struct index_writer *writer = open_writer("index", NULL);
    for (unsigned i = 0; i < DOCUMENTS; i += 7)
        change_document(writer, i);
    publish_and_close(writer);
    merge_and_compare();
}

static void test_what_was_deleted_is_gone(void **state) {
    (void)state;
    build_segments(3, NULL);
    struct index_writer *writer = open_writer("index", NULL);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        if (below(3) == 0)
            delete_document(writer, i);
    publish_and_close(writer);
    merge_and_compare();
    uint32_t merged = 99;
    writer = open_writer("index", NULL);
    assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
    assert_int_equal(merged, 0);
    index_writer_close(writer);
}

static void test_merging_in_the_same_run_as_adding_and_deleting(void **state) {
    (void)state;
    build_segments(2, NULL);
    struct index_writer *writer = open_writer("index", NULL);
    uint32_t merged;
    for (unsigned i = 0; i < DOCUMENTS; i += 3)
        change_document(writer, i);
    assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
    assert_int_equal(merged, 3);
    for (unsigned i = 0; i < DOCUMENTS; i += 5) /* of the merged segment */
        change_document(writer, i);
    for (unsigned i = 1; i < DOCUMENTS; i += 5)
        delete_document(writer, i);
    publish_and_close(writer);
    merge_and_compare();
}

static void test_random_adds_deletions_and_merges(void **state) {
    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        struct index_writer *writer = open_writer("index", below(4) ? NULL : "xapian");
        for (unsigned steps = below(12); steps-- > 0;) {
            unsigned number = below(DOCUMENTS);
            if (below(3))
                change_document(writer, number);
            else
                delete_document(writer, number);
        }
        uint32_t merged;
        if (below(8) == 0)
            assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
        publish_and_close(writer);
        assert_true(count_folders() <= 17);
    }
    merge_and_compare();
}

static void test_pruning_knows_what_was_seen_before_a_merge(void **state) {
    (void)state;
    build_segments(2, NULL);
    struct index_writer *writer = open_writer("index", NULL);
    uint32_t merged;
    uint64_t deleted;
    unsigned kept = 0;
    for (unsigned i = 0; i < DOCUMENTS; i += 2) { /* files: their sources are read, unchanged */
        uint8_t content[16] = {0};
        char source[NAME_SIZE];
        snprintf(source, sizeof source, "/files/%u", i);
        memcpy(content, &models[i].seed, 8);
        kept += index_writer_has_source(writer, source, content, NULL) == 1;
    }
    assert_int_equal(kept, DOCUMENTS / 2);
    assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
    assert_int_equal(index_writer_prune(writer, &deleted, NULL), 0);
    assert_int_equal(deleted, DOCUMENTS / 2); /* the records: there are no such files */
    for (unsigned i = 1; i < DOCUMENTS; i += 2)
        models[i].lives = false;
    publish_and_close(writer);
    merge_and_compare();
}

static void test_nothing_left_to_merge_is_an_empty_index(void **state) {
    (void)state;
    build_segments(2, NULL);
    struct index_writer *writer = open_writer("index", NULL);
    for (unsigned i = 0; i < DOCUMENTS; i++)
        delete_document(writer, i);
    uint32_t merged = 99;
    assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
    assert_int_equal(merged, 0);
    publish_and_close(writer);
    merge_and_compare();
    assert_int_equal(count_folders(), 0);
}

/* Whatever byte is hit: an error that leaves all as it was, or a merge that does no harm. */
static void test_a_damaged_input_is_an_error_and_nothing_is_published(void **state) {
    (void)state;
    static const char *const files[] = {"postlist.glass", "iamglass",    "documents.table",
                                        "passages.table", "text.blocks", "tokens.words",
                                        "lexicon.words"};
    build_segments(3, NULL);
    unsigned refused = 0;
    for (unsigned trial = 0; trial < 140; trial++) {
        char path[200];
        size_t size;
        snprintf(path, sizeof path, "%s/segments/00000%u/%s", scratch_path("index"), 1 + trial % 3,
                 files[trial % 7]);
        uint8_t *whole = scratch_read(path, &size), *damaged = malloc(size);
        memcpy(damaged, whole, size);
        damaged[below((uint32_t)size)] ^= (uint8_t)(1 + below(255));
        scratch_write(path, damaged, trial % 4 ? size : below((uint32_t)size));
        struct index_writer *writer = NULL;
        struct error err = {0};
        uint32_t merged = 0;
        struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
        int status = index_writer_open(&writer, scratch_path("index"), &options, &err);
        if (!status)
            status = index_writer_merge(writer, &merged, &err);
        if (status) {
            if (!strstr(err.message, "segments/0000"))
                fail_msg("this names no segment: %s", err.message);
            assert_int_equal(count_folders(), 3);
            refused++;
        }
        index_writer_close(writer); /* without publishing */
        assert_int_equal(count_folders(), 3);
        scratch_write(path, whole, size);
        free(whole);
        free(damaged);
    }
    assert_true(refused > 100);
    merge_and_compare();
}

int main(void) {
    seed = random_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_merged_segments_equal_an_index_built_in_one_go, clear_all),
        cmocka_unit_test_setup(test_segments_of_xapians_writer_are_merged_alike, clear_all),
        cmocka_unit_test_setup(test_what_was_deleted_is_gone, clear_all),
        cmocka_unit_test_setup(test_merging_in_the_same_run_as_adding_and_deleting, clear_all),
        cmocka_unit_test_setup(test_random_adds_deletions_and_merges, clear_all),
        cmocka_unit_test_setup(test_pruning_knows_what_was_seen_before_a_merge, clear_all),
        cmocka_unit_test_setup(test_nothing_left_to_merge_is_an_empty_index, clear_all),
        cmocka_unit_test_setup(test_a_damaged_input_is_an_error_and_nothing_is_published,
                               clear_all),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
