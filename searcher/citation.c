/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "searcher/citation.h"

#include "corpus/date.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define BETWEEN " · "
#define HEADINGS_BETWEEN " > "

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

/* A date from a file may be nonsense: what lies outside the calendar counts as unknown. */
static unsigned date_month(uint32_t date) {
    unsigned month = date / 100 % 100;
    return month >= 1 && month <= 12 ? month : 0;
}

static unsigned date_day(uint32_t date) {
    unsigned day = date % 100;
    return date_month(date) && day >= 1 && day <= 31 ? day : 0;
}

void citation_date(struct bytes *out, uint32_t date) {
    if (!date)
        return;
    if (date_day(date))
        bytes_printf(out, "%u ", date_day(date));
    if (date_month(date))
        bytes_printf(out, "%s ", month_names[date_month(date) - 1]);
    bytes_printf(out, "%" PRIu32, date / 10000);
}

void citation_iso_date(struct bytes *out, uint32_t date) {
    if (!date)
        return;
    bytes_printf(out, "%04" PRIu32, date / 10000);
    if (date_month(date))
        bytes_printf(out, "-%02u", date_month(date));
    if (date_day(date))
        bytes_printf(out, "-%02u", date_day(date));
}

const char *citation_title(const struct document_row *document) {
    if (document->title && *document->title)
        return document->title;
    return document->id ? document->id : "";
}

/* The number stands in the text by itself, not within a longer one. */
static bool has_number(const char *text, const char *number) {
    size_t size = strlen(number);
    for (const char *at = text; (at = strstr(at, number)); at++) {
        bool starts = at == text || at[-1] < '0' || at[-1] > '9';
        if (starts && (at[size] < '0' || at[size] > '9'))
            return true;
    }
    return false;
}

bool citation_title_has_date(const struct document_row *document) {
    const char *title = citation_title(document);
    if (!document->date)
        return false;
    if (date_find(title, strlen(title)) == document->date)
        return true;
    char year[16];
    snprintf(year, sizeof year, "%" PRIu32, document->date / 10000);
    return !date_month(document->date) && has_number(title, year);
}

/* A bullet tells the reader nothing; a number or a letter does. */
static bool label_is_telling(const char *label) {
    size_t size = label ? strlen(label) : 0;
    for (size_t i = 0; i < size;) {
        UChar32 code;
        U8_NEXT(label, i, size, code);
        if (code >= 0 && u_isalnum(code))
            return true;
    }
    return false;
}

void citation_paragraph(struct bytes *out, const struct passage_row *passage) {
    if (!passage->number)
        return;
    bytes_printf(out, "¶ %" PRIu32, passage->number);
    if (label_is_telling(passage->label))
        bytes_printf(out, " “%s”", passage->label);
}

/* Titles are often the first heading with a place or date behind it. */
static bool title_begins_with(const char *title, const char *heading, size_t size) {
    if (!title || strncmp(title, heading, size) != 0)
        return false;
    unsigned char next = (unsigned char)title[size];
    return next < 0x80 && !u_isalnum(next);
}

const char *citation_section(const struct document_row *document,
                             const struct passage_row *passage) {
    const char *heading = passage->heading;
    if (!heading || !*heading)
        return NULL;
    const char *between = strstr(heading, HEADINGS_BETWEEN);
    size_t size = between ? (size_t)(between - heading) : strlen(heading);
    if (!title_begins_with(document->title, heading, size))
        return heading;
    return between ? between + strlen(HEADINGS_BETWEEN) : NULL;
}

/* A separator, unless nothing stands before it since `start`. */
static void add_between(struct bytes *out, size_t start) {
    if (out->size > start)
        bytes_add_string(out, BETWEEN);
}

static void add_part(struct bytes *out, size_t start, const char *part) {
    if (!part || !*part)
        return;
    add_between(out, start);
    bytes_add_string(out, part);
}

static void add_place(struct bytes *out, size_t start, const struct document_row *document,
                      const struct passage_row *passage) {
    add_part(out, start, citation_section(document, passage));
    if (passage->number) {
        add_between(out, start);
        citation_paragraph(out, passage);
    }
    add_part(out, start, passage->speaker);
    if (passage->page) {
        add_between(out, start);
        bytes_printf(out, "p. %" PRIu32, passage->page);
    }
}

void citation_place(struct bytes *out, const struct document_row *document,
                    const struct passage_row *passage) {
    add_place(out, out->size, document, passage);
}

void citation_write(struct bytes *out, const struct document_row *document,
                    const struct passage_row *passage) {
    size_t start = out->size;
    add_part(out, start, citation_title(document));
    if (document->date && !citation_title_has_date(document)) {
        add_between(out, start);
        citation_date(out, document->date);
    }
    if (document->body && !strstr(citation_title(document), document->body))
        add_part(out, start, document->body);
    add_place(out, start, document, passage);
}

void citation_passage_id(struct bytes *out, const struct document_row *document,
                         const struct passage_row *passage, uint32_t ordinal) {
    if (passage->id && *passage->id) {
        bytes_add_string(out, passage->id);
        return;
    }
    bytes_add_string(out, document->id ? document->id : "");
    if (passage->number)
        bytes_printf(out, "#%" PRIu32, passage->number);
    else
        bytes_printf(out, "#h%" PRIu32, ordinal - document->first_passage + 1);
}

/* The part of `path` below `folder`, or all of it. */
static const char *path_below(const char *path, const char *folder) {
    size_t size = folder ? strlen(folder) : 0;
    while (size && folder[size - 1] == '/')
        size--;
    if (!size || strncmp(path, folder, size) != 0 || path[size] != '/' || !path[size + 1])
        return path;
    return path + size + 1;
}

void citation_source(struct bytes *out, const struct document_row *document,
                     const struct passage_row *passage, const char *folder) {
    if (!document->source || !*document->source)
        return;
    bool from_pipe = strcmp(document->source, "-") == 0;
    bytes_add_string(out, from_pipe ? "(standard input)" : path_below(document->source, folder));
    if (!passage->line_begin)
        return;
    bytes_printf(out, ":%" PRIu64, passage->line_begin);
    if (passage->line_end > passage->line_begin)
        bytes_printf(out, "-%" PRIu64, passage->line_end);
}
