/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "corpus/file_document.h"

#include "corpus/body.h"
#include "corpus/date.h"
#include "corpus/file_date.h"
#include "corpus/line.h"
#include "corpus/metadata.h"
#include "corpus/notice.h"
#include "corpus/short_turn.h"
#include "corpus/unit_file.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unicode/utf8.h>

enum { TITLE_MAX = 200 };

const char *file_document_id(struct arena *arena, const char *path) {
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
    char *copy = id.failed ? NULL : arena_text(arena, (char *)id.data, id.size);
    bytes_free(&id);
    return copy;
}

int file_document_begin(struct document *document, const struct unit *unit, struct error *err) {
    document_reset(document);
    document->id = file_document_id(&document->arena, unit->path);
    document->source = unit->source;
    memcpy(document->content, unit->content, sizeof document->content);
    return document->id ? 0 : error_memory(err);
}

/* Headings and page titles that many documents share: they name a part, not the document. */
static bool is_general(const char *text, size_t size) {
    static const char *const names[] = {"table of contents",
                                        "contents",
                                        "agenda",
                                        "minutes",
                                        "notes",
                                        "meeting notes",
                                        "meeting minutes",
                                        "index",
                                        "summary",
                                        "untitled",
                                        "document",
                                        "home",
                                        "toc",
                                        "inhalt",
                                        "sommaire"};
    while (size && (text[size - 1] == ':' || text[size - 1] == ' '))
        size--;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == size && !strncasecmp(names[i], text, size))
            return true;
    return false;
}

static bool has_letters(const char *text, size_t size) {
    for (size_t i = 0; i < size; i++)
        if ((text[i] & 0x80) || (text[i] | 32) >= 'a')
            return true;
    return false;
}

/* "Page 1", "Page 1 of 20": what a program took for the title, or the running head of a page. */
static bool is_page_number(const char *text, size_t size) {
    struct line line = {.end = size};
    line_classify(text, &line);
    return line.class == LINE_PAGE_NUMBER && has_letters(text, size);
}

/* The first heading of the first level, else the first of any: one that is general only where there
 * is no other. */
static const struct passage *title_heading(const struct document *document) {
    const struct passage *best = NULL;
    unsigned best_score = 0;
    for (size_t i = 0; i < document->passage_count && best_score < 4; i++) {
        const struct passage *passage = &document->passages[i];
        size_t size;
        const char *text = passage_text(document, passage, &size);
        if (passage->kind != PASSAGE_HEADING || is_page_number(text, size))
            continue;
        unsigned score = (is_general(text, size) ? 0 : 2) + (passage->level == 1) + 1;
        if (score > best_score) {
            best = passage;
            best_score = score;
        }
    }
    return best;
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

/* Does `text` hold `part` and more, ASCII letters in either case? */
static bool holds(const char *text, size_t size, const char *part, size_t part_size) {
    for (size_t at = 0; size > part_size && at + part_size <= size; at++)
        if (!strncasecmp(text + at, part, part_size))
            return true;
    return false;
}

/* The heading behind the site's name, if headings of the first level open the page: first the one
 * that holds its title, the banner of the site, then that of the document. */
static const struct passage *heading_below_banner(const struct document *document) {
    bool banner = false;
    for (size_t i = 0; i < document->passage_count; i++) {
        const struct passage *passage = &document->passages[i];
        size_t size;
        const char *text = passage_text(document, passage, &size);
        if (passage->kind != PASSAGE_HEADING)
            return NULL;
        if (passage->level == 1 && banner)
            return passage;
        banner |= passage->level == 1 && size < TITLE_MAX &&
                  holds(text, size, document->title, strlen(document->title));
    }
    return NULL;
}

/* A page of minutes whose title has no number: the heading that says the day names it better. */
static const struct passage *dated_heading(const struct document *document) {
    const struct passage *heading = title_heading(document);
    size_t size;
    if (!heading || strpbrk(document->title, "0123456789"))
        return NULL;
    const char *text = passage_text(document, heading, &size);
    return date_find(text, size) % 100 ? heading : NULL;
}

int file_document_check_title(struct document *document, struct error *err) {
    if (!document->title)
        return 0;
    bool general = is_general(document->title, strlen(document->title));
    const struct passage *heading =
        general ? title_heading(document) : heading_below_banner(document);
    if (!heading)
        heading = dated_heading(document);
    return set_title(document, heading, err);
}

int file_document_title(struct document *document, struct error *err) {
    return set_title(document, title_heading(document), err);
}

/* "2016_minutes" of "notes/2016_minutes.md": where a text begins with a mere date or number, its
 * file's name says more. */
static int title_from_name(struct document *document, const char *path, struct error *err) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    size_t size = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    document->title = arena_text(&document->arena, name, size);
    return document->title ? 0 : error_memory(err);
}

/* The first passage, but for the number of its page, else the file's name. */
static int title_from_text(struct document *document, const char *path, struct error *err) {
    size_t size, i = 0;
    const char *text = passage_text(document, &document->passages[0], &size);
    if (is_page_number(text, size) && document->passage_count > 1)
        text = passage_text(document, &document->passages[++i], &size);
    return has_letters(text, size) ? set_title(document, &document->passages[i], err)
                                   : title_from_name(document, path, err);
}

static int complete_title(struct document *document, const char *path, struct error *err) {
    if (document->title && is_page_number(document->title, strlen(document->title)))
        document->title = NULL;
    int status = document->title ? 0 : file_document_title(document, err);
    if (status || document->title || !document->passage_count)
        return status;
    return title_from_text(document, path, err);
}

int file_document_describe(struct document *document, const struct unit *unit, const char *head,
                           size_t head_size, struct error *err) {
    if (!document->date)
        document->date = file_date(document, unit->path, head, head_size);
    if ((unit->file && metadata_apply(&unit->file->metadata, document)) || body_find(document))
        return error_memory(err);
    return 0;
}

int file_document_finish(struct document *document, const struct unit *unit,
                         const struct corpus_options *options, document_fn each, void *context,
                         uint64_t *skipped, struct error *err) {
    int status =
        document->text.failed ? error_memory(err) : complete_title(document, unit->path, err);
    if (!status)
        status = file_document_describe(document, unit, NULL, 0, err);
    if (status)
        return status;
    if (options->whole)
        document_join(document);
    short_turn_join(document, options->min_words);
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
