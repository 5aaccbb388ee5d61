/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/bytes.h"
#include "corpus/format.h"
#include "corpus/reader_formats.h"
#include "corpus/slice.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <zlib.h>

#include <cmocka.h>

#include "tests/unit/corpus/folder.h"

/* What came of reading some paths: units as "path format first last", documents as "id count". */
static struct {
    struct bytes units, documents, notices;
    uint64_t skipped_files, skipped_records, done, total, size;
    size_t sample;
    uint32_t date;
} seen;

static void note(void *context, const struct notice *notice) {
    (void)context;
    bytes_printf(&seen.notices, "%c %s:%llu: %s\n", "DWS"[notice->level], notice -> source,
                 (unsigned long long)notice -> line, notice -> text);
}

static int each(void *context, struct document *document) {
    (void)context;
    bytes_printf(&seen.documents, "%s %zu\n", document->id, document->passage_count);
    seen.sample = document->language_sample_size;
    seen.date = document->date;
    return 0;
}

static void read_unit(struct unit *unit, const struct corpus_options *given) {
    struct corpus_options options = *given;
    struct document document;
    document_init(&document);
    bytes_printf(&seen.units, "%s %s %d%d\n", unit->path, corpus_format_name(unit->format),
                 unit->first_slice, unit->last_slice);
    seen.size += unit->size;
    options.find = reader_find;
    assert_int_equal(unit_read(unit, &options, &document, each, NULL, &seen.skipped_records, NULL),
                     0);
    document_free(&document);
    unit_free(unit);
}

static void read_with(const char *const *paths, size_t count, struct corpus_options options) {
    struct corpus *corpus;
    struct unit *unit;
    struct error err = {.code = PLENARY_OK};
    bytes_reset(&seen.units);
    bytes_reset(&seen.documents);
    bytes_reset(&seen.notices);
    seen.skipped_records = seen.size = 0;
    options.notify = note;
    assert_int_equal(corpus_open(&corpus, paths, count, &options, &err), 0);
    uint64_t sequence = 0;
    int status;
    while ((status = corpus_next(corpus, &unit, &err)) > 0) {
        assert_int_equal(unit->sequence, sequence++);
        read_unit(unit, &options);
    }
    assert_int_equal(status, 0);
    corpus_progress(corpus, &seen.done, &seen.total);
    seen.skipped_files = corpus_skipped(corpus);
    corpus_close(corpus);
}

static void read_path(const char *path) {
    read_with(&path, 1, (struct corpus_options)CORPUS_OPTIONS_INIT);
}

static const char *documents(void) {
    return bytes_string(&seen.documents);
}
static const char *units(void) {
    return bytes_string(&seen.units);
}
static const char *notices(void) {
    return bytes_string(&seen.notices);
}

/* ---- Formats -----------------------------------------------------------------------------------
 */

static void formats_are_told_by_content_then_name(void **state) {
    (void)state;
    static const struct {
        const char *name, *text;
        enum corpus_format format;
    } cases[] = {
        {"a", "<!DOCTYPE HTML>\n<p>x", FORMAT_HTML},
        {"a.txt", "  <html><body>x", FORMAT_HTML},
        {"a", "\n{\"id\": 1}\n{\"id\": 2}\n", FORMAT_JSONL},
        {"a.jsonl", "broken\n", FORMAT_JSONL},
        {"a", "{not json\n", FORMAT_TEXT},
        {"a", "a1\tsome text\na2\tmore text\n", FORMAT_TSV},
        {"a.tsv", "x", FORMAT_TSV},
        {"a.tsv.gz", "x", FORMAT_TSV},
        {"a.txt", "10:00\tOpening\n10:30\tBudget\n", FORMAT_TEXT},
        {"a.md", "a1\tsome text\na2\tmore text\n", FORMAT_MARKDOWN},
        {"a.md", "plain", FORMAT_MARKDOWN},
        {"-", "# Title\n\n## Part\n\nText\n\n- [a](b)\n", FORMAT_MARKDOWN},
        {"a.txt", "# Title\n\n## Part\n\nText\n", FORMAT_TEXT},
        {"-", "Some words.\nAnd more.\n", FORMAT_TEXT},
        {"a.txt", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", FORMAT_CAPTIONS},
        {"a", "1\r\n00:00:01,000 --> 00:00:02,000\r\nx\r\n", FORMAT_CAPTIONS},
        {"a.srt", "1. Opening\n00:10 coffee\n", FORMAT_TEXT},
        {"a", "<?xml version='1.0'?>\n<minutes/>", FORMAT_XML},
        {"a.txt", "<akomaNtoso><debate/>", FORMAT_XML},
        {"a.xml", "<minutes>", FORMAT_XML},
        {"a", "<?xml version='1.0'?><!DOCTYPE html><html>", FORMAT_HTML},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum corpus_format format = format_detect(cases[i].name, (const uint8_t *)cases[i].text,
                                                  strlen(cases[i].text), true);
        if (format != cases[i].format)
            print_error("%s: \"%s\"\n", cases[i].name, cases[i].text);
        assert_string_equal(corpus_format_name(format), corpus_format_name(cases[i].format));
    }
}

static void some_formats_are_told_by_how_they_begin(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum corpus_format format;
    } cases[] = {
        {"{\\rtf1 x}", FORMAT_RTF},
        {"PK\3\4", FORMAT_ZIP},
        {"From: a@b\nSubject: s\nMessage-ID: <x>\n\nbody", FORMAT_MAIL},
        {"Received: from a\n by b\nFrom: a@b\nDate: d\n\n", FORMAT_MAIL},
        {"From: the chair\nTo: all\nDate: 5 May 2020\nSubject: pier\n\n", FORMAT_AUTO},
        {"From a@b Tue May  5 10:00:00 2020\nFrom: a@b\n\nx", FORMAT_MBOX},
        {"From 10:00 on 5 May 2020 the board sat.\nIt rose at noon.\n", FORMAT_AUTO},
        {"From the chair\n", FORMAT_AUTO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(corpus_format_name(format_of_magic((const uint8_t *)cases[i].text,
                                                               strlen(cases[i].text))),
                            corpus_format_name(cases[i].format));
}

static void format_names_come_back(void **state) {
    (void)state;
    for (int format = FORMAT_AUTO; format < FORMAT_ZIP; format++) {
        enum corpus_format back;
        assert_true(corpus_format_parse(corpus_format_name((enum corpus_format)format), &back));
        assert_int_equal(back, format);
    }
    enum corpus_format back = FORMAT_TSV;
    assert_false(corpus_format_parse("docm", &back));
    assert_int_equal(back, FORMAT_AUTO);
}

/* ---- Files -------------------------------------------------------------------------------------
 */

static void a_folder_is_read_file_by_file(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    folder_write("d/a.md", "# T\n\nText.\n");
    folder_write("d/b.txt", "Some text stands here.\n");
    folder_write("d/c.html", "<html><body><p>Text.");
    folder_write("d/e.tsv", "x\tone\n");
    read_path("d");
    assert_string_equal(units(), "d/a.md markdown 11\nd/b.txt text 11\nd/c.html html 11\n"
                                 "d/e.tsv tsv 11\n");
    assert_string_equal(documents(), "d/a.md 2\nd/b.txt 1\nd/c.html 1\nx 1\n");
    assert_int_equal(seen.skipped_files, 0);
    assert_int_equal(seen.done, seen.total);
    assert_int_equal(seen.total, 11 + 23 + 20 + 6);
}

static void what_cannot_be_read_is_named_counted_and_passed_over(void **state) {
    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    folder_write("d/a.gif", "GIF89a x");
    folder_write_bytes("d/b.dat", "\0\1\2\3\0\0\0\5", 8);
    folder_write("d/c.txt", "");
    folder_write("d/d.json", "{\n \"a\": 1\n}\n");
    folder_write("d/e.txt", "Some text.\n");
    const char *paths[] = {"missing", "d"};
    read_with(paths, 2, (struct corpus_options)CORPUS_OPTIONS_INIT);
    assert_string_equal(documents(), "d/e.txt 1\n");
    assert_int_equal(seen.skipped_files, 5);
    assert_non_null(strstr(notices(), "S missing:0: No such file"));
    assert_non_null(
        strstr(notices(), "S d/a.gif:0: the file is a GIF image, which cannot be read"));
    assert_non_null(strstr(notices(), "S d/b.dat:0: the file is binary"));
    assert_non_null(strstr(notices(), "W d/c.txt:0: the file is empty"));
    assert_non_null(strstr(notices(), "S d/d.json:0: the file is a JSON file"));
    assert_int_equal(seen.done, seen.total);
}

static void a_forced_format_is_obeyed(void **state) {
    (void)state;
    folder_write("a.md", "x\tone\ny\ttwo\n");
    const char *path = "a.md";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.format = FORMAT_TSV;
    read_with(&path, 1, options);
    assert_string_equal(documents(), "x 1\ny 1\n");
}

static void a_file_above_the_limit_is_skipped(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 20000; i++)
        bytes_add_string(&text, "Some text.\n");
    folder_write_bytes("a.txt", text.data, text.size);
    const char *path = "a.txt";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.max_file = text.size - 1;
    read_with(&path, 1, options);
    assert_string_equal(documents() ? documents() : "", "");
    assert_int_equal(seen.skipped_files, 1);
    options.max_file = text.size;
    read_with(&path, 1, options);
    assert_int_equal(seen.skipped_files, 0);
    assert_int_equal(seen.size, text.size);
    bytes_free(&text);
}

static void the_hash_depends_on_bytes_and_options(void **state) {
    (void)state;
    folder_write("a.txt", "One.\n");
    uint8_t hashes[3][16];
    const char *path = "a.txt";
    for (int i = 0; i < 3; i++) {
        struct corpus_options options = CORPUS_OPTIONS_INIT;
        struct corpus *corpus;
        struct unit *unit;
        options.whole = i == 2;
        assert_int_equal(corpus_open(&corpus, &path, 1, &options, NULL), 0);
        assert_int_equal(corpus_next(corpus, &unit, NULL), 1);
        memcpy(hashes[i], unit->content, 16);
        unit_free(unit);
        corpus_close(corpus);
    }
    assert_memory_equal(hashes[0], hashes[1], 16);
    assert_memory_not_equal(hashes[0], hashes[2], 16);
}

static void utf16_is_text_but_no_record(void **state) {
    (void)state;
    folder_write_bytes("a.tsv", "\xff\xfex\0\t\0y\0\n\0", 10);
    folder_write_bytes("b.txt", "\xff\xfeO\0n\0e\0.\0", 10);
    read_path(".");
    assert_string_equal(documents(), "b.txt 1\n");
    assert_int_equal(seen.skipped_files, 1);
    assert_non_null(strstr(notices(), "S a.tsv:0: records in UTF-16"));
}

static void broken_bytes_in_slices_are_told_once_a_file(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 30000; i++)
        bytes_printf(&text, "id%d\tThe delegation of \xFF spoke about the matter at length.\n", i);
    folder_write_bytes("a.tsv", text.data, text.size);
    bytes_free(&text);
    read_path("a.tsv");
    assert_string_equal(notices(), "W a.tsv:0: 30000 bytes that are not valid UTF-8 were replaced "
                                   "by U+FFFD\n");
}

/* ---- gzip --------------------------------------------------------------------------------------
 */

static void write_gzip(const char *path, const char *mode, const void *data, size_t size) {
    gzFile file = gzopen(path, mode);
    assert_non_null(file);
    assert_int_equal(gzwrite(file, data, (unsigned)size), size);
    assert_int_equal(gzclose(file), Z_OK);
}

static void gzip_is_undone_whatever_the_name(void **state) {
    (void)state;
    write_gzip("a.md.gz", "wb", "# T\n\nText.\n", 11);
    write_gzip("b", "wb", "x\tone\ny\ttwo\n", 12);
    const char *paths[] = {"a.md.gz", "b"};
    read_with(paths, 2, (struct corpus_options)CORPUS_OPTIONS_INIT);
    assert_string_equal(documents(), "a.md.gz 2\nx 1\ny 1\n");
    assert_int_equal(seen.done, seen.total);
}

/* A gzip file is small for what is in it, and a file can be as large as what is looked at first. */
static void files_of_any_size_are_read_to_their_end(void **state) {
    (void)state;
    static const size_t sizes[] = {511, 512, 513, 65535, 65536, 65537, 131072, 200000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes text = BYTES_INIT;
        while (text.size + 7 < sizes[i])
            bytes_add(&text, text.size % 70 == 63 ? "words.\n" : "words, ", 7);
        while (text.size < sizes[i])
            bytes_add_byte(&text, 'z');
        folder_write("a.txt", bytes_string(&text));
        write_gzip("b.txt.gz", "wb", text.data, text.size);
        for (int file = 0; file < 2; file++) {
            const char *path = file ? "b.txt.gz" : "a.txt";
            struct corpus_options options = CORPUS_OPTIONS_INIT;
            struct corpus *corpus;
            struct unit *unit;
            assert_int_equal(corpus_open(&corpus, &path, 1, &options, NULL), 0);
            assert_int_equal(corpus_next(corpus, &unit, NULL), 1);
            assert_int_equal(unit->size, text.size);
            assert_memory_equal(unit->data, text.data, text.size);
            unit_free(unit);
            assert_int_equal(corpus_next(corpus, &unit, NULL), 0);
            corpus_close(corpus);
        }
        bytes_free(&text);
    }
}

static void gzip_members_are_one_file(void **state) {
    (void)state;
    write_gzip("a.tsv.gz", "wb", "x\tone\ny\t", 8);
    write_gzip("a.tsv.gz", "ab", "two\n", 4);
    read_path("a.tsv.gz");
    assert_string_equal(documents(), "x 1\ny 1\n");
}

static void broken_gzip_is_a_notice(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    for (int i = 0; i < 50000; i++)
        bytes_printf(&text, "Sentence number %d of the record.\n", i * 7919 % 50021);
    write_gzip("a.gz", "wb", text.data, text.size);
    bytes_free(&text);
    struct stat info;
    assert_int_equal(stat("a.gz", &info), 0);
    assert_int_equal(truncate("a.gz", info.st_size / 2), 0);
    read_path("a.gz");
    assert_int_equal(seen.skipped_files, 1);
    assert_non_null(strstr(notices(), "S a.gz:0: a.gz: the gzip file is cut off"));
    static const char junk[] = "\x1f\x8b\x08\0\0\0\0\0\0\3 this is no deflate stream";
    folder_write_bytes("b.gz", junk, sizeof junk);
    read_path("b.gz");
    assert_int_equal(seen.skipped_files, 1);
    assert_non_null(strstr(notices(), "the gzip file is damaged"));
}

/* ---- Slices ------------------------------------------------------------------------------------
 */

static void write_records(const char *path, int documents_wanted, int passages, bool jsonl) {
    struct bytes text = BYTES_INIT;
    if (!jsonl)
        bytes_add_string(&text, "id\tdocument\ttext\n");
    for (int i = 0; i < documents_wanted; i++)
        for (int j = 0; j < passages; j++)
            bytes_printf(&text,
                         jsonl ? "{\"id\": \"%d:%d\", \"document\": \"D%d\", \"text\": \"Words "
                                 "that were said on this matter.\"}\n"
                               : "%d:%d\tD%d\tWords that were said on this matter, no more.\n",
                         i, j, i);
    folder_write_bytes(path, text.data, text.size);
    bytes_free(&text);
}

static void expect_documents(int count, int passages) {
    struct bytes expected = BYTES_INIT;
    for (int i = 0; i < count; i++)
        bytes_printf(&expected, "D%d %d\n", i, passages);
    assert_string_equal(documents(), bytes_string(&expected));
    bytes_free(&expected);
}

static void documents_are_never_in_two_slices(void **state) {
    (void)state;
    write_records("a.tsv", 150, 331, false);
    read_path("a.tsv");
    expect_documents(150, 331);
    assert_non_null(strstr(units(), "a.tsv tsv 10\na.tsv tsv 00\n"));
    assert_string_equal(strrchr(units(), ' '), " 01\n");
    write_records("a.jsonl", 50, 997, true);
    read_path("a.jsonl");
    expect_documents(50, 997);
    assert_non_null(strstr(units(), "a.jsonl jsonl 10\na.jsonl jsonl 00\n"));
}

static void a_document_larger_than_a_slice_stays_whole(void **state) {
    (void)state;
    write_records("a.tsv", 3, 60000, false);
    read_path("a.tsv");
    expect_documents(3, 60000);
}

static void all_slices_carry_the_language_sample(void **state) {
    (void)state;
    write_records("a.jsonl", 100, 400, true);
    read_path("a.jsonl");
    assert_int_equal(seen.sample, 64 * 1024);
}

static void lines_and_offsets_go_on_through_slices(void **state) {
    (void)state;
    write_records("a.tsv", 40000, 1, false);
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    struct corpus *corpus;
    struct unit *unit;
    const char *path = "a.tsv";
    uint64_t offset = 0, line = 1;
    assert_int_equal(corpus_open(&corpus, &path, 1, &options, NULL), 0);
    while (corpus_next(corpus, &unit, NULL) > 0) {
        assert_int_equal(unit->offset, offset);
        assert_int_equal(unit->line, line);
        assert_int_equal(unit->data[unit->size - 1], '\n');
        offset += unit->size;
        for (size_t i = 0; i < unit->size; i++)
            line += unit->data[i] == '\n';
        unit_free(unit);
    }
    assert_int_equal(line, 40002);
    corpus_close(corpus);
}

static void a_line_of_many_megabytes_is_passed_over(void **state) {
    (void)state;
    struct bytes text = BYTES_INIT;
    bytes_add_string(&text, "a\tone\nlong\t");
    for (int i = 0; i < 300000; i++)
        bytes_add_string(&text, "word after word ");
    bytes_add_string(&text, "\nb\ttwo\n");
    folder_write_bytes("a.tsv", text.data, text.size);
    bytes_free(&text);
    const char *path = "a.tsv";
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    options.max_line = 1000;
    read_with(&path, 1, options);
    assert_string_equal(documents(), "a 1\nb 1\n");
    assert_non_null(strstr(notices(), "S a.tsv:2: the line is longer"));
    assert_int_equal(seen.skipped_files + seen.skipped_records, 1);
}

/* Cutting at any place must not change what is read: random records, against one slice. */
static void slices_change_nothing(void **state) {
    (void)state;
    unsigned seed = (unsigned)time(NULL);
    print_message("seed %u\n", seed);
    srand(seed);
    struct bytes text = BYTES_INIT, expected = BYTES_INIT;
    int document = 0, passages = 0;
    while (text.size < 5u << 20) {
        if (rand() % 50 == 0 && passages) {
            bytes_printf(&expected, "D%d %d\n", document++, passages);
            passages = 0;
        }
        if (rand() % 100 == 0)
            bytes_add_string(&text, rand() % 2 ? "\n" : "broken\n");
        bytes_printf(&text, "{\"document\":\"D%d\",\"id\":\"%d\",\"text\":\"%0*d\"}\n", document,
                     passages++, 1 + rand() % 2000, 1);
    }
    bytes_printf(&expected, "D%d %d\n", document, passages);
    folder_write_bytes("a.jsonl", text.data, text.size);
    read_path("a.jsonl");
    assert_string_equal(documents(), bytes_string(&expected));
    bytes_free(&text);
    bytes_free(&expected);
}

/* ---- Streams and threads -----------------------------------------------------------------------
 */

static void standard_input_is_read_to_its_end(void **state) {
    (void)state;
    folder_write("in", "x\tone\ny\ttwo\n");
    int saved = dup(0), fd = open("in", O_RDONLY);
    assert_int_equal(dup2(fd, 0), 0);
    close(fd);
    read_path("-");
    assert_int_equal(dup2(saved, 0), 0);
    close(saved);
    assert_string_equal(units(), "- tsv 11\n");
    assert_string_equal(documents(), "x 1\ny 1\n");
    assert_int_equal(seen.total, 0);
}

static void *feed(void *path) {
    int fd = open(path, O_WRONLY);
    static const char *const pieces[] = {"# Ti", "tle\n\nSome", " text.\n"};
    for (int i = 0; i < 3; i++) {
        (void)!write(fd, pieces[i], strlen(pieces[i]));
        usleep(2000);
    }
    close(fd);
    return NULL;
}

static void a_named_fifo_is_read_to_its_end(void **state) {
    (void)state;
    static char path[] = "fifo.md";
    pthread_t thread;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&thread, NULL, feed, path), 0);
    read_path(path);
    pthread_join(thread, NULL);
    assert_string_equal(documents(), "fifo.md 2\n");
}

struct worker {
    struct unit *units[64];
    size_t count;
    uint64_t passages, skipped;
};

static int count_passages(void *context, struct document *document) {
    *(uint64_t *)context += document->passage_count;
    return 0;
}

static void *work(void *context) {
    struct worker *worker = context;
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    struct document document;
    document_init(&document);
    for (size_t i = 0; i < worker->count; i++) {
        unit_read(worker->units[i], &options, &document, count_passages, &worker->passages,
                  &worker->skipped, NULL);
        unit_free(worker->units[i]);
    }
    document_free(&document);
    return NULL;
}

static void units_can_be_read_and_freed_on_any_thread(void **state) {
    (void)state;
    write_records("a.tsv", 200, 300, false);
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    struct worker workers[2] = {{.count = 0}, {.count = 0}};
    struct corpus *corpus;
    struct unit *unit;
    const char *path = "a.tsv";
    assert_int_equal(corpus_open(&corpus, &path, 1, &options, NULL), 0);
    for (size_t i = 0; corpus_next(corpus, &unit, NULL) > 0; i++)
        workers[i % 2].units[workers[i % 2].count++] = unit;
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    corpus_close(corpus);
    assert_int_equal(workers[0].passages + workers[1].passages, 200 * 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(formats_are_told_by_content_then_name),
        TEST(some_formats_are_told_by_how_they_begin),
        TEST(format_names_come_back),
        TEST(a_folder_is_read_file_by_file),
        TEST(what_cannot_be_read_is_named_counted_and_passed_over),
        TEST(a_forced_format_is_obeyed),
        TEST(a_file_above_the_limit_is_skipped),
        TEST(the_hash_depends_on_bytes_and_options),
        TEST(utf16_is_text_but_no_record),
        TEST(broken_bytes_in_slices_are_told_once_a_file),
        TEST(gzip_is_undone_whatever_the_name),
        TEST(files_of_any_size_are_read_to_their_end),
        TEST(gzip_members_are_one_file),
        TEST(broken_gzip_is_a_notice),
        TEST(documents_are_never_in_two_slices),
        TEST(a_document_larger_than_a_slice_stays_whole),
        TEST(all_slices_carry_the_language_sample),
        TEST(lines_and_offsets_go_on_through_slices),
        TEST(a_line_of_many_megabytes_is_passed_over),
        TEST(slices_change_nothing),
        TEST(standard_input_is_read_to_its_end),
        TEST(a_named_fifo_is_read_to_its_end),
        TEST(units_can_be_read_and_freed_on_any_thread),
    };
    int failed = cmocka_run_group_tests_name("reader", tests, NULL, NULL);
    bytes_free(&seen.units);
    bytes_free(&seen.documents);
    bytes_free(&seen.notices);
    return failed;
}
