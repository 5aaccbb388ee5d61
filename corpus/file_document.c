/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/file_document.h"

#include "corpus/date.h"
#include "corpus/notice.h"

#include <inttypes.h>
#include <string.h>
#include <unicode/utf8.h>

enum { TITLE_MAX = 200, DATE_TEXT = 4096, DATE_HEADINGS = 4 };

/* A file name need not be UTF-8; a document's id is. */
static const char *id_of_path(struct document *document, const char *path) {
    struct bytes id = BYTES_INIT;
    const uint8_t *bytes = (const uint8_t *)path;
    for (size_t at = 0, size = strlen(path); at < size;) {
        size_t begin = at;
        UChar32 point;
        U8_NEXT(bytes, at, size, point);
        if (point < 0)
            bytes_add_string(&id, "\xEF\xBF\xBD");
        else
            bytes_add(&id, bytes + begin, at - begin);
    }
    char *copy = id.failed ? NULL : arena_text(&document->arena, (char *)id.data, id.size);
    bytes_free(&id);
    return copy;
}

int file_document_begin(struct document *document, const struct unit *unit, struct error *err) {
    document_reset(document);
    document->id = id_of_path(document, unit->path);
    document->source = unit->source;
    memcpy(document->content, unit->content, sizeof document->content);
    return document->id ? 0 : error_memory(err);
}

static const char *passage_text(const struct document *document, const struct passage *passage,
                                size_t *size) {
    *size = passage->text_end - passage->text_begin;
    return (const char *)document->text.data + passage->text_begin;
}

static const struct passage *title_heading(const struct document *document) {
    const struct passage *found = NULL;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        if (passage->kind != PASSAGE_HEADING)
            continue;
        if (passage->level == 1)
            return passage;
        if (!found)
            found = passage;
    }
    return found;
}

/* The start of a text, cut at a word. */
static size_t title_size(const char *text, size_t size) {
    if (size <= TITLE_MAX)
        return size;
    size_t cut = TITLE_MAX;
    while (cut > TITLE_MAX / 2 && text[cut] != ' ')
        cut--;
    while (cut && (text[cut] & 0xC0) == 0x80)
        cut--;
    return cut;
}

static int set_title(struct document *document, const struct passage *passage, struct error *err) {
    size_t size;
    if (!passage)
        return 0;
    const char *text = passage_text(document, passage, &size);
    document->title = arena_text(&document->arena, text, title_size(text, size));
    return document->title ? 0 : error_memory(err);
}

int file_document_title(struct document *document, struct error *err) {
    return set_title(document, title_heading(document), err);
}

static int complete_title(struct document *document, struct error *err) {
    int status = document->title ? 0 : file_document_title(document, err);
    return status || document->title || !document->passage_count
               ? status
               : set_title(document, &document->passages[0], err);
}

static bool is_full(uint32_t date) {
    return date % 100 != 0;
}

/* Of two dates, that which says the day; the earlier found of equals. */
static uint32_t better(uint32_t date, uint32_t other) {
    return is_full(date) || (date && !is_full(other)) ? date : other;
}

static uint32_t find_date(const struct document *document, const struct unit *unit) {
    uint32_t date = document->title ? date_find(document->title, strlen(document->title)) : 0;
    unsigned headings = 0;
    for (size_t i = 0; i < document->passage_count && headings < DATE_HEADINGS; i++) {
        size_t size;
        const char *text = passage_text(document, &document->passages[i], &size);
        if (document->passages[i].kind != PASSAGE_HEADING)
            continue;
        headings++;
        if (!is_full(date))
            date = better(date, date_find(text, size));
    }
    if (!is_full(date))
        date = better(date, date_from_name(unit->path));
    size_t size = document->text.size < DATE_TEXT ? document->text.size : DATE_TEXT;
    if (!is_full(date) && size)
        date = better(date, date_find((const char *)document->text.data, size));
    return date;
}

int file_document_finish(struct document *document, const struct unit *unit,
                         const struct corpus_options *options, document_fn each, void *context,
                         uint64_t *skipped, struct error *err) {
    int status = document->text.failed ? error_memory(err) : complete_title(document, err);
    if (status)
        return status;
    if (!document->date)
        document->date = find_date(document, unit);
    if (options->whole)
        document_join(document);
    if (document_finish(document))
        return error_memory(err);
    if (!document->passage_count) {
        ++*skipped;
        notice_send(options, NOTICE_SKIPPED, unit->path, 0, "the file has no readable text");
        return 0;
    }
    if (document->replaced_bytes)
        notice_send(options, NOTICE_WARNING, unit->path, 0,
                    "%" PRIu64 " bytes that are not valid in its encoding were replaced by U+FFFD",
                    document->replaced_bytes);
    return each(context, document);
}
