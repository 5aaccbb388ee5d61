/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Helpers for tests of readers: a unit from a string, its documents written down one a block. */
#ifndef PLENARY_TESTS_UNIT_CORPUS_READING_H
#define PLENARY_TESTS_UNIT_CORPUS_READING_H

#include "corpus/reader_formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct reading {
    struct document document; /* as it was last seen; valid until reading_free */
    uint64_t documents, skipped;
    struct bytes log;     /* "# id\n" a document, "kind: text\n" a passage */
    struct bytes notices; /* "S path:line: text\n"; D, W or S */
    int stop;             /* to return from the callback */
};

static void reading_note(void *context, const struct notice *notice) {
    struct reading *reading = context;
    bytes_printf(&reading->notices, "%c %s:%llu: %s\n", "DWS"[notice->level], notice -> source,
                 (unsigned long long)notice -> line, notice -> text);
}

static int reading_each(void *context, struct document *document) {
    struct reading *reading = context;
    reading->documents++;
    bytes_printf(&reading->log, "# %s\n", document->id);
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        bytes_printf(&reading->log, "%s: %.*s\n", passage_kind_name(passage->kind),
                     (int)(passage->text_end - passage->text_begin),
                     (const char *)document->text.data + passage->text_begin);
    }
    return reading->stop;
}

/* Read `size` bytes as one unit named `path`; the status of unit_read. */
static inline int reading_run(struct reading *reading, enum corpus_format format, const char *path,
                              const char *text, size_t size, struct corpus_options options) {
    *reading = (struct reading){.stop = 0};
    document_init(&reading->document);
    options.notify = reading_note;
    options.find = reader_find;
    options.context = reading;
    struct unit unit = {.path = path,
                        .source = path,
                        .format = format,
                        .data = (const uint8_t *)text,
                        .size = size,
                        .line = 1,
                        .first_slice = true,
                        .last_slice = true};
    struct error err = {.code = PLENARY_OK};
    return unit_read(&unit, &options, &reading->document, reading_each, reading, &reading->skipped,
                     &err);
}

static inline void reading_string(struct reading *reading, enum corpus_format format,
                                  const char *path, const char *text) {
    struct corpus_options options = CORPUS_OPTIONS_INIT;
    assert_int_equal(reading_run(reading, format, path, text, strlen(text), options), 0);
}

static inline const char *reading_log(struct reading *reading) {
    return bytes_string(&reading->log);
}

static inline const char *reading_notices(struct reading *reading) {
    return bytes_string(&reading->notices);
}

static inline const struct passage *reading_passage(const struct reading *reading, size_t i) {
    assert_true(i < reading->document.passage_count);
    return &reading->document.passages[i];
}

static inline void reading_free(struct reading *reading) {
    document_free(&reading->document);
    bytes_free(&reading->log);
    bytes_free(&reading->notices);
}

#endif
