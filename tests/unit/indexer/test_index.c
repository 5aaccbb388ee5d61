/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/indexer/scratch.h"
#include "tests/unit/rounds.h"

#include "indexer/index.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* ---- An index to write to ---------------------------------------------------------------------
 */

static const char *index_path(void) {
    return scratch_path("index");
}

static int clear_index(void **state) {
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", index_path());
    return system(command);
}

static struct index_writer *open_writer(void) {
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct error err;
    options.builder = "xapian";
    int status = index_writer_open(&writer, index_path(), &options, &err);
    if (status)
        print_message("%s\n", err.message);
    assert_int_equal(status, 0);
    return writer;
}

static void publish(struct index_writer *writer) {
    struct error err;
    int status = index_writer_publish(writer, &err);
    if (status)
        print_message("%s\n", err.message);
    assert_int_equal(status, 0);
}

static void publish_and_close(struct index_writer *writer) {
    publish(writer);
    index_writer_close(writer);
}

/* A document of one passage whose content hash follows from its text. */
static enum index_change add(struct index_writer *writer, bool is_record, const char *id,
                             const char *source, const char *text) {
    struct document document;
    enum index_change change = 99;
    document_init(&document);
    document.id = id;
    document.source = source;
    document.is_record = is_record;
    document.language = "en";
    for (size_t i = 0; text[i]; i++)
        document.content[i % 5] = (uint8_t)(document.content[i % 5] * 31 + text[i]);
    assert_non_null(document_add(&document, PASSAGE_PARAGRAPH, text, strlen(text)));
    assert_int_equal(document_finish(&document), 0);
    assert_int_equal(index_writer_add(writer, &document, &change, NULL), 0);
    document_free(&document);
    return change;
}

static enum index_change add_file(struct index_writer *writer, const char *id, const char *source,
                                  const char *text) {
    return add(writer, false, id, source, text);
}

static enum index_change add_record(struct index_writer *writer, const char *id, const char *source,
                                    const char *text) {
    return add(writer, true, id, source, text);
}

static struct snapshot *open_snapshot(void) {
    struct snapshot *snapshot;
    struct error err;
    int status = snapshot_open(&snapshot, index_path(), &err);
    if (status)
        print_message("%s\n", err.message);
    assert_int_equal(status, 0);
    return snapshot;
}

/* The text of the live document with this id in what is published; NULL: there is none. */
static const char *published_text(const char *id) {
    static char text[200];
    struct snapshot *snapshot = open_snapshot();
    struct bytes out = BYTES_INIT;
    uint32_t segment, document;
    int found = snapshot_find_id(snapshot, id, &segment, &document, NULL);
    assert_true(found >= 0);
    if (found) {
        const struct segment *owner = snapshot_segment(snapshot, segment);
        assert_int_equal(segment_text(owner, document, 0, UINT32_MAX, &out, NULL), 0);
        assert_false(
            snapshot_is_deleted(snapshot, segment, segment_first_passage(owner, document)));
        snprintf(text, sizeof text, "%s", bytes_string(&out));
    }
    bytes_free(&out);
    snapshot_close(snapshot);
    return found ? text : NULL;
}

static uint64_t published_documents(void) {
    struct snapshot *snapshot = open_snapshot();
    uint64_t documents = snapshot_documents(snapshot), live = 0;
    for (uint32_t i = 0; i < snapshot_segment_count(snapshot); i++) {
        uint32_t passages = segment_passage_count(snapshot_segment(snapshot, i)), dead = 0;
        for (uint32_t p = 0; p < passages; p++)
            dead += snapshot_is_deleted(snapshot, i, p);
        assert_int_equal(dead, snapshot_deleted_count(snapshot, i));
        live += passages - dead;
    }
    assert_int_equal(snapshot_passages(snapshot), live);
    snapshot_close(snapshot);
    return documents;
}

static unsigned count_entries(const char *folder) {
    unsigned count = 0;
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    for (struct dirent *entry; (entry = readdir(stream));)
        count += entry->d_name[0] != '.';
    closedir(stream);
    return count;
}

static unsigned count_segments(void) {
    return count_entries(scratch_path("index/segments"));
}

/* ---- Publishing ------------------------------------------------------------------------------ */

static void test_nothing_is_visible_before_publishing(void **state) {
    (void)state;
    struct snapshot *snapshot;
    struct error err;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/a.txt", "First.");
    assert_int_equal(snapshot_open(&snapshot, index_path(), &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "no index here"));
    publish(writer);
    assert_string_equal(published_text("a.txt"), "First.");
    add_file(writer, "b.txt", "/b.txt", "Second.");
    assert_null(published_text("b.txt"));
    publish_and_close(writer);
    assert_string_equal(published_text("b.txt"), "Second.");
    assert_int_equal(published_documents(), 2);
}

static void test_closing_without_publishing_leaves_the_last_generation(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/a.txt", "First.");
    publish_and_close(writer);
    writer = open_writer();
    uint64_t deleted;
    assert_int_equal(index_writer_delete(writer, "a.txt", &deleted, NULL), 0);
    assert_int_equal(deleted, 1);
    add_file(writer, "b.txt", "/b.txt", "Second.");
    index_writer_close(writer);
    assert_string_equal(published_text("a.txt"), "First.");
    assert_int_equal(published_documents(), 1);
    assert_int_equal(count_segments(), 1);
}

static void test_publishing_without_changes_does_nothing(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    publish(writer);
    struct snapshot *empty = open_snapshot();
    assert_int_equal(snapshot_generation(empty), 1);
    assert_int_equal(snapshot_segment_count(empty), 0);
    publish(writer);
    assert_int_equal(snapshot_is_stale(empty, NULL), 0);
    add_file(writer, "a.txt", "/a.txt", "First.");
    publish(writer);
    assert_int_equal(snapshot_is_stale(empty, NULL), 1);
    snapshot_close(empty);
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "First."), INDEX_UNCHANGED);
    publish_and_close(writer);
    struct snapshot *snapshot = open_snapshot();
    assert_int_equal(snapshot_generation(snapshot), 2);
    snapshot_close(snapshot);
}

static void test_a_snapshot_stays_as_it_was(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/a.txt", "First.");
    publish(writer);
    struct snapshot *snapshot = open_snapshot();
    uint64_t deleted;
    assert_int_equal(index_writer_delete(writer, "a.txt", &deleted, NULL), 0);
    add_file(writer, "b.txt", "/b.txt", "Second.");
    publish_and_close(writer);
    uint32_t segment, document;
    struct bytes text = BYTES_INIT;
    assert_int_equal(snapshot_find_id(snapshot, "a.txt", &segment, &document, NULL), 1);
    assert_int_equal(snapshot_find_id(snapshot, "b.txt", &segment, &document, NULL), 0);
    assert_int_equal(segment_text(snapshot_segment(snapshot, 0), 0, 0, UINT32_MAX, &text, NULL), 0);
    assert_string_equal(bytes_string(&text), "First.");
    assert_int_equal(snapshot_is_stale(snapshot, NULL), 1);
    bytes_free(&text);
    snapshot_close(snapshot);
}

/* ---- Identity -------------------------------------------------------------------------------- */

static void test_a_changed_file_replaces_and_the_same_is_left(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "Old."), INDEX_ADDED);
    publish_and_close(writer);
    writer = open_writer();
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "Old."), INDEX_UNCHANGED);
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "New."), INDEX_REPLACED);
    publish_and_close(writer);
    assert_string_equal(published_text("a.txt"), "New.");
    assert_int_equal(published_documents(), 1);
}

static void test_the_last_of_records_with_one_id_wins(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    assert_int_equal(add_record(writer, "m:1", "/m.tsv", "One."), INDEX_ADDED);
    assert_int_equal(add_record(writer, "m:2", "/m.tsv", "Two."), INDEX_ADDED);
    assert_int_equal(add_record(writer, "m:1", "/m.tsv", "One, amended."), INDEX_REPLACED);
    assert_int_equal(add_record(writer, "m:1", "/m.tsv", "One, amended."), INDEX_UNCHANGED);
    publish(writer);
    assert_string_equal(published_text("m:1"), "One, amended.");
    assert_int_equal(published_documents(), 2);
    assert_int_equal(add_record(writer, "m:1", "/other.tsv", "Third."), INDEX_REPLACED);
    assert_int_equal(add_record(writer, "m:1", "/other.tsv", "Fourth."), INDEX_REPLACED);
    publish_and_close(writer);
    assert_string_equal(published_text("m:1"), "Fourth.");
    assert_int_equal(published_documents(), 2);
}

static void test_a_file_is_known_by_its_source_whatever_it_is_called(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "x/a.txt", "/x/a.txt", "Text.");
    publish_and_close(writer);
    writer = open_writer();
    assert_int_equal(add_file(writer, "a.txt", "/x/a.txt", "Text."), INDEX_UNCHANGED);
    assert_int_equal(add_file(writer, "a.txt", "/x/a.txt", "Changed."), INDEX_REPLACED);
    publish_and_close(writer);
    assert_null(published_text("x/a.txt"));
    assert_string_equal(published_text("a.txt"), "Changed.");
}

static void test_a_file_whose_id_is_taken_is_called_by_its_source(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/x/a.txt", "In x.");
    assert_int_equal(add_file(writer, "a.txt", "/y/a.txt", "In y."), INDEX_ADDED);
    publish_and_close(writer);
    assert_string_equal(published_text("a.txt"), "In x.");
    assert_string_equal(published_text("/y/a.txt"), "In y.");
    writer = open_writer();
    add_record(writer, "/z/a.txt", "/r.tsv", "A record with an odd id.");
    add_file(writer, "a.txt", "/z/a.txt", "In z.");
    publish_and_close(writer);
    assert_string_equal(published_text("/z/a.txt"), "A record with an odd id.");
    assert_string_equal(published_text("/z/a.txt#2"), "In z.");
    assert_int_equal(published_documents(), 4);
}

static void test_an_id_that_was_given_up_is_free_again(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/x/a.txt", "Old.");
    assert_int_equal(add_file(writer, "x/a.txt", "/x/a.txt", "New."), INDEX_REPLACED);
    assert_int_equal(add_record(writer, "a.txt", "/m.tsv", "A record."), INDEX_ADDED);
    publish_and_close(writer);
    assert_string_equal(published_text("a.txt"), "A record.");
    assert_string_equal(published_text("x/a.txt"), "New.");
    assert_int_equal(published_documents(), 2);
}

static void test_an_id_that_comes_very_often_costs_no_more_each_time(void **state) {
    (void)state;
    char text[20];
    unsigned often = rounds(20000);
    struct index_writer *writer = open_writer();
    for (unsigned i = 0; i < often; i++) {
        snprintf(text, sizeof text, "%u", i);
        add_record(writer, "m:1", "/m.tsv", text);
    }
    publish_and_close(writer);
    snprintf(text, sizeof text, "%u", often - 1);
    assert_string_equal(published_text("m:1"), text);
    assert_int_equal(published_documents(), 1);
}

static void test_has_source_compares_the_content(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    uint8_t content[16] = {0}, other[16] = {1};
    add_file(writer, "a.txt", "/a.txt", "");
    add_record(writer, "r", "/r.tsv", "");
    assert_int_equal(index_writer_has_source(writer, "/a.txt", content, NULL), 1);
    assert_int_equal(index_writer_has_source(writer, "/a.txt", other, NULL), 0);
    assert_int_equal(index_writer_has_source(writer, "/b.txt", content, NULL), 0);
    assert_int_equal(index_writer_has_source(writer, "/r.tsv", content, NULL), 0);
    publish_and_close(writer);
    writer = open_writer();
    assert_int_equal(index_writer_has_source(writer, "/a.txt", content, NULL), 1);
    assert_int_equal(index_writer_has_source(writer, "/a.txt", other, NULL), 0);
    assert_int_equal(index_writer_has_source(writer, "/r.tsv", content, NULL), 0);
    index_writer_close(writer);
}

/* ---- Deleting -------------------------------------------------------------------------------- */

static void test_deleting_by_id_and_by_source(void **state) {
    (void)state;
    uint64_t deleted;
    struct index_writer *writer = open_writer();
    for (unsigned i = 0; i < 20; i++) {
        char id[20];
        snprintf(id, sizeof id, "m:%u", i);
        add_record(writer, id, "/m.tsv", "A motion.");
    }
    add_file(writer, "a.txt", "/a.txt", "Kept.");
    assert_int_equal(index_writer_delete(writer, "m:3", &deleted, NULL), 0);
    assert_int_equal(deleted, 1);
    assert_int_equal(index_writer_delete(writer, "m:3", &deleted, NULL), 0);
    assert_int_equal(deleted, 0);
    publish_and_close(writer);
    assert_int_equal(published_documents(), 20);
    writer = open_writer();
    assert_int_equal(index_writer_delete(writer, "/m.tsv", &deleted, NULL), 0);
    assert_int_equal(deleted, 19);
    assert_int_equal(index_writer_delete(writer, "no such thing", &deleted, NULL), 0);
    assert_int_equal(deleted, 0);
    publish_and_close(writer);
    assert_int_equal(published_documents(), 1);
    assert_string_equal(published_text("a.txt"), "Kept.");
    /* Deleted documents can come again. */
    writer = open_writer();
    assert_int_equal(add_record(writer, "m:3", "/m.tsv", "A motion."), INDEX_ADDED);
    publish_and_close(writer);
    assert_string_equal(published_text("m:3"), "A motion.");
}

static void test_segments_without_live_documents_go(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/a.txt", "Old.");
    publish(writer);
    add_file(writer, "a.txt", "/a.txt", "New.");
    publish(writer);
    assert_int_equal(count_segments(), 1);
    assert_string_equal(published_text("a.txt"), "New.");
    /* The writer goes on with what is left. */
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "New."), INDEX_UNCHANGED);
    assert_int_equal(add_file(writer, "a.txt", "/a.txt", "Newest."), INDEX_REPLACED);
    publish_and_close(writer);
    assert_string_equal(published_text("a.txt"), "Newest.");
    assert_int_equal(published_documents(), 1);
}

static void test_only_the_current_tombstones_are_kept(void **state) {
    (void)state;
    uint64_t deleted;
    struct index_writer *writer = open_writer();
    add_record(writer, "m:1", "/m.tsv", "One.");
    add_record(writer, "m:2", "/m.tsv", "Two.");
    /* Enough stay for the segment not to be written anew. */
    add_record(writer, "m:3", "/m.tsv", "Three.");
    add_record(writer, "m:4", "/m.tsv", "Four.");
    publish(writer);
    unsigned files = count_entries(scratch_path("index/segments/000001"));
    index_writer_delete(writer, "m:1", &deleted, NULL);
    publish(writer);
    assert_true(scratch_exists(scratch_path("index/segments/000001/tombstones-2")));
    index_writer_delete(writer, "m:2", &deleted, NULL);
    publish_and_close(writer);
    assert_true(scratch_exists(scratch_path("index/segments/000001/tombstones-3")));
    assert_int_equal(count_entries(scratch_path("index/segments/000001")), files + 1);
    assert_int_equal(published_documents(), 2);
}

static void test_prune_deletes_what_is_gone_and_keeps_what_is_not_known_to_be(void **state) {
    (void)state;
    uint64_t deleted;
    char here[256], gone[256], table[256];
    snprintf(here, sizeof here, "%s", scratch_path("here.txt"));
    snprintf(gone, sizeof gone, "%s", scratch_path("gone.txt"));
    snprintf(table, sizeof table, "%s", scratch_path("table.tsv"));
    scratch_write(here, "x", 1);
    scratch_write(table, "x", 1);
    struct index_writer *writer = open_writer();
    add_file(writer, "here.txt", here, "Here.");
    add_file(writer, "gone.txt", gone, "Gone.");
    add_file(writer, "-", "-", "From standard input.");
    add_record(writer, "r:1", table, "One.");
    add_record(writer, "r:2", table, "Two.");
    publish_and_close(writer);

    writer = open_writer();
    assert_int_equal(index_writer_prune(writer, &deleted, NULL), 0);
    assert_int_equal(deleted, 1); /* gone.txt */
    /* The table is read again and no longer has r:2. */
    assert_int_equal(add_record(writer, "r:1", table, "One."), INDEX_UNCHANGED);
    assert_int_equal(add_record(writer, "r:3", table, "Three."), INDEX_ADDED);
    assert_int_equal(index_writer_prune(writer, &deleted, NULL), 0);
    assert_int_equal(deleted, 1);
    publish_and_close(writer);
    assert_null(published_text("gone.txt"));
    assert_null(published_text("r:2"));
    assert_string_equal(published_text("r:1"), "One.");
    assert_string_equal(published_text("r:3"), "Three.");
    assert_string_equal(published_text("here.txt"), "Here.");
    assert_string_equal(published_text("-"), "From standard input.");
    assert_int_equal(published_documents(), 4);
}

static void test_prune_keeps_a_file_that_was_found_unchanged(void **state) {
    (void)state;
    uint64_t deleted;
    uint8_t content[16] = {0};
    struct index_writer *writer = open_writer();
    add_file(writer, "a.txt", "/no/such/a.txt", "");
    publish_and_close(writer);
    writer = open_writer();
    assert_int_equal(index_writer_has_source(writer, "/no/such/a.txt", content, NULL), 1);
    assert_int_equal(index_writer_prune(writer, &deleted, NULL), 0);
    assert_int_equal(deleted, 0);
    index_writer_close(writer);
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static void test_segments_are_finished_when_memory_is_used_up(void **state) {
    (void)state;
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    options.builder = "xapian";
    options.memory = 1; /* each document is over it */
    assert_int_equal(index_writer_open(&writer, index_path(), &options, NULL), 0);
    add_record(writer, "m:1", "/m.tsv", "One.");
    add_record(writer, "m:2", "/m.tsv", "Two.");
    assert_int_equal(add_record(writer, "m:1", "/m.tsv", "One, amended."), INDEX_REPLACED);
    assert_int_equal(add_record(writer, "m:2", "/m.tsv", "Two."), INDEX_UNCHANGED);
    publish_and_close(writer);
    struct snapshot *snapshot = open_snapshot();
    assert_int_equal(snapshot_segment_count(snapshot), 2);
    assert_int_equal(snapshot_documents(snapshot), 2);
    assert_int_equal(snapshot_languages(snapshot), UINT64_C(1) << language_number("english"));
    snapshot_close(snapshot);
    assert_string_equal(published_text("m:1"), "One, amended.");
}

/* ---- Against a model --------------------------------------------------------------------------
 */

enum { IDS = 12, UNPUBLISHED = UINT32_MAX };

/* What a document says, and which generation was the first in which it said so. */
struct modelled {
    char text[40];
    uint64_t since;
};

/* Publish, perhaps after merging, which changes nothing of this. */
static void publish_model(struct index_writer *writer, struct modelled *pending,
                          struct modelled *model, bool merge) {
    uint32_t merged;
    if (merge)
        assert_int_equal(index_writer_merge(writer, &merged, NULL), 0);
    publish(writer);
    struct snapshot *snapshot = open_snapshot();
    for (size_t i = 0; i < IDS; i++)
        if (pending[i].since == UNPUBLISHED)
            pending[i].since = snapshot_generation(snapshot);
    snapshot_close(snapshot);
    memcpy(model, pending, IDS * sizeof *model);
}

static uint64_t published_since(const char *id) {
    struct snapshot *snapshot = open_snapshot();
    uint32_t segment, document;
    assert_int_equal(snapshot_find_id(snapshot, id, &segment, &document, NULL), 1);
    uint64_t since = segment_document_generation(snapshot_segment(snapshot, segment), document);
    snapshot_close(snapshot);
    return since;
}

static void test_any_sequence_of_changes_ends_as_a_plain_table_would(void **state) {
    (void)state;
    enum { STEPS = 150 };
    uint64_t random = random_seed(), deleted;
    struct modelled model[IDS] = {{{0}, 0}}, pending[IDS] = {{{0}, 0}};
    struct index_writer *writer = open_writer();
    for (unsigned step = 0; step < STEPS; step++) {
        unsigned i = random_next(&random) % IDS;
        char id[20];
        snprintf(id, sizeof id, "m:%u", i);
        switch (random_next(&random) % 10) {
        case 0: /* closed without publishing, or after it */
            if (random_next(&random) % 2) {
                publish_model(writer, pending, model, false);
            }
            index_writer_close(writer);
            memcpy(pending, model, sizeof model);
            writer = open_writer();
            break;
        case 1:
            publish_model(writer, pending, model, random_next(&random) % 2);
            break;
        case 2:
        case 3:
            assert_int_equal(index_writer_delete(writer, id, &deleted, NULL), 0);
            assert_int_equal(deleted, pending[i].text[0] != '\0');
            pending[i] = (struct modelled){{0}, 0};
            break;
        default: {
            char text[40];
            snprintf(text, sizeof text, "Text %u.", (unsigned)(random_next(&random) % 3));
            enum index_change expected = !pending[i].text[0]              ? INDEX_ADDED
                                         : !strcmp(pending[i].text, text) ? INDEX_UNCHANGED
                                                                          : INDEX_REPLACED;
            assert_int_equal(add_record(writer, id, "/m.tsv", text), expected);
            if (expected != INDEX_UNCHANGED)
                pending[i].since = UNPUBLISHED;
            strcpy(pending[i].text, text);
        }
        }
    }
    publish_model(writer, pending, model, true);
    index_writer_close(writer);
    uint64_t expected = 0;
    for (unsigned i = 0; i < IDS; i++) {
        char id[20];
        snprintf(id, sizeof id, "m:%u", i);
        const char *text = published_text(id);
        expected += pending[i].text[0] != '\0';
        if (pending[i].text[0]) {
            assert_string_equal(text, pending[i].text);
            assert_int_equal(published_since(id), pending[i].since);
        } else {
            assert_null(text);
        }
    }
    assert_int_equal(published_documents(), expected);
}

/* ---- Failures -------------------------------------------------------------------------------- */

static void test_a_second_writer_is_refused(void **state) {
    (void)state;
    struct index_writer *writer = open_writer(), *second;
    struct error err;
    assert_int_equal(index_writer_open(&second, index_path(), NULL, &err), PLENARY_ELOCKED);
    assert_null(second);
    index_writer_close(writer);
}

static void test_a_folder_of_other_things_is_not_touched(void **state) {
    (void)state;
    struct index_writer *writer;
    struct error err;
    assert_int_equal(mkdir(index_path(), 0777), 0);
    scratch_write(scratch_path("index/thesis.txt"), "x", 1);
    assert_int_equal(index_writer_open(&writer, index_path(), NULL, &err), PLENARY_ENOTFOUND);
    assert_non_null(strstr(err.message, "thesis.txt"));
    assert_int_equal(count_entries(index_path()), 1);
    scratch_write(scratch_path("file"), "x", 1);
    assert_true(index_writer_open(&writer, scratch_path("file"), NULL, &err) < 0);
    assert_true(index_writer_open(&writer, scratch_path("no/folder"), NULL, &err) < 0);
    assert_int_equal(index_writer_open(&writer, index_path(), NULL, &err), PLENARY_ENOTFOUND);
}

static void test_another_language_is_refused(void **state) {
    (void)state;
    struct index_writer_options options = INDEX_WRITER_OPTIONS_INIT;
    struct index_writer *writer;
    struct error err;
    options.builder = "xapian";
    options.language = language_number("french");
    assert_int_equal(index_writer_open(&writer, index_path(), &options, &err), 0);
    publish_and_close(writer);
    options.language = -1;
    assert_int_equal(index_writer_open(&writer, index_path(), &options, &err), PLENARY_EINVALID);
    assert_non_null(strstr(err.message, "french"));
    options.language = -2;
    assert_int_equal(index_writer_open(&writer, index_path(), &options, &err), 0);
    index_writer_close(writer);
}

static void test_leftovers_of_a_dead_writer_are_removed(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_record(writer, "m:1", "/m.tsv", "One.");
    add_record(writer, "m:2", "/m.tsv", "Two.");
    publish_and_close(writer);
    assert_int_equal(mkdir(scratch_path("index/segments/000002"), 0777), 0);
    scratch_write(scratch_path("index/segments/000002/text.blocks"), "x", 1);
    scratch_write(scratch_path("index/segments/000001/tombstones-9"), "x", 1);
    scratch_write(scratch_path("index/manifest.json.tmp"), "x", 1);
    index_writer_close(open_writer());
    assert_int_equal(count_segments(), 1);
    assert_false(scratch_exists(scratch_path("index/segments/000001/tombstones-9")));
    assert_false(scratch_exists(scratch_path("index/manifest.json.tmp")));
    assert_int_equal(published_documents(), 2);
}

static void test_a_writer_killed_at_any_time_leaves_a_published_generation(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_record(writer, "n", "/m.tsv", "0");
    publish_and_close(writer);
    uint64_t random = random_seed();
    for (unsigned round = 0; round < 12; round++) {
        pid_t child = fork();
        if (child == 0) {
            struct index_writer *killed = open_writer();
            for (unsigned i = 0;; i++) {
                char text[20], id[20];
                snprintf(text, sizeof text, "%u", i);
                snprintf(id, sizeof id, "n:%u", i % 3);
                add_record(killed, "n", "/m.tsv", text);
                add_record(killed, id, "/m.tsv", text);
                publish(killed);
            }
        }
        usleep((useconds_t)(random_next(&random) % 200000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        const char *text = published_text("n");
        assert_non_null(text);
        assert_true(published_documents() >= 1 && published_documents() <= 4);
    }
    index_writer_close(open_writer());
}

static void test_readers_never_fail_while_a_writer_publishes(void **state) {
    (void)state;
    struct index_writer *writer = open_writer();
    add_record(writer, "n", "/m.tsv", "0");
    publish(writer);
    pid_t child = fork();
    if (child == 0) {
        for (;;) {
            struct snapshot *snapshot;
            uint32_t segment, document;
            struct error err;
            if (snapshot_open(&snapshot, index_path(), &err)) {
                print_message("%s\n", err.message);
                _exit(1);
            }
            if (snapshot_find_id(snapshot, "n", &segment, &document, &err) != 1)
                _exit(2);
            snapshot_close(snapshot);
        }
    }
    for (unsigned i = 1; i < 25; i++) {
        char text[20];
        snprintf(text, sizeof text, "%u", i);
        add_record(writer, "n", "/m.tsv", text);
        publish(writer);
    }
    index_writer_close(writer);
    int status;
    assert_int_equal(waitpid(child, &status, WNOHANG), 0); /* still reading */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void test_a_missing_segment_is_damage(void **state) {
    (void)state;
    struct snapshot *snapshot;
    struct error err;
    struct index_writer *writer = open_writer();
    add_record(writer, "n", "/m.tsv", "0");
    publish_and_close(writer);
    assert_int_equal(unlink(scratch_path("index/segments/000001/lexicon.words")), 0);
    assert_int_equal(snapshot_open(&snapshot, index_path(), &err), PLENARY_EDAMAGED);
    assert_null(snapshot);
    assert_non_null(strstr(err.message, "lexicon.words"));
}

static void test_a_full_disk_leaves_the_last_generation(void **state) {
    (void)state;
    struct rlimit before, small;
    struct error err;
    struct index_writer *writer = open_writer();
    add_record(writer, "n", "/m.tsv", "Kept.");
    publish(writer);
    add_record(writer, "n", "/m.tsv", "Lost.");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int status = index_writer_publish(writer, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(status < 0);
    assert_true(index_writer_publish(writer, &err) < 0); /* not half of it later */
    index_writer_close(writer);
    assert_string_equal(published_text("n"), "Kept.");
    index_writer_close(open_writer());
    assert_int_equal(count_segments(), 1);
}

#define INDEX_TEST(test) cmocka_unit_test_setup(test, clear_index)

int main(void) {
    const struct CMUnitTest tests[] = {
        INDEX_TEST(test_nothing_is_visible_before_publishing),
        INDEX_TEST(test_closing_without_publishing_leaves_the_last_generation),
        INDEX_TEST(test_publishing_without_changes_does_nothing),
        INDEX_TEST(test_a_snapshot_stays_as_it_was),
        INDEX_TEST(test_a_changed_file_replaces_and_the_same_is_left),
        INDEX_TEST(test_the_last_of_records_with_one_id_wins),
        INDEX_TEST(test_a_file_is_known_by_its_source_whatever_it_is_called),
        INDEX_TEST(test_a_file_whose_id_is_taken_is_called_by_its_source),
        INDEX_TEST(test_an_id_that_was_given_up_is_free_again),
        INDEX_TEST(test_an_id_that_comes_very_often_costs_no_more_each_time),
        INDEX_TEST(test_has_source_compares_the_content),
        INDEX_TEST(test_deleting_by_id_and_by_source),
        INDEX_TEST(test_segments_without_live_documents_go),
        INDEX_TEST(test_only_the_current_tombstones_are_kept),
        INDEX_TEST(test_prune_deletes_what_is_gone_and_keeps_what_is_not_known_to_be),
        INDEX_TEST(test_prune_keeps_a_file_that_was_found_unchanged),
        INDEX_TEST(test_segments_are_finished_when_memory_is_used_up),
        INDEX_TEST(test_any_sequence_of_changes_ends_as_a_plain_table_would),
        INDEX_TEST(test_a_second_writer_is_refused),
        INDEX_TEST(test_a_folder_of_other_things_is_not_touched),
        INDEX_TEST(test_another_language_is_refused),
        INDEX_TEST(test_leftovers_of_a_dead_writer_are_removed),
        INDEX_TEST(test_a_writer_killed_at_any_time_leaves_a_published_generation),
        INDEX_TEST(test_readers_never_fail_while_a_writer_publishes),
        INDEX_TEST(test_a_missing_segment_is_damage),
        INDEX_TEST(test_a_full_disk_leaves_the_last_generation),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
